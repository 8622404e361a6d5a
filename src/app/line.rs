//! The page of a problem: the reason, and the line of the log that says it, read again.

use super::context::Context;
use crate::model::position::Position;
use crate::view::detail::DetailLine;
use crate::view::problems;

/// The page of the problem under the cursor.
#[derive(Debug, Default)]
pub(super) struct ProblemPage {
    /// Lines above the screen.
    pub(super) top: usize,
    /// The line, once it was read again, and its place.
    raw: Option<(Position, String)>,
}

impl ProblemPage {
    /// The lines of the page; none when there is no problem at the instant at hand.
    pub(super) fn lines(&self, cx: &Context<'_>) -> Option<Vec<DetailLine>> {
        let problem = cx.problem()?;
        let raw = self.raw.as_ref().filter(|(place, _)| place.is_same(problem.place));
        Some(problems::page(problem, cx.ids(), raw.map(|(_, text)| text.as_str()), cx.width()))
    }

    /// The line that the page wants to show and does not have.
    pub(super) fn wanted_line(&self, cx: &Context<'_>) -> Option<Position> {
        let wanted = cx.problem()?.place;
        self.raw.as_ref().is_none_or(|(place, _)| !place.is_same(wanted)).then_some(wanted)
    }

    pub(super) fn give_line(&mut self, place: Position, text: String) {
        self.raw = Some((place, text));
    }
}
