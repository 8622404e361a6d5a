//! Copies of a run for the clipboard of the terminal: its id, or its row.

use super::remark::Remark;
use crate::input::Action;
use crate::model::id::RunId;
use crate::model::text;
use crate::projection;
use crate::store::Store;
use crate::view::Ids;

/// A text that is to be copied, and its description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Description of the text, as the subject of a sentence.
    pub what: String,
    /// The text.
    pub text: String,
}

impl Copy {
    /// The id or the row of the run that is pointed out, as a key means; or why there is none.
    pub(super) fn of(
        action: Action,
        run: Option<RunId>,
        store: &Store,
        ids: Ids<'_>,
    ) -> Result<Self, Remark> {
        let run = run.ok_or_else(|| Remark::note("no run is under the cursor"))?;
        if action == Action::CopyId {
            return Ok(Self::id(run, store));
        }
        let words = "the run is not there at this instant: only its id can be copied";
        Self::row(run, store, ids).ok_or_else(|| Remark::note(words))
    }

    /// The id of a run.
    fn id(run: RunId, store: &Store) -> Self {
        let text = store.id_text(run).into_owned();
        Self { what: text::clean(&text).into_owned(), text }
    }

    /// The row of a run: the line that `runwatch runs --json` prints. None when it is not there at the instant at hand.
    fn row(run: RunId, store: &Store, ids: Ids<'_>) -> Option<Self> {
        let text = projection::line(store, store.find(run)?).trim_end().to_owned();
        Some(Self { what: format!("the row of {} as JSON", ids.run(run)), text })
    }
}
