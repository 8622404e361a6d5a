//! Texts of the log as the terminal can show them: their own letters, or ASCII alone.
//!
//! Must not know what the texts name.

use std::borrow::Cow;

use crate::model::text;

/// The characters that the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// All of them.
    Unicode,
    /// ASCII. Others are spelled out.
    Ascii,
}

impl Spelling {
    /// The sign of a cut.
    pub(super) const fn mark(self) -> char {
        match self {
            Self::Unicode => '…',
            Self::Ascii => '~',
        }
    }

    /// A text of the log as it is shown whole.
    pub(super) fn whole(self, text: &str) -> Cow<'_, str> {
        match (self, text::clean(text)) {
            (Self::Unicode, cleaned) => cleaned,
            (Self::Ascii, Cow::Borrowed(cleaned)) => to_ascii(cleaned),
            (Self::Ascii, Cow::Owned(cleaned)) => Cow::Owned(to_ascii(&cleaned).into_owned()),
        }
    }

    /// The columns of a text of the log.
    pub(super) fn width(self, text: &str) -> usize {
        text::width(&self.whole(text))
    }

    /// A text of the log in at most `columns`.
    pub(super) fn fit(self, text: &str, columns: usize) -> Cow<'_, str> {
        match self {
            Self::Unicode => text::clean_fit(text, columns),
            Self::Ascii => ascii_fit(text, columns),
        }
    }
}

/// A text of the log for a terminal that may show ASCII only, shortened.
fn ascii_fit(text: &str, width: usize) -> Cow<'_, str> {
    // A letter that is spelled out takes no fewer columns than it took.
    let cleaned = text::clean_part(text, width);
    Cow::Owned(text::fit_ascii(&to_ascii(&cleaned), width).into_owned())
}

/// A clean text for a terminal that may show ASCII only: other letters are spelled out, so that two names stay two.
pub(super) fn to_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut ascii = String::with_capacity(text.len() * 3);
    for c in text.chars() {
        match c {
            // Our own signs.
            '…' => ascii.push('~'),
            '·' => ascii.push('.'),
            '→' => ascii.push('>'),
            '–' | '—' | '−' => ascii.push('-'),
            '×' => ascii.push('x'),
            c if c.is_ascii() => ascii.push(c),
            c => ascii.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question mark means that something is not known.
    #[test]
    fn names_that_differ_look_different_in_ascii() {
        for (text, width, expected) in [
            ("plain", 9, "plain"),
            ("结算", 20, r"\u{7ed3}\u{7b97}"),
            ("支付", 20, r"\u{652f}\u{4ed8}"),
            ("café", 12, r"caf\u{e9}"),
            ("结算", 12, r"\u{7ed3}~"),
            ("结算", 9, r"\u{7ed3}~"),
            ("结算", 8, "~"),
            ("a\x1b\x1b", 8, r"a\x1b~"),
            ("❤\u{fe0f}", 20, r"\u{2764}\u{fe0f}"),
            ("a\x1b", 9, r"a\x1b"),
            ("1 · 2…", 9, "1 . 2~"),
        ] {
            assert_eq!(ascii_fit(text, width), expected, "{text:?}");
        }
    }
}
