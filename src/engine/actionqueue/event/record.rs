//! The records that events of 0.2 and later carry: admissions, starts, dispositions, waits, cancellations, signals.
//!
//! `recorded` is the sequence that a record carries inside its event: the two must agree.

use super::{Task, Text};
use crate::engine::actionqueue::run_instance::RunInstance;
use crate::engine::actionqueue::states::RunState;
use crate::model::deadline::Deadline;
use crate::model::facts::{Dimension, TaskEnd};
use crate::model::id::{AttemptId, CheckpointId, RunId, TaskId, TenantId, WaitId};

/// The lease under which an attempt may act (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence<'a> {
    /// Who holds the lease.
    pub owner: Text<'a>,
    /// The sequence of the event that granted it.
    pub granted_at: u64,
}

/// A task and its first runs, in one event (0.2 and later).
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

/// Which wake an attempt was started with (0.2 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The sequence of the event that woke the run.
    pub context: u64,
    /// The attempt that had this wake before.
    pub previous: Option<AttemptId>,
    /// Whether this is the first delivery of the wake, or a later one.
    pub delivery: SignalDelivery,
}

/// How often a wake was delivered, and why again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalDelivery {
    /// For the first time.
    Initial,
    /// Again after a failure.
    Retry,
    /// Again after the engine crashed.
    Recovery,
}

/// The start of an attempt under a lease (0.2 and later).
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

/// How an attempt ended, in the words of 0.2 and later.
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

/// The end of an attempt and all that it changes, in one event (0.2 and later).
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

/// What a run saved before it yielded (0.2 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names it.
    pub id: CheckpointId,
    /// The attempt that saved it.
    pub by: AttemptId,
}

/// What a run waits for, and until when (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait<'a> {
    /// Names it.
    pub id: WaitId,
    /// What ends it.
    pub target: WaitTarget<'a>,
    /// When it ends at the latest.
    pub deadline: Option<Deadline>,
}

/// What ends a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitTarget<'a> {
    /// A signal that matches, later than `after` in the order of signals.
    Signal {
        /// What it must match.
        filter: SignalFilter<'a>,
        /// Only signals after this one count.
        after: u64,
    },
    /// Child tasks that end.
    Children {
        /// Which ones, in order of their ids.
        tasks: Vec<TaskId>,
        /// Whether the first failure ends the wait too.
        or_any_failed: bool,
    },
}

/// Which signals match a wait. `None` matches any.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's filter")]
pub struct SignalFilter<'a> {
    pub tenant: Option<TenantId>,
    pub namespace: Text<'a>,
    pub kind: Text<'a>,
    pub correlation: Option<Text<'a>>,
    pub source: Option<Text<'a>>,
}

/// A wait that was established by an event of its own (0.2 and later).
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

/// How a wait ended (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct WaitResolution {
    pub recorded: u64,
    pub run: RunId,
    pub wait: WaitId,
    pub by: ResolvedBy,
    pub at: u64,
}

/// What ended a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedBy {
    /// The signal with this number.
    Signal(u64),
    /// Children that ended, and how.
    Children(Vec<(TaskId, TaskEnd)>),
    /// The deadline.
    Deadline,
    /// An operator who let the run go on.
    Control,
    /// A cancellation.
    Canceled,
}

/// A cancellation of a task or a run (0.2 and later). It does not say the state before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct Cancellation {
    pub recorded: u64,
    pub target: CancelTarget,
    pub tenant: Option<TenantId>,
    pub at: u64,
}

/// What was canceled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CancelTarget {
    /// A task and all of its runs.
    Task(TaskId),
    /// One run.
    Run(RunId),
}

/// A signal that was admitted (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct Signal<'a> {
    /// Its number in the order of signals.
    pub number: u64,
    pub recorded: u64,
    pub id: Text<'a>,
    /// Whom it comes from and what it says; `correlation` and `source` are its own.
    pub envelope: SignalFilter<'a>,
    pub received_at: u64,
    /// Whether the record is already retired or pinned, which no admission may be.
    pub is_retired_or_pinned: bool,
}
