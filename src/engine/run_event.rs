//! One event of a run, as far as its page tells of it: where it stands, when it was, and what it did.
//!
//! Made of a decoded record, and free of it: a page keeps thousands. Texts are as the log has them, not yet safe for
//! a screen. Must not know how an event is drawn.

use crate::model::deadline::Deadline;
use crate::model::facts::{AttemptResult, LeaseStep};
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::model::states::{Phase, State};
use crate::store::StateChange;

/// One event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEvent {
    /// Where its line stands.
    pub place: Position,
    /// Its sequence.
    pub sequence: u64,
    /// The name of its kind.
    pub kind: &'static str,
    /// When it was, in seconds since the Unix epoch, if it says so; may lie.
    pub at: Option<u64>,
    /// The run that it is about, when it is about one alone.
    pub run: Option<RunId>,
    /// What it did.
    pub step: RunStep,
}

/// What an event did to its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunStep {
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
        /// The holder of the lease that it was begun under.
        owner: Option<Box<str>>,
    },
    /// Ended an attempt.
    Finished {
        /// How.
        result: AttemptResult,
        /// What went wrong.
        error: Option<Box<str>>,
        /// Says whether a recovery after a crash ended it.
        recovered: bool,
    },
    /// Ended an attempt and all that hung on it.
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
    Stopped {
        /// Why, if the log says so.
        reason: Option<Box<str>>,
        /// The state that it went to.
        to: State,
    },
    /// Resumed it.
    Resumed {
        /// The state that it was in.
        from: State,
    },
    /// Made it wait.
    Waits {
        /// For what.
        words: Box<str>,
        /// Until when.
        deadline: Option<Deadline>,
        /// The state that it went to.
        to: State,
    },
    /// Ended its wait.
    Resolved {
        /// By what.
        by: &'static str,
        /// The state that it was in.
        from: State,
    },
    /// Canceled it, or its task.
    Canceled {
        /// Says whether the task was canceled, and the run with it.
        with_task: bool,
    },
    /// Nothing that the page draws.
    Other,
}

impl RunEvent {
    /// Why the run stopped, or what it waits for; not yet safe for a screen.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.step {
            RunStep::Stopped { reason, .. } => reason.as_deref(),
            RunStep::Waits { words, .. } => Some(words),
            RunStep::Disposed { words, to, .. } if to.phase() == Phase::Parked => words.as_deref(),
            _ => None,
        }
    }

    /// Is true of an event that speaks of another run, from which `run` may have come.
    #[must_use]
    pub fn is_of_another(&self, run: RunId) -> bool {
        self.run.is_some_and(|own| own != run)
    }

    /// Is true of the event that made the change in the life of `run`.
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
            RunStep::Moved { to, .. } | RunStep::Disposed { to, .. } => change.to == *to,
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
