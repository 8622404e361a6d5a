//! Times that runs stayed in each state, for `stats --json`. Must not know how they were found out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::store::Store;
use crate::view::times::{SpreadFigures, Stays, TaskKind, Times};

/// Times that runs stayed in each state, in the unit of the log.
#[derive(Debug, Serialize)]
pub(super) struct TimeInState<'a> {
    /// The instant at which stays that have not ended are looked at: the latest of the log.
    now: u64,
    /// Every state that a run can stay in.
    by_state: ByState,
    /// The types of tasks, by their runs: the most come first, and of as many runs the one whose text sorts first. Then
    /// `null`, for tasks without a description.
    by_task: Vec<OfTask<'a>>,
    /// The types with the fewest runs, when there are too many to list.
    other_tasks: Option<OfOthers>,
}

type ByState = BTreeMap<&'static str, OfState>;

#[derive(Debug, Serialize)]
struct OfTask<'a> {
    task: Option<&'a str>,
    runs: u64,
    /// The states in which one of these runs stayed.
    by_state: ByState,
}

#[derive(Debug, Serialize)]
struct OfOthers {
    types: u64,
    runs: u64,
    by_state: ByState,
}

#[derive(Debug, Serialize)]
struct OfState {
    closed: Spread,
    open: Spread,
    unknown: u64,
}

/// `null` where there is nothing to measure.
#[derive(Debug, Serialize)]
struct Spread {
    count: u64,
    p50: Option<u64>,
    p90: Option<u64>,
    p99: Option<u64>,
    max: Option<u64>,
}

impl<'a> TimeInState<'a> {
    /// Returns the report of `times`, which is done, on a store.
    pub(super) fn of(store: &'a Store, times: &Times) -> Self {
        let live = store.states().all().filter(|state| !state.is_terminal());
        let by_state = live.map(|state| (state.name(), OfState::from(times.all(state)))).collect();
        let (mut by_task, mut other_tasks) = (vec![], None);
        for (kind, stays) in times.kinds() {
            let seen = store.states().all().zip(stays).filter(|(_, stays)| !stays.is_empty());
            let by_state = seen.map(|(state, stays)| (state.name(), OfState::from(*stays))).collect();
            match kind {
                TaskKind::Typed { name, runs } => {
                    by_task.push(OfTask { task: Some(store.text(name)), runs, by_state });
                }
                TaskKind::Untyped { runs } => by_task.push(OfTask { task: None, runs, by_state }),
                TaskKind::Other { types, runs } => other_tasks = Some(OfOthers { types, runs, by_state }),
            }
        }
        Self { now: times.now(), by_state, by_task, other_tasks }
    }
}

impl From<Stays> for OfState {
    fn from(stays: Stays) -> Self {
        Self { closed: stays.closed.into(), open: stays.open.into(), unknown: stays.unknown }
    }
}

impl From<SpreadFigures> for Spread {
    fn from(figures: SpreadFigures) -> Self {
        let SpreadFigures { count, p50, p90, p99, max } = figures;
        let known = |figure| (count > 0).then_some(figure);
        Self { count, p50: known(p50), p90: known(p90), p99: known(p99), max: known(max) }
    }
}
