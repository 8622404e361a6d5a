//! What many events are about, looked up before the first of them is applied.
//!
//! At a million runs folding is nothing but waiting for memory. Waits that do not depend on each other take as long as
//! one, so each step here is a short loop over all events that asks for one line of the cache each. Changes nothing
//! that anybody could see.

use super::versioned::index::Trail;
use super::{RunKey, Store, TaskKey};
use crate::model::id::{RunId, TaskId};

/// The runs of the events that are about to be applied, where they were there before.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    runs: Vec<Option<RunKey>>,
    trails: Vec<Trail>,
    tasks: Vec<Trail>,
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
    pub fn look_ahead<'a, E: 'a>(
        &mut self,
        events: impl Iterator<Item = Option<&'a E>> + Clone,
        run: impl Fn(&E) -> Option<RunId>,
        task: impl Fn(&E) -> Option<TaskId>,
        needs: impl Fn(&E) -> Needs,
    ) {
        let mut ahead = std::mem::take(&mut self.ahead);
        let Ahead { runs, trails, tasks, .. } = &mut ahead;
        let run_of = |event: Option<&E>| event.and_then(&run).unwrap_or(RunId::nil());
        trails.clear();
        trails.extend(events.clone().map(|event| self.index.trail(&run_of(event))));
        let mut touched = self.index.touch(trails);
        runs.clear();
        runs.extend(trails.iter().map(|trail| self.index.guess(*trail).map(RunKey)));
        for run in &*runs {
            touched ^= run.and_then(|run| self.runs.get(run.index())).map_or(0, |run| u64::from(run.counted));
        }
        for (event, run) in events.clone().zip(&*runs) {
            touched ^= event.zip(*run).map_or(0, |(event, run)| self.touch_for(needs(event), run));
        }
        tasks.clear();
        tasks.extend(events.filter_map(|event| Some(self.task_index.trail(&task(event?)?))));
        touched ^= self.task_index.touch(tasks);
        for task in &*tasks {
            let key = self.task_index.guess(*task).map(TaskKey);
            touched ^= key.and_then(|key| self.tasks.get(key.index())).map_or(0, |task| u64::from(task.live));
        }
        // The values are of no use; that they were waited for together is.
        std::hint::black_box(touched);
        self.ahead = ahead;
    }

    /// Says which of those lines is applied next.
    pub fn at_line(&mut self, index: usize) {
        self.ahead.expected = self.ahead.runs.get(index).copied().flatten();
    }

    /// Ends what [`Store::look_ahead`] began.
    pub fn forget_look_ahead(&mut self) {
        self.ahead.runs.clear();
        self.ahead.expected = None;
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
            touched ^= u64::from(self.aside(run).attempt_count);
        }
        touched
    }
}
