//! One run as it is asked for: what its log says of it, and what a dashboard knows beside.

use super::key::TaskKey;
use super::name::Name;
use crate::model::id::{AttemptId, RunId, TaskId};
use crate::model::kind::KindId;
use crate::model::position::Position;
use crate::model::states::State;

/// One run in the store. Instants are in the log's own unit, 0 where the log says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Names it.
    pub id: RunId,
    /// Its task; nil where the log does not say which.
    pub task_id: TaskId,
    /// The state that it is in.
    pub state: State,
    /// The attempt that is open, if one is.
    pub open_attempt: Option<AttemptId>,
    /// Attempts started so far.
    pub attempt_count: u32,
    /// Attempts that failed so far, where the engine counts them.
    pub failure_count: u32,
    /// When it was created.
    pub created_at: u64,
    /// When it may become ready.
    pub scheduled_at: u64,
    /// The priority by which it is selected; 0 may mean that the log does not say.
    pub priority: i32,
    /// When its state changed last.
    pub changed_at: u64,
    /// Its task's key.
    pub task: TaskKey,
    /// The lease on it, if a worker holds one.
    pub lease: Option<Lease>,
    /// Why it is parked, if it is and the log says why.
    pub reason: Option<Name>,
    /// What went wrong in it, where the log says so of the run and not of one of its attempts.
    pub error: Option<Name>,
    /// What it gave back, where the log says so of the run and not of one of its attempts.
    pub output: Option<Name>,
    /// The word that the log has for its state, where that is another than the name of the state.
    pub word: Option<Name>,
    /// Attempts that do not count against the cap.
    pub uncounted: u32,
    /// The last event that was applied to it.
    pub last: LastEvent,
    /// Is true where the log was joined after its creation, so that only what followed is known.
    pub joined: bool,
    /// Is true where the log did something to it that it may not do.
    pub flagged: bool,
}

/// The event that touched a run last, and where it stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastEvent {
    /// Its kind.
    pub kind: KindId,
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
        self.attempt_count.saturating_sub(self.uncounted)
    }
}
