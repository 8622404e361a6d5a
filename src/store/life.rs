//! History of one run: its states and attempts, in order. Assembled on request.

use super::name::Name;
use crate::model::facts::AttemptResult;
use crate::model::id::AttemptId;
use crate::model::states::State;

/// History of one run.
#[derive(Debug, Clone, Default)]
pub struct Life<'a> {
    /// Every state change; the first has no state before it.
    pub changes: Vec<StateChange>,
    /// Every attempt, latest last.
    pub attempts: Vec<Attempt<'a>>,
}

/// One state change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// State before; `None` at creation.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// Instant of the change, as the log records it.
    pub at: u64,
}

/// One attempt to execute a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// Id of the attempt.
    pub id: AttemptId,
    /// Instant of the start.
    pub started_at: u64,
    /// Instant of the end; `None` while it is open, and forever if a cancellation overtook it.
    pub finished_at: Option<u64>,
    /// Result, once it has ended.
    pub result: Option<AttemptResult>,
    /// Error text.
    pub error: Option<Name>,
    /// Output, if the log holds it.
    pub output: Option<&'a [u8]>,
    /// True if recovery after a crash closed it (0.2 and later).
    pub recovered: bool,
}

/// Last attempt of a run: the fields that the rules need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastAttempt {
    /// Id of the attempt.
    pub id: AttemptId,
    /// Instant of the start.
    pub started_at: u64,
    /// Result; `None` while it is open.
    pub result: Option<AttemptResult>,
    /// True if it was closed in the history.
    pub is_finished: bool,
    /// True if it was started under a lease.
    pub is_accepted: bool,
    /// True if a recovery closed it.
    pub is_recovered: bool,
}
