//! From instants to columns: to scale, but that what is too short is widened, and what is long and quiet is squeezed.
//!
//! Where clocks lie, every step is as wide as the next. Must not know what is drawn.

use super::course::Knot;
use crate::model::state::RunState;
use crate::model::time;

/// Parts of a column in which positions are kept.
const PART: u64 = 1024;
/// A stretch is squeezed when it is longer than so many times all that is shown to scale beside it.
const TOO_LONG: u64 = 8;
/// No shorter stretch is squeezed, in seconds.
const QUIET: u64 = 30;
/// At most so many stretches are squeezed.
const SQUEEZES: usize = 6;

/// A stretch without any event that is drawn shorter than it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Squeeze {
    /// The knot that it follows.
    pub(super) knot: usize,
    /// How long it was, in words.
    pub(super) words: String,
}

/// Where each knot is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scale {
    /// Invariant: never falls.
    parts: Vec<u64>,
    /// The squeezed stretches, in order.
    pub(super) squeezes: Vec<Squeeze>,
    /// Whether each step is as wide as it must be, and none had to give up its own column.
    pub(super) is_roomy: bool,
}

impl Scale {
    /// Spreads the knots over `width` columns, the last one on the last of them.
    pub(super) fn new(knots: &[Knot], is_timed: bool, width: usize) -> Self {
        let room = width.saturating_sub(1) as u64 * PART;
        let (least, is_roomy) = least_widths(knots, room);
        let mut left = room.saturating_sub(least.iter().sum());
        let mut seconds = weights(knots, is_timed);
        let squeezes = if is_timed && is_roomy { squeeze(&mut seconds, &mut left) } else { Vec::new() };
        let mut parts = Vec::with_capacity(knots.len());
        let total = u128::from(seconds.iter().sum::<u64>().max(1));
        let (mut fixed, mut passed) = (0, 0);
        let mut squeezed = squeezes.iter().peekable();
        for gap in 0..knots.len() {
            parts.push(fixed + share(left, passed, total));
            let Some(least) = least.get(gap) else { break };
            fixed += least;
            passed += u128::from(seconds[gap]);
            if let Some(squeeze) = squeezed.next_if(|squeeze| squeeze.knot == gap) {
                fixed += mark_width(&squeeze.words);
            }
        }
        Self { parts, squeezes, is_roomy }
    }

    /// The column of a knot.
    pub(super) fn column(&self, knot: usize) -> usize {
        usize::try_from(self.parts[knot] / PART).unwrap_or(usize::MAX)
    }

    /// The column of the `part`th of `whole` equal parts between two knots.
    pub(super) fn between(&self, from: usize, to: usize, part: u64, whole: u64) -> usize {
        let (from, to) = (self.parts[from], self.parts[to]);
        let way = share(to.saturating_sub(from), u128::from(part), u128::from(whole.max(1)));
        usize::try_from((from + way) / PART).unwrap_or(usize::MAX)
    }
}

/// So much of `whole` as `part` is of `total`.
fn share(whole: u64, part: u128, total: u128) -> u64 {
    u64::try_from(u128::from(whole) * part / total).unwrap_or(whole)
}

/// What the words of a squeezed stretch take, with a sign on either side.
fn mark_width(words: &str) -> u64 {
    (words.len() as u64 + 4) * PART
}

/// What the step after each knot takes at least, and whether that is a column or more.
///
/// What stands within a state shares its width.
fn least_widths(knots: &[Knot], room: u64) -> (Vec<u64>, bool) {
    let comfortable = |to: RunState| if to == RunState::Running { 5 } else { 2 };
    let columns = |width: &dyn Fn(RunState) -> u64| knots.iter().filter_map(|knot| knot.to).map(width).sum();
    let all: u64 = columns(&comfortable);
    let n_changes: u64 = columns(&|_| 1);
    let (width, is_roomy): (Box<dyn Fn(RunState) -> u64>, bool) = if all * PART * 3 <= room * 2 {
        (Box::new(move |to| comfortable(to) * PART), true)
    } else if n_changes * PART * 4 <= room * 3 {
        (Box::new(|_| PART), true)
    } else {
        // Too many to be told apart: half of the room for the steps, half for the time that they took.
        (Box::new(move |_| room / 2 / n_changes.max(1)), false)
    };
    let mut least = vec![0; knots.len().saturating_sub(1)];
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
    (least, is_roomy)
}

/// The seconds after each knot; one for each step where they are not believed.
fn weights(knots: &[Knot], is_timed: bool) -> Vec<u64> {
    let pairs = knots.windows(2);
    if is_timed {
        return pairs.map(|pair| pair[1].at.saturating_sub(pair[0].at)).collect();
    }
    pairs.map(|_| 1).collect()
}

/// Takes out the stretches beside which nothing else could be seen, and the room for their words.
fn squeeze(seconds: &mut [u64], left: &mut u64) -> Vec<Squeeze> {
    let mut longest: Vec<usize> = (0..seconds.len()).collect();
    let n_longest = SQUEEZES.min(longest.len());
    if n_longest < longest.len() {
        longest.select_nth_unstable_by_key(n_longest, |gap| std::cmp::Reverse(seconds[*gap]));
        longest.truncate(n_longest);
    }
    longest.sort_by_key(|gap| (std::cmp::Reverse(seconds[*gap]), *gap));
    longest.truncate(too_long(seconds, &longest));
    let room = *left;
    let mut squeezes = Vec::new();
    for gap in longest {
        let words = time::words(seconds[gap]);
        let width = mark_width(&words);
        if left.saturating_sub(width) * 3 < room {
            break;
        }
        *left -= width;
        seconds[gap] = 0;
        squeezes.push(Squeeze { knot: gap, words });
    }
    squeezes.sort_by_key(|squeeze| squeeze.knot);
    squeezes
}

/// How many of the longest stretches, in this order, are too long for what is left beside all of them.
fn too_long(seconds: &[u64], longest: &[usize]) -> usize {
    let mut rest: u64 = seconds.iter().sum();
    let mut found = 0;
    for (count, gap) in (1..).zip(longest) {
        rest -= seconds[*gap];
        if seconds[*gap] >= QUIET && rest > 0 && seconds[*gap] / TOO_LONG > rest {
            found = count;
        }
    }
    found
}
