//! Totals of a log, as every report of a whole log gives them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::engine::Engine;
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
    /// The states and their orders.
    #[serde(skip)]
    pub table: &'static StateTable,
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
        let by_kind = ProblemKind::ALL.iter().map(|kind| (kind.label(), store.problems().of(*kind)));
        Self {
            vocabulary: Engine::of(store).map(Engine::label),
            lines: tally.lines,
            applied: tally.applied,
            rejected: tally.rejected,
            unreadable: tally.unreadable,
            ignored: tally.ignored,
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
            table,
        }
    }

    /// The number of runs in a state.
    #[must_use]
    pub fn in_state(&self, state: State) -> u64 {
        self.states.get(state.name()).copied().unwrap_or(0)
    }
}
