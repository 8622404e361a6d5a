//! One spelling of a text for all that look the same. The only door of canonical composition.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// A text with each letter and its marks as one character where there is one, and two characters otherwise in every
/// text: `é` is the same whether a log has it as one or as `e` and a mark.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() }
}

/// The same in small letters.
pub(super) fn small(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // A small letter may have a mark that the capital one had not.
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}
