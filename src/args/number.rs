//! Whole numbers on the command line, refused in words that say what is needed.

use std::num::NonZeroU32;

/// Reads a whole number.
pub(super) fn whole(text: &str) -> Result<u64, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err("give a whole number, from 0 on".to_owned());
    }
    text.parse().map_err(|_| format!("give a whole number, {} at most", u64::MAX))
}

/// Reads a whole number above 0.
pub(super) fn at_least_one(text: &str) -> Result<u64, String> {
    match whole(text) {
        Ok(0) => Err("give a whole number above 0".to_owned()),
        read => read,
    }
}

/// Reads a number above 0 that is not very large.
pub(super) fn above_zero(text: &str) -> Result<NonZeroU32, String> {
    let number = u32::try_from(at_least_one(text)?);
    number.ok().and_then(NonZeroU32::new).ok_or_else(|| format!("give a whole number, {} at most", u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_none_is_refused_in_plain_words() {
        for (text, all, some) in [
            ("0", Ok(0), Err("give a whole number above 0")),
            ("7", Ok(7), Ok(7)),
            ("", Err("give a whole number, from 0 on"), Err("give a whole number, from 0 on")),
            ("x", Err("give a whole number, from 0 on"), Err("give a whole number, from 0 on")),
            ("+5", Err("give a whole number, from 0 on"), Err("give a whole number, from 0 on")),
            ("-1", Err("give a whole number, from 0 on"), Err("give a whole number, from 0 on")),
            ("1.5", Err("give a whole number, from 0 on"), Err("give a whole number, from 0 on")),
            ("4294967296", Ok(4_294_967_296), Err("give a whole number, 4294967295 at most")),
            (
                "18446744073709551616",
                Err("give a whole number, 18446744073709551615 at most"),
                Err("give a whole number, 18446744073709551615 at most"),
            ),
        ] {
            assert_eq!(whole(text), all.map_err(str::to_owned), "{text}");
            assert_eq!(above_zero(text).map(NonZeroU32::get), some.map_err(str::to_owned), "{text}");
        }
    }
}
