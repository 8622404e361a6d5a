//! Cron expressions, judged and unrolled as the engine does it. The one door to the cron library.

use std::str::FromStr as _;

use cron::Schedule;

/// Says what is wrong with an expression, in the library's words.
///
/// # Errors
/// When the library that the engines use cannot read it.
pub fn check(expression: &str) -> Result<(), String> {
    Schedule::from_str(expression).map(drop).map_err(|error| error.to_string())
}

/// The next `count` instants strictly after `after`, in seconds since the Unix epoch, UTC. An expression that
/// cannot be read, or an instant that cannot be a date, has none.
#[must_use]
pub fn occurrences(expression: &str, after: u64, count: usize) -> Vec<u64> {
    let Ok(schedule) = Schedule::from_str(expression) else { return Vec::new() };
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let Some(after) = chrono::DateTime::from_timestamp(after, 0) else { return Vec::new() };
    schedule.after(&after).take(count).filter_map(|at| u64::try_from(at.timestamp()).ok()).collect()
}
