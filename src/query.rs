//! What can be asked of runs: a query that some of them answer, and why one waits.
//!
//! Must not know rows, cells or keys.

pub mod waiting;
