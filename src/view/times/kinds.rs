//! The types of tasks by which stays are grouped: as many as a screen can list, and one for the rest.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::store::{Name, Store, TaskEntry};

/// The maximum number of types with figures of their own. Those with fewer runs than these are one kind together.
pub const MAX_KINDS: usize = 64;

/// A kind of runs: those of tasks of one type, in this order. Kinds of one type are ordered by their number of runs,
/// the largest first, and then by their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// The type is this description of the task.
    Typed {
        /// The text.
        name: Name,
        /// The number of runs.
        runs: u64,
    },
    /// The task has no description, or is not in the log.
    Untyped {
        /// The number of runs.
        runs: u64,
    },
    /// The task is of one of the types with the fewest runs.
    Other {
        /// The number of types.
        types: u64,
        /// The number of runs of all of them.
        runs: u64,
    },
}

impl TaskKind {
    /// The number of runs.
    #[must_use]
    pub const fn runs(self) -> u64 {
        match self {
            Self::Typed { runs, .. } | Self::Untyped { runs } | Self::Other { runs, .. } => runs,
        }
    }
}

/// The type of a task: its description.
pub(super) fn name(task: &TaskEntry<'_>) -> Option<Name> {
    task.spec?.description
}

/// The kinds of a log.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// The number of runs of each type, until the kinds are chosen.
    counts: HashMap<Name, u64>,
    untyped: u64,
    chosen: Vec<TaskKind>,
    /// The index of each type in `chosen`.
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

    /// Chooses the kinds, once everything is counted. Of types with equally many runs, those that the log named first
    /// get figures of their own.
    pub(super) fn choose(&mut self, store: &Store) {
        let mut types: Vec<(Name, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        let mut rest = vec![];
        if types.len() > MAX_KINDS {
            types.select_nth_unstable_by_key(MAX_KINDS, |(name, runs)| (Reverse(*runs), *name));
            rest = types.split_off(MAX_KINDS);
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

    /// The index of a type's kind. A type that appeared during the computation belongs to the last kind, or to none.
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
