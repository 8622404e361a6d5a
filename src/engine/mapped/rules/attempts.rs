//! Attempts: begun where a run begins to execute, ended where it stops.

use super::{LineHere, StatementRules, Step};
use crate::engine::mapped::statement::Statement;
use crate::engine::mapped::states::MappedState;
use crate::model::facts::AttemptResult;
use crate::model::id::{AttemptId, Id as _};
use crate::model::states::Phase;
use crate::store::RunKey;
use crate::store::write::Ending;

impl StatementRules<'_> {
    /// Begins and ends attempts, as the state of a run tells.
    pub(super) fn attempts(
        &mut self,
        here: LineHere,
        key: RunKey,
        state: MappedState,
        statement: &Statement<'_>,
        step: Step,
    ) {
        match state {
            MappedState::Running => self.executes(key, statement, step),
            MappedState::Completed => self.ends(here, key, statement, step, Some(AttemptResult::Success)),
            MappedState::Failed | MappedState::RetryWait => {
                self.ends(here, key, statement, step, Some(AttemptResult::Failure));
            }
            // Nothing tells how its attempt ended.
            MappedState::Canceled | MappedState::Skipped => self.ends(here, key, statement, step, None),
            _ if state.phase() == Phase::Parked => (),
            _ => {
                // It waits for a worker: the attempt before is over, and the next has not begun.
                self.own.detail_mut(key).open_attempt = 0;
                if let Some(attempt) = statement.attempt() {
                    self.own.detail_mut(key).next_attempt = attempt;
                }
            }
        }
    }

    fn executes(&mut self, key: RunKey, statement: &Statement<'_>, step: Step) {
        let count = self.attempt_count(key);
        let detail = self.own.detail(key);
        if statement.attempt().is_none() && !self.table.counts_attempts && detail.next_attempt == 0 {
            return;
        }
        let is_higher = statement.attempt().is_some_and(|attempt| attempt > count);
        if detail.open_attempt > 0 && !is_higher {
            // It goes on with the attempt that it was suspended in.
            self.store.set_open(key, true);
            return;
        }
        if step == Step::Again && !is_higher {
            return;
        }
        let told = statement.attempt().unwrap_or(detail.next_attempt).max(1);
        let number = if told > count { told } else { count + 1 };
        if number > count + 1 {
            self.store.set_attempts(key, number - 1, None);
        }
        let started = statement.rest.as_ref().and_then(|rest| rest.started);
        let at = started.or(statement.time).unwrap_or(0);
        self.store.open_attempt(key, self.attempt_id(key, number), at, false);
        let detail = self.own.detail_mut(key);
        (detail.open_attempt, detail.next_attempt) = (number, 0);
    }

    fn ends(
        &mut self,
        here: LineHere,
        key: RunKey,
        statement: &Statement<'_>,
        step: Step,
        result: Option<AttemptResult>,
    ) {
        let detail = self.own.detail(key);
        let ended = statement.rest.as_ref().and_then(|rest| rest.ended);
        let at = ended.or(statement.time).unwrap_or(0);
        let count = self.attempt_count(key);
        let number = statement.attempt().unwrap_or(0).max(detail.next_attempt);
        let is_higher = number > count;
        if detail.open_attempt > 0 {
            let id = self.attempt_id(key, detail.open_attempt);
            // The number of a higher attempt tells that this one was not the last: its end is not in the log.
            if let Some(result) = result.filter(|_| !is_higher)
                && let Some(attempt) = self.store.first_attempt(key, id)
            {
                let is_failure = result != AttemptResult::Success;
                let error = statement.error.set().filter(|_| is_failure).map(|error| &**error);
                let ending = Ending { at, result, error, output: None, is_counted: true };
                self.store.close_attempt(key, attempt, ending, here.last());
            }
            self.store.set_open(key, false);
            let detail = self.own.detail_mut(key);
            (detail.open_attempt, detail.next_attempt) = (0, 0);
        } else if step == Step::Again && !is_higher {
            return;
        }
        // An end shows that there was an attempt, also where its beginning was not told.
        let least = u32::from(result.is_some() && self.table.counts_attempts);
        let n = count.max(number).max(least);
        if n > count {
            self.store.set_attempts(key, n, result.map(|result| (at, result)));
            self.own.detail_mut(key).next_attempt = 0;
        }
    }

    /// An id for an attempt, which such logs number only.
    fn attempt_id(&self, key: RunKey, number: u32) -> AttemptId {
        AttemptId::from_bits(self.store.record(key).id().bits() ^ u128::from(number))
    }
}
