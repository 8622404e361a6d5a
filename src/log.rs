//! The log as it is read: bytes, then whole lines, then events.
//!
//! [`once`] reads what is there, [`feed`] follows what comes; both go through the same splitter and account for every
//! byte alike. Must not know what an event does to a run.

pub mod again;
pub mod archive;
pub mod block;
pub mod decode;
pub mod delivery;
pub mod earlier;
pub mod feed;
pub mod follow;
pub mod handle;
mod hole;
mod kept;
pub mod limit;
pub mod line;
pub mod lines;
mod mishap;
pub mod once;
pub mod open;
pub mod reread;
pub mod sniff;
pub mod source;
mod spool;
