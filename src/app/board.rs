//! The panes: which one has the keys, and where each stands.

use super::scroll::steps;
use crate::input::{Action, Mode};
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

    /// Meaning of the keys in the pane that has them.
    pub(super) const fn mode(&self) -> Mode {
        match self.focus {
            Pane::Runs | Pane::Attempts | Pane::Suspended => Mode::Board,
            Pane::Problems => Mode::Problems,
            Pane::Charts => Mode::Charts,
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

    /// Moves the cursor of the list that has the keys.
    pub(super) fn step(&mut self, action: Action, shelves: Shelves<'_>, height: usize) {
        let Some((list, shelf)) = self.list_of(shelves) else { return };
        match action {
            Action::NextSection => list.to_next_section(shelf, height),
            Action::PreviousSection => list.to_previous_section(shelf, height),
            Action::Top => list.to_first(shelf, height),
            Action::Bottom => list.to_last(shelf, height),
            _ => list.step(shelf, height, steps(action, height)),
        }
    }

    /// Goes back to the list of runs where the focus `is_alone` on the screen, or else to all panes; says whether
    /// that was a step.
    pub(super) fn back(&mut self, is_alone: bool) -> bool {
        let is_away = match self.focus {
            Pane::Problems | Pane::Charts => true,
            Pane::Runs => false,
            Pane::Attempts | Pane::Suspended => is_alone,
        };
        if is_away {
            self.focus = Pane::Runs;
            return true;
        }
        std::mem::take(&mut self.zoomed)
    }

    pub(super) fn settle(&mut self, shelves: Shelves<'_>, layout: &Layout) {
        self.runs.settle(shelves.runs(), layout.rows(Pane::Runs));
        self.suspended.settle(shelves.suspended(), layout.rows(Pane::Suspended));
    }
}
