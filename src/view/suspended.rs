//! Why a parked run does not go on, beside the budget of its task.
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

/// Why a run was stopped, as the log says it, and the budget of its task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop<'a> {
    reason: Option<&'a str>,
    /// The budget of its task that is used up, or else the first one.
    pub budget: Option<&'a Budget>,
}

impl<'a> Stop<'a> {
    /// Why a run does not go on.
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

    /// The reason in a few words, beside which the budget stands.
    #[must_use]
    pub fn words(&self) -> &'a str {
        match self.reason {
            Some(reason) => reason,
            None if self.budget.is_some_and(|budget| budget.exhausted) => "used up",
            None => "?",
        }
    }
}
