//! The reason why a parked run does not go on, beside the budget of its task.
//!
//! Texts are as the log has them: not yet safe for a screen.

use crate::engine;
use crate::model::facts::Budget;
use crate::model::states::{Phase, State};
use crate::store::{RunKey, Store};

/// The states of the pane.
pub fn states(store: &Store) -> impl Iterator<Item = State> + Clone + use<> {
    store.states().of(Phase::Parked)
}

/// The reason of a stop, as the log has it, and the budget of the run's task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop<'a> {
    reason: Option<&'a str>,
    /// The budget of its task that is used up, or else the first one.
    pub budget: Option<&'a Budget>,
}

impl<'a> Stop<'a> {
    /// The stop of a run.
    #[must_use]
    pub fn of(store: &'a Store, key: RunKey) -> Self {
        let run = store.run(key);
        let budgets = engine::budgets(store, run.task);
        let exhausted = budgets.iter().find(|budget| budget.exhausted);
        Self {
            reason: run.reason.map(|reason| store.text(reason)),
            budget: exhausted.or_else(|| budgets.first()),
        }
    }

    /// The reason in a few words, for a row that shows the budget too.
    #[must_use]
    pub fn words(&self) -> &'a str {
        match self.reason {
            Some(reason) => reason,
            None if self.budget.is_some_and(|budget| budget.exhausted) => "used up",
            None => "?",
        }
    }
}
