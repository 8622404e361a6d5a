//! The clock time of an instant of the log, where the reader lives, told and read. The only module that knows time zones.

mod duration;
mod instant;

pub use duration::{Period, PeriodError};
pub use instant::{Fixed, TimeError, TypedTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::time::is_believed;

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

    /// The second that is meant by `typed` where `reference` is spoken of. A time that the clocks were set past is as long
    /// after the leap as it says, and one that they showed twice is the first.
    #[must_use]
    pub fn second(&self, typed: &TypedTime, reference: u64) -> u64 {
        let then = typed.zoned(&self.zone, self.zoned(reference));
        then.map_or(reference, |then| u64::try_from(then.timestamp().as_second()).unwrap_or(0))
    }

    /// The time of `at`, with its day unless that is the day of `now`; `?` for what cannot be a time.
    #[must_use]
    pub fn time(&self, at: u64, now: u64) -> String {
        let Some(then) = self.zoned(at).filter(|_| is_believed(at)) else { return "?".to_owned() };
        let same_day = self.zoned(now).is_some_and(|now| now.date() == then.date());
        let format = if same_day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
        then.strftime(format).to_string()
    }

    /// The day and the time of `at`; `?` for what cannot be a time.
    #[must_use]
    pub fn day_and_time(&self, at: u64) -> String {
        let then = self.zoned(at).filter(|_| is_believed(at));
        then.map_or_else(|| "?".to_owned(), |then| then.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    /// The time of `at` in a few columns: with its day and its year where those are not the ones of `now`.
    #[must_use]
    pub fn brief(&self, at: u64, now: u64) -> String {
        self.listed(at, self.form([at], now))
    }

    /// The shortest form that tells these instants apart from each other and from those of other days, at `now`.
    #[must_use]
    pub fn form(&self, instants: impl IntoIterator<Item = u64>, now: u64) -> TimeForm {
        let Some(today) = self.zoned(now).map(|now| now.date()) else { return TimeForm::Full };
        let believed = instants.into_iter().filter(|at| is_believed(*at));
        let forms = believed.filter_map(|at| self.zoned(at)).map(|then| match then.date() {
            day if day == today => TimeForm::Second,
            day if day.year() == today.year() => TimeForm::DayAndSecond,
            _ => TimeForm::Full,
        });
        forms.max().unwrap_or(TimeForm::Second)
    }

    /// The time of `at` as all of a list have it; `?` for what cannot be a time.
    #[must_use]
    pub fn listed(&self, at: u64, form: TimeForm) -> String {
        let then = self.zoned(at).filter(|_| is_believed(at));
        then.map_or_else(|| "?".to_owned(), |then| then.strftime(form.format()).to_string())
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
        let then = self.zoned(at).filter(|_| is_believed(at));
        then.map_or_else(|| "?".to_owned(), |then| then.strftime(format).to_string())
    }

    fn zoned(&self, at: u64) -> Option<jiff::Zoned> {
        let second = i64::try_from(at).ok()?;
        Some(Timestamp::from_second(second).ok()?.to_zoned(self.zone.clone()))
    }
}

/// How the instants of a list are told, the shortest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeForm {
    /// `17:37:41`.
    Second,
    /// `11-20 17:37`.
    DayAndMinute,
    /// `11-20 17:37:41`.
    DayAndSecond,
    /// `2026-11-20 17:37:41`.
    Full,
}

impl TimeForm {
    const fn format(self) -> &'static str {
        match self {
            Self::Second => "%H:%M:%S",
            Self::DayAndMinute => "%m-%d %H:%M",
            Self::DayAndSecond => "%m-%d %H:%M:%S",
            Self::Full => "%Y-%m-%d %H:%M:%S",
        }
    }

    /// The columns that it takes.
    #[must_use]
    pub const fn columns(self) -> usize {
        match self {
            Self::Second => 8,
            Self::DayAndMinute => 11,
            Self::DayAndSecond => 14,
            Self::Full => 19,
        }
    }
}

/// An instant as programs read it, in UTC: `2026-11-21T14:03:10Z`. One that no calendar has is nothing.
#[must_use]
pub fn stamp(at: u64) -> String {
    let second = i64::try_from(at).ok().and_then(|second| Timestamp::from_second(second).ok());
    second.map(|second| second.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 17:37:41 in UTC.
    const NOW: u64 = 1_795_196_261;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (typed, expected) in [
            ("17:37:41", Some(NOW)),
            ("17:37", Some(NOW - 41)),
            ("23:59:59", Some(NOW + 22_938)),
            ("2026-11-20 17:37:41", Some(NOW)),
            ("2026-11-20T17:37", Some(NOW - 41)),
            ("2026-11-20", Some(NOW - 63_461)),
            ("2026-11-20T17:37:41Z", Some(NOW)),
            ("2026-11-20 18:37:41+01:00", Some(NOW)),
            ("2026-11-20T17:37:41.9Z", Some(NOW)),
            ("-5m", Some(NOW - 300)),
            ("+30s", Some(NOW + 30)),
            ("-1h30m", Some(NOW - 5400)),
            ("-1h30", Some(NOW - 5400)),
            ("+1.5h", Some(NOW + 5400)),
            ("-2d", Some(NOW - 172_800)),
            ("-1 hour 30 minutes", Some(NOW - 5400)),
            ("-PT90S", Some(NOW - 90)),
            ("-100y", Some(0)),
            ("-30000y", None),
            ("1969-12-31T23:00Z", Some(0)),
            ("24:00", None),
            ("17", None),
            ("1737", None),
            ("17:37 tomorrow", None),
            ("2026-11-31 10:00", None),
            ("5m", None),
            ("-5", None),
            ("-5 apples", None),
            ("-", None),
            ("now", None),
            ("", None),
        ] {
            let found = TypedTime::parse(typed).ok().map(|typed| Clock::utc().second(&typed, NOW));
            assert_eq!(found, expected, "{typed}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_that_of_the_clock_and_a_day_is_as_long_as_it_was() {
        // Clocks were set from 2:00 to 3:00 on 2026-03-29, and from 3:00 to 2:00 on 2026-10-25.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let clock = Clock { zone };
        let spring: u64 = 1_774_778_400; // 12:00 on that day.
        let autumn: u64 = 1_792_926_000; // The same in autumn.
        for (typed, reference, expected) in [
            ("12:00", spring + 3600, spring),
            ("2026-03-29 12:00", 0, spring),
            ("2026-03-29 12:00Z", 0, spring + 7200),
            ("-1d", spring, spring - 23 * 3600),
            ("-1d", autumn, autumn - 25 * 3600),
            ("-24h", autumn, autumn - 24 * 3600),
            ("02:30", spring, spring - 8 * 3600 - 1800),
            ("02:30", autumn, autumn - 10 * 3600 - 1800),
            ("14:00", u64::MAX, u64::MAX),
        ] {
            let typed_time = TypedTime::parse(typed).unwrap();
            assert_eq!(clock.second(&typed_time, reference), expected, "{typed} of {reference}");
        }
    }

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
        for (at, expected) in [(now, "17:37:41"), (now - 86_400, "11-19 17:37:41"), (164, "?")] {
            assert_eq!(Clock::utc().brief(at, now), expected);
        }
    }

    #[test]
    fn the_instants_of_a_list_have_one_form() {
        let now = 1_795_196_261;
        for (instants, expected) in [
            (vec![now, now - 60], ["17:37:41", "17:36:41"]),
            (vec![now, now - 86_400], ["11-20 17:37:41", "11-19 17:37:41"]),
            (vec![now - 400 * 86_400, now], ["2025-10-16 17:37:41", "2026-11-20 17:37:41"]),
            // What is no time has no say.
            (vec![164, now], ["?", "17:37:41"]),
        ] {
            let form = Clock::utc().form(instants.iter().copied(), now);
            let told: Vec<String> = instants.iter().map(|at| Clock::utc().listed(*at, form)).collect();
            assert_eq!(told, expected);
            assert!(told.iter().all(|it| it == "?" || it.len() == form.columns()));
        }
    }
}
