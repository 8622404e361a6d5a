//! What became of every line, and of every attempt: plain sums that never disagree with the log.

use crate::model::facts::AttemptResult;
use crate::model::position::Position;
use crate::model::time::Unit;

/// What became of the lines that were read. Invariant: `lines` is the sum of the other four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Lines read.
    pub lines: u64,
    /// Lines whose event was applied.
    pub applied: u64,
    /// Lines whose event the lifecycle's rules refuse.
    pub rejected: u64,
    /// Lines that are no event.
    pub unreadable: u64,
    /// Blank lines, and events of a kind that nobody knows.
    pub ignored: u64,
}

/// How many attempts there were, and how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttemptTally {
    /// Attempts started.
    pub total: u64,
    /// Attempts finished, by result in the order of [`AttemptResult::ALL`].
    pub by_result: [u64; AttemptResult::ALL.len()],
}

impl AttemptTally {
    /// Attempts that the log has not finished: running ones, and those that a cancellation or a crash left open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.total - self.by_result.iter().sum::<u64>()
    }
}

/// Seconds that [`Minute`] can observe apart.
const MINUTE_SLOTS: u64 = 64;

/// The results of the last minute, second by second, by the log's own clock.
///
/// A slot is taken over by whatever second comes to it, so that one lying instant spoils one second. Seconds are whole ones,
/// whatever the unit of the log is.
#[derive(Debug, Clone)]
pub struct Minute {
    seconds: [u64; MINUTE_SLOTS as usize],
    counts: [[u32; AttemptResult::ALL.len()]; MINUTE_SLOTS as usize],
}

impl Default for Minute {
    fn default() -> Self {
        Self {
            seconds: [0; MINUTE_SLOTS as usize],
            counts: [[0; AttemptResult::ALL.len()]; MINUTE_SLOTS as usize],
        }
    }
}

impl Minute {
    pub(super) fn add(&mut self, second: u64, result: AttemptResult) {
        let slot = (second % MINUTE_SLOTS) as usize;
        if self.seconds[slot] != second {
            self.seconds[slot] = second;
            self.counts[slot] = Default::default();
        }
        self.counts[slot][result as usize] += 1;
    }

    /// Results in the sixty seconds that end with the second `now`, by result in the order of [`AttemptResult::ALL`].
    #[must_use]
    pub fn until(&self, now: u64) -> [u32; AttemptResult::ALL.len()] {
        let mut sums = [0_u32; AttemptResult::ALL.len()];
        for (second, counts) in self.seconds.iter().zip(&self.counts) {
            if *second <= now && now - second < 60 {
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_add(*count));
            }
        }
        sums
    }
}

/// The log's own time, by what its events say of themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogTime {
    /// The first instant that is believed, how many there are from it on, and [`MAX_CLOCK_SKEW_SECS`]: in the unit of the log.
    earliest: u64,
    n_believed: u64,
    behind: u64,
    latest: u64,
    n_observed: u64,
    n_lies: u64,
    /// Instants that were never set, until that was n_observed.
    pub(super) zeros: u32,
    /// It was n_observed that there are times in another unit.
    pub(super) is_odd_reported: bool,
    /// The first instant that is none in the log's unit since 1970, and does not count the log's own events either.
    pub(super) first_odd: Option<OddTally>,
}

/// An instant that is not believed, and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct OddTally {
    pub(super) place: Position,
    pub(super) sequence: u64,
    pub(super) at: u64,
}

/// How far an event may be behind an earlier one, in seconds: what several clocks, or one that is set, may differ by.
const MAX_CLOCK_SKEW_SECS: u64 = 60;
/// One lie in so many is too many.
const MIN_EVENTS_PER_LIE: u64 = 10;

impl LogTime {
    /// The time of a log of this unit that has n_observed nothing.
    pub(super) const fn of(unit: Unit) -> Self {
        let earliest = unit.earliest_believed();
        Self {
            earliest,
            n_believed: unit.latest_believed() - earliest,
            behind: unit.of_seconds(MAX_CLOCK_SKEW_SECS),
            latest: 0,
            n_observed: 0,
            n_lies: 0,
            zeros: 0,
            is_odd_reported: false,
            first_odd: None,
        }
    }

    /// Takes in the instant of an event; says whether it is no time that can be believed.
    #[inline]
    pub(super) const fn observe(&mut self, at: Option<u64>) -> bool {
        let Some(at) = at else { return false };
        self.n_observed += 1;
        let is_believed = at.wrapping_sub(self.earliest) < self.n_believed;
        if !is_believed || at.saturating_add(self.behind) < self.latest {
            self.n_lies += 1;
            return !is_believed;
        }
        if at > self.latest {
            self.latest = at;
        }
        false
    }

    /// The latest instant that can be believed; 0 before the first.
    pub(super) const fn latest(&self) -> u64 {
        self.latest
    }

    /// Whether a part of the instants that cannot be overlooked is no time, or goes back.
    pub(super) const fn is_no_time(&self) -> bool {
        self.latest == 0 || self.n_lies * MIN_EVENTS_PER_LIE > self.n_observed
    }
}

/// Attempt numbers that are n_observed apart; the last one stands for itself and all above.
pub const RUNGS: usize = 16;

/// How many runs that have not ended are on attempt 1, 2, 3 and so on, by attempts that count against the cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rungs([u64; RUNGS + 1]);

impl Rungs {
    pub(super) fn move_run(&mut self, from: Option<u32>, to: Option<u32>) {
        if let Some(from) = from {
            self.0[rung(from)] -= 1;
        }
        if let Some(to) = to {
            self.0[rung(to)] += 1;
        }
    }

    /// Runs that have not ended and are on attempt `number`; from [`RUNGS`] on, on that one or a later one.
    #[must_use]
    pub fn on(&self, number: u32) -> u64 {
        self.0[rung(number)]
    }
}

fn rung(number: u32) -> usize {
    (number as usize).min(RUNGS)
}
