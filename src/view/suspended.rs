//! Why a run does not go on: what suspended it, or what it awaits, in the log's own words where it has any.
//!
//! Texts are as the log has them: not yet safe for a screen.

use crate::engine::actionqueue;
use crate::engine::actionqueue::budget::Budget;
use crate::engine::actionqueue::event::Deadline;
use crate::engine::actionqueue::waits::Target;
use crate::model::states::{Phase, State};
use crate::store::{RunKey, Store};

/// The states of the pane.
pub fn states(store: &Store) -> impl Iterator<Item = State> + Clone + use<> {
    store.states().of(Phase::Parked)
}

/// Why a run does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop<'a> {
    /// What it says.
    pub cause: Cause<'a>,
    /// The budget of its task that is used up, or else the first one.
    pub budget: Option<&'a Budget>,
    /// When the wait ends at the latest.
    pub deadline: Option<Deadline>,
}

/// What keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause<'a> {
    /// The log says so.
    Reason(&'a str),
    /// Its task has used up a budget.
    Exhausted,
    /// It waits for a signal.
    Signal {
        /// Where the signal comes from.
        namespace: &'a str,
        /// What it is.
        kind: &'a str,
        /// What it is about.
        correlation: Option<&'a str>,
    },
    /// It waits for child tasks.
    Children {
        /// How many.
        count: usize,
        /// Whether the first failure is enough.
        or_any_failed: bool,
    },
    /// The log does not say.
    Unknown,
}

impl<'a> Stop<'a> {
    /// Why a run does not go on.
    #[must_use]
    pub fn of(store: &'a Store, key: RunKey) -> Self {
        let run = store.run(key);
        let budgets = actionqueue::budgets(store, run.task);
        let exhausted = budgets.iter().find(|budget| budget.exhausted);
        let wait = actionqueue::wait(store, key);
        let cause = match (wait.map(|wait| &wait.target), run.reason) {
            (Some(Target::Signal { filter, .. }), _) => Cause::Signal {
                namespace: store.text(filter.namespace),
                kind: store.text(filter.kind),
                correlation: filter.correlation.map(|name| store.text(name)),
            },
            (Some(Target::Children { tasks, or_any_failed }), _) => {
                Cause::Children { count: tasks.len(), or_any_failed: *or_any_failed }
            }
            (None, Some(reason)) => Cause::Reason(store.text(reason)),
            (None, None) if exhausted.is_some() => Cause::Exhausted,
            (None, None) => Cause::Unknown,
        };
        Self {
            cause,
            budget: exhausted.or_else(|| budgets.first()),
            deadline: wait.and_then(|wait| wait.deadline),
        }
    }

    /// The cause in a few words, beside which the budget stands.
    #[must_use]
    pub fn words(&self) -> std::borrow::Cow<'a, str> {
        match self.cause {
            Cause::Reason(reason) => reason.into(),
            Cause::Exhausted => "used up".into(),
            Cause::Signal { namespace, kind, correlation: None } => {
                format!("signal {namespace}/{kind}").into()
            }
            Cause::Signal { namespace, kind, correlation: Some(about) } => {
                format!("signal {namespace}/{kind} {about}").into()
            }
            Cause::Children { count: 1, .. } => "a child task".into(),
            Cause::Children { count, or_any_failed: false } => format!("{count} child tasks").into(),
            Cause::Children { count, or_any_failed: true } => {
                format!("{count} child tasks, or one that fails").into()
            }
            Cause::Unknown => "?".into(),
        }
    }
}
