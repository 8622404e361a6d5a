//! Runs of engines whose records say the whole of a run at once, and have no event for each step of it.

use crate::model::facts::AttemptResult;
use crate::model::id::{Id as _, RunId, TaskId};
use crate::model::states::StateId;
use crate::store::write::NewRun;
use crate::store::{Last, RunKey, Store};

impl Store {
    /// Adds a run that a log shows in a state at `at`, and says no more of. It is the one run of a task of the same id.
    pub fn insert_seen(&mut self, id: RunId, state: StateId, at: u64, last: Last) -> RunKey {
        let run = NewRun {
            id,
            task: TaskId::from_bits(id.bits()),
            state,
            attempt_count: 0,
            failure_count: 0,
            created_at: 0,
            scheduled_at: 0,
            priority: 0,
            changed_at: at,
            joined: false,
        };
        let key = self.insert_run(&run, last);
        self.begin_history_at(key, at);
        key
    }

    /// Begins the history of a run with the state in which the log shows it first, at `at`.
    fn begin_history_at(&mut self, key: RunKey, at: u64) {
        let at = self.stamps.pack(at);
        let record = &mut self.runs[key.index()];
        self.changes.push(&mut record.change, None, record.state, at);
    }

    /// Keeps when a run was created, for one that was known before.
    pub fn set_created(&mut self, key: RunKey, at: u64) {
        if self.created_at(key) != at {
            self.cold_records[key.index()].created_at = self.stamps.pack(at);
        }
    }

    /// Keeps when the state of a run was told of last, for one that is in it already.
    pub fn set_changed(&mut self, key: RunKey, at: u64) {
        self.runs[key.index()].last_state_change_at = self.stamps.pack(at);
    }

    /// Keeps the number of attempts that a run has made. Of those that were not opened one by one the log does not tell
    /// how they ended, but for the last one, where `last` does.
    pub fn set_attempts(&mut self, key: RunKey, n: u32, last: Option<(u64, AttemptResult)>) {
        let before = self.cold(key).attempt_count;
        if n != before {
            self.touch(key, |_, cold| cold.attempt_count = n);
        }
        // A run that begins again counts from nothing; the attempts before were made all the same.
        let (n_new, tally) = (u64::from(n.saturating_sub(before)), &mut self.head.attempt_tally);
        tally.total += n_new;
        if n_new == 0 {
            return;
        }
        match last {
            Some((at, result)) => {
                tally.by_result[result as usize] += 1;
                tally.untold += n_new - 1;
                self.head.minute.add(self.unit.seconds(at), result);
            }
            None => tally.untold += n_new,
        }
    }

    /// Keeps what went wrong in a run, where the log says so of the run and not of one of its attempts.
    pub fn set_error(&mut self, key: RunKey, error: Option<&str>) {
        if error.is_some() || self.rare(key).error.is_some() {
            let error = error.map(|error| self.names.intern(error));
            self.rare_mut(key).error = error;
        }
    }

    /// Keeps what a run gave back, where the log says so of the run and not of one of its attempts.
    pub fn set_output(&mut self, key: RunKey, output: Option<&str>) {
        if output.is_some() || self.rare(key).output.is_some() {
            let output = output.map(|output| self.names.intern(output));
            self.rare_mut(key).output = output;
        }
    }

    /// Keeps the worker that has a run, or had it last, where the log tells of it without a lease.
    pub fn set_worker(&mut self, key: RunKey, worker: Option<&str>) {
        // Nearly every line repeats what is known.
        if let (Some(worker), Some(Some(known))) = (worker, self.workers.get(key.index()))
            && self.names.text(*known) == worker
        {
            return;
        }
        let worker = worker.map(|worker| self.names.intern(worker));
        if worker.is_none() && self.workers.len() <= key.index() {
            return;
        }
        while self.workers.len() <= key.index() {
            self.workers.push(None);
        }
        if self.workers[key.index()] != worker {
            self.workers[key.index()] = worker;
        }
    }

    /// Keeps the instant for which a run is scheduled, for one that was known before.
    pub fn set_scheduled(&mut self, key: RunKey, at: u64) {
        self.cold_records[key.index()].scheduled_at = self.stamps.pack(at);
    }

    /// Keeps the word that the log has for the state of a run, where it is not the name of that state.
    pub fn set_word(&mut self, key: RunKey, word: Option<&str>) {
        if word.is_some() || self.rare(key).word.is_some() {
            let word = word.map(|word| self.names.intern(word));
            self.rare_mut(key).word = word;
        }
    }
}
