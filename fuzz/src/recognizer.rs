//! Holds the recognizer of usual lines to the decoder: all that it takes the whole decoder reads alike; and
//! that takes anything.

use runwatch::engine::actionqueue::decode::{check_recognizer, decode, vocabulary_of};
use runwatch::engine::actionqueue::event::Vocabulary;

/// The first byte is the vocabulary, the rest what a block holds from some line on.
pub fn check(bytes: &[u8]) {
    let Some((first, line)) = bytes.split_first() else { return };
    let vocabulary = if first & 1 == 0 { Vocabulary::Aq01 } else { Vocabulary::Aq02 };
    check_recognizer(line, vocabulary);
    for line in line.split(|byte| *byte == b'\n') {
        let _ = vocabulary_of(line);
        if let Err(error) = decode(line, vocabulary) {
            assert!(!error.to_string().is_empty());
        }
    }
}
