//! Letting go of runs that have ended, between frames. The way back begins anew there: what was before has other keys.

use super::{History, Stand};
use crate::model::id::RunId;
use crate::store::{Renumbering, Store, Thinning};

/// Runs that are looked at in one piece: a few milliseconds.
const PIECE: usize = 1 << 12;

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

/// Which keys runs have: those of one numbering mean the same runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbering(u32, u32);

impl History {
    /// Whether runs that have ended are to be let go of by [`History::thin`], before any more lines are folded.
    #[must_use]
    pub const fn is_thinning(&self) -> bool {
        self.thins_to.is_some() && self.is_at_edge()
    }

    /// Which keys the runs of [`History::store`] have.
    #[must_use]
    pub fn numbering(&self) -> Numbering {
        match &self.older {
            Some(older) if self.n_thinned + older.history.n_thinned > 0 => {
                Numbering(self.n_thinned, 1 + older.history.n_thinned)
            }
            _ => Numbering(self.n_thinned, 0),
        }
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
        self.is_renumbered = true;
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
        }
    }
}
