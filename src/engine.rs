//! Engines: the kinds of records in logs, their decoding, and the effect of each record on the store.
//!
//! A closed list with one folder per engine. It is matched once for a batch of records, never for each record. Must
//! not know where records come from, nor how runs are shown.

pub mod actionqueue;
pub mod batch;
pub mod cause;
pub mod dag_executor;
pub mod feed;
pub mod fold;
pub mod given;
pub mod progress;
pub mod record;
pub mod recorded;
pub mod reread;
pub mod run_event;
pub mod run_facts;
mod unframed;
pub mod waiting;

use std::collections::BTreeMap;

use crate::model::deadline::Deadline;
use crate::model::facts::Budget;
use crate::model::position::Position;
use crate::model::states::StateTable;
use crate::source::directory::shape::DirectoryShape;
use crate::source::line::{Line, Raw};
use crate::source::options::Options;
use crate::source::shape::RecordShape;
use crate::store::{Rules, RunKey, Store, TaskKey};
use actionqueue::Registry;
use actionqueue::event::Vocabulary;
use dag_executor::DagTasks;
use dag_executor::projection::TaskObject;
use given::Given;
use progress::ExecutionProgress;
use run_event::RunEvent;
use run_facts::RunFact;

/// The engine that wrote a log, as shown by its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// ActionQueue, in one of its vocabularies.
    ActionQueue(Vocabulary),
    /// dag-executor.
    DagExecutor,
}

impl Engine {
    /// Engine of a log, once a record has shown it.
    #[must_use]
    pub fn of(store: &Store) -> Option<Self> {
        match Registry::of(store) {
            Some(registry) => registry.vocabulary().map(Self::ActionQueue),
            None => DagTasks::of(store).map(|_| Self::DagExecutor),
        }
    }

    /// Name and versions, for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ActionQueue(vocabulary) => vocabulary.label(),
            Self::DagExecutor => "dag-executor 0.1",
        }
    }
}

/// State tables of all engines, the most common first.
pub fn state_tables() -> impl Iterator<Item = &'static StateTable> {
    [&actionqueue::states::STATES, &dag_executor::states::STATES].into_iter()
}

/// Finds the engine of a line; none for a line that is no record of any.
fn recognize(line: Line<'_>) -> Option<Engine> {
    let Raw::Whole(text) = line.text else { return None };
    let text = unframed::unframed(text);
    let vocabulary = actionqueue::decode::vocabulary_of(text).map(Engine::ActionQueue);
    vocabulary.or_else(|| dag_executor::lines::is_record(text).then_some(Engine::DagExecutor))
}

/// Shapes of the records of the engines, by which a source recognizes them.
pub const RECORDS: &[RecordShape] = &[actionqueue::records::RECORDS, dag_executor::shape::RECORDS];

/// Shapes of the directories of the engines.
pub const DIRECTORIES: &[DirectoryShape] = &[dag_executor::shape::DIRECTORY];

/// Options for reading a log of any engine.
#[must_use]
pub fn options() -> Options {
    Options { directories: DIRECTORIES, ..Options::of(RECORDS) }
}

/// An empty store, for ActionQueue until a record shows another engine.
#[must_use]
pub fn store(rules: Rules) -> Store {
    actionqueue::store(rules)
}

/// An empty store for a log and what was given beside it.
#[must_use]
pub fn store_given(rules: Rules, given: &Given) -> Store {
    match &given.dag_executor {
        Some(given) => dag_executor::store(rules, Some(given.clone())),
        None => store(rules),
    }
}

/// An empty store for the log of another one, by the same rules and with the same given beside it.
#[must_use]
pub fn store_like(other: &Store) -> Store {
    let given = DagTasks::of(other).and_then(|own| own.given.clone());
    store_given(other.rules(), &Given { dag_executor: given })
}

/// Reads one record as an event of a run, for the run's page. The engine is found from the record itself: a log may
/// have changed its engine.
#[must_use]
pub fn run_event(place: Position, text: &[u8]) -> Option<RunEvent> {
    actionqueue::describe::read(place, text).or_else(|| dag_executor::describe::read(place, text))
}

/// A run as its engine reports it; none where the engine has no form of its own.
#[must_use]
pub fn projected(store: &Store, run: RunKey) -> Option<TaskObject<'_>> {
    dag_executor::projection::task(store, run)
}

/// True if the engine of a log counts the failures of a run.
#[must_use]
pub fn counts_failures(store: &Store) -> bool {
    Registry::of(store).is_some_and(Registry::is_newer)
}

/// Number of attempts that a run may make; none where its log does not say.
#[must_use]
pub fn max_attempts(store: &Store, run: RunKey) -> Option<u32> {
    let of_execution = || DagTasks::of(store)?.execution().max_attempts;
    store.spec(run).map(|spec| spec.max_attempts).or_else(of_execution)
}

/// True if the log tells how many attempts a run has made so far, and not only at its end.
#[must_use]
pub fn tells_attempts(store: &Store, run: RunKey) -> bool {
    DagTasks::of(store).is_none_or(|own| own.execution().tells_attempts || store.state_of(run).is_terminal())
}

/// Words for states that are none of the engine's, and the number of records with each.
#[must_use]
pub fn unknown_states(store: &Store) -> BTreeMap<String, u64> {
    let words = DagTasks::of(store).into_iter().flat_map(DagTasks::unknown_words);
    words.map(|(word, count)| (store.text(word).to_owned(), count)).collect()
}

/// True inside a full read of a directory: of the time before its end, only the last record of each run is known.
#[must_use]
pub fn is_within_scan(store: &Store) -> bool {
    DagTasks::of(store).is_some_and(|own| own.execution().is_scanned())
}

/// Facts of a run that only its engine has, in the order of a page.
#[must_use]
pub fn run_facts(store: &Store, run: RunKey) -> Vec<RunFact> {
    dag_executor::page::facts(store, run)
}

/// Progress of the execution of a store; none for an engine whose queue has no end.
#[must_use]
pub fn progress(store: &Store) -> Option<ExecutionProgress> {
    Some(DagTasks::of(store)?.progress(store))
}

/// Runs that determined how long an execution took: the one that ended last, and before each the one that it waited for
/// longest. Empty where the log does not tell what a run depends on.
#[must_use]
pub fn critical_chain(store: &Store) -> Vec<RunKey> {
    DagTasks::of(store).map_or_else(Vec::new, |own| own.critical_chain(store))
}

/// Budgets of a task, in order of allocation.
#[must_use]
pub fn budgets(store: &Store, task: TaskKey) -> &[Budget] {
    Registry::of(store).map_or(&[], |registry| registry.budgets(task))
}

/// Deadline of the wait of a run, if it waits and has one.
#[must_use]
pub fn deadline(store: &Store, run: RunKey) -> Option<Deadline> {
    Registry::of(store)?.wait(run)?.deadline
}
