//! The history of one run: its states and its attempts, in order. Put together when it is asked for.

use super::name::Name;
use crate::model::facts::AttemptResult;
use crate::model::id::AttemptId;
use crate::model::states::State;

/// All that happened to one run.
#[derive(Debug, Clone, Default)]
pub struct Life<'a> {
    /// Every change of state, the first one from nothing.
    pub changes: Vec<StateChange>,
    /// Every attempt, the latest last.
    pub attempts: Vec<Attempt<'a>>,
}

/// One change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// The state before, if there was one.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// When, as the log says.
    pub at: u64,
}

/// One attempt to execute the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt<'a> {
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
    pub output: Option<&'a [u8]>,
    /// Whether a recovery after a crash closed it (0.2 and later).
    pub recovered: bool,
}

/// The last attempt of a run, as far as rules ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastAttempt {
    /// Names it.
    pub id: AttemptId,
    /// When it started.
    pub started_at: u64,
    /// How it ended; none while it is open.
    pub result: Option<AttemptResult>,
    /// Is true of one that was closed in the history.
    pub is_finished: bool,
    /// Is true of one that was begun under a lease.
    pub is_accepted: bool,
    /// Is true of one that a recovery closed.
    pub is_recovered: bool,
}
