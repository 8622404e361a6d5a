//! An instant of a log, as the user types it and as it is shown.
//!
//! Order in a log is by line; times are only shown. `#N` is the instant after the first line whose event has sequence N
//! or a later one, `line:N` that after N lines. A time is the instant after the last event that happened then or before
//! it, by the log's own time, which does not go back where a clock did. Must not read a clock, nor a log.

use std::str::FromStr;

use thiserror::Error;

use super::LogClock;
use crate::history::Goal;
use crate::model::clock::TypedTime;
use crate::store::Store;

/// An instant as the user types it.
#[derive(Debug, Clone)]
pub enum When {
    /// `start`: before the first line.
    Start,
    /// `end`: after the last line.
    End,
    /// `#182233`: by the sequence.
    Sequence(u64),
    /// `line:1234`: after this number of lines.
    Line(u64),
    /// `14:03`, `2026-11-21 14:03:10`, `-5m`: by the time.
    Time(TypedTime),
}

/// An instant as it is shown, and the reference for relative ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Here {
    /// The number of lines before it.
    pub line: u64,
    /// The sequence of the last event that was applied; 0 before the first.
    pub sequence: u64,
    /// The log's own time; 0 before the first event that has one.
    pub at: u64,
}

/// The reason why a text is no instant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InstantError {
    /// The text is empty.
    #[error("an instant is needed: start, end, #1234, line:1234, 14:03, 14:03:10 or -5m")]
    Nothing,
    /// It begins as a sequence does.
    #[error("`{0}` is no sequence; write a number, as in #1234")]
    Sequence(String),
    /// It begins as a line does.
    #[error("`{0}` is no line; write a number, as in line:1234")]
    Line(String),
    /// It begins as a stretch of time does.
    #[error("`{0}` is no stretch of time; write -5m, +30s, -1h30m or -2d")]
    Apart(String),
    /// It is a number.
    #[error("`{0}` may be many things; write #{0} for a sequence, or line:{0} for a line{time}", time = as_time(.0))]
    Number(String),
    /// It has no known form.
    #[error(
        "`{0}` is no instant; write start, end, a sequence as #1234, line:1234, a time as 14:03, 14:03:10, \
         \"2026-11-21 14:03:10\" or 2026-11-21T14:03:10Z, or -5m for five minutes before"
    )]
    Unknown(String),
}

impl When {
    /// Parses an instant.
    ///
    /// # Errors
    /// When it has no known form; the error lists those that are understood.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        let text = text.trim();
        let typed_text = || text.to_owned();
        if text.is_empty() {
            return Err(InstantError::Nothing);
        }
        if text == "start" {
            return Ok(Self::Start);
        }
        if text == "end" {
            return Ok(Self::End);
        }
        if let Some(digits) = text.strip_prefix('#') {
            return number(digits).map(Self::Sequence).ok_or_else(|| InstantError::Sequence(typed_text()));
        }
        if let Some(digits) = text.strip_prefix("line:") {
            return number(digits).map(Self::Line).ok_or_else(|| InstantError::Line(typed_text()));
        }
        if is_number(text) {
            return Err(InstantError::Number(typed_text()));
        }
        TypedTime::parse(text).map(Self::Time).map_err(|_| {
            let is_apart = text.starts_with(['-', '+']);
            if is_apart { InstantError::Apart(typed_text()) } else { InstantError::Unknown(typed_text()) }
        })
    }

    /// True if it needs a reference: a stretch of time, or a time of a day.
    #[must_use]
    pub const fn is_relative(&self) -> bool {
        matches!(self, Self::Time(typed) if typed.is_relative())
    }

    /// The goal of a jump that is requested at `reference`.
    #[must_use]
    pub fn goal(&self, reference: Here, clock: LogClock<'_>) -> Goal {
        match self {
            // Every line has a sequence that is 0 or a later one, and the first instant is that before all of them.
            Self::Start | Self::Sequence(0) => Goal::Position(0),
            Self::End => Goal::Position(u64::MAX),
            Self::Sequence(sequence) => Goal::Sequence(*sequence),
            Self::Line(line) => Goal::Position(*line),
            Self::Time(typed) => Goal::Time(clock.instant(typed, reference.at)),
        }
    }
}

impl FromStr for When {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        Self::parse(text)
    }
}

impl Here {
    /// The instant that a store is at.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        Self { line: store.tally().lines, sequence: store.latest_sequence(), at: store.latest_at() }
    }

    /// Formats it: `line 1234, #1233, 2026-11-21 14:03:10`.
    #[must_use]
    pub fn words(&self, clock: LogClock<'_>) -> String {
        let Self { line, sequence, at } = self;
        format!("line {line}, #{sequence}, {}", clock.time(*at, 0))
    }
}

/// A suggestion to write a number as a time of the day or as a day, where it can be one.
fn as_time(digits: &str) -> String {
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    let time = match digits.len() {
        3 => format!("0{}:{}", part(0..1), part(1..3)),
        4 => format!("{}:{}", part(0..2), part(2..4)),
        6 => format!("{}:{}:{}", part(0..2), part(2..4), part(4..6)),
        8 => format!("{}-{}-{} 00:00", part(0..4), part(4..6), part(6..8)),
        _ => return String::new(),
    };
    match TypedTime::parse(&time) {
        Ok(_) if digits.len() == 8 => format!(", or \"{time}\" for a day"),
        Ok(_) => format!(", or {time} for a time"),
        Err(_) => String::new(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| is_number(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::Clock;
    use crate::model::time::Unit;

    /// 2026-11-20 17:37:41 in UTC.
    const HERE: Here = Here { line: 900, sequence: 863, at: 1_795_196_261 };

    #[test]
    fn an_instant_is_a_sequence_a_line_a_time_or_an_end() {
        for (typed, expected, is_relative) in [
            ("start", Goal::Position(0), false),
            ("end", Goal::Position(u64::MAX), false),
            ("#182233", Goal::Sequence(182_233), false),
            ("#1", Goal::Sequence(1), false),
            ("#0", Goal::Position(0), false),
            ("line:1234", Goal::Position(1234), false),
            ("line:0", Goal::Position(0), false),
            (" line:7 ", Goal::Position(7), false),
            ("17:30", Goal::Time(HERE.at - 461), true),
            ("17:30:10", Goal::Time(HERE.at - 451), true),
            ("2026-11-19 17:37:41", Goal::Time(HERE.at - 86_400), false),
            ("2026-11-20T18:37:41+01:00", Goal::Time(HERE.at), false),
            ("2026-11-20T17:37:41Z", Goal::Time(HERE.at), false),
            ("-5m", Goal::Time(HERE.at - 300), true),
            ("+30s", Goal::Time(HERE.at + 30), true),
            ("-1h30m", Goal::Time(HERE.at - 5400), true),
            ("-2d", Goal::Time(HERE.at - 172_800), true),
        ] {
            let when = When::parse(typed).unwrap();
            assert_eq!(when.goal(HERE, Clock::utc().of(Unit::Seconds)), expected, "{typed}");
            assert_eq!(when.is_relative(), is_relative, "{typed}");
        }
    }

    #[test]
    fn an_error_shows_an_example_of_an_instant() {
        for (typed, example) in [
            ("soon", "14:03:10"),
            ("Start", "start, end"),
            ("25:00", "14:03"),
            ("5m", "-5m"),
            ("#", "#1234"),
            ("#-1", "#1234"),
            ("#+1", "#1234"),
            ("#99999999999999999999", "#1234"),
            ("line:", "line:1234"),
            ("line:x", "line:1234"),
            ("1234", "#1234 for a sequence, or line:1234 for a line, or 12:34 for a time"),
            ("1837", "18:37 for a time"),
            ("937", "09:37 for a time"),
            ("183742", "18:37:42 for a time"),
            ("20261120", "\"2026-11-20 00:00\" for a day"),
            ("-5", "-5m"),
            ("+soon", "-1h30m"),
        ] {
            let said = When::parse(typed).unwrap_err().to_string();
            assert!(said.starts_with(&format!("`{typed}`")) && said.contains(example), "{said}");
        }
        for typed in ["", "  "] {
            let said = When::parse(typed).unwrap_err().to_string();
            assert!(said.starts_with("an instant is needed: start, end"), "{said}");
        }
    }

    #[test]
    fn a_number_that_is_no_time_is_not_suggested_as_one() {
        for typed in ["0", "12", "2575", "999999", "99999999", "1837421"] {
            let said = When::parse(typed).unwrap_err().to_string();
            assert!(said.ends_with(&format!("line:{typed} for a line")), "{said}");
        }
    }

    #[test]
    fn an_instant_has_a_line_a_sequence_and_a_time() {
        assert_eq!(HERE.words(Clock::utc().of(Unit::Seconds)), "line 900, #863, 2026-11-20 17:37:41");
        assert_eq!(Here::default().words(Clock::utc().of(Unit::Seconds)), "line 0, #0, ?");
    }
}
