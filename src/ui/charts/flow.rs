//! Runs in each state over time: the live ones stacked, for they become each other, and those that have ended in a band
//! of its own scale a state, for they would dwarf the live ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::heading;
use super::plot::Plot;
use crate::model::states::State;
use crate::ui::line_writer::LineWriter;
use crate::ui::theme::Meaning;
use crate::view::charts::{ChartStep, Charts, round_up, stacked};
use crate::view::format::{counted, squeezed, thousands};

/// Columns for a name that is written out, and for one that is not.
const NAME: usize = 10;
const SHORT: usize = 6;
/// Columns for a number in the words at the left.
const COUNT: usize = 8;
/// The least of them, beside a name that is longer than [`NAME`].
const MIN_COUNT: usize = 5;

/// Draws the live runs, and the line of times below them.
pub(super) fn flow(plot: &Plot<'_>, area: Rect, buf: &mut Buffer) {
    let (charts, theme) = (plot.charts, plot.theme);
    let peak = Charts::peak(&plot.axis, &plot.steps, |step| charts.live(&step.fullest));
    heading(theme, "Live runs", &remarks(plot), area, buf);
    let rows = area.height.saturating_sub(2);
    let body = Rect { y: area.y + 1, height: rows, ..area };
    let top = round_up(peak.count);
    for (line, state) in states(charts, rows).into_iter().enumerate() {
        let line = u16::try_from(line).unwrap_or(u16::MAX);
        legend(plot, state, LineWriter::at(buf, theme, plot.legend(body), line));
    }
    if peak.count > 0 {
        plot.scale(top, 0, body, buf);
    } else {
        plot.nothing("no run was live", body, buf);
    }
    if top > 1 && rows >= 5 {
        plot.scale(top / 2, rows / 2, body, buf);
    }
    stack(plot, top, body, buf);
    plot.cursor(body, buf);
    plot.times(area.height - 1, area, buf);
}

/// Draws how many runs have ended, a line a state.
pub(super) fn ends(plot: &Plot<'_>, area: Rect, buf: &mut Buffer) {
    for (line, state) in (0..area.height).zip(plot.charts.ends()) {
        let area = Rect { y: area.y + line, height: 1, ..area };
        legend(plot, state, LineWriter::at(buf, plot.theme, plot.legend(area), 0));
        let top = plot.charts.most(state);
        if top > plot.charts.store.count(state) {
            plot.scale(top, 0, area, buf);
        }
        let count = |step: &ChartStep| u64::from(step.last[state.index()]);
        plot.bars(Meaning::State(state), top, count, area, buf);
    }
}

/// Which stretch of the log this is, and where the cursor is in it.
fn remarks(plot: &Plot<'_>) -> Vec<(Meaning, String)> {
    let charts = plot.charts;
    let (first, last) = plot.axis.ends();
    let mut remarks = vec![];
    if charts.by_sequence {
        remarks.push((Meaning::Warn, "by line: the clock lies".to_owned()));
    }
    let cursor = charts.cursor_place();
    let end = if charts.by_sequence { thousands(last) } else { charts.place_words(last) };
    if cursor < last {
        let words = format!("cursor {}, end {end}", charts.place_words(cursor));
        remarks.push((Meaning::Focus, words));
    } else if charts.by_sequence || charts.clock.unit().is_believed(last) {
        remarks.push((Meaning::Dim, format!("until {}", charts.place_words(last))));
    }
    let now: u64 = charts.stack().map(|state| charts.store.count(state)).sum();
    let most = charts.samples.iter().map(|sample| charts.live(&sample.states)).max().unwrap_or(0).max(now);
    remarks.push((Meaning::Dim, format!("{} now, {} at most", thousands(now), thousands(most))));
    let problems = charts.samples.last().map_or(0, |sample| sample.problems);
    if problems > 0 {
        remarks.push((Meaning::Warn, format!("{} in all", counted(problems, "problem", "problems"))));
    }
    if first == last {
        remarks.push((Meaning::Dim, "all at one instant".to_owned()));
    }
    remarks
}

/// The states that there are lines for: all, or else those that most runs are in, in the same order.
fn states(charts: &Charts<'_>, rows: u16) -> Vec<State> {
    let mut chosen: Vec<State> = charts.stack().collect();
    while chosen.len() > usize::from(rows) {
        let rank = |state: &State| (charts.store.count(*state), charts.most(*state));
        let Some(least) = chosen.iter().copied().min_by_key(rank) else { break };
        chosen.retain(|state| *state != least);
    }
    chosen
}

/// A state's sign, its name, how many runs are in it, and where there is room how many there ever were.
fn legend(plot: &Plot<'_>, state: State, mut pen: LineWriter<'_>) {
    let count = plot.charts.store.count(state);
    let most = plot.charts.most(state);
    let width = usize::from(plot.plan.legend);
    let (sign, number) = if most == 0 {
        (Meaning::Dim, Meaning::Dim)
    } else {
        (Meaning::State(state), if count > 0 { Meaning::Title } else { Meaning::Dim })
    };
    pen.own(sign, plot.theme.state(state));
    pen.skip(1);
    if width >= 2 + NAME + 2 * COUNT + 3 {
        // A longer name takes of the room for its number.
        let name = state.name().len().clamp(NAME, NAME + COUNT - MIN_COUNT);
        let count_columns = NAME + COUNT - name;
        pen.cell(sign, state.name(), name);
        pen.right(number, &squeezed(count, count_columns), count_columns);
        if !state.is_terminal() {
            // One column stays free on both sides.
            pen.right(Meaning::Dim, &format!("max {}", squeezed(most, COUNT - 3)), COUNT + 2);
        }
    } else if width >= 2 + SHORT + 1 + 4 {
        pen.cell(sign, state.short(), SHORT);
        pen.skip(1);
        let room = pen.left().saturating_sub(1);
        pen.right(number, &squeezed(count, room), room);
    } else {
        pen.own(number, &squeezed(count, pen.left().saturating_sub(1)));
    }
}

/// Fills each column from the bottom with the signs of its states.
fn stack(plot: &Plot<'_>, top: u64, body: Rect, buf: &mut Buffer) {
    let drawing = plot.drawing(body);
    let states: Vec<State> = plot.charts.stack().collect();
    for (x, (step, over)) in (drawing.left()..drawing.right()).zip(plot.columns()) {
        let counts: Vec<u64> = states.iter().map(|state| u64::from(step.fullest[state.index()])).collect();
        let shares = stacked(&counts, top, drawing.height);
        let mut y = drawing.bottom() - shares.iter().sum::<u16>();
        for (state, share) in states.iter().copied().zip(shares) {
            let style = plot.theme.style(Meaning::State(state)).patch(over);
            for _ in 0..share {
                buf[(x, y)].set_symbol(plot.theme.state(state)).set_style(style);
                y += 1;
            }
        }
    }
}
