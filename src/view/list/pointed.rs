//! The list under the mouse: clicks move the cursor to a line, and scrolling moves rows under a cursor that stays on
//! its line.

use super::{List, Shelf};

impl List {
    /// Moves the cursor to the row on this line of a pane of `height` lines; returns nothing if there is none.
    pub fn to_line(&mut self, shelf: Shelf<'_>, height: usize, line: usize) -> Option<Reached> {
        let outline = self.outline(shelf, height);
        let row = self.top(&outline, height) + line;
        let reached = outline.cursor(row)?;
        let before = self.cursor(shelf);
        self.go(shelf, height, |_, _| row);
        Some(if before == Some(reached) { Reached::Again } else { Reached::Moved })
    }

    /// Scrolls down the list or up, as far as there are rows; the cursor stays on its line of the pane.
    pub fn scroll(&mut self, shelf: Shelf<'_>, height: usize, rows: isize) {
        let outline = self.outline(shelf, height);
        let (top, place) = (self.top(&outline, height), self.place(&outline));
        let to = top.saturating_add_signed(rows).min(outline.len().saturating_sub(height));
        if to == top {
            return;
        }
        self.cursor = outline.cursor(to + (place - top));
        self.line = place - top;
        self.home = None;
        self.follows = None;
        self.settle(shelf, height);
    }
}

/// The effect of a click on the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The cursor has moved to the row.
    Moved,
    /// The cursor was on the row.
    Again,
}
