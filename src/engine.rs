//! Engines: the kinds of records in logs, their decoding, and the effect of each record on the store.
//!
//! A closed list with one folder per engine. It is matched once for a batch of records, never for each record. Must
//! not know where records come from, nor how runs are shown.

pub mod actionqueue;
pub mod batch;
pub mod cause;
pub mod dag_executor;
mod data;
pub mod feed;
pub mod fold;
pub mod lines_told;
pub mod mapped;
pub mod progress;
pub mod record;
pub mod recorded;
pub mod reread;
pub mod run_event;
pub mod run_facts;
mod unframed;
pub mod waiting;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::deadline::Deadline;
use crate::model::facts::Budget;
use crate::model::position::Position;
use crate::model::states::StateTable;
use crate::model::task::NO_LIMIT;
use crate::source::block::Block;
use crate::source::directory::shape::DirectoryShape;
use crate::source::framing::Framing;
use crate::source::line::Raw;
use crate::source::options::Options;
use crate::source::shape::RecordShape;
use crate::store::{Name, Rules, RunKey, Store, TaskKey};
use actionqueue::Registry;
use actionqueue::event::Vocabulary;
use dag_executor::projection::TaskObject;
use dag_executor::{DagGiven, DagTasks};
use data::EngineData;
use lines_told::LinesTold;
use mapped::projection::MappedObject;
use mapped::{Format, MappedRuns};
use progress::ExecutionProgress;
use recorded::Recorded;
use run_event::RunEvent;
use run_facts::RunFact;

/// The engine that wrote a log, as shown by its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// ActionQueue, in one of its vocabularies.
    ActionQueue(Vocabulary),
    /// dag-executor.
    DagExecutor,
    /// Any queue whose lines a table describes.
    Mapped(Format),
}

impl Engine {
    /// Engine of a log, once a record has shown it.
    #[must_use]
    pub fn of(store: &Store) -> Option<Self> {
        data_of(store)?.engine()
    }

    /// Name and versions, or the name of the format, for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::ActionQueue(vocabulary) => vocabulary.label(),
            Self::DagExecutor => "dag-executor 0.1",
            Self::Mapped(format) => format.table().name.as_str(),
        }
    }
}

/// Facts that a user gives beside a log, since the log does not have them; nothing by default. They are for the logs of
/// one engine, which is then the only one that is read.
#[derive(Debug, Clone, Default)]
pub enum Given {
    /// Nothing, so that a log of any engine is read.
    #[default]
    Nothing,
    /// A graph, or the number of tasks that may execute at once.
    DagExecutor(Arc<DagGiven>),
    /// The table that describes the lines.
    Format(Format),
}

impl Given {
    /// Facts for a log of dag-executor: its graph, as JSON, and the number of tasks that may execute at once.
    ///
    /// # Errors
    /// When the graph is no JSON of `{"tasks":[{"id":...,"deps":[...]}]}`.
    pub fn of_dag(graph: Option<Vec<u8>>, concurrency: Option<u32>) -> Result<Self, String> {
        if graph.is_none() && concurrency.is_none() {
            return Ok(Self::Nothing);
        }
        Ok(Self::DagExecutor(Arc::new(DagGiven::of(graph, concurrency)?)))
    }

    /// Engine that a user has named by the facts, where its lines need not show it.
    const fn engine(&self) -> Option<Engine> {
        match self {
            Self::Format(format) => Some(Engine::Mapped(*format)),
            Self::Nothing | Self::DagExecutor(_) => None,
        }
    }

    /// The reason to refuse a record of another engine than the one that the facts are for; none where there are none.
    const fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::DagExecutor(_) => {
                Some("no record of dag-executor; --dag and --concurrency are for its logs alone")
            }
            Self::Format(_) => Some("no line of the format that was named"),
        }
    }
}

/// Facts that a user gave beside the log of a store.
fn given(store: &Store) -> Given {
    data_of(store).map_or_else(Given::default, EngineData::given)
}

/// Data of the engine of a store. None while the rules of the engine hold it.
fn data_of(store: &Store) -> Option<&dyn EngineData> {
    if let Some(own) = Registry::of(store) {
        return Some(own);
    }
    DagTasks::of(store).map(|own| own as &dyn EngineData).or_else(|| Some(MappedRuns::of(store)?))
}

/// State tables of all engines, the most common first.
pub fn state_tables() -> impl Iterator<Item = &'static StateTable> {
    [&actionqueue::states::STATES, &dag_executor::states::STATES, mapped::states::all()].into_iter()
}

/// Engine of some lines, as far as they show it.
enum Recognized {
    /// Nothing is shown.
    Nothing,
    /// One engine.
    Engine(Engine),
    /// Several tables fit, by these names.
    Ambiguous(Vec<&'static str>),
}

/// Finds the engine of a block's lines by the first record of any. Tables are asked when no engine knows a line of those
/// that they are asked about; the lines behind these are looked at where no table fits.
fn recognize(block: &Block) -> Recognized {
    let mut owns = block.lines().map(|line| match line.text {
        Raw::Whole(text) => own_engine(unframed::unframed(text)),
        Raw::Damaged(_) | Raw::OverLong { .. } => None,
    });
    if let Some(own) = owns.by_ref().take(mapped::catalog::MAX_ASKED_LINES).flatten().next() {
        return Recognized::Engine(own);
    }
    match *mapped::catalog::fitting_block(block) {
        [] => owns.flatten().next().map_or(Recognized::Nothing, Recognized::Engine),
        [table] => Recognized::Engine(Engine::Mapped(Format::of(table))),
        ref tables => Recognized::Ambiguous(tables.iter().map(|table| table.name.as_str()).collect()),
    }
}

/// The engine whose record a line is, apart from those that tables describe.
fn own_engine(text: &[u8]) -> Option<Engine> {
    let vocabulary = actionqueue::decode::vocabulary_of(text).map(Engine::ActionQueue);
    vocabulary.or_else(|| dag_executor::lines::is_record(text).then_some(Engine::DagExecutor))
}

/// Shapes of the records of the engines, by which a source recognizes them.
pub const RECORDS: &[RecordShape] =
    &[actionqueue::records::RECORDS, dag_executor::shape::RECORDS, mapped::shape::RECORDS];

/// Shapes of the directories of the engines.
pub const DIRECTORIES: &[DirectoryShape] = &[dag_executor::shape::DIRECTORY];

/// Options for reading a log of any engine.
#[must_use]
pub fn options() -> Options {
    let framing = Framing { lines: RECORDS, frames: &actionqueue::frames::FRAMES };
    Options { framing, directories: DIRECTORIES, inside: actionqueue::frames::INSIDE, ..Options::of(RECORDS) }
}

/// Options for reading a log with what was given beside it.
#[must_use]
pub fn options_given(given: &Given) -> Options {
    match given {
        Given::Format(_) => Options::of(mapped::shape::NAMED),
        Given::Nothing | Given::DagExecutor(_) => options(),
    }
}

/// Options for reading a log into a store.
#[must_use]
pub fn options_like(store: &Store) -> Options {
    options_given(&given(store))
}

/// An empty store, for ActionQueue until a record shows another engine.
#[must_use]
pub fn store(rules: Rules) -> Store {
    actionqueue::store(rules)
}

/// An empty store for a log and what was given beside it.
#[must_use]
pub fn store_given(rules: Rules, given: &Given) -> Store {
    match given {
        Given::Nothing => store(rules),
        Given::DagExecutor(given) => dag_executor::store(rules, Some(given.clone())),
        Given::Format(format) => mapped::store(rules, *format, true),
    }
}

/// An empty store for the log of another one, by the same rules and with the same given beside it.
#[must_use]
pub fn store_like(other: &Store) -> Store {
    store_given(other.rules(), &given(other))
}

/// Reads one record as an event of a run, for the run's page. The engine is found from the record itself, as far as it
/// shows one: a log may have changed its engine.
#[must_use]
pub fn run_event(store: &Store, run: RunKey, place: Position, text: &[u8]) -> Option<RunEvent> {
    if let Some(own) = MappedRuns::of(store) {
        return mapped::describe::read(own.format(), store.id_of(run), place, text);
    }
    actionqueue::describe::read(place, text).or_else(|| dag_executor::describe::read(place, text))
}

/// The engine's own word for the state of a run, where it is another than the state's name.
#[must_use]
pub fn word(store: &Store, run: RunKey) -> Option<Name> {
    data_of(store)?.word(store, run)
}

/// Facts that the log of a foreign engine tells and what it does not, a line each; nothing for an engine of the list.
#[must_use]
pub fn tells(store: &Store) -> &'static [String] {
    data_of(store).map_or(&[], EngineData::tells)
}

/// Kinds of facts that the records of a log have.
#[must_use]
pub fn recorded(store: &Store) -> Recorded {
    data_of(store).map_or(Recorded::ALL, EngineData::recorded)
}

/// A run in the form of its own engine.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum OwnObject<'a> {
    /// As dag-executor reports it.
    Task(Box<TaskObject<'a>>),
    /// As a table describes it.
    Mapped(Box<MappedObject<'a>>),
}

/// A run as its engine reports it; none where the engine has no form of its own.
#[must_use]
pub fn projected(store: &Store, run: RunKey) -> Option<OwnObject<'_>> {
    let task = dag_executor::projection::task(store, run).map(|task| OwnObject::Task(Box::new(task)));
    task.or_else(|| mapped::projection::run(store, run).map(|run| OwnObject::Mapped(Box::new(run))))
}

/// True if the engine of a log counts the failures of a run.
#[must_use]
pub fn counts_failures(store: &Store) -> bool {
    data_of(store).is_some_and(EngineData::counts_failures)
}

/// Number of attempts that a run may make; none where its log does not say.
#[must_use]
pub fn max_attempts(store: &Store, run: RunKey) -> Option<u32> {
    let of_task = store.spec(run).map(|spec| spec.max_attempts).filter(|limit| *limit != NO_LIMIT);
    of_task.or_else(|| data_of(store)?.max_attempts())
}

/// True if the log tells how many attempts a run has made so far, and not only at its end.
#[must_use]
pub fn tells_attempts(store: &Store, run: RunKey) -> bool {
    data_of(store).is_none_or(|data| data.tells_attempts(store, run))
}

/// Priority of a run; none where its log does not tell one.
#[must_use]
pub fn priority(store: &Store, run: RunKey) -> Option<i32> {
    let is_told = data_of(store).is_none_or(|data| data.tells_priority(store, run));
    if is_told { store.priority_of(run) } else { None }
}

/// Queue that a run came by; none where its log does not name it.
#[must_use]
pub fn queue(store: &Store, run: RunKey) -> Option<Name> {
    data_of(store)?.queue(run)
}

/// Lines of a foreign log, by what its table makes of them; none for an engine of the list.
#[must_use]
pub fn lines_told(store: &Store) -> Option<LinesTold> {
    data_of(store)?.lines_told()
}

/// Words for states that are none of the engine's, and the number of records with each.
#[must_use]
pub fn unknown_states(store: &Store) -> BTreeMap<String, u64> {
    data_of(store).map_or_else(BTreeMap::new, |data| data.unknown_states(store))
}

/// True inside a full read of a directory: of the time before its end, only the last record of each run is known.
#[must_use]
pub fn is_within_scan(store: &Store) -> bool {
    data_of(store).is_some_and(EngineData::is_within_scan)
}

/// Id of the parent of a run, as the log writes it; none where the log names none.
#[must_use]
pub fn parent(store: &Store, run: RunKey) -> Option<Cow<'_, str>> {
    data_of(store)?.parent(store, run)
}

/// Facts of a run that only its engine has, in the order of a page.
#[must_use]
pub fn run_facts(store: &Store, run: RunKey) -> Vec<RunFact> {
    data_of(store).map_or_else(Vec::new, |data| data.run_facts(store, run))
}

/// Progress of the execution of a store; none for an engine whose queue has no end.
#[must_use]
pub fn progress(store: &Store) -> Option<ExecutionProgress> {
    data_of(store)?.progress(store)
}

/// Runs that determined how long an execution took: the one that ended last, and before each the one that it waited for
/// longest. Empty where the log does not tell what a run depends on.
#[must_use]
pub fn critical_chain(store: &Store) -> Vec<RunKey> {
    data_of(store).map_or_else(Vec::new, |data| data.critical_chain(store))
}

/// Budgets of a task, in order of allocation.
#[must_use]
pub fn budgets(store: &Store, task: TaskKey) -> &[Budget] {
    data_of(store).map_or(&[], |data| data.budgets(task))
}

/// Deadline of the wait of a run, if it waits and has one.
#[must_use]
pub fn deadline(store: &Store, run: RunKey) -> Option<Deadline> {
    data_of(store)?.deadline(run)
}
