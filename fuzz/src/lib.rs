//! Rules that hold for any bytes: one function a target, which panics when one is broken.
//!
//! The fuzzer brings the bytes where there is one (`fuzz_targets/`, which needs a nightly compiler and minutes to link);
//! `tests/oracles/properties/corpus.rs` includes this very file and brings the corpus, what the tests have recorded, and
//! some changes of both, so that an ordinary `cargo test` holds every target on any compiler.

pub mod config;
pub mod keys;
pub mod lines;
pub mod mapped_scan;
pub mod query;
pub mod recognizer;
pub mod reducer;
pub mod session;
pub mod sketch;
pub mod terminal;
pub mod text;
pub mod wal_frame;

/// Holds something to bytes.
pub type Check = fn(&[u8]);

/// The targets by name.
pub const TARGETS: &[(&str, Check)] = &[
    ("config", config::check),
    ("keys", keys::check),
    ("lines", lines::check),
    ("mapped_scan", mapped_scan::check),
    ("query", query::check),
    ("recognizer", recognizer::check),
    ("reducer", reducer::check),
    ("session", session::check),
    ("terminal", terminal::check),
    ("text", text::check),
    ("wal_frame", wal_frame::check),
];
