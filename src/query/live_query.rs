//! The runs that a query finds, kept up as the log goes on: a run is judged again when it changed, or when the instant has
//! come from which on time alone may have changed its judgment. Must not know why its runs are wanted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::eval::NEVER;
use super::{Query, QueryMatcher};
use crate::engine::waiting::SharedScene;
use crate::store::{Paged, RunKey, RunSet, Store};

/// The runs of one store that a query finds.
#[derive(Debug)]
pub struct LiveQuery {
    matcher: QueryMatcher,
    /// The queue is looked up elsewhere.
    is_shared: bool,
    found: RunSet,
    /// Seconds from which on a run may have to be judged again. Of the entries of a run, the earliest counts.
    due: BinaryHeap<Reverse<(u64, RunKey)>>,
    /// Invariant: the earliest entry of each run in `due`; [`NEVER`] for none.
    due_at: Paged<u64>,
}

impl LiveQuery {
    /// Nothing yet: every run of the store is still to be judged.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        Self {
            matcher: QueryMatcher::new(query),
            is_shared: false,
            found: RunSet::default(),
            due: BinaryHeap::new(),
            due_at: Paged::new(NEVER),
        }
    }

    /// The number of runs that are found.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.found.len()
    }

    /// Is true when no run is found.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Is true of a run that is found.
    #[must_use]
    pub fn has(&self, run: RunKey) -> bool {
        self.found.has(run)
    }

    /// The instant at which time alone may change what is found.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.due.peek().map(|Reverse((at, _))| *at)
    }

    /// Judges every run of a store.
    pub fn judge_all(&mut self, store: &Store, now: u64) {
        self.judge_changed(store, store.keys(), now);
    }

    /// Judges the runs that time alone may have changed.
    pub fn judge_due(&mut self, store: &Store, now: u64) {
        let due = self.take_due(now);
        self.judge_changed(store, due, now);
    }

    /// Judges runs that were changed. Yields those that came to be found by that, in the order in which they were given.
    pub fn judge_changed(
        &mut self,
        store: &Store,
        changed: impl IntoIterator<Item = RunKey>,
        now: u64,
    ) -> Vec<RunKey> {
        if !self.is_shared {
            self.matcher.prepare(store);
        }
        let mut came = Vec::new();
        for run in changed {
            let was_found = self.has(run);
            if self.judge(store, run, now) && !was_found {
                came.push(run);
            }
        }
        came
    }

    /// Judges by a queue that was looked up elsewhere. From then on it is to be handed on after each change of the store.
    pub fn share(&mut self, scene: &SharedScene) {
        self.is_shared = true;
        self.matcher.share(scene);
    }

    /// Judges one run; says whether it is found. One that is not there at the instant at hand is not.
    pub fn judge(&mut self, store: &Store, run: RunKey, now: u64) -> bool {
        let verdict = store.has(run).then(|| self.matcher.judge(store, run, now));
        if let Some(until) = verdict.and_then(|verdict| verdict.until) {
            // An instant that has come already would be due for ever.
            self.judge_at(run, until.max(now.saturating_add(1)));
        }
        let is_found = verdict.is_some_and(|verdict| verdict.matches);
        self.found.set(run, is_found);
        is_found
    }

    /// Has a run judged again at an instant, though the log says nothing of it.
    pub fn judge_at(&mut self, run: RunKey, at: u64) {
        if at < self.due_at.get(run) {
            self.due_at.set(run, at);
            self.due.push(Reverse((at, run)));
        }
    }

    /// Takes the runs whose instant has come. They are to be judged.
    pub fn take_due(&mut self, now: u64) -> Vec<RunKey> {
        let mut due = Vec::new();
        while let Some(Reverse((at, run))) = self.due.peek().copied()
            && at <= now
        {
            self.due.pop();
            if self.due_at.get(run) == at {
                self.due_at.set(run, NEVER);
                due.push(run);
            }
        }
        due
    }

    /// Forgets all instants: every run is to be judged again, since time has gone back.
    pub fn forget_due(&mut self) {
        self.due.clear();
        self.due_at.clear();
    }
}
