//! History of a run: its state changes and its attempts.

use crate::model::id::AttemptId;
use crate::model::states::StateId;
use crate::store::stamp::Stamp;
use crate::store::transitions::{AttemptEntry, Link};
use crate::store::{Attempt, LastAttempt, Life, RunKey, StateChange, Store};

impl Store {
    /// History of a run, assembled from the latest entry backward. Costs its length.
    #[must_use]
    pub fn life(&self, key: RunKey) -> Life<'_> {
        let record = self.record(key);
        let mut changes: Vec<StateChange> = self.changes_latest(key).collect();
        changes.reverse();
        let mut attempts: Vec<Attempt<'_>> =
            self.attempts.latest(record.attempt).map(|(link, entry)| self.attempt(link, entry)).collect();
        attempts.reverse();
        Life { changes, attempts }
    }

    /// State changes of a run, latest first, read lazily.
    pub fn changes_latest(&self, key: RunKey) -> impl Iterator<Item = StateChange> + '_ {
        let state = |id| self.states.state(id);
        let change = move |(from, to, at): (Option<StateId>, StateId, Stamp)| StateChange {
            from: from.map(state),
            to: state(to),
            at: self.stamps.unpack(at),
        };
        self.changes.latest(self.record(key).change).map(change)
    }

    fn attempt<'a>(&'a self, link: Link, entry: &AttemptEntry) -> Attempt<'a> {
        let (end, rest) = (self.attempts.end(link), self.attempts.rest(link));
        Attempt {
            id: entry.id,
            started_at: self.stamps.unpack(entry.started_at),
            finished_at: entry.finished_at(&self.stamps),
            result: end.and_then(|end| end.result),
            error: rest.and_then(|rest| rest.error),
            output: rest.and_then(|rest| rest.output.as_deref()),
            recovered: end.is_some_and(|end| end.recovered),
        }
    }

    /// Last attempt of a run.
    #[must_use]
    pub fn last_attempt(&self, key: RunKey) -> Option<LastAttempt> {
        let chain = self.record(key).attempt;
        let (entry, end) = (self.attempts.get(chain)?, self.attempts.end(chain)?);
        Some(LastAttempt {
            id: entry.id,
            started_at: self.stamps.unpack(entry.started_at),
            result: end.result,
            is_finished: !entry.finished_at.is_none(),
            is_accepted: end.accepted,
            is_recovered: end.recovered,
        })
    }

    /// True if an attempt has not been closed in the history.
    #[must_use]
    pub fn is_attempt_open(&self, attempt: Link) -> bool {
        self.attempts.get(attempt).is_some_and(|it| it.finished_at.is_none())
    }

    /// True if [`Store::index_attempts`] has indexed an attempt with this id.
    #[must_use]
    pub fn is_attempt_known(&self, id: AttemptId) -> bool {
        self.attempts.is_used(id)
    }

    /// Number of attempts a run has begun.
    #[must_use]
    pub fn attempt_count(&self, key: RunKey) -> u32 {
        self.cold(key).attempt_count
    }

    /// Number of failed attempts of a run, where its engine counts them.
    #[must_use]
    pub fn failure_count(&self, key: RunKey) -> u32 {
        self.rare(key).failure_attempt_count
    }
}
