//! Reasons for which the rules refuse an event, in the words of the engine that wrote it.
//!
//! Each reason has the name under which ActionQueue's own reducer refuses such a line, so that the tests can compare
//! the two (actionqueue-storage, `recovery/reducer.rs`).

use super::run_instance::MutationError;
use super::states::RunState;
use crate::model::facts::LeaseStep;
use crate::model::id::{AttemptId, RunId, TaskId};
use crate::store::ProblemKind;
use crate::store::write::{OutOfOrder, Refusal};

/// Reason for which an event is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are the words of the message above each variant")]
pub enum Rejection {
    #[error("sequence {got} repeats or goes back: the last one was {latest}")]
    Sequence { got: u64, latest: u64 },
    #[error("#{got} was written late to the log that was rotated away: #{latest} had been read before it")]
    Late { got: u64, latest: u64 },
    #[error("task {0} was created before")]
    DuplicateTask(TaskId),
    #[error("run {0} was created before")]
    DuplicateRun(RunId),
    #[error("run {run} cannot be created in {state:?}: every run begins in Scheduled")]
    BornIn { run: RunId, state: RunState },
    #[error("unknown run {0}: the log has not created it")]
    UnknownRun(RunId),
    #[error("run {run} is {actual:?}, not {recorded:?} as the event says")]
    NotInState { run: RunId, recorded: RunState, actual: RunState },
    #[error("{0}")]
    Mutation(#[from] MutationError),
    #[error("run {run} already finished attempt {attempt}")]
    AttemptFinishedBefore { run: RunId, attempt: AttemptId },
    #[error("{} rejected: unknown run {run}", step_words(*step))]
    LeaseOfUnknownRun { run: RunId, step: LeaseStep },
    #[error("{} rejected for run {run}: invalid state {state:?}", step_words(*step))]
    LeaseInState { run: RunId, step: LeaseStep, state: RunState },
    #[error("{} rejected for run {run}: missing active lease", step_words(*step))]
    NoLease { run: RunId, step: LeaseStep },
    #[error("lease acquire rejected for run {0}: lease already active")]
    AlreadyLeased(RunId),
    #[error("{} rejected for run {run}: owner mismatch expected={expected} actual={actual}", step_words(*step))]
    LeaseOwner { run: RunId, step: LeaseStep, expected: String, actual: String },
    #[error("{} rejected for run {run}: expiry mismatch expected={expected} actual={actual}", step_words(*step))]
    LeaseExpiry { run: RunId, step: LeaseStep, expected: u64, actual: u64 },
    #[error(
        "lease heartbeat rejected for run {run}: expiry regression previous={previous} proposed={proposed}"
    )]
    LeaseRegression { run: RunId, previous: u64, proposed: u64 },
    #[error("task canceled rejected: unknown task {0}")]
    CancelOfUnknownTask(TaskId),
    #[error(
        "task canceled rejected for task {task}: already canceled at {first}, duplicate timestamp {second}"
    )]
    TaskCanceledBefore { task: TaskId, first: u64, second: u64 },
    #[error("task canceled rejected for task {task}: canceled at {at}, before its creation at {created_at}")]
    TaskCanceledBeforeCreation { task: TaskId, at: u64, created_at: u64 },
    #[error("engine pause rejected: already paused at {first}, duplicate timestamp {second}")]
    AlreadyPaused { first: u64, second: u64 },
    #[error("engine resume rejected: engine not paused at timestamp {0}")]
    NotPaused(u64),
    #[error("engine resume rejected: resumed_at {resumed_at} precedes paused_at {paused_at}")]
    ResumedBeforePause { paused_at: u64, resumed_at: u64 },
    /// A record of 0.2 and later that contradicts its event, its run or itself.
    #[error("{0}")]
    Record(RejectionFault),
    /// A wait or a cancellation out of turn.
    #[error("{0}")]
    Wait(RejectionFault),
    /// A signal out of turn.
    #[error("{0}")]
    Signal(RejectionFault),
    /// An invalid admission.
    #[error("{0}")]
    Admission(RejectionFault),
    /// A move that the rules of 0.2 and later reserve or gate.
    #[error("{0}")]
    Gated(RejectionFault),
}

/// Reason in words, with the run concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectionFault {
    /// The run, if any.
    pub run: Option<RunId>,
    /// The reason.
    pub why: String,
}

impl std::fmt::Display for RejectionFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
    }
}

impl RejectionFault {
    pub(super) fn of(run: RunId, why: impl Into<String>) -> Self {
        Self { run: Some(run), why: why.into() }
    }

    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { run: None, why: why.into() }
    }
}

const fn step_words(step: LeaseStep) -> &'static str {
    match step {
        LeaseStep::Acquire => "lease acquire",
        LeaseStep::Heartbeat => "lease heartbeat",
        LeaseStep::Expire => "lease expire",
        LeaseStep::Release => "lease release",
    }
}

impl From<OutOfOrder> for Rejection {
    fn from(wrong: OutOfOrder) -> Self {
        let OutOfOrder { got, latest, is_late } = wrong;
        if is_late { Self::Late { got, latest } } else { Self::Sequence { got, latest } }
    }
}

impl Rejection {
    /// The rejection in the form that the store keeps.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        Refusal { kind: self.kind(), run: self.run(), reason: self.to_string() }
    }

    /// Kind of the problem.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        match self {
            Self::Sequence { .. } | Self::Late { .. } => ProblemKind::Sequence,
            Self::DuplicateTask(_) | Self::DuplicateRun(_) => ProblemKind::Duplicate,
            Self::UnknownRun(_) | Self::LeaseOfUnknownRun { .. } => ProblemKind::UnknownRun,
            Self::BornIn { .. } | Self::NotInState { .. } | Self::Gated(_) => ProblemKind::Transition,
            Self::Mutation(MutationError::InvalidTransition { .. }) => ProblemKind::Transition,
            Self::Mutation(_) | Self::AttemptFinishedBefore { .. } => ProblemKind::Attempt,
            Self::LeaseInState { .. }
            | Self::NoLease { .. }
            | Self::AlreadyLeased(_)
            | Self::LeaseOwner { .. }
            | Self::LeaseExpiry { .. }
            | Self::LeaseRegression { .. } => ProblemKind::Lease,
            Self::CancelOfUnknownTask(_)
            | Self::TaskCanceledBefore { .. }
            | Self::TaskCanceledBeforeCreation { .. } => ProblemKind::Task,
            Self::AlreadyPaused { .. } | Self::NotPaused(_) | Self::ResumedBeforePause { .. } => {
                ProblemKind::Engine
            }
            Self::Record(_) => ProblemKind::Record,
            Self::Wait(_) | Self::Signal(_) => ProblemKind::Wait,
            Self::Admission(_) => ProblemKind::Admission,
        }
    }

    /// Name under which ActionQueue's reducer refuses the same line.
    #[must_use]
    pub const fn engine_name(&self) -> &'static str {
        match self {
            Self::DuplicateTask(_) | Self::DuplicateRun(_) => "DuplicateEvent",
            Self::Mutation(MutationError::AttemptCountOverflow { .. })
            | Self::AttemptFinishedBefore { .. }
            | Self::Record(_) => "CorruptedData",
            Self::Sequence { .. }
            | Self::Late { .. }
            | Self::BornIn { .. }
            | Self::UnknownRun(_)
            | Self::NotInState { .. }
            | Self::Mutation(_)
            | Self::Gated(_) => "InvalidTransition",
            Self::LeaseOfUnknownRun { .. } => "LeaseCausality::UnknownRun",
            Self::LeaseInState { .. } => "LeaseCausality::InvalidRunState",
            Self::NoLease { .. } => "LeaseCausality::MissingActiveLease",
            Self::AlreadyLeased(_) => "LeaseCausality::LeaseAlreadyActive",
            Self::LeaseOwner { .. } => "LeaseCausality::OwnerMismatch",
            Self::LeaseExpiry { .. } => "LeaseCausality::ExpiryMismatch",
            Self::LeaseRegression { .. } => "LeaseCausality::NonMonotonicHeartbeatExpiry",
            Self::CancelOfUnknownTask(_) => "TaskCausality::UnknownTask",
            Self::TaskCanceledBefore { .. } => "TaskCausality::AlreadyCanceled",
            Self::TaskCanceledBeforeCreation { .. } => "TaskCausality::CanceledBeforeCreation",
            Self::AlreadyPaused { .. } => "EngineControlCausality::AlreadyPaused",
            Self::NotPaused(_) => "EngineControlCausality::NotPaused",
            Self::ResumedBeforePause { .. } => "EngineControlCausality::ResumeBeforePause",
            Self::Wait(_) => "Wait",
            Self::Signal(_) => "Signal",
            Self::Admission(_) => "Admission",
        }
    }

    /// The run concerned, if any.
    #[must_use]
    pub const fn run(&self) -> Option<RunId> {
        match self {
            Self::DuplicateRun(run)
            | Self::BornIn { run, .. }
            | Self::UnknownRun(run)
            | Self::NotInState { run, .. }
            | Self::AttemptFinishedBefore { run, .. }
            | Self::LeaseOfUnknownRun { run, .. }
            | Self::LeaseInState { run, .. }
            | Self::NoLease { run, .. }
            | Self::AlreadyLeased(run)
            | Self::LeaseOwner { run, .. }
            | Self::LeaseExpiry { run, .. }
            | Self::LeaseRegression { run, .. } => Some(*run),
            Self::Mutation(error) => Some(error.run_id()),
            Self::Record(fault)
            | Self::Wait(fault)
            | Self::Signal(fault)
            | Self::Admission(fault)
            | Self::Gated(fault) => fault.run,
            _ => None,
        }
    }
}
