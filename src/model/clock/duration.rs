//! A length of time as it is typed, by one grammar for arguments, queries, prompts and the config: `90s`, `1h30m`, `1h30`,
//! `2d`, `500ms`, `1.5h`, `1 hour 30 minutes`, `2:30:00`, `PT90S`. Must not know instants.

use std::time::Duration;

use jiff::{SignedDuration, Span};

/// A length of time. Its days and what is longer are those of the calendar where it is counted from an instant.
#[derive(Debug, Clone)]
pub struct Period {
    /// Parts in the order in which they are typed; none is negative.
    pub(super) spans: Vec<Span>,
}

/// The reason why a text is no length of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodError {
    /// A number is missing, or is none.
    Number,
    /// A number has no unit.
    NoUnit,
    /// This is no unit.
    Unit(String),
    /// It is longer than any calendar is.
    TooLong,
}

impl Period {
    /// Reads a length of time.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let text = text.trim();
        if text.starts_with('P') || text.contains(':') {
            let span = text.parse().ok().filter(|span: &Span| !span.is_negative());
            return span.map(|span| Self { spans: vec![span] }).ok_or(PeriodError::Number);
        }
        let (mut spans, mut rest, mut before) = (Vec::new(), text, "");
        loop {
            let (number, after) = split_at(rest, |c| !is_of_number(c));
            let (unit, after) = split_at(after, is_of_number);
            let unit = match unit.trim_matches([' ', ',']) {
                "" if number.is_empty() => return Err(PeriodError::Number),
                "" if before == "h" && after.is_empty() => "m",
                "" if before == "m" && after.is_empty() => "s",
                "" => return Err(PeriodError::NoUnit),
                unit => unit,
            };
            spans.push(one(number, unit)?);
            if after.is_empty() {
                return Ok(Self { spans });
            }
            (rest, before) = (after, unit);
        }
    }

    /// Reads the same, and a number alone as one of seconds.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse_in_seconds(text: &str) -> Result<Self, PeriodError> {
        let text = text.trim();
        if !text.is_empty() && text.chars().all(is_of_number) {
            return one(text, "s").map(|span| Self { spans: vec![span] });
        }
        Self::parse(text)
    }

    /// Its length where a day has 24 hours, a month 30 days, and a year 365.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.spans.iter().map(length).fold(Duration::ZERO, Duration::saturating_add)
    }
}

fn split_at(text: &str, begins: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(begins).unwrap_or(text.len()))
}

const fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

/// A number of units.
fn one(number: &str, unit: &str) -> Result<Span, PeriodError> {
    if number.is_empty() {
        return Err(PeriodError::Number);
    }
    // `.5` is a number as well; `ago` is not a part of a unit.
    let read = |number: &str| {
        let span = format!("0{number}{unit}").parse::<Span>();
        span.ok().filter(|span| !span.is_negative())
    };
    read(number).ok_or_else(|| match number {
        _ if read("1").is_none() => PeriodError::Unit(unit.to_owned()),
        _ if number.contains('.') => PeriodError::Number,
        _ => PeriodError::TooLong,
    })
}

fn length(span: &Span) -> Duration {
    let months = i64::from(span.get_years()) * 365 + i64::from(span.get_months()) * 30;
    let days = months + i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let clock = SignedDuration::try_from(span.years(0).months(0).weeks(0).days(0)).unwrap_or_default();
    Duration::from_secs(days.unsigned_abs() * 86_400).saturating_add(clock.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_read_as_people_write_it() {
        const HOUR: u64 = 3_600_000;
        for (text, ms) in [
            ("0s", 0),
            ("90s", 90_000),
            ("500ms", 500),
            ("10m", 600_000),
            ("1h30m", HOUR * 3 / 2),
            ("1h30", HOUR * 3 / 2),
            ("1m30", 90_000),
            ("1.5h", HOUR * 3 / 2),
            (".5s", 500),
            ("1.5 s", 1500),
            ("5 m", 300_000),
            ("10min", 600_000),
            ("1 hour 30 minutes", HOUR * 3 / 2),
            ("1 hour, 30 minutes", HOUR * 3 / 2),
            ("30m1h", HOUR * 3 / 2),
            (" 2d ", 48 * HOUR),
            ("1w1s", 168 * HOUR + 1000),
            ("1mo", 30 * 24 * HOUR),
            ("5y", 5 * 365 * 24 * HOUR),
            ("2:30:00", HOUR * 5 / 2),
            ("PT90S", 90_000),
            ("P1DT1H", 25 * HOUR),
        ] {
            let found = Period::parse(text).map(|period| period.duration());
            assert_eq!(found, Ok(Duration::from_millis(ms)), "{text}");
            assert_eq!(Period::parse_in_seconds(text).map(|it| it.duration()), found, "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_says_why() {
        let unit = |unit: &str| PeriodError::Unit(unit.to_owned());
        for (text, expected) in [
            ("", PeriodError::Number),
            ("m", PeriodError::Number),
            ("soon", PeriodError::Number),
            ("-5m", PeriodError::Number),
            ("+5m", PeriodError::Number),
            ("P", PeriodError::Number),
            ("P-1D", PeriodError::Number),
            ("14:03", PeriodError::Number),
            ("1.2.3s", PeriodError::Number),
            ("1.5y", PeriodError::Number),
            ("10", PeriodError::NoUnit),
            ("1d5", PeriodError::NoUnit),
            ("1 2h", PeriodError::NoUnit),
            ("1h30 5s", PeriodError::NoUnit),
            ("10x", unit("x")),
            ("5m ago", unit("m ago")),
            ("10apples", unit("apples")),
            ("1h5x", unit("x")),
            ("99999999999999999999s", PeriodError::TooLong),
            ("18446744073709551615y", PeriodError::TooLong),
        ] {
            assert_eq!(Period::parse(text).map(|it| it.duration()), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_number_alone_may_be_one_of_seconds() {
        for (text, ms) in [("90", 90_000), ("0", 0), ("1.5", 1500), (".5", 500), (" 2 ", 2000)] {
            let found = Period::parse_in_seconds(text).map(|period| period.duration());
            assert_eq!(found, Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in ["", ".", "1.2.3", "1h 5 2", "-1", "99999999999999999999"] {
            assert!(Period::parse_in_seconds(text).is_err(), "{text}");
        }
    }
}
