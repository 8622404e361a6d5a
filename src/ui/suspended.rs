//! The pane of runs that do not go on: why, on what budget, and since when.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::names::ShortNames;
use super::runs::below;
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::model::facts::Budget;
use crate::model::states::Phase;
use crate::view::format::{MAX_SHORT_COLUMNS, count, squeezed};
use crate::view::panes::{StateHeader, StopLine, SuspendedPane};
use crate::view::{Fold, Pane, RunRow};

/// Minimum width of a reason that comes before a budget.
const LEAST: usize = 10;
const AGE: usize = 8;
/// The width from which a row has its task beside the reason.
const WITH_TASK: usize = 60;

/// The pane.
pub(super) struct SuspendedWidget<'a> {
    pub(super) pane: &'a SuspendedPane<'a>,
    pub(super) theme: Theme,
}

impl Widget for SuspendedWidget<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let Self { pane, theme } = self;
        let body = below(area, 1);
        let rows = &pane.rows;
        let (shared, position, remark) = (&pane.shared, Some(rows.position()), rows.remark);
        Title { shared, theme, pane: Pane::Suspended, position, remark }.render(area, buf);
        if rows.len == 0 {
            let mut pen = LineWriter::at(buf, theme, body, 1);
            pen.skip(2);
            let can_hold = shared.shelves.store.states().of(Phase::Parked).next().is_some();
            let words = match shared.has_query {
                _ if !can_hold => "This log tells of no runs on hold.",
                true => "No such run is on hold.",
                false => "No run is on hold.",
            };
            pen.own(Meaning::Dim, words);
            return;
        }
        let names = ShortNames::of(rows.shown.iter().filter_map(name));
        let has_keys = shared.has_keys(Pane::Suspended);
        for ((line, number), row) in (0..body.height).zip(rows.top..).zip(&rows.shown) {
            let mut pen = LineWriter::at(buf, theme, body, line);
            pen.cursor(number == rows.selected, has_keys);
            match row {
                StopLine::Header(header) => header.iter().for_each(|header| self.header(header, &mut pen)),
                StopLine::Run { row, words, is_stuck, budget } => {
                    self.run(row, (words, *is_stuck), *budget, &names, pen);
                }
                StopLine::More(hidden) => {
                    pen.skip(2);
                    pen.own(Meaning::Dim, &format!("{} {} more", theme.glyph(Glyph::More), count(*hidden)));
                }
            }
        }
    }
}

/// The name of the task of a row.
fn name<'a>(row: &StopLine<'a>) -> Option<&'a str> {
    match row {
        StopLine::Run { row, .. } => row.description,
        StopLine::Header(_) | StopLine::More(_) => None,
    }
}

impl SuspendedWidget<'_> {
    fn header(&self, header: &StateHeader, pen: &mut LineWriter<'_>) {
        let StateHeader { state, n_runs, fold } = *header;
        let glyph = if fold == Fold::Closed { Glyph::Closed } else { Glyph::Open };
        pen.own(Meaning::Dim, self.theme.glyph(glyph));
        pen.skip(1);
        pen.own(Meaning::State(state), self.theme.state(state));
        pen.skip(1);
        pen.own(Meaning::Title, state.name());
        pen.own(Meaning::Dim, &format!("  {}", count(n_runs)));
    }

    fn run(
        &self,
        row: &RunRow<'_>,
        (words, is_stuck): (&str, bool),
        budget: Option<&Budget>,
        names: &ShortNames<'_>,
        mut pen: LineWriter<'_>,
    ) {
        pen.skip(1);
        pen.own(Meaning::State(row.state), self.theme.state(row.state));
        pen.skip(1);
        let ids = self.pane.shared.ids;
        pen.id(Meaning::Text, &ids.run(row.id), ids.run_columns() + 2);
        if pen.left() >= WITH_TASK {
            let task = (pen.left() - AGE) * 2 / 5;
            let end = pen.left() - task;
            match row.description {
                Some(description) => pen.name(Meaning::Text, description, names, task - 2),
                None => pen.id(Meaning::Dim, &ids.task(row.told_task()), task - 2),
            }
            pen.skip_to_last(end);
        }
        // Beside a reason that is not seen at all a budget says little.
        let room = pen.left().saturating_sub(AGE + 1 + LEAST);
        let told = budget.and_then(|budget| budget_words(budget, room)).unwrap_or_default();
        let reason = pen.left().saturating_sub(AGE + told.len() + 1);
        let end = pen.left() - reason.min(pen.left());
        pen.words(if is_stuck { Meaning::Bad } else { Meaning::Text }, words, reason);
        pen.skip_to_last(end);
        if !told.is_empty() {
            pen.skip(1);
            let is_used_up = budget.is_some_and(|budget| budget.exhausted);
            pen.own(if is_used_up { Meaning::Warn } else { Meaning::Dim }, &told);
        }
        pen.skip_to_last(AGE);
        pen.right(Meaning::Dim, &row.age_words(), AGE - 1);
    }
}

/// `Token 120/100`, in at most `room` columns; nothing where that has no room.
pub(super) fn budget_words(budget: &Budget, room: usize) -> Option<String> {
    let Budget { consumed, limit, .. } = budget;
    let words = |digits| {
        format!("{} {}/{}", budget.dimension.name(), squeezed(*consumed, digits), squeezed(*limit, digits))
    };
    [7, 5, MAX_SHORT_COLUMNS].map(words).into_iter().find(|words| words.len() <= room)
}
