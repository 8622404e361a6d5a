//! Characters that are spelled out, `\u{202e}` or `\x1b`, found where a text is cut: a part of one says nothing.

/// No escape is longer, but for the number of a mark that was counted.
const LONGEST: usize = r"\u{10ffff}x".len() + 20;

/// The end of the whole escapes and letters before a place of a clean text.
pub(super) fn whole(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let from = at.saturating_sub(LONGEST);
    let start = bytes[from..at].iter().rposition(|byte| *byte == b'\\').map(|start| from + start);
    start.filter(|start| start + length(&bytes[*start..]) > at).unwrap_or(at)
}

/// The length of the escape at the front; one, if there is none.
fn length(bytes: &[u8]) -> usize {
    let digits = |bytes: &[u8], is_one: fn(&u8) -> bool| bytes.iter().take_while(|byte| is_one(byte)).count();
    match bytes {
        [_, b'n' | b'r' | b't', ..] => 2,
        [_, b'x', rest @ ..] if digits(rest, u8::is_ascii_hexdigit) >= 2 => 4,
        [_, b'u', b'{', rest @ ..] => {
            let end = 3 + digits(rest, u8::is_ascii_hexdigit);
            match &bytes[end..] {
                [b'}', b'x', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
                    end + 2 + digits(rest, u8::is_ascii_digit)
                }
                [b'}', ..] if end > 3 => end + 1,
                _ => 1,
            }
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_before_an_escape_and_not_in_it() {
        for (text, at, expected) in [
            (r"a\u{7ed3}\u{7b97}b", 9, 9),
            (r"a\u{7ed3}\u{7b97}b", 8, 1),
            (r"a\u{7ed3}\u{7b97}b", 2, 1),
            (r"a\u{7ed3}\u{7b97}b", 12, 9),
            (r"a\u{7ed3}\u{7b97}b", 17, 17),
            (r"\x1bcd", 3, 0),
            (r"\x1bcd", 5, 5),
            (r"a\nb", 2, 1),
            (r"a\nb", 3, 3),
            (r"\u{301}x4998b", 10, 0),
            (r"\u{301}x4998b", 12, 12),
            // Signs that only look like the beginning of one.
            (r"C:\users", 5, 5),
            (r"\u{zz}", 4, 4),
            (r"\u{}x", 4, 4),
            (r"\xg1", 3, 3),
            ("plain", 3, 3),
            ("", 0, 0),
        ] {
            assert_eq!(whole(text, at), expected, "{text} at {at}");
        }
    }
}
