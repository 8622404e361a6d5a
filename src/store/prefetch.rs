//! What many events are about, looked up before the first of them is applied.
//!
//! At a million runs folding is nothing but waiting for memory. Waits that do not depend on each other take as long as
//! one, so each step here is a short loop over all events that asks for one line of the cache each. Changes nothing
//! that anybody could see.

use super::versioned::index::IdHash;
use super::{RunKey, Store, TaskKey};
use crate::model::id::{RunId, TaskId};

/// The runs of the events that are about to be applied, where they were there before.
#[derive(Debug, Default)]
pub(super) struct Prefetched {
    runs: Vec<Option<RunKey>>,
    hashes: Vec<IdHash>,
    tasks: Vec<IdHash>,
    /// The run of the event that is being applied.
    pub(super) expected: Option<RunKey>,
}

/// What the rules of an event will ask for, beside its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// The lease on the run.
    pub lease: bool,
    /// The last attempt of the run.
    pub attempt: bool,
    /// The task of the run.
    pub task: bool,
    /// How many attempts the run has begun.
    pub counts: bool,
}

impl Store {
    /// Looks up what the events of some lines are about: the run, the task that is created or gets a run, and more.
    pub fn prefetch<'a, E: 'a>(
        &mut self,
        events: impl Iterator<Item = Option<&'a E>> + Clone,
        run: impl Fn(&E) -> Option<RunId>,
        task: impl Fn(&E) -> Option<TaskId>,
        needs: impl Fn(&E) -> Needs,
    ) {
        let mut prefetched = std::mem::take(&mut self.prefetched);
        let Prefetched { runs, hashes, tasks, .. } = &mut prefetched;
        let run_of = |event: Option<&E>| event.and_then(&run).unwrap_or(RunId::nil());
        hashes.clear();
        hashes.extend(events.clone().map(|event| self.index.hash(&run_of(event))));
        let mut touched = self.index.touch(hashes);
        runs.clear();
        runs.extend(hashes.iter().map(|hash| self.index.guess(*hash).map(RunKey)));
        for run in &*runs {
            touched ^= run.and_then(|run| self.runs.get(run.index())).map_or(0, |run| u64::from(run.counted));
        }
        for (event, run) in events.clone().zip(&*runs) {
            touched ^= event.zip(*run).map_or(0, |(event, run)| self.touch_for(needs(event), run));
        }
        tasks.clear();
        tasks.extend(events.filter_map(|event| Some(self.task_index.hash(&task(event?)?))));
        touched ^= self.task_index.touch(tasks);
        for task in &*tasks {
            let key = self.task_index.guess(*task).map(TaskKey);
            touched ^= key.and_then(|key| self.tasks.get(key.index())).map_or(0, |task| u64::from(task.live));
        }
        // The values are of no use; that they were waited for together is.
        std::hint::black_box(touched);
        self.prefetched = prefetched;
    }

    /// Says which of those lines is applied next.
    pub fn expect_line(&mut self, index: usize) {
        self.prefetched.expected = self.prefetched.runs.get(index).copied().flatten();
    }

    /// Ends what [`Store::prefetch`] began.
    pub fn end_prefetch(&mut self) {
        self.prefetched.runs.clear();
        self.prefetched.expected = None;
    }

    /// Reads a little of whatever an event will need beside its run.
    #[inline]
    fn touch_for(&self, needs: Needs, run: RunKey) -> u64 {
        let record = self.record(run);
        let mut touched = 0;
        if needs.lease {
            touched ^= self.leases.get(record.lease).map_or(0, |lease| lease.granted_at);
        }
        if needs.attempt {
            let last = self.attempts.get(record.attempt);
            touched ^= last.map_or(0, |entry| u64::from(!entry.finished_at.is_none()));
        }
        if needs.task {
            touched ^= u64::from(self.tasks[self.task_of(run).index()].live);
        }
        if needs.counts {
            touched ^= u64::from(self.cold(run).attempt_count);
        }
        touched
    }
}
