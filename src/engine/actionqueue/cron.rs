//! Cron expressions, checked and expanded with the engine's own library. The one door to that library.

use std::str::FromStr as _;

use cron::Schedule;

/// Checks an expression. The error is in the library's words.
///
/// # Errors
/// When the library that the engines use cannot parse it.
pub fn check(expression: &str) -> Result<(), String> {
    Schedule::from_str(expression).map(drop).map_err(|error| error.to_string())
}

/// The next `count` instants strictly after `after`, in seconds since the Unix epoch, UTC. Empty if the expression
/// cannot be parsed or `after` is not a valid date.
#[must_use]
pub fn occurrences(expression: &str, after: u64, count: usize) -> Vec<u64> {
    let Ok(schedule) = Schedule::from_str(expression) else { return Vec::new() };
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let Some(after) = chrono::DateTime::from_timestamp(after, 0) else { return Vec::new() };
    schedule.after(&after).take(count).filter_map(|at| u64::try_from(at.timestamp()).ok()).collect()
}
