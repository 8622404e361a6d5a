//! The problems of the log, as many as the pane is high. They are only ever added, so that a number stays true.

use std::borrow::Cow;

use super::Ids;
use super::detail::{DetailLine, Tone, fact, indented, raw_lines};
use super::format::sequence;
use crate::model::text;
use crate::store::{Problem, Store};

/// The selected problem, and the scroll position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProblemCursor {
    selected: usize,
    top: usize,
}

impl ProblemCursor {
    /// The number of the problem under the cursor.
    #[must_use]
    pub const fn selected(self) -> usize {
        self.selected
    }

    /// The number of the first problem that a pane of `height` lines shows.
    #[must_use]
    pub fn top(self, store: &Store, height: usize) -> usize {
        let last_top = store.problems().kept().len().saturating_sub(height);
        let lowest = (self.selected + 1).saturating_sub(height.max(1));
        self.top.clamp(lowest, self.selected.max(lowest)).min(last_top)
    }

    /// The problem under the cursor.
    #[must_use]
    pub fn problem(self, store: &Store) -> Option<&Problem> {
        store.problems().kept().get(self.selected)
    }

    /// Moves the cursor by `steps` problems.
    pub fn step(&mut self, store: &Store, height: usize, steps: isize) {
        self.go_to(store, height, self.selected.saturating_add_signed(steps));
    }

    /// Scrolls down the list or up, as far as there are problems; the cursor stays on its line of the pane.
    pub fn scroll(&mut self, store: &Store, height: usize, rows: isize) {
        let top = self.top(store, height);
        let last_top = store.problems().kept().len().saturating_sub(height);
        let to = top.saturating_add_signed(rows).min(last_top);
        self.selected = to + (self.selected - top);
        self.top = to;
    }

    /// Moves the cursor to the problem with this number, or to the last one.
    pub fn go_to(&mut self, store: &Store, height: usize, number: usize) {
        let top = self.top(store, height);
        self.selected = number.min(store.problems().kept().len().saturating_sub(1));
        self.top = top;
        self.top = self.top(store, height);
    }
}

/// The reason in a row that names the run already: with the run's short id, as there is little room.
#[must_use]
pub fn brief<'a>(problem: &'a Problem, ids: Ids<'_>) -> Cow<'a, str> {
    match problem.run {
        Some(run) => problem.reason.replacen(&*ids.text(run), &ids.run(run), 1).into(),
        None => problem.reason.as_str().into(),
    }
}

/// A problem whole, in lines of at most `width` columns. Where an id has no room beside other words, it has a line of
/// its own, and is not repeated.
#[must_use]
pub fn whole(problem: &Problem, ids: Ids<'_>, width: usize) -> Vec<DetailLine> {
    let run = problem.run.map(|run| ids.whole(run));
    let words = run.as_ref().map_or_else(String::new, |run| format!("run {run}, "));
    let head = format!("  {words}{}", problem.place);
    let is_narrow = text::width(&head) > width;
    let mut lines = match run.filter(|_| is_narrow) {
        Some(run) => indented("  ", Tone::Dim, &run, width),
        None => vec![],
    };
    let head = if lines.is_empty() { head } else { format!("  {}", problem.place) };
    lines.push(DetailLine::empty().with(Tone::Dim, head));
    let reason = if is_narrow { brief(problem, ids) } else { problem.reason.as_str().into() };
    lines.extend(indented("  ", Tone::Plain, &reason, width));
    lines
}

/// A problem with its line of the log, once that was read again, in lines of at most `width` columns.
#[must_use]
pub fn page(problem: &Problem, ids: Ids<'_>, raw: Option<&str>, width: usize) -> Vec<DetailLine> {
    let mut lines = fact("problem", Tone::Title, problem.kind.label(), width);
    lines.extend(fact("place", Tone::Plain, &problem.place.to_string(), width));
    if let Some(number) = problem.sequence {
        lines.extend(fact("sequence", Tone::Plain, &sequence(number), width));
    }
    if let Some(run) = problem.run {
        lines.extend(fact("run", Tone::Plain, &ids.whole(run), width));
    }
    lines.extend(fact("reason", Tone::Plain, &problem.reason, width));
    lines.extend([DetailLine::empty(), DetailLine::empty().with(Tone::Title, "DetailLine")]);
    lines.extend(raw.map(|raw| raw_lines(raw, width)).unwrap_or_default());
    lines
}

/// The note about generations that lie beside a log, in lines of at most `width` columns.
#[must_use]
pub fn beside(note: &str, width: usize) -> Vec<DetailLine> {
    indented("  ", Tone::Plain, note, width)
}

/// Yields the problems that a pane shows, with their numbers.
pub fn shown(store: &Store, top: usize, height: usize) -> impl Iterator<Item = (usize, &Problem)> {
    store.problems().kept().iter().enumerate().skip(top).take(height)
}
