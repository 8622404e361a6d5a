//! A mapping of instants to columns: to scale, but short steps are widened, and long quiet stretches are squeezed.
//!
//! All steps are equally wide where clocks contradict each other. Must not know what is drawn.

use super::course::Knot;
use crate::model::states::{Phase, State};
use crate::model::time::Unit;

/// The resolution of positions: parts of a column.
pub(super) const PARTS_PER_COLUMN: u64 = 1024;
/// A stretch is squeezed when it is this many times longer than everything beside it that is drawn to scale.
const MIN_SQUEEZE_RATIO: u64 = 8;
/// The shortest stretch that is squeezed, in seconds.
const MIN_SQUEEZE_SECS: u64 = 30;
/// The maximum number of squeezed stretches.
const MAX_SQUEEZES: usize = 6;

/// A stretch without any event that is drawn shorter than it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScaleSqueeze {
    /// The knot before it.
    pub(super) knot: usize,
    /// Its duration, in words.
    pub(super) words: String,
}

/// The positions of the knots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scale {
    /// The position of each knot in parts of a column. Invariant: never falls.
    parts: Vec<u64>,
    /// The squeezed stretches, in order.
    pub(super) squeezes: Vec<ScaleSqueeze>,
    /// True if each step has its minimum width, and none gave up its own column.
    pub(super) is_roomy: bool,
}

impl Scale {
    /// Spreads the knots over `width` columns, the last one on the last of them: by their instants in a unit, where
    /// these are believed.
    pub(super) fn new(knots: &[Knot], timed_in: Option<Unit>, width: usize) -> Self {
        let room = width.saturating_sub(1) as u64 * PARTS_PER_COLUMN;
        let (least, is_roomy) = least_widths(knots, room);
        let mut left = room.saturating_sub(least.iter().sum());
        let mut lengths = weights(knots, timed_in.is_some());
        let squeezes = timed_in.map_or_else(Vec::new, |unit| squeeze(&mut lengths, &mut left, unit));
        let total = u128::from(lengths.iter().sum::<u64>().max(1));
        let (mut fixed, mut passed) = (0, 0);
        let mut squeezed = squeezes.iter().peekable();
        let mut parts = vec![0];
        for (gap, (least, length)) in least.iter().zip(&lengths).enumerate() {
            fixed += least;
            passed += u128::from(*length);
            if let Some(squeeze) = squeezed.next_if(|squeeze| squeeze.knot == gap) {
                fixed += mark_width(&squeeze.words);
            }
            parts.push(fixed + share(left, passed, total));
        }
        Self { parts, squeezes, is_roomy }
    }

    /// The column of a knot.
    pub(super) fn column(&self, knot: usize) -> usize {
        usize::try_from(self.parts[knot] / PARTS_PER_COLUMN).unwrap_or(usize::MAX)
    }

    /// Yields the columns between two knots, each with its covered share in parts of [`PARTS_PER_COLUMN`].
    pub(super) fn cover(&self, from: usize, to: usize) -> impl Iterator<Item = (usize, u64)> {
        let (from, to) = (self.parts[from], self.parts[to]);
        (from / PARTS_PER_COLUMN..=to / PARTS_PER_COLUMN).map(move |column| {
            let (start, end) = (column * PARTS_PER_COLUMN, (column + 1) * PARTS_PER_COLUMN);
            (usize::try_from(column).unwrap_or(usize::MAX), to.min(end).saturating_sub(from.max(start)))
        })
    }

    /// The column of the `part`th of `whole` equal parts between two knots.
    pub(super) fn between(&self, from: usize, to: usize, part: u64, whole: u64) -> usize {
        let (from, to) = (self.parts[from], self.parts[to]);
        let way = share(to.saturating_sub(from), u128::from(part), u128::from(whole.max(1)));
        usize::try_from((from + way) / PARTS_PER_COLUMN).unwrap_or(usize::MAX)
    }
}

/// The fraction `part / total` of `whole`.
fn share(whole: u64, part: u128, total: u128) -> u64 {
    u64::try_from(u128::from(whole) * part / total).unwrap_or(whole)
}

/// Width of a squeezed stretch: its words, with a sign on either side.
fn mark_width(words: &str) -> u64 {
    (words.len() as u64 + 4) * PARTS_PER_COLUMN
}

/// The minimum width of the step after each knot, and whether each change has a column.
///
/// Steps within a state share its width.
fn least_widths(knots: &[Knot], room: u64) -> (Vec<u64>, bool) {
    let comfortable = |to: State| match to.phase() {
        Phase::Running => 5,
        phase if phase.is_terminal() => 0,
        _ => 2,
    };
    let columns = |width: &dyn Fn(State) -> u64| knots.iter().filter_map(|knot| knot.to).map(width).sum();
    let all: u64 = columns(&comfortable);
    let n_changes: u64 = columns(&|_| 1);
    let mut least = vec![0; knots.len().saturating_sub(1)];
    let is_comfortable = all * PARTS_PER_COLUMN * 3 <= room * 2;
    if !is_comfortable && n_changes * PARTS_PER_COLUMN * 4 > room * 3 {
        // Too many to be distinct: the time that they took has all of the room.
        return (least, false);
    }
    let width = |to| if is_comfortable { comfortable(to) * PARTS_PER_COLUMN } else { PARTS_PER_COLUMN };
    let mut start = 0;
    for end in 1..knots.len() {
        let is_end = end + 1 == knots.len() || knots[end].to.is_some();
        if !is_end {
            continue;
        }
        if let Some(to) = knots[start].to {
            let steps = (end - start) as u64;
            let whole = width(to);
            for (step, least) in (1..).zip(&mut least[start..end]) {
                *least = whole * step / steps - whole * (step - 1) / steps;
            }
        }
        start = end;
    }
    (least, true)
}

/// The duration after each knot; 1 for each step where instants are not believed.
fn weights(knots: &[Knot], is_timed: bool) -> Vec<u64> {
    let pairs = knots.windows(2);
    if is_timed {
        return pairs.map(|pair| pair[1].at.saturating_sub(pair[0].at)).collect();
    }
    pairs.map(|_| 1).collect()
}

/// Takes out the stretches beside which nothing else would be visible, and the room for their words.
fn squeeze(lengths: &mut [u64], left: &mut u64, unit: Unit) -> Vec<ScaleSqueeze> {
    let mut longest: Vec<usize> = (0..lengths.len()).collect();
    let n_longest = MAX_SQUEEZES.min(longest.len());
    if n_longest < longest.len() {
        longest.select_nth_unstable_by_key(n_longest, |gap| std::cmp::Reverse(lengths[*gap]));
        longest.truncate(n_longest);
    }
    longest.sort_by_key(|gap| (std::cmp::Reverse(lengths[*gap]), *gap));
    longest.truncate(too_long(lengths, &longest, unit.of_seconds(MIN_SQUEEZE_SECS)));
    let room = *left;
    let mut squeezes = Vec::new();
    for gap in longest {
        let words = unit.words(lengths[gap]);
        let width = mark_width(&words);
        if left.saturating_sub(width) * 3 < room {
            break;
        }
        *left -= width;
        lengths[gap] = 0;
        squeezes.push(ScaleSqueeze { knot: gap, words });
    }
    squeezes.sort_by_key(|squeeze| squeeze.knot);
    squeezes
}

/// The number of the longest stretches, in this order, that are too long for what remains beside all of them.
fn too_long(lengths: &[u64], longest: &[usize], quiet: u64) -> usize {
    let mut rest: u64 = lengths.iter().sum();
    let mut found = 0;
    for (count, gap) in (1..).zip(longest) {
        rest -= lengths[*gap];
        if lengths[*gap] >= quiet && rest > 0 && lengths[*gap] / MIN_SQUEEZE_RATIO > rest {
            found = count;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::actionqueue::states::RunState;

    /// Knots that lead to a state each, after this number of seconds.
    fn knots(seconds: &[u64]) -> Vec<Knot> {
        let mut at = 0;
        let mut knots = vec![Knot { at, to: Some(RunState::Ready.state()) }];
        for second in seconds {
            at += second;
            knots.push(Knot { at, to: Some(RunState::Ready.state()) });
        }
        knots.last_mut().unwrap().to = None;
        knots
    }

    #[test]
    fn columns_are_to_scale_but_for_what_is_too_short_or_too_long() {
        const DAY: u64 = 86_400;
        for (seconds, is_timed, expected, squeezed) in [
            (&[10, 10][..], true, &[0, 25, 50][..], &[][..]),
            (&[10, 0, 30], true, &[0, 13, 15, 50], &[]),
            (&[3 * DAY, 2, 2], true, &[0, 8, 29, 50], &["3d"]),
            (&[3 * DAY, 2, 2 * DAY, 2], true, &[0, 8, 25, 33, 50], &["3d", "2d"]),
            // Nothing but a long wait needs no squeezing, and neither does a short one.
            (&[3 * DAY, 0], true, &[0, 48, 50], &[]),
            (&[25, 1], true, &[0, 46, 50], &[]),
            (&[25, 1], false, &[0, 25, 50], &[]),
        ] {
            let knots = knots(seconds);
            let scale = Scale::new(&knots, is_timed.then_some(Unit::Seconds), 51);
            let columns: Vec<usize> = (0..knots.len()).map(|knot| scale.column(knot)).collect();
            let words: Vec<&str> = scale.squeezes.iter().map(|squeeze| squeeze.words.as_str()).collect();
            assert_eq!((columns.as_slice(), words.as_slice()), (expected, squeezed), "{seconds:?}");
        }
    }

    #[test]
    fn columns_never_go_back_and_end_on_the_last() {
        for width in [1, 2, 12, 57, 300] {
            for n in [1, 2, 3, 40, 1000] {
                for is_timed in [true, false] {
                    let seconds: Vec<u64> = (0..n).map(|step| (step * 7919 % 13) * (step % 3)).collect();
                    let knots = knots(&seconds);
                    let scale = Scale::new(&knots, is_timed.then_some(Unit::Seconds), width);
                    let columns: Vec<usize> = (0..knots.len()).map(|knot| scale.column(knot)).collect();
                    assert!(columns.is_sorted() && columns[0] == 0, "{width} {n}");
                    let is_known = !is_timed || seconds.iter().sum::<u64>() > 0;
                    assert!(
                        !is_known || columns.last().is_some_and(|last| last + 2 >= width && *last < width),
                        "{width} {n} {columns:?}"
                    );
                }
            }
        }
    }
}
