//! What is waited for, what a count is to be for that, and how long.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::query::Query;
use crate::source::origin::Source;

/// Arguments of `runwatch wait`.
#[derive(Debug, Args)]
pub struct Wait {
    /// The log to follow; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Source,
    /// The runs that count: `state:Running task:payment`; without it, all do
    #[arg(long, value_name = "QUERY", default_value = "", value_parser = super::query)]
    pub query: Query,
    /// How many of them there are to be: `count=0`, `count>=1`, `count<5`, `count!=0`
    #[arg(long = "for", value_name = "CONDITION")]
    pub condition: Condition,
    /// Give up after so long: `90`, `90s`, `5m`, `1h30m` [default: never]
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub timeout: Option<Duration>,
    /// Print JSON instead of a sentence
    #[arg(long)]
    pub json: bool,
}

/// How waiting ends.
pub(super) const WAITING: &str = "\
The log is followed as the dashboard does, and nothing is judged before all that is there has been read, nor \
before the first event. Exits 0 as soon as the condition holds, 1 when time is up or a pipe ends before it does, and 2 when the log cannot be read.";

/// What a count is compared to: `count>=1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// Which way.
    sign: Sign,
    than: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

/// Every sign; one that another begins with comes after it.
const SIGNS: [(&str, Sign); 7] = [
    ("<=", Sign::AtMost),
    (">=", Sign::AtLeast),
    ("!=", Sign::Unequal),
    ("==", Sign::Equal),
    ("=", Sign::Equal),
    ("<", Sign::Less),
    (">", Sign::More),
];

impl Condition {
    /// Whether a count is what is waited for.
    #[must_use]
    pub fn holds(self, count: usize) -> bool {
        let order = count.cmp(&self.than);
        match self.sign {
            Sign::Less => order == Ordering::Less,
            Sign::AtMost => order != Ordering::Greater,
            Sign::Equal => order == Ordering::Equal,
            Sign::Unequal => order != Ordering::Equal,
            Sign::AtLeast => order != Ordering::Less,
            Sign::More => order == Ordering::Greater,
        }
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let compared = text.trim().strip_prefix("count")?.trim_start();
            let sign = SIGNS.iter().find(|(sign, _)| compared.starts_with(sign))?;
            let than = compared[sign.0.len()..].trim_start();
            let than = Some(than).filter(|than| than.bytes().all(|byte| byte.is_ascii_digit()))?;
            Some(Self { sign: sign.1, than: than.parse().ok()? })
        };
        parse().ok_or_else(|| "write count=0, count>=1, count<5 or count!=0".to_owned())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = SIGNS.iter().rev().find(|(_, sign)| *sign == self.sign);
        write!(f, "count{}{}", written.map_or("", |(sign, _)| sign), self.than)
    }
}

/// Reads a length of time: `90`, `90s`, `1h30m`, `500ms`.
pub(super) fn length(text: &str) -> Result<Duration, String> {
    let parse = || {
        let (mut rest, mut total) = (text.trim(), Duration::ZERO);
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let number: u64 = number.parse().ok()?;
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, after) = after.split_at(letters);
            let unit_ms = match unit {
                "ms" => 1,
                "s" => 1000,
                "" if total.is_zero() && after.is_empty() => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => return None,
            };
            total = total.checked_add(Duration::from_millis(number.checked_mul(unit_ms)?))?;
            rest = after;
        }
        // Longer than anybody waits, and short enough for every clock.
        (!text.trim().is_empty() && total <= Duration::from_secs(100 * 365 * 86_400)).then_some(total)
    };
    parse().ok_or_else(|| "write a length of time: 90, 90s, 5m, 1h30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_compared_as_they_are_written() {
        for (text, expected, shown) in [
            ("count=0", [true, false, false], "count=0"),
            ("count==1", [false, true, false], "count=1"),
            ("count >= 1", [false, true, true], "count>=1"),
            ("count<=1", [true, true, false], "count<=1"),
            ("count<1", [true, false, false], "count<1"),
            ("count>1", [false, false, true], "count>1"),
            ("count!=1", [true, false, true], "count!=1"),
        ] {
            let condition: Condition = text.parse().unwrap();
            assert_eq!([0, 1, 2].map(|count| condition.holds(count)), expected, "{text}");
            assert_eq!(condition.to_string(), shown);
        }
        for wrong in
            ["", "count", "count=", "count=-1", "count=1.5", "=0", "counts=0", "count=>1", "count=+1"]
        {
            assert!(wrong.parse::<Condition>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn lengths_of_time_are_read() {
        for (text, ms) in [
            ("90", 90_000),
            ("0", 0),
            ("90s", 90_000),
            ("500ms", 500),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
        ] {
            assert_eq!(length(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for wrong in ["", "m", "5x", "-5m", "1.5h", "1h30", "99999999999d", "5 m"] {
            assert!(length(wrong).is_err(), "{wrong}");
        }
    }
}
