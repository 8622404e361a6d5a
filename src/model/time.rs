//! Instants and ages in words that fit a column.
//!
//! Logs hold seconds since the Unix epoch, and clocks lie: an instant before this century, or after now, is not
//! believed, and its age is `?`. Nothing here reads a clock.

pub mod unit;

/// Instants before 2000-01-01 are a counter or a mistake, not a time: an engine stamps some events with their
/// sequence number.
pub const EARLIEST_BELIEVED: u64 = 946_684_800;

/// Instants from the year 3000 on are a mistake too.
pub const LATEST_BELIEVED: u64 = 32_503_680_000;

/// How far a log's clock may run ahead of ours before it is not believed, in seconds.
pub const SKEW: u64 = 5;

/// The seconds from `at` to `now`, or nothing when one of them cannot be true.
#[must_use]
pub const fn age(at: u64, now: u64) -> Option<u64> {
    if !is_believed(at) || now.saturating_add(SKEW) < at { None } else { Some(now.saturating_sub(at)) }
}

/// The seconds between two instants of one log, or nothing when the second lies before the first.
#[must_use]
pub const fn between(from: u64, to: u64) -> Option<u64> {
    to.checked_sub(from)
}

/// Whether an instant can be one of a log.
#[must_use]
pub const fn is_believed(at: u64) -> bool {
    EARLIEST_BELIEVED <= at && at < LATEST_BELIEVED
}

/// How long something lasted, in seconds, when both its ends can be true.
#[must_use]
pub const fn lasted(from: u64, to: u64) -> Option<u64> {
    if is_believed(from) && is_believed(to) { between(from, to) } else { None }
}

/// Seconds in at most six columns: `3s`, `4m12s`, `2h05m`, `2d`, `5y`.
#[must_use]
pub fn words(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    const YEAR: u64 = 365 * DAY;
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        MINUTE..HOUR => format!("{}m{:02}s", seconds / MINUTE, seconds % MINUTE),
        HOUR..DAY => format!("{}h{:02}m", seconds / HOUR, seconds % HOUR / MINUTE),
        DAY..YEAR => format!("{}d", seconds / DAY),
        _ if seconds / YEAR < 1000 => format!("{}y", seconds / YEAR),
        _ => "?".to_owned(),
    }
}

/// The age of `at` in words, `?` when a clock lies.
#[must_use]
pub fn age_words(at: u64, now: u64) -> String {
    age(at, now).map_or_else(|| "?".to_owned(), words)
}

/// The time from `from` to `to` in words, `?` when it runs backward, or one of them cannot be true.
#[must_use]
pub fn between_words(from: u64, to: u64) -> String {
    lasted(from, to).map_or_else(|| "?".to_owned(), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fit_and_a_lying_clock_shows_a_question_mark() {
        let now = 1_795_196_261;
        for (at, expected) in [
            (now, "0s"),
            (now - 3, "3s"),
            (now - 252, "4m12s"),
            (now - 2 * 3600 - 5 * 60, "2h05m"),
            (now - 2 * 86_400, "2d"),
            (now - 400 * 86_400, "1y"),
            (now + SKEW, "0s"),
            (now + SKEW + 1, "?"),
            (164, "?"),
            (0, "?"),
            (u64::MAX, "?"),
        ] {
            assert_eq!(age_words(at, now), expected, "{at}");
            assert!(age_words(at, now).len() <= 6);
        }
        for (from, to, expected) in [
            (now, now + 3, Some(3)),
            (now, now - 1, None),
            (164, now, None),
            (now, LATEST_BELIEVED, None),
            (EARLIEST_BELIEVED, LATEST_BELIEVED - 1, Some(LATEST_BELIEVED - 1 - EARLIEST_BELIEVED)),
            (now, u64::MAX, None),
        ] {
            assert_eq!(lasted(from, to), expected);
        }
        assert_eq!(between_words(now, now + 3), "3s");
        assert_eq!(between_words(now + 3, now), "?");
        assert_eq!(between_words(now * 1000, (now + 3) * 1000), "?", "milliseconds");
        assert_eq!(between_words(10, 15), "?", "sequences");
        assert_eq!(between_words(0, u64::MAX), "?");
    }
}
