//! One run as it is asked for: the engine's own record of it, and what a dashboard knows beside.

use super::key::TaskKey;
use super::name::Name;
use crate::model::event::EventKind;
use crate::model::position::Position;
use crate::model::run::RunInstance;

/// One run in the store.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// The run itself.
    pub instance: RunInstance,
    /// Its task.
    pub task: TaskKey,
    /// The lease on it, if a worker holds one.
    pub lease: Option<Lease>,
    /// Why it is suspended, if it is and the log says why.
    pub reason: Option<Name>,
    /// Attempts that do not count against the cap: suspended and awaiting ones.
    pub uncounted: u32,
    /// The last event that was applied to it.
    pub last: LastEvent,
    /// Whether the log was joined after its creation, so that only what followed is known.
    pub joined: bool,
    /// Whether the log did something to it that it may not do.
    pub flagged: bool,
}

/// The event that touched a run last, and where it stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastEvent {
    /// Its kind.
    pub kind: EventKind,
    /// Its sequence.
    pub sequence: u64,
    /// Its line, which can be read again by this; the line's number is not kept and is 0.
    pub place: Position,
}

/// A worker's claim on a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Who holds it.
    pub owner: Name,
    /// When it lapses.
    pub expiry: u64,
    /// When it was taken.
    pub acquired_at: u64,
    /// When it was taken or extended last.
    pub updated_at: u64,
    /// The sequence of the event that granted it.
    pub granted_at: u64,
}

impl Run {
    /// Attempts that count against the cap, the open one included.
    #[must_use]
    pub const fn counted_attempts(&self) -> u32 {
        self.instance.attempt_count().saturating_sub(self.uncounted)
    }
}
