//! See `runwatch_fuzz::keys`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runwatch_fuzz::keys::check(bytes));
