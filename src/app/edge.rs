//! The edge of a log: the latest instant that was read. Must not know where the screen is.

use crate::store::Store;

/// The latest instant that was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Edge {
    /// The sequence of the last event that was applied.
    pub(super) sequence: u64,
    /// The log's own time.
    pub(super) at: u64,
    /// Is true where the log's clocks contradict each other so often that sequences are used instead of times.
    pub(super) is_timeless: bool,
}

impl Edge {
    pub(super) fn of(store: &Store) -> Self {
        Self { sequence: store.latest_sequence(), at: store.latest_at(), is_timeless: store.is_timeless() }
    }
}
