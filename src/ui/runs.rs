//! The pane of runs by state: a header a section, a row a run.

mod columns;
mod mark;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::pen::Pen;
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::app::App;
use crate::model::state::RunState;
use crate::model::time;
use crate::view::format::{age, count};
use crate::view::layout::heading_lines;
use crate::view::list::Row;
use crate::view::summary::Flow;
use crate::view::{Fold, Pane, RunRow};
pub(super) use columns::Columns;

/// The pane.
pub(super) struct Runs<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for Runs<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let (app, theme) = (self.app, self.theme);
        let list = &app.board().runs;
        let body = below(area, 1);
        let heading = heading_lines(Pane::Runs, body.height);
        let rows = below(body, heading);
        let height = usize::from(rows.height);
        let outline = list.outline(app.store(), height);
        let top = list.top(&outline, height);
        let last = outline.len().min(top + height);
        let position = Some((top + 1, last, outline.len()));
        let remark = list.follows().then_some("following");
        Title { app, theme, pane: Pane::Runs, position, remark }.render(area, buf);
        if outline.is_empty() {
            self.empty(rows, buf);
            return;
        }
        let columns = Columns::of(area.width);
        if heading > 0 {
            columns.heading(Pen::at(buf, theme, body, 0));
        }
        let selected = list.place(&outline);
        for ((line, number), row) in (0..rows.height).zip(top..).zip(outline.rows(top)) {
            let mut pen = Pen::at(buf, theme, rows, line);
            pen.cursor(number == selected, app.has_keys(Pane::Runs));
            self.row(row, &columns, pen);
        }
    }
}

impl Runs<'_> {
    fn row(&self, row: Row, columns: &Columns, pen: Pen<'_>) {
        match row {
            Row::Header { state, count, fold } => self.header(state, count, fold, columns, pen),
            Row::Run(key) => {
                let row = RunRow::of(self.app.store(), key, self.app.second());
                let mark = self.app.standing(row.id).map(mark::mark);
                columns.row(&row, mark, pen);
            }
            Row::More { hidden, .. } => more(self.theme, hidden, pen),
        }
    }

    fn header(&self, state: RunState, n_runs: usize, fold: Fold, columns: &Columns, mut pen: Pen<'_>) {
        let glyph = match fold {
            Fold::Closed => Glyph::Closed,
            Fold::Peek | Fold::Open => Glyph::Open,
        };
        pen.own(Meaning::Dim, self.theme.glyph(glyph));
        pen.skip(1);
        pen.own(Meaning::State(state), self.theme.state(state));
        pen.skip(1);
        pen.own(Meaning::Title, state.name());
        pen.own(Meaning::Dim, &format!("  {}", count(n_runs)));
        let (word, since) = self.wait(state);
        let room = columns.after_age();
        pen.skip_to_last(room + word.len() + 7);
        pen.own(Meaning::Dim, word);
        pen.right(Meaning::Dim, &age(since), 7);
    }

    /// How long the run has waited that waits longest; for runs that have ended, when the last one did.
    fn wait(&self, state: RunState) -> (&'static str, Option<u64>) {
        let store = self.app.store();
        let lane = store.lane(state);
        let (word, key) =
            if state.is_terminal() { ("latest", lane.latest(0).next()) } else { ("oldest", lane.oldest()) };
        let since = key.map(|key| store.run(key).instance.last_state_change_at());
        (word, since.and_then(|at| time::age(at, self.app.second())))
    }

    fn empty(&self, area: Rect, buf: &mut Buffer) {
        let mut pen = Pen::at(buf, self.theme, area, 1);
        pen.skip(2);
        let summary = self.app.summary();
        let (before, after) = match summary.flow {
            Flow::Waiting => ("Waiting for ", " to appear"),
            Flow::Ended => ("There was no event of a run in ", "."),
            _ => ("Waiting for the first event of ", ""),
        };
        pen.own(Meaning::Dim, before);
        let room = pen.left().saturating_sub(after.len() + 4);
        pen.log(Meaning::Text, summary.name, room);
        pen.own(Meaning::Dim, after);
        if summary.flow != Flow::Ended {
            pen.own(Meaning::Dim, &format!(" {}", self.theme.glyph(Glyph::More)));
        }
    }
}

fn more(theme: Theme, hidden: usize, mut pen: Pen<'_>) {
    pen.skip(3);
    pen.own(Meaning::Dim, &format!("{} {} more", theme.glyph(Glyph::More), count(hidden)));
}

/// An area without its first lines.
pub(super) fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}
