//! The log as it is read: bytes, then whole lines, then events.
//!
//! [`once`] reads what is there, [`feed`] follows what comes; both go through the same splitter and account for every
//! byte alike. Must not know what an event does to a run.

pub mod archive;
pub mod block;
pub mod delivery;
pub mod earlier;
pub mod fault_injection;
pub mod file;
pub mod handle;
pub mod kept;
pub mod limit;
pub mod line;
pub mod lines;
pub mod open;
pub mod origin;
pub mod passes;
pub mod read_once;
pub mod reread;
pub mod sniff;
pub mod spool;
