//! The page of differences, as it is open. Must not know how they are found.

use super::context::Context;
use crate::view::changes::RunChanges;
use crate::view::changes::page::ChangesPageView;

/// The page that compares a mark with the instant at hand.
#[derive(Debug)]
pub(super) struct ChangesPage {
    pub(super) changes: RunChanges,
    /// Lines above the screen.
    pub(super) top: usize,
}

impl ChangesPage {
    /// The page as it is drawn.
    pub(super) fn page<'a>(&'a self, cx: &Context<'a>) -> ChangesPageView<'a> {
        ChangesPageView {
            changes: &self.changes,
            store: cx.store(),
            clock: cx.clock(),
            ids: cx.ids(),
            width: cx.width(),
        }
    }

    /// True if it compares with the instant after this number of lines.
    pub(super) const fn is_at(&self, position: u64) -> bool {
        self.changes.to.line == position
    }
}
