//! Totals of a log, as every report of a whole log gives them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::engine::progress::ExecutionProgress;
use crate::engine::{self, Engine};
use crate::model::states::{State, StateTable};
use crate::store::{ProblemKind, Store};

/// The numbers of a log.
#[derive(Debug, Serialize)]
pub struct Totals {
    /// The words that the log is written in.
    pub vocabulary: Option<&'static str>,
    /// Lines that were folded: the sum of the four that follow.
    pub lines: u64,
    /// Events that were applied.
    pub applied: u64,
    /// Events that the rules refused.
    pub rejected: u64,
    /// Lines that are no event.
    pub unreadable: u64,
    /// Blank lines, and events of unknown kinds.
    pub ignored: u64,
    /// Lines of which a table says something, in a foreign log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<u64>,
    /// Lines of which a table says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_over: Option<u64>,
    /// The sequence of the last event that was applied.
    pub latest_sequence: u64,
    /// Number of gaps in the sequence of events.
    pub sequence_gaps: u64,
    /// Every run of the log.
    pub runs: u64,
    /// Of these, ended runs that were evicted to save memory.
    pub runs_only_counted: u64,
    /// Runs by their state.
    pub states: BTreeMap<&'static str, u64>,
    /// Breaches of the log's rules.
    pub problems: ProblemTotals,
    /// Is true while the engine is paused.
    pub engine_paused: bool,
    /// Progress of an execution, where the queue has an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<ProgressObject>,
    /// Words for states that are none of the engine's, and the number of records with each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown_states: BTreeMap<String, u64>,
    /// Words that a table does not explain, and the number of statements with each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_words: Option<BTreeMap<String, u64>>,
    /// The states and their orders.
    #[serde(skip)]
    pub table: &'static StateTable,
}

/// Progress of an execution. Times are in the unit of the log.
#[derive(Debug, Serialize)]
pub struct ProgressObject {
    /// Number of executions that the log shows, this one included.
    pub executions: u32,
    /// Runs of the graph; `null` where no graph is known.
    pub total: Option<u64>,
    /// Those of them that have ended.
    pub ended: Option<u64>,
    /// Share of those, rounded down.
    pub percent: Option<u64>,
    /// Runs that execute; `null` where the log does not tell them from those that wait for a worker.
    pub executing: Option<u64>,
    /// Runs that were dispatched, and wait for a worker.
    pub queued: Option<u64>,
    /// Estimated time until the rest has ended.
    pub left: Option<u64>,
    /// The run that ended last, before it the one that it waited for, and so on.
    pub critical_chain: Vec<String>,
}

impl ProgressObject {
    fn of(store: &Store, progress: &ExecutionProgress) -> Self {
        let chain = engine::critical_chain(store);
        Self {
            executions: progress.number,
            total: progress.ended_of.map(|(_, total)| total),
            ended: progress.ended_of.map(|(ended, _)| ended),
            percent: progress.percent(),
            executing: progress.executing.map(|(executing, _)| executing),
            queued: progress.executing.map(|(_, queued)| queued),
            left: progress.left,
            critical_chain: chain
                .iter()
                .map(|run| store.id_text(store.record(*run).id()).into_owned())
                .collect(),
        }
    }
}

/// Problems, by their kind.
#[derive(Debug, Serialize)]
pub struct ProblemTotals {
    /// All of them.
    pub total: u64,
    /// Those of each kind that there is.
    pub by_kind: BTreeMap<&'static str, u64>,
}

impl Totals {
    /// The numbers of what a store holds.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        let (tally, table) = (store.tally(), store.states());
        let told = engine::lines_told(store);
        let (unknown_states, unknown_words) = match told {
            Some(_) => (BTreeMap::new(), Some(engine::unknown_states(store))),
            None => (engine::unknown_states(store), None),
        };
        let by_kind = ProblemKind::ALL.iter().map(|kind| (kind.label(), store.problems().of(*kind)));
        Self {
            vocabulary: Engine::of(store).map(Engine::label),
            lines: tally.lines,
            applied: tally.applied,
            rejected: tally.rejected,
            unreadable: tally.unreadable,
            ignored: tally.ignored,
            matched: told.map(|told| told.matched),
            passed_over: told.map(|told| told.passed_over),
            latest_sequence: store.latest_sequence(),
            sequence_gaps: store.sequence_gaps(),
            runs: store.n_runs(),
            runs_only_counted: store.n_gone(),
            states: table.all().map(|state| (state.name(), store.count(state))).collect(),
            problems: ProblemTotals {
                total: store.problems().total(),
                by_kind: by_kind.filter(|(_, count)| *count > 0).collect(),
            },
            engine_paused: store.engine().paused,
            progress: engine::progress(store).map(|it| ProgressObject::of(store, &it)),
            unknown_states,
            unknown_words,
            table,
        }
    }

    /// The number of runs in a state.
    #[must_use]
    pub fn in_state(&self, state: State) -> u64 {
        self.states.get(state.name()).copied().unwrap_or(0)
    }
}
