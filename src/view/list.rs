//! The list of runs in sections, by state by default, and a cursor that holds a run, never a row number.
//!
//! [`Shelf`] is the source of the rows, [`Outline`] the current rows, and [`List`] the user's view state. Finding a row
//! takes a few steps however many runs there are. Must not know what a row looks like.

mod outline;
mod pointed;
mod row_source;

use std::collections::HashMap;

pub use outline::{Outline, Row};
pub use pointed::Reached;
pub use row_source::Shelf;

use super::arrange::GroupId;
use crate::model::id::RunId;
use crate::store::{RunKey, Store};
use outline::OutlineOptions;

/// The target of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// A run, wherever its row is.
    Run(RunId),
    /// The header of a section.
    Header(GroupId),
    /// The row of the runs that a section hides.
    More(GroupId),
}

/// The part of a section that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fold {
    /// As many of the newest runs as leave room for the other states.
    #[default]
    Peek,
    /// Every run.
    Open,
    /// The header alone.
    Closed,
}

/// The user's view state of a list.
#[derive(Debug, Clone)]
pub struct List {
    /// The folds of the sections that the user has folded or opened.
    folds: HashMap<GroupId, Fold>,
    otherwise: Fold,
    /// `None` until the user moves it: it is then on the first row.
    cursor: Option<Cursor>,
    /// The last target that the user chose, and its line, while it is not shown: the cursor returns to it.
    home: Option<(Cursor, usize)>,
    /// The line of the pane on which the cursor's row stays, as far as the rows allow.
    line: usize,
    /// The section whose newest run the cursor follows.
    follows: Option<GroupId>,
}

impl List {
    /// A list with the cursor on its first row, and this fold for each state.
    #[must_use]
    pub fn new(fold: Fold) -> Self {
        Self { folds: HashMap::new(), otherwise: fold, cursor: None, home: None, line: 0, follows: None }
    }

    /// Forgets the folds and the followed section, as the grouping has changed.
    pub fn regroup(&mut self) {
        self.folds.clear();
        self.follows = None;
        if !matches!(self.cursor, Some(Cursor::Run(_))) {
            self.cursor = None;
        }
        self.home = self.home.filter(|(home, _)| matches!(home, Cursor::Run(_)));
    }

    /// The current rows, for a pane of `height` lines.
    #[must_use]
    pub fn outline<'a>(&self, shelf: Shelf<'a>, height: usize) -> Outline<'a> {
        Outline::of(shelf, self.options(shelf.store(), height))
    }

    fn options(&self, store: &Store, height: usize) -> OutlineOptions<'_> {
        OutlineOptions { folds: &self.folds, otherwise: self.otherwise, selected: self.run(store), height }
    }

    /// The target of the cursor; nothing when there is no row.
    #[must_use]
    pub fn cursor(&self, shelf: Shelf<'_>) -> Option<Cursor> {
        self.cursor.or_else(|| self.outline(shelf, 1).cursor(0))
    }

    /// The run under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<RunId> {
        match self.cursor? {
            Cursor::Run(run) => Some(run),
            Cursor::Header(_) | Cursor::More(_) => None,
        }
    }

    /// True if the cursor follows the newest run of a section.
    #[must_use]
    pub const fn follows(&self) -> bool {
        self.follows.is_some()
    }

    /// The fold of a section.
    #[must_use]
    pub fn fold(&self, shelf: Shelf<'_>, section: GroupId) -> Fold {
        self.options(shelf.store(), 0).fold(section)
    }

    /// The first row that a pane of `height` lines shows: the one that keeps the cursor's row on its line.
    #[must_use]
    pub fn top(&self, outline: &Outline<'_>, height: usize) -> usize {
        let place = self.place(outline);
        let line = self.line.min(height.saturating_sub(1));
        place.saturating_sub(line).min(outline.len().saturating_sub(height))
    }

    /// The number of the cursor's row.
    #[must_use]
    pub fn place(&self, outline: &Outline<'_>) -> usize {
        self.cursor.and_then(|cursor| outline.place(cursor)).unwrap_or(0)
    }

    /// Repairs the cursor after runs have moved: its target may be hidden, or shown again.
    pub fn settle(&mut self, shelf: Shelf<'_>, height: usize) {
        self.go_to_newest(shelf);
        if self.go_home(shelf, height) {
            return;
        }
        let Some(cursor) = self.cursor else { return };
        let outline = self.outline(shelf, height);
        if outline.place(cursor).is_some() {
            return;
        }
        self.home.get_or_insert((cursor, self.line));
        let store = shelf.store();
        // The header of its section, or of the nearest one.
        let (section, state) = match cursor {
            Cursor::Run(run) => {
                let key = store.find(run);
                (key.and_then(|key| shelf.section_of(key)), key.map(|key| store.standing(key).0))
            }
            Cursor::Header(section @ GroupId::State(state))
            | Cursor::More(section @ GroupId::State(state)) => (Some(section), Some(state)),
            Cursor::Header(section) | Cursor::More(section) => (Some(section), None),
        };
        let own = section.filter(|section| shelf.place_of(*section).is_some());
        let refuge = own.or_else(|| shelf.nearest(state)).map(Cursor::Header);
        self.cursor = refuge.filter(|cursor| outline.place(*cursor).is_some()).or_else(|| outline.cursor(0));
    }

    /// Returns the cursor to the last target that the user chose, once that is shown again; returns true if it is.
    fn go_home(&mut self, shelf: Shelf<'_>, height: usize) -> bool {
        let Some((home, line)) = self.home else { return false };
        let away = self.cursor.replace(home);
        if self.outline(shelf, height).place(home).is_some() {
            (self.home, self.line) = (None, line);
            return true;
        }
        self.cursor = away;
        false
    }

    /// Moves the cursor by `steps` rows.
    pub fn step(&mut self, shelf: Shelf<'_>, height: usize, steps: isize) {
        self.go(shelf, height, |outline, place| {
            place.saturating_add_signed(steps).min(outline.len().saturating_sub(1))
        });
    }

    /// Moves the cursor to the first row.
    pub fn to_first(&mut self, shelf: Shelf<'_>, height: usize) {
        self.go(shelf, height, |_, _| 0);
    }

    /// Moves the cursor to the last row.
    pub fn to_last(&mut self, shelf: Shelf<'_>, height: usize) {
        self.go(shelf, height, |outline, _| outline.len().saturating_sub(1));
    }

    /// Moves the cursor to the header of the next section, or to the last row when there is none.
    pub fn to_next_section(&mut self, shelf: Shelf<'_>, height: usize) {
        self.go(shelf, height, |outline, place| {
            outline.next_section(place).unwrap_or_else(|| outline.len().saturating_sub(1))
        });
    }

    /// Moves the cursor to the header of its own section, or from there to the one before.
    pub fn to_previous_section(&mut self, shelf: Shelf<'_>, height: usize) {
        let previous = |outline: &Outline<'_>, place| outline.previous_section(place);
        self.go(shelf, height, previous);
    }

    /// Moves the cursor to a run, on any line.
    pub fn to_run(&mut self, run: RunId) {
        self.cursor = Some(Cursor::Run(run));
        self.home = None;
        self.follows = None;
    }

    /// Shows more or less of the section under the cursor; returns false if the cursor is on a run or nowhere.
    pub fn toggle(&mut self, shelf: Shelf<'_>, height: usize) -> bool {
        let outline = self.outline(shelf, height);
        let line = self.place(&outline) - self.top(&outline, height);
        match self.cursor(shelf) {
            Some(Cursor::Header(section)) => {
                let fold = match self.fold(shelf, section) {
                    Fold::Closed => Fold::Peek,
                    Fold::Peek if outline.hidden(section) > 0 => Fold::Open,
                    Fold::Peek | Fold::Open => Fold::Closed,
                };
                self.folds.insert(section, fold);
                self.cursor = Some(Cursor::Header(section));
            }
            Some(Cursor::More(section)) => {
                // The first run that was hidden takes the place of the row that hid it.
                self.cursor = outline.first_hidden(section).map(|key| Cursor::Run(shelf.store().id_of(key)));
                self.folds.insert(section, Fold::Open);
            }
            Some(Cursor::Run(_)) | None => return false,
        }
        self.line = line;
        self.home = None;
        self.follows = None;
        self.settle(shelf, height);
        true
    }

    /// Makes the cursor follow the newest run of its section, or stops that.
    pub fn toggle_follow(&mut self, shelf: Shelf<'_>) {
        self.follows = match (self.follows, self.cursor(shelf)) {
            (Some(_), _) | (None, None) => None,
            (None, Some(Cursor::Run(run))) => shelf.store().find(run).and_then(|key| shelf.section_of(key)),
            (None, Some(Cursor::Header(section) | Cursor::More(section))) => Some(section),
        };
        self.go_to_newest(shelf);
    }

    fn go(&mut self, shelf: Shelf<'_>, height: usize, target: impl FnOnce(&Outline<'_>, usize) -> usize) {
        let outline = self.outline(shelf, height);
        if outline.is_empty() {
            return;
        }
        let (top, place) = (self.top(&outline, height), self.place(&outline));
        let target = target(&outline, place);
        let cursor = outline.cursor(target);
        self.follows = None;
        self.home = None;
        self.cursor = cursor;
        self.line = target.saturating_sub(top).min(height.saturating_sub(1));
        // The row that the cursor left may have been shown for its sake alone: keep what is above it steady.
        self.settle(shelf, height);
    }

    /// While the followed section has no run, the cursor stays on the last one that it had.
    fn go_to_newest(&mut self, shelf: Shelf<'_>) {
        let newest = self.follows.and_then(|section| shelf.runs(section, 0).next());
        if let Some(key) = newest {
            self.cursor = Some(Cursor::Run(shelf.store().id_of(key)));
            self.home = None;
        }
    }

    /// The key of the run under the cursor, which is shown even where its neighbors are not.
    fn run(&self, store: &Store) -> Option<RunKey> {
        store.find(self.selected()?)
    }
}

#[cfg(test)]
mod tests;
