//! The instant at hand, as pages read it: borrowed from its owners, so that a page can change meanwhile.
//!
//! Must not know which pages there are.

use std::time::Instant;

use super::Setup;
use crate::control::ledger::Ledger;
use crate::engine::waiting::SharedScene;
use crate::history::History;
use crate::input::Keymap;
use crate::store::{Problem, Store};
use crate::view::problems::ProblemCursor;
use crate::view::{Area, IdForms, Ids, LogClock};

/// The instant at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) setup: &'a Setup,
    pub(super) history: &'a History,
    pub(super) ledger: &'a Ledger,
    pub(super) scene: &'a SharedScene,
    pub(super) at: Outlook,
}

/// The view of the instant at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outlook {
    pub(super) ids: IdForms,
    pub(super) problems: ProblemCursor,
    /// The instant of the view, in the unit of the log.
    pub(super) view_at: u64,
    pub(super) now: Instant,
    /// The lines of a page.
    pub(super) area: Area,
}

impl<'a> Context<'a> {
    pub(super) fn store(&self) -> &'a Store {
        self.history.store()
    }

    pub(super) fn clock(&self) -> LogClock<'a> {
        self.setup.log_clock(self.store())
    }

    pub(super) const fn keymap(&self) -> &'a Keymap {
        &self.setup.taste.keymap
    }

    /// The ids of the runs and tasks of the store.
    pub(super) fn ids(&self) -> Ids<'a> {
        self.at.ids.of(self.store())
    }

    /// The problem under the cursor.
    pub(super) fn problem(&self) -> Option<&'a Problem> {
        self.at.problems.problem(self.store())
    }

    /// Columns of a page.
    pub(super) fn width(&self) -> usize {
        usize::from(self.at.area.width)
    }

    /// Lines of a page.
    pub(super) fn height(&self) -> usize {
        usize::from(self.at.area.height)
    }
}
