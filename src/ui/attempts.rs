//! The pane of attempts: on which attempt the live runs are, how the last minute went, and who is nearest the cap.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::names::ShortNames;
use super::runs::below;
use super::tallies::{CountCell, CountRow};
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::engine;
use crate::model::facts::AttemptResult;
use crate::model::states::{Phase, StateTable};
use crate::view::attempts::{Figures, n_near_cap, near_cap};
use crate::view::format::{MAX_SHORT_COLUMNS, squeezed, thousands};
use crate::view::panes::Shared;
use crate::view::{Pane, RunRow};

/// The columns of a number of runs, and of one where there is room.
const COUNT: usize = 9;
const WIDE_COUNT: usize = 11;
/// Minimum width for a wide count.
const WIDE: usize = 60;
/// A bar longer than this says no more.
const LONGEST_BAR: usize = 60;

/// The pane.
pub(super) struct AttemptsWidget<'a> {
    pub(super) shared: &'a Shared<'a>,
    pub(super) theme: Theme,
}

impl Widget for AttemptsWidget<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let (shared, theme) = (self.shared, self.theme);
        Title { shared, theme, pane: Pane::Attempts, position: None, remark: None }.render(area, buf);
        let figures = Figures::found(shared.shelves, shared.second);
        let body = below(area, 1);
        if figures.total == 0 {
            let mut pen = LineWriter::at(buf, theme, body, 1);
            pen.skip(2);
            let words = match engine::recorded(shared.shelves.store).attempts {
                true => "No attempt has started.",
                false => "This log tells of no attempts.",
            };
            pen.own(Meaning::Dim, words);
            return;
        }
        // What is said below the bars is short, and the bars are many only when runs are tried often.
        let below_bars = 6;
        let n_bars = figures.highest().min(usize::from(body.height).saturating_sub(below_bars).max(2));
        rungs(theme, &figures, n_bars, body, buf);
        let line = u16::try_from(n_bars).unwrap_or(u16::MAX);
        if engine::recorded(shared.shelves.store).uncounted_attempts {
            self.uncounted(&figures, LineWriter::at(buf, theme, body, line));
        }
        let (minute, all) = match shared.has_query {
            true => ("minute, all", "all runs"),
            false => ("last minute", "in all"),
        };
        let (store, pen) = (shared.shelves.store, LineWriter::at(buf, theme, body, line + 2));
        // Without a time that is believed, none of them ended a minute ago, and none did not.
        if store.latest_at() == 0 || store.is_timeless() {
            unknown(minute, pen);
        } else {
            results(store.states(), minute, figures.minute.map(u64::from), pen);
        }
        results(store.states(), all, store.attempts().by_result, LineWriter::at(buf, theme, body, line + 3));
        self.near_cap(below(body, line + 5), buf);
    }
}

impl AttemptsWidget<'_> {
    fn uncounted(&self, figures: &Figures, mut pen: LineWriter<'_>) {
        pen.skip(2);
        const WORDS: &str = "suspended or awaiting, not counted";
        let (room, columns) = (pen.left().saturating_sub(2), count_columns(&pen));
        pen.own(Meaning::Dim, if room > WORDS.len() + MAX_SHORT_COLUMNS { WORDS } else { "not counted" });
        number(figures.uncounted, columns, &mut pen);
    }

    fn near_cap(&self, area: Rect, buf: &mut Buffer) {
        let store = self.shared.shelves.store;
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.skip(2);
        pen.own(Meaning::Dim, "nearest their cap");
        match n_near_cap(store) {
            // How many of them were found is not counted.
            n if n > 0 && self.shared.has_query => pen.own(Meaning::Dim, ", as far as found"),
            0 => pen.own(Meaning::Dim, "  no run"),
            n => pen.own(Meaning::Dim, &format!("  {}", thousands(n as u64))),
        }
        let near = near_cap(self.shared.shelves).take(usize::from(area.height).saturating_sub(1));
        let rows: Vec<_> =
            near.map(|(left, key)| (left, RunRow::of(store, key, self.shared.second))).collect();
        let names = ShortNames::of(rows.iter().filter_map(|(_, row)| row.description));
        for (line, (left, row)) in (1..area.height).zip(&rows) {
            self.run(*left, row, &names, LineWriter::at(buf, self.theme, area, line));
        }
    }

    fn run(&self, left: usize, row: &RunRow<'_>, names: &ShortNames<'_>, mut pen: LineWriter<'_>) {
        pen.skip(2);
        pen.own(Meaning::State(row.state), self.theme.state(row.state));
        pen.skip(1);
        let ids = self.shared.ids;
        pen.id(Meaning::Text, &ids.run(row.id), ids.run_columns() + 1);
        pen.skip(1);
        let end = pen.left().min(9 + 8);
        let task = pen.left() - end;
        match row.description {
            Some(description) => pen.name(Meaning::Text, description, names, task),
            None => pen.id(Meaning::Dim, &ids.task(row.told_task()), task),
        }
        pen.skip_to_last(end);
        let meaning = if left == 0 { Meaning::Warn } else { Meaning::Text };
        pen.right(meaning, &row.attempts.of_cap(8), 9);
        pen.right(Meaning::Dim, &row.age_words(), 7);
    }
}

/// Paints that a count is not known.
fn unknown(name: &str, mut pen: LineWriter<'_>) {
    pen.skip(2);
    pen.cell(Meaning::Dim, name, 13);
    pen.own(Meaning::Dim, "?");
}

/// Paints how attempts ended, in counts.
pub(super) fn results(
    states: &'static StateTable,
    name: &str,
    counts: [u64; AttemptResult::ALL.len()],
    mut pen: LineWriter<'_>,
) {
    let theme = pen.theme();
    pen.skip(2);
    pen.cell(Meaning::Dim, name, 13);
    if counts.iter().all(|count| *count == 0) {
        pen.own(Meaning::Dim, "no attempt ended");
        return;
    }
    let always = |result| matches!(result, AttemptResult::Success | AttemptResult::Failure);
    let shown = AttemptResult::ALL.into_iter().zip(counts).filter(|(it, count)| *count > 0 || always(*it));
    let tallies = shown.map(|(result, count)| {
        let (sign, meaning) = look(theme, states, result);
        CountCell { sign, meaning, count, word: word(result) }
    });
    CountRow::of(tallies.collect(), 1, pen.left()).write(&mut pen);
}

/// Paints the number of live runs on each attempt, a line each; the last line includes all above as well.
pub(super) fn rungs(theme: Theme, figures: &Figures, n_bars: usize, area: Rect, buf: &mut Buffer) {
    for (line, number) in (0..area.height).zip(1..=n_bars) {
        rung(figures, number, number == n_bars, LineWriter::at(buf, theme, area, line));
    }
}

fn rung(figures: &Figures, at: usize, is_last: bool, mut pen: LineWriter<'_>) {
    let rest = &figures.rungs[at..];
    let (count, above) = if is_last { (rest.iter().sum(), rest.len() > 1) } else { (rest[0], false) };
    let has_more = above && rest[1..].iter().any(|count| *count > 0);
    pen.skip(2);
    pen.own(Meaning::Dim, "attempt");
    pen.right(Meaning::Text, &format!("{at}{}", if has_more { "+" } else { " " }), 4);
    pen.skip(1);
    let columns = count_columns(&pen);
    let room = pen.left().saturating_sub(columns + 2).min(LONGEST_BAR);
    let meaning = if at == 1 { Meaning::Phase(Phase::Running) } else { Meaning::Phase(Phase::Retrying) };
    bar(count, figures.most().max(count), room, meaning, &mut pen);
    number(count, columns, &mut pen);
}

/// The columns of a count, by what is left of a line.
fn count_columns(pen: &LineWriter<'_>) -> usize {
    if pen.left() < WIDE { COUNT } else { WIDE_COUNT }
}

/// A count at the right end of a line, as exactly as what is left of it allows.
fn number(count: u64, columns: usize, pen: &mut LineWriter<'_>) {
    let room = columns.min(pen.left().saturating_sub(3));
    pen.skip_to_last(room + 2);
    pen.right(if count > 0 { Meaning::Title } else { Meaning::Dim }, &squeezed(count, room), room);
}

/// A bar of at most `room` columns; the least of something is still seen.
fn bar(count: u64, most: u64, room: usize, meaning: Meaning, pen: &mut LineWriter<'_>) {
    if count == 0 || most == 0 {
        return;
    }
    let theme = pen.theme();
    let halves = (u128::from(count) * 2 * room as u128).div_ceil(u128::from(most));
    let halves = usize::try_from(halves).unwrap_or(2 * room).max(1);
    pen.own(meaning, &theme.glyph(Glyph::Bar).repeat(halves / 2));
    if halves % 2 == 1 {
        pen.own(meaning, theme.glyph(Glyph::HalfBar));
    }
}

fn look(theme: Theme, states: &'static StateTable, result: AttemptResult) -> (&'static str, Meaning) {
    let state = states.of_result(result);
    let sign = match result {
        AttemptResult::Timeout => theme.glyph(Glyph::Timeout),
        _ => state.map_or("?", |state| theme.state(state)),
    };
    (sign, state.map_or(Meaning::Text, Meaning::State))
}

const fn word(result: AttemptResult) -> &'static str {
    match result {
        AttemptResult::Success => "success",
        AttemptResult::Failure => "failure",
        AttemptResult::Timeout => "timeout",
        AttemptResult::Suspended => "suspended",
        AttemptResult::Awaiting => "awaiting",
    }
}
