//! Where the words of a typed line begin and end, as in a shell.
//!
//! A word is of letters and digits; only the way back to a blank takes signs along. All places are in bytes.

/// The start of the word at the caret, or of the one before it.
pub(super) fn start(text: &str, caret: usize) -> usize {
    let before = text[..caret].trim_end_matches(|c| !is_of_word(c));
    before.trim_end_matches(is_of_word).len()
}

/// The end of the word at the caret, or of the next one.
pub(super) fn end(text: &str, caret: usize) -> usize {
    let after = text[caret..].trim_start_matches(|c| !is_of_word(c));
    text.len() - after.trim_start_matches(is_of_word).len()
}

/// The start of the text between blanks that ends at the caret.
pub(super) fn blank_before(text: &str, caret: usize) -> usize {
    text[..caret].trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len()
}

/// A mark belongs to its letter.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || crate::model::text::is_mark(c)
}
