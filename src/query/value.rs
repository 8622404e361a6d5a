//! Values that are no texts: numbers, lengths of time and instants.
//!
//! An error is what is wrong and what to write instead; where it stands is the parser's to say.

/// What is wrong with a value, and what to write.
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
    /// That second, since the Unix epoch.
    At(u64),
    /// So many seconds from now.
    Apart(i64),
}

pub(super) fn number(text: &str) -> Result<i64, Wrong> {
    text.parse().map_err(|_| wrong(format!("`{text}` is no whole number"), "write one, as in attempts>=3"))
}

const UNITS: [(&str, u64); 6] =
    [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 7 * 86_400), ("y", 365 * 86_400)];

/// A length of time in seconds: `90s`, `10m`, `1h30m`, `2d`.
pub(super) fn length(text: &str) -> Result<u64, Wrong> {
    let hint = "write 90s, 10m, 1h30m, 2d or 3w";
    let (mut rest, mut sum) = (text, 0_u64);
    loop {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at(n_digits);
        if digits.is_empty() {
            return Err(wrong(format!("`{text}` is no length of time"), hint));
        }
        let n_letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(n_letters);
        if unit.is_empty() {
            return Err(wrong(
                format!("`{text}` does not say of what: it has no unit"),
                format!("write {text}s, {text}m, {text}h or {text}d"),
            ));
        }
        let Some((_, seconds)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(wrong(
                format!("`{unit}` is no unit of time"),
                format!("the units are s, m, h, d, w and y; {hint}"),
            ));
        };
        let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(*seconds));
        sum = number
            .and_then(|number| sum.checked_add(number))
            .ok_or_else(|| wrong(format!("`{text}` is longer than any log"), hint))?;
        if after.is_empty() {
            return Ok(sum);
        }
        rest = after;
    }
}

/// An instant: `-10m`, `+1h`, `2026-11-21T14:03Z`, `"2026-11-21 14:03:10+01:00"`.
pub(super) fn instant(text: &str) -> Result<Instant, Wrong> {
    let hint = "write -10m for ten minutes ago, +1h for an hour ahead, or an instant with its zone, as 2026-11-21T14:03Z";
    if let Some(rest) = text.strip_prefix(['-', '+']) {
        let seconds = length(rest)?;
        let seconds =
            i64::try_from(seconds).map_err(|_| wrong(format!("`{text}` is longer than any log"), hint))?;
        return Ok(Instant::Apart(if text.starts_with('-') { -seconds } else { seconds }));
    }
    if length(text).is_ok() {
        return Err(wrong(format!("`{text}` is a length of time, not an instant"), hint));
    }
    let Some((date, time)) = text.split_once(['T', ' ']) else {
        return Err(wrong(format!("`{text}` is no instant"), hint));
    };
    let days = day(date).ok_or_else(|| wrong(format!("`{date}` is no date"), hint))?;
    let (time, zone) = zone(time).ok_or_else(|| wrong(format!("`{text}` does not say its zone"), hint))?;
    let seconds = time_of_day(time).ok_or_else(|| wrong(format!("`{time}` is no time of a day"), hint))?;
    u64::try_from(days * 86_400 + seconds - zone)
        .map(Instant::At)
        .map_err(|_| wrong(format!("`{text}` is before every log"), hint))
}

/// Two numbers or more between `mark`s, each of so many digits.
fn parts<const N: usize>(text: &str, mark: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(mark);
    let mut found = [0; N];
    for (part, n_digits) in found.iter_mut().zip(digits) {
        let text =
            parts.next().filter(|it| it.len() == n_digits && it.bytes().all(|c| c.is_ascii_digit()))?;
        *part = text.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// The day since the Unix epoch, by the calendar that counts on backward for ever.
fn day(text: &str) -> Option<i64> {
    let [year, month, day] = parts(text, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days_in).contains(&day).then_some(())?;
    // Years that begin in March have their odd day at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leaps + day_of_year - 719_468)
}

fn time_of_day(text: &str) -> Option<i64> {
    let [hour, minute, second] = parts(text, ':', [2, 2, 2])
        .or_else(|| parts(text, ':', [2, 2]).map(|[hour, minute]| [hour, minute, 0]))?;
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

/// A time without its zone, and how far that is ahead of UTC, in seconds.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some((time, 0));
    }
    let at = text.rfind(['+', '-'])?;
    let [hours, minutes] = parts(&text[at + 1..], ':', [2, 2])?;
    let ahead = hours * 3600 + minutes * 60;
    Some((&text[..at], if text[at..].starts_with('-') { -ahead } else { ahead }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        for (text, expected) in [
            ("0s", Ok(0)),
            ("90s", Ok(90)),
            ("10m", Ok(600)),
            ("1h30m", Ok(5400)),
            ("2d", Ok(172_800)),
            ("1w1s", Ok(604_801)),
            ("5y", Ok(157_680_000)),
            ("10", Err("no unit")),
            ("1h30", Err("no unit")),
            ("10x", Err("`x` is no unit")),
            ("10min", Err("`min` is no unit")),
            ("soon", Err("no length")),
            ("", Err("no length")),
            ("-5m", Err("no length")),
            ("1.5h", Err("`.` is no unit")),
            ("99999999999999999999s", Err("longer than any log")),
            ("18446744073709551615y", Err("longer than any log")),
        ] {
            match (length(text), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(found), Err(expected)) => assert!(found.what.contains(expected), "{text}: {found:?}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn instants_are_told_from_now_or_with_their_zone() {
        let second = 1_795_269_790; // 2026-11-21 14:03:10 UTC
        for (text, expected) in [
            ("-10m", Ok(Instant::Apart(-600))),
            ("+1h", Ok(Instant::Apart(3600))),
            ("2026-11-21T14:03:10Z", Ok(Instant::At(second))),
            ("2026-11-21 14:03:10Z", Ok(Instant::At(second))),
            ("2026-11-21T15:03:10+01:00", Ok(Instant::At(second))),
            ("2026-11-21T09:33:10-04:30", Ok(Instant::At(second))),
            ("2026-11-21T14:03Z", Ok(Instant::At(second - 10))),
            ("1970-01-01T00:00Z", Ok(Instant::At(0))),
            ("2000-02-29T00:00Z", Ok(Instant::At(951_782_400))),
            ("2100-03-01T00:00Z", Ok(Instant::At(4_107_542_400))),
            ("1969-12-31T23:59Z", Err("before every log")),
            ("1900-02-29T00:00Z", Err("no date")),
            ("2026-11-21T14:03:10", Err("its zone")),
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
