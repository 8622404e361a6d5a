//! Prefetch: touches the rows that a batch of events will need, before the first of them is applied.
//!
//! With a million runs, folding is bound by memory latency. Independent loads overlap, so each step here is a short
//! loop over all events that reads one cache line each. Has no effect that a reader could observe.

use super::versioned::index::IdHash;
use super::{RunKey, Store, TaskKey};
use crate::model::id::{Id as _, RunId, TaskId};

/// Runs of the events about to be applied, where the store has them.
#[derive(Debug, Default)]
pub(super) struct Prefetched {
    runs: Vec<Option<RunKey>>,
    hashes: Vec<IdHash>,
    tasks: Vec<IdHash>,
    /// The run of the event being applied.
    pub(super) expected: Option<RunKey>,
    /// For each line, true if its text is known under its id.
    texts: Vec<bool>,
    /// The id of the line being applied, if its text is known under it.
    known_text: Option<RunId>,
}

/// Rows that the rules of an event will read, beside its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Lease of the run.
    pub lease: bool,
    /// Last attempt of the run.
    pub attempt: bool,
    /// Task of the run.
    pub task: bool,
    /// Attempt counts of the run.
    pub counts: bool,
}

impl Store {
    /// Touches the rows of a batch of events: their runs, the tasks they create or extend, and the rows in `needs`.
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
        // The values are unused; the point is that the loads overlapped.
        std::hint::black_box(touched);
        self.prefetched = prefetched;
    }

    /// Touches the rows of a batch of lines about runs that are tasks of their own: each an id, and the text that it
    /// stands for.
    pub fn prefetch_singles<'a>(&mut self, lines: impl Iterator<Item = (RunId, &'a str)> + Clone) {
        let mut prefetched = std::mem::take(&mut self.prefetched);
        let Prefetched { runs, hashes, tasks, texts, .. } = &mut prefetched;
        let ids = lines.clone().map(|(id, _)| id);
        hashes.clear();
        hashes.extend(ids.clone().map(|id| self.index.hash(&id)));
        let mut touched = self.index.touch(hashes);
        texts.clear();
        texts.extend(lines.map(|(id, text)| self.id_texts.get(id).is_some_and(|known| known == text)));
        runs.clear();
        runs.extend(hashes.iter().map(|hash| self.index.guess(*hash).map(RunKey)));
        tasks.clear();
        for (id, run) in ids.zip(&*runs) {
            match run {
                Some(run) => touched ^= u64::from(self.record(*run).counted ^ self.task_of(*run).0),
                None => tasks.push(self.task_index.hash(&TaskId::from_bits(id.bits()))),
            }
        }
        touched ^= self.task_index.touch(tasks);
        for run in runs.iter().flatten() {
            touched ^= u64::from(self.tasks[self.task_of(*run).index()].live);
        }
        // The values are unused; the point is that the loads overlapped.
        std::hint::black_box(touched);
        self.prefetched = prefetched;
    }

    /// Sets the index of the event in the batch that is applied next.
    pub fn expect_line(&mut self, index: usize) {
        self.prefetched.expected = self.prefetched.runs.get(index).copied().flatten();
    }

    /// The same for a line of [`Store::prefetch_singles`], with the id of its run.
    pub fn expect_single(&mut self, index: usize, id: RunId) {
        self.expect_line(index);
        // A text that is known once stays known.
        let is_known = self.prefetched.texts.get(index).is_some_and(|is_known| *is_known);
        self.prefetched.known_text = is_known.then_some(id);
    }

    /// True if the text of the line that is applied is known under this id.
    pub(super) fn is_text_known(&self, id: RunId) -> bool {
        self.prefetched.known_text == Some(id)
    }

    /// Discards the batch of [`Store::prefetch`].
    pub fn end_prefetch(&mut self) {
        self.prefetched.runs.clear();
        self.prefetched.expected = None;
        self.prefetched.known_text = None;
    }

    /// Reads a field of each row that an event needs beside its run.
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
