//! The strip of states: every state with its count, at a place that does not move when a count grows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::theme::{Meaning, Theme};
use crate::model::states::State;
use crate::view::format::{MAX_SHORT_COLUMNS, squeezed};
use crate::view::found::Shelves;

/// The strip.
pub(super) struct Strip {
    /// Runs in each state.
    pub(super) counts: Vec<(State, u64)>,
    pub(super) theme: Theme,
}

impl Strip {
    pub(super) fn of(shelves: Shelves<'_>, theme: Theme) -> Self {
        let states = shelves.store.states().listed();
        Self { counts: states.map(|state| (state, shelves.count(state) as u64)).collect(), theme }
    }
}

impl Widget for Strip {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let per_line = self.counts.len().div_ceil(usize::from(area.height)).max(1);
        let (widths, naming) = self.columns(per_line, usize::from(area.width) - 1);
        for (line, states) in (0..area.height).zip(self.counts.chunks(per_line)) {
            let mut x = area.x + 1;
            for ((state, count), width) in states.iter().zip(&widths) {
                let cell = Rect { x, width: *width, ..area };
                self.state(*state, *count, naming, LineWriter::at(buf, self.theme, cell, line));
                x += *width;
            }
        }
    }
}

/// Naming of the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    Whole,
    Short,
    /// By their signs alone.
    Signs,
}

impl Naming {
    const fn name(self, state: State) -> &'static str {
        match self {
            Self::Whole => state.name(),
            Self::Short => state.short(),
            Self::Signs => "",
        }
    }

    /// Columns before the count.
    const fn before(self, state: State) -> usize {
        let name = self.name(state).len();
        if name == 0 { 2 } else { 3 + name }
    }
}

impl Strip {
    /// Returns the widths of the columns, and the naming of states in them. Columns of one width stay where
    /// they are when counts grow, so they are chosen while they do; short names come after, and counts are
    /// shortened before names go.
    fn columns(&self, per_line: usize, width: usize) -> (Vec<u16>, Naming) {
        let even = width / per_line;
        for (naming, digits) in [
            (Naming::Whole, MAX_COUNT_COLUMNS),
            (Naming::Short, MAX_COUNT_COLUMNS),
            (Naming::Short, MAX_SHORT_COLUMNS),
            (Naming::Signs, MAX_COUNT_COLUMNS),
        ] {
            let needs = self.needs(per_line, naming, digits);
            let total: usize = needs.iter().sum();
            if total > width {
                continue;
            }
            let spare = (width - total) / per_line;
            let fits_evenly = needs.iter().all(|need| *need <= even);
            let widths = needs.iter().map(|need| columns(if fits_evenly { even } else { need + spare }));
            return (widths.collect(), naming);
        }
        (vec![columns(even); per_line], Naming::Signs)
    }

    /// The columns that the widest state of each column needs.
    fn needs(&self, per_line: usize, naming: Naming, digits: usize) -> Vec<usize> {
        let need = |(state, count): &(State, u64)| naming.before(*state) + squeezed(*count, digits).len() + 1;
        let column = |first| self.counts.iter().skip(first).step_by(per_line);
        (0..per_line).map(|first| column(first).map(need).max().unwrap_or(0)).collect()
    }

    fn state(&self, state: State, count: u64, naming: Naming, mut pen: LineWriter<'_>) {
        let (sign, number) = match count {
            0 => (Meaning::Dim, Meaning::Dim),
            _ => (Meaning::State(state), Meaning::Title),
        };
        pen.own(sign, self.theme.state(state));
        pen.skip(1);
        if naming != Naming::Signs {
            pen.own(sign, naming.name(state));
            pen.skip(1);
        }
        let room = pen.left().saturating_sub(1);
        pen.own(number, &squeezed(count, room));
    }
}

/// Columns that every count fits in.
const MAX_COUNT_COLUMNS: usize = 26;

fn columns(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}
