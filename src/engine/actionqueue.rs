//! ActionQueue: its two vocabularies of events, and what its rules say of a run that waits.

pub mod decode;
pub mod sample;
pub mod waiting;
