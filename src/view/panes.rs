//! The panes as data: the visible rows of each, with all their texts, before anything is painted.
//!
//! Costs the height of a pane. Must not know cells.

mod runs;
mod suspended;

use super::detail::Tone;
use super::found::Shelves;
use super::list::List;
use super::{Fold, Ids, Pane, RunRow, Shelf};
use crate::control::ledger::Standing;
use crate::engine::waiting::SharedScene;
use crate::model::states::State;
use crate::view::format::sequence;

pub use runs::{Emptiness, RunFacts, RunLine, RunsPane, SectionRow, SectionTitle};
pub use suspended::{StopLine, SuspendedPane};

/// Facts that the panes share.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'a> {
    /// The runs that are shown.
    pub shelves: Shelves<'a>,
    /// The instant of the view, in the unit of the log.
    pub second: u64,
    /// The part of ids that is shown.
    pub ids: Ids<'a>,
    /// The queue, looked up once, for the causes of waits.
    pub scene: &'a SharedScene,
    /// True if a query is in force.
    pub has_query: bool,
    /// The pane that has the keys; none while a page or a dialog has them.
    pub focused: Option<Pane>,
    /// True if the panes are side by side, so that each has a title of its own.
    pub side_by_side: bool,
}

impl Shared<'_> {
    /// True if a pane has the keys.
    #[must_use]
    pub fn has_keys(&self, pane: Pane) -> bool {
        self.focused == Some(pane)
    }
}

/// One row of a list of runs.
#[derive(Debug)]
pub enum PaneRow<'a> {
    /// The header of a section.
    Header(SectionRow<'a>),
    /// A run.
    Run(RunLine<'a>),
    /// Runs that are not shown.
    More(usize),
}

impl<'a> PaneRow<'a> {
    /// The run of the row, where it is one.
    #[must_use]
    pub const fn run(&self) -> Option<&RunLine<'a>> {
        match self {
            Self::Run(line) => Some(line),
            Self::Header(_) | Self::More(_) => None,
        }
    }
}

/// The rows of a list that are on the screen.
#[derive(Debug)]
pub struct Rows<R> {
    /// The rows.
    pub shown: Vec<R>,
    /// The number of the first of them.
    pub top: usize,
    /// The number of all rows.
    pub len: usize,
    /// The number of the row under the cursor.
    pub selected: usize,
    /// The list's mode, in a word.
    pub remark: Option<&'static str>,
}

impl<R> Rows<R> {
    /// The rows of a list that fit into `height` lines; none of a list that is not on the screen.
    fn of<'a>(list: &List, shelf: Shelf<'a>, height: usize, row: impl FnMut(super::list::Row) -> R) -> Self {
        let remark = list.follows().then_some("following");
        if height == 0 {
            return Self { shown: Vec::new(), top: 0, len: 0, selected: 0, remark };
        }
        let outline = list.outline(shelf, height);
        let top = list.top(&outline, height);
        Self {
            shown: outline.rows(top).take(height).map(row).collect(),
            top,
            len: outline.len(),
            selected: list.place(&outline),
            remark,
        }
    }

    /// The numbers of the first row shown and of the last, from 1, and of all.
    #[must_use]
    pub fn position(&self) -> (usize, usize, usize) {
        (self.top + 1, self.top + self.shown.len(), self.len)
    }
}

/// The header of a section of one state.
#[derive(Debug, Clone, Copy)]
pub struct StateHeader {
    /// The state.
    pub state: State,
    /// The number of its runs.
    pub n_runs: usize,
    /// The part of it that is shown.
    pub fold: Fold,
}

/// The outcome of the cancel of a run, in a word or two on its row.
#[must_use]
pub fn cancel_mark(standing: &Standing) -> (Tone, String) {
    match standing {
        Standing::Asked => (Tone::Warn, "cancel asked".to_owned()),
        Standing::Sent => (Tone::Warn, "cancel sent".to_owned()),
        Standing::NoEvidence { .. } => (Tone::Bad, "no evidence".to_owned()),
        Standing::Unconfirmed => (Tone::Warn, "sent, unproved".to_owned()),
        Standing::Proved { at_sequence, .. } => (Tone::Good, format!("proved {}", sequence(*at_sequence))),
        Standing::Overtaken { .. } => (Tone::Warn, "overtaken".to_owned()),
        Standing::Refused { .. } => (Tone::Bad, "cancel refused".to_owned()),
    }
}

/// The row of a run.
fn row<'a>(shared: &Shared<'a>, key: crate::store::RunKey) -> RunRow<'a> {
    RunRow::of(shared.shelves.store, key, shared.second)
}
