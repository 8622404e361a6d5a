//! Events of a log, independent of the vocabulary that spelled them, as input of the rules.
//!
//! Texts borrow from the line. Fields that no rule and no pane uses are omitted. Must not know JSON, nor the effect
//! of an event on a run.

mod record;

pub use record::{
    AcceptedStart, Admission, Assignment, AttemptOutcome, CancelTarget, Cancellation, Checkpoint,
    Disposition, EstablishedWait, Fence, ResolvedBy, Signal, SignalDelivery, SignalFilter, Wait,
    WaitResolution, WaitTarget,
};

use super::run_instance::RunInstance;
use super::states::RunState;
use crate::model::facts::{AttemptResult, Dimension, LeaseStep};
use crate::model::id::{AttemptId, RunId, TaskId, TenantId};
use crate::model::kind::KindId;
use crate::model::task::{Task, Text};

/// Vocabulary of a log: the set of event kinds and their spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// ActionQueue 0.1: nine states, 31 kinds of events.
    Aq01,
    /// ActionQueue 0.2 and later: ten states, 46 kinds of events.
    Aq02,
}

impl Vocabulary {
    /// Engine and versions, for people.
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
        /// Kind of an event, under its name in the log.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "each is the log's own name")]
        pub enum EventKind { $($name,)+ }

        impl EventKind {
            /// Every kind: first the 31 of 0.1, then the 15 that 0.2 added.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Name in the log.
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
    /// Number of kinds in vocabulary 0.1, the first in [`EventKind::ALL`].
    pub const IN_AQ01: usize = 31;

    /// Index in [`EventKind::ALL`], as the store keeps it.
    #[must_use]
    #[inline]
    pub const fn id(self) -> KindId {
        KindId::new(self as u8)
    }

    /// The kind at this index; `None` beyond [`EventKind::ALL`].
    #[must_use]
    pub fn of(id: KindId) -> Option<Self> {
        Self::ALL.get(id.index()).copied()
    }

    /// The kind that `vocabulary` calls `name`.
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
    /// Position in the log's order: strictly rising, gaps are legal.
    pub sequence: u64,
    /// Kind of the event.
    pub kind: EventKind,
    /// Body of the event.
    pub body: Body<'a>,
}

/// Body of an event. `at` is seconds since the Unix epoch, and may be false.
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
    /// Subscriptions, actors, roles, grants and the ledger: accepted, without effect on a run.
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

impl Body<'_> {
    /// Run that the event concerns, if it is one that may exist already.
    #[must_use]
    pub fn run(&self) -> Option<RunId> {
        match self {
            Self::RunStateChanged { run, .. }
            | Self::AttemptStarted { run, .. }
            | Self::RunCanceled { run, .. }
            | Self::Lease { run, .. }
            | Self::RunSuspended { run, .. }
            | Self::RunResumed { run, .. } => Some(*run),
            Self::AttemptFinished(finish) | Self::AttemptClosed { finish, .. } => Some(finish.run),
            Self::RunCreated { run } => Some(run.id()),
            Self::AcceptedAttemptStarted(start) => Some(start.run),
            Self::AttemptDispositionCommitted(disposition) => Some(disposition.run),
            Self::WaitEstablished(wait) => Some(wait.run),
            Self::WaitResolved(resolution) => Some(resolution.run),
            _ => None,
        }
    }

    /// Instant of the event, as recorded by itself; `None` for kinds without one.
    #[must_use]
    pub fn at(&self) -> Option<u64> {
        match self {
            Self::TaskCreated { at, .. }
            | Self::RunStateChanged { at, .. }
            | Self::AttemptStarted { at, .. }
            | Self::TaskCanceled { at, .. }
            | Self::RunCanceled { at, .. }
            | Self::Lease { at, .. }
            | Self::EnginePaused { at }
            | Self::EngineResumed { at }
            | Self::RunSuspended { at, .. }
            | Self::RunResumed { at, .. }
            | Self::BudgetAllocated { at, .. }
            | Self::SignalsRetired { at, .. } => Some(*at),
            Self::RunCreated { run } => Some(run.created_at()),
            Self::AttemptFinished(finish) | Self::AttemptClosed { finish, .. } => Some(finish.at),
            Self::AdmissionCommitted(admission) => Some(admission.at),
            Self::AcceptedAttemptStarted(start) => Some(start.at),
            Self::AttemptDispositionCommitted(disposition) => Some(disposition.at),
            Self::WaitEstablished(wait) => Some(wait.at),
            Self::WaitResolved(resolution) => Some(resolution.at),
            Self::CancellationCommitted(cancellation) => Some(cancellation.at),
            Self::SignalAdmitted(signal) => Some(signal.received_at),
            Self::DependencyDeclared { .. }
            | Self::BudgetConsumed { .. }
            | Self::BudgetExhausted { .. }
            | Self::BudgetReplenished { .. }
            | Self::TenantCreated { .. }
            | Self::Elsewhere
            | Self::SignalPinMoved { .. }
            | Self::StoreInitialized => None,
        }
    }

    /// Task that the event creates or adds a run to.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskCreated { task, .. } => Some(task.id),
            Self::RunCreated { run } => Some(run.task_id()),
            _ => None,
        }
    }
}

/// End of one attempt.
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
