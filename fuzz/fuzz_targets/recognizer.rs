//! See `runwatch_fuzz::recognizer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runwatch_fuzz::recognizer::check(bytes));
