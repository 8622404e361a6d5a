//! Stays of one kind: gathered in a histogram whose size does not depend on their number, and its percentiles.
//!
//! The only file that knows the histogram's implementation.

use hdrhistogram::Histogram;

use crate::model::states::{MAX_STATES, State};

/// The relative error of a percentile is at most one part in this number. Below twice this number of ticks it is exact.
pub const PERCENTILE_PRECISION: u64 = 128;

/// Significant decimal digits that give [`PERCENTILE_PRECISION`].
const HISTOGRAM_DIGITS: u8 = 2;

/// The distribution of the stays of one kind, in ticks of the log's unit. All 0 when there is none.
///
/// A percentile is the least length that this percentage of the stays does not exceed (nearest rank): exact below twice
/// [`PERCENTILE_PRECISION`] ticks, and at most one part in [`PERCENTILE_PRECISION`] too high from there on. The maximum
/// is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpreadFigures {
    /// The number of stays.
    pub count: u64,
    /// Median: half of them lasted no longer than this.
    pub p50: u64,
    /// Nine tenths of them lasted no longer than this.
    pub p90: u64,
    /// All but a hundredth of them lasted no longer than this.
    pub p99: u64,
    /// The longest.
    pub max: u64,
}

/// The stays in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stays {
    /// Those that have ended.
    pub closed: SpreadFigures,
    /// Those that have not.
    pub open: SpreadFigures,
    /// Those of either sort with an unknown length: clocks contradict each other, or the log does not hold both ends.
    pub unknown: u64,
}

impl Stays {
    /// True if no run ever stayed there.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.closed.count == 0 && self.open.count == 0 && self.unknown == 0
    }
}

/// One stay, with its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stay {
    Closed(u64),
    Open(u64),
    Unknown,
}

impl Stay {
    pub(super) fn closed(length: Option<u64>) -> Self {
        length.map_or(Self::Unknown, Self::Closed)
    }

    pub(super) fn open(length: Option<u64>) -> Self {
        length.map_or(Self::Unknown, Self::Open)
    }
}

/// The stays of one kind of runs, by state, as they come in.
#[derive(Debug, Default)]
pub(super) struct Gathered([StaysOf; MAX_STATES]);

#[derive(Debug, Default)]
struct StaysOf {
    closed: Spread,
    open: Spread,
    unknown: u64,
}

impl Gathered {
    pub(super) fn add(&mut self, state: State, stay: Stay) {
        let state = &mut self.0[state.index()];
        match stay {
            Stay::Closed(length) => state.closed.add(length),
            Stay::Open(length) => state.open.add(length),
            Stay::Unknown => state.unknown += 1,
        }
    }

    pub(super) fn stays(&self) -> [Stays; MAX_STATES] {
        let stays = |StaysOf { closed, open, unknown }: &StaysOf| Stays {
            closed: closed.figures(),
            open: open.figures(),
            unknown: *unknown,
        };
        self.0.each_ref().map(stays)
    }
}

/// A histogram of lengths: at most 30 kB, however many and however long.
#[derive(Debug, Default)]
struct Spread {
    /// None until there is something to count.
    histogram: Option<Histogram<u32>>,
    /// The exact maximum, which the histogram only approximates.
    max: u64,
}

impl Spread {
    fn add(&mut self, length: u64) {
        let histogram = self.histogram.get_or_insert_with(|| {
            Histogram::new(HISTOGRAM_DIGITS).expect("the number of digits is one that histograms have")
        });
        histogram.record(length).expect("it grows to any length");
        self.max = self.max.max(length);
    }

    fn figures(&self) -> SpreadFigures {
        let Some(histogram) = &self.histogram else { return SpreadFigures::default() };
        let count = histogram.len();
        let ranks = [50, 90, 99].map(|percent| rank(percent, count));
        let mut percentiles = [0; 3];
        let (mut reached, mut so_far) = (0, 0);
        for step in histogram.iter_recorded() {
            so_far += step.count_since_last_iteration();
            while ranks.get(reached).is_some_and(|rank| so_far >= *rank) {
                percentiles[reached] = step.value_iterated_to().min(self.max);
                reached += 1;
            }
        }
        let [p50, p90, p99] = percentiles;
        SpreadFigures { count, p50, p90, p99, max: self.max }
    }
}

/// The rank of a percentile among `count`, rounded up.
fn rank(percent: u64, count: u64) -> u64 {
    (u128::from(count) * u128::from(percent)).div_ceil(100).try_into().unwrap_or(count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by sorting.
    fn plain(lengths: &[u64]) -> SpreadFigures {
        let mut sorted = lengths.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1];
        if sorted.is_empty() {
            return SpreadFigures::default();
        }
        SpreadFigures {
            count: sorted.len() as u64,
            p50: at(50),
            p90: at(90),
            p99: at(99),
            max: sorted[sorted.len() - 1],
        }
    }

    fn figures(lengths: &[u64]) -> SpreadFigures {
        let mut spread = Spread::default();
        lengths.iter().for_each(|length| spread.add(*length));
        spread.figures()
    }

    #[test]
    fn short_lengths_are_exact() {
        for lengths in [&[][..], &[0], &[7], &[0, 0, 1], &[255, 3], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]] {
            assert_eq!(figures(lengths), plain(lengths), "{lengths:?}");
        }
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!(figures(&hundred), SpreadFigures { count: 100, p50: 50, p90: 90, p99: 99, max: 100 });
    }

    proptest! {
        #[test]
        fn long_lengths_are_as_precise_as_documented(
            lengths in prop::collection::vec(
                prop_oneof![0..300_u64, 0..100_000_u64, 0..40_000_000_000_u64, any::<u64>()], 0..300)
        ) {
            let (ours, plain) = (figures(&lengths), plain(&lengths));
            prop_assert_eq!((ours.count, ours.max), (plain.count, plain.max));
            for (ours, plain) in [(ours.p50, plain.p50), (ours.p90, plain.p90), (ours.p99, plain.p99)] {
                let error = plain / PERCENTILE_PRECISION;
                prop_assert!(plain <= ours && ours - plain <= error, "{} for {}", ours, plain);
                prop_assert!(plain >= 2 * PERCENTILE_PRECISION || ours == plain);
            }
        }
    }
}
