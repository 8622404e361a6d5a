//! Letting go of runs that have ended, when there is too little memory for all: a piece at a time between frames, while
//! the log waits. What somebody looks at is kept, and everything that holds a key is told the new one.

use super::{App, DialogKind, Now};
use crate::history::Thinned;
use crate::model::id::RunId;
use crate::store::Store;
use crate::view::Severity;
use crate::view::format::counted;
use crate::view::notice::Subject;

impl App {
    /// Whether runs are to be let go of, by [`App::thin`], before the log goes on.
    #[must_use]
    pub const fn is_thinning(&self) -> bool {
        self.history.is_thinning() && !self.is_traveling()
    }

    /// Does a piece of it. Hands out what is not needed any more: to let go of so much takes longer than a frame.
    #[must_use]
    pub fn thin(&mut self, now: Now) -> Option<Box<Store>> {
        self.now = now;
        let open = self.detail.as_ref().map(|page| page.run);
        let asked = self.dialog.as_ref().and_then(|dialog| match dialog.kind {
            DialogKind::Cancel { run } => Some(run),
            _ => None,
        });
        let looked_at: Vec<RunId> =
            [open, asked, self.board.selected(self.history.store())].into_iter().flatten().collect();
        let was_thin = self.history.store().n_gone() > 0;
        let Thinned { renumbering, before, n_gone } = self.history.thin(&looked_at)?;
        self.is_dirty = true;
        self.marking.marks.renumber(&renumbering);
        if let Some(bulk) = &mut self.bulk {
            bulk.renumber(&renumbering);
        }
        if let Some(DialogKind::Many(many)) = self.dialog.as_mut().map(|dialog| &mut dialog.kind) {
            many.renumber(&renumbering);
        }
        self.look_again_for_all();
        self.renew_alarms();
        self.measure_anew();
        let had_mark = self.since.forget();
        self.settle();
        if !was_thin {
            let runs = counted(n_gone, "ended run is", "ended runs are");
            let words = format!("{runs} only counted now, to save memory (--memory, --retain)");
            self.notify(Severity::Note, words);
        }
        if had_mark {
            self.notify(Severity::Note, "what was marked with D is too long ago: mark an instant again");
        }
        self.tell_excess();
        Some(before)
    }

    /// Takes in that the reader has no more lines for now.
    pub(super) fn rest(&mut self) {
        if !self.is_behind() {
            self.history.rest();
            self.tell_excess();
        }
    }

    /// Says what takes more memory than is allowed, once, and takes it back when it is not so any more.
    pub(super) fn tell_excess(&mut self) {
        let excess = self.history.excess();
        if std::mem::replace(&mut self.told_excess, excess) == excess {
            return;
        }
        self.notices.withdraw_about(Subject::Memory);
        if let Some(excess) = excess {
            self.notify_about(Subject::Memory, Severity::Warning, excess.words().to_owned());
        }
    }

    /// Whether marks mean nothing here, and says why: they hold the keys that runs have now.
    pub(super) fn refuses_to_mark(&mut self) -> bool {
        let refuses = self.history.has_other_keys();
        if refuses {
            let words = "here runs cannot be marked, nor instants: it is before what is kept; f goes forward";
            self.notify(Severity::Note, words);
        }
        refuses
    }
}

#[cfg(test)]
mod tests;
