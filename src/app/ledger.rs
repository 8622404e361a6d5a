//! The page of what became of each cancel, and the question about all runs of a task.

use super::App;
use super::scroll::Distance;
use crate::store::RunSet;
use crate::view::Severity;
use crate::view::ledger::LedgerPage;

impl App {
    /// The page of what became of each cancel, and how far it is scrolled, when it is open.
    #[must_use]
    pub fn ledger_page(&self) -> Option<(LedgerPage<'_>, usize)> {
        let top = self.ledger_top?;
        let area = self.layout().page();
        let page = LedgerPage {
            ledger: self.ledger(),
            store: self.history.store(),
            now: self.now.instant,
            ids: self.ids(),
            width: usize::from(area.width),
        };
        let last = page.len_lines().saturating_sub(usize::from(area.height));
        Some((page, top.min(last)))
    }

    pub(super) fn open_ledger(&mut self) {
        if self.ledger().iter().next().is_none() {
            let words = "no cancel was asked for yet: c asks for one";
            return self.notify(Severity::Note, words);
        }
        self.help = None;
        self.ledger_top = Some(0);
    }

    pub(super) fn scroll_ledger(&mut self, distance: Distance) {
        let height = usize::from(self.layout().page().height);
        let Some((page, top)) = self.ledger_page() else { return };
        let last = page.len_lines().saturating_sub(height);
        self.ledger_top = Some(top.saturating_add_signed(distance.steps(height)).min(last));
    }

    /// Asks whether to cancel every run of the task under the cursor.
    pub(super) fn ask_task(&mut self) {
        if self.refuses_to_send() {
            return;
        }
        let Some(key) = self.looked_at().filter(|key| self.history.store().has(*key)) else {
            return self.notify(Severity::Note, "the cursor is on no run");
        };
        let store = self.history.store();
        let task = store.task(store.run(key).task);
        let mut marks = RunSet::default();
        for run in task.runs {
            marks.set(*run, true);
        }
        let id = task.id;
        self.ask_many(&marks, Some(id));
    }
}
