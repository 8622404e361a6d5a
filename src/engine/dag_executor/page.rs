//! Facts of a task's page that only dag-executor has: the meaning of a state, dependencies both ways, and facts that the
//! order of saves shows.

use std::collections::HashSet;

use super::states::TaskState;
use super::tasks::{DagTasks, TaskDetail};
use crate::engine::run_facts::{FactValue, MAX_NAMED_RUNS, RunFact};
use crate::model::id::{Id as _, RunId};
use crate::store::{RunKey, Store};

/// Facts of a task; none in a store of another engine.
pub(in crate::engine) fn facts(store: &Store, run: RunKey) -> Vec<RunFact> {
    let Some(own) = DagTasks::of(store) else { return Vec::new() };
    let page = Page { store, own, run, detail: own.detail(run) };
    let mut facts = Vec::new();
    let mut add = |label, value: Option<FactValue>| {
        facts.extend(value.map(|value| RunFact { label, value }));
    };
    add("", page.meaning().map(FactValue::Note));
    add("error", page.error());
    add("took", page.duration().map(FactValue::Note));
    add("root cause", page.root_cause());
    add("unblocked by", page.unblocker());
    add("depends on", page.depends_on());
    add("needed by", runs(own.dependents(run).iter().copied(), own.dependents(run).len()));
    add("skips", page.skipped());
    let chain = own.chain(store, run);
    add("chain", runs(chain.iter().copied(), chain.len()).filter(|_| chain.len() > 1));
    add("dead letter", page.detail.dead_letter_at.map(FactValue::Instant));
    add("", page.stale_letter().map(FactValue::Warning));
    add("execution", page.execution().map(FactValue::Note));
    add("output", store.run(run).output.map(FactValue::Json));
    facts
}

/// The first of some runs, of which there are `total`.
fn runs(runs: impl Iterator<Item = RunKey>, total: usize) -> Option<FactValue> {
    let named = runs.take(MAX_NAMED_RUNS).map(|run| (0, run)).collect();
    (total > 0).then_some(FactValue::Runs(named, total))
}

/// One run.
fn one(run: RunKey) -> FactValue {
    FactValue::Runs(vec![(0, run)], 1)
}

struct Page<'a> {
    store: &'a Store,
    own: &'a DagTasks,
    run: RunKey,
    detail: TaskDetail,
}

impl Page<'_> {
    fn is_in(&self, state: TaskState) -> bool {
        self.store.state_of(self.run) == state.state()
    }

    /// The meaning of its state, where the engine's word for it says more than is so.
    fn meaning(&self) -> Option<String> {
        if self.is_in(TaskState::Pending) && self.detail.execution == 0 {
            return Some("it has no record yet: the graph alone has it".to_owned());
        }
        if !self.is_in(TaskState::Running) {
            return None;
        }
        let limit = self.own.concurrency().unwrap_or(0) as usize;
        Some(match self.own.is_executing(self.store, self.run) {
            None => "dispatched: it executes, or waits for a worker".to_owned(),
            Some(false) if self.own.execution().tells_attempts => {
                "dispatched: it waits for a worker, or to be tried again".to_owned()
            }
            Some(true) if self.own.execution().tells_attempts => "it executes".to_owned(),
            Some(true) => "it executes, by the order of dispatch".to_owned(),
            Some(false) => {
                let before = self.own.dispatched_before(self.store, self.run) + 1;
                format!("dispatched: it waits for a worker, {} before it", before.saturating_sub(limit))
            }
        })
    }

    /// Time since its dispatch, or from it to its end: no time of work, since it includes the wait for a worker.
    fn duration(&self) -> Option<String> {
        let (start, end) = (self.detail.started_at?, self.detail.finished_at?);
        Some(format!("{}, the wait for a worker included", self.store.unit().between_words(start, end)))
    }

    /// Its last error, where no attempt tells it.
    fn error(&self) -> Option<FactValue> {
        let tells_attempts = self.own.execution().tells_attempts;
        self.store.run(self.run).error.filter(|_| !tells_attempts).map(FactValue::Text)
    }

    fn root_cause(&self) -> Option<FactValue> {
        let cause = || self.detail.root_cause.map_or(FactValue::Unknown, one);
        self.is_in(TaskState::Skipped).then(cause)
    }

    fn unblocker(&self) -> Option<FactValue> {
        self.detail.started_at?;
        let has_graph = self.own.execution().n_graph > 0;
        // A graph tells it by the clock, where the order of saves was lost.
        let by_clock = || self.own.waited_for(self.store, self.run).filter(|_| has_graph);
        match self.detail.unblocked_by.or_else(by_clock) {
            Some(by) => Some(one(by)),
            None if has_graph && self.depends_on().is_none() => None,
            None => Some(FactValue::Unknown),
        }
    }

    fn depends_on(&self) -> Option<FactValue> {
        let on = self.store.task(self.store.task_of(self.run)).depends_on;
        runs(on.iter().filter_map(|id| self.store.find(RunId::from_bits(id.bits()))), on.len())
    }

    /// Tasks that were skipped for this one: as a tree where the graph is known, else in the order of saves.
    fn skipped(&self) -> Option<FactValue> {
        let total = self.own.skipped_for(self.run).count();
        if self.own.execution().n_graph == 0 {
            return runs(self.own.skipped_for(self.run), total);
        }
        let (mut open, mut tree, mut seen) = (vec![(0, self.run)], Vec::new(), HashSet::new());
        while let Some((depth, run)) = open.pop().filter(|_| tree.len() < MAX_NAMED_RUNS) {
            if depth > 0 {
                tree.push((depth - 1, run));
            }
            let below = self.own.dependents(run).iter().rev();
            let below = below.filter(|task| self.own.is_skipped_for(**task, self.run) && seen.insert(**task));
            open.extend(below.map(|task| (depth + 1, *task)));
        }
        (total > 0).then_some(FactValue::Runs(tree, total))
    }

    fn stale_letter(&self) -> Option<String> {
        self.detail.dead_letter_at?;
        let is_stale = self.is_in(TaskState::Completed);
        is_stale.then(|| "it has succeeded since; the engine leaves the letter".to_owned())
    }

    fn execution(&self) -> Option<String> {
        let (number, of) = (self.detail.execution, self.own.execution().number);
        (number > 0 && of > 1).then(|| format!("{number} of {of} that the log shows"))
    }
}
