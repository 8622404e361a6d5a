//! The history of one run: its states and its attempts, in order.

use super::name::Name;
use crate::model::event::{Assignment, AttemptResult};
use crate::model::id::AttemptId;
use crate::model::state::RunState;

/// All that happened to one run.
#[derive(Debug, Default)]
pub struct Life {
    /// Every change of state, the first one from nothing.
    pub changes: Vec<StateChange>,
    /// Every attempt, the latest last.
    pub attempts: Vec<Attempt>,
}

/// One change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// The state before, if there was one.
    pub from: Option<RunState>,
    /// The state after.
    pub to: RunState,
    /// When, as the log says.
    pub at: u64,
}

/// One attempt to execute the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Names it.
    pub id: AttemptId,
    /// When it started.
    pub started_at: u64,
    /// When it ended; none while it is open, and for ever when a cancellation overtook it.
    pub finished_at: Option<u64>,
    /// How it ended.
    pub result: Option<AttemptResult>,
    /// What went wrong.
    pub error: Option<Name>,
    /// What it gave back, when the log holds it.
    pub output: Option<Box<[u8]>>,
    /// How it was started, where the log says so (0.2 and later).
    pub start: Option<Start>,
    /// Whether a recovery after a crash closed it (0.2 and later).
    pub recovered: bool,
}

/// The start of an attempt under a lease (0.2 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Who held the lease.
    pub owner: Name,
    /// The sequence of the event that granted it.
    pub granted_at: u64,
    /// Which wake it was started with.
    pub assignment: Option<Assignment>,
}

impl Attempt {
    pub(super) const fn open(id: AttemptId, started_at: u64, start: Option<Start>) -> Self {
        Self {
            id,
            started_at,
            finished_at: None,
            result: None,
            error: None,
            output: None,
            start,
            recovered: false,
        }
    }
}
