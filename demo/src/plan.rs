//! The plan of a demonstration: the engine, the workload, the files; and the results. Must not know how it is carried out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use crate::incident::Outage;

/// The usual number of tasks a second.
pub const USUAL_RATE: f64 = 4.0;

/// Engines to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineKind {
    /// ActionQueue 0.3: a queue that does not end
    #[value(name = "actionqueue")]
    ActionQueue,
    /// dag-executor 0.1: a graph of some hundred tasks, executed again and again
    Dag,
}

/// Workload, and its place.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The engine.
    pub engine: EngineKind,
    /// The directory of the engine's store; made by the engine.
    pub store: PathBuf,
    /// The log of JSON lines, which dag-executor's host always writes; truncated at the start.
    pub log: Option<PathBuf>,
    /// The graph of dag-executor; written at the start.
    pub graph: PathBuf,
    /// The control file; made if need be, read from its end.
    pub control: PathBuf,
    /// Chooses the mix of work.
    pub seed: u64,
    /// Tasks a second, on average.
    pub rate: f64,
    /// The number of runs after which nothing new comes.
    pub runs: usize,
    /// Time after which to stop, even if runs are still active.
    pub lasting: Option<Duration>,
    /// When the payments service is down.
    pub outage: Option<Outage>,
}

impl Plan {
    /// The log that the dashboard is opened on: the engine's own directory, or the JSON lines of ActionQueue.
    #[must_use]
    pub fn watched(&self) -> &Path {
        match (self.engine, &self.log) {
            (EngineKind::ActionQueue, Some(log)) => log,
            _ => &self.store,
        }
    }

    /// Seconds that a second of work takes, so that there are [`Plan::rate`] tasks a second.
    #[must_use]
    pub fn pace(&self) -> f64 {
        USUAL_RATE / self.rate
    }
}

/// Results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Events in the log.
    pub events: u64,
    /// Runs that were created.
    pub runs: usize,
    /// Cancels that the engine accepted.
    pub canceled: u64,
    /// Cancels that it refused: the run is unknown, or ended before.
    pub refused: u64,
    /// Commands that were written again.
    pub repeated: u64,
    /// Lines of the control file that were no command.
    pub ignored: u64,
}
