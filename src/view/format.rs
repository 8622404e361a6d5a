//! Numbers in the form of a column.

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

/// The word for a counted thing: singular or plural.
#[must_use]
pub const fn plural<'a>(number: u64, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}

/// A number and the word for what it counts: `1 run`, `12,403 runs`.
#[must_use]
pub fn counted(number: impl TryInto<u64>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {}", thousands(number), plural(number, one, many))
}

/// The units of short numbers, the smallest first.
const UNITS: [(u64, char); 6] = [
    (1_000, 'k'),
    (1_000_000, 'M'),
    (1_000_000_000, 'G'),
    (1_000_000_000_000, 'T'),
    (1_000_000_000_000_000, 'P'),
    (1_000_000_000_000_000_000, 'E'),
];

/// The columns in which every number has a short form: `999k`.
pub const MAX_SHORT_COLUMNS: usize = 4;

/// A number in at most `width` columns, as exactly as they allow and never rounded up: `12,403`, `12.4k`, `12k`.
/// Nothing where it has no form so short: a part of it would be another number.
#[must_use]
pub fn fitted(number: u64, width: usize) -> Option<String> {
    let whole = thousands(number);
    if whole.len() <= width {
        return Some(whole);
    }
    let (unit, name) = UNITS.into_iter().rev().find(|(unit, _)| number >= *unit)?;
    let (units, tenth) = (number / unit, number % unit / (unit / 10));
    let exact = (units < 100 && tenth > 0).then(|| format!("{units}.{tenth}{name}"));
    exact.into_iter().chain([format!("{units}{name}")]).find(|text| text.len() <= width)
}

/// [`fitted`], and `+` for a number that does not fit.
#[must_use]
pub fn squeezed(number: u64, width: usize) -> String {
    fitted(number, width).unwrap_or_else(|| "+".to_owned())
}

/// A number that may be negative in at most `width` columns: `-12,403`, `-12k`.
#[must_use]
pub fn signed(number: i64, width: usize) -> String {
    if number < 0 {
        format!("-{}", squeezed(number.unsigned_abs(), width.saturating_sub(1)))
    } else {
        squeezed(number.unsigned_abs(), width)
    }
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
            (3_149, "3,149", "3.1k"),
            (12_403, "12,403", "12k"),
            (182_233, "182,233", "182k"),
            (1_234_567, "1,234,567", "1.2M"),
            (9_999_999, "9,999,999", "9.9M"),
            (123_456_789_012, "123,456,789,012", "123G"),
            (u64::MAX, "18,446,744,073,709,551,615", "18E"),
        ] {
            assert_eq!(thousands(number), whole);
            assert_eq!(squeezed(number, MAX_SHORT_COLUMNS), four);
        }
        assert_eq!(squeezed(141, 2), "+");
        assert_eq!(fitted(141, 2), None);
        assert_eq!(squeezed(60_966, 5), "60.9k");
        for (number, four) in [(-7, "-7"), (-12_403, "-12k"), (12_403, "12k"), (i64::from(i32::MIN), "-2G")] {
            assert_eq!(signed(number, MAX_SHORT_COLUMNS), four);
        }
    }

    /// A form of a number that is no number of its own: what is left when one is cut.
    #[test]
    fn a_short_form_is_a_whole_number_of_its_unit() {
        for digits in 1..=19 {
            let number: u64 = "8976543218976543219"[..digits].parse().unwrap();
            for width in 0..30 {
                let Some(text) = fitted(number, width) else { continue };
                assert!(text.len() <= width);
                let unit = UNITS.iter().find(|(_, name)| text.ends_with(*name)).map_or(1, |(unit, _)| *unit);
                let plain = text.trim_end_matches(char::is_alphabetic).replace(',', "");
                let tenths: u128 = match plain.split_once('.') {
                    Some((units, tenth)) => format!("{units}{tenth}").parse().unwrap(),
                    None => 10 * plain.parse::<u128>().unwrap(),
                };
                assert!(tenths * u128::from(unit) <= 10 * u128::from(number), "{number}: {text}");
                let next = (tenths + if plain.contains('.') { 1 } else { 10 }) * u128::from(unit);
                assert!(next > 10 * u128::from(number), "{number}: {text}");
            }
            assert!(fitted(number, MAX_SHORT_COLUMNS).is_some());
        }
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(1, "run", "runs"), "1 run");
        assert_eq!(counted(0, "run", "runs"), "0 runs");
        assert_eq!(counted(12_403, "cancel", "cancels"), "12,403 cancels");
    }
}
