//! The progress of many cancels.

use crate::control::ledger::Counts;

/// Progress of many cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Runs that were to be canceled.
    pub total: usize,
    /// Those that wait for their turn.
    pub unsent: usize,
    /// Those that ended before their turn, or whose cancel was asked for a moment ago.
    pub skipped: usize,
    /// Those that were not sent, because the user stopped.
    pub stopped: usize,
    /// The outcome of the others, as far as it is known.
    pub counts: Counts,
    /// True if sending pauses while the view is in the past or frozen.
    pub is_held: bool,
}
