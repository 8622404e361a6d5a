//! See `runwatch_fuzz::reducer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runwatch_fuzz::reducer::check(bytes));
