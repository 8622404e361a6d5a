//! Samples of the queue, now and then: few enough to draw at once, however long the log is.

use crate::model::facts::AttemptResult;
use crate::model::states::{MAX_STATES, StateId};
use crate::store::Store;

/// Samples that are kept at most; half as many are left when there would be more.
const MOST: usize = 4096;

/// The queue at one instant of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Lines that were folded.
    pub position: u64,
    /// The log's own time. Never goes back.
    pub at: u64,
    /// Runs in each state.
    pub states: [u32; MAX_STATES],
    /// Attempts that had ended.
    pub finished: u64,
    /// Of these, failures and timeouts.
    pub failed: u64,
    /// Problems that had been seen.
    pub problems: u64,
}

/// Samples of the whole log, about the same number of lines apart, which doubles when there are too many.
#[derive(Debug)]
pub struct Samples {
    all: Vec<Sample>,
    stride: u64,
    /// Where the next one is due.
    next: u64,
}

impl Default for Samples {
    fn default() -> Self {
        Self { all: Vec::new(), stride: 1, next: 1 }
    }
}

impl Samples {
    pub(super) fn all(&self) -> &[Sample] {
        &self.all
    }

    /// Returns the number of lines to the next sample; never none.
    pub(super) fn until_next(&self, position: u64) -> usize {
        usize::try_from(self.next.saturating_sub(position).max(1)).unwrap_or(usize::MAX)
    }

    /// Takes a sample where one is due.
    pub(super) fn take(&mut self, position: u64, store: &Store) {
        if position < self.next {
            return;
        }
        self.all.push(Sample::of(position, store));
        if self.all.len() > MOST {
            self.stride *= 2;
            let mut is_kept = false;
            self.all.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
        }
        self.next = position + self.stride;
    }
}

impl Sample {
    /// The sample of a store.
    #[must_use]
    pub fn of(position: u64, store: &Store) -> Self {
        let ended = &store.attempts().by_result;
        let failed = [AttemptResult::Failure, AttemptResult::Timeout].map(|result| ended[result as usize]);
        Self {
            position,
            at: store.latest_at(),
            states: std::array::from_fn(|state| {
                u32::try_from(store.count(StateId::new(state))).unwrap_or(u32::MAX)
            }),
            finished: ended.iter().sum(),
            failed: failed.iter().sum(),
            problems: store.problems().total(),
        }
    }
}
