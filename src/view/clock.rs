//! The clock time of an instant of the log, where the reader lives. The only file that knows time zones.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::time::EARLIEST_BELIEVED;

/// Tells instants as people read them.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: TimeZone,
}

impl Default for Clock {
    /// The clock on the reader's wall.
    fn default() -> Self {
        Self { zone: TimeZone::system() }
    }
}

impl Clock {
    /// A clock that shows the same everywhere.
    #[must_use]
    pub const fn utc() -> Self {
        Self { zone: TimeZone::UTC }
    }

    /// The time of `at`, with its day unless that is the day of `now`; `?` for what cannot be a time.
    #[must_use]
    pub fn time(&self, at: u64, now: u64) -> String {
        let Some(then) = self.zoned(at).filter(|_| at >= EARLIEST_BELIEVED) else { return "?".to_owned() };
        let same_day = self.zoned(now).is_some_and(|now| now.date() == then.date());
        let format = if same_day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
        then.strftime(format).to_string()
    }

    /// The day and the time of `at`; `?` for what cannot be a time.
    #[must_use]
    pub fn day_and_time(&self, at: u64) -> String {
        let then = self.zoned(at).filter(|_| at >= EARLIEST_BELIEVED);
        then.map_or_else(|| "?".to_owned(), |then| then.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    /// The time of `at` in at most eleven columns: to the second on the day of `now`, else to the minute with its day.
    #[must_use]
    pub fn brief(&self, at: u64, now: u64) -> String {
        let Some(then) = self.zoned(at).filter(|_| at >= EARLIEST_BELIEVED) else { return "?".to_owned() };
        let same_day = self.zoned(now).is_some_and(|now| now.date() == then.date());
        then.strftime(if same_day { "%H:%M:%S" } else { "%m-%d %H:%M" }).to_string()
    }

    /// Hour and minute of `at`.
    #[must_use]
    pub fn minute(&self, at: u64) -> String {
        self.zoned(at).map_or_else(|| "?".to_owned(), |then| then.strftime("%H:%M").to_string())
    }

    /// `at` as closely as instants that are `step` seconds apart need it; `?` for what cannot be a time.
    #[must_use]
    pub fn tick(&self, at: u64, step: u64) -> String {
        let format = match step {
            0..60 => "%H:%M:%S",
            60..43_200 => "%H:%M",
            _ => "%m-%d %H:%M",
        };
        let then = self.zoned(at).filter(|_| at >= EARLIEST_BELIEVED);
        then.map_or_else(|| "?".to_owned(), |then| then.strftime(format).to_string())
    }

    fn zoned(&self, at: u64) -> Option<jiff::Zoned> {
        let second = i64::try_from(at).ok()?;
        Some(Timestamp::from_second(second).ok()?.to_zoned(self.zone.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_told_only_when_it_is_another_and_nonsense_is_a_question_mark() {
        let now = 1_795_196_261;
        for (at, expected) in [
            (now, "17:37:41"),
            (now - 60, "17:36:41"),
            (now - 86_400, "2026-11-19 17:37:41"),
            (164, "?"),
            (u64::MAX, "?"),
            (u64::MAX / 2, "?"),
        ] {
            assert_eq!(Clock::utc().time(at, now), expected);
        }
        assert_eq!(Clock::utc().minute(now), "17:37");
        for (step, expected) in [(5, "17:37:41"), (60, "17:37"), (86_400, "11-20 17:37")] {
            assert_eq!(Clock::utc().tick(now, step), expected);
        }
        for (at, expected) in [(now, "17:37:41"), (now - 86_400, "11-19 17:37"), (164, "?")] {
            assert_eq!(Clock::utc().brief(at, now), expected);
        }
    }
}
