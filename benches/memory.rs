//! Memory of a run and of an event, as the system counts it.
//!
//! Each log is folded by a process of its own. From what it had in use at most, 20 MB are taken for the program and 16
//! bytes for each event; the rest is what a run costs.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::Command;

use runwatch::args::Gen;
use runwatch::commands::read::fold_log;
use runwatch::commands::sample;
use runwatch::engine::actionqueue::event::Vocabulary::{self, Aq01, Aq02};
use runwatch::source::origin::Origin;
use runwatch::store::Rules;

/// The program itself, and the blocks that it reads into.
const BASE: f64 = 20e6;
/// For the links from each event to its run's history.
const EACH_EVENT: f64 = 16.0;

/// Events, runs, and how they are.
const LOGS: [(u64, u64, Vocabulary, bool); 5] = [
    (2_000, 200, Aq01, false),
    (1_000_000, 100_000, Aq01, false),
    (5_000_000, 500_000, Aq01, false),
    (5_000_000, 500_000, Aq01, true),
    (5_000_000, 500_000, Aq02, false),
];

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(log) = env::var_os("RUNWATCH_BENCH_FOLD") {
        let source = Origin::Path(PathBuf::from(log));
        let (store, _) = fold_log(&source, runwatch::engine::store(Rules::Lenient), |_| Ok(()))?;
        println!("{} {}", store.len(), most_resident()?);
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    println!("{:<34} {:>10} {:>10} {:>10} {:>12}", "log", "events", "runs", "MB", "bytes a run");
    for (events, runs, vocabulary, scattered) in LOGS {
        let path = dir.path().join("log");
        let plan = Gen { events, runs: Some(runs), vocabulary, seed: 1, scattered };
        sample::write(&plan, &mut BufWriter::new(File::create(&path)?))?;
        let output = Command::new(env::current_exe()?).env("RUNWATCH_BENCH_FOLD", &path).output()?;
        let text = String::from_utf8(output.stdout)?;
        let (found, resident) = text.trim().split_once(' ').ok_or("the fold said nothing")?;
        let (found, resident): (f64, f64) = (found.parse()?, resident.parse()?);
        let each = ((resident - BASE - EACH_EVENT * events as f64) / found).max(0.0);
        let name = format!("{}{}", vocabulary.label(), if scattered { ", lives scattered" } else { "" });
        println!("{name:<34} {events:>10} {found:>10} {:>10.1} {each:>12.0}", resident / 1e6);
    }
    Ok(())
}

/// The most memory that this process has had in use, in bytes.
fn most_resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse::<u64>()? * 1024)
}
