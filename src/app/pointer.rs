//! The mouse, while it is used: a click selects, the wheel scrolls what is under it, a drag on the time line seeks.
//!
//! A click is made on what is seen, so nothing is sent and nothing is answered by it: while a question is open or a
//! text is typed, the mouse does nothing.

use super::scroll::Distance;
use super::{App, Now, Step};
use crate::input::{Deed, Mode, Pointing};
use crate::view::layout::Spot;
use crate::view::list::Reached;
use crate::view::{Pane, title};

/// What the mouse is at.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    /// Somebody asked to use it here.
    is_used: bool,
    /// The button went down on the time line, and is still down.
    is_seeking: bool,
}

impl Pointer {
    /// Whether the mouse is used here, and not left to the terminal.
    pub(super) const fn is_used(&self) -> bool {
        self.is_used
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) const fn toggle(&mut self) -> Step {
        *self = Self { is_used: !self.is_used, is_seeking: false };
        if self.is_used { Step::TakeMouse } else { Step::LeaveMouse }
    }
}

impl App {
    /// Does what the mouse did.
    pub fn point(&mut self, pointing: Pointing, now: Now) {
        let mode = self.mode();
        if !self.pointer.is_used || mode.is_typed() || matches!(mode, Mode::Dialog | Mode::Count) {
            self.pointer.is_seeking = false;
            return;
        }
        self.now = now;
        self.is_dirty = true;
        let Pointing { x, y, deed } = pointing;
        let spot = self.layout().at(x, y);
        match deed {
            Deed::Press => self.click(spot),
            Deed::Drag if self.pointer.is_seeking => self.seek_to_column(x),
            Deed::Drag => (),
            Deed::Release => self.pointer.is_seeking = false,
            Deed::Wheel(rows) => self.scroll(spot, rows),
        }
        self.settle();
    }

    fn click(&mut self, spot: Spot) {
        match spot {
            Spot::Title(pane, column) => {
                let is_one_of_all = !self.layout().side_by_side
                    && title::has_all(self.shelves(), usize::from(self.layout().pane(pane).width));
                let named = title::named_at(self.shelves(), usize::from(column));
                self.focus(named.filter(|_| is_one_of_all).unwrap_or(pane));
            }
            Spot::Row(pane, line) => self.click_row(pane, line),
            Spot::Pane(pane) => self.focus(pane),
            Spot::Timeline(column) => {
                self.pointer.is_seeking = true;
                self.seek_to_column(column);
            }
            Spot::Page | Spot::Elsewhere => (),
        }
    }

    /// Selects a row; what is selected already is opened, as Enter does.
    fn click_row(&mut self, pane: Pane, line: usize) {
        let is_board = matches!(self.mode(), Mode::Board | Mode::Problems | Mode::Charts);
        let had_keys = is_board && self.board.focus == pane;
        self.focus(pane);
        let (shelves, height) = (self.finding.shelves(self.session.store()), self.layout().rows(pane));
        let store = shelves.store;
        let reached = match pane {
            Pane::Runs => self.board.runs.to_line(shelves.runs(), height, line),
            Pane::Suspended => self.board.suspended.to_line(shelves.suspended(), height, line),
            Pane::Problems => {
                let (cursor, n_kept) = (self.board.problems, store.problems().kept().len());
                let number = cursor.top(store, height) + line;
                (number < n_kept).then(|| {
                    self.board.problems.go_to(store, height, number);
                    if cursor.selected() == number { Reached::Again } else { Reached::Moved }
                })
            }
            Pane::Attempts | Pane::Charts => None,
        };
        if had_keys && reached == Some(Reached::Again) {
            self.open();
        }
    }

    /// Scrolls what is under the pointer, which need not have the keys.
    fn scroll(&mut self, spot: Spot, rows: isize) {
        let pane = match spot {
            Spot::Page => None,
            Spot::Title(pane, _) | Spot::Row(pane, _) | Spot::Pane(pane) => Some(pane),
            Spot::Timeline(_) | Spot::Elsewhere => return,
        };
        let distance = Distance::Rows(rows);
        let height = pane.map_or(0, |pane| self.layout().rows(pane));
        let shelves = self.finding.shelves(self.session.store());
        match pane {
            None => self.scroll_page(distance),
            Some(Pane::Charts) => self.scroll_charts(distance),
            Some(Pane::Runs) => self.board.runs.scroll(shelves.runs(), height, rows),
            Some(Pane::Suspended) => self.board.suspended.scroll(shelves.suspended(), height, rows),
            Some(Pane::Problems) => self.board.problems.scroll(shelves.store, height, rows),
            Some(Pane::Attempts) => (),
        }
    }

    /// Goes to the instant that a column of the time line stands for.
    fn seek_to_column(&mut self, column: u16) {
        let line = self.travel.timeline(&self.session.history);
        let bar = line.bar(self.clock(), usize::from(self.layout().timeline.width));
        if bar.width > 0 {
            let goal = line.goal(usize::from(column).saturating_sub(bar.x), bar.width);
            self.go_to(goal);
        }
    }
}

#[cfg(test)]
mod tests;
