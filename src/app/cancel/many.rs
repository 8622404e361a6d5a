//! The runs that a question about many holds: their number, tasks and states.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use crate::control::command::CommandKind;
use crate::model::id::{RunId, TaskId};
use crate::model::states::MAX_STATES;
use crate::store::{Renumbering, RunKey, RunSet, Store};
use crate::view::dialog::MAX_NAMED_TASKS;
use crate::view::row::description;

/// Runs that a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many {
    /// Number of runs that were marked when the question was opened.
    pub n_marked: usize,
    /// The reason for these runs, the query or the marks, safe for a screen.
    pub why: String,
    /// Those of them that the engine could cancel when it was asked.
    pub pinned: RunSet,
    /// Number of runs in `pinned`.
    pub eligible: usize,
    /// Those of them that have ended since.
    pub ended: RunSet,
    /// Number of runs that have not ended, by state.
    pub by_state: [usize; MAX_STATES],
    /// The names of the largest tasks of those that have not ended, with their numbers of runs; the largest first.
    pub by_task: Vec<(String, usize)>,
    /// The number of tasks, with those that are not named.
    pub n_tasks: usize,
    /// The number, as far as it is typed.
    pub typed: String,
    /// The whole that one command cancels with them, when that was asked.
    pub whole: Option<AskedWhole>,
    /// The counts of states and tasks are those of before.
    is_stale: bool,
}

/// Runs that one command cancels together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedWhole {
    /// Those of a task.
    Task(TaskId),
    /// Those of the parent of this run.
    ParentOf(RunId),
}

impl AskedWhole {
    /// The command that cancels them.
    #[must_use]
    pub const fn kind(self) -> CommandKind {
        match self {
            Self::Task(task) => CommandKind::CancelTask { task },
            Self::ParentOf(run) => CommandKind::CancelParent { run },
        }
    }
}

impl Many {
    pub(super) fn of(marks: &RunSet, whole: Option<AskedWhole>, why: String, store: &Store) -> Self {
        let mut pinned = RunSet::default();
        for key in marks.iter().filter(|key| store.has(*key) && store.standing(*key).0.is_cancelable()) {
            pinned.set(key, true);
        }
        let mut many = Self {
            n_marked: marks.len(),
            why,
            eligible: pinned.len(),
            pinned,
            ended: RunSet::default(),
            by_state: [0; MAX_STATES],
            by_task: Vec::new(),
            n_tasks: 0,
            typed: String::new(),
            whole,
            is_stale: true,
        };
        many.refresh(store);
        many
    }

    /// Number of runs that a yes cancels: the number to type.
    #[must_use]
    pub fn number(&self) -> usize {
        self.eligible - self.ended.len()
    }

    /// Is true when the number is typed.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.typed == self.number().to_string()
    }

    /// Takes in which runs have changed. A complete number follows the one that is to be typed; the digits of
    /// another one are cleared.
    pub(super) fn note(&mut self, changed: &[RunKey], store: &Store) {
        let was_counted = self.is_counted();
        for key in changed.iter().filter(|key| self.pinned.has(**key) && store.has(**key)) {
            self.ended.set(*key, !store.standing(*key).0.is_cancelable());
            self.is_stale = true;
        }
        self.follow(was_counted);
    }

    fn follow(&mut self, was_counted: bool) {
        let number = self.number().to_string();
        if was_counted {
            self.typed = number;
        } else if !number.starts_with(&self.typed) && self.is_stale {
            self.typed.clear();
        }
    }

    /// Takes in the new keys of runs. Those that were evicted have ended, and are no part of the question any more.
    pub(in crate::app) fn renumber(&mut self, renumbering: &Renumbering) {
        let was_counted = self.is_counted();
        self.pinned.renumber(renumbering);
        self.ended.renumber(renumbering);
        self.eligible = self.pinned.len();
        self.is_stale = true;
        self.follow(was_counted);
    }

    /// Counts states and tasks, where they are no longer what they were. Costs the number of runs: for before a frame.
    pub(in crate::app) fn refresh(&mut self, store: &Store) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        self.by_state = [0; MAX_STATES];
        // Tasks of the same name are counted as one.
        let mut counts: HashMap<Called<'_>, usize> = HashMap::new();
        for key in self.pinned.iter().filter(|key| !self.ended.has(*key) && store.has(*key)) {
            self.by_state[store.state_of(key).index()] += 1;
            *counts.entry(Called::of(key, store)).or_default() += 1;
        }
        self.n_tasks = counts.len();
        let mut counts: Vec<_> = counts.into_iter().map(|(called, n)| (Reverse(n), called)).collect();
        if counts.len() > MAX_NAMED_TASKS {
            counts.select_nth_unstable(MAX_NAMED_TASKS);
            counts.truncate(MAX_NAMED_TASKS);
        }
        counts.sort_unstable();
        self.by_task = counts.into_iter().map(|(Reverse(n), called)| (called.to_string(), n)).collect();
    }
}

/// Name of a task in a question: its description, or its id where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Called<'a> {
    Name(&'a str),
    Id(TaskId),
}

impl<'a> Called<'a> {
    fn of(run: RunKey, store: &'a Store) -> Self {
        let task = store.task(store.task_key_of(run));
        description(store, &task).map_or(Self::Id(task.id), Self::Name)
    }
}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Id(id) if id.is_nil() => f.write_str("?"),
            Self::Id(id) => id.fmt(f),
        }
    }
}
