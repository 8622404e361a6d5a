//! The pane of runs by state: a header a section, a row a run.

mod columns;
mod mark;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::Pen;
use super::names::Names;
use super::tallies::{Tallies, Tally};
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::app::App;
use crate::engine::waiting::Scene;
use crate::model::states::State;
use crate::model::{text, time};
use crate::view::arrange::{GroupId, Grouping};
use crate::view::format::{SHORT, age, count, squeezed, thousands};
use crate::view::layout::heading_lines;
use crate::view::list::Row;
use crate::view::summary::Flow;
use crate::view::{Column, Fold, Pane, RunRow};
use columns::{Beside, Columns, RowNames};

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
        let columns = Columns::of(area.width, app.taste().columns.as_deref(), app.sort(), app.ids());
        if heading > 0 {
            columns.heading(Pen::at(buf, theme, body, 0));
        }
        let selected = list.place(&outline);
        let scene = columns.has(Column::Waiting).then(|| Scene::of(app.store()));
        let shown: Vec<_> = outline.rows(top).take(height).map(|row| (row, self.facts(&row))).collect();
        let alike = Alike {
            sections: Names::of(shown.iter().filter_map(|(row, _)| self.section(row))),
            rows: columns.names(app.store(), &shown.iter().filter_map(|(_, facts)| facts.as_ref())),
        };
        for ((line, number), (row, facts)) in (0..rows.height).zip(top..).zip(&shown) {
            let mut pen = Pen::at(buf, theme, rows, line);
            pen.cursor(number == selected, app.has_keys(Pane::Runs));
            self.row(*row, facts.as_ref(), &columns, &alike, scene.as_ref(), pen);
        }
    }
}

/// The names that are shown together.
struct Alike<'a> {
    sections: Names<'a>,
    rows: RowNames<'a>,
}

impl<'a> Runs<'a> {
    /// What a row says of its run.
    fn facts(&self, row: &Row) -> Option<RunRow<'a>> {
        let Row::Run(key) = row else { return None };
        Some(RunRow::of(self.app.store(), *key, self.app.second()))
    }

    /// What the section of a header is called.
    fn section(&self, row: &Row) -> Option<&'a str> {
        match row {
            Row::Header { section: GroupId::Named(Some(name)), .. } => Some(self.app.store().text(*name)),
            _ => None,
        }
    }

    fn row(
        &self,
        row: Row,
        facts: Option<&RunRow<'_>>,
        columns: &Columns,
        alike: &Alike<'_>,
        scene: Option<&Scene>,
        pen: Pen<'_>,
    ) {
        match (row, facts) {
            (Row::Header { section, count, fold }, _) => {
                self.header((section, count, fold), columns, &alike.sections, pen);
            }
            (Row::Run(key), Some(row)) => {
                let (store, now) = (self.app.store(), self.app.second());
                let standing = self.app.standing(row.id).map(mark::mark);
                let is_marked = self.app.is_marked(key);
                let (clock, names) = (self.app.clock(), &alike.rows);
                let beside = Beside { store, key, now, clock, is_marked, scene, names };
                columns.row(row, beside, standing, pen);
            }
            (Row::Run(_), None) => (),
            (Row::More { hidden, .. }, _) => more(self.theme, hidden, pen),
        }
    }

    fn header(
        &self,
        (section, n_runs, fold): (GroupId, usize, Fold),
        columns: &Columns,
        names: &Names<'_>,
        mut pen: Pen<'_>,
    ) {
        let glyph = match fold {
            Fold::Closed => Glyph::Closed,
            Fold::Peek | Fold::Open => Glyph::Open,
        };
        pen.own(Meaning::Dim, self.theme.glyph(glyph));
        pen.skip(1);
        let GroupId::State(state) = section else {
            self.named(section, n_runs, names, &mut pen);
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
        // What is told of the wait goes before the count is touched.
        if since.is_none() || pen.left() < room + 1 {
            return;
        }
        pen.skip_to_last(room);
        pen.own(Meaning::Dim, word);
        pen.right(Meaning::Dim, &age(since.flatten()), 7);
    }

    /// How long the run has waited that waits longest; for runs that have ended, when the last one did.
    fn wait(&self, state: State) -> (&'static str, Option<Option<u64>>) {
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
    fn named(&self, section: GroupId, n_runs: usize, names: &Names<'_>, pen: &mut Pen<'_>) {
        let app = self.app;
        let nobody = if app.grouping() == Grouping::Owner { "no owner" } else { "no name" };
        let name = match section {
            GroupId::Named(Some(name)) => Some(app.store().text(name)),
            _ => None,
        };
        let counts = app.shelves().runs().states_of(section);
        let states = app.store().states().listed();
        let states = states.map(|state| (state, u64::from(counts[state.index()]))).collect();
        let group = Group { name, nobody, n_runs: n_runs as u64, states };
        group.write(self.theme, names, pen);
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

/// The runs of a task or of an owner.
pub(super) struct Group<'a> {
    pub(super) name: Option<&'a str>,
    /// What stands in the place of a name that there is not.
    pub(super) nobody: &'a str,
    pub(super) n_runs: u64,
    /// Runs in each state, in the order of listing.
    pub(super) states: Vec<(State, u64)>,
}

/// The columns that a name keeps, however many counts there are.
const LEAST_NAME: usize = 16;

impl Group<'_> {
    /// Writes the name, how many runs there are, and at the end of the line how many in each state.
    pub(super) fn write(&self, theme: Theme, names: &Names<'_>, pen: &mut Pen<'_>) {
        let words = self.name.unwrap_or(self.nobody);
        let width = text::width(&text::clean_fit(words, pen.left()));
        let least = width.min(LEAST_NAME.max(pen.left() * 2 / 5));
        let number = squeezed(self.n_runs, pen.left().saturating_sub(least + 2).clamp(SHORT, 11));
        let tally = |(state, count): &(State, u64)| {
            let (sign, meaning) = (theme.state(*state), Meaning::State(*state));
            Tally { sign, meaning, count: *count, word: "" }
        };
        let states = self.states.iter().map(tally).filter(|tally| tally.count > 0).collect();
        let room = pen.left().saturating_sub(least + 2 + number.len() + 2 + 1);
        let states = Tallies::of(states, 0, room);
        let end = states.columns() + 1;
        let room = pen.left().saturating_sub(end + number.len() + 4);
        match self.name {
            Some(name) => pen.name(Meaning::Title, name, names, room.max(least)),
            None => pen.own(Meaning::Dim, self.nobody),
        }
        pen.skip(2);
        pen.own(Meaning::Dim, &number);
        pen.skip_to_last(end);
        states.write(pen);
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
