//! Conditions of `wait`: the state or query, the count to reach, and the time limit.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::GivenArgs;
use crate::query::{Compare, QueryText};
use crate::source::origin::Origin;

/// Arguments of `runwatch wait`.
#[derive(Debug, Args)]
pub struct WaitArgs {
    /// The log to follow; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// The runs that count: `state:Running task:payment`; without it, all do
    #[arg(long, value_name = "QUERY", default_value = "", value_parser = super::query)]
    pub query: QueryText,
    /// Condition on their number: `count=0`, `count>=1`, `count<5`, `count!=0`
    #[arg(long = "for", value_name = "CONDITION")]
    pub condition: Condition,
    /// Give up after so long: `90`, `90s`, `5m`, `1h30m` [default: never]
    #[arg(long, value_name = "LENGTH", value_parser = super::duration::any)]
    pub timeout: Option<Duration>,
    /// Print JSON instead of a sentence
    #[arg(long)]
    pub json: bool,
}

/// Help text on when waiting ends.
pub(super) const WAITING: &str = "\
The log is followed as the dashboard does, and nothing is judged before all that is there has been read, nor \
before the first event. Exits 0 as soon as the condition holds, 1 when time is up or a pipe ends before it does, and 2 when the log cannot be read.";

/// The comparisons that a count takes.
const NUMERIC: [Compare; 6] =
    [Compare::Same, Compare::Differs, Compare::More, Compare::AtLeast, Compare::Less, Compare::AtMost];

/// The comparison of a count: `count>=1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    compare: Compare,
    than: usize,
}

impl Condition {
    /// Is true of a count that is waited for.
    #[must_use]
    pub fn holds(self, count: usize) -> bool {
        self.compare.holds(&count, &self.than)
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let compared = text.trim().strip_prefix("count")?.trim_start();
            // As programs write it.
            let compared = if compared.starts_with("==") { &compared[1..] } else { compared };
            let (sign, compare) = Compare::read(compared).filter(|(_, it)| NUMERIC.contains(it))?;
            let than = compared[sign.len()..].trim_start();
            let than = Some(than).filter(|than| than.bytes().all(|byte| byte.is_ascii_digit()))?;
            Some(Self { compare, than: than.parse().ok()? })
        };
        parse().ok_or_else(|| "write count=0, count>=1, count<5 or count!=0".to_owned())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "count{}{}", self.compare.sign(), self.than)
    }
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
        for wrong in [
            "",
            "count",
            "count=",
            "count:1",
            "count~1",
            "count===1",
            "count=-1",
            "count=1.5",
            "=0",
            "counts=0",
            "count=>1",
            "count=+1",
        ] {
            assert!(wrong.parse::<Condition>().is_err(), "{wrong}");
        }
    }
}
