//! The pane of runs by state: a header a section, a row a run.

mod columns;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::names::ShortNames;
use super::tallies::{CountCell, CountRow};
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::model::states::State;
use crate::model::text;
use crate::view::format::{MAX_SHORT_COLUMNS, count, squeezed, thousands};
use crate::view::layout::heading_lines;
use crate::view::panes::{Emptiness, PaneRow, RunsPane, SectionRow, SectionTitle};
use crate::view::summary::Flow;
use crate::view::{Fold, Pane};
use columns::Columns;

/// The pane.
pub(super) struct RunsWidget<'a> {
    pub(super) pane: &'a RunsPane<'a>,
    pub(super) theme: Theme,
}

impl Widget for RunsWidget<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let Self { pane, theme } = self;
        let body = below(area, 1);
        let heading = heading_lines(Pane::Runs, body.height);
        let area_of_rows = below(body, heading);
        let rows = &pane.rows;
        let (shared, position, remark) = (&pane.shared, Some(rows.position()), rows.remark);
        Title { shared, theme, pane: Pane::Runs, position, remark }.render(area, buf);
        if rows.len == 0 {
            self.empty(area_of_rows, buf);
            return;
        }
        let columns = Columns { fitted: &pane.columns, sort: pane.sort, ids: shared.ids, clock: pane.clock };
        if heading > 0 {
            columns.heading(LineWriter::at(buf, theme, body, 0));
        }
        let names = columns.names(&rows.shown);
        let sections = ShortNames::of(rows.shown.iter().filter_map(section));
        let has_keys = shared.has_keys(Pane::Runs);
        for ((line, number), row) in (0..area_of_rows.height).zip(rows.top..).zip(&rows.shown) {
            let mut pen = LineWriter::at(buf, theme, area_of_rows, line);
            pen.cursor(number == rows.selected, has_keys);
            match row {
                PaneRow::Header(header) => self.header(header, &sections, pen),
                PaneRow::Run(line) => columns.row(line, &names, pen),
                PaneRow::More(hidden) => more(theme, *hidden, pen),
            }
        }
    }
}

/// The name of the section of a header.
fn section<'a>(row: &PaneRow<'a>) -> Option<&'a str> {
    match row {
        PaneRow::Header(SectionRow { title: SectionTitle::Named { name, .. }, .. }) => *name,
        _ => None,
    }
}

impl RunsWidget<'_> {
    fn header(&self, header: &SectionRow<'_>, names: &ShortNames<'_>, mut pen: LineWriter<'_>) {
        let glyph = match header.fold {
            Fold::Closed => Glyph::Closed,
            Fold::Peek | Fold::Open => Glyph::Open,
        };
        pen.own(Meaning::Dim, self.theme.glyph(glyph));
        pen.skip(1);
        let (state, word, since, n_gone) = match &header.title {
            SectionTitle::State { state, word, age, n_gone } => (*state, *word, age, *n_gone),
            SectionTitle::Named { name, unnamed, states } => {
                let n_runs = header.n_runs as u64;
                let group = Group { name: *name, unnamed, n_runs, states };
                return group.write(self.theme, names, &mut pen);
            }
        };
        pen.own(Meaning::State(state), self.theme.state(state));
        pen.skip(1);
        pen.own(Meaning::Title, state.name());
        pen.own(Meaning::Dim, &format!("  {}", count(header.n_runs)));
        let room = self.pane.columns.after_age() + word.len() + 7;
        let words = format!("  + {} only counted", thousands(n_gone));
        if n_gone > 0 && pen.left() > room + words.len() {
            pen.own(Meaning::Dim, &words);
        }
        // What is told of the wait goes before the count is touched.
        let Some(since) = since.as_ref().filter(|_| pen.left() > room) else { return };
        pen.skip_to_last(room);
        pen.own(Meaning::Dim, word);
        pen.right(Meaning::Dim, since, 7);
    }

    fn empty(&self, area: Rect, buf: &mut Buffer) {
        let mut pen = LineWriter::at(buf, self.theme, area, 1);
        pen.skip(2);
        let (name, flow) = match &self.pane.emptiness {
            Emptiness::Searched => return pen.own(Meaning::Dim, "Looking through the runs."),
            Emptiness::Unanswered => return pen.own(Meaning::Dim, "No run answers this query."),
            Emptiness::Unread(sentences) => {
                for (row, words) in (1..).zip(sentences) {
                    let mut pen = LineWriter::at(buf, self.theme, area, row);
                    pen.skip(2);
                    let room = pen.left().saturating_sub(2);
                    pen.log(if row == 1 { Meaning::Warn } else { Meaning::Text }, words, room);
                }
                return;
            }
            Emptiness::Silent(name, flow) => (*name, *flow),
        };
        let (before, after) = match flow {
            Flow::Waiting => ("Waiting for ", " to appear"),
            Flow::Ended => ("There was no event of a run in ", "."),
            _ => ("Waiting for the first event of ", ""),
        };
        pen.own(Meaning::Dim, before);
        let room = pen.left().saturating_sub(after.len() + 4);
        pen.log(Meaning::Text, name, room);
        pen.own(Meaning::Dim, after);
        if flow != Flow::Ended {
            pen.own(Meaning::Dim, &format!(" {}", self.theme.glyph(Glyph::More)));
        }
    }
}

/// The runs of a task or of an owner.
pub(super) struct Group<'a> {
    pub(super) name: Option<&'a str>,
    /// Text in the place of a missing name.
    pub(super) unnamed: &'a str,
    pub(super) n_runs: u64,
    /// Runs in each state, in the order of listing.
    pub(super) states: &'a [(State, u64)],
}

/// The columns that a name keeps, however many counts there are.
const LEAST_NAME: usize = 16;

impl Group<'_> {
    /// Writes the name, how many runs there are, and at the end of the line how many in each state.
    pub(super) fn write(&self, theme: Theme, names: &ShortNames<'_>, pen: &mut LineWriter<'_>) {
        let words = self.name.unwrap_or(self.unnamed);
        let width = text::width(&text::clean_fit(words, pen.left()));
        let least = width.min(LEAST_NAME.max(pen.left() * 2 / 5));
        let number = squeezed(self.n_runs, pen.left().saturating_sub(least + 2).clamp(MAX_SHORT_COLUMNS, 11));
        let tally = |(state, count): &(State, u64)| {
            let (sign, meaning) = (theme.state(*state), Meaning::State(*state));
            CountCell { sign, meaning, count: *count, word: "" }
        };
        let states = self.states.iter().map(tally).filter(|tally| tally.count > 0).collect();
        let room = pen.left().saturating_sub(least + 2 + number.len() + 2 + 1);
        let states = CountRow::of(states, 0, room);
        let end = states.columns() + 1;
        let room = pen.left().saturating_sub(end + number.len() + 4);
        match self.name {
            Some(name) => pen.name(Meaning::Title, name, names, room.max(least)),
            None => pen.own(Meaning::Dim, self.unnamed),
        }
        pen.skip(2);
        pen.own(Meaning::Dim, &number);
        pen.skip_to_last(end);
        states.write(pen);
    }
}

fn more(theme: Theme, hidden: usize, mut pen: LineWriter<'_>) {
    pen.skip(3);
    pen.own(Meaning::Dim, &format!("{} {} more", theme.glyph(Glyph::More), count(hidden)));
}

/// An area without its first lines.
pub(super) fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}
