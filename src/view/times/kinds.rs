//! The types of tasks by which stays are told apart: as many as a screen can list, and one for the rest.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::store::{Name, Store, TaskEntry};

/// Types that are told apart. Those with fewer runs than these are one kind together.
pub const KINDS: usize = 64;

/// A kind of runs: those of tasks of one type, in this order. Within a kind of one type the one with the most runs
/// comes first, and of as many runs the one whose text sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// Their task is described by this text of the log's.
    Typed {
        /// The text.
        name: Name,
        /// How many runs there are.
        runs: u64,
    },
    /// Their task has no description, or the log does not tell of it.
    Untyped {
        /// How many runs there are.
        runs: u64,
    },
    /// Their task is of one of the types with the fewest runs.
    Other {
        /// How many types.
        types: u64,
        /// How many runs there are of all of them.
        runs: u64,
    },
}

impl TaskKind {
    /// How many runs there are.
    #[must_use]
    pub const fn runs(self) -> u64 {
        match self {
            Self::Typed { runs, .. } | Self::Untyped { runs } | Self::Other { runs, .. } => runs,
        }
    }
}

/// What the type of a task is called.
pub(super) fn name(task: &TaskEntry<'_>) -> Option<Name> {
    task.spec?.description
}

/// The kinds of a log.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// How many runs each type has, until the kinds are chosen.
    counts: HashMap<Name, u64>,
    untyped: u64,
    chosen: Vec<TaskKind>,
    /// Where the types stand in `chosen`.
    places: HashMap<Option<Name>, usize>,
}

impl Kinds {
    pub(super) fn count(&mut self, name: Option<Name>, n_runs: usize) {
        let n_runs = n_runs as u64;
        match name {
            _ if n_runs == 0 => (),
            Some(name) => *self.counts.entry(name).or_default() += n_runs,
            None => self.untyped += n_runs,
        }
    }

    /// Chooses the kinds, when everything is counted. Of types with as many runs, those are told apart that the log
    /// named first.
    pub(super) fn choose(&mut self, store: &Store) {
        let mut types: Vec<(Name, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        let mut rest = vec![];
        if types.len() > KINDS {
            types.select_nth_unstable_by_key(KINDS, |(name, runs)| (Reverse(*runs), *name));
            rest = types.split_off(KINDS);
        }
        types.sort_by_key(|(name, runs)| (Reverse(*runs), store.text(*name)));
        self.chosen = types.into_iter().map(|(name, runs)| TaskKind::Typed { name, runs }).collect();
        if self.untyped > 0 {
            self.chosen.push(TaskKind::Untyped { runs: self.untyped });
        }
        self.places = self.chosen.iter().enumerate().map(|(place, kind)| (kind.name(), place)).collect();
        if !rest.is_empty() {
            let runs = rest.iter().map(|(_, runs)| runs).sum();
            self.chosen.push(TaskKind::Other { types: rest.len() as u64, runs });
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chosen.len()
    }

    pub(super) fn chosen(&self) -> impl Iterator<Item = TaskKind> {
        self.chosen.iter().copied()
    }

    /// Where the kind of a type stands. One that came while the others were looked at is the last one's, or nobody's.
    pub(super) fn place(&self, name: Option<Name>) -> usize {
        let other = || match self.chosen.last() {
            Some(TaskKind::Other { .. }) => self.chosen.len() - 1,
            _ => self.chosen.len(),
        };
        self.places.get(&name).copied().unwrap_or_else(other)
    }
}

impl TaskKind {
    const fn name(self) -> Option<Name> {
        match self {
            Self::Typed { name, .. } => Some(name),
            Self::Untyped { .. } | Self::Other { .. } => None,
        }
    }
}
