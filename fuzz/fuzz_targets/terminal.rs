//! See `runwatch_fuzz::terminal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runwatch_fuzz::terminal::check(bytes));
