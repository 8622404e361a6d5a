//! Values that are no texts: numbers, lengths of time and instants.
//!
//! An error is the reason and what to write instead; the parser adds the place.

use std::time::Duration;

use crate::model::clock::{Fixed, Period, PeriodError, TimeError, TypedTime};

/// Reason why a value is wrong, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) hint: String,
}

pub(super) fn wrong(what: impl Into<String>, hint: impl Into<String>) -> Wrong {
    Wrong { what: what.into(), hint: hint.into() }
}

/// An instant as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instant {
    /// That long after the Unix epoch.
    At(Duration),
    /// Nanoseconds from now.
    Apart(i128),
}

pub(super) fn number(text: &str) -> Result<i64, Wrong> {
    text.parse().map_err(|_| wrong(format!("`{text}` is no whole number"), "write one, as in attempts>=3"))
}

/// Hint where a length of time is asked for.
const LENGTHS: &str = "write 90s, 10m, 1h30m, 2d or 3w";
/// The same for an instant.
const INSTANTS: &str = "write -10m for ten minutes ago, +1h for an hour ahead, or an instant with its zone, as 2026-11-21T14:03Z";

/// A length of time: `90s`, `10m`, `1h30m`, `2d`.
pub(super) fn length(text: &str) -> Result<Duration, Wrong> {
    Period::parse(text).map(|period| period.duration()).map_err(|error| no_length(text, error))
}

fn no_length(text: &str, error: PeriodError) -> Wrong {
    match error {
        PeriodError::Number => wrong(format!("`{text}` is no length of time"), LENGTHS),
        PeriodError::NoUnit => wrong(
            format!("`{text}` does not say of what: it has no unit"),
            format!("write {text}s, {text}m, {text}h or {text}d"),
        ),
        PeriodError::Unit(unit) => wrong(
            format!("`{unit}` is no unit of time"),
            format!("the units are ms, s, m, h, d, w and y; {LENGTHS}"),
        ),
        PeriodError::TooLong => wrong(format!("`{text}` is longer than any log"), LENGTHS),
    }
}

/// An instant: `-10m`, `+1h`, `2026-11-21T14:03Z`, `"2026-11-21 14:03:10+01:00"`. It is the same wherever the query is
/// read.
pub(super) fn instant(text: &str) -> Result<Instant, Wrong> {
    let typed = TypedTime::parse(text).map_err(|error| match error {
        TimeError::Period(error) => no_length(&text[1..], error),
        TimeError::Date(date) => wrong(format!("`{date}` is no date"), INSTANTS),
        TimeError::TimeOfDay(time) => wrong(format!("`{time}` is no time of a day"), INSTANTS),
        TimeError::Unknown if Period::parse(text).is_ok() => {
            wrong(format!("`{text}` is a length of time, not an instant"), INSTANTS)
        }
        TimeError::Unknown => wrong(format!("`{text}` is no instant"), INSTANTS),
    })?;
    match typed.fixed() {
        Some(Fixed::At(nanos)) => after_epoch(nanos)
            .map(Instant::At)
            .ok_or_else(|| wrong(format!("`{text}` is before every log"), INSTANTS)),
        Some(Fixed::Apart(apart)) => Ok(Instant::Apart(apart)),
        None => Err(wrong(format!("`{text}` does not say its zone"), INSTANTS)),
    }
}

fn after_epoch(nanos: i128) -> Option<Duration> {
    const SECOND: i128 = 1_000_000_000;
    let below = u32::try_from(nanos % SECOND).ok()?;
    Some(Duration::new(u64::try_from(nanos / SECOND).ok()?, below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        for (text, expected) in [
            ("0s", Ok(0)),
            ("90s", Ok(90)),
            ("1h30m", Ok(5400)),
            ("1h30", Ok(5400)),
            ("10", Err("no unit")),
            ("10x", Err("`x` is no unit")),
            ("soon", Err("no length")),
            ("", Err("no length")),
            ("-5m", Err("no length")),
            ("18446744073709551615y", Err("longer than any log")),
        ] {
            match (length(text), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, Duration::from_secs(expected), "{text}"),
                (Err(found), Err(expected)) => assert!(found.what.contains(expected), "{text}: {found:?}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn instants_are_told_from_now_or_with_their_zone() {
        const SECOND: i128 = 1_000_000_000;
        let at = |second| Ok(Instant::At(Duration::from_secs(second)));
        let second = 1_795_269_790; // 2026-11-21 14:03:10 UTC
        for (text, expected) in [
            ("-10m", Ok(Instant::Apart(-600 * SECOND))),
            ("+1h", Ok(Instant::Apart(3600 * SECOND))),
            ("-500ms", Ok(Instant::Apart(-SECOND / 2))),
            ("2026-11-21T14:03:10Z", at(second)),
            ("2026-11-21 14:03:10Z", at(second)),
            ("2026-11-21T15:03:10+01:00", at(second)),
            ("2026-11-21T09:33:10-04:30", at(second)),
            ("2026-11-21T14:03Z", at(second - 10)),
            ("1970-01-01T00:00Z", at(0)),
            ("2000-02-29T00:00Z", at(951_782_400)),
            ("2100-03-01T00:00Z", at(4_107_542_400)),
            ("1969-12-31T23:59Z", Err("before every log")),
            ("1900-02-29T00:00Z", Err("no date")),
            ("2026-11-21T14:03:10", Err("its zone")),
            ("2026-11-21", Err("its zone")),
            ("14:03", Err("its zone")),
            ("2026-11-21T25:03Z", Err("no time of a day")),
            ("2026-13-21T14:03Z", Err("no date")),
            ("10m", Err("a length of time, not an instant")),
            ("-10", Err("no unit")),
            ("yesterday", Err("no instant")),
            ("", Err("no instant")),
        ] {
            match (instant(text), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(found), Err(expected)) => assert!(found.what.contains(expected), "{text}: {found:?}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
