//! The attempts of the live runs, the results of the last minute, and the runs that have nearly used up their attempts.

use super::found::{Found, Shelves};
use crate::model::facts::AttemptResult;
use crate::store::{NEAR, RUNGS, RunKey, Store};

/// The number of runs near their cap that are scanned for those that match the query.
const MAX_SCANNED_RUNS: usize = 10_000;

/// The figures of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Live runs on attempt 0 (none started), 1, 2 and so on; the last entry counts all above as well.
    pub rungs: [u64; RUNGS + 1],
    /// Results of the last minute, in the order of [`AttemptResult::ALL`].
    pub minute: [u32; AttemptResult::ALL.len()],
    /// Attempts that ended in a preemption or a yield, and do not count against any cap.
    pub uncounted: u64,
    /// Attempts of any kind.
    pub total: u64,
}

impl Figures {
    /// The figures at the instant `now`.
    #[must_use]
    pub fn of(store: &Store, now: u64) -> Self {
        Self::found(Shelves::all(store), now)
    }

    /// The figures with the rungs of the runs that match the query. Ended attempts are counted for all runs alone.
    #[must_use]
    pub fn found(shelves: Shelves<'_>, now: u64) -> Self {
        let store = shelves.store;
        let attempts = store.attempts();
        let mut rungs = [0; RUNGS + 1];
        match shelves.found.and_then(Found::rungs) {
            Some(found) => rungs = *found,
            None => (0_u32..).zip(&mut rungs).for_each(|(number, rung)| *rung = store.rungs().on(number)),
        }
        let of = |result: AttemptResult| attempts.by_result[result as usize];
        Self {
            rungs,
            minute: store.minute().until(store.unit().seconds(now)),
            uncounted: of(AttemptResult::Suspended) + of(AttemptResult::Awaiting),
            total: attempts.total,
        }
    }

    /// The highest attempt of a live run, and at least 3, so that the pane keeps its height.
    #[must_use]
    pub fn highest(&self) -> usize {
        self.rungs.iter().rposition(|count| *count > 0).unwrap_or(0).max(3)
    }

    /// The largest number of runs on one attempt.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.rungs[1..].iter().copied().max().unwrap_or(0)
    }
}

/// The number of live runs that have used all but a few of several attempts.
#[must_use]
pub fn n_near_cap(store: &Store) -> usize {
    (0..NEAR).map(|left| store.near_cap(left).len()).sum()
}

/// Yields those of them that match the query, nearest to the cap first and newest first, with the number of attempts
/// that they have left. Scans a limited number of runs a lane, so that few matches do not make it slow.
pub fn near_cap(shelves: Shelves<'_>) -> impl Iterator<Item = (usize, RunKey)> + '_ {
    let runs = (0..NEAR).flat_map(move |left| {
        let lane = shelves.store.near_cap(left);
        lane.latest(0).take(MAX_SCANNED_RUNS).map(move |key| (left, key))
    });
    runs.filter(move |(_, key)| shelves.found.is_none_or(|found| found.has(*key)))
}
