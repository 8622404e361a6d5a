//! What the past costs: to keep, in memory, and to go to, in time.
//!
//! `RUNWATCH_BENCH_LOG` names a log to read instead of a generated one of a million events of 100,000 runs. Goals are
//! chosen at random by one seed, so that two builds go the same ways.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use runwatch::commands::generate::{self, Plan};
use runwatch::history::{Goal, History, Keep};
use runwatch::log::archive::Archive;
use runwatch::log::decode::batch::Decoder;
use runwatch::log::lines::Limits;
use runwatch::log::once::Once;
use runwatch::log::source::Source;
use runwatch::model::event::Vocabulary;
use runwatch::store::Rules;

/// Instants that are gone to.
const GOALS: usize = 200;
/// Steps in a row, in each direction.
const STEPS: u64 = 2000;

/// What a frame may wait.
const FRAME: Duration = Duration::from_millis(16);

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(log) = env::var_os("RUNWATCH_BENCH_KEEP") {
        let keep = if env::var_os("RUNWATCH_BENCH_NOTHING").is_some() {
            Keep::Nothing
        } else {
            Keep::Lines(u64::MAX)
        };
        let (history, took) = read(Path::new(&log), keep)?;
        println!("{} {} {}", history.edge(), most_resident()?, took.as_millis());
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    let log = match env::var_os("RUNWATCH_BENCH_LOG") {
        Some(path) => PathBuf::from(path),
        None => {
            let path = dir.path().join("log");
            let plan = Plan {
                events: 1_000_000,
                runs: 100_000,
                vocabulary: Vocabulary::Aq01,
                seed: 1,
                scattered: false,
            };
            generate::write(&plan, &mut BufWriter::new(File::create(&path)?))?;
            path
        }
    };
    memory(&log)?;
    travel(&log)
}

fn row(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<58} {figure:>24}");
}

/// Reads and folds the whole log on one thread.
fn read(log: &Path, keep: Keep) -> Result<(History, Duration), Box<dyn Error>> {
    let mut history = History::new(Rules::Lenient, keep);
    let mut once = Once::open(&Source::Path(log.to_owned()), Limits::default())?;
    let mut decoder = Decoder::default();
    let start = Instant::now();
    while let Some(block) = once.read()? {
        history.fold(&decoder.decode(block));
    }
    Ok((history, start.elapsed()))
}

/// What the past takes over what the store needs, each in a process of its own.
fn memory(log: &Path) -> Result<(), Box<dyn Error>> {
    let mut found = Vec::new();
    for without in [true, false] {
        let mut command = Command::new(env::current_exe()?);
        command.env("RUNWATCH_BENCH_KEEP", log);
        if without {
            command.env("RUNWATCH_BENCH_NOTHING", "1");
        }
        let text = String::from_utf8(command.output()?.stdout)?;
        let figures: Result<Vec<u64>, _> = text.split_whitespace().map(str::parse).collect();
        found.push(figures?);
    }
    let (nothing, everything) = (&found[0], &found[1]);
    let each = (everything[1] as f64 - nothing[1] as f64) / everything[0] as f64;
    row("events", everything[0]);
    row(
        "memory without the past, with it",
        format!("{} / {} MB", nothing[1] / 1_000_000, everything[1] / 1_000_000),
    );
    row("bytes an event for the past", format!("{each:.1}"));
    row(
        "reading and folding on one thread, without and with it",
        format!("{} / {} ms", nothing[2], everything[2]),
    );
    Ok(())
}

/// Going to instants at random, steps, and going from end to end piece by piece.
fn travel(log: &Path) -> Result<(), Box<dyn Error>> {
    let (mut history, _) = read(log, Keep::Lines(u64::MAX))?;
    let mut archive = Archive::default();
    archive.keep(0, &Arc::new(File::open(log)?));
    let edge = history.edge();
    fastrand::seed(1);

    let mut seeks = Vec::new();
    let mut pieces = Vec::new();
    for _ in 0..GOALS {
        let goal = Goal::Position(fastrand::u64(0..=edge));
        let start = Instant::now();
        loop {
            let piece = Instant::now();
            let there = history.seek(goal, &archive)?;
            pieces.push(piece.elapsed());
            if there {
                break;
            }
        }
        seeks.push(start.elapsed());
    }
    row("going to an instant (p50 / p99 / max)", spread(&mut seeks));
    let over = pieces.iter().filter(|piece| **piece > FRAME).count();
    row("its pieces, for which a frame waits (p50 / p99 / max)", spread(&mut pieces));
    row("pieces that are longer than a frame", format!("{over} of {}", pieces.len()));

    for (name, back) in [("back", true), ("forward", false)] {
        let mut steps = Vec::new();
        history.go(Goal::Position(edge / 2 + 777), &archive)?;
        for _ in 0..STEPS {
            let to = if back { history.position() - 1 } else { history.position() + 1 };
            let start = Instant::now();
            history.go(Goal::Position(to), &archive)?;
            steps.push(start.elapsed());
        }
        row(&format!("a step {name} (p50 / p99 / max of {STEPS})"), spread(&mut steps));
    }

    for (name, to) in [("start", 0), ("end", edge)] {
        let (start, mut pieces) = (Instant::now(), Vec::new());
        loop {
            let piece = Instant::now();
            let there = history.seek(Goal::Position(to), &archive)?;
            pieces.push(piece.elapsed());
            if there {
                break;
            }
        }
        let whole = format!("{:.0?}, {} pieces", start.elapsed(), pieces.len());
        row(
            &format!("to the {name}, and its longest piece"),
            format!("{whole}, {:.1?}", pieces.iter().max().copied().unwrap_or_default()),
        );
    }
    Ok(())
}

fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    format!("{:.2?} / {:.2?} / {:.2?}", at(50), at(99), at(100))
}

/// The most memory that this process has had in use, in bytes.
fn most_resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse::<u64>()? * 1024)
}
