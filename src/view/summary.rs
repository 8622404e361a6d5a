//! The header: the log's name and state, its throughput, and the tally of its lines.

use std::time::Duration;

use crate::engine::Engine;
use crate::engine::progress::ExecutionProgress;
use crate::model::states::StateTable;
use crate::model::time::Unit;
use crate::store::Tally;

/// The header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The name of the log; not yet safe for a screen.
    pub name: &'a str,
    /// The state of the log.
    pub flow: Flow,
    /// The lines held back while the view is frozen; none otherwise.
    pub paused: Option<Backlog>,
    /// The throughput of the last few seconds.
    pub rate: Rate,
    /// The last sequence that was applied.
    pub sequence: u64,
    /// The latency of the last lines, from the file to the store.
    pub lag: Option<Duration>,
    /// The tally of lines.
    pub tally: Tally,
    /// The number of problems so far.
    pub problems: u64,
    /// Bytes of the torn last line.
    pub pending: u64,
    /// True if no command can be sent.
    pub is_read_only: bool,
    /// The unit of its instants.
    pub unit: Unit,
    /// The states of the engine.
    pub states: &'static StateTable,
    /// True if the engine does not dispatch.
    pub is_engine_paused: bool,
    /// The progress of an execution, where the queue has an end.
    pub progress: Option<ExecutionProgress>,
    /// The engine that wrote the log, once that is known.
    pub engine: Option<Engine>,
    /// True if the engine is a foreign one, of which a table tells.
    pub is_foreign: bool,
}

/// The throughput of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// No lines come.
    None,
    /// The queue's own rate is not known yet.
    Unknown,
    /// Events a second, as the queue writes them.
    Queue(u64),
    /// Lines a second, as they are read.
    Reading(u64),
}

/// The state of a log, as seen by a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// Nothing of it is known yet.
    #[default]
    Opening,
    /// The path does not exist yet.
    Waiting,
    /// Its present content is being read.
    Loading {
        /// The share that has been read.
        percent: u8,
        /// The estimated time for the rest, in seconds, once there is an estimate.
        left: Option<u64>,
        /// The number of bytes that have not been read.
        behind: u64,
    },
    /// Its present content has been read.
    Live,
    /// The view is in its past.
    Past {
        /// The number of known lines after the view.
        behind: u64,
    },
    /// It is replayed rather than followed.
    Replay,
    /// It came through a pipe, which has ended.
    Ended,
    /// The path has become unreadable.
    Unavailable {
        /// The instant since when, in seconds.
        since: u64,
    },
}

/// Lines that wait while the view is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// The number of lines that have been read.
    pub lines: u64,
    /// True if more lines have been left unread.
    pub is_full: bool,
}
