//! The unit in which a log counts time. Instants and lengths are whole ticks of it, exactly as the log has them.

use std::time::Duration;

/// Instants before 2000-01-01 are a counter or a mistake, not a time: an engine stamps some events with their
/// sequence number.
pub(super) const EARLIEST_SECOND: u64 = 946_684_800;

/// Instants from the year 3000 on are a mistake too.
pub(super) const LATEST_SECOND: u64 = 32_503_680_000;

/// Seconds that a log's clock may run ahead of ours before it is not believed.
const SKEW: u64 = 5;

/// The unit of the instants of a log, the coarsest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs, reason = "each is its unit")]
pub enum Unit {
    #[default]
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    /// Every unit, the coarsest first.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds];

    /// Returns the number of ticks in a second.
    #[must_use]
    pub const fn ticks_a_second(self) -> u64 {
        match self {
            Self::Seconds => 1,
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }

    /// Its name: `milliseconds`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    /// One of it in words: `a second`.
    #[must_use]
    pub const fn one(self) -> &'static str {
        match self {
            Self::Seconds => "a second",
            Self::Milliseconds => "a millisecond",
            Self::Microseconds => "a microsecond",
            Self::Nanoseconds => "a nanosecond",
        }
    }

    /// Its sign behind a number, in letters that every terminal has.
    const fn sign(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }

    /// Returns the number of decimal digits of a second.
    #[must_use]
    pub const fn digits(self) -> usize {
        3 * self as usize
    }

    /// Returns seconds in ticks; the last tick of all for more than there are.
    #[must_use]
    pub const fn of_seconds(self, seconds: u64) -> u64 {
        seconds.saturating_mul(self.ticks_a_second())
    }

    /// Returns the whole seconds in `ticks` ticks.
    #[must_use]
    #[inline]
    pub const fn seconds(self, ticks: u64) -> u64 {
        // Each divisor is a constant, and nothing is divided by one: this is asked at each event.
        match self {
            Self::Seconds => ticks,
            Self::Milliseconds => ticks / 1_000,
            Self::Microseconds => ticks / 1_000_000,
            Self::Nanoseconds => ticks / 1_000_000_000,
        }
    }

    /// A length as a decimal number of seconds, with all digits that the unit has: `4`, `4.220`.
    #[must_use]
    pub fn decimal(self, ticks: u64) -> String {
        let (seconds, digits) = (self.seconds(ticks), self.digits());
        if digits == 0 {
            return seconds.to_string();
        }
        format!("{seconds}.{:0digits$}", ticks % self.ticks_a_second())
    }

    /// An instant in milliseconds since the Unix epoch, as a wall clock tells it, in ticks.
    #[must_use]
    pub const fn of_unix_ms(self, ms: u64) -> u64 {
        match self {
            Self::Seconds => ms / 1_000,
            _ => ms.saturating_mul(self.ticks_a_second() / 1_000),
        }
    }

    /// An instant in milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_ms(self, ticks: u64) -> u64 {
        match self {
            Self::Seconds => ticks.saturating_mul(1_000),
            _ => ticks / (self.ticks_a_second() / 1_000),
        }
    }

    /// The whole ticks of a length; the last tick of all for more than there are.
    #[must_use]
    pub const fn ticks(self, length: Duration) -> u64 {
        let below = length.subsec_nanos() as u64 / (1_000_000_000 / self.ticks_a_second());
        self.of_seconds(length.as_secs()).saturating_add(below)
    }

    /// Returns `ticks` ticks as a length, exactly.
    #[must_use]
    pub const fn length(self, ticks: u64) -> Duration {
        match self {
            Self::Seconds => Duration::from_secs(ticks),
            Self::Milliseconds => Duration::from_millis(ticks),
            Self::Microseconds => Duration::from_micros(ticks),
            Self::Nanoseconds => Duration::from_nanos(ticks),
        }
    }

    /// The nanoseconds in a tick.
    #[must_use]
    pub const fn nanos(self) -> u64 {
        1_000_000_000 / self.ticks_a_second()
    }

    /// The first instant that can be one of a log: 2000-01-01.
    #[must_use]
    pub const fn earliest_believed(self) -> u64 {
        self.of_seconds(EARLIEST_SECOND)
    }

    /// The first instant that is too late to be one: the year 3000, or the last tick of all.
    #[must_use]
    pub const fn latest_believed(self) -> u64 {
        self.of_seconds(LATEST_SECOND)
    }

    /// Returns the ticks that a log's clock may run ahead of ours before it is not believed.
    #[must_use]
    pub const fn skew(self) -> u64 {
        self.of_seconds(SKEW)
    }

    /// Returns true if an instant can be one of a log.
    #[must_use]
    #[inline]
    pub const fn is_believed(self, at: u64) -> bool {
        self.earliest_believed() <= at && at < self.latest_believed()
    }

    /// The ticks from `at` to `now`, or nothing when one of them cannot be true.
    #[must_use]
    pub const fn age(self, at: u64, now: u64) -> Option<u64> {
        if !self.is_believed(at) || now.saturating_add(self.skew()) < at {
            None
        } else {
            Some(now.saturating_sub(at))
        }
    }

    /// Returns the length of a stay, when both its ends can be true and the second is not before the first.
    #[must_use]
    pub const fn lasted(self, from: u64, to: u64) -> Option<u64> {
        if self.is_believed(from) && self.is_believed(to) { to.checked_sub(from) } else { None }
    }

    /// A length in at most six columns, with the digits that the unit has: `340ms`, `4.2s`, `12s`, `4m12s`, `2h05m`, `2d`, `5y`.
    #[must_use]
    pub fn words(self, ticks: u64) -> String {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        const DAY: u64 = 24 * HOUR;
        const YEAR: u64 = 365 * DAY;
        let seconds = self.seconds(ticks);
        match seconds {
            0..MINUTE => self.brief(ticks),
            MINUTE..HOUR => format!("{}m{:02}s", seconds / MINUTE, seconds % MINUTE),
            HOUR..DAY => format!("{}h{:02}m", seconds / HOUR, seconds % HOUR / MINUTE),
            DAY..YEAR => format!("{}d", seconds / DAY),
            _ if seconds / YEAR < 1000 => format!("{}y", seconds / YEAR),
            _ => "?".to_owned(),
        }
    }

    /// A length below a minute: in the coarsest unit of which it has one at least, with a tenth where that is one digit.
    fn brief(self, ticks: u64) -> String {
        let parts = |unit: Self| self.ticks_a_second() / unit.ticks_a_second();
        let coarsest = Self::ALL.into_iter().find(|unit| *unit == self || ticks >= parts(*unit));
        let unit = coarsest.unwrap_or(self);
        let (whole, tenth) = (ticks / parts(unit), ticks % parts(unit) * 10 / parts(unit));
        let sign = unit.sign();
        if unit == self || whole >= 10 { format!("{whole}{sign}") } else { format!("{whole}.{tenth}{sign}") }
    }

    /// The age of `at` in words, `?` when a clock lies.
    #[must_use]
    pub fn age_words(self, at: u64, now: u64) -> String {
        self.words_of(self.age(at, now))
    }

    /// The time from `from` to `to` in words, `?` when it runs backward, or one of them cannot be true.
    #[must_use]
    pub fn between_words(self, from: u64, to: u64) -> String {
        self.words_of(self.lasted(from, to))
    }

    /// A length in words, `?` when it is not known.
    #[must_use]
    pub fn words_of(self, ticks: Option<u64>) -> String {
        ticks.map_or_else(|| "?".to_owned(), |ticks| self.words(ticks))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ages_fit_and_a_lying_clock_shows_a_question_mark() {
        let unit = Unit::Seconds;
        let (skew, latest, earliest) = (unit.skew(), unit.latest_believed(), unit.earliest_believed());
        let now = 1_795_196_261;
        for (at, expected) in [
            (now, "0s"),
            (now - 3, "3s"),
            (now - 252, "4m12s"),
            (now - 2 * 3600 - 5 * 60, "2h05m"),
            (now - 2 * 86_400, "2d"),
            (now - 400 * 86_400, "1y"),
            (now + skew, "0s"),
            (now + skew + 1, "?"),
            (164, "?"),
            (0, "?"),
            (u64::MAX, "?"),
        ] {
            assert_eq!(unit.age_words(at, now), expected, "{at}");
            assert!(unit.age_words(at, now).len() <= 6);
        }
        for (from, to, expected) in [
            (now, now + 3, Some(3)),
            (now, now - 1, None),
            (164, now, None),
            (now, latest, None),
            (earliest, latest - 1, Some(latest - 1 - earliest)),
            (now, u64::MAX, None),
        ] {
            assert_eq!(unit.lasted(from, to), expected);
        }
        assert_eq!(unit.between_words(now, now + 3), "3s");
        assert_eq!(unit.between_words(now + 3, now), "?");
        assert_eq!(unit.between_words(now * 1000, (now + 3) * 1000), "?", "milliseconds");
        assert_eq!(unit.between_words(10, 15), "?", "sequences");
        assert_eq!(unit.between_words(0, u64::MAX), "?");
    }

    #[test]
    fn a_length_below_a_minute_has_the_digits_of_its_unit() {
        use Unit::{Microseconds, Milliseconds, Nanoseconds, Seconds};
        for (unit, ticks, expected) in [
            (Seconds, 0, "0s"),
            (Seconds, 4, "4s"),
            (Seconds, 59, "59s"),
            (Milliseconds, 0, "0ms"),
            (Milliseconds, 7, "7ms"),
            (Milliseconds, 340, "340ms"),
            (Milliseconds, 999, "999ms"),
            (Milliseconds, 1_000, "1.0s"),
            (Milliseconds, 4_299, "4.2s"),
            (Milliseconds, 9_999, "9.9s"),
            (Milliseconds, 12_340, "12s"),
            (Milliseconds, 59_999, "59s"),
            (Milliseconds, 252_000, "4m12s"),
            (Microseconds, 40, "40us"),
            (Microseconds, 4_200, "4.2ms"),
            (Microseconds, 340_999, "340ms"),
            (Microseconds, 4_200_000, "4.2s"),
            (Nanoseconds, 12, "12ns"),
            (Nanoseconds, 4_200, "4.2us"),
            (Nanoseconds, 999_999, "999us"),
            (Nanoseconds, 12_000_000_000, "12s"),
            (Nanoseconds, u64::MAX, "584y"),
        ] {
            assert_eq!(unit.words(ticks), expected, "{ticks} {}", unit.name());
        }
    }

    #[test]
    fn a_length_is_written_as_seconds_without_loss() {
        for (unit, expected) in Unit::ALL.into_iter().zip(["42", "0.042", "0.000042", "0.000000042"]) {
            assert_eq!(unit.decimal(42), expected);
        }
        assert_eq!(Unit::Milliseconds.decimal(u64::MAX), "18446744073709551.615");
    }

    proptest! {
        #[test]
        fn no_number_is_too_large_for_any_unit(
            at in prop_oneof![any::<u64>(), 0..9_u64, Just(u64::MAX)], to: u64, unit in 0..4_usize,
        ) {
            let unit = Unit::ALL[unit];
            prop_assert!(unit.words(at).len() <= 6);
            prop_assert!(unit.age_words(at, to).len() <= 6 && unit.between_words(at, to).len() <= 6);
            prop_assert_eq!(unit.ticks(unit.length(at)), at);
            prop_assert!(unit.of_unix_ms(unit.unix_ms(at)) <= at);
            prop_assert!(unit.seconds(unit.of_seconds(at)) <= at);
        }
    }
}
