//! The list of runs by state: a section a state, newest first, and a cursor that holds a run, never a row number.
//!
//! [`Outline`] says which rows there are now; [`List`] is what somebody chose to look at. Finding a row takes a
//! few steps however many runs there are. Knows keys and lanes, not what a row looks like.

mod outline;
mod pointed;

pub use outline::{Outline, Row};
pub use pointed::Reached;

use crate::model::id::RunId;
use crate::model::state::RunState;
use crate::store::{RunKey, Store};

/// What the cursor is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// A run, wherever it is.
    Run(RunId),
    /// The header of a state.
    Header(RunState),
    /// The row that stands for the rest of a state.
    More(RunState),
}

/// How much of a section is shown.
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

/// What somebody chose to look at.
#[derive(Debug, Clone)]
pub struct List {
    /// The states that it has sections for, in this order.
    states: &'static [RunState],
    folds: [Fold; RunState::COUNT],
    /// `None` until somebody moves it: it is then on the first row, whatever that is.
    cursor: Option<Cursor>,
    /// On which line of the pane the cursor's row is to stay, as far as the rows allow.
    line: usize,
    /// The state on whose newest run the cursor stays.
    follows: Option<RunState>,
}

impl List {
    /// A list of these states, with the cursor on its first row.
    #[must_use]
    pub const fn new(states: &'static [RunState], fold: Fold) -> Self {
        Self { states, folds: [fold; RunState::COUNT], cursor: None, line: 0, follows: None }
    }

    /// The rows that there are now, for a pane of `height` lines.
    #[must_use]
    pub fn outline<'a>(&self, store: &'a Store, height: usize) -> Outline<'a> {
        Outline::of(store, self.states, &self.folds, self.run(store), height)
    }

    /// What the cursor is on; nothing when there is no row.
    #[must_use]
    pub fn cursor(&self, store: &Store) -> Option<Cursor> {
        let first = || self.states.iter().find(|state| !store.lane(**state).is_empty());
        self.cursor.or_else(|| first().map(|state| Cursor::Header(*state)))
    }

    /// The run under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<RunId> {
        match self.cursor? {
            Cursor::Run(run) => Some(run),
            Cursor::Header(_) | Cursor::More(_) => None,
        }
    }

    /// Whether the cursor stays on the newest run of its section.
    #[must_use]
    pub const fn follows(&self) -> bool {
        self.follows.is_some()
    }

    /// How much of a section is shown.
    #[must_use]
    pub const fn fold(&self, state: RunState) -> Fold {
        self.folds[state as usize]
    }

    /// The first row that a pane of `height` lines shows: the one that keeps the cursor's row where it was.
    #[must_use]
    pub fn top(&self, outline: &Outline<'_>, height: usize) -> usize {
        let place = self.place(outline);
        let line = self.line.min(height.saturating_sub(1));
        place.saturating_sub(line).min(outline.len().saturating_sub(height))
    }

    /// The row that the cursor is on.
    #[must_use]
    pub fn place(&self, outline: &Outline<'_>) -> usize {
        self.cursor.and_then(|cursor| outline.place(cursor)).unwrap_or(0)
    }

    /// Looks after the cursor when runs have moved: what it was on may be gone.
    pub fn settle(&mut self, store: &Store, height: usize) {
        self.go_to_newest(store);
        let Some(cursor) = self.cursor else { return };
        let outline = self.outline(store, height);
        if outline.place(cursor).is_some() {
            return;
        }
        self.cursor = match cursor {
            Cursor::Run(run) => {
                self.refuge(store, store.find(run).map(|key| store.run(key).instance.state()))
            }
            Cursor::Header(state) | Cursor::More(state) => self.refuge(store, Some(state)),
        };
    }

    /// Moves the cursor by `steps` rows.
    pub fn step(&mut self, store: &Store, height: usize, steps: isize) {
        self.go(store, height, |outline, place| {
            place.saturating_add_signed(steps).min(outline.len().saturating_sub(1))
        });
    }

    /// Moves the cursor to the first row.
    pub fn to_first(&mut self, store: &Store, height: usize) {
        self.go(store, height, |_, _| 0);
    }

    /// Moves the cursor to the last row.
    pub fn to_last(&mut self, store: &Store, height: usize) {
        self.go(store, height, |outline, _| outline.len().saturating_sub(1));
    }

    /// Moves the cursor to the header of the next section, or to the last row when there is none.
    pub fn to_next_section(&mut self, store: &Store, height: usize) {
        self.go(store, height, |outline, place| {
            let next = outline.headers().find(|header| *header > place);
            next.unwrap_or_else(|| outline.len().saturating_sub(1))
        });
    }

    /// Moves the cursor to the header of its own section, or from there to the one before.
    pub fn to_previous_section(&mut self, store: &Store, height: usize) {
        self.go(store, height, |outline, place| {
            outline.headers().take_while(|header| *header < place).last().unwrap_or(0)
        });
    }

    /// Moves the cursor to a run, on whatever line it then is.
    pub fn to_run(&mut self, run: RunId) {
        self.cursor = Some(Cursor::Run(run));
        self.follows = None;
    }

    /// Shows more or less of the section under the cursor; says whether the cursor is on one.
    pub fn toggle(&mut self, store: &Store, height: usize) -> bool {
        let outline = self.outline(store, height);
        let line = self.place(&outline) - self.top(&outline, height);
        match self.cursor(store) {
            Some(Cursor::Header(state)) => {
                self.folds[state as usize] = match self.fold(state) {
                    Fold::Closed => Fold::Peek,
                    Fold::Peek if outline.hidden(state) > 0 => Fold::Open,
                    Fold::Peek | Fold::Open => Fold::Closed,
                };
                self.cursor = Some(Cursor::Header(state));
            }
            Some(Cursor::More(state)) => {
                // The first run that was hidden takes the place of the row that hid it.
                self.cursor =
                    outline.first_hidden(state).map(|key| Cursor::Run(store.run(key).instance.id()));
                self.folds[state as usize] = Fold::Open;
            }
            Some(Cursor::Run(_)) | None => return false,
        }
        self.line = line;
        self.follows = None;
        self.settle(store, height);
        true
    }

    /// Keeps the cursor on the newest run of its section, or lets it stay where it is.
    pub fn toggle_follow(&mut self, store: &Store) {
        self.follows = match (self.follows, self.cursor(store)) {
            (Some(_), _) | (None, None) => None,
            (None, Some(Cursor::Run(run))) => store.find(run).map(|key| store.run(key).instance.state()),
            (None, Some(Cursor::Header(state) | Cursor::More(state))) => Some(state),
        };
        self.go_to_newest(store);
    }

    fn go(&mut self, store: &Store, height: usize, target: impl FnOnce(&Outline<'_>, usize) -> usize) {
        let outline = self.outline(store, height);
        if outline.is_empty() {
            return;
        }
        let (top, place) = (self.top(&outline, height), self.place(&outline));
        let target = target(&outline, place);
        let cursor = outline.cursor(target);
        self.follows = None;
        self.cursor = cursor;
        self.line = target.saturating_sub(top).min(height.saturating_sub(1));
        // The row that the cursor left may have been shown for its sake alone: keep what is above it steady.
        self.settle(store, height);
    }

    /// While the followed state has no run, the cursor stays with the last one that it had.
    fn go_to_newest(&mut self, store: &Store) {
        let newest = self.follows.and_then(|state| store.lane(state).latest(0).next());
        if let Some(key) = newest {
            self.cursor = Some(Cursor::Run(store.run(key).instance.id()));
        }
    }

    /// Where the cursor goes when what it was on is gone: the header of that state, or of the nearest one.
    fn refuge(&self, store: &Store, state: Option<RunState>) -> Option<Cursor> {
        let at = self.states.iter().position(|own| Some(*own) == state)?;
        let (before, after) = self.states.split_at(at);
        let found = after.iter().chain(before.iter().rev()).find(|state| !store.lane(**state).is_empty());
        found.map(|state| Cursor::Header(*state))
    }

    /// The key of the run under the cursor, which is shown even where its neighbors are not.
    fn run(&self, store: &Store) -> Option<RunKey> {
        store.find(self.selected()?)
    }
}

#[cfg(test)]
mod tests;
