//! The latest end of what a run waits for.

use super::states::State;

/// The latest end of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The instant.
    pub at: u64,
    /// State of the run after it.
    pub then: State,
}
