//! The pane of problems: what the log did that it may not do, line by line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::page;
use super::pen::Pen;
use super::runs::below;
use super::theme::{Meaning, Theme};
use super::title::Title;
use crate::app::App;
use crate::store::Problem;
use crate::view::Pane;
use crate::view::format::{sequence, thousands};
use crate::view::layout::explained_lines;
use crate::view::problems::{brief, shown, whole};

/// The pane.
pub(super) struct Problems<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

/// What there is room for.
struct Columns {
    has_byte: bool,
    has_sequence: bool,
    has_run: bool,
}

const LINE: usize = 10;
const BYTE: usize = 14;
const SEQUENCE: usize = 11;
const KIND: usize = 13;
const RUN: usize = 10;

impl Widget for Problems<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let (app, theme) = (self.app, self.theme);
        let problems = app.store().problems();
        let rows = below(area, 2);
        let height = app.layout().rows(Pane::Problems);
        let cursor = app.board().problems;
        let top = cursor.top(app.store(), height);
        let n_kept = problems.kept().len();
        let position = Some((top + 1, n_kept.min(top + height), n_kept));
        let are_cut = problems.total() > n_kept as u64;
        let remark = match (are_cut, app.query()) {
            (true, _) => Some("the first are kept,"),
            // A log's faults are not those of the runs that somebody looks for.
            (false, Some(_)) => Some("of all runs"),
            (false, None) => None,
        };
        Title { app, theme, pane: Pane::Problems, position, remark }.render(area, buf);
        if n_kept == 0 {
            let mut pen = Pen::at(buf, theme, rows, 0);
            pen.skip(2);
            pen.own(Meaning::Dim, "The log has done nothing that it may not do.");
            return;
        }
        let columns = Columns::of(area.width);
        columns.heading(Pen::at(buf, theme, below(area, 1), 0));
        for (line, (number, problem)) in (0..).zip(shown(app.store(), top, height)) {
            let mut pen = Pen::at(buf, theme, rows, line);
            pen.cursor(number == cursor.selected(), app.has_keys(Pane::Problems));
            columns.row(problem, pen);
        }
        self.explain(area, buf);
    }
}

impl Problems<'_> {
    /// Tells the problem under the cursor whole, below the list.
    fn explain(&self, area: Rect, buf: &mut Buffer) {
        let body = below(area, 1);
        let lines = explained_lines(Pane::Problems, body.height);
        let place = below(body, body.height - lines);
        let Some(problem) = self.app.board().problems.problem(self.app.store()) else { return };
        if lines > 0 {
            Pen::at(buf, self.theme, place, 0).rule();
            let width = usize::from(place.width.saturating_sub(1));
            page::lines(self.theme, &whole(problem, width), below(place, 1), buf);
        }
    }
}

impl Columns {
    const fn of(width: u16) -> Self {
        Self { has_byte: width >= 110, has_sequence: width >= 70, has_run: width >= 56 }
    }

    fn heading(&self, mut pen: Pen<'_>) {
        pen.skip(1);
        pen.right(Meaning::Dim, "line", LINE);
        if self.has_byte {
            pen.right(Meaning::Dim, "byte", BYTE);
        }
        if self.has_sequence {
            pen.right(Meaning::Dim, "sequence", SEQUENCE);
        }
        pen.skip(2);
        if self.has_run {
            pen.cell(Meaning::Dim, "run", RUN);
        }
        pen.cell(Meaning::Dim, "kind", KIND);
        pen.own(Meaning::Dim, "reason");
    }

    fn row(&self, problem: &Problem, mut pen: Pen<'_>) {
        pen.right(Meaning::Text, &thousands(problem.place.line), LINE);
        if self.has_byte {
            pen.right(Meaning::Dim, &thousands(problem.place.offset), BYTE);
        }
        if self.has_sequence {
            let words = problem.sequence.map_or_else(|| "?".to_owned(), sequence);
            pen.right(Meaning::Dim, &words, SEQUENCE);
        }
        pen.skip(2);
        if self.has_run {
            let run = problem.run.map(|run| run.short()).unwrap_or_default();
            pen.cell(Meaning::Text, &run, RUN);
        }
        pen.cell(Meaning::Warn, problem.kind.label(), KIND);
        let room = pen.left();
        pen.log(Meaning::Text, &brief(problem), room);
    }
}
