//! Attempts: begun and ended.

use crate::model::facts::AttemptResult;
use crate::model::id::AttemptId;
use crate::store::record::Last;
use crate::store::transitions::Link;
use crate::store::{RunKey, Store};

/// The end of an attempt.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// When it ended.
    pub at: u64,
    /// How it ended.
    pub result: AttemptResult,
    /// What went wrong.
    pub error: Option<&'a str>,
    /// What it gave back.
    pub output: Option<&'a [u8]>,
    /// Is true of an attempt that uses up one of those that its run may make.
    pub is_counted: bool,
}

impl Store {
    /// Opens an attempt of a run. `is_accepted` says that it was begun under a lease.
    pub fn open_attempt(&mut self, key: RunKey, id: AttemptId, at: u64, is_accepted: bool) {
        self.touch(key, |record, cold| {
            // The counter was checked, or is that of a run that was joined late.
            cold.attempt_count = cold.attempt_count.saturating_add(1);
            record.open = true;
        });
        self.head.attempt_tally.total += 1;
        let at = self.stamps.pack(at);
        self.attempts.start(&mut self.runs[key.index()].attempt, id, at, is_accepted);
    }

    /// Makes the ids of all attempts so far findable, by [`Store::is_attempt_known`].
    pub fn index_attempts(&mut self) {
        self.attempts.index_ids();
    }

    /// The first attempt of a run that has this id. Costs the same however many it has.
    pub fn first_attempt(&mut self, key: RunKey, id: AttemptId) -> Option<Link> {
        let chain = self.record(key).attempt;
        self.attempts.first_of(key, chain, id)
    }

    /// Closes an attempt of a run, in its history; [`Store::set_open`] does so in the run itself.
    pub fn close_attempt(&mut self, key: RunKey, attempt: Link, ending: Ending<'_>, last: Last) {
        let Ending { at, result, error, output, is_counted } = ending;
        self.attempts.finish(attempt, self.stamps.pack(at), result);
        if let Some(error) = error {
            let error = self.names.intern(error);
            self.attempts.keep(attempt, |rest| rest.error = Some(error));
        }
        if let Some(output) = output {
            self.attempts.keep(attempt, |rest| rest.output = Some(output.into()));
        }
        self.head.attempt_tally.by_result[result as usize] += 1;
        self.head.minute.add(self.unit.seconds(at), result);
        if !is_counted {
            self.rare_mut(key).uncounted += 1;
        }
        self.touch(key, |record, _| record.set_last(last));
    }

    /// Keeps whether a recovery closed the last attempt of a run.
    pub fn set_recovered(&mut self, key: RunKey, is_recovered: bool) {
        let last = self.record(key).attempt;
        self.attempts.set_recovered(last, is_recovered);
    }

    /// Opens or closes the last attempt in the run itself, and not in the history.
    pub fn set_open(&mut self, key: RunKey, is_open: bool) {
        self.runs[key.index()].open = is_open;
    }

    /// Keeps how many attempts of a run failed.
    pub fn set_failures(&mut self, key: RunKey, n: u32) {
        self.rare_mut(key).failure_attempt_count = n;
    }
}
