//! What many events are about, looked up before the first of them is applied.
//!
//! At a million runs folding is nothing but waiting for memory. Waits that do not depend on each other take as long as
//! one, so each step here is a short loop over all events that asks for one line of the cache each. Changes nothing
//! that anybody could see.

use super::versioned::index::Trail;
use super::{RunKey, Store, TaskKey};
use crate::model::event::Body;
use crate::model::id::RunId;

/// The runs of the events that are about to be applied, where they were there before.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    runs: Vec<Option<RunKey>>,
    trails: Vec<Trail>,
    tasks: Vec<Trail>,
    /// The run of the event that is being applied.
    pub(super) expected: Option<RunKey>,
}

impl Store {
    /// Looks up what the events of some lines are about.
    pub fn look_ahead<'a>(&mut self, bodies: impl Iterator<Item = Option<&'a Body<'a>>> + Clone) {
        let mut ahead = std::mem::take(&mut self.ahead);
        let Ahead { runs, trails, tasks, .. } = &mut ahead;
        let run_of = |body: Option<&Body<'_>>| body.and_then(Body::run).unwrap_or(RunId::nil());
        trails.clear();
        trails.extend(bodies.clone().map(|body| self.index.trail(&run_of(body))));
        let mut touched = self.index.touch(trails);
        runs.clear();
        runs.extend(trails.iter().map(|trail| self.index.guess(*trail).map(RunKey)));
        for run in &*runs {
            touched ^= run.and_then(|run| self.runs.get(run.index())).map_or(0, |run| u64::from(run.counted));
        }
        for (body, run) in bodies.clone().zip(&*runs) {
            touched ^= body.zip(*run).map_or(0, |(body, run)| self.touch_for(body, run));
        }
        tasks.clear();
        tasks.extend(bodies.filter_map(|body| Some(self.task_index.trail(&body?.task()?))));
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
    fn touch_for(&self, body: &Body<'_>, run: RunKey) -> u64 {
        let record = self.record(run);
        let lease = || self.leases.get(record.lease).map_or(0, |lease| lease.granted_at);
        let attempt =
            || self.attempts.get(record.attempt).map_or(0, |entry| u64::from(!entry.finished_at.is_none()));
        match body {
            Body::Lease { .. } => lease(),
            Body::RunStateChanged { to, .. } if to.is_terminal() => {
                lease() ^ u64::from(self.tasks[self.task_of(run).index()].live)
            }
            Body::AttemptFinished(_) | Body::AttemptClosed { .. } => attempt(),
            Body::AttemptDispositionCommitted(_) => {
                lease() ^ attempt() ^ u64::from(self.tasks[self.task_of(run).index()].live)
            }
            Body::AttemptStarted { .. } | Body::AcceptedAttemptStarted(_) => {
                u64::from(self.aside(run).attempt_count)
            }
            _ => 0,
        }
    }
}
