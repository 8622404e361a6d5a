//! Times that runs stayed in each state, as a table: all runs by state, and each kind of runs in the most
//! telling states.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::heading;
use crate::model::states::{Phase, State};
use crate::model::time::Unit;
use crate::ui::line_writer::LineWriter;
use crate::ui::names::ShortNames;
use crate::ui::theme::{Meaning, Theme};
use crate::view::charts::Charts;
use crate::view::format::squeezed;
use crate::view::times::{SpreadFigures, Stays, TaskKind};

/// The states by which kinds are told apart, the most telling first: what there is room for is shown.
const TELLING: [Phase; 6] =
    [Phase::Ready, Phase::Running, Phase::Retrying, Phase::Parked, Phase::Pending, Phase::Held];

/// Columns of a length, of a count, and of a state's name.
const LENGTH: usize = 7;
const COUNT: usize = 8;
const NAME: usize = 12;
/// Columns of a kind's name, and of all that is said of it in one state.
const KIND: usize = 22;
const TWO: usize = 2 * LENGTH + 1;

/// The table.
pub(super) struct Table<'a> {
    pub(super) charts: &'a Charts<'a>,
    pub(super) theme: Theme,
}

impl Widget for Table<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Self { charts, theme } = self;
        let times = charts.times;
        let states: Vec<State> = charts.stack().filter(|it| !times.all(*it).is_empty()).collect();
        let until = || format!("open ones until {}", charts.clock.time(times.now(), charts.now));
        let remarks = if states.is_empty() { vec![] } else { vec![(Meaning::Dim, until())] };
        heading(theme, "Time in state", &remarks, area, buf);
        if states.is_empty() {
            let mut pen = LineWriter::at(buf, theme, area, 1);
            pen.skip(2);
            let words = match times.percent(charts.store) {
                100 => "No run has been in any.".to_owned(),
                percent => format!("measured to {percent} %"),
            };
            pen.own(Meaning::Dim, &words);
            return;
        }
        let has_unknown = states.iter().any(|state| times.all(*state).unknown > 0);
        names(has_unknown, LineWriter::at(buf, theme, area, 1));
        let mut line = 2;
        for state in &states {
            self.state(*state, times.all(*state), LineWriter::at(buf, theme, area, line));
            line += 1;
        }
        line += 1;
        let columns = (usize::from(area.width).saturating_sub(kind_columns(area)) / TWO).max(1);
        let telling = TELLING.into_iter().flat_map(|phase| charts.store.states().of(phase));
        let telling: Vec<State> = telling.filter(|it| states.contains(it)).take(columns).collect();
        self.kind_names(&telling, kind_columns(area), LineWriter::at(buf, theme, area, line));
        let name = |(kind, _)| match kind {
            TaskKind::Typed { name, .. } => Some(charts.store.text(name)),
            TaskKind::Untyped { .. } | TaskKind::Other { .. } => None,
        };
        let names = ShortNames::of(times.kinds().filter_map(name));
        for (kind, stays) in times.kinds() {
            line += 1;
            let mut pen = LineWriter::at(buf, theme, area, line);
            self.kind(kind, &names, kind_columns(area), &mut pen);
            for state in &telling {
                two(stays[state.index()].closed, charts.clock.unit(), &mut pen);
            }
        }
    }
}

impl Table<'_> {
    fn state(&self, state: State, stays: Stays, mut pen: LineWriter<'_>) {
        let Stays { closed, open, unknown } = stays;
        pen.own(Meaning::State(state), self.theme.state(state));
        pen.skip(1);
        pen.cell(Meaning::State(state), state.name(), NAME);
        count(closed.count, &mut pen);
        let unit = self.charts.clock.unit();
        for ticks in [closed.p50, closed.p90, closed.p99, closed.max] {
            length(closed.count, ticks, unit, &mut pen);
        }
        count(open.count, &mut pen);
        for ticks in [open.p50, open.max] {
            length(open.count, ticks, unit, &mut pen);
        }
        if unknown > 0 {
            pen.right(Meaning::Warn, &squeezed(unknown, LENGTH - 1), LENGTH);
        }
    }

    fn kind_names(&self, telling: &[State], columns: usize, mut pen: LineWriter<'_>) {
        const TITLE: &str = "By task";
        pen.own(Meaning::Title, TITLE);
        pen.cell(Meaning::Dim, "  p50 p99", columns - COUNT - TITLE.len());
        pen.right(Meaning::Dim, "runs", COUNT);
        for state in telling {
            let name = format!("{} {}", self.theme.state(*state), state.short());
            pen.right(Meaning::State(*state), &name, TWO);
        }
    }

    fn kind(&self, kind: TaskKind, names: &ShortNames<'_>, columns: usize, pen: &mut LineWriter<'_>) {
        let name = columns - COUNT;
        match kind {
            TaskKind::Typed { name: text, .. } => {
                let end = pen.left().saturating_sub(name);
                pen.name(Meaning::Text, self.charts.store.text(text), names, name);
                pen.skip_to_last(end);
            }
            TaskKind::Untyped { .. } => pen.cell(Meaning::Dim, "?", name),
            TaskKind::Other { types, .. } => {
                pen.cell(Meaning::Dim, &others(types), name);
            }
        }
        count(kind.runs(), pen);
    }
}

/// Returns the line for kinds that have none of their own.
fn others(types: u64) -> String {
    if types == 1 { "1 other".to_owned() } else { format!("{} others", squeezed(types, COUNT)) }
}

/// The names of the columns.
fn names(has_unknown: bool, mut pen: LineWriter<'_>) {
    pen.skip(2 + NAME);
    pen.right(Meaning::Dim, "closed", COUNT);
    for name in ["p50", "p90", "p99", "max"] {
        pen.right(Meaning::Dim, name, LENGTH);
    }
    pen.right(Meaning::Dim, "open", COUNT);
    for name in ["p50", "max"] {
        pen.right(Meaning::Dim, name, LENGTH);
    }
    if has_unknown {
        pen.right(Meaning::Dim, "?", LENGTH);
    }
}

/// Columns of a kind's name and of its runs: more where a state more would not fit anyway.
fn kind_columns(area: Rect) -> usize {
    let width = usize::from(area.width);
    let n_states = (width.saturating_sub(KIND + COUNT) / TWO).min(TELLING.len());
    (width - (n_states * TWO).min(width)).clamp(COUNT + 18, 2 * KIND + COUNT)
}

/// Half of the stays, and all but a hundredth.
fn two(figures: SpreadFigures, unit: Unit, pen: &mut LineWriter<'_>) {
    pen.skip(1);
    length(figures.count, figures.p50, unit, pen);
    length(figures.count, figures.p99, unit, pen);
}

fn length(count: u64, ticks: u64, unit: Unit, pen: &mut LineWriter<'_>) {
    match count {
        0 => pen.right(Meaning::Dim, "-", LENGTH),
        _ => pen.right(Meaning::Text, &unit.words(ticks), LENGTH),
    }
}

fn count(count: u64, pen: &mut LineWriter<'_>) {
    let meaning = if count > 0 { Meaning::Title } else { Meaning::Dim };
    pen.right(meaning, &squeezed(count, COUNT - 1), COUNT);
}
