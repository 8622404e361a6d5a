//! Engines: whose records a log holds, how they are decoded, and what each does to the store.
//!
//! A closed list with one folder for each. It is matched once for a batch of records, never once for each of them. Must
//! not know where records come from, nor how runs are shown.

pub mod actionqueue;
pub mod batch;
pub mod cause;
pub mod dag_executor;
pub mod feed;
pub mod fold;
pub mod record;
pub mod reread;
pub mod run_event;
pub mod waiting;

use crate::model::deadline::Deadline;
use crate::model::facts::Budget;
use crate::model::position::Position;
use crate::model::states::StateTable;
use crate::source::options::Options;
use crate::source::shape::RecordShape;
use crate::store::{Rules, RunKey, Store, TaskKey};
use actionqueue::Registry;
use actionqueue::event::Vocabulary;
use run_event::RunEvent;

/// The engine that wrote a log, as far as its records show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// ActionQueue, in one of its vocabularies.
    ActionQueue(Vocabulary),
}

impl Engine {
    /// The engine of a log, once a record has shown it.
    #[must_use]
    pub fn of(store: &Store) -> Option<Self> {
        Registry::of(store)?.vocabulary().map(Self::ActionQueue)
    }

    /// Its name and versions, for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ActionQueue(vocabulary) => vocabulary.label(),
        }
    }
}

/// The states of every engine, the most usual first.
pub fn state_tables() -> impl Iterator<Item = &'static StateTable> {
    [&actionqueue::states::STATES].into_iter()
}

/// Shape of the records of the engines, by which a source recognizes them.
pub const RECORDS: &RecordShape = actionqueue::records::RECORDS;

/// Options for reading a log of an engine.
#[must_use]
pub fn options() -> Options {
    Options::of(RECORDS)
}

/// A store for a log of which no record was read. Until one shows another engine, it is ActionQueue's.
#[must_use]
pub fn store(rules: Rules) -> Store {
    actionqueue::store(rules)
}

/// What one record says of a run, as the run's page tells it. The record itself shows whose it is: a log may have
/// changed its engine.
#[must_use]
pub fn run_event(place: Position, text: &[u8]) -> Option<RunEvent> {
    actionqueue::describe::read(place, text)
}

/// Is true of a log whose engine counts the failures of a run.
#[must_use]
pub fn counts_failures(store: &Store) -> bool {
    Registry::of(store).is_some_and(Registry::is_newer)
}

/// The budgets of a task, in order of allocation.
#[must_use]
pub fn budgets(store: &Store, task: TaskKey) -> &[Budget] {
    Registry::of(store).map_or(&[], |registry| registry.budgets(task))
}

/// The end, at the latest, of what a run waits for.
#[must_use]
pub fn deadline(store: &Store, run: RunKey) -> Option<Deadline> {
    Registry::of(store)?.wait(run)?.deadline
}
