//! The pane of problems: what the log did that it may not do, line by line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::page;
use super::runs::below;
use super::theme::{Meaning, Theme};
use super::title::Title;
use crate::store::Problem;
use crate::view::format::{squeezed, thousands};
use crate::view::layout::explained_lines;
use crate::view::panes::Shared;
use crate::view::problems::{beside, brief, shown, whole};
use crate::view::screen::ProblemsPane;
use crate::view::{Ids, Pane};

/// The pane.
pub(super) struct ProblemsWidget<'a> {
    pub(super) pane: ProblemsPane<'a>,
    pub(super) shared: &'a Shared<'a>,
    pub(super) theme: Theme,
}

/// Columns that there is room for.
struct Columns<'a> {
    ids: Ids<'a>,
    /// Columns of a line's number, of a byte's and of a sequence.
    widths: [usize; 3],
    has_byte: bool,
    has_sequence: bool,
    has_run: bool,
}

/// Columns of a line's number, of a byte's and of a sequence; more where those that are shown are longer.
const LEAST: [usize; 3] = [10, 14, 11];
const KIND: usize = 13;

impl Widget for ProblemsWidget<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let Self { pane, shared, theme } = self;
        let ProblemsPane { cursor, height, earlier } = pane;
        let store = shared.shelves.store;
        let problems = store.problems();
        let rows = below(area, 2);
        let top = cursor.top(store, height);
        let n_kept = problems.kept().len();
        let position = Some((top + 1, n_kept.min(top + height), n_kept));
        let are_cut = problems.total() > n_kept as u64;
        let remark = match (are_cut, shared.has_query) {
            (true, _) => Some("the first are kept,"),
            // The problems of a log are not those of the runs that a query finds.
            (false, true) => Some("of all runs"),
            (false, false) => None,
        };
        Title { shared, theme, pane: Pane::Problems, position, remark }.render(area, buf);
        if n_kept == 0 {
            let mut pen = LineWriter::at(buf, theme, rows, 0);
            pen.skip(2);
            pen.own(Meaning::Dim, "The log has done nothing that it may not do.");
            if let Some(earlier) = earlier {
                let width = usize::from(rows.width.saturating_sub(1));
                page::lines(theme, &beside(earlier, width), below(rows, 2), buf);
            }
            return;
        }
        let columns = Columns::of(area.width, shared.ids, problems.kept().last());
        columns.heading(LineWriter::at(buf, theme, below(area, 1), 0));
        for (line, (number, problem)) in (0..).zip(shown(store, top, height)) {
            let mut pen = LineWriter::at(buf, theme, rows, line);
            pen.cursor(number == cursor.selected(), shared.has_keys(Pane::Problems));
            columns.row(problem, pen);
        }
        self.explain(area, buf);
    }
}

impl ProblemsWidget<'_> {
    /// Tells the problem under the cursor whole, below the list.
    fn explain(&self, area: Rect, buf: &mut Buffer) {
        let body = below(area, 1);
        let lines = explained_lines(Pane::Problems, body.height);
        let place = below(body, body.height - lines);
        let Some(problem) = self.pane.cursor.problem(self.shared.shelves.store) else { return };
        if lines > 0 {
            LineWriter::at(buf, self.theme, place, 0).rule();
            let width = usize::from(place.width.saturating_sub(1));
            page::lines(self.theme, &whole(problem, self.shared.ids, width), below(place, 1), buf);
        }
    }
}

impl<'a> Columns<'a> {
    /// For a pane of this width. The last problem has the longest numbers, or nearly so.
    fn of(width: u16, ids: Ids<'a>, last: Option<&Problem>) -> Self {
        let mut widths = LEAST;
        if let Some(Problem { place, sequence, .. }) = last {
            let longest = [place.line(), place.byte(), sequence.unwrap_or(0).saturating_mul(10)];
            for (width, longest) in widths.iter_mut().zip(longest) {
                *width = (*width).max(thousands(longest).len() + 1);
            }
        }
        Self { ids, widths, has_byte: width >= 110, has_sequence: width >= 70, has_run: width >= 56 }
    }

    fn heading(&self, mut pen: LineWriter<'_>) {
        let [line, byte, at] = self.widths;
        pen.skip(1);
        pen.right(Meaning::Dim, "line", line);
        if self.has_byte {
            pen.right(Meaning::Dim, "byte", byte);
        }
        if self.has_sequence {
            pen.right(Meaning::Dim, "sequence", at);
        }
        pen.skip(2);
        if self.has_run {
            pen.cell(Meaning::Dim, "run", self.ids.run_columns() + 2);
        }
        pen.cell(Meaning::Dim, "kind", KIND);
        pen.own(Meaning::Dim, "reason");
    }

    fn row(&self, problem: &Problem, mut pen: LineWriter<'_>) {
        let [line, byte, at] = self.widths;
        pen.right(Meaning::Text, &squeezed(problem.place.line(), line - 1), line);
        if self.has_byte {
            pen.right(Meaning::Dim, &squeezed(problem.place.byte(), byte - 1), byte);
        }
        if self.has_sequence {
            let words = problem.sequence.map(|sequence| format!("#{}", squeezed(sequence, at - 2)));
            pen.right(Meaning::Dim, words.as_deref().unwrap_or("?"), at);
        }
        pen.skip(2);
        if self.has_run {
            let run = problem.run.map(|run| self.ids.run(run)).unwrap_or_default();
            pen.id(Meaning::Text, &run, self.ids.run_columns() + 2);
        }
        pen.cell(Meaning::Warn, problem.kind.label(), KIND);
        let room = pen.left();
        pen.words(Meaning::Text, &brief(problem, self.ids), room);
    }
}
