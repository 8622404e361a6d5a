//! Counts of lines and attempts by outcome: plain sums that agree with the log.

use crate::model::facts::AttemptResult;
use crate::model::position::Position;
use crate::model::time::Unit;

/// Counts of the lines read, by outcome. Invariant: `lines` is the sum of the other four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Lines read.
    pub lines: u64,
    /// Lines whose event was applied.
    pub applied: u64,
    /// Lines whose event the rules refused.
    pub rejected: u64,
    /// Lines that are not an event.
    pub unreadable: u64,
    /// Blank lines, and events of an unknown kind.
    pub ignored: u64,
}

/// Counts of attempts, by result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttemptTally {
    /// Attempts started.
    pub total: u64,
    /// Attempts finished, by result in the order of [`AttemptResult::ALL`].
    pub by_result: [u64; AttemptResult::ALL.len()],
    /// Attempts of which the log does not tell how they ended.
    pub untold: u64,
}

impl AttemptTally {
    /// Attempts without an end in the log: running ones, and those left open by a cancellation or a crash.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.total.saturating_sub(self.untold + self.by_result.iter().sum::<u64>())
    }
}

/// Number of seconds that [`Minute`] keeps.
const MINUTE_SLOTS: u64 = 64;

/// Results of the last minute, second by second, in log time.
///
/// A new second takes over its slot, so one false instant spoils one second. Seconds are whole ones in any unit of
/// the log.
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

/// Log time, from the instants of the events.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogTime {
    /// First believed instant, the number of believed instants from it on, and [`MAX_CLOCK_SKEW_SECS`], in the unit
    /// of the log.
    earliest: u64,
    n_believed: u64,
    behind: u64,
    latest: u64,
    n_observed: u64,
    n_lies: u64,
    /// Number of unset instants, until they are reported.
    pub(super) zeros: u32,
    /// True once instants in another unit were reported.
    pub(super) is_odd_reported: bool,
    /// First instant that is not one of the log's unit since 1970, nor a counter of the log's own events.
    pub(super) first_odd: Option<OddTally>,
}

/// An instant that is not believed, with its position.
#[derive(Debug, Clone, Copy)]
pub(super) struct OddTally {
    pub(super) place: Position,
    pub(super) sequence: u64,
    pub(super) at: u64,
}

/// Maximum lag of an event behind an earlier one, in seconds: the difference of several clocks, or a clock that was
/// set.
const MAX_CLOCK_SKEW_SECS: u64 = 60;
/// Share of false instants, one in this many, above which log time is not trusted.
const MIN_EVENTS_PER_LIE: u64 = 10;

impl LogTime {
    /// Time of an empty log of this unit.
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

    /// Records the instant of an event; returns true if it cannot be believed.
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

    /// Latest believed instant; 0 before the first.
    pub(super) const fn latest(&self) -> u64 {
        self.latest
    }

    /// True if no instant is believed yet, or too many are false or go back.
    pub(super) const fn is_no_time(&self) -> bool {
        self.latest == 0 || self.n_lies * MIN_EVENTS_PER_LIE > self.n_observed
    }
}

/// Number of attempt numbers counted separately; the last one includes all above.
pub const RUNGS: usize = 16;

/// Number of live runs by the number of their current attempt, of those that count against the cap.
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

    /// Live runs on attempt `number`; from [`RUNGS`] on, on that attempt or a later one.
    #[must_use]
    pub fn on(&self, number: u32) -> u64 {
        self.0[rung(number)]
    }
}

fn rung(number: u32) -> usize {
    (number as usize).min(RUNGS)
}
