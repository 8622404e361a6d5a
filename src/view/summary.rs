//! What the header says: which log, how it is, how fast it comes, and what became of its lines.

use std::time::Duration;

use crate::engine::Engine;
use crate::model::states::StateTable;
use crate::store::Tally;

/// The header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// What the log is called; not yet safe for a screen.
    pub name: &'a str,
    /// How the log is.
    pub flow: Flow,
    /// What is held back while the view is frozen.
    pub paused: Option<Backlog>,
    /// How fast lines come, over the last few seconds.
    pub rate: Rate,
    /// The last sequence that was applied.
    pub sequence: u64,
    /// How long the last lines took from the file to the store.
    pub lag: Option<Duration>,
    /// What became of the lines.
    pub tally: Tally,
    /// Problems that were seen.
    pub problems: u64,
    /// Bytes of the torn last line.
    pub pending: u64,
    /// Whether no command can be sent.
    pub is_read_only: bool,
    /// The states of the engine.
    pub states: &'static StateTable,
    /// Whether the engine does not dispatch.
    pub is_engine_paused: bool,
    /// Which engine's events the log speaks.
    pub engine: Option<Engine>,
}

/// How fast lines come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// They do not.
    None,
    /// The queue's own pace is not known yet.
    Unknown,
    /// Events a second, as the queue writes them.
    Queue(u64),
    /// Lines a second, as they are read.
    Reading(u64),
}

/// How the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// Nothing has been heard of it yet.
    #[default]
    Opening,
    /// There is nothing at the path yet.
    Waiting,
    /// What is there is being read.
    Loading {
        /// How much of it has been read.
        percent: u8,
        /// How long the rest will take, in seconds, once that can be told.
        left: Option<u64>,
        /// How many bytes have not been read.
        behind: u64,
    },
    /// All that is there has been read.
    Live,
    /// Somebody stands in the past of it.
    Past {
        /// How many lines are known that come after.
        behind: u64,
    },
    /// It is looked back on.
    Replay,
    /// It came through a pipe, and that is all.
    Ended,
    /// Nothing readable is at the path any more.
    Unavailable {
        /// Since when, in seconds.
        since: u64,
    },
}

/// Lines that wait while the view is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// How many have been read.
    pub lines: u64,
    /// Whether more have been left where they are.
    pub is_full: bool,
}

impl Summary<'_> {
    /// Whether the log did not say everything that it should have.
    #[must_use]
    pub const fn has_losses(&self) -> bool {
        self.tally.rejected > 0 || self.tally.unreadable > 0
    }
}
