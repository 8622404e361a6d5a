//! Output to the terminal: what is drawn, reduced to what changed, filtered, queued, and written without the loop waiting.
//!
//! Must not know runs, nor what is drawn.

pub mod diff_backend;
pub mod filter;
pub mod guard;
pub(super) mod line;
pub(super) mod queue;
pub mod writer;
