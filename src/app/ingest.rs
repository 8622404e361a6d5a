//! What the log says, taken in: folded at once, or kept while the view is frozen.

use super::{App, Now};

/// What waits while the view is frozen.
#[derive(Debug, Default)]
pub struct Backlog {
    paused_at: Option<Now>,
}

impl Backlog {
    /// Whether the view is frozen.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.paused_at.is_some()
    }

    pub(super) const fn paused_at(&self) -> Option<Now> {
        self.paused_at
    }
}

impl App {
    pub(super) fn toggle_pause(&mut self) {
        self.backlog.paused_at = if self.backlog.is_paused() { None } else { Some(self.now) };
    }
}
