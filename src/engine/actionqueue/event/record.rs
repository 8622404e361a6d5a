//! Records inside events of 0.2 and later: admissions, starts, dispositions, waits, cancellations, signals.
//!
//! `recorded` is the sequence that a record carries inside its event: the two must agree.

use super::{Task, Text};
use crate::engine::actionqueue::run_instance::RunInstance;
use crate::engine::actionqueue::states::RunState;
use crate::model::deadline::Deadline;
use crate::model::facts::{Dimension, TaskEnd};
use crate::model::id::{AttemptId, CheckpointId, RunId, TaskId, TenantId, WaitId};

/// Lease under which an attempt may act (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence<'a> {
    /// Holder of the lease.
    pub owner: Text<'a>,
    /// Sequence of the event that granted it.
    pub granted_at: u64,
}

/// Admission of a task and its first runs, in one event (0.2 and later).
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct Admission<'a> {
    pub recorded: u64,
    pub key: Text<'a>,
    pub task: Task<'a>,
    pub dependencies: Vec<TaskId>,
    pub runs: Vec<RunInstance>,
    pub at: u64,
}

/// Wake that an attempt was started with (0.2 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// Sequence of the event that woke the run.
    pub context: u64,
    /// The attempt that had this wake before.
    pub previous: Option<AttemptId>,
    /// Reason for this delivery of the wake.
    pub delivery: SignalDelivery,
}

/// Reason for a delivery of a wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalDelivery {
    /// First delivery.
    Initial,
    /// Redelivery after a failure.
    Retry,
    /// Redelivery after a crash of the engine.
    Recovery,
}

/// Start of an attempt under a lease (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct AcceptedStart<'a> {
    pub recorded: u64,
    pub run: RunId,
    pub attempt: AttemptId,
    pub fence: Fence<'a>,
    pub assignment: Option<Assignment>,
    pub at: u64,
}

/// Outcome of an attempt, as recorded by 0.2 and later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome<'a> {
    /// It succeeded.
    Complete,
    /// It failed and may be tried again.
    RetryableFailure(Text<'a>),
    /// It failed for good.
    TerminalFailure(Text<'a>),
    /// It ran out of time.
    Timeout(Text<'a>),
    /// It was preempted, for this reason.
    Suspended(Option<Text<'a>>),
    /// It yielded to wait.
    Awaiting,
}

/// End of an attempt and all of its effects, in one event (0.2 and later).
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct Disposition<'a> {
    pub recorded: u64,
    pub run: RunId,
    pub attempt: AttemptId,
    pub fence: Fence<'a>,
    pub outcome: AttemptOutcome<'a>,
    pub output: Option<Vec<u8>>,
    pub checkpoint: Option<Checkpoint>,
    pub wait: Option<Wait<'a>>,
    pub children: Vec<Admission<'a>>,
    pub signals: Vec<Signal<'a>>,
    pub consumption: Vec<(Dimension, u64)>,
    pub target: RunState,
    pub failures: u32,
    pub at: u64,
}

/// Checkpoint that a run saved before it yielded (0.2 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Id of the checkpoint.
    pub id: CheckpointId,
    /// The attempt that saved it.
    pub by: AttemptId,
}

/// Wait of a run: its target and its deadline (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait<'a> {
    /// Id of the wait.
    pub id: WaitId,
    /// Target that ends it.
    pub target: WaitTarget<'a>,
    /// Latest end.
    pub deadline: Option<Deadline>,
}

/// Target of a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitTarget<'a> {
    /// A matching signal, later than `after` in the order of signals.
    Signal {
        /// Filter that the signal must match.
        filter: SignalFilter<'a>,
        /// Number of the signal after which signals count.
        after: u64,
    },
    /// Child tasks that end.
    Children {
        /// The tasks, in order of their ids.
        tasks: Vec<TaskId>,
        /// True if the first failure ends the wait too.
        or_any_failed: bool,
    },
}

/// Filter for signals. `None` matches any value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's filter")]
pub struct SignalFilter<'a> {
    pub tenant: Option<TenantId>,
    pub namespace: Text<'a>,
    pub kind: Text<'a>,
    pub correlation: Option<Text<'a>>,
    pub source: Option<Text<'a>>,
}

/// A wait established by an event of its own (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct EstablishedWait<'a> {
    pub recorded: u64,
    pub run: RunId,
    pub attempt: AttemptId,
    pub fence: Fence<'a>,
    pub wait: Wait<'a>,
    pub checkpoint: Option<Checkpoint>,
    pub resolved: bool,
    pub at: u64,
}

/// End of a wait (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct WaitResolution {
    pub recorded: u64,
    pub run: RunId,
    pub wait: WaitId,
    pub by: ResolvedBy,
    pub at: u64,
}

/// Cause that ended a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedBy {
    /// The signal with this number.
    Signal(u64),
    /// Children that ended, with their ends.
    Children(Vec<(TaskId, TaskEnd)>),
    /// The deadline.
    Deadline,
    /// An operator who resumed the run.
    Control,
    /// A cancellation.
    Canceled,
}

/// Cancellation of a task or a run (0.2 and later). It does not record the state before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct Cancellation {
    pub recorded: u64,
    pub target: CancelTarget,
    pub tenant: Option<TenantId>,
    pub at: u64,
}

/// Target of a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CancelTarget {
    /// A task and all of its runs.
    Task(TaskId),
    /// One run.
    Run(RunId),
}

/// An admitted signal (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct Signal<'a> {
    /// Number in the order of signals.
    pub number: u64,
    pub recorded: u64,
    pub id: Text<'a>,
    /// Source and subject; `correlation` and `source` are the signal's own.
    pub envelope: SignalFilter<'a>,
    pub received_at: u64,
    /// True if the record is already retired or pinned, which no admission may be.
    pub is_retired_or_pinned: bool,
}
