//! The course of a log: how many runs were in each state, and how many attempts ended, from its first line to its last.
//!
//! Everything is computed from samples, of which there are a few thousand however long the log is. Must not know cells.

mod axis;
mod plan;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Tick};
pub use plan::Plan;

use super::format::thousands;
use super::{LogClock, Times};
pub use crate::history::Sample;
use crate::model::states::{MAX_STATES, State};
use crate::store::Store;

/// The data of the charts.
#[derive(Debug, Clone, Copy)]
pub struct Charts<'a> {
    /// By ascending position, from the first line to the last known one: before the cursor and after it.
    pub samples: &'a [Sample],
    /// The position that the store is at.
    pub cursor: u64,
    /// The log's clock there.
    pub now: u64,
    /// True if the axis counts lines, because the log's clock cannot be believed.
    pub by_sequence: bool,
    /// The runs at the cursor.
    pub store: &'a Store,
    /// Durations of the stays in each state.
    pub times: &'a Times,
    /// Formats instants.
    pub clock: LogClock<'a>,
}

/// The figures of one step of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartStep {
    /// Runs in each state when most of them were live.
    pub fullest: [u32; MAX_STATES],
    /// Runs in each state at its end.
    pub last: [u32; MAX_STATES],
    /// Attempts that finished.
    pub finished: u64,
    /// Failures and timeouts among them.
    pub failed: u64,
}

/// A maximum, and the first place of the axis that had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Peak {
    /// The maximum.
    pub count: u64,
    /// The place on the axis.
    pub at: u64,
}

impl Charts<'_> {
    /// Yields the live states in the order in which they are stacked, the topmost first.
    pub fn stack(&self) -> impl Iterator<Item = State> + Clone + use<> {
        self.store.states().listed().filter(|state| !state.is_terminal())
    }

    /// Yields the states in which runs end.
    pub fn ends(&self) -> impl Iterator<Item = State> + Clone + use<> {
        self.store.states().listed().filter(|state| state.is_terminal())
    }

    /// The number of runs that have not ended.
    #[must_use]
    pub fn live(&self, states: &[u32; MAX_STATES]) -> u64 {
        let live = self.store.states().all().filter(|state| !state.is_terminal());
        live.map(|state| u64::from(states[state.index()])).sum()
    }

    /// The place of a sample on the axis.
    #[must_use]
    pub const fn place(&self, sample: &Sample) -> u64 {
        if self.by_sequence { sample.position } else { sample.at }
    }

    /// The place of the cursor on the axis.
    #[must_use]
    pub const fn cursor_place(&self) -> u64 {
        if self.by_sequence { self.cursor } else { self.now }
    }

    /// The figures of each step of an axis, in order.
    #[must_use]
    pub fn steps(&self, axis: &Axis) -> Vec<ChartStep> {
        let none = [0; MAX_STATES];
        let mut steps = Vec::with_capacity(axis.n_steps());
        let mut samples = self.samples.iter().peekable();
        let (mut last, mut finished, mut failed) = (none, 0, 0);
        for number in 0..axis.n_steps() {
            let mut step = ChartStep { fullest: none, last, finished: 0, failed: 0 };
            let mut is_new = false;
            while let Some(sample) = samples.next_if(|sample| axis.step_of(self.place(sample)) <= number) {
                if !is_new || self.live(&sample.states) > self.live(&step.fullest) {
                    step.fullest = sample.states;
                }
                is_new = true;
                step.last = sample.states;
                step.finished += sample.finished.saturating_sub(finished);
                step.failed += sample.failed.saturating_sub(failed);
                (finished, failed) = (sample.finished, sample.failed);
            }
            if !is_new {
                step.fullest = last;
            }
            last = step.last;
            steps.push(step);
        }
        steps
    }

    /// The maximum of `count` over the steps.
    #[must_use]
    pub fn peak(axis: &Axis, steps: &[ChartStep], count: impl Fn(&ChartStep) -> u64) -> Peak {
        let mut peak = Peak::default();
        for (number, step) in steps.iter().enumerate() {
            let count = count(step);
            if count > peak.count {
                peak = Peak { count, at: axis.start_of(number) };
            }
        }
        peak
    }

    /// The largest number of runs that were in a state.
    #[must_use]
    pub fn most(&self, state: State) -> u64 {
        let counts = self.samples.iter().map(|sample| u64::from(sample.states[state.index()]));
        counts.max().unwrap_or(0).max(self.store.count(state))
    }

    /// The label of a place of the axis.
    #[must_use]
    pub fn place_words(&self, place: u64) -> String {
        if self.by_sequence { format!("line {}", thousands(place)) } else { self.clock.time(place, self.now) }
    }

    /// The lines of the table of durations: those of all runs, and those of each kind.
    #[must_use]
    pub fn time_lines(&self) -> (usize, usize) {
        if !self.times.is_done() {
            return (2, 0);
        }
        let states = self.stack().filter(|state| !self.times.all(*state).is_empty()).count();
        if states == 0 {
            return (2, 0);
        }
        (2 + states, 1 + self.times.kinds().count())
    }
}

/// Divides `rows` rows of a column among states with these counts of runs, for a column that is `top` high. Each state
/// that has a run gets a row while there are enough, or else three runs that hang would vanish behind a thousand that
/// wait.
#[must_use]
pub fn stacked(counts: &[u64], top: u64, rows: u16) -> Vec<u16> {
    let total: u64 = counts.iter().sum();
    let mut shares = vec![0; counts.len()];
    if total == 0 || top == 0 {
        return shares;
    }
    let height = (u128::from(total) * u128::from(rows)).div_ceil(u128::from(top)).min(u128::from(rows));
    let height = u16::try_from(height).unwrap_or(rows);
    let n_present = u16::try_from(counts.iter().filter(|count| **count > 0).count()).unwrap_or(rows);
    let least = u16::from(n_present <= height);
    // Each row goes to the state that has the most runs for each row it would have.
    for (share, count) in shares.iter_mut().zip(counts) {
        *share = if *count > 0 { least } else { 0 };
    }
    for _ in shares.iter().sum::<u16>()..height {
        let runs_a_row = |(place, share): &(usize, &u16)| (counts[*place] << 16) / u64::from(**share + 1);
        if let Some((place, _)) = shares.iter().enumerate().max_by_key(runs_a_row) {
            shares[place] += 1;
        }
    }
    shares
}

/// The smallest round number that is at least `count`, so that the middle of an axis has a round number too.
#[must_use]
pub fn round_up(count: u64) -> u64 {
    const SMALL: [u64; 5] = [1, 2, 4, 6, 8];
    const TENTHS: [u64; 14] = [10, 12, 14, 16, 18, 20, 24, 30, 36, 40, 50, 60, 70, 80];
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    let large = powers.flat_map(|power| TENTHS.into_iter().filter_map(move |it| it.checked_mul(power)));
    SMALL.into_iter().chain(large).find(|round| *round >= count).unwrap_or(u64::MAX)
}
