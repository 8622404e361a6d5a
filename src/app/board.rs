//! The panes: which one has the keys, and where each stands.

use crate::model::id::RunId;
use crate::model::state::RunState;
use crate::store::Store;
use crate::view::problems::ProblemCursor;
use crate::view::{Fold, Layout, List, Pane, suspended};

/// The panes.
#[derive(Debug)]
pub struct Board {
    /// The pane that has the keys.
    pub focus: Pane,
    /// Whether it has the screen for itself.
    pub zoomed: bool,
    /// Runs by state.
    pub runs: List,
    /// Runs that are suspended or awaiting.
    pub suspended: List,
    /// The problems of the log.
    pub problems: ProblemCursor,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            focus: Pane::Runs,
            zoomed: false,
            runs: List::new(&RunState::LANES, Fold::Peek),
            suspended: List::new(suspended::STATES, Fold::Open),
            problems: ProblemCursor::default(),
        }
    }
}

impl Board {
    /// The run under the cursor of the pane that has the keys.
    #[must_use]
    pub fn selected(&self, store: &Store) -> Option<RunId> {
        match self.focus {
            Pane::Runs => self.runs.selected(),
            Pane::Suspended => self.suspended.selected(),
            Pane::Attempts | Pane::Charts => None,
            Pane::Problems => self.problems.problem(store)?.run,
        }
    }

    pub(super) const fn list_mut(&mut self) -> Option<&mut List> {
        match self.focus {
            Pane::Runs => Some(&mut self.runs),
            Pane::Suspended => Some(&mut self.suspended),
            Pane::Attempts | Pane::Problems | Pane::Charts => None,
        }
    }

    pub(super) fn settle(&mut self, store: &Store, layout: &Layout) {
        self.runs.settle(store, layout.rows(Pane::Runs));
        self.suspended.settle(store, layout.rows(Pane::Suspended));
    }
}
