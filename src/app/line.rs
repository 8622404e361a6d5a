//! The page of a problem: what is wrong, and the line of the log that says it, read again.

use super::App;
use super::scroll::Distance;
use crate::input::Action;
use crate::model::position::Position;
use crate::view::detail::Line;
use crate::view::problems;

/// The line of the problem under the cursor.
#[derive(Debug, Default)]
pub(super) struct LinePage {
    /// How far the page is scrolled.
    top: usize,
    /// The line, once it was read again, and where it stands.
    raw: Option<(Position, String)>,
}

impl App {
    /// The page of the problem under the cursor, when it is open: its number, its lines, and how far it is scrolled.
    #[must_use]
    pub fn problem_page(&self) -> Option<(usize, Vec<Line>, usize)> {
        let page = self.line.as_ref()?;
        let problem = self.board.problems.problem(self.history.store())?;
        let area = self.layout().page();
        let raw = page.raw.as_ref().filter(|(place, _)| place.is_same(problem.place));
        let lines = problems::page(problem, raw.map(|(_, text)| text.as_str()), usize::from(area.width));
        let last = lines.len().saturating_sub(usize::from(area.height));
        Some((self.board.problems.selected() + 1, lines, page.top.min(last)))
    }

    pub(super) fn open_line(&mut self) {
        if self.board.problems.problem(self.history.store()).is_some() {
            self.line = Some(LinePage::default());
        }
    }

    /// Closes the page of a problem that is not there at the instant at hand.
    pub(super) fn settle_line(&mut self) {
        if self.board.problems.problem(self.history.store()).is_none() {
            self.line = None;
        }
    }

    pub(super) fn scroll_line(&mut self, distance: Distance) {
        let height = usize::from(self.layout().page().height);
        let Some((_, lines, top)) = self.problem_page() else { return };
        let last = lines.len().saturating_sub(height);
        let to = match distance {
            Distance::Key(Action::Top) => 0,
            Distance::Key(Action::Bottom) => last,
            _ => top.saturating_add_signed(distance.steps(height)).min(last),
        };
        self.line.iter_mut().for_each(|page| page.top = to);
    }

    /// The line that the open page of a problem wants to show and does not have.
    pub(super) fn wanted_line_of_problem(&self) -> Option<Position> {
        let (page, wanted) = (self.line.as_ref()?, self.board.problems.problem(self.history.store())?.place);
        page.raw.as_ref().is_none_or(|(place, _)| !place.is_same(wanted)).then_some(wanted)
    }

    pub(super) fn give_line_of_problem(&mut self, place: Position, text: String) {
        if let Some(page) = &mut self.line {
            page.raw = Some((place, text));
            self.is_dirty = true;
        }
    }
}
