//! The pane of attempts: on which attempt the live runs are, how the last minute went, and who is nearest the cap.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::pen::Pen;
use super::runs::below;
use super::theme::{Glyph, Meaning, Theme};
use super::title::Title;
use crate::app::App;
use crate::model::event::AttemptResult;
use crate::model::state::RunState;
use crate::view::attempts::{Figures, n_near_cap, near_cap};
use crate::view::format::{age, thousands};
use crate::view::{Pane, RunRow};

/// The columns of a rung's name, of its number, and of its number of runs.
const NAME: usize = 9;
const COUNT: usize = 9;
/// A bar longer than this says no more.
const LONGEST_BAR: usize = 60;

/// The pane.
pub(super) struct Attempts<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for Attempts<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let (app, theme) = (self.app, self.theme);
        Title { app, theme, pane: Pane::Attempts, position: None, remark: None }.render(area, buf);
        let figures = Figures::found(app.shelves(), app.second());
        let body = below(area, 1);
        if figures.total == 0 {
            let mut pen = Pen::at(buf, theme, body, 1);
            pen.skip(2);
            pen.own(Meaning::Dim, "No attempt has started.");
            return;
        }
        // What is said below the bars is short, and the bars are many only when runs are tried often.
        let below_bars = 6;
        let n_bars = figures.highest().min(usize::from(body.height).saturating_sub(below_bars).max(2));
        rungs(theme, &figures, n_bars, body, buf);
        let line = u16::try_from(n_bars).unwrap_or(u16::MAX);
        self.uncounted(&figures, Pen::at(buf, theme, body, line));
        let (minute, all) = match app.query() {
            Some(_) => ("minute, all", "all runs"),
            None => ("last minute", "in all"),
        };
        self.results(minute, figures.minute.map(u64::from), Pen::at(buf, theme, body, line + 2));
        self.results(all, app.store().attempts().by_result, Pen::at(buf, theme, body, line + 3));
        self.near_cap(below(body, line + 5), buf);
    }
}

impl Attempts<'_> {
    fn uncounted(&self, figures: &Figures, mut pen: Pen<'_>) {
        pen.skip(2);
        pen.own(Meaning::Dim, "suspended or awaiting, not counted");
        pen.skip_to_last(COUNT + 2);
        let meaning = if figures.uncounted > 0 { Meaning::Title } else { Meaning::Dim };
        pen.right(meaning, &thousands(figures.uncounted), COUNT);
    }

    fn results(&self, name: &str, counts: [u64; AttemptResult::ALL.len()], mut pen: Pen<'_>) {
        pen.skip(2);
        pen.cell(Meaning::Dim, name, 11);
        if counts.iter().all(|count| *count == 0) {
            pen.own(Meaning::Dim, "  no attempt ended");
            return;
        }
        let always = |result| matches!(result, AttemptResult::Success | AttemptResult::Failure);
        let shown =
            || AttemptResult::ALL.into_iter().zip(counts).filter(|(it, count)| *count > 0 || always(*it));
        // Words only where all of them fit.
        let columns = |(result, count)| 4 + thousands(count).len() + 1 + word(result).len();
        let has_words = shown().map(columns).sum::<usize>() <= pen.left();
        for (result, count) in shown() {
            let (glyph, meaning) = look(self.theme, result);
            pen.skip(2);
            pen.own(if count > 0 { meaning } else { Meaning::Dim }, glyph);
            pen.own(if count > 0 { Meaning::Title } else { Meaning::Dim }, &format!(" {}", thousands(count)));
            if has_words {
                pen.own(Meaning::Dim, &format!(" {}", word(result)));
            }
        }
    }

    fn near_cap(&self, area: Rect, buf: &mut Buffer) {
        let store = self.app.store();
        let mut pen = Pen::at(buf, self.theme, area, 0);
        pen.skip(2);
        pen.own(Meaning::Dim, "nearest their cap");
        match n_near_cap(store) {
            // How many of them were found is not counted.
            n if n > 0 && self.app.query().is_some() => pen.own(Meaning::Dim, ", as far as found"),
            0 => pen.own(Meaning::Dim, "  no run"),
            n => pen.own(Meaning::Dim, &format!("  {}", thousands(n as u64))),
        }
        for (line, (left, key)) in (1..area.height).zip(near_cap(self.app.shelves())) {
            self.run(left, &RunRow::of(store, key, self.app.second()), Pen::at(buf, self.theme, area, line));
        }
    }

    fn run(&self, left: usize, row: &RunRow<'_>, mut pen: Pen<'_>) {
        pen.skip(2);
        pen.own(Meaning::State(row.state), self.theme.state(row.state));
        pen.skip(1);
        pen.cell(Meaning::Text, &row.id.short(), NAME);
        pen.skip(1);
        let task = pen.left().saturating_sub(9 + 8);
        match row.description {
            Some(description) => pen.log_cell(Meaning::Text, description, task),
            None => pen.cell(Meaning::Dim, &row.task.short(), task),
        }
        let cap = row.attempts.cap.map_or_else(|| "?".to_owned(), |cap| cap.to_string());
        let meaning = if left == 0 { Meaning::Warn } else { Meaning::Text };
        pen.right(meaning, &format!("{}/{cap}", row.attempts.counted), 8);
        pen.right(Meaning::Dim, &age(row.age), 7);
    }
}

/// Paints how many live runs are on which attempt, a line each; the last one stands for all above as well.
pub(super) fn rungs(theme: Theme, figures: &Figures, n_bars: usize, area: Rect, buf: &mut Buffer) {
    for (line, number) in (0..area.height).zip(1..=n_bars) {
        rung(figures, number, number == n_bars, Pen::at(buf, theme, area, line));
    }
}

fn rung(figures: &Figures, number: usize, is_last: bool, mut pen: Pen<'_>) {
    let rest = &figures.rungs[number..];
    let (count, above) = if is_last { (rest.iter().sum(), rest.len() > 1) } else { (rest[0], false) };
    let has_more = above && rest[1..].iter().any(|count| *count > 0);
    pen.skip(2);
    pen.own(Meaning::Dim, "attempt");
    pen.right(Meaning::Text, &format!("{number}{}", if has_more { "+" } else { " " }), 4);
    pen.skip(1);
    let room = pen.left().saturating_sub(COUNT + 2).min(LONGEST_BAR);
    let meaning =
        if number == 1 { Meaning::State(RunState::Running) } else { Meaning::State(RunState::RetryWait) };
    bar(count, figures.most().max(count), room, meaning, &mut pen);
    pen.skip_to_last(COUNT + 2);
    pen.right(if count > 0 { Meaning::Title } else { Meaning::Dim }, &thousands(count), COUNT);
}

/// A bar of at most `room` columns; the least of something is still seen.
fn bar(count: u64, most: u64, room: usize, meaning: Meaning, pen: &mut Pen<'_>) {
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

const fn look(theme: Theme, result: AttemptResult) -> (&'static str, Meaning) {
    let state = match result {
        AttemptResult::Success => RunState::Completed,
        AttemptResult::Failure => RunState::Failed,
        AttemptResult::Timeout => return (theme.glyph(Glyph::Timeout), Meaning::State(RunState::Failed)),
        AttemptResult::Suspended => RunState::Suspended,
        AttemptResult::Awaiting => RunState::Awaiting,
    };
    (theme.state(state), Meaning::State(state))
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
