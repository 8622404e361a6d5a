//! Progress of an execution, and the chain of tasks that determined its length.

use std::collections::HashSet;

use super::states::TaskState;
use super::tasks::DagTasks;
use crate::engine::progress::ExecutionProgress;
use crate::model::id::{Id as _, RunId};
use crate::store::{RunKey, Store};

/// Maximum number of tasks in a chain: no graph that is drawn by a person is deeper.
const MAX_CHAIN: usize = 10_000;

impl DagTasks {
    /// Progress at the instant of the store.
    #[must_use]
    pub(super) fn execution_progress(&self, store: &Store) -> ExecutionProgress {
        let execution = self.execution();
        let n_graph = u64::from(execution.n_graph);
        let ended = u64::from(execution.n_ended);
        ExecutionProgress {
            number: execution.number,
            ended_of: (n_graph > 0).then_some((ended, n_graph)),
            executing: self.executing(store),
            left: self.left(store),
        }
    }

    /// Number of tasks that execute, and of those that were dispatched and wait for a worker.
    fn executing(&self, store: &Store) -> Option<(u64, u64)> {
        let execution = self.execution();
        let running = store.count(TaskState::Running.state());
        let executing = match self.concurrency() {
            _ if execution.tells_attempts => execution.n_executing.into(),
            Some(limit) => running.min(limit.into()),
            None => return None,
        };
        Some((executing, running.saturating_sub(executing)))
    }

    /// True if a running task executes, false if it waits for a worker; none where the log does not tell the two apart.
    #[must_use]
    pub fn is_executing(&self, store: &Store, run: RunKey) -> Option<bool> {
        if self.execution().tells_attempts {
            return Some(store.run(run).open_attempt.is_some());
        }
        // Workers take the tasks in the order of dispatch.
        let limit = usize::try_from(self.concurrency()?).ok()?;
        Some(self.dispatched_before(store, run) < limit)
    }

    /// Number of running tasks that were dispatched before one.
    pub(super) fn dispatched_before(&self, store: &Store, run: RunKey) -> usize {
        let queue = store.lane(TaskState::Running.id());
        queue.len().saturating_sub(queue.place(store.slot(run)) + 1)
    }

    /// Milliseconds until all tasks of the graph have ended, at the pace of this execution so far.
    fn left(&self, store: &Store) -> Option<u64> {
        let execution = self.execution();
        if execution.n_graph == 0 || store.count(TaskState::Running.state()) == 0 {
            return None;
        }
        let ended = u64::from(execution.n_ended_now);
        let rest = u64::from(execution.n_graph.saturating_sub(execution.n_ended));
        let spent = execution.latest.checked_sub(execution.started_at?)?;
        let left = u128::from(spent) * u128::from(rest) / u128::from(Some(ended).filter(|it| *it > 0)?);
        u64::try_from(left).ok()
    }

    /// The task that ended last, before it the one that unblocked it, and so on. Empty where no graph is known.
    #[must_use]
    pub(super) fn last_chain(&self, store: &Store) -> Vec<RunKey> {
        self.execution().last_finished.map_or_else(Vec::new, |last| self.chain(store, last))
    }

    /// A task, the one that unblocked it, and so on. Empty where no graph is known.
    #[must_use]
    pub fn chain(&self, store: &Store, run: RunKey) -> Vec<RunKey> {
        if self.execution().n_graph == 0 {
            return Vec::new();
        }
        let chain = std::iter::successors(Some(run), |run| self.waited_for(store, *run));
        // What several executions show may lead back to where it began.
        let mut seen = HashSet::new();
        chain.take_while(|run| seen.insert(*run)).take(MAX_CHAIN).collect()
    }

    /// The dependency that ended last: as the order of saves shows it, or else by the clock.
    pub(super) fn waited_for(&self, store: &Store, run: RunKey) -> Option<RunKey> {
        let detail = self.detail(run);
        if let Some(by) = detail.unblocked_by.or(detail.root_cause) {
            return Some(by);
        }
        // A task that was not dispatched has waited for nothing yet, as far as the log shows.
        let started_at = detail.started_at?;
        let on = store.task(store.task_of(run)).depends_on;
        // One that ended in an earlier execution was not waited for: this one began with it.
        let created_at = store.created_at(run);
        let ended = on.iter().filter_map(|id| {
            let on = store.find(RunId::from_bits(id.bits()))?;
            let of_on = self.detail(on);
            let at = of_on.finished_at.filter(|at| (created_at..=started_at).contains(at))?;
            (of_on.execution == detail.execution).then_some((at, on))
        });
        ended.max_by_key(|(at, _)| *at).map(|(_, on)| on)
    }
}
