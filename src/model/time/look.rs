//! Diagnosis of an instant that is no time in the unit of its log: one in another unit, or no time at all.

use std::fmt;

use super::unit::{EARLIEST_SECOND, Unit};

/// Seconds from here on, in 2200, are hardly meant where another unit may be.
const LATEST_MEANT: u64 = 7_258_118_400;

/// Diagnosis of an instant that is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A time in another unit.
    Other(Unit),
    /// None: it was never set.
    Zero,
    /// A small number, which counts something else.
    Counter,
    /// A number that no unit makes a time of.
    Absurd,
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

impl Look {
    /// Returns the diagnosis of an instant in a log of this unit; nothing for an instant that is believed.
    #[must_use]
    pub fn of(at: u64, unit: Unit) -> Option<Self> {
        if unit.is_believed(at) {
            return None;
        }
        let other = Unit::ALL.into_iter().find(|other| *other != unit && is_meant(at, *other));
        Some(match other {
            Some(other) => Self::Other(other),
            None if at == 0 => Self::Zero,
            None if at < unit.earliest_believed() => Self::Counter,
            None => Self::Absurd,
        })
    }
}

/// The finer unit in which a number is a time between 2000 and 2200.
#[must_use]
pub fn finer(at: u64, unit: Unit) -> Option<Unit> {
    Unit::ALL.into_iter().find(|finer| *finer > unit && is_meant(at, *finer))
}

fn is_meant(at: u64, unit: Unit) -> bool {
    (EARLIEST_SECOND..LATEST_MEANT).contains(&unit.seconds(at))
}

impl Coarser {
    /// The unit in which a number is a time between 2000 and 2200.
    #[must_use]
    pub fn of(at: u64) -> Option<Self> {
        let is_so = |(_, seconds): &&(Self, u64)| {
            (EARLIEST_SECOND..LATEST_MEANT).contains(&at.saturating_mul(*seconds))
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

/// Its diagnosis, to complete "it ...".
impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(unit) => write!(f, "looks like {}", unit.name()),
            Self::Zero => f.write_str("was never set"),
            Self::Counter => f.write_str("looks like a counter"),
            Self::Absurd => f.write_str("is beyond every calendar"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_unit_is_told_by_its_size() {
        use Unit::{Microseconds, Milliseconds, Nanoseconds, Seconds};
        let now = 1_795_196_261;
        for (unit, at, expected) in [
            (Seconds, now, None),
            (Seconds, 0, Some("was never set")),
            (Seconds, 1, Some("looks like a counter")),
            (Seconds, EARLIEST_SECOND - 1, Some("looks like a counter")),
            (Seconds, EARLIEST_SECOND, None),
            (Seconds, now * 1_000 + 999, Some("looks like milliseconds")),
            (Seconds, now * 1_000_000, Some("looks like microseconds")),
            (Seconds, now * 1_000_000_000, Some("looks like nanoseconds")),
            (Seconds, 99_999_999_999, Some("is beyond every calendar")),
            (Seconds, i64::MAX.unsigned_abs(), Some("is beyond every calendar")),
            (Seconds, u64::MAX, Some("is beyond every calendar")),
            (Milliseconds, now * 1_000, None),
            (Milliseconds, now, Some("looks like seconds")),
            (Milliseconds, now * 1_000_000, Some("looks like microseconds")),
            (Milliseconds, 0, Some("was never set")),
            (Milliseconds, 164, Some("looks like a counter")),
            (Milliseconds, u64::MAX, Some("is beyond every calendar")),
            (Microseconds, now * 1_000, Some("looks like milliseconds")),
            (Nanoseconds, now * 1_000_000_000, None),
            (Nanoseconds, now * 1_000_000, Some("looks like microseconds")),
            (Nanoseconds, u64::MAX, Some("is beyond every calendar")),
        ] {
            let found = Look::of(at, unit).map(|look| look.to_string());
            assert_eq!(found.as_deref(), expected, "{at} in {}", unit.name());
        }
    }

    #[test]
    fn a_time_far_ahead_is_told_by_a_finer_unit_alone() {
        let now = 1_795_196_261;
        for (unit, at, expected) in [
            (Unit::Seconds, now, None),
            (Unit::Seconds, now * 1_000, Some(Unit::Milliseconds)),
            (Unit::Seconds, u64::MAX, None),
            (Unit::Milliseconds, now, None),
            (Unit::Milliseconds, now * 1_000_000_000, Some(Unit::Nanoseconds)),
            (Unit::Nanoseconds, now, None),
        ] {
            assert_eq!(finer(at, unit), expected, "{at} in {}", unit.name());
        }
    }
}
