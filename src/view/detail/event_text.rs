//! One event of a run, as far as its page tells of it: where it stands, when it was, and what it did.
//!
//! Made of a decoded line, and free of it: a page keeps thousands. Texts are as the log has them, not yet safe for
//! a screen. Must not know how a moment is drawn.

use crate::model::event::{
    Admission, Body, CancelTarget, Deadline, Disposition, Event, EventKind, Finish, Outcome, ResolvedBy,
    Wait, WaitTarget,
};
use crate::model::facts::{AttemptResult, LeaseStep};
use crate::model::id::{RunId, TaskId};
use crate::model::position::Position;
use crate::model::state::RunState;
use crate::model::states::{Phase, State};
use crate::store::StateChange;

/// One event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Where its line stands.
    pub place: Position,
    /// Its sequence.
    pub sequence: u64,
    /// Its kind.
    pub kind: EventKind,
    /// When it was, in seconds since the Unix epoch, if it says so; may lie.
    pub at: Option<u64>,
    /// The run that it is about, when it is about one alone.
    pub run: Option<RunId>,
    /// What it did.
    pub step: Step,
}

/// What an event did to its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Created it, alone or with others.
    Created,
    /// Moved it.
    Moved {
        /// From where.
        from: State,
        /// To where.
        to: State,
    },
    /// Took, kept or ended a lease on it.
    Lease {
        /// Which of these.
        step: LeaseStep,
        /// Who holds it.
        owner: Box<str>,
        /// When it lapses.
        expiry: u64,
    },
    /// Began an attempt.
    Started {
        /// The holder of the lease that it was begun under (0.2 and later).
        owner: Option<Box<str>>,
    },
    /// Ended an attempt.
    Finished {
        /// How.
        result: AttemptResult,
        /// What went wrong.
        error: Option<Box<str>>,
        /// Whether a recovery after a crash ended it (0.2 and later).
        recovered: bool,
    },
    /// Ended an attempt and all that hung on it (0.2 and later).
    Disposed {
        /// How.
        result: AttemptResult,
        /// What went wrong, or why it stopped.
        words: Option<Box<str>>,
        /// The state that the run went to.
        to: State,
        /// When its wait ends at the latest, if it waits now.
        deadline: Option<Deadline>,
    },
    /// Stopped it.
    Suspended {
        /// Why, if the log says so.
        reason: Option<Box<str>>,
    },
    /// Let it go on.
    Resumed,
    /// Made it wait (0.2 and later).
    Waits {
        /// For what.
        words: Box<str>,
        /// Until when.
        deadline: Option<Deadline>,
    },
    /// Ended its wait (0.2 and later).
    Resolved {
        /// By what.
        by: &'static str,
    },
    /// Canceled it, or its task.
    Canceled {
        /// Whether the task was canceled, and the run with it.
        with_task: bool,
    },
    /// Nothing that the page draws.
    Other,
}

impl Moment {
    /// What `event`, whose line stands at `place`, did.
    #[must_use]
    pub fn of(place: Position, event: &Event<'_>) -> Self {
        let (at, step) = read(&event.body);
        Self { place, sequence: event.sequence, kind: event.kind, at, run: event.body.run(), step }
    }

    /// What `event` did to a run of a task, if it concerns it.
    #[must_use]
    pub fn concerning(run: RunId, task: TaskId, place: Position, event: &Event<'_>) -> Option<Self> {
        let admits = |admission: &Admission<'_>| admission.runs.iter().any(|it| it.id() == run);
        let is_of_it = match &event.body {
            Body::AdmissionCommitted(admission) => admits(admission),
            Body::AttemptDispositionCommitted(said) => said.run == run || said.children.iter().any(admits),
            Body::TaskCanceled { task: it, .. } => *it == task,
            Body::CancellationCommitted(said) => {
                [CancelTarget::Run(run), CancelTarget::Task(task)].contains(&said.target)
            }
            body => body.run() == Some(run),
        };
        is_of_it.then(|| Self::of(place, event))
    }

    /// Why the run stopped, or what it waits for; not yet safe for a screen.
    pub(super) fn reason(&self) -> Option<&str> {
        match &self.step {
            Step::Suspended { reason } => reason.as_deref(),
            Step::Waits { words, .. } => Some(words),
            Step::Disposed { words, to, .. } if to.phase() == Phase::Parked => words.as_deref(),
            _ => None,
        }
    }

    /// Whether it speaks of another run, from which `run` may have come.
    pub(super) fn is_of_another(&self, run: RunId) -> bool {
        self.run.is_some_and(|own| own != run)
    }

    /// Whether this made the change in the life of `run`.
    pub(super) fn made(&self, run: RunId, change: &StateChange) -> bool {
        if self.is_of_another(run) {
            return change.from.is_none();
        }
        let is_from = |state: RunState| change.from.is_some_and(|from| from == state);
        let is_then = self.at.is_none_or(|at| at == change.at);
        let is_it = match &self.step {
            Step::Created => change.from.is_none(),
            Step::Moved { to, .. } | Step::Disposed { to, .. } => change.to == *to,
            Step::Suspended { .. } => change.to == RunState::Suspended,
            Step::Resumed => is_from(RunState::Suspended),
            Step::Waits { .. } => change.to == RunState::Awaiting,
            Step::Resolved { .. } => is_from(RunState::Awaiting),
            Step::Canceled { .. } => change.to == RunState::Canceled,
            Step::Lease { step: LeaseStep::Expire | LeaseStep::Release, .. } => {
                is_from(RunState::Leased) && change.to == RunState::Ready
            }
            Step::Lease { .. } | Step::Started { .. } | Step::Finished { .. } | Step::Other => false,
        };
        is_then && is_it
    }
}

fn read(body: &Body<'_>) -> (Option<u64>, Step) {
    match body {
        Body::RunCreated { run } => (Some(run.created_at()), Step::Created),
        Body::AdmissionCommitted(admission) => admitted(admission),
        Body::RunStateChanged { from, to, at, .. } => {
            (Some(*at), Step::Moved { from: from.state(), to: to.state() })
        }
        Body::AttemptStarted { at, .. } => (Some(*at), Step::Started { owner: None }),
        Body::AcceptedAttemptStarted(start) => {
            (Some(start.at), Step::Started { owner: Some(start.fence.owner.as_ref().into()) })
        }
        Body::AttemptFinished(finish) => finished(finish, false),
        Body::AttemptClosed { finish, recovery } => finished(finish, *recovery),
        Body::AttemptDispositionCommitted(disposition) => disposed(disposition),
        Body::Lease { step, owner, expiry, at, .. } => {
            (Some(*at), Step::Lease { step: *step, owner: owner.as_ref().into(), expiry: *expiry })
        }
        Body::RunSuspended { reason, at, .. } => {
            (Some(*at), Step::Suspended { reason: reason.as_deref().map(Into::into) })
        }
        Body::RunResumed { at, .. } => (Some(*at), Step::Resumed),
        Body::WaitEstablished(wait) => {
            (Some(wait.at), Step::Waits { words: awaited(&wait.wait).into(), deadline: wait.wait.deadline })
        }
        Body::WaitResolved(resolution) => (Some(resolution.at), Step::Resolved { by: by(&resolution.by) }),
        Body::RunCanceled { at, .. } => (Some(*at), Step::Canceled { with_task: false }),
        Body::TaskCanceled { at, .. } => (Some(*at), Step::Canceled { with_task: true }),
        Body::CancellationCommitted(said) => {
            (Some(said.at), Step::Canceled { with_task: matches!(said.target, CancelTarget::Task(_)) })
        }
        Body::TaskCreated { at, .. }
        | Body::EnginePaused { at }
        | Body::EngineResumed { at }
        | Body::BudgetAllocated { at, .. }
        | Body::SignalsRetired { at, .. } => (Some(*at), Step::Other),
        Body::SignalAdmitted(signal) => (Some(signal.received_at), Step::Other),
        Body::DependencyDeclared { .. }
        | Body::BudgetConsumed { .. }
        | Body::BudgetExhausted { .. }
        | Body::BudgetReplenished { .. }
        | Body::TenantCreated { .. }
        | Body::Elsewhere
        | Body::SignalPinMoved { .. }
        | Body::StoreInitialized => (None, Step::Other),
    }
}

fn admitted(admission: &Admission<'_>) -> (Option<u64>, Step) {
    let created = admission.runs.first().map_or(admission.at, crate::model::run::RunInstance::created_at);
    (Some(created), Step::Created)
}

fn finished(finish: &Finish<'_>, recovered: bool) -> (Option<u64>, Step) {
    let error = finish.error.as_deref().map(Into::into);
    (Some(finish.at), Step::Finished { result: finish.result, error, recovered })
}

fn disposed(disposition: &Disposition<'_>) -> (Option<u64>, Step) {
    let (result, words) = match &disposition.outcome {
        Outcome::Complete => (AttemptResult::Success, None),
        Outcome::RetryableFailure(error) | Outcome::TerminalFailure(error) => {
            (AttemptResult::Failure, Some(error.as_ref().into()))
        }
        Outcome::Timeout(error) => (AttemptResult::Timeout, Some(error.as_ref().into())),
        Outcome::Suspended(reason) => (AttemptResult::Suspended, reason.as_deref().map(Into::into)),
        Outcome::Awaiting => {
            (AttemptResult::Awaiting, disposition.wait.as_ref().map(|wait| awaited(wait).into()))
        }
    };
    let deadline = disposition.wait.as_ref().and_then(|wait| wait.deadline);
    (Some(disposition.at), Step::Disposed { result, words, to: disposition.target.state(), deadline })
}

fn awaited(wait: &Wait<'_>) -> String {
    match &wait.target {
        WaitTarget::Signal { filter, .. } => {
            let about = filter.correlation.as_ref().map_or_else(String::new, |about| format!(" {about}"));
            format!("signal {}/{}{about}", filter.namespace, filter.kind)
        }
        WaitTarget::Children { tasks, or_any_failed } => {
            let or = if *or_any_failed { ", or one that fails" } else { "" };
            format!("{} child tasks{or}", tasks.len())
        }
    }
}

const fn by(by: &ResolvedBy) -> &'static str {
    match by {
        ResolvedBy::Signal(_) => "by a signal",
        ResolvedBy::Children(_) => "by its child tasks",
        ResolvedBy::Deadline => "by its deadline",
        ResolvedBy::Control => "by an operator",
        ResolvedBy::Canceled => "by a cancellation",
    }
}
