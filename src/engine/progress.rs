//! Progress of a whole execution, where its log tells what belongs to it. Must not know how it is drawn.

/// Progress of an execution at the instant of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExecutionProgress {
    /// Number of executions that the log shows, this one included.
    pub number: u32,
    /// Runs that belong to it, and those of them that have ended; none where the log does not tell.
    pub ended_of: Option<(u64, u64)>,
    /// Runs that execute, and those that were dispatched and wait for a worker; none where these cannot be told apart.
    pub executing: Option<(u64, u64)>,
    /// Time until the rest has ended at the pace so far, in the unit of the log; none before one has ended.
    pub left: Option<u64>,
}

impl ExecutionProgress {
    /// Share of its runs that have ended, rounded down: 100 only when all have.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        let (ended, total) = self.ended_of?;
        (ended * 100).checked_div(total)
    }
}
