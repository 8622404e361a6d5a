//! The letters of a text, as a reader sees them, one by one: for typed text, with a caret between them.

use unicode_segmentation::UnicodeSegmentation as _;

use super::Cleaner;

/// A letter of a text, as it is shown there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The byte of the text at which it begins.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// Its clean form.
    pub shown: String,
}

/// The letters of a text as a reader sees them, and the byte at which each begins.
pub fn letters(text: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    text.grapheme_indices(true)
}

/// The letters of a text, each cleaned in its place: characters that join or part two letters depend on both.
#[must_use]
pub fn shown_letters(text: &str) -> Vec<Letter> {
    let mut cleaner = Cleaner::default();
    let mut letters = Vec::new();
    for (start, letter) in self::letters(text) {
        let before = cleaner.text.len();
        cleaner.push_one(text, start, letter);
        cleaner.end_repeat();
        letters.push(Letter { start, end: start + letter.len(), shown: cleaner.text[before..].to_owned() });
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean;

    #[test]
    fn letters_are_shown_as_in_the_whole_text() {
        for text in [
            "plain",
            "می\u{200c}خواهم",
            "क्\u{200d}ष a\u{200d}b",
            "❤\u{fe0f} 🏴\u{e0067}",
            "e\u{301}\u{301}\u{301}\u{301}",
            "\x1b[m",
        ] {
            let letters = shown_letters(text);
            assert_eq!(letters.iter().map(|it| &*it.shown).collect::<String>(), clean(text), "{text:?}");
            let ends: Vec<usize> = letters.iter().map(|it| it.end).collect();
            let starts: Vec<usize> = letters.iter().skip(1).map(|it| it.start).chain([text.len()]).collect();
            assert_eq!(ends, starts, "{text:?}");
        }
    }
}
