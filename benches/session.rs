//! The dashboard from the user's seat: from the start to the last line, at rest, beside a queue, in a storm.
//!
//! Everything is measured from outside, on a pseudo-terminal, by what is on the screen and when. `RUNWATCH_BENCH_LOG`
//! names a log to read instead of a generated one of a million events of 100,000 runs; `RUNWATCH_BENCH_STORM` says for
//! how many seconds the storm lasts, 10 if nothing does.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

#[path = "support/watched.rs"]
mod watched;

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::engine::actionqueue::event::Vocabulary;
use watched::Watched;

/// Events a second beside which latencies are measured, and those of a storm.
const STEADY: u64 = 1000;
const STORM: u64 = 500_000;

fn main() -> io::Result<()> {
    let dir = tempfile::tempdir()?;
    let log = match env::var_os("RUNWATCH_BENCH_LOG") {
        Some(path) => PathBuf::from(path),
        None => generated(&dir.path().join("log"), 1_000_000, 100_000)?,
    };
    opening(&log)?;
    beside_a_queue(dir.path(), &log)?;
    storm(dir.path())
}

fn generated(path: &Path, events: u64, runs: u64) -> io::Result<PathBuf> {
    let plan = Gen { events, runs: Some(runs), vocabulary: Vocabulary::Aq01, seed: 1, scattered: false };
    sample::write(&plan, &mut BufWriter::new(File::create(path)?))?;
    Ok(path.to_owned())
}

fn row(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<58} {figure:>24}");
}

/// From the start to the last line of a long log, at 200x60, and what a key takes meanwhile.
fn opening(log: &Path) -> io::Result<()> {
    println!("a log of {:.1} MB", fs::metadata(log)?.len() as f64 / 1e6);
    let mut whole = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let done = Command::new(env!("CARGO_BIN_EXE_runwatch"))
            .arg("stats")
            .arg(log)
            .stdout(Stdio::null())
            .status()?;
        assert!(done.success(), "stats reads it");
        whole = whole.min(start.elapsed());
    }
    row("stats", format!("{:.3} s", whole.as_secs_f64()));
    let (mut first, mut caught_up) = (Vec::new(), Duration::MAX);
    for _ in 0..3 {
        let watched = Watched::start(log, (200, 60));
        first.push(watched.wait_for("runwatch") - watched.started);
        caught_up = caught_up.min(watched.wait_for("LIVE") - watched.started);
    }
    row("first frame", spread(&mut first));
    row("until LIVE", format!("{:.3} s", caught_up.as_secs_f64()));
    row("  of stats", format!("x {:.2}", caught_up.as_secs_f64() / whole.as_secs_f64()));
    let mut watched = Watched::start(log, (200, 60));
    watched.wait_for("runwatch");
    let mut keys = Vec::new();
    while !watched.says("LIVE") {
        let pressed = Instant::now();
        watched.press("?");
        keys.push(watched.wait_for("Help") - pressed);
        let pressed = Instant::now();
        watched.press("?");
        keys.push(watched.wait_until_gone("Help") - pressed);
    }
    row("a key, while it reads", spread(&mut keys));
    row("memory", format!("{:.0} MB", watched.resident() as f64 / 1e6));
    Ok(())
}

/// A log that is at rest, and then grows at a steady pace, at 120x40.
fn beside_a_queue(dir: &Path, log: &Path) -> io::Result<()> {
    let copy = dir.join("steady");
    // Its last seconds are the queue that is watched.
    let (lines, seconds) = (tail(log, &copy, 30 * STEADY)?, 10);
    let watched = Watched::start(&copy, (120, 40));
    watched.wait_for("LIVE");
    // The rate of what was read dies away.
    watched.wait_for("  0 ev/s");
    thread::sleep(Duration::from_secs(2));
    let (bytes, busy, since) = (watched.bytes(), watched.busy(), Instant::now());
    thread::sleep(Duration::from_secs(10));
    row("at rest: bytes to the terminal in 10 s", watched.bytes() - bytes);
    let share = (watched.busy() - busy).as_secs_f64() / since.elapsed().as_secs_f64();
    row("at rest: of a core", format!("{:.2} %", share * 100.0));

    let mut file = File::options().append(true).open(&copy)?;
    let (bytes, busy, start) = (watched.bytes(), watched.busy(), Instant::now());
    let mut written = Vec::new();
    for (n, line) in lines.iter().take((seconds * STEADY) as usize).enumerate() {
        let due = start + Duration::from_secs(1) * u32::try_from(n).unwrap_or(u32::MAX) / STEADY as u32;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        file.write_all(line.as_bytes())?;
        written.push((Instant::now(), sequence_of(line)));
    }
    thread::sleep(Duration::from_millis(200));
    let took = start.elapsed().as_secs_f64();
    row(&format!("at {STEADY} events/s: append to pixel"), spread(&mut delays(&watched, start, &written)));
    let rate = (watched.bytes() - bytes) as f64 / took;
    row(&format!("at {STEADY} events/s: to the terminal"), format!("{:.1} kB/s", rate / 1e3));
    let share = (watched.busy() - busy).as_secs_f64() / took;
    row(&format!("at {STEADY} events/s: of a core"), format!("{:.1} %", share * 100.0));
    Ok(())
}

/// Half a million events a second.
fn storm(dir: &Path) -> io::Result<()> {
    let seconds = env::var("RUNWATCH_BENCH_STORM").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let (source, log) = (dir.join("source"), dir.join("storm"));
    generated(&source, (seconds + 1) * STORM, (seconds + 1) * STORM / 10)?;
    let mut lines = BufReader::with_capacity(1 << 20, File::open(&source)?);
    let mut file = File::create(&log)?;
    let mut piece = Vec::new();
    let mut last = 0;
    let mut write = |file: &mut File, n: u64| -> io::Result<u64> {
        piece.clear();
        for _ in 0..n {
            lines.read_until(b'\n', &mut piece)?;
        }
        file.write_all(&piece)?;
        last += n;
        Ok(last)
    };
    write(&mut file, STORM)?;
    let watched = Watched::start(&log, (120, 40));
    watched.wait_for("LIVE");
    let (busy, start) = (watched.busy(), Instant::now());
    let mut written = Vec::new();
    // A hundred writes a second.
    for n in 0..seconds * 100 {
        let due = start + Duration::from_millis(10) * u32::try_from(n).unwrap_or(u32::MAX);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let sequence = write(&mut file, STORM / 100)?;
        written.push((Instant::now(), sequence));
    }
    let took = start.elapsed().as_secs_f64();
    thread::sleep(Duration::from_secs(1));
    let rate = (seconds * STORM) as f64 / took;
    row("storm: written", format!("{rate:.0} events/s for {took:.0} s"));
    row("storm: lag", spread(&mut delays(&watched, start, &written)));
    let end = start + Duration::from_secs_f64(took);
    let mut shown = watched.sequences(start);
    shown.retain(|(at, _)| *at <= end);
    let mut gaps: Vec<Duration> = shown.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    row("storm: between two frames", spread(&mut gaps));
    let share = (watched.busy() - busy).as_secs_f64() / took;
    row("storm: of a core", format!("{:.0} %", share * 100.0));
    Ok(())
}

/// Copies all but the last `n` lines of a log, and returns those.
fn tail(log: &Path, copy: &Path, n: u64) -> io::Result<Vec<String>> {
    let text = fs::read(log)?;
    let from = memchr::memrchr_iter(b'\n', &text).nth(n as usize).map_or(0, |newline| newline + 1);
    fs::write(copy, &text[..from])?;
    let rest = String::from_utf8_lossy(&text[from..]).into_owned();
    Ok(rest.lines().map(|line| format!("{line}\n")).collect())
}

fn sequence_of(line: &str) -> u64 {
    let digits = line.split("\"sequence\":").nth(1).and_then(|rest| rest.split(',').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Returns for each sequence the time from its writing to the screen.
fn delays(watched: &Watched, since: Instant, written: &[(Instant, u64)]) -> Vec<Duration> {
    let shown = watched.sequences(since);
    let mut at = shown.iter().peekable();
    let mut delays = Vec::new();
    for (when, sequence) in written {
        while at.next_if(|(_, shown)| shown < sequence).is_some() {}
        match at.peek() {
            Some((seen, _)) => delays.push(seen.saturating_duration_since(*when)),
            None => delays.push(Duration::MAX),
        }
    }
    delays
}

/// The median, the 99th percentile and the longest.
fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: usize| {
        let last = times.len().saturating_sub(1);
        times.get((last * share).div_ceil(100)).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    };
    format!("{:.1} / {:.1} / {:.1} ms", at(50), at(99), at(100))
}
