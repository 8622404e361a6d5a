//! The strip of states: every state with its count, at a place that does not move when a count grows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::pen::Pen;
use super::theme::{Meaning, Theme, short};
use crate::app::App;
use crate::model::state::RunState;
use crate::view::format::{squeezed, thousands};

/// The strip.
pub(super) struct Strip<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for Strip<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let per_line = RunState::COUNT.div_ceil(usize::from(area.height));
        let (widths, has_names) = self.columns(per_line, usize::from(area.width) - 1);
        for (line, states) in (0..area.height).zip(RunState::LANES.chunks(per_line)) {
            let mut x = area.x + 1;
            for (state, width) in states.iter().zip(&widths) {
                let cell = Rect { x, width: *width, ..area };
                self.state(*state, has_names, Pen::at(buf, self.theme, cell, line));
                x += *width;
            }
        }
    }
}

impl Strip<'_> {
    /// How wide the columns are, and whether the names are written out. Columns of one width stay where they are
    /// when counts grow, so they are chosen while they do; short names come last.
    fn columns(&self, per_line: usize, width: usize) -> (Vec<u16>, bool) {
        let even = width / per_line;
        for has_names in [true, false] {
            let needs = self.needs(per_line, has_names);
            let total: usize = needs.iter().sum();
            if total > width {
                continue;
            }
            let spare = (width - total) / per_line;
            let fits_evenly = needs.iter().all(|need| *need <= even);
            let widths = needs.iter().map(|need| columns(if fits_evenly { even } else { need + spare }));
            return (widths.collect(), has_names);
        }
        (vec![columns(even); per_line], false)
    }

    /// The columns that the widest state of each column needs.
    fn needs(&self, per_line: usize, has_names: bool) -> Vec<usize> {
        let need = |state: &RunState| {
            let name = if has_names { state.name() } else { short(*state) };
            2 + name.len() + 1 + thousands(self.count(*state)).len() + 1
        };
        let column = |first| RunState::LANES.iter().skip(first).step_by(per_line);
        (0..per_line).map(|first| column(first).map(need).max().unwrap_or(0)).collect()
    }

    fn count(&self, state: RunState) -> u64 {
        self.app.shelves().count(state) as u64
    }

    fn state(&self, state: RunState, has_name: bool, mut pen: Pen<'_>) {
        let count = self.count(state);
        let name = if has_name { state.name() } else { short(state) };
        let (sign, number) = match count {
            0 => (Meaning::Dim, Meaning::Dim),
            _ => (Meaning::State(state), Meaning::Title),
        };
        pen.own(sign, self.theme.state(state));
        pen.skip(1);
        pen.own(sign, name);
        pen.skip(1);
        let room = pen.left().saturating_sub(1);
        pen.own(number, &squeezed(count, room));
    }
}

fn columns(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}
