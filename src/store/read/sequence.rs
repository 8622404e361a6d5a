//! Reading of the sequence of events: where it began, where it is, and its gaps.

use crate::store::Store;

impl Store {
    /// Sequence of the first event, if there was one.
    #[must_use]
    pub fn first_sequence(&self) -> Option<u64> {
        self.head.first_sequence
    }

    /// Generation of the log that holds the last event.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.head.generation
    }

    /// Highest sequence so far, if `sequence` skips numbers after it.
    #[must_use]
    pub fn jump_to(&self, sequence: u64) -> Option<u64> {
        self.head.highest_seen.filter(|highest| sequence > *highest && sequence - highest > 1)
    }

    /// Number of gaps in the sequence; gaps are legal.
    #[must_use]
    pub fn sequence_gaps(&self) -> u64 {
        self.head.sequence_gaps
    }
}
