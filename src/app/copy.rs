//! Getting a run out of the dashboard: its id, or its row, to be kept by the terminal.

use super::{App, Step};
use crate::model::id::RunId;
use crate::projection;
use crate::view::Severity;

/// A text that is to be copied, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// What it is, as the subject of a sentence.
    pub what: String,
    /// The text.
    pub text: String,
}

impl App {
    /// The run whose page is open, or the one under the cursor.
    fn pointed_out(&self) -> Option<RunId> {
        let open = self.detail.as_ref().map(|page| page.run);
        open.or_else(|| self.board.selected(self.history.store()))
    }

    pub(super) fn copy_id(&mut self) -> Step {
        let Some(run) = self.pointed_out() else { return self.has_no_run() };
        Step::Copy(Copy { what: run.to_string(), text: run.to_string() })
    }

    /// The row is the line that `runwatch runs --json` prints.
    pub(super) fn copy_row(&mut self) -> Step {
        let Some(run) = self.pointed_out() else { return self.has_no_run() };
        let store = self.history.store();
        let Some(key) = store.find(run) else {
            self.notify(Severity::Note, "the run is not there at this instant: only its id can be copied");
            return Step::Stay;
        };
        let text = projection::line(store, key).trim_end().to_owned();
        Step::Copy(Copy { what: format!("the row of {} as JSON", self.called(run)), text })
    }

    fn has_no_run(&mut self) -> Step {
        self.notify(Severity::Note, "no run is under the cursor");
        Step::Stay
    }
}
