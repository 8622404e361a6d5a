//! The pane of runs that do not go on: why, on what budget, and since when.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::Pen;
use super::names::Names;
use super::runs::below;
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::app::App;
use crate::engine::waiting::{Cause, Scene};
use crate::model::facts::Budget;
use crate::store::RunKey;
use crate::view::arrange::GroupId;
use crate::view::format::{SHORT, age, count, squeezed};
use crate::view::list::Row;
use crate::view::row::description;
use crate::view::suspended::Stop;
use crate::view::{Fold, Pane, RunRow, waiting};

/// The fewest columns of a reason that stands before a budget.
const LEAST: usize = 10;
const AGE: usize = 8;
/// The width from which a row has its task beside the reason.
const WITH_TASK: usize = 60;

/// The pane.
pub(super) struct Suspended<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for Suspended<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let (app, theme) = (self.app, self.theme);
        let list = &app.board().suspended;
        let rows = below(area, 1);
        let height = usize::from(rows.height);
        let outline = list.outline(app.shelves().suspended(), height);
        let top = list.top(&outline, height);
        let position = Some((top + 1, outline.len().min(top + height), outline.len()));
        let remark = list.follows().then_some("following");
        Title { app, theme, pane: Pane::Suspended, position, remark }.render(area, buf);
        if outline.is_empty() {
            let mut pen = Pen::at(buf, theme, rows, 1);
            pen.skip(2);
            let words = match app.query() {
                Some(_) => "No such run is suspended or awaiting.",
                None => "No run is suspended or awaiting.",
            };
            pen.own(Meaning::Dim, words);
            return;
        }
        let selected = list.place(&outline);
        let shown: Vec<Row> = outline.rows(top).take(height).collect();
        let names = Names::of(shown.iter().filter_map(|row| self.name(row)));
        for ((line, number), row) in (0..rows.height).zip(top..).zip(shown) {
            let mut pen = Pen::at(buf, theme, rows, line);
            pen.cursor(number == selected, app.has_keys(Pane::Suspended));
            self.row(row, &names, pen);
        }
    }
}

impl Suspended<'_> {
    /// What the task of a row is called.
    fn name(&self, row: &Row) -> Option<&str> {
        let Row::Run(key) = row else { return None };
        let store = self.app.store();
        description(store, &store.task(store.run(*key).task))
    }

    fn row(&self, row: Row, names: &Names<'_>, mut pen: Pen<'_>) {
        match row {
            Row::Header { section: GroupId::State(state), count: n_runs, fold } => {
                let glyph = if fold == Fold::Closed { Glyph::Closed } else { Glyph::Open };
                pen.own(Meaning::Dim, self.theme.glyph(glyph));
                pen.skip(1);
                pen.own(Meaning::State(state), self.theme.state(state));
                pen.skip(1);
                pen.own(Meaning::Title, state.name());
                pen.own(Meaning::Dim, &format!("  {}", count(n_runs)));
            }
            // This pane has no other sections.
            Row::Header { .. } => (),
            Row::Run(key) => self.run(key, names, pen),
            Row::More { hidden, .. } => {
                pen.skip(2);
                pen.own(Meaning::Dim, &format!("{} {} more", self.theme.glyph(Glyph::More), count(hidden)));
            }
        }
    }

    fn run(&self, key: RunKey, names: &Names<'_>, mut pen: Pen<'_>) {
        let store = self.app.store();
        let row = RunRow::of(store, key, self.app.second());
        let stop = Stop::of(store, key);
        pen.skip(1);
        pen.own(Meaning::State(row.state), self.theme.state(row.state));
        pen.skip(1);
        let ids = self.app.ids();
        pen.id(Meaning::Text, &ids.run(row.id), ids.run_columns() + 2);
        if pen.left() >= WITH_TASK {
            let task = (pen.left() - AGE) * 2 / 5;
            let end = pen.left() - task;
            match row.description {
                Some(description) => pen.name(Meaning::Text, description, names, task - 2),
                None => pen.id(Meaning::Dim, &ids.task(row.task), task - 2),
            }
            pen.skip_to_last(end);
        }
        // Beside a reason that is not seen at all a budget says little.
        let room = pen.left().saturating_sub(AGE + 1 + LEAST);
        let budget = stop.budget.and_then(|budget| budget_words(budget, room)).unwrap_or_default();
        let reason = pen.left().saturating_sub(AGE + budget.len() + 1);
        let (words, is_stuck) = self.words(key, &stop);
        let end = pen.left() - reason.min(pen.left());
        pen.words(if is_stuck { Meaning::Bad } else { Meaning::Text }, &words, reason);
        pen.skip_to_last(end);
        if !budget.is_empty() {
            pen.skip(1);
            let is_used_up = stop.budget.is_some_and(|budget| budget.exhausted);
            pen.own(if is_used_up { Meaning::Warn } else { Meaning::Dim }, &budget);
        }
        pen.skip_to_last(AGE);
        pen.right(Meaning::Dim, &age(row.age), AGE - 1);
    }

    /// Why a run does not go on, and whether nothing will move it. What awaits may have a deadline.
    fn words<'s>(&self, key: RunKey, stop: &Stop<'s>) -> (Cow<'s, str>, bool) {
        let (store, now) = (self.app.store(), self.app.second());
        let waiting = Scene::of_run(store, key).why(store, key, now);
        match waiting.filter(|waiting| !matches!(waiting.cause, Cause::Suspended { .. })) {
            Some(waiting) => (waiting::short(store, &waiting, self.app.ids(), now).into(), waiting.is_stuck),
            None => (stop.words().into(), false),
        }
    }
}

/// `Token 120/100`, in at most `room` columns; nothing where that has no room.
pub(super) fn budget_words(budget: &Budget, room: usize) -> Option<String> {
    let Budget { consumed, limit, .. } = budget;
    let words = |digits| {
        format!("{} {}/{}", budget.dimension.name(), squeezed(*consumed, digits), squeezed(*limit, digits))
    };
    [7, 5, SHORT].map(words).into_iter().find(|words| words.len() <= room)
}
