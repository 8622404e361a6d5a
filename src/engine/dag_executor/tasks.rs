//! Data of dag-executor's logs beside the states of runs: the graph, the executions, and the facts that the order of saves
//! shows. Versioned with the store.

use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::Arc;

use super::given::DagGiven;
use crate::model::kind::KindId;
use crate::store::versioned::epoch::{Cell, Composite, Versioned};
use crate::store::versioned::map::VersionedMap;
use crate::store::versioned::vec::VersionedVec;
use crate::store::{Kept, Name, RunKey, Side, Store, TaskEntry, TaskKey};

/// Kinds of lines, as numbers of their names.
pub(super) const RECORD: u8 = 0;
pub(super) const DEAD_LETTER: u8 = 1;
pub(super) const GRAPH: u8 = 2;
pub(super) const ATTEMPT_START: u8 = 3;
pub(super) const ATTEMPT_END: u8 = 4;
pub(super) const CONTROL: u8 = 5;
pub(super) const RUN_END: u8 = 6;
pub(super) const SCAN: u8 = 7;
const KINDS: [&str; 8] =
    ["record", "dlq", "dag", "attempt_start", "attempt_end", "control", "run_end", "scan"];

/// The data that only dag-executor has.
#[derive(Debug, Default)]
pub struct DagTasks {
    /// Facts that the user gave beside the log. The same at every instant.
    pub(in crate::engine) given: Option<Arc<DagGiven>>,
    pub(super) execution: Cell<Execution>,
    /// By the index of their keys: nearly every task has one.
    pub(super) details: VersionedVec<TaskDetail>,
    /// The tasks that were skipped for a task, in the order of saves.
    pub(super) skipped_for: VersionedMap<RunKey, Vec<RunKey>>,
    /// The tasks that depend on a task, by the graph, in its order.
    pub(super) dependents: VersionedMap<RunKey, Vec<RunKey>>,
    /// Words for states that are none of the engine's, and the number of records with each.
    pub(super) words: VersionedMap<Name, u64>,
}

/// One execution of the graph, as far as the log shows it. A directory may have seen several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Execution {
    /// Number of executions that the log shows, this one included.
    pub number: u32,
    /// Name of this one, where the log has it.
    pub run_id: Option<Name>,
    /// Number of tasks that may execute at once, where it is known.
    pub concurrency: Option<u32>,
    /// Number of attempts that a task may make, where it is known.
    pub max_attempts: Option<u32>,
    /// Process of the host, where it is known.
    pub pid: Option<u32>,
    /// Its start: the earliest instant at which one of its tasks was created.
    pub started_at: Option<u64>,
    /// Its end, where the log tells it.
    pub ended_at: Option<u64>,
    /// Number of tasks of the graph; 0 where no graph is known.
    pub n_graph: u32,
    /// Number of graphs that the log has shown: the last is the one of now.
    pub graph: u32,
    /// Number of tasks of the graph that have ended.
    pub n_ended: u32,
    /// Number of ends that were saved in this execution.
    pub n_ended_now: u32,
    /// The task whose end is the latest of this execution.
    pub last_finished: Option<RunKey>,
    /// Number of attempts that execute, where the log tells of attempts.
    pub n_executing: u32,
    /// The log tells of attempts.
    pub tells_attempts: bool,
    /// Two executors save at once, so that the order of saves shows nothing.
    pub is_mixed: bool,
    /// The latest instant of a record of this execution.
    pub(super) latest: u64,
    /// Records are read in no order of saves.
    pub(super) is_scanned: bool,
    /// The end that was saved last, in this stretch of the log.
    pub(super) last_end: Option<RunKey>,
    /// The failure or cancellation after which nothing but skipped tasks were saved.
    pub(super) cascade: Option<RunKey>,
}

/// TaskDetail of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskDetail {
    /// Instant of its last dispatch, in milliseconds since the Unix epoch.
    pub started_at: Option<u64>,
    /// Instant of its end.
    pub finished_at: Option<u64>,
    /// Instant of its last change.
    pub updated_at: u64,
    /// The execution that saved it last; 0 for a task of the graph that has no record.
    pub execution: u32,
    /// The end that unblocked it, where the order of saves shows it.
    pub unblocked_by: Option<RunKey>,
    /// The failure or cancellation for which it was skipped, where the order of saves shows it.
    pub root_cause: Option<RunKey>,
    /// The last graph that it is in; 0 for none.
    pub graph: u32,
    /// It is in the queue of dead letters since this instant. A later success leaves it there.
    pub dead_letter_at: Option<u64>,
}

impl Execution {
    /// Begins another execution, of the same graph as far as the log shows.
    pub(super) fn begin_another(&mut self) {
        *self = Self {
            number: self.number + 1,
            concurrency: self.concurrency,
            max_attempts: self.max_attempts,
            n_graph: self.n_graph,
            graph: self.graph,
            n_ended: self.n_ended,
            tells_attempts: self.tells_attempts,
            is_scanned: self.is_scanned,
            ..Self::default()
        };
    }
}

impl TaskDetail {
    /// Milliseconds from its dispatch to its end, as the engine counts them.
    #[must_use]
    pub fn duration(&self) -> Option<u64> {
        self.finished_at?.checked_sub(self.started_at?)
    }
}

impl Execution {
    /// Is true inside a full read of a directory.
    pub(in crate::engine) const fn is_scanned(&self) -> bool {
        self.is_scanned
    }
}

impl DagTasks {
    /// The data of a store; none where it was made for another engine.
    #[must_use]
    pub fn of(store: &Store) -> Option<&Self> {
        store.side_of()
    }

    /// True if a user gave something beside the log.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// The latest execution.
    #[must_use]
    pub const fn execution(&self) -> &Execution {
        &self.execution.value
    }

    /// Number of tasks that may execute at once, by the log or else by the user.
    #[must_use]
    pub fn concurrency(&self) -> Option<u32> {
        self.execution.concurrency.or(self.given.as_ref()?.concurrency)
    }

    /// TaskDetail of a task.
    #[must_use]
    pub fn detail(&self, run: RunKey) -> TaskDetail {
        self.details.get(run.index()).copied().unwrap_or_default()
    }

    /// The tasks that depend on a task, by the graph.
    #[must_use]
    pub fn dependents(&self, run: RunKey) -> &[RunKey] {
        self.dependents.get(&run).map_or(&[], Vec::as_slice)
    }

    /// The tasks that are skipped for a task, in the order of saves.
    pub fn skipped_for(&self, run: RunKey) -> impl Iterator<Item = RunKey> + '_ {
        let skipped = self.skipped_for.get(&run).into_iter().flatten().copied();
        // One that was dispatched since is in the list, and twice when it was skipped again.
        let mut seen = HashSet::new();
        skipped.filter(move |task| self.is_skipped_for(*task, run) && seen.insert(*task))
    }

    /// True if a task is skipped for another.
    #[must_use]
    pub fn is_skipped_for(&self, task: RunKey, cause: RunKey) -> bool {
        self.detail(task).root_cause == Some(cause)
    }

    /// Words for states that are none of the engine's, and the number of records with each.
    pub fn unknown_words(&self) -> impl Iterator<Item = (Name, u64)> + '_ {
        self.words.iter().map(|(name, count)| (*name, *count))
    }

    pub(super) fn detail_mut(&mut self, run: RunKey) -> &mut TaskDetail {
        while self.details.len() <= run.index() {
            self.details.push(TaskDetail::default());
        }
        &mut self.details[run.index()]
    }
}

impl Composite for DagTasks {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        // Everything that a line may change; a part that is left out here would stay in the future.
        let Self { given: _, execution, details, skipped_for, dependents, words } = self;
        let parts: [&mut dyn Versioned; 5] = [execution, details, skipped_for, dependents, words];
        parts.into_iter().for_each(of);
    }
}

impl Side for DagTasks {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self { given: self.given.clone(), ..Self::default() })
    }

    fn kind_name(&self, kind: KindId) -> &'static str {
        KINDS.get(kind.index()).copied().unwrap_or_default()
    }

    fn needs(&self, _: TaskKey) -> bool {
        false
    }

    fn may_go_on(&self, _: &TaskEntry<'_>) -> bool {
        // A directory may be executed again, and any task of it then goes on.
        true
    }

    fn evicted(&self, kept: &mut Kept<'_>) -> Box<dyn Side> {
        let mut execution = self.execution.value;
        execution.run_id = execution.run_id.map(|name| kept.name(name));
        let run_now = |kept: &Kept<'_>, run: Option<RunKey>| run.and_then(|run| kept.run(run));
        execution.last_end = run_now(kept, execution.last_end);
        execution.cascade = run_now(kept, execution.cascade);
        execution.last_finished = run_now(kept, execution.last_finished);
        let given = self.given.clone();
        let mut left = Self { given, execution: Cell::of(execution), ..Self::default() };
        for (run, detail) in self.details.iter().enumerate() {
            let Some(now) = kept.run(RunKey::from_index(run)) else { continue };
            let unblocked_by = run_now(kept, detail.unblocked_by);
            let root_cause = run_now(kept, detail.root_cause);
            *left.detail_mut(now) = TaskDetail { unblocked_by, root_cause, ..*detail };
        }
        for (from, to) in
            [(&self.dependents, &mut left.dependents), (&self.skipped_for, &mut left.skipped_for)]
        {
            for (run, others) in from.iter() {
                if let Some(now) = kept.run(*run) {
                    to.insert(now, others.iter().filter_map(|run| kept.run(*run)).collect());
                }
            }
        }
        for (word, count) in self.words.iter() {
            left.words.insert(kept.name(*word), *count);
        }
        Box::new(left)
    }

    fn digest(&self, add: &mut dyn FnMut(&dyn Debug)) {
        add(&self.execution.value);
        self.details.iter().for_each(|detail| add(detail));
        add(&self.dependents.sorted());
        add(&self.skipped_for.sorted());
        add(&self.words.sorted());
    }
}
