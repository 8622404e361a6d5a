//! What has been read and is not yet folded, because the view is frozen.
//!
//! Bounded: past [`MOST_BYTES`] the feed is no longer asked, its channel fills, and the reader waits. The log itself
//! is then the buffer, and nothing is lost.

use std::collections::VecDeque;

use super::Now;
use crate::engine::batch::Batch;

/// As much is kept in memory: a few minutes of a busy queue, and less than a browser's tab.
const MOST_BYTES: usize = 64 << 20;

/// Lines that wait, decoded.
#[derive(Debug, Default)]
pub struct FoldBacklog {
    paused_at: Option<Now>,
    batches: VecDeque<Batch>,
    /// Invariant: the sums over `batches`.
    lines: u64,
    bytes: usize,
}

impl FoldBacklog {
    /// When the view was frozen, if it is.
    #[must_use]
    pub const fn paused_at(&self) -> Option<Now> {
        self.paused_at
    }

    /// How many lines wait.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether no more is taken.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.bytes >= MOST_BYTES
    }

    /// Whether what comes next must wait behind what waits already.
    pub(super) fn holds(&self) -> bool {
        self.paused_at.is_some() || !self.batches.is_empty()
    }

    pub(super) const fn pause(&mut self, now: Now) {
        self.paused_at = Some(now);
    }

    pub(super) const fn resume(&mut self) {
        self.paused_at = None;
    }

    pub(super) fn push(&mut self, batch: Batch) {
        self.lines += batch.block().len_lines() as u64;
        self.bytes += batch.len_bytes();
        self.batches.push_back(batch);
    }

    /// Yields what has waited longest, unless the view is frozen.
    pub(super) fn pop(&mut self) -> Option<Batch> {
        if self.paused_at.is_some() {
            return None;
        }
        let batch = self.batches.pop_front()?;
        self.lines -= batch.block().len_lines() as u64;
        self.bytes -= batch.len_bytes();
        Some(batch)
    }
}
