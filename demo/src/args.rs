//! The arguments, and the plan that they mean. No other module reads the arguments.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgGroup, Parser};
use color_eyre::Result;
use color_eyre::eyre::ensure;

use crate::incident::Outage;
use crate::plan::{EngineKind, Plan, USUAL_RATE};

/// Runs a real engine with some work, and opens runwatch on its log.
#[derive(Debug, Parser)]
#[command(version, group = ArgGroup::new("end").multiple(true))]
pub struct Args {
    /// Choose the engine
    #[arg(long, value_name = "NAME", value_enum, default_value_t = EngineKind::ActionQueue)]
    engine: EngineKind,

    /// Write the log as JSON lines, too, overwriting what is there; for actionqueue, the dashboard then opens these
    #[arg(long, value_name = "PATH")]
    log: Option<PathBuf>,

    /// Keep the engine's own directory here: ActionQueue goes on with what is there, dag-executor begins again; without it
    /// the directory goes away with the demo
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,

    /// Take commands from this file; without it from one that goes away with the demo
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,

    /// Choose the mix of work; the same number gives the same mix
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Tasks a second, on average; a graph of dag-executor works faster or slower
    #[arg(long, value_name = "TASKS", default_value_t = USUAL_RATE, value_parser = rate)]
    rate: f64,

    /// Let half of the work need a service that is down during these seconds from the start, as in 60..150; an operator
    /// cancels some of what waits then; for actionqueue only
    #[arg(long, value_name = "FROM..TO", value_parser = outage)]
    outage: Option<Outage>,

    /// Show nothing and only write the log
    #[arg(long, requires = "log", requires = "end")]
    headless: bool,

    /// End when this number of runs was created and all of them have ended; a task of dag-executor is a run, and its graph
    /// is executed as a whole
    #[arg(long, value_name = "N", group = "end", requires = "headless")]
    runs: Option<usize>,

    /// End after this number of seconds
    #[arg(long = "for", value_name = "SECONDS", group = "end", requires = "headless")]
    seconds: Option<u64>,
}

impl Args {
    /// Returns true if there is no dashboard.
    #[must_use]
    pub const fn is_headless(&self) -> bool {
        self.headless
    }

    /// The plan; what has no path of its own goes into `dir`.
    ///
    /// # Errors
    /// When an argument is for another engine.
    pub fn plan(&self, dir: &Path) -> Result<Plan> {
        let is_dag = self.engine == EngineKind::Dag;
        ensure!(self.outage.is_none() || !is_dag, "--outage is for `--engine actionqueue`");
        Ok(Plan {
            engine: self.engine,
            store: self.directory.clone().unwrap_or_else(|| dir.join("store")),
            log: self.log.clone().or_else(|| is_dag.then(|| dir.join("demo.jsonl"))),
            graph: dir.join("graph.json"),
            control: self.control.clone().unwrap_or_else(|| dir.join("control.jsonl")),
            seed: self.seed.unwrap_or_else(|| fastrand::u64(..)),
            rate: self.rate,
            runs: self.runs.unwrap_or(usize::MAX),
            lasting: self.seconds.map(Duration::from_secs),
            outage: self.outage,
        })
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().map_err(|error: std::num::ParseFloatError| error.to_string())?;
    if (0.01..=100.0).contains(&rate) { Ok(rate) } else { Err("between 0.01 and 100".to_owned()) }
}

fn outage(text: &str) -> Result<Outage, String> {
    let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
    let ends = text.split_once("..").and_then(|(from, to)| seconds(from).zip(seconds(to)));
    let outage = ends.map(|(from, to)| Outage { from, to }).filter(|outage| outage.from < outage.to);
    outage.ok_or_else(|| "two whole numbers of seconds, the lower one first, as in 60..150".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_without_an_end_is_refused() {
        let parse = |line: &str| Args::try_parse_from(line.split(' '));
        for line in ["demo", "demo --log a --seed 7 --rate 2.5", "demo --headless --log a --runs 9 --for 3"] {
            assert!(parse(line).is_ok(), "{line}");
        }
        for line in ["demo --headless --log a", "demo --headless --runs 9", "demo --runs 9", "demo --rate 0"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_argument_for_another_engine_is_refused() {
        let plan = |line: &str| Args::try_parse_from(line.split(' ')).unwrap().plan(Path::new("x"));
        for line in [
            "demo --outage 1..2",
            "demo --engine dag",
            "demo --engine dag --directory a",
            "demo --directory a",
        ] {
            assert!(plan(line).is_ok(), "{line}");
        }
        assert!(plan("demo --engine dag --outage 1..2").is_err());
    }

    #[test]
    fn an_outage_has_a_beginning_and_a_later_end() {
        let secs = Duration::from_secs;
        assert_eq!(outage("0..7"), Ok(Outage { from: secs(0), to: secs(7) }));
        for text in ["", "7", "..7", "7..", "7..7", "8..7", "1..2..3", "-1..7", "0.5..7", "a..b"] {
            assert!(outage(text).is_err(), "{text}");
        }
    }
}
