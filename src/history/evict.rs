//! Eviction of ended runs, between frames. It renumbers run keys, so history cannot seek to before it.

use super::{History, SeekState};
use crate::model::id::RunId;
use crate::store::{Eviction, Excess, Pace, Renumbering, Store, Work};

/// Runs that are looked at in one piece: a few milliseconds.
const RUNS_PER_STEP: usize = 1 << 12;

/// Number of the last epochs that are kept, at any size.
const MIN_KEPT_EPOCHS: usize = 4;

/// Result of an eviction pass.
#[derive(Debug)]
pub struct EvictionResult {
    /// The new keys of the others.
    pub renumbering: Renumbering,
    /// The store before the pass. To drop it takes a while.
    pub before: Box<Store>,
    /// Number of runs evicted so far.
    pub n_gone: u64,
}

impl History {
    /// Returns true if ended runs are to be evicted by [`History::thin`], before any more lines are folded.
    #[must_use]
    pub const fn is_thinning(&self) -> bool {
        self.thins_to.is_some() && self.is_at_edge()
    }

    /// Returns true if runs have other keys at the instant at hand than at the edge: it is before an
    /// eviction, and was folded again.
    #[must_use]
    pub fn has_other_keys(&self) -> bool {
        self.older.as_ref().is_some_and(|older| self.n_thinned + older.history.n_thinned > 0)
    }

    /// Does a piece of it; says what came of it when it is done. `pinned` runs are kept, and of `named` ones the texts
    /// of their ids.
    pub fn thin(
        &mut self,
        pinned: &[RunId],
        named: impl IntoIterator<Item = RunId>,
    ) -> Option<EvictionResult> {
        let n_ended = self.thins_to.filter(|_| self.is_at_edge())?;
        let mut thinning = self.thinning.take().unwrap_or_else(|| self.begin_to_thin(n_ended, pinned, named));
        if !thinning.advance(&self.store, RUNS_PER_STEP) {
            self.thinning = Some(thinning);
            return None;
        }
        let (work, n_runs) = (thinning.work(&self.store), self.store.len());
        let (before, renumbering) = thinning.finish(&mut self.store);
        self.rows.renumber(&renumbering, n_runs);
        self.thins_to = None;
        self.n_thinned += 1;
        let bytes = self.store.bytes() + self.rows.bytes();
        self.retention.done(work, n_runs - self.store.len(), bytes);
        // What one pass has left may still be too much.
        self.judge_memory(self.pace);
        Some(EvictionResult { renumbering, before, n_gone: self.store.n_gone() })
    }

    /// The work of all passes so far.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.retention.work()
    }

    /// The reason why more memory is taken than is allowed, if it is: when it was last looked.
    #[must_use]
    pub const fn excess(&self) -> Option<Excess> {
        self.excess
    }

    /// Tells that no line waits to be folded: what is kept is to be as little as it may be.
    pub fn rest(&mut self) {
        if self.is_at_edge() && self.thins_to.is_none() {
            self.judge_memory(Pace::AtRest);
        }
    }

    fn begin_to_thin(
        &mut self,
        n_ended: usize,
        pinned: &[RunId],
        named: impl IntoIterator<Item = RunId>,
    ) -> Box<Eviction> {
        self.close();
        for epoch in self.oldest..self.starts.len() {
            self.store.forget(epoch);
        }
        self.oldest = self.starts.len();
        self.stand = SeekState::Before(self.oldest);
        self.loaded = None;
        let pinned: Vec<_> = pinned.iter().filter_map(|run| self.store.find(*run)).collect();
        Box::new(Eviction::begin(&self.store, n_ended, pinned, named))
    }

    /// Looks whether it is time, once an epoch.
    pub(super) fn look_at_memory(&mut self) {
        if self.edge - self.looked_at >= self.grain.epoch_lines {
            self.looked_at = self.edge;
            self.judge_memory(Pace::Reading);
        }
    }

    /// Finds out whether there is too little memory, and by what there is to be more.
    fn judge_memory(&mut self, pace: Pace) {
        self.pace = pace;
        let beside = self.rows.bytes();
        let bytes = self.store.bytes() + beside;
        self.relieved = self.relieved.min(bytes);
        self.thins_to = self.retention.due(&mut self.store, beside, pace);
        let has_grown = bytes / 5 * 4 >= self.relieved;
        if self.retention.is_full(bytes) && (self.thins_to.is_some() || has_grown) {
            if self.forget_much() {
                self.thins_to = self.retention.due(&mut self.store, self.rows.bytes(), pace);
            }
            self.relieved = self.store.bytes() + self.rows.bytes();
        }
        self.excess = match self.thins_to {
            None => self.retention.excess(&mut self.store, self.rows.bytes()),
            Some(_) => self.excess,
        };
    }

    /// Drops the earlier half of what is kept of the past, if that is worth it; returns true if it was. The
    /// past can be folded again from the log, and runs that have ended cannot be looked at again but by that.
    fn forget_much(&mut self) -> bool {
        let before = self.store.bytes();
        // Who folds the log again to be at an instant may have folded a little more than that.
        let (first, n) = (self.oldest, (self.starts.len() - self.oldest).saturating_sub(MIN_KEPT_EPOCHS) / 2);
        for epoch in first..first + n {
            self.store.forget(epoch);
        }
        self.oldest += n;
        if let Some(start) = self.starts.get(self.oldest) {
            self.rows.forget_before(start.position);
        }
        self.store.bytes() < before / 8 * 7
    }
}
