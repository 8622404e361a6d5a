//! See `runwatch_fuzz::mapped_scan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runwatch_fuzz::mapped_scan::check(bytes));
