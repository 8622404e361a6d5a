//! The problems of the log, as many as the pane is high. They are only ever added, so that a number stays true.

use crate::store::{Problem, Store};

/// Which problem is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProblemCursor {
    selected: usize,
    top: usize,
}

impl ProblemCursor {
    /// The number of the problem under the cursor.
    #[must_use]
    pub const fn selected(self) -> usize {
        self.selected
    }

    /// The number of the first problem that a pane of `height` lines shows.
    #[must_use]
    pub fn top(self, store: &Store, height: usize) -> usize {
        let last_top = store.problems().kept().len().saturating_sub(height);
        let lowest = (self.selected + 1).saturating_sub(height.max(1));
        self.top.clamp(lowest, self.selected.max(lowest)).min(last_top)
    }

    /// The problem under the cursor.
    #[must_use]
    pub fn problem(self, store: &Store) -> Option<&Problem> {
        store.problems().kept().get(self.selected)
    }

    /// Goes `steps` problems on.
    pub fn step(&mut self, store: &Store, height: usize, steps: isize) {
        self.go_to(store, height, self.selected.saturating_add_signed(steps));
    }

    /// Goes to the problem with this number, or to the last one.
    pub fn go_to(&mut self, store: &Store, height: usize, number: usize) {
        let top = self.top(store, height);
        self.selected = number.min(store.problems().kept().len().saturating_sub(1));
        self.top = top;
        self.top = self.top(store, height);
    }
}

/// The problems that a pane shows, with their numbers.
pub fn shown(store: &Store, top: usize, height: usize) -> impl Iterator<Item = (usize, &Problem)> {
    store.problems().kept().iter().enumerate().skip(top).take(height)
}
