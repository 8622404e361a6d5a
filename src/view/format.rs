//! Numbers and ages as they stand in columns.

use crate::model::time;

/// A number with commas: `12,403`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// [`thousands`] of a length.
#[must_use]
pub fn count(number: usize) -> String {
    thousands(number as u64)
}

/// The word for what a number counts: one of it, or any other number.
#[must_use]
pub const fn plural<'a>(number: u64, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}

/// A number and what it counts: `1 run`, `12,403 runs`.
#[must_use]
pub fn counted(number: impl TryInto<u64>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {}", thousands(number), plural(number, one, many))
}

/// A number in at most `width` columns, rounded down where it must be: `12,403`, `12k`, `3M`; `+` where not even
/// that fits.
#[must_use]
pub fn squeezed(number: u64, width: usize) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "G"), (1_000_000_000_000, "T")];
    let whole = thousands(number);
    if whole.len() <= width {
        return whole;
    }
    let large = UNITS.iter().filter(|(unit, _)| number >= *unit);
    let mut short = large.map(|(unit, name)| format!("{}{name}", number / unit));
    short.find(|text| text.len() <= width).unwrap_or_else(|| "+".to_owned())
}

/// An age in at most six columns; `?` when a clock lies.
#[must_use]
pub fn age(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| "?".to_owned(), time::words)
}

/// A sequence: `#182,233`.
#[must_use]
pub fn sequence(number: u64) -> String {
    format!("#{}", thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        for (number, expected) in [(0_u64, "0 runs"), (1, "1 run"), (2, "2 runs"), (12_403, "12,403 runs")] {
            assert_eq!(counted(number, "run", "runs"), expected);
        }
    }

    #[test]
    fn numbers_are_grouped_and_squeezed() {
        for (number, whole, four) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1,000", "1k"),
            (12_403, "12,403", "12k"),
            (182_233, "182,233", "182k"),
            (9_999_999, "9,999,999", "9M"),
            (123_456_789_012, "123,456,789,012", "123G"),
            (u64::MAX, "18,446,744,073,709,551,615", "+"),
        ] {
            assert_eq!(thousands(number), whole);
            assert_eq!(squeezed(number, 4), four);
        }
        assert_eq!(squeezed(141, 2), "+");
    }
}
