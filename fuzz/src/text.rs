//! Holds any text from outside to its rules: what goes to the screen is clean, whole and of the width that
//! was asked for.

use runwatch::model::text::{clean, clean_bytes, clean_fit, clean_lines, fit, width};

/// Takes any bytes.
pub fn check(bytes: &[u8]) {
    let shown = clean_bytes(bytes).into_owned();
    assert_clean(&shown);
    let text = String::from_utf8_lossy(bytes);
    let cleaned = clean(&text).into_owned();
    assert_clean(&cleaned);
    assert_clean(&clean_lines(&text).replace('\n', ""));
    for columns in [0, 1, 2, 7, 40] {
        let fitted = fit(&cleaned, columns);
        assert!(width(&fitted) <= columns, "{fitted:?} in {columns}");
        assert_eq!(clean_fit(&text, columns), fitted, "{text:?} in {columns}");
    }
}

fn assert_clean(shown: &str) {
    assert_eq!(clean(shown), shown, "cleaned twice");
    assert!(!has_forbidden(shown, '\0'), "{shown:?}");
}

/// Returns true if a text has what could mislead, but for `allowed`. Characters that join or part letters may
/// follow one that is no ASCII, or the base of a key, and come alone.
#[must_use]
pub fn has_forbidden(text: &str, allowed: char) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let before = std::mem::replace(&mut before, c);
        match c {
            _ if c == allowed => false,
            '\u{fe0f}' => before.is_ascii() && !matches!(before, '0'..='9' | '#' | '*') || before == c,
            '\u{200c}' | '\u{200d}' => before.is_ascii() || matches!(before, '\u{200c}' | '\u{200d}'),
            // The flags of England, Scotland and Wales.
            '\u{e0061}'..='\u{e007a}' => before != '🏴' && !is_tag(before),
            '\u{e007f}' => !is_tag(before),
            c => is_forbidden(c),
        }
    })
}

fn is_tag(c: char) -> bool {
    ('\u{e0061}'..='\u{e007a}').contains(&c)
}

/// Returns true if a character moves a cursor, turns the reading order, or hides: written without the tables
/// that the product leans on.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
