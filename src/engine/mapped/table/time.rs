//! Instants of a line: texts as in RFC 3339, with or without a zone, and numbers in any unit, also as texts.
//!
//! Reads no clock. An instant before 1970 or after the year 9999 is none.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::pick::Pick;
use crate::engine::mapped::scan::FoundValue;

/// The last millisecond of the year 9999.
const LAST: u64 = 253_402_300_799_999;

/// Way to an instant of a line.
#[derive(Debug, Clone)]
pub struct TimeOf {
    /// Way to the value.
    pub at: Pick,
    /// Unit of a number.
    pub unit: TimeUnit,
    /// Zone of a text that has none.
    pub zone: TimeZone,
}

/// Unit of an instant that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeUnit {
    /// The unit in which the number is an instant from 1973 to 5138.
    #[default]
    Auto,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl TimeUnit {
    /// Names in a table.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("auto", Self::Auto),
        ("s", Self::Seconds),
        ("ms", Self::Milliseconds),
        ("us", Self::Microseconds),
        ("ns", Self::Nanoseconds),
    ];

    /// Number of digits behind those of whole seconds. `whole` is the number without its fraction.
    const fn digits(self, whole: u128) -> u32 {
        match self {
            Self::Seconds => 0,
            Self::Milliseconds => 3,
            Self::Microseconds => 6,
            Self::Nanoseconds => 9,
            Self::Auto => match whole {
                0..=99_999_999_999 => 0,
                100_000_000_000..=99_999_999_999_999 => 3,
                100_000_000_000_000..=99_999_999_999_999_999 => 6,
                _ => 9,
            },
        }
    }
}

impl TimeOf {
    /// Instant in milliseconds since the Unix epoch, rounded down; none for a value that is no instant.
    #[must_use]
    pub fn read(&self, value: &FoundValue<'_>) -> Option<u64> {
        let at = match value {
            FoundValue::Text(text) => self.text(text)?,
            FoundValue::Number(number) => self.number(number)?,
            _ => return None,
        };
        (at <= LAST).then_some(at)
    }

    fn text(&self, text: &str) -> Option<u64> {
        match quick(text.as_bytes()) {
            Some((at, true)) => return Some(at),
            Some((at, false)) if self.zone == TimeZone::UTC => return Some(at),
            _ => {}
        }
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_number { self.number(text) } else { self.slow(text) }
    }

    /// Reads a number without a sign, exactly; one with an exponent as a float.
    fn number(&self, text: &str) -> Option<u64> {
        if let Some(whole) = short(text.as_bytes()) {
            let digits = self.unit.digits(u128::from(whole));
            return match 3_u32.checked_sub(digits) {
                Some(shift) => whole.checked_mul(10_u64.pow(shift)),
                None => Some(whole / 10_u64.pow(digits - 3)),
            };
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_plain =
            !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|it| it.is_ascii_digit());
        if !is_plain {
            return text.contains(['e', 'E']).then(|| self.float(text)).flatten();
        }
        let whole: u128 = whole.parse().ok()?;
        let digits = self.unit.digits(whole);
        if let Some(shift) = 3_u32.checked_sub(digits) {
            let more = fraction.bytes().chain(*b"000").take(shift as usize);
            let fraction = more.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
            let whole = u64::try_from(whole).ok()?.checked_mul(10_u64.pow(shift))?;
            return whole.checked_add(fraction);
        }
        u64::try_from(whole / 10_u128.pow(digits - 3)).ok()
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is in range")]
    fn float(&self, text: &str) -> Option<u64> {
        let number: f64 = text.parse().ok().filter(|number| (0.0..1e22).contains(number))?;
        let digits = self.unit.digits(number as u128);
        let at = number * 1000.0 / 10_u64.pow(digits) as f64;
        (at <= LAST as f64).then_some(at as u64)
    }

    /// Reads every form that the calendar knows and the quick way does not.
    fn slow(&self, text: &str) -> Option<u64> {
        let text = text.trim_ascii();
        let instant = match text.parse::<Timestamp>() {
            Ok(instant) => instant,
            Err(_) => text.parse::<DateTime>().ok()?.to_zoned(self.zone.clone()).ok()?.timestamp(),
        };
        u64::try_from(instant.as_millisecond()).ok()
    }
}

/// A whole number that is short enough to be added up without a look at its size.
fn short(text: &[u8]) -> Option<u64> {
    if !(1..=18).contains(&text.len()) {
        return None;
    }
    text.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u64::from(digit - b'0')))
}

/// The zone of this name: `UTC`, `Europe/Berlin`, or an offset such as `+02:00`.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    match name.as_bytes() {
        b"UTC" | b"Z" => Some(TimeZone::UTC),
        [sign @ (b'+' | b'-'), hours @ .., b':', m1, m0] if hours.len() == 2 => {
            let (hours, minutes) = (two(hours)?, two(&[*m1, *m0])?);
            let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
            let offset = Offset::from_seconds(if *sign == b'-' { -seconds } else { seconds });
            (minutes < 60).then(|| offset.ok().map(TimeZone::fixed)).flatten()
        }
        _ => TimeZone::get(name).ok(),
    }
}

/// Reads `YYYY-MM-DDTHH:MM:SS[.fraction](Z|+hh:mm|-hh:mm|)` from 1970 on: milliseconds, and true where the text has a
/// zone. Everything else is left to the calendar, and so is what no clock shows.
fn quick(text: &[u8]) -> Option<(u64, bool)> {
    let (date, rest) = text.split_first_chunk::<19>()?;
    let is_date = are_pairs(&date[..8], u64::from_le_bytes(*b"\0\0\0\0-\0\0-"));
    let is_clock = are_pairs(&date[11..], u64::from_le_bytes(*b"\0\0:\0\0:\0\0"));
    let is_day = date[8].is_ascii_digit() && date[9].is_ascii_digit();
    let is_between = matches!(date[10], b'T' | b't' | b' ');
    if !(is_date && is_clock && is_day && is_between) {
        return None;
    }
    let digit = |at: usize| date[at].wrapping_sub(b'0');
    let pair = |at: usize| digit(at) * 10 + digit(at + 1);
    let year = u64::from(pair(0)) * 100 + u64::from(pair(2));
    let (month, day) = (pair(5), pair(8));
    let (hour, minute, second) = (u64::from(pair(11)), u64::from(pair(14)), u64::from(pair(17)));
    if year < 1970 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, zone) = fraction(rest)?;
    let days = days(year, month, day)?;
    let at = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + fraction;
    match zone {
        [] => Some((at, false)),
        [b'Z' | b'z'] => Some((at, true)),
        [sign @ (b'+' | b'-'), h1, h0, b':', m1, m0] => {
            let (hours, minutes) = (u64::from(two(&[*h1, *h0])?), u64::from(two(&[*m1, *m0])?));
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = (hours * 60 + minutes) * 60_000;
            let at = if *sign == b'+' { at.checked_sub(offset)? } else { at + offset };
            Some((at, true))
        }
        _ => None,
    }
}

/// True if eight bytes are these separators, and digits where there is none.
fn are_pairs(bytes: &[u8], separators: u64) -> bool {
    /// Each byte of a word.
    const EACH: u64 = u64::MAX / 255;
    let Some(word) = bytes.first_chunk::<8>() else { return false };
    let word = u64::from_le_bytes(*word);
    // All bits of a byte without a separator: a separator has its sixth bit, and a zero none.
    let digits = !((separators >> 5 & EACH) * 255);
    // A digit is `0x30` and a number which six do not carry over.
    let is_digits = |word: u64| (word ^ (EACH * 0x30)) & (EACH * 0xf0) & digits == 0;
    word & !digits == separators && is_digits(word) && is_digits((word & digits) + ((EACH * 6) & digits))
}

/// Milliseconds of `.fraction`, and the rest behind it.
fn fraction(rest: &[u8]) -> Option<(u64, &[u8])> {
    if let [b'.', digits @ .., b'Z'] = rest
        && let [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] = digits
    {
        let digit = |byte: u8| u64::from(byte - b'0');
        return Some((digit(*a) * 100 + digit(*b) * 10 + digit(*c), &rest[4..]));
    }
    let [b'.' | b',', digits @ ..] = rest else { return Some((0, rest)) };
    let len = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&len) {
        return None;
    }
    let (digits, rest) = digits.split_at(len);
    let padded = digits.iter().copied().chain(*b"000").take(3);
    Some((padded.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')), rest))
}

/// Number of two digits.
fn two(digits: &[u8]) -> Option<u8> {
    let [tens, ones] = digits else { return None };
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    is_number.then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// Days from 1970 on to a date of the calendar.
const fn days(year: u64, month: u8, day: u8) -> Option<u64> {
    const BEFORE: [u64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    if month < 1 || month > 12 || day < 1 {
        return None;
    }
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let leap_day = (is_leap && month > 2) as u64;
    let month = month as usize;
    let length = BEFORE[month] - BEFORE[month - 1] + (is_leap && month == 2) as u64;
    if day as u64 > length {
        return None;
    }
    let before = year - 1;
    // Days before 1970-01-01, in years of the same rule.
    let all = before * 365 + before / 4 - before / 100 + before / 400;
    Some(all - 719_162 + BEFORE[month - 1] + leap_day + day as u64 - 1)
}

#[cfg(test)]
mod tests;
