//! The panes: which one has the keys, and where each stands.

use crate::model::id::RunId;
use crate::store::Store;
use crate::view::found::Shelves;
use crate::view::problems::ProblemCursor;
use crate::view::{Fold, Layout, List, Pane, Shelf};

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
            runs: List::new(Fold::Peek),
            suspended: List::new(Fold::Open),
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

    const fn list_mut(&mut self) -> Option<&mut List> {
        match self.focus {
            Pane::Runs => Some(&mut self.runs),
            Pane::Suspended => Some(&mut self.suspended),
            Pane::Attempts | Pane::Problems | Pane::Charts => None,
        }
    }

    /// The list that has the keys, with what it shows.
    pub(super) fn list_of<'a>(&mut self, shelves: Shelves<'a>) -> Option<(&mut List, Shelf<'a>)> {
        let shelf = if self.focus == Pane::Suspended { shelves.suspended() } else { shelves.runs() };
        Some((self.list_mut()?, shelf))
    }

    pub(super) fn settle(&mut self, shelves: Shelves<'_>, layout: &Layout) {
        self.runs.settle(shelves.runs(), layout.rows(Pane::Runs));
        self.suspended.settle(shelves.suspended(), layout.rows(Pane::Suspended));
    }
}
