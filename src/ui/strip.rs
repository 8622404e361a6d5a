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
        let width = (area.width - 1) / per_line as u16;
        let is_narrow = !self.fits_whole(usize::from(width));
        for (line, states) in (0..area.height).zip(RunState::LANES.chunks(per_line)) {
            for (cell, state) in (0..).zip(states) {
                let cell = Rect { x: area.x + 1 + cell * width, width, ..area };
                self.state(*state, is_narrow, Pen::at(buf, self.theme, cell, line));
            }
        }
    }
}

impl Strip<'_> {
    /// Whether every state fits with its whole name and its whole count.
    fn fits_whole(&self, width: usize) -> bool {
        let columns = |state: RunState| 2 + state.name().len() + 1 + thousands(self.count(state)).len() + 1;
        RunState::LANES.into_iter().all(|state| columns(state) <= width)
    }

    fn count(&self, state: RunState) -> u64 {
        self.app.store().lane(state).len() as u64
    }

    fn state(&self, state: RunState, is_narrow: bool, mut pen: Pen<'_>) {
        let count = self.count(state);
        let name = if is_narrow { short(state) } else { state.name() };
        let (glyph, word, number) = match count {
            0 => (Meaning::Dim, Meaning::Dim, Meaning::Dim),
            _ => (Meaning::State(state), Meaning::State(state), Meaning::Title),
        };
        pen.own(glyph, self.theme.state(state));
        pen.skip(1);
        pen.own(word, name);
        pen.skip(1);
        let room = pen.left().saturating_sub(1);
        pen.own(number, &squeezed(count, room));
    }
}
