//! One event of a run, as its page shows it: its position, its instant and its effect.
//!
//! Built from a decoded record, and independent of it: a page keeps thousands. Texts are as in the log, not yet safe
//! for a screen. Must not know how an event is drawn.

use crate::model::deadline::Deadline;
use crate::model::facts::{AttemptResult, LeaseStep};
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::model::states::{Phase, State};
use crate::store::StateChange;

/// One event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEvent {
    /// Position of its line.
    pub place: Position,
    /// Sequence of the event, where its engine counts events.
    pub sequence: Option<u64>,
    /// Name of its kind.
    pub kind: &'static str,
    /// Instant in seconds since the Unix epoch, if the event has one; may be false.
    pub at: Option<u64>,
    /// Run that it is about, if it is about one alone.
    pub run: Option<RunId>,
    /// Effect of the event.
    pub step: RunStep,
}

/// Effect of an event on its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunStep {
    /// Created it, alone or with others.
    Created,
    /// Saved it as a whole.
    Saved {
        /// State that it is in.
        to: State,
        /// Error text, if any.
        error: Option<Box<str>>,
    },
    /// Moved it to another state.
    Moved {
        /// State before.
        from: State,
        /// State after.
        to: State,
    },
    /// Acquired, extended or ended a lease on it.
    Lease {
        /// Step of the lease.
        step: LeaseStep,
        /// Holder of the lease.
        owner: Box<str>,
        /// Instant at which the lease expires.
        expiry: u64,
    },
    /// Started an attempt.
    Started {
        /// Holder of the lease under which it was started.
        owner: Option<Box<str>>,
    },
    /// Ended an attempt.
    Finished {
        /// Result of the attempt.
        result: AttemptResult,
        /// Error text, if any.
        error: Option<Box<str>>,
        /// True if recovery after a crash ended it.
        recovered: bool,
    },
    /// Ended an attempt, with further effects.
    Disposed {
        /// Result of the attempt.
        result: AttemptResult,
        /// Error text, or reason for a suspension.
        words: Option<Box<str>>,
        /// State after.
        to: State,
        /// Deadline of the wait that it began, if any.
        deadline: Option<Deadline>,
    },
    /// Stopped it.
    Stopped {
        /// Reason, if the log gives one.
        reason: Option<Box<str>>,
        /// State after.
        to: State,
    },
    /// Resumed it.
    Resumed {
        /// State before.
        from: State,
    },
    /// Began a wait.
    Waits {
        /// Target of the wait.
        words: Box<str>,
        /// Deadline of the wait, if any.
        deadline: Option<Deadline>,
        /// State after.
        to: State,
    },
    /// Ended its wait.
    Resolved {
        /// Cause that ended it.
        by: &'static str,
        /// State before.
        from: State,
    },
    /// Canceled it, or its task.
    Canceled {
        /// True if the task was canceled, and the run with it.
        with_task: bool,
    },
    /// No effect that the page draws.
    Other,
}

impl RunEvent {
    /// Reason why the run stopped, or target of its wait; not yet safe for a screen.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.step {
            RunStep::Stopped { reason, .. } => reason.as_deref(),
            RunStep::Waits { words, .. } => Some(words),
            RunStep::Disposed { words, to, .. } if to.phase() == Phase::Parked => words.as_deref(),
            _ => None,
        }
    }

    /// True if the event is about another run, from which `run` may have been created.
    #[must_use]
    pub fn is_of_another(&self, run: RunId) -> bool {
        self.run.is_some_and(|own| own != run)
    }

    /// True if the event made this change in the life of `run`.
    #[must_use]
    pub fn made(&self, run: RunId, change: &StateChange) -> bool {
        if self.is_of_another(run) {
            return change.from.is_none();
        }
        let is_from = |state: State| change.from == Some(state);
        let is_release = || {
            let from = change.from.is_some_and(|from| from.phase() == Phase::Held);
            from && change.to.phase() == Phase::Ready
        };
        let is_then = self.at.is_none_or(|at| at == change.at);
        let is_it = match &self.step {
            RunStep::Created => change.from.is_none(),
            RunStep::Saved { to, .. } | RunStep::Moved { to, .. } | RunStep::Disposed { to, .. } => {
                change.to == *to
            }
            RunStep::Stopped { to, .. } | RunStep::Waits { to, .. } => change.to == *to,
            RunStep::Resumed { from } | RunStep::Resolved { from, .. } => is_from(*from),
            RunStep::Canceled { .. } => change.to.phase() == Phase::Canceled,
            RunStep::Lease { step: LeaseStep::Expire | LeaseStep::Release, .. } => is_release(),
            RunStep::Lease { .. } | RunStep::Started { .. } | RunStep::Finished { .. } | RunStep::Other => {
                false
            }
        };
        is_then && is_it
    }
}
