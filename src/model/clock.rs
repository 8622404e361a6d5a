//! The clock time of an instant of the log, where the reader lives, told and read. The only module that knows time zones.

mod duration;
mod instant;

pub use duration::{Period, PeriodError};
pub use instant::{Fixed, TimeError, TypedTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::time::Unit;

/// The clock on a reader's wall.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: TimeZone,
}

/// Tells the instants of a log as people read them. Instants are those of its unit.
#[derive(Debug, Clone, Copy)]
pub struct LogClock<'a> {
    zone: &'a TimeZone,
    unit: Unit,
}

impl Default for Clock {
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

    /// The clock for a log whose instants have this unit.
    #[must_use]
    pub const fn of(&self, unit: Unit) -> LogClock<'_> {
        LogClock { zone: &self.zone, unit }
    }
}

impl LogClock<'_> {
    /// The unit of the instants that it tells.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The instant that is meant by `typed` where `reference` is spoken of: the last one of a second that is typed without
    /// its parts. A time that the clocks were set past is as long after the leap as it says, and one that they showed twice
    /// is the first.
    #[must_use]
    pub fn instant(self, typed: &TypedTime, reference: u64) -> u64 {
        let Some(then) = typed.zoned(self.zone, self.zoned(reference)) else { return reference };
        let at = self.ticks(then.timestamp());
        let is_whole = !typed.is_apart() && then.subsec_nanosecond() == 0;
        if is_whole { at.saturating_add(self.unit.ticks_a_second() - 1) } else { at }
    }

    fn ticks(self, at: Timestamp) -> u64 {
        let ticks = at.as_nanosecond() / i128::from(self.unit.nanos());
        u64::try_from(ticks.max(0)).unwrap_or(u64::MAX)
    }

    /// The time of `at`, with its day unless that is the day of `now`; `?` for what cannot be a time.
    #[must_use]
    pub fn time(self, at: u64, now: u64) -> String {
        let same_day = |day| self.zoned(now).is_some_and(|now| now.date() == day);
        self.told(at, |then| if same_day(then.date()) { TimeForm::Second } else { TimeForm::Full }.format())
    }

    /// The day and the time of `at`; `?` for what cannot be a time.
    #[must_use]
    pub fn day_and_time(self, at: u64) -> String {
        self.listed(at, TimeForm::Full)
    }

    /// The time of `at` in a few columns: with its day and its year where those are not the ones of `now`.
    #[must_use]
    pub fn brief(self, at: u64, now: u64) -> String {
        self.listed(at, self.form([at], now))
    }

    /// The shortest form that tells these instants apart from each other and from those of other days, at `now`.
    #[must_use]
    pub fn form(self, instants: impl IntoIterator<Item = u64>, now: u64) -> TimeForm {
        let Some(today) = self.zoned(now).map(|now| now.date()) else { return TimeForm::Full };
        let believed = instants.into_iter().filter(|at| self.unit.is_believed(*at));
        let forms = believed.filter_map(|at| self.zoned(at)).map(|then| match then.date() {
            day if day == today => TimeForm::Second,
            day if day.year() == today.year() => TimeForm::DayAndSecond,
            _ => TimeForm::Full,
        });
        forms.max().unwrap_or(TimeForm::Second)
    }

    /// The time of `at` as all of a list have it; `?` for what cannot be a time.
    #[must_use]
    pub fn listed(self, at: u64, form: TimeForm) -> String {
        self.told(at, |_| form.format())
    }

    /// A text that tells the second of `at`, and behind it the parts of that second which the unit has: `17:37:41.340`.
    #[must_use]
    pub fn exactly(self, at: u64, mut second: String) -> String {
        let digits = self.unit.digits();
        if digits > 0 && self.unit.is_believed(at) {
            second.push_str(&format!(".{:0digits$}", at % self.unit.ticks_a_second()));
        }
        second
    }

    /// The columns of an instant of a list that is told exactly.
    #[must_use]
    pub const fn exact_columns(self, form: TimeForm) -> usize {
        let digits = self.unit.digits();
        form.columns() + if digits > 0 { 1 + digits } else { 0 }
    }

    /// Hour and minute of `at`.
    #[must_use]
    pub fn minute(self, at: u64) -> String {
        self.zoned(at).map_or_else(|| "?".to_owned(), |then| then.strftime("%H:%M").to_string())
    }

    /// `at` as closely as instants that are `step` apart need it; `?` for what cannot be a time.
    #[must_use]
    pub fn tick(self, at: u64, step: u64) -> String {
        let format = match self.unit.seconds(step) {
            0 => match self.unit.length(step).subsec_nanos() {
                1_000_000.. => "%H:%M:%S.%3f",
                1_000..1_000_000 => "%H:%M:%S.%6f",
                _ => "%H:%M:%S.%9f",
            },
            1..60 => "%H:%M:%S",
            60..43_200 => "%H:%M",
            _ => "%m-%d %H:%M",
        };
        self.told(at, |_| format)
    }

    fn told(self, at: u64, format: impl FnOnce(&jiff::Zoned) -> &'static str) -> String {
        let then = self.zoned(at).filter(|_| self.unit.is_believed(at));
        then.map_or_else(|| "?".to_owned(), |then| then.strftime(format(&then)).to_string())
    }

    fn zoned(self, at: u64) -> Option<jiff::Zoned> {
        Some(timestamp(at, self.unit)?.to_zoned(self.zone.clone()))
    }
}

fn timestamp(at: u64, unit: Unit) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::from(at) * i128::from(unit.nanos())).ok()
}

/// Forms of the instants of a list, the shortest first.
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

/// An instant as programs read it, in UTC, with the parts of a second that its unit has: `2026-11-21T14:03:10Z`. One that
/// no calendar has is nothing.
#[must_use]
pub fn stamp(at: u64, unit: Unit) -> String {
    let digits = unit.digits();
    timestamp(at, unit).map(|at| format!("{at:.digits$}")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
