//! Engines: whose records a log holds, how they are decoded, and what each does to the store.
//!
//! One folder for each engine. Must not know where records come from, nor how runs are shown.

pub mod actionqueue;
pub mod batch;
pub mod feed;
pub mod fold;
pub mod reread;
