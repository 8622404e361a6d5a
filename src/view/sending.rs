//! The progress of many cancels.

use crate::control::ledger::Counts;

/// Progress of many cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Runs that were to be canceled.
    pub total: usize,
    /// Those whose turn has not come.
    pub unsent: usize,
    /// Those that ended before their turn, or whose cancel was asked for a moment ago.
    pub skipped: usize,
    /// Those that were left alone, because the user stopped.
    pub stopped: usize,
    /// The outcome of the others, as far as it is known.
    pub counts: Counts,
    /// Whether nothing is sent while the view stands in the past or is frozen.
    pub is_held: bool,
}
