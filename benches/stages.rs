//! The way of a log to the store, stage by stage: each row does what the one before does and one thing more.
//!
//! Prints multiples of what counting newlines costs, for only those mean anything on a shared machine. Every round
//! takes all stages in turn, and the best of each counts. Reads the log that `RUNWATCH_BENCH_LOG` names, or a generated
//! one of a million events of 100,000 runs.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::env;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufWriter, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use runwatch::args::Gen;
use runwatch::commands::read::fold_log;
use runwatch::commands::sample;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::batch::Decoder;
use runwatch::engine::fold;
use runwatch::source::origin::Origin;
use runwatch::source::read_once::read_once;
use runwatch::store::Rules;

const ROUNDS: usize = 5;

/// Stage that the others are multiples of.
const FLOOR: &str = "count newlines";

type Stage = (&'static str, fn(&Path) -> u64);

const STAGES: &[Stage] = &[
    ("read", read),
    (FLOOR, count),
    ("lines", lines),
    ("lines, events", events),
    ("lines, events, runs: one thread", runs),
    ("the same on two: reader, folder", pair),
    ("the same as `stats` does it", stats),
];

fn main() -> io::Result<()> {
    let made = tempfile::NamedTempFile::new()?;
    let path = match env::var_os("RUNWATCH_BENCH_LOG") {
        Some(path) => PathBuf::from(path),
        None => {
            let plan = Gen {
                events: 1_000_000,
                runs: Some(100_000),
                vocabulary: Vocabulary::Aq01,
                seed: 1,
                scattered: false,
            };
            sample::write(&plan, &mut BufWriter::new(made.as_file()))?;
            made.path().to_owned()
        }
    };
    let n_events = count(&path);
    // The floor is always measured; of the others those that are asked for, or all.
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(&**word));
    let mut best = [Duration::MAX; STAGES.len()];
    for _ in 0..ROUNDS {
        for ((name, stage), best) in STAGES.iter().zip(&mut best) {
            if *name != FLOOR && !is_wanted(name) {
                continue;
            }
            let start = Instant::now();
            black_box(stage(&path));
            *best = start.elapsed().min(*best);
        }
    }
    let floor = best[STAGES.iter().position(|(name, _)| *name == FLOOR).unwrap_or(0)].as_secs_f64();
    println!("{n_events} events, {:.1} MB", std::fs::metadata(&path)?.len() as f64 / 1e6);
    println!("{:<34} {:>6} {:>9} {:>8}", "stage", "x", "ns/event", "M/s");
    for ((name, _), best) in STAGES.iter().zip(best).filter(|(_, best)| *best < Duration::MAX) {
        let (seconds, events) = (best.as_secs_f64(), n_events as f64);
        let (multiple, each, rate) = (seconds / floor, seconds * 1e9 / events, events / seconds / 1e6);
        println!("{name:<34} {multiple:>6.2} {each:>9.1} {rate:>8.2}");
    }
    Ok(())
}

fn through(path: &Path, mut sink: impl FnMut(&[u8])) {
    let mut file = File::open(path).expect("the log is there");
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer).expect("it can be read") {
            0 => return,
            n => sink(&buffer[..n]),
        }
    }
}

fn read(path: &Path) -> u64 {
    let mut sum = 0;
    through(path, |bytes| sum += bytes.len() as u64);
    sum
}

fn count(path: &Path) -> u64 {
    let mut sum = 0;
    through(path, |bytes| sum += memchr::memchr_iter(b'\n', bytes).count() as u64);
    sum
}

fn lines(path: &Path) -> u64 {
    let mut sum = 0;
    read_once(&source(path), runwatch::engine::options(), |block| sum += block.lines().count() as u64)
        .expect("it is a log");
    sum
}

fn events(path: &Path) -> u64 {
    let (mut sum, mut decoder) = (0, Decoder::default());
    read_once(&source(path), runwatch::engine::options(), |block| {
        sum += decoder.decode(block).content().len() as u64;
    })
    .expect("it is a log");
    sum
}

fn runs(path: &Path) -> u64 {
    let (mut store, mut decoder) = (actionqueue::store(Rules::Lenient), Decoder::default());
    read_once(&source(path), runwatch::engine::options(), |block| {
        fold::batch(&mut store, &decoder.decode(block));
    })
    .expect("it is a log");
    store.tally().applied
}

/// As the dashboard does it, without a screen.
fn pair(path: &Path) -> u64 {
    let (send, batches) = sync_channel(4);
    let source = source(path);
    let reader = thread::spawn(move || {
        let mut decoder = Decoder::default();
        read_once(&source, runwatch::engine::options(), |block| {
            let _ = send.send(decoder.decode(block));
        })
    });
    let mut store = actionqueue::store(Rules::Lenient);
    batches.iter().for_each(|batch| fold::batch(&mut store, &batch));
    reader.join().expect("it does not panic").expect("it is a log");
    store.tally().applied
}

fn stats(path: &Path) -> u64 {
    fold_log(&source(path), runwatch::engine::store(Rules::Lenient), |_| Ok(()))
        .expect("it is a log")
        .0
        .tally()
        .applied
}

fn source(path: &Path) -> Origin {
    Origin::Path(path.to_owned())
}
