//! Which rows a list has now: found by the counts of the lanes, and never all of them written down.
//!
//! A section that is peeked at shows its newest runs and a row for the rest. The run under the cursor is shown
//! wherever it stands, so that the cursor is always on the screen.

use super::{Cursor, Fold};
use crate::model::state::RunState;
use crate::store::{RunKey, Store};

/// How many runs a peek may show of one state: steps, so that a count that changes by one moves nothing.
const PEEKS: [usize; 13] = [64, 48, 32, 24, 16, 12, 10, 8, 6, 5, 4, 3, 2];

/// The rows of a list, found by their numbers.
#[derive(Debug)]
pub struct Outline<'a> {
    store: &'a Store,
    /// Those that have a run; at most one a state.
    sections: Vec<Section>,
    len: usize,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The header of a state.
    Header {
        /// The state.
        state: RunState,
        /// How many runs it has.
        count: usize,
        /// How much of it is shown.
        fold: Fold,
    },
    /// A run.
    Run(RunKey),
    /// Stands for the runs that are not shown.
    More {
        /// Their state.
        state: RunState,
        /// How many they are.
        hidden: usize,
    },
}

#[derive(Debug, Clone, Copy)]
struct Section {
    state: RunState,
    fold: Fold,
    /// The row of its header.
    start: usize,
    count: usize,
    /// How many of its newest runs are shown.
    shown: usize,
    /// The run under the cursor, when it is not among them.
    pinned: Option<RunKey>,
    more: bool,
}

impl Section {
    const fn len(&self) -> usize {
        1 + self.shown + self.pinned.is_some() as usize + self.more as usize
    }

    const fn hidden(&self) -> usize {
        self.count - self.shown - self.pinned.is_some() as usize
    }
}

impl<'a> Outline<'a> {
    pub(super) fn of(
        store: &'a Store,
        states: &[RunState],
        folds: &[Fold; RunState::COUNT],
        selected: Option<RunKey>,
        height: usize,
    ) -> Self {
        let fold = |state: RunState| folds[state as usize];
        let filled = || states.iter().copied().filter(|state| !store.lane(*state).is_empty());
        let peek = peek(&filled().map(|state| (fold(state), store.lane(state).len())), height);
        let mut outline = Self { store, sections: Vec::with_capacity(states.len()), len: 0 };
        for state in filled() {
            let count = store.lane(state).len();
            let shown = shown(fold(state), count, peek);
            let pinned = selected.filter(|key| {
                store.run(*key).instance.state() == state && store.place_in_lane(*key) >= shown
            });
            let rest = count - shown - usize::from(pinned.is_some());
            let more = fold(state) == Fold::Peek && rest > 0;
            let section =
                Section { state, fold: fold(state), start: outline.len, count, shown, pinned, more };
            outline.len += section.len();
            outline.sections.push(section);
        }
        outline
    }

    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Yields rows from the one with the number `top`.
    pub fn rows(&self, top: usize) -> impl Iterator<Item = Row> + '_ {
        self.sections.iter().flat_map(move |section| self.rows_of(section, top.saturating_sub(section.start)))
    }

    /// The number of the row that a cursor is on.
    #[must_use]
    pub fn place(&self, cursor: Cursor) -> Option<usize> {
        match cursor {
            Cursor::Header(state) => self.section(state).map(|section| section.start),
            Cursor::More(state) => self
                .section(state)
                .filter(|section| section.more)
                .map(|section| section.start + section.len() - 1),
            Cursor::Run(run) => {
                let key = self.store.find(run)?;
                let section = self.section(self.store.run(key).instance.state())?;
                let place = self.store.place_in_lane(key);
                match section.pinned {
                    Some(pinned) if pinned == key => Some(section.start + 1 + section.shown),
                    _ if place < section.shown => Some(section.start + 1 + place),
                    _ => None,
                }
            }
        }
    }

    /// What a cursor holds that is on the row with this number.
    #[must_use]
    pub fn cursor(&self, row: usize) -> Option<Cursor> {
        Some(match self.rows(row).next()? {
            Row::Header { state, .. } => Cursor::Header(state),
            Row::Run(key) => Cursor::Run(self.store.run(key).instance.id()),
            Row::More { state, .. } => Cursor::More(state),
        })
    }

    /// The numbers of the headers' rows.
    pub fn headers(&self) -> impl Iterator<Item = usize> + '_ {
        self.sections.iter().map(|section| section.start)
    }

    /// How many runs of a state are not shown.
    #[must_use]
    pub fn hidden(&self, state: RunState) -> usize {
        self.section(state).map_or(0, Section::hidden)
    }

    /// The newest run of a state that is not shown.
    #[must_use]
    pub fn first_hidden(&self, state: RunState) -> Option<RunKey> {
        let section = self.section(state)?;
        let rest = self.store.lane(state).latest(section.shown);
        rest.take(2).find(|key| section.pinned != Some(*key))
    }

    fn section(&self, state: RunState) -> Option<&Section> {
        self.sections.iter().find(|section| section.state == state)
    }

    /// The rows of one section after the first `skip`.
    fn rows_of(&self, section: &Section, skip: usize) -> impl Iterator<Item = Row> + use<'_> {
        let Section { state, fold, count, shown, pinned, more, .. } = *section;
        let header = (skip == 0).then_some(Row::Header { state, count, fold });
        let runs_skipped = skip.saturating_sub(1);
        let n_runs = shown.saturating_sub(runs_skipped);
        // A lane is looked up only where one of its runs is shown.
        let runs = (n_runs > 0).then(|| self.store.lane(state).latest(runs_skipped).take(n_runs));
        let pinned = pinned.filter(|_| skip <= 1 + shown);
        let rest = Row::More { state, hidden: section.hidden() };
        let more = (more && skip < section.len()).then_some(rest);
        header
            .into_iter()
            .chain(runs.into_iter().flatten().map(Row::Run))
            .chain(pinned.map(Row::Run))
            .chain(more)
    }
}

const fn shown(fold: Fold, count: usize, peek: usize) -> usize {
    match fold {
        Fold::Closed => 0,
        Fold::Open => count,
        // A row that stands for one run had better be that run.
        Fold::Peek if count <= peek + 1 => count,
        Fold::Peek => peek,
    }
}

/// The most runs a state that lets all sections fit in `height` rows, or the least when none does.
fn peek(sections: &(impl Iterator<Item = (Fold, usize)> + Clone), height: usize) -> usize {
    let fits = |peek: usize| {
        let rows = sections.clone().map(|(fold, count)| {
            let shown = shown(fold, count, peek);
            1 + shown + usize::from(fold == Fold::Peek && shown < count)
        });
        rows.fold(0, usize::saturating_add) <= height
    };
    PEEKS.into_iter().find(|peek| fits(*peek)).unwrap_or(PEEKS[PEEKS.len() - 1])
}
