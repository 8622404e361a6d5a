//! Eviction of runs that have ended, when there is too little memory for all: a piece at a time between frames, while
//! the log waits. The runs that are looked at are kept.

use super::detail::DetailPage;
use super::remark::Remark;
use super::store_change::StoreChange;
use super::{App, Now};
use crate::history::EvictionResult;
use crate::model::id::RunId;
use crate::store::{Excess, Store};
use crate::view::format::counted;
use crate::view::notice::Subject;

/// Memory taken beyond what is allowed, as it was reported last.
#[derive(Debug, Default)]
pub(super) struct MemoryReport(Option<Excess>);

impl MemoryReport {
    /// Returns a warning of too much memory taken, once, and withdraws it when that is over.
    fn update(&mut self, excess: Option<Excess>) -> Vec<Remark> {
        if std::mem::replace(&mut self.0, excess) == excess {
            return Vec::new();
        }
        let warning = excess.map(|excess| Remark::warning(excess.words()).about(Subject::Memory));
        [Remark::Over(Subject::Memory)].into_iter().chain(warning).collect()
    }
}

impl App {
    /// Is true while ended runs are to be evicted, by [`App::thin`], before the log goes on.
    #[must_use]
    pub const fn is_thinning(&self) -> bool {
        self.session.history.is_thinning() && !self.is_traveling()
    }

    /// Evicts a piece of the ended runs. Hands out the store before it at the end: to drop it takes longer than a frame.
    #[must_use]
    pub fn thin(&mut self, now: Now) -> Option<Box<Store>> {
        self.now = now;
        let open = self.board.pages.detail().map(DetailPage::run);
        let selected = self.board.selected(self.session.store());
        let kept: Vec<RunId> = [open, self.cancels.asked_run(), selected].into_iter().flatten().collect();
        let was_thin = self.session.store().n_gone() > 0;
        let asked = self.cancels.ledger.iter().map(|intent| intent.run);
        let EvictionResult { renumbering, before, n_gone } = self.session.history.thin(&kept, asked)?;
        self.is_dirty = true;
        let had_mark = self.renumber(&renumbering);
        self.on_change(StoreChange::Evicted);
        if !was_thin {
            let runs = counted(n_gone, "ended run is", "ended runs are");
            let words = format!("{runs} only counted now, to save memory (--memory, --retain)");
            self.report(Remark::note(words));
        }
        if had_mark {
            self.report(Remark::note("what was marked with D is too long ago: mark an instant again"));
        }
        self.report_memory();
        Some(before)
    }

    /// Takes in that the reader has no more lines for now.
    pub(super) fn rest(&mut self) {
        if !self.is_behind() {
            self.session.history.rest();
            self.report_memory();
        }
    }

    pub(super) fn report_memory(&mut self) {
        let remarks = self.memory.update(self.session.history.excess());
        self.report(remarks);
    }
}

#[cfg(test)]
mod tests;
