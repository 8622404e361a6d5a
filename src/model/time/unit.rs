//! What an instant is that is no second of our time: in the wrong unit, or no time at all.

use std::fmt;

use super::{EARLIEST_BELIEVED, is_believed};

/// Seconds from here on, in 2200, are hardly meant where a finer unit may be.
const LATEST_MEANT: u64 = 7_258_118_400;

/// What an instant looks like that is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A time in a finer unit.
    Finer(Finer),
    /// None: it was never set.
    Zero,
    /// A small number, which counts something else.
    Counter,
    /// A number that no unit makes a time of.
    Absurd,
}

/// A unit that is finer than the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is its unit")]
pub enum Finer {
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// A unit that is coarser than the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is its unit")]
pub enum Coarser {
    Minutes,
    Hours,
    Days,
}

/// Coarser units, with their seconds.
const COARSER: [(Coarser, u64); 3] =
    [(Coarser::Minutes, 60), (Coarser::Hours, 3_600), (Coarser::Days, 86_400)];

const FINER: [(Finer, u64); 3] =
    [(Finer::Milliseconds, 1_000), (Finer::Microseconds, 1_000_000), (Finer::Nanoseconds, 1_000_000_000)];

impl Unit {
    /// What an instant looks like; nothing for one that is believed.
    #[must_use]
    pub fn of(at: u64) -> Option<Self> {
        if is_believed(at) {
            return None;
        }
        Some(match at {
            0 => Self::Zero,
            1..EARLIEST_BELIEVED => Self::Counter,
            _ => Finer::of(at).map_or(Self::Absurd, Self::Finer),
        })
    }
}

impl Finer {
    /// The unit in which a number is a time between 2000 and 2200.
    #[must_use]
    pub fn of(at: u64) -> Option<Self> {
        let is_so = |(_, parts): &&(Self, u64)| (EARLIEST_BELIEVED..LATEST_MEANT).contains(&(at / parts));
        FINER.iter().find(is_so).map(|(unit, _)| *unit)
    }
}

impl Coarser {
    /// The unit in which a number is a time between 2000 and 2200.
    #[must_use]
    pub fn of(at: u64) -> Option<Self> {
        let is_so = |(_, seconds): &&(Self, u64)| {
            (EARLIEST_BELIEVED..LATEST_MEANT).contains(&at.saturating_mul(*seconds))
        };
        COARSER.iter().find(is_so).map(|(unit, _)| *unit)
    }
}

impl fmt::Display for Coarser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        })
    }
}

/// What it looks like, to complete "it ...".
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finer(unit) => unit.fmt(f),
            Self::Zero => f.write_str("was never set"),
            Self::Counter => f.write_str("looks like a counter"),
            Self::Absurd => f.write_str("is beyond every calendar"),
        }
    }
}

impl fmt::Display for Finer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Milliseconds => "looks like milliseconds",
            Self::Microseconds => "looks like microseconds",
            Self::Nanoseconds => "looks like nanoseconds",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_unit_is_told_by_its_size() {
        let now = 1_795_196_261;
        for (at, expected) in [
            (now, None),
            (0, Some("was never set")),
            (1, Some("looks like a counter")),
            (EARLIEST_BELIEVED - 1, Some("looks like a counter")),
            (EARLIEST_BELIEVED, None),
            (now * 1_000 + 999, Some("looks like milliseconds")),
            (now * 1_000_000, Some("looks like microseconds")),
            (now * 1_000_000_000, Some("looks like nanoseconds")),
            (99_999_999_999, Some("is beyond every calendar")),
            (i64::MAX.unsigned_abs(), Some("is beyond every calendar")),
            (u64::MAX, Some("is beyond every calendar")),
        ] {
            let found = Unit::of(at).map(|unit| unit.to_string());
            assert_eq!(found.as_deref(), expected, "{at}");
        }
    }
}
