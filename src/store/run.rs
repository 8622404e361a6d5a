//! Public form of a run: the fields of the log, and those that the store derives.

use super::key::TaskKey;
use super::name::Name;
use crate::model::id::{AttemptId, RunId, TaskId};
use crate::model::kind::KindId;
use crate::model::position::Position;
use crate::model::states::State;

/// One run. Instants are in the log's unit; 0 if unknown.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Id of the run.
    pub id: RunId,
    /// Task; nil if the log does not name it.
    pub task_id: TaskId,
    /// State.
    pub state: State,
    /// Open attempt, if any.
    pub open_attempt: Option<AttemptId>,
    /// Attempts begun so far.
    pub attempt_count: u32,
    /// Attempts failed so far, where the engine counts them.
    pub failure_count: u32,
    /// Instant of creation.
    pub created_at: u64,
    /// Instant at which it may become ready.
    pub scheduled_at: u64,
    /// Priority at which it is selected; 0 may mean unknown.
    pub priority: i32,
    /// Instant of the last state change.
    pub changed_at: u64,
    /// Key of its task.
    pub task: TaskKey,
    /// Lease, if a worker holds one.
    pub lease: Option<Lease>,
    /// Reason for which it is suspended, if the log gives one.
    pub reason: Option<Name>,
    /// Its error, where the log has it for the run and not for one of its attempts.
    pub error: Option<Name>,
    /// Its output, where the log has it for the run and not for one of its attempts.
    pub output: Option<Name>,
    /// The word that the log has for its state, where that is another than the name of the state.
    pub word: Option<Name>,
    /// Attempts that do not count against the cap.
    pub uncounted: u32,
    /// Last event applied to it.
    pub last: LastEvent,
    /// True if the log was joined after its creation: only later events are known.
    pub joined: bool,
    /// True if the log violated a rule for this run.
    pub flagged: bool,
}

/// Last event applied to a run, and its position in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastEvent {
    /// Kind of the event.
    pub kind: KindId,
    /// Sequence of the event.
    pub sequence: u64,
    /// Position of the line, for rereading; the line number is not stored and is 0.
    pub place: Position,
}

/// A worker's claim on a run. Instants are in the log's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Worker that holds it.
    pub owner: Name,
    /// Instant at which it expires.
    pub expiry: u64,
    /// Instant at which it was acquired.
    pub acquired_at: u64,
    /// Instant of the last acquisition or extension.
    pub updated_at: u64,
    /// Sequence of the event that granted it.
    pub granted_at: u64,
}

impl Run {
    /// Attempts that count against the cap, the open one included.
    #[must_use]
    pub const fn counted_attempts(&self) -> u32 {
        self.attempt_count.saturating_sub(self.uncounted)
    }
}
