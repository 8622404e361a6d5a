//! Ranges of numbers, as HyperQueue writes the ids of a task array. Must not know what is numbered.

use serde::Deserialize;

/// Numbers that are read of the ranges of one line: a hostile one may claim to have billions.
pub(super) const MAX_NUMBERS: usize = 100_000;

/// A range.
#[derive(Debug, Deserialize)]
struct NumberRange {
    start: u64,
    count: u64,
    step: u64,
}

/// The numbers of a list of ranges, as far as they are read; none where the list is no such list.
pub(super) fn numbers(list: &str) -> impl Iterator<Item = u64> + use<> {
    let ranges: Vec<NumberRange> = serde_json::from_str(list).unwrap_or_default();
    let of = |range: NumberRange| {
        let last = u64::try_from(MAX_NUMBERS).unwrap_or(u64::MAX).min(range.count);
        (0..last).map_while(move |nth| range.start.checked_add(nth.checked_mul(range.step)?))
    };
    ranges.into_iter().flat_map(of).take(MAX_NUMBERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_counted_out_and_a_hostile_one_is_cut() {
        for (list, expected) in [
            (r#"[{"start":1,"count":3,"step":1}]"#, &[1, 2, 3][..]),
            (r#"[{"start":0,"count":2,"step":5},{"count":1,"start":9,"step":1}]"#, &[0, 5, 9]),
            (r#"[{"start":18446744073709551615,"count":3,"step":1}]"#, &[u64::MAX]),
            ("[]", &[]),
            ("[1,2]", &[]),
            ("{}", &[]),
        ] {
            assert_eq!(numbers(list).collect::<Vec<_>>(), expected, "{list}");
        }
        let hostile = r#"[{"start":0,"count":18446744073709551615,"step":0}]"#;
        assert_eq!(numbers(hostile).count(), MAX_NUMBERS);
        let many = format!("[{}]", [r#"{"start":0,"count":60000,"step":1}"#; 3].join(","));
        assert_eq!(numbers(&many).count(), MAX_NUMBERS);
    }
}
