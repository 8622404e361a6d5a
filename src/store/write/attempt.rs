//! Starts and ends of attempts.

use crate::model::facts::AttemptResult;
use crate::model::id::AttemptId;
use crate::store::record::Last;
use crate::store::transitions::Link;
use crate::store::{RunKey, Store};

/// End of an attempt.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// Instant of the end.
    pub at: u64,
    /// Result of the attempt.
    pub result: AttemptResult,
    /// Error text, if any.
    pub error: Option<&'a str>,
    /// Output, if any.
    pub output: Option<&'a [u8]>,
    /// True if the attempt counts against the cap of its run.
    pub is_counted: bool,
}

impl Store {
    /// Opens an attempt of a run. `is_accepted` marks a start under a lease.
    pub fn open_attempt(&mut self, key: RunKey, id: AttemptId, at: u64, is_accepted: bool) {
        self.touch(key, |record, cold| {
            // The counter was checked, or belongs to a run that was joined late.
            cold.attempt_count = cold.attempt_count.saturating_add(1);
            record.open = true;
        });
        self.head.attempt_tally.total += 1;
        let at = self.stamps.pack(at);
        self.attempts.start(&mut self.runs[key.index()].attempt, id, at, is_accepted);
    }

    /// Indexes the ids of all attempts so far, for [`Store::is_attempt_known`].
    pub fn index_attempts(&mut self) {
        self.attempts.index_ids();
    }

    /// First attempt of a run with this id. Constant cost at any number of attempts.
    pub fn first_attempt(&mut self, key: RunKey, id: AttemptId) -> Option<Link> {
        let chain = self.record(key).attempt;
        self.attempts.first_of(key, chain, id)
    }

    /// Closes an attempt in the history of a run; [`Store::set_open`] closes it in the run itself.
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

    /// Records whether a recovery closed the last attempt of a run.
    pub fn set_recovered(&mut self, key: RunKey, is_recovered: bool) {
        let last = self.record(key).attempt;
        self.attempts.set_recovered(last, is_recovered);
    }

    /// Closes the last attempt of a run, of which the log tells that it has ended, and not how.
    pub fn close_untold(&mut self, key: RunKey) {
        self.head.attempt_tally.untold += 1;
        self.set_open(key, false);
    }

    /// Opens or closes the last attempt in the run itself, not in the history.
    pub fn set_open(&mut self, key: RunKey, is_open: bool) {
        self.runs[key.index()].open = is_open;
    }

    /// Sets the number of failed attempts of a run.
    pub fn set_failures(&mut self, key: RunKey, n: u32) {
        self.rare_mut(key).failure_attempt_count = n;
    }
}
