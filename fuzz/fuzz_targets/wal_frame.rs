//! See `runwatch_fuzz::wal_frame`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runwatch_fuzz::wal_frame::check(bytes));
