//! An instant as it is typed, by one grammar for arguments, queries and prompts: RFC 3339, a day, a time of the day, or a
//! length of time before or after another instant. Must not read a clock.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::duration::{Period, PeriodError};

/// A time as it is typed, which may need an instant to refer to.
#[derive(Debug, Clone)]
pub struct TypedTime(Form);

#[derive(Debug, Clone)]
enum Form {
    /// `2026-11-21T14:03:10Z`, or with an offset.
    Instant(Timestamp),
    /// `2026-11-21 14:03:10`, by the clock on the wall.
    Local(DateTime),
    /// `14:03`, of the day of another instant.
    Daily(Time),
    /// `-1h30m`, before another instant.
    Before(Period),
    /// `+1h30m`, after it.
    After(Period),
}

/// A time that is the same in every time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// Nanoseconds since the Unix epoch.
    At(i128),
    /// Nanoseconds from an instant.
    Apart(i128),
}

/// The reason why a text is no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// The text after its sign is no length of time.
    Period(PeriodError),
    /// The calendar has no such day.
    Date(String),
    /// The day has no such time.
    TimeOfDay(String),
    /// It is nothing that is known.
    Unknown,
}

impl TypedTime {
    /// Reads a time.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let apart = |text: &str| Period::parse(text).map_err(TimeError::Period);
        let form = if let Some(text) = text.strip_prefix('-') {
            Form::Before(apart(text)?)
        } else if let Some(text) = text.strip_prefix('+') {
            Form::After(apart(text)?)
        } else if let Ok(instant) = text.parse() {
            Form::Instant(instant)
        } else if let Ok(local) = text.parse() {
            Form::Local(local)
        } else {
            // Digits alone would be an hour.
            let time = text.parse().ok().filter(|_| text.contains(':'));
            Form::Daily(time.ok_or_else(|| reason(text))?)
        };
        Ok(Self(form))
    }

    /// Is true when it means nothing without an instant to refer to.
    #[must_use]
    pub const fn is_relative(&self) -> bool {
        matches!(self.0, Form::Daily(_) | Form::Before(_) | Form::After(_))
    }

    /// Is true of a length of time before or after an instant, which has all the digits of that one.
    #[must_use]
    pub(super) const fn is_apart(&self) -> bool {
        matches!(self.0, Form::Before(_) | Form::After(_))
    }

    /// The same for every reader; none when it depends on where the reader is. Lengths are those of [`Period::duration`].
    #[must_use]
    pub fn fixed(&self) -> Option<Fixed> {
        let apart = |period: &Period| i128::try_from(period.duration().as_nanos()).unwrap_or(i128::MAX);
        match &self.0 {
            Form::Instant(instant) => Some(Fixed::At(instant.as_nanosecond())),
            Form::Before(period) => Some(Fixed::Apart(-apart(period))),
            Form::After(period) => Some(Fixed::Apart(apart(period))),
            Form::Local(_) | Form::Daily(_) => None,
        }
    }

    /// The instant, for a reader in `zone` who speaks of `reference`.
    pub(super) fn zoned(&self, zone: &TimeZone, reference: Option<Zoned>) -> Option<Zoned> {
        match &self.0 {
            Form::Instant(instant) => Some(instant.to_zoned(zone.clone())),
            Form::Local(local) => local.to_zoned(zone.clone()).ok(),
            Form::Daily(time) => reference?.date().to_datetime(*time).to_zoned(zone.clone()).ok(),
            Form::Before(period) => {
                period.spans.iter().try_fold(reference?, |from, span| from.checked_sub(*span).ok())
            }
            Form::After(period) => {
                period.spans.iter().try_fold(reference?, |from, span| from.checked_add(*span).ok())
            }
        }
    }
}

fn reason(text: &str) -> TimeError {
    match text.split_once(['T', ' ']) {
        Some((date, _)) if date.parse::<Date>().is_err() => TimeError::Date(date.to_owned()),
        Some((_, time)) => TimeError::TimeOfDay(time.to_owned()),
        None => TimeError::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_says_why() {
        let unit = |unit: &str| TimeError::Period(PeriodError::Unit(unit.to_owned()));
        for (text, expected) in [
            ("", TimeError::Unknown),
            ("soon", TimeError::Unknown),
            ("24:00", TimeError::Unknown),
            ("-", TimeError::Period(PeriodError::Number)),
            ("--5m", TimeError::Period(PeriodError::Number)),
            ("-5", TimeError::Period(PeriodError::NoUnit)),
            ("+5 apples", unit("apples")),
            ("2026-11-31 10:00", TimeError::Date("2026-11-31".to_owned())),
            ("2026-11-21T25:03Z", TimeError::TimeOfDay("25:03Z".to_owned())),
        ] {
            assert_eq!(TypedTime::parse(text).map(|time| time.fixed()), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_time_may_be_the_same_for_every_reader() {
        for (text, expected) in [
            ("2026-11-21T15:03:10+01:00", Some(Fixed::At(1_795_269_790_000_000_000))),
            ("1969-12-31T23:59Z", Some(Fixed::At(-60_000_000_000))),
            ("-10m", Some(Fixed::Apart(-600_000_000_000))),
            ("+500ms", Some(Fixed::Apart(500_000_000))),
            ("2026-11-21 14:03", None),
            ("2026-11-21", None),
            ("14:03", None),
        ] {
            assert_eq!(TypedTime::parse(text).unwrap().fixed(), expected, "{text}");
        }
    }
}
