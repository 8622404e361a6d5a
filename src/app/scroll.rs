//! Distances that keys and the wheel scroll. Must not know what is scrolled.

use crate::input::Action;

/// Distance to scroll.
#[derive(Debug, Clone, Copy)]
pub(super) enum Distance {
    /// The distance that a key means.
    Key(Action),
    /// Rows down; up is negative.
    Rows(isize),
}

impl Distance {
    /// Rows to scroll in a pane of `height` lines.
    pub(super) fn steps(self, height: usize) -> isize {
        match self {
            Self::Key(action) => steps(action, height),
            Self::Rows(rows) => rows,
        }
    }

    /// First line of a page of `len` lines after the scroll, of which `top` was first and `height` fit.
    pub(super) fn from(self, top: usize, len: usize, height: usize) -> usize {
        let last = len.saturating_sub(height);
        top.min(last).saturating_add_signed(self.steps(height)).min(last)
    }
}

/// Rows that an action scrolls in a pane of `height` lines.
pub(super) fn steps(action: Action, height: usize) -> isize {
    let half = isize::try_from(height / 2).unwrap_or(isize::MAX).max(1);
    match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::PageDown => half,
        Action::PageUp => -half,
        Action::Top => isize::MIN,
        Action::Bottom => isize::MAX,
        _ => 0,
    }
}
