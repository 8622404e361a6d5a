//! Lengths of time on the command line, in the grammar of all of them; a number alone is one of seconds.

use std::time::Duration;

use crate::model::clock::Period;

/// Longest duration accepted; every clock can represent it.
const MAX_DURATION: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Reads a length of time.
pub(super) fn any(text: &str) -> Result<Duration, String> {
    let read = Period::parse_in_seconds(text).ok().map(|period| period.duration());
    read.filter(|length| *length <= MAX_DURATION)
        .ok_or_else(|| "write a length of time: 90, 90s, 5m, 1h30m".to_owned())
}

/// Reads one above 0.
pub(super) fn above_zero(text: &str) -> Result<Duration, String> {
    match any(text)? {
        Duration::ZERO => Err("write a length of time above 0: 30, 30s, 500ms, 2m".to_owned()),
        length => Ok(length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        for (text, ms) in [
            ("90", 90_000),
            ("0.5", 500),
            ("90s", 90_000),
            ("500ms", 500),
            ("1h30m", 5_400_000),
            ("1h30", 5_400_000),
            ("2d", 172_800_000),
        ] {
            assert_eq!(any(text), Ok(Duration::from_millis(ms)), "{text}");
            assert_eq!(above_zero(text), any(text));
        }
        assert_eq!(any("0"), Ok(Duration::ZERO));
        for wrong in ["", "m", "5x", "-5m", "99999999999d", "101y", "soon"] {
            assert!(any(wrong).is_err(), "{wrong}");
        }
        for wrong in ["0", "0s", "-3", "soon"] {
            assert!(above_zero(wrong).is_err(), "{wrong}");
        }
    }
}
