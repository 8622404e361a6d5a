//! One run as a row: its facts in the order of the columns, borrowed from the store.
//!
//! A fact that is not in the log is `None`, and is shown as `?`. Texts are as the log has them: not yet safe for a
//! screen.

use super::format::{MAX_SHORT_COLUMNS, squeezed};
use crate::engine;
use crate::model::id::{RunId, TaskId};
use crate::model::states::State;
use crate::store::{RunKey, Store, TaskEntry};

/// One run as a row.
#[derive(Debug, Clone, Copy)]
pub struct RunRow<'a> {
    /// Its id.
    pub id: RunId,
    /// Its state.
    pub state: State,
    /// The description of its task, if there is one.
    pub description: Option<&'a str>,
    /// Its task.
    pub task: TaskId,
    /// Its attempts.
    pub attempts: AttemptsCell,
    /// Time since it entered its state, in ticks; none when clocks contradict each other.
    pub age: Option<u64>,
    /// The worker that holds its lease.
    pub owner: Option<&'a str>,
    /// The priority by which it is selected, or that of its task.
    pub priority: Option<i32>,
    /// True if the log violated a rule with it.
    pub flagged: bool,
    /// True if the log was joined after its creation.
    pub joined: bool,
    store: &'a Store,
    key: RunKey,
}

/// The attempts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptsCell {
    /// Those that count against the cap, the open one included; none while the log does not tell.
    pub counted: Option<u32>,
    /// The cap, where it is in the log.
    pub cap: Option<u32>,
    /// True if such a log tells of caps.
    pub is_capped: bool,
    /// Those that do not count: suspended and awaiting ones.
    pub uncounted: u32,
}

impl AttemptsCell {
    /// The number of those that count; `?` while the log does not tell.
    #[must_use]
    pub fn counted_words(&self) -> String {
        self.counted.map_or_else(|| "?".to_owned(), |counted| counted.to_string())
    }

    /// Formats them as `2/5`, in at most `columns`, of which there are nine at least; `2/?` without a known cap, and `2`
    /// where such a log tells of none.
    #[must_use]
    pub fn of_cap(&self, columns: usize) -> String {
        let of = |digits| {
            let counted = self.counted.map_or_else(|| "?".to_owned(), |it| squeezed(it.into(), digits));
            match self.cap {
                Some(cap) => format!("{counted}/{}", squeezed(cap.into(), digits)),
                None if self.is_capped => format!("{counted}/?"),
                None => counted,
            }
        };
        let whole = of(columns);
        if whole.len() <= columns { whole } else { of(MAX_SHORT_COLUMNS) }
    }
}

impl<'a> RunRow<'a> {
    /// The row of a run, at the instant `now`.
    #[must_use]
    pub fn of(store: &'a Store, key: RunKey, now: u64) -> Self {
        let run = store.run(key);
        let task = store.task(run.task);
        Self {
            id: run.id,
            state: store.state_of(key),
            description: description(store, &task),
            task: task.id,
            attempts: AttemptsCell {
                counted: engine::tells_attempts(store, key).then(|| run.counted_attempts()),
                cap: engine::max_attempts(store, key),
                is_capped: engine::recorded(store).caps,
                uncounted: run.uncounted,
            },
            age: store.unit().age(store.changed_at(key), now),
            owner: store.owner(key).map(|owner| store.text(owner)),
            priority: engine::priority(store, key),
            flagged: run.flagged,
            joined: run.joined,
            store,
            key,
        }
    }

    /// The run.
    #[must_use]
    pub const fn key(&self) -> RunKey {
        self.key
    }

    /// The instant of its creation; none when the log was joined after it.
    #[must_use]
    pub fn created_at(&self) -> Option<u64> {
        (!self.joined).then(|| self.store.created_at(self.key))
    }

    /// The id of its task, for one without a description; nil where the log has names of tasks and no ids.
    #[must_use]
    pub fn told_task(&self) -> TaskId {
        let recorded = engine::recorded(self.store);
        if recorded.names && !recorded.tasks { TaskId::nil() } else { self.task }
    }

    /// Time since it entered its state, in at most six columns; `?` when clocks contradict each other.
    #[must_use]
    pub fn age_words(&self) -> String {
        self.store.unit().words_of(self.age)
    }

    /// Its concurrency key.
    #[must_use]
    pub fn concurrency_key(&self) -> Option<&'a str> {
        let store = self.store;
        store.spec(self.key).and_then(|spec| spec.concurrency_key).map(|name| store.text(name))
    }

    /// Its latest error.
    #[must_use]
    pub fn latest_error(&self) -> Option<&'a str> {
        self.store.latest_error(self.key).map(|name| self.store.text(name))
    }

    /// The tags of its task.
    pub fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let store = self.store;
        let spec = store.task(store.run(self.key).task).spec;
        spec.into_iter().flat_map(|spec| &spec.tags).map(|tag| store.text(*tag))
    }
}

/// The description of a task; an empty one is none.
#[must_use]
pub fn description<'a>(store: &'a Store, task: &TaskEntry<'_>) -> Option<&'a str> {
    let name = task.spec?.description?;
    Some(store.text(name)).filter(|text| !text.trim().is_empty())
}
