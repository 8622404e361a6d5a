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
use crate::query::waiting::Scene;
use crate::view::arrange::{GroupId, Grouping};
use crate::view::format::{age, count, thousands};
use crate::view::layout::heading_lines;
use crate::view::list::Row;
use crate::view::summary::Flow;
use crate::view::{Column, Fold, Pane, RunRow};
pub(super) use columns::{Beside, Columns};

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
        let outline = list.outline(app.shelves().runs(), height);
        let top = list.top(&outline, height);
        let last = outline.len().min(top + height);
        let position = Some((top + 1, last, outline.len()));
        let remark = list.follows().then_some("following");
        Title { app, theme, pane: Pane::Runs, position, remark }.render(area, buf);
        if outline.is_empty() {
            self.empty(rows, buf);
            return;
        }
        let columns = Columns::of(area.width, app.taste().columns.as_deref(), app.sort());
        if heading > 0 {
            columns.heading(Pen::at(buf, theme, body, 0));
        }
        let selected = list.place(&outline);
        let scene = columns.has(Column::Waiting).then(|| Scene::of(app.store(), app.second()));
        for ((line, number), row) in (0..rows.height).zip(top..).zip(outline.rows(top)) {
            let mut pen = Pen::at(buf, theme, rows, line);
            pen.cursor(number == selected, app.has_keys(Pane::Runs));
            self.row(row, &columns, scene.as_ref(), pen);
        }
    }
}

impl Runs<'_> {
    fn row(&self, row: Row, columns: &Columns, scene: Option<&Scene>, pen: Pen<'_>) {
        match row {
            Row::Header { section, count, fold } => self.header(section, count, fold, columns, pen),
            Row::Run(key) => {
                let (store, now) = (self.app.store(), self.app.second());
                let row = RunRow::of(store, key, now);
                let standing = self.app.standing(row.id).map(mark::mark);
                let is_marked = self.app.is_marked(key);
                let beside = Beside { store, key, now, clock: self.app.clock(), is_marked, scene };
                columns.row(&row, beside, standing, pen);
            }
            Row::More { hidden, .. } => more(self.theme, hidden, pen),
        }
    }

    fn header(&self, section: GroupId, n_runs: usize, fold: Fold, columns: &Columns, mut pen: Pen<'_>) {
        let glyph = match fold {
            Fold::Closed => Glyph::Closed,
            Fold::Peek | Fold::Open => Glyph::Open,
        };
        pen.own(Meaning::Dim, self.theme.glyph(glyph));
        pen.skip(1);
        let GroupId::State(state) = section else {
            self.named(section, n_runs, &mut pen);
            return;
        };
        pen.own(Meaning::State(state), self.theme.state(state));
        pen.skip(1);
        pen.own(Meaning::Title, state.name());
        pen.own(Meaning::Dim, &format!("  {}", count(n_runs)));
        let (word, since) = self.wait(state);
        let room = columns.after_age() + word.len() + 7;
        let n_gone = self.app.store().n_gone_of(state);
        let words = format!("  + {} only counted", thousands(n_gone));
        if n_gone > 0 && self.app.query().is_none() && pen.left() > room + words.len() {
            pen.own(Meaning::Dim, &words);
        }
        if since.is_none() {
            return;
        }
        pen.skip_to_last(room);
        pen.own(Meaning::Dim, word);
        pen.right(Meaning::Dim, &age(since.flatten()), 7);
    }

    /// How long the run has waited that waits longest; for runs that have ended, when the last one did.
    fn wait(&self, state: RunState) -> (&'static str, Option<Option<u64>>) {
        let (shelf, section) = (self.app.shelves().runs(), GroupId::State(state));
        let (word, key) = if state.is_terminal() {
            ("latest", shelf.newest(section))
        } else {
            ("oldest", shelf.oldest(section))
        };
        let since = key.map(|key| self.app.store().changed_at(key));
        (word, since.map(|at| time::age(at, self.app.second())))
    }

    /// The header of the runs of a task or of an owner, with how many of them are in which state.
    fn named(&self, section: GroupId, n_runs: usize, pen: &mut Pen<'_>) {
        let app = self.app;
        let nobody = if app.grouping() == Grouping::Owner { "no owner" } else { "no name" };
        let states = app.shelves().runs().states_of(section);
        let states: Vec<_> =
            RunState::LANES.into_iter().filter(|state| states[*state as usize] > 0).collect();
        let of = app.shelves().runs().states_of(section);
        let words = |state: RunState| count(of[state as usize] as usize);
        let needs: usize = states.iter().map(|state| words(*state).len() + 3).sum();
        let number = format!("  {}", count(n_runs));
        let room = pen.left().saturating_sub(needs + number.len() + 2);
        match section {
            GroupId::Named(Some(name)) => pen.log(Meaning::Title, app.store().text(name), room),
            _ => pen.own(Meaning::Dim, nobody),
        }
        pen.own(Meaning::Dim, &number);
        pen.skip_to_last(needs + 1);
        for state in states {
            pen.own(Meaning::State(state), self.theme.state(state));
            pen.own(Meaning::Text, &words(state));
            pen.skip(2);
        }
    }

    fn empty(&self, area: Rect, buf: &mut Buffer) {
        let mut pen = Pen::at(buf, self.theme, area, 1);
        pen.skip(2);
        if self.app.query().is_some() {
            let words = match self.app.looked_through() {
                Some(_) => "Looking through the runs.",
                None => "No run answers this query.",
            };
            pen.own(Meaning::Dim, words);
            return;
        }
        let unread = self.app.unread();
        if !unread.is_empty() {
            for (row, words) in (1..).zip(unread) {
                let mut pen = Pen::at(buf, self.theme, area, row);
                pen.skip(2);
                let room = pen.left().saturating_sub(2);
                pen.log(if row == 1 { Meaning::Warn } else { Meaning::Text }, &words, room);
            }
            return;
        }
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
