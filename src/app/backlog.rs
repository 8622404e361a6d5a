//! Backlog of batches that have been read and are not yet folded, because the view is frozen.
//!
//! Bounded: past [`MAX_BACKLOG_BYTES`] the feed is no longer asked, its channel fills, and the reader waits. The log itself
//! is then the buffer, and nothing is lost.

use std::collections::VecDeque;

use super::Now;
use crate::engine::batch::Batch;

/// Maximum size in memory: a few minutes of a busy queue, and less than a browser's tab.
const MAX_BACKLOG_BYTES: usize = 64 << 20;

/// Decoded lines that wait to be folded.
#[derive(Debug, Default)]
pub(super) struct FoldBacklog {
    paused_at: Option<Now>,
    batches: VecDeque<Batch>,
    /// Invariant: the sums over `batches`.
    lines: u64,
    bytes: usize,
}

impl FoldBacklog {
    /// The instant at which the view was frozen, if it is.
    pub(super) const fn paused_at(&self) -> Option<Now> {
        self.paused_at
    }

    /// Number of lines that wait.
    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// Is true when the backlog has reached its bound, so that no more is taken.
    pub(super) const fn is_full(&self) -> bool {
        self.bytes >= MAX_BACKLOG_BYTES
    }

    /// Is true when the next batch must wait: the view is frozen, or other batches wait already.
    pub(super) fn holds(&self) -> bool {
        self.paused_at.is_some() || !self.batches.is_empty()
    }

    /// The time for which the view has been frozen, in seconds, if it is.
    pub(super) fn frozen_for(&self, now: Now) -> Option<u64> {
        let paused_at = self.paused_at?;
        Some(now.instant.saturating_duration_since(paused_at.instant).as_secs())
    }

    /// Freezes the view, or goes on.
    pub(super) const fn toggle_pause(&mut self, now: Now) {
        self.paused_at = if self.paused_at.is_some() { None } else { Some(now) };
    }

    pub(super) fn push(&mut self, batch: Batch) {
        self.lines += batch.block().len_lines() as u64;
        self.bytes += batch.len_bytes();
        self.batches.push_back(batch);
    }

    /// Yields the batch that has waited longest, unless the view is frozen.
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
