//! The runs that a query finds, kept up as the log goes on: only what changed is judged again, and what time alone may
//! change when its second comes.

use std::collections::BTreeSet;

use super::{Query, Sieve};
use crate::store::{RunKey, RunSet, Store};

/// The runs of one store that a query finds.
#[derive(Debug, Clone)]
pub struct Census {
    sieve: Sieve,
    found: RunSet,
    /// The second of each run from which on its verdict may be otherwise.
    due: BTreeSet<(u64, RunKey)>,
    /// Invariant: the seconds of `due`, by key; 0 for none.
    due_at: Vec<u64>,
}

impl Census {
    /// Nothing yet: see [`Census::judge_all`].
    #[must_use]
    pub fn new(query: &Query) -> Self {
        Self { sieve: Sieve::new(query), found: RunSet::default(), due: BTreeSet::new(), due_at: Vec::new() }
    }

    /// How many runs are found.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The second at which [`Census::judge_due`] is to be called, if the log says nothing before.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Judges every run of a store.
    pub fn judge_all(&mut self, store: &Store, now: u64) {
        self.judge(store, store.keys(), now);
    }

    /// Judges the runs that time alone may have changed.
    pub fn judge_due(&mut self, store: &Store, now: u64) {
        let due: Vec<RunKey> =
            self.due.iter().take_while(|(at, _)| *at <= now).map(|(_, run)| *run).collect();
        self.judge(store, due, now);
    }

    /// Judges runs again that were changed; yields those that came to be found by that, in the order in which they were
    /// given. One that is not there at the instant at hand is not found.
    pub fn judge(
        &mut self,
        store: &Store,
        changed: impl IntoIterator<Item = RunKey>,
        now: u64,
    ) -> Vec<RunKey> {
        self.sieve.prepare(store);
        let mut came = Vec::new();
        for run in changed {
            let verdict = store.has(run).then(|| self.sieve.judge(store, run, now));
            // A second that has come already would be due for ever.
            let until = verdict.and_then(|verdict| verdict.until).map(|until| until.max(now + 1));
            self.set_due(run, until);
            let matches = verdict.is_some_and(|verdict| verdict.matches);
            if self.found.set(run, matches) && matches {
                came.push(run);
            }
        }
        came
    }

    fn set_due(&mut self, run: RunKey, until: Option<u64>) {
        let place = run.index();
        if until.is_none() && self.due_at.len() <= place {
            return;
        }
        if self.due_at.len() <= place {
            self.due_at.resize(place + 1, 0);
        }
        let before = std::mem::replace(&mut self.due_at[place], until.unwrap_or(0));
        if before != 0 {
            self.due.remove(&(before, run));
        }
        if let Some(until) = until {
            self.due.insert((until, run));
        }
    }
}
