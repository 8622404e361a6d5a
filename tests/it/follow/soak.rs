//! Many rotations under a writer at full speed, through the thread and its channel.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runwatch::engine::feed::Feed;
use runwatch::source::archive::Archive;
use runwatch::source::delivery::{Delivery, SourceNotice};
use runwatch::source::line::Raw;
use runwatch::source::origin::Origin;
use runwatch::source::reread::Reread as _;
use serde_json::Value;

const DEADLINE: Duration = Duration::from_secs(60);

/// Files below `dir` that this process holds, by the names that they had.
fn held(dir: &Path) -> usize {
    let open = fs::read_dir("/proc/self/fd").unwrap().flatten();
    open.filter(|entry| fs::read_link(entry.path()).is_ok_and(|target| target.starts_with(dir))).count()
}

/// The watches of all watchers of this process.
fn watches() -> usize {
    let all = fs::read_dir("/proc/self/fdinfo").unwrap().flatten();
    let texts = all.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    texts.map(|text| text.lines().filter(|line| line.starts_with("inotify wd:")).count()).sum()
}

/// Rotates so often; gives the most files that were held, and the most watches.
fn rotate(rotations: u32, lines: u32, kept: u32) -> (usize, usize) {
    let place = tempfile::tempdir().unwrap();
    let dir = fs::canonicalize(place.path()).unwrap();
    let path = |name: &str| dir.join(name);
    let writer = || File::options().create(true).append(true).open(path("log")).unwrap();
    drop(writer());
    let mut feed = Feed::open(
        &Origin::Path(path("log")),
        runwatch::engine::options(),
        &runwatch::engine::Given::Nothing,
    )
    .unwrap();
    let mut archive = Archive::new(runwatch::engine::options().framing);
    let (is_over, total) = (AtomicBool::new(false), rotations * lines);
    let mut seen = BTreeSet::new();
    let (mut most_held, mut most_watches, mut n_rotated) = (0, 0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            for round in 0..rotations {
                let mut log = std::io::BufWriter::new(writer());
                for _ in 0..lines {
                    writeln!(log, "{number}").unwrap();
                    number += 1;
                }
                log.flush().unwrap();
                if round + 1 == rotations {
                    break;
                }
                // The oldest are deleted, as by logrotate; few enough in a second that none is gone before it
                // is seen.
                for age in (1..kept).rev().filter(|age| path(&format!("log.{age}")).exists()) {
                    fs::rename(path(&format!("log.{age}")), path(&format!("log.{}", age + 1))).unwrap();
                }
                fs::rename(path("log"), path("log.1")).unwrap();
                drop(writer());
            }
            is_over.store(true, Ordering::SeqCst);
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            while (seen.len() as u32) < total {
                let came = tokio::time::timeout(DEADLINE, feed.recv()).await;
                let Ok(Some(delivery)) = came else { panic!("{came:?} after {} lines", seen.len()) };
                match delivery {
                    Delivery::Block(batch) => {
                        for line in batch.block().lines() {
                            let Raw::Whole(text) = line.text else { panic!("{line:?}") };
                            let number: u32 = std::str::from_utf8(text).unwrap().parse().unwrap();
                            assert!(seen.insert(number), "{number} came twice");
                        }
                    }
                    Delivery::Notice(notice) => {
                        archive.note(&notice);
                        n_rotated += u32::from(matches!(notice, SourceNotice::Rotated { .. }));
                        assert!(!notice.is_warning(), "{notice}");
                    }
                    Delivery::Status(_) => (),
                }
                most_held = most_held.max(held(&dir));
                most_watches = most_watches.max(watches());
            }
        });
    });
    assert!(is_over.load(Ordering::SeqCst) && n_rotated > 0);
    assert_eq!((seen.first(), seen.last()), (Some(&0), Some(&(total - 1))));
    (most_held, most_watches)
}

/// Maximum number of files held: eight generations for late writers, seventeen that are read next, eight to
/// look back, most of them the same, and for a moment one that is looked at.
const MOST_HELD: usize = 40;

/// Catches: a descriptor, or a watch, that stays for each rotation.
#[test]
fn rotations_leave_no_descriptor_and_no_watch_behind() {
    let (held, watches) = rotate(150, 50, 1000);
    assert!(held <= MOST_HELD, "{held} files are held");
    // Two of this test; others run beside it.
    assert!(watches < 30, "{watches} watches");
}

/// Catches: the same after many rotations of files that take a while to be read.
#[test]
#[ignore = "takes a minute: cargo test --test it -- --ignored soak"]
fn soak_of_many_rotations_under_a_writer_at_full_speed() {
    let (held, watches) = rotate(500, 20_000, 1000);
    assert!(held <= MOST_HELD && watches < 8, "{held} files, {watches} watches");
}

/// Returns the resources of a process: resident memory in kB, and descriptors.
fn taken(pid: u32) -> Option<(u64, usize)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count();
    Some((resident.trim().trim_end_matches(" kB").parse().ok()?, descriptors))
}

/// The life of a run from its creation to its end, as a generator tells it, to be told of others.
struct Life {
    /// Texts between ids and sequences.
    texts: Vec<String>,
    /// And those: the digits of an id, or the place of a line in the life.
    between: Vec<Result<String, u64>>,
}

impl Life {
    fn of(log: &str) -> Self {
        let pattern = regex::Regex::new(r#"("sequence":)(\d+)|[0-9a-f-]{36}"#).unwrap();
        let (mut texts, mut between, mut end) = (Vec::new(), Vec::new(), 0);
        for found in pattern.captures_iter(log) {
            let (whole, label) = (found.get(0).unwrap(), found.get(1).map_or("", |label| label.as_str()));
            texts.push(format!("{}{label}", &log[end..whole.start()]));
            between.push(match found.get(2) {
                Some(sequence) => Err(sequence.as_str().parse().unwrap()),
                None => Ok(whole.as_str().to_owned()),
            });
            end = whole.end();
        }
        texts.push(log[end..].to_owned());
        Self { texts, between }
    }

    fn write(&self, number: u64, out: &mut impl std::io::Write) {
        for (text, between) in self.texts.iter().zip(&self.between) {
            out.write_all(text.as_bytes()).unwrap();
            match between {
                Ok(id) => write!(out, "{number:08x}{}", &id[8..]).unwrap(),
                Err(place) => write!(out, "{}", number * 10 + place).unwrap(),
            }
        }
        out.write_all(self.texts.last().unwrap().as_bytes()).unwrap();
    }
}

/// Catches: anything that is kept of each run, line or block, however little of it; and a count that is lost with a run.
#[test]
#[ignore = "takes a quarter of an hour: cargo test --release --test it -- --ignored day"]
fn a_day_of_ten_thousand_events_a_second_takes_no_more_than_its_first_hours() {
    const MEMORY: u64 = 500 << 20;
    let n_events = std::env::var("RUNWATCH_SOAK_EVENTS").map_or(864_000_000, |n| n.parse().unwrap());
    let program = || Command::new(env!("CARGO_BIN_EXE_runwatch"));
    let life =
        Command::output(program().args(["gen", "--events", "10", "--runs", "1", "--seed", "1"])).unwrap();
    let life = Life::of(std::str::from_utf8(&life.stdout).unwrap());
    let mut following = program()
        .args(["follow", "-", "--json", "--memory", &MEMORY.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let day = following.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let mut day = std::io::BufWriter::with_capacity(1 << 20, day);
        (0..n_events / 10).for_each(|number| life.write(number, &mut day));
        day.flush().unwrap();
    });
    let (mut taken_at, mut last): (Vec<(u64, u64, usize)>, _) = (Vec::new(), Value::Null);
    for line in BufReader::new(following.stdout.take().unwrap()).lines() {
        last = serde_json::from_str(&line.unwrap()).unwrap();
        if let Some((resident, descriptors)) = taken(following.id()) {
            taken_at.push((last["lines"].as_u64().unwrap(), resident, descriptors));
        }
    }
    writer.join().unwrap();
    assert!(following.wait().unwrap().success());
    assert_eq!((last["applied"].as_u64(), last["problems"]["total"].as_u64()), (Some(n_events), Some(0)));
    let states: u64 = last["states"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(last["runs"].as_u64(), Some(states));
    let most = |from: u64, until: u64| {
        let within = taken_at.iter().filter(|(lines, ..)| (from..until).contains(&(lines * 4 / n_events)));
        within.fold((0, 0), |(most, held), (_, resident, descriptors)| {
            (most.max(*resident), held.max(*descriptors))
        })
    };
    let (early, late) = (most(1, 2), most(3, 5));
    println!("{n_events} events: {early:?} kB and descriptors in the second quarter, {late:?} in the last");
    assert!(late.0 <= early.0 + early.0 / 10 && late.1 <= early.1, "{early:?} {late:?}");
    assert!(late.0 * 1024 <= MEMORY, "{} kB", late.0);
}
