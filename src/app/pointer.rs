//! The mouse, while it is used: a click selects, the wheel scrolls what is under it, a drag on the time line seeks.
//!
//! A click is made on what is seen, so nothing is sent and nothing is answered by it: while a question is open or a
//! text is typed, the mouse does nothing.

use super::scroll::Distance;
use super::{App, Now, Step};
use crate::input::{Deed, Mode, Pointing};
use crate::view::Pane;
use crate::view::layout::Spot;

/// State of the mouse.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    /// The user has turned it on.
    is_used: bool,
    /// The button went down on the time line, and is still down.
    is_seeking: bool,
}

impl Pointer {
    /// Is true when the mouse is used here, and not left to the terminal.
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
        let (around, layout) = (self.surroundings(), self.layout());
        let shelves = self.finding.shelves(self.session.store());
        let mut column = None;
        match (deed, layout.at(x, y)) {
            (Deed::Press, Spot::Timeline(at)) => {
                self.pointer.is_seeking = true;
                column = Some(at);
            }
            (Deed::Press, spot) => {
                let remark = self.board.click(spot, shelves, around);
                self.report(remark);
            }
            (Deed::Drag, _) => column = self.pointer.is_seeking.then_some(x),
            (Deed::Release, _) => self.pointer.is_seeking = false,
            (Deed::Wheel(rows), Spot::Page) => self.scroll_page(Distance::Rows(rows)),
            (Deed::Wheel(rows), Spot::Title(pane, _) | Spot::Row(pane, _) | Spot::Pane(pane)) => match pane {
                Pane::Charts => self.scroll_page(Distance::Rows(rows)),
                _ => self.board.scroll(pane, shelves, &layout, rows),
            },
            (Deed::Wheel(_), Spot::Timeline(_) | Spot::Elsewhere) => (),
        }
        let goal = column.and_then(|at| self.travel.goal_at(&self.context(), at, layout.timeline.width));
        if let Some(goal) = goal {
            let remarks = self.travel.go_to(goal, &self.session.history);
            self.report(remarks);
        }
        self.settle();
    }
}

#[cfg(test)]
mod tests;
