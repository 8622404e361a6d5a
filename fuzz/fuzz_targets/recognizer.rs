//! Whatever the recognizer of usual lines takes, the whole decoder says too: the first byte is the vocabulary, the
//! rest is what a block holds from some line on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runwatch::log::decode::check_recognizer;
use runwatch::model::event::Vocabulary;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, line)) = bytes.split_first() else { return };
    let vocabulary = if first & 1 == 0 { Vocabulary::Aq01 } else { Vocabulary::Aq02 };
    check_recognizer(line, vocabulary);
});
