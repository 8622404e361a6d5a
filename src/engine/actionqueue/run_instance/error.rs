//! Errors of a run and of changes to it, in actionqueue-core's own words.
//!
//! The tests compare the texts with the engine's: they are part of the interface.

use crate::engine::actionqueue::states::RunState;
use crate::model::id::{AttemptId, RunId, TaskId};

/// Reason why a run cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConstructionError {
    /// The run id is nil.
    #[error("invalid run_id for run construction: {run_id}")]
    InvalidRunId {
        /// The refused id.
        run_id: RunId,
    },
    /// The task id is nil.
    #[error("invalid task_id for run construction: {task_id}")]
    InvalidTaskId {
        /// The refused id.
        task_id: TaskId,
    },
    /// A run may not be created Ready before its time.
    #[error(
        "run {run_id} cannot be created in Ready with scheduled_at ({scheduled_at}) > created_at ({created_at})"
    )]
    ReadyScheduledAtAfterCreatedAt {
        /// Id of the run.
        run_id: RunId,
        /// Instant at which it was to become ready.
        scheduled_at: u64,
        /// Instant of its creation.
        created_at: u64,
    },
}

/// Reason why a run refuses a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are the words of the message above each variant")]
pub enum MutationError {
    /// The transition is not in the table.
    #[error("invalid run transition for {run_id}: {from:?} -> {to:?}")]
    InvalidTransition { run_id: RunId, from: RunState, to: RunState },
    /// An attempt is open.
    #[error("run {run_id} cannot leave Running while attempt {active_attempt_id} is active")]
    AttemptInProgress { run_id: RunId, active_attempt_id: AttemptId },
    /// Attempts start in Running only.
    #[error("run {run_id} cannot start attempt in state {current_state:?}")]
    AttemptStartRequiresRunning { run_id: RunId, current_state: RunState },
    /// Attempts finish in Running only.
    #[error("run {run_id} cannot finish attempt in state {current_state:?}")]
    AttemptFinishRequiresRunning { run_id: RunId, current_state: RunState },
    /// One attempt at a time.
    #[error("run {run_id} already has active attempt {active_attempt_id}")]
    AttemptAlreadyActive { run_id: RunId, active_attempt_id: AttemptId },
    /// Another attempt is open.
    #[error("run {run_id} attempt mismatch: expected {expected_attempt_id}, got {actual_attempt_id}")]
    AttemptOwnershipMismatch { run_id: RunId, expected_attempt_id: AttemptId, actual_attempt_id: AttemptId },
    /// No attempt is open.
    #[error("run {run_id} has no active attempt")]
    NoActiveAttempt { run_id: RunId },
    /// The counter is full.
    #[error("run {run_id} attempt counter overflow")]
    AttemptCountOverflow { run_id: RunId },
    /// The priority may change in Ready only.
    #[error("run {run_id} priority can only be updated in Ready state (current: {current_state:?})")]
    PriorityMutationRequiresReady { run_id: RunId, current_state: RunState },
}

/// Reason why a recorded run cannot be read, as the engine's deserializer reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The run id is nil.
    #[error("run_id must not be nil")]
    NilRunId,
    /// The task id is nil.
    #[error("task_id must not be nil")]
    NilTaskId,
    /// Failures outnumber starts (0.2 and later).
    #[error("failures exceed accepted starts")]
    MoreFailuresThanStarts,
    /// An attempt is open outside Running.
    #[error("active attempt_id is only valid in Running state")]
    AttemptOutsideRunning,
    /// Ready before its time (0.1 only).
    #[error("Ready state requires scheduled_at ({scheduled_at}) <= created_at ({created_at})")]
    ReadyBeforeItsTime {
        /// Instant at which it may become ready.
        scheduled_at: u64,
        /// Instant of its creation.
        created_at: u64,
    },
}

impl MutationError {
    /// The run that refuses the change.
    #[must_use]
    pub const fn run_id(&self) -> RunId {
        match self {
            Self::InvalidTransition { run_id, .. }
            | Self::AttemptInProgress { run_id, .. }
            | Self::AttemptStartRequiresRunning { run_id, .. }
            | Self::AttemptFinishRequiresRunning { run_id, .. }
            | Self::AttemptAlreadyActive { run_id, .. }
            | Self::AttemptOwnershipMismatch { run_id, .. }
            | Self::NoActiveAttempt { run_id }
            | Self::AttemptCountOverflow { run_id }
            | Self::PriorityMutationRequiresReady { run_id, .. } => *run_id,
        }
    }
}
