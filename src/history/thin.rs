//! Letting go of runs that have ended, between frames. The way back begins anew there: what was before has other keys.

use super::{History, Stand};
use crate::model::id::RunId;
use crate::store::{Renumbering, Store, Thinning};

/// Runs that are looked at in one piece: a few milliseconds.
const PIECE: usize = 1 << 12;

/// The last epochs are kept, whatever they take.
const NEAR: usize = 4;

/// What came of letting go of runs.
#[derive(Debug)]
pub struct Thinned {
    /// The new keys of the others.
    pub renumbering: Renumbering,
    /// What was there before. To let go of it takes a while.
    pub before: Box<Store>,
    /// How many runs have been let go of so far.
    pub n_gone: u64,
    /// Whether what is left still takes more than there is memory for.
    pub is_exceeded: bool,
}

impl History {
    /// Whether runs that have ended are to be let go of by [`History::thin`], before any more lines are folded.
    #[must_use]
    pub const fn is_thinning(&self) -> bool {
        self.thins_to.is_some() && self.is_at_edge()
    }

    /// Whether runs have other keys at the instant at hand than at the edge: it is before some were let go of, and was
    /// folded anew.
    #[must_use]
    pub fn has_other_keys(&self) -> bool {
        self.older.as_ref().is_some_and(|older| self.n_thinned + older.history.n_thinned > 0)
    }

    /// Does a piece of it; says what came of it when it is done. `pinned` runs are kept.
    pub fn thin(&mut self, pinned: &[RunId]) -> Option<Thinned> {
        let n_ended = self.thins_to.filter(|_| self.is_at_edge())?;
        let mut thinning = self.thinning.take().unwrap_or_else(|| self.begin_to_thin(n_ended, pinned));
        if !thinning.advance(&self.store, PIECE) {
            self.thinning = Some(thinning);
            return None;
        }
        let (before, renumbering) = thinning.finish(&mut self.store);
        self.rows.renumber(&renumbering);
        self.thins_to = None;
        self.n_thinned += 1;
        let bytes = self.store.bytes() + self.rows.bytes();
        self.retention.done(bytes);
        let (n_gone, is_exceeded) = (self.store.n_gone(), self.retention.is_exceeded());
        Some(Thinned { renumbering, before, n_gone, is_exceeded })
    }

    fn begin_to_thin(&mut self, n_ended: usize, pinned: &[RunId]) -> Box<Thinning> {
        self.close();
        for epoch in self.oldest..self.starts.len() {
            self.store.forget(epoch);
        }
        self.oldest = self.starts.len();
        self.stand = Stand::Before(self.oldest);
        self.loaded = None;
        let pinned: Vec<_> = pinned.iter().filter_map(|run| self.store.find(*run)).collect();
        Box::new(Thinning::begin(&self.store, n_ended, pinned))
    }

    /// Looks whether it is time, once an epoch.
    pub(super) fn look_at_memory(&mut self) {
        if self.edge - self.looked_at >= self.grain.epoch_lines {
            self.looked_at = self.edge;
            self.thins_to = self.retention.due(&mut self.store, self.rows.bytes());
            if self.thins_to.is_some() && self.forget_much() {
                self.thins_to = self.retention.due(&mut self.store, self.rows.bytes());
            }
        }
    }

    /// Lets go of the earlier half of what is kept of the past, if that is worth it; says whether it was. The past can be
    /// folded again from the log, and runs that have ended cannot be looked at again but by that.
    fn forget_much(&mut self) -> bool {
        let before = self.store.bytes();
        // Who folds the log again to be at an instant may have folded a little more than that.
        let (first, n) = (self.oldest, (self.starts.len() - self.oldest).saturating_sub(NEAR) / 2);
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
