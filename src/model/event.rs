//! What happened, as the reducer needs it: one event of a log, whichever vocabulary spelled it.
//!
//! Texts borrow from the line that they were read from. Facts that no rule and no pane uses are left out.
//! Must not know JSON, nor what an event does to a run.

use std::borrow::Cow;

use super::id::{AttemptId, CheckpointId, RunId, TaskId, TenantId, WaitId};
use super::run::RunInstance;
use super::state::RunState;

/// A text of a log, borrowed while it is not kept.
pub type Text<'a> = Cow<'a, str>;

/// Which engine's events a log speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// ActionQueue 0.1: nine states, 31 kinds of events.
    Aq01,
    /// ActionQueue 0.2 and later: ten states, 46 kinds of events.
    Aq02,
}

impl Vocabulary {
    /// The engine and its versions, for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Aq01 => "ActionQueue 0.1",
            Self::Aq02 => "ActionQueue 0.2+",
        }
    }
}

macro_rules! kinds {
    ($($name:ident)+) => {
        /// The kind of an event, under the name that logs give it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "each is the log's own name")]
        pub enum EventKind { $($name,)+ }

        impl EventKind {
            /// Every kind: first the 31 of 0.1, then the 15 that 0.2 added.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The log's name for it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

kinds! {
    TaskCreated RunCreated RunStateChanged AttemptStarted AttemptFinished TaskCanceled RunCanceled
    LeaseAcquired LeaseHeartbeat LeaseExpired LeaseReleased EnginePaused EngineResumed DependencyDeclared
    RunSuspended RunResumed BudgetAllocated BudgetConsumed BudgetExhausted BudgetReplenished
    SubscriptionCreated SubscriptionTriggered SubscriptionCanceled ActorRegistered ActorDeregistered
    ActorHeartbeat TenantCreated RoleAssigned CapabilityGranted CapabilityRevoked LedgerEntryAppended
    AttemptDispositionCommitted AcceptedAttemptStarted AttemptClosed WaitEstablished WaitSatisfied
    WaitTimedOut WaitCanceled TaskCancellationCommitted RunCancellationCommitted SignalAdmitted SignalPinned
    SignalUnpinned SignalsRetired AdmissionCommitted StoreInitialized
}

impl EventKind {
    /// How many of [`EventKind::ALL`] the vocabulary 0.1 has.
    pub const IN_AQ01: usize = 31;

    /// Finds the kind that `vocabulary` calls `name`.
    #[must_use]
    pub fn from_name(name: &str, vocabulary: Vocabulary) -> Option<Self> {
        let known = match vocabulary {
            Vocabulary::Aq01 => &Self::ALL[..Self::IN_AQ01],
            Vocabulary::Aq02 => Self::ALL,
        };
        known.iter().copied().find(|kind| kind.name() == name)
    }
}

/// One event of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event<'a> {
    /// Its place in the log's order: rises strictly, gaps are legal.
    pub sequence: u64,
    /// What kind of event it is.
    pub kind: EventKind,
    /// What it says.
    pub body: Body<'a>,
}

/// What an event says. `at` is seconds since the Unix epoch, and may lie.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields are those of the engine's event of the same name")]
pub enum Body<'a> {
    TaskCreated {
        task: Box<Task<'a>>,
        at: u64,
    },
    RunCreated {
        run: RunInstance,
    },
    RunStateChanged {
        run: RunId,
        from: RunState,
        to: RunState,
        at: u64,
    },
    AttemptStarted {
        run: RunId,
        attempt: AttemptId,
        at: u64,
    },
    AttemptFinished(Finish<'a>),
    TaskCanceled {
        task: TaskId,
        at: u64,
    },
    RunCanceled {
        run: RunId,
        at: u64,
    },
    Lease {
        step: LeaseStep,
        run: RunId,
        owner: Text<'a>,
        expiry: u64,
        at: u64,
    },
    EnginePaused {
        at: u64,
    },
    EngineResumed {
        at: u64,
    },
    DependencyDeclared {
        task: TaskId,
        on: Vec<TaskId>,
    },
    RunSuspended {
        run: RunId,
        reason: Option<Text<'a>>,
        at: u64,
    },
    RunResumed {
        run: RunId,
        at: u64,
    },
    BudgetAllocated {
        task: TaskId,
        dimension: Dimension,
        limit: u64,
        at: u64,
    },
    BudgetConsumed {
        task: TaskId,
        dimension: Dimension,
        amount: u64,
    },
    BudgetExhausted {
        task: TaskId,
        dimension: Dimension,
    },
    BudgetReplenished {
        task: TaskId,
        dimension: Dimension,
        limit: u64,
    },
    TenantCreated {
        tenant: TenantId,
    },
    /// Subscriptions, actors, roles, grants and the ledger: accepted, and no run moves.
    Elsewhere,
    AdmissionCommitted(Box<Admission<'a>>),
    AcceptedAttemptStarted(Box<AcceptedStart<'a>>),
    AttemptDispositionCommitted(Box<Disposition<'a>>),
    AttemptClosed {
        finish: Finish<'a>,
        recovery: bool,
    },
    WaitEstablished(Box<EstablishedWait<'a>>),
    WaitResolved(Box<WaitResolution>),
    CancellationCommitted(Cancellation),
    SignalAdmitted(Box<Signal<'a>>),
    SignalPinMoved {
        acquired: bool,
        tenant: Option<TenantId>,
        signal: Text<'a>,
        pin: Text<'a>,
        recorded: u64,
    },
    SignalsRetired {
        tenant: Option<TenantId>,
        signals: Vec<u64>,
        recorded: u64,
        at: u64,
    },
    StoreInitialized,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum AttemptResult {
    /// It succeeded.
    Success,
    /// It failed.
    Failure,
    /// It ran out of time.
    Timeout,
    /// It was preempted; it does not count against the cap.
    Suspended,
    /// It yielded to wait (0.2 and later); it does not count either.
    Awaiting,
}

impl AttemptResult {
    /// Every result.
    pub const ALL: [Self; 5] = [Self::Success, Self::Failure, Self::Timeout, Self::Suspended, Self::Awaiting];

    /// The log's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::Timeout => "Timeout",
            Self::Suspended => "Suspended",
            Self::Awaiting => "Awaiting",
        }
    }

    /// Whether such an attempt uses up one of `max_attempts`.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failure | Self::Timeout)
    }
}

/// What a budget is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Dimension {
    /// Tokens.
    Token,
    /// Hundredths of a cent.
    CostCents,
    /// Seconds.
    TimeSecs,
}

impl Dimension {
    /// The log's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "Token",
            Self::CostCents => "CostCents",
            Self::TimeSecs => "TimeSecs",
        }
    }
}

/// One step in the life of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseStep {
    /// A worker took the run.
    Acquire,
    /// It asked for more time.
    Heartbeat,
    /// Its time ran out.
    Expire,
    /// It gave the run back.
    Release,
}

/// How often a task runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunPolicy {
    /// Once.
    Once,
    /// `count` times.
    Repeat {
        /// How often.
        count: u32,
        /// Seconds between two runs.
        interval_secs: u64,
    },
    /// At the instants of a cron expression.
    Cron {
        /// The expression, seconds first.
        expression: Box<str>,
        /// How often at most.
        max_occurrences: Option<u32>,
    },
}

/// A task as its creation states it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's task spec")]
pub struct Task<'a> {
    pub id: TaskId,
    pub description: Option<Text<'a>>,
    pub tags: Vec<Text<'a>>,
    pub priority: i32,
    pub policy: RunPolicy,
    pub max_attempts: u32,
    pub timeout_secs: Option<u64>,
    pub concurrency_key: Option<Text<'a>>,
    /// Whether the key is free while a run waits for a retry.
    pub releases_key_on_retry: bool,
    /// Whether the key is free while a run awaits (0.2 and later).
    pub releases_key_while_awaiting: bool,
    pub parent: Option<TaskId>,
    /// Whether the parent may complete without it (0.2 and later).
    pub detached: bool,
    pub tenant: Option<TenantId>,
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's event")]
pub struct Finish<'a> {
    pub run: RunId,
    pub attempt: AttemptId,
    pub result: AttemptResult,
    pub error: Option<Text<'a>>,
    pub output: Option<Vec<u8>>,
    pub at: u64,
}

/// The lease under which an attempt may act (0.2 and later).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence<'a> {
    /// Who holds the lease.
    pub owner: Text<'a>,
    /// The sequence of the event that granted it.
    pub granted_at: u64,
}

/// A task and its first runs, in one event (0.2 and later).
///
/// `recorded`, here and below, is the sequence that the record carries inside its event: they must agree.
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
    pub delivery: Delivery,
}

/// How often a wake was delivered, and why again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
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
pub enum Outcome<'a> {
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
    pub outcome: Outcome<'a>,
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

/// When a wait ends at the latest, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The instant.
    pub at: u64,
    /// What then becomes of the run.
    pub then: RunState,
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

/// How a task ended (0.2 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskEnd {
    /// At least one of its runs completed.
    Succeeded,
    /// All of its runs ended and none completed.
    Failed,
    /// It was canceled.
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
    pub worn: bool,
}
