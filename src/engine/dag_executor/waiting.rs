//! Causes for which tasks wait, as far as a graph and the order of dispatch show them.
//!
//! The engine saves nothing of a task before it is dispatched. So a cause is told only of a task of a known graph, or of a
//! running one whose place among the others is known. No task is called stuck while another runs.

use super::states::TaskState;
use super::tasks::DagTasks;
use crate::engine::cause::{Cause, Waiting};
use crate::engine::waiting::Judge;
use crate::model::facts::TaskEnd;
use crate::model::id::{Id as _, RunId, TaskId};
use crate::model::states::{Phase, State};
use crate::store::{RunKey, Store};

/// Judge of the tasks of a graph: the store has all that it needs.
#[derive(Debug)]
pub(super) struct GraphJudge;

impl Judge for GraphJudge {
    fn why(&self, store: &Store, run: RunKey, _: u64) -> Option<Waiting> {
        why(store, run)
    }
}

/// Judges a task; none for one that has ended, or of which the log does not show the cause.
fn why(store: &Store, run: RunKey) -> Option<Waiting> {
    let own = DagTasks::of(store)?;
    let state = store.state_of(run);
    if state.is_terminal() {
        return None;
    }
    let mut is_stuck = false;
    let cause = if state == TaskState::Running.state() {
        // Its page tells its place among those that wait for a worker.
        own.is_executing(store, run).filter(|is_executing| *is_executing)?;
        Cause::Works
    } else {
        let (on, end) = unmet(store, run)?;
        // The engine leaves such a task without a record when it reads the directory again.
        is_stuck = end.is_some() && store.count(TaskState::Running.state()) == 0;
        Cause::Dependency { on, end }
    };
    Some(Waiting { cause, is_stuck, until: None })
}

/// A dependency that has not been completed: the first that ended otherwise, or else the first that has not ended.
fn unmet(store: &Store, run: RunKey) -> Option<(TaskId, Option<TaskEnd>)> {
    let on = store.task(store.task_of(run)).depends_on;
    let end = |id: &TaskId| {
        let state = store.find(RunId::from_bits(id.bits())).map(|on| store.state_of(on));
        state.map_or(DependencyState::Open, DependencyState::of)
    };
    let mut open = None;
    for id in on {
        match end(id) {
            DependencyState::Met => (),
            DependencyState::Open => open = open.or(Some((*id, None))),
            DependencyState::Ended(end) => return Some((*id, Some(end))),
        }
    }
    open
}

/// State of a dependency, for those that depend on it.
enum DependencyState {
    Met,
    Open,
    Ended(TaskEnd),
}

impl DependencyState {
    fn of(state: State) -> Self {
        match state.phase() {
            Phase::Succeeded => Self::Met,
            Phase::Canceled => Self::Ended(TaskEnd::Canceled),
            Phase::Failed | Phase::Skipped => Self::Ended(TaskEnd::Failed),
            _ => Self::Open,
        }
    }
}
