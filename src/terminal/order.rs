//! Orders to the terminal beside cells: to keep a text in its clipboard, to ring, to show a notice.
//!
//! A terminal that does not know one of these ignores it, and none says what it did. Must not know who asks, nor why.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use crate::model::text;

/// The longest text that is sent to a clipboard, in bytes: some terminals ignore orders of more than 100,000, and four
/// thirds of this with their frame are just below that.
pub const MAX_COPY_BYTES: usize = 74_991;

/// The order to ring.
pub(super) const BELL: &str = "\x07";

/// Prefix of a copy.
pub(super) const COPY: &str = "\x1b]52;c;";

/// Prefix of a notice. A number before a semicolon would be another order to some terminals: `4;` draws
/// progress.
pub(super) const NOTICE: &str = "\x1b]9;runwatch: ";

/// Suffix of both.
pub(super) const END: &str = "\x1b\\";

/// The longest notice, in characters: what shows them has a line or two.
const MAX_NOTICE_CHARS: usize = 200;

/// The same in bytes, and with its end.
pub(super) const LONGEST_NOTICE: usize = 4 * MAX_NOTICE_CHARS + END.len();

/// Result of a copy to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Copied {
    /// It was sent. Terminals do not say what they do with it.
    Sent,
    /// It is longer than [`MAX_COPY_BYTES`], and was not sent.
    TooLong,
    /// Another program owns the terminal just now.
    Away,
    /// The terminal has not taken what it was sent before.
    Busy,
}

/// The order to keep a text in the clipboard, by OSC 52; none for one that no terminal would take.
pub(super) fn copy(text: &str) -> Option<String> {
    let mut order = String::new();
    if text.len() > MAX_COPY_BYTES {
        return None;
    }
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut order).ok()?;
    Some(order)
}

/// The order to show a notice, by OSC 9, as iTerm2, kitty, WezTerm, foot, Ghostty and Windows Terminal do. What could end
/// it early, or hide in it, is left out.
pub(super) fn notice(words: &str) -> String {
    let shown: String = words.chars().filter(|c| text::is_visible(*c)).take(MAX_NOTICE_CHARS).collect();
    format!("{NOTICE}{shown}{END}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_copied_whole_or_not_at_all() {
        assert_eq!(copy("run é\n").unwrap(), "\x1b]52;c;cnVuIMOpCg==\x1b\\");
        assert_eq!(copy("").unwrap(), "\x1b]52;c;\x1b\\");
        let length = copy(&"x".repeat(MAX_COPY_BYTES)).unwrap().len();
        assert!((99_990..100_000).contains(&length), "{length}");
        assert_eq!(copy(&"x".repeat(MAX_COPY_BYTES + 1)), None);
    }

    #[test]
    fn a_notice_cannot_be_ended_by_what_it_says() {
        assert_eq!(notice("4;1;50\x07\x1b\\\u{9c} é"), "\x1b]9;runwatch: 4;1;50\\ é\x1b\\");
        assert!(notice(&"x".repeat(10_000)).len() < 250);
    }
}
