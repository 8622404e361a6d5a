//! The lanes of states: a bar for each stay, and a sign for the end of the life.

use super::Drawing;
use crate::model::states::{MAX_STATES, Phase, State};
use crate::view::detail::lane::DetailLane;
use crate::view::detail::line::{DetailLine, Stroke, Tone};
use crate::view::detail::scale::PARTS_PER_COLUMN;

impl Drawing<'_> {
    /// A lane for each state that the run was in.
    pub(super) fn states(&self) -> Vec<(DetailLine, DetailLane)> {
        let mut lanes = vec![None; MAX_STATES];
        let mut spent = [0_u64; MAX_STATES];
        let mut shares = vec![0; if self.scale.is_roomy { 0 } else { MAX_STATES * self.width }];
        for (index, change) in self.detail.life.changes.iter().enumerate() {
            let (from, to) = (self.course.changes[index], self.course.end_of(index));
            let state = change.to;
            let length = self.course.knots[to].at.saturating_sub(self.course.knots[from].at);
            spent[state.index()] += length;
            let lane = lanes[state.index()].get_or_insert_with(|| DetailLane::new(self.width));
            if state.is_terminal() {
                lane.put(self.scale.column(from), Stroke::Sign(state), Tone::State(state));
            } else if self.scale.is_roomy {
                let is_brief = self.course.is_timed && length == 0;
                let stroke = if is_brief { Stroke::Brief } else { Stroke::Bar };
                lane.fill(self.scale.column(from), self.scale.column(to), stroke, Tone::State(state));
            } else {
                let shares = &mut shares[state.index() * self.width..][..self.width];
                self.draw_share(state, from, to, shares, lane);
            }
        }
        self.draw_ahead(&mut lanes);
        self.note_reasons(&mut lanes);
        let lane_of = |state: State| {
            let spent = self.unit().words(spent[state.index()]);
            let has_duration = self.course.is_timed && !state.is_terminal();
            let label = self.state_label(state, if has_duration { &spent } else { "" });
            Some((label, lanes[state.index()].take()?))
        };
        self.detail.store.states().listed().filter_map(lane_of).collect()
    }

    /// Draws a stay where columns hold several: as a bar where the state has had half of the column.
    fn draw_share(&self, state: State, from: usize, to: usize, shares: &mut [u64], lane: &mut DetailLane) {
        for (column, part) in self.scale.cover(from, to) {
            let Some(share) = shares.get_mut(column) else { return };
            *share += part;
            let stroke = if *share * 2 >= PARTS_PER_COLUMN { Stroke::Bar } else { Stroke::Brief };
            if part > 0 || lane.tone(column).is_none() {
                lane.put(column, stroke, Tone::State(state));
            }
        }
    }

    /// Extends a state that ends of itself, up to when it does.
    fn draw_ahead(&self, lanes: &mut [Option<DetailLane>]) {
        let state = self.detail.store.state_of(self.detail.key);
        let ends = matches!(state.phase(), Phase::Pending | Phase::Parked);
        if let (true, Some(_), Some(lane)) = (ends, self.ahead.last(), &mut lanes[state.index()]) {
            let (now, last) = (self.end_column(), self.scale.column(self.end() + self.ahead.len()));
            lane.fill(now, last, Stroke::Ahead, Tone::State(state));
            lane.put(last, Stroke::Lapse, Tone::Dim);
        }
    }

    /// Writes the reason of each stop into its bar, or else that of the last beside the lane.
    fn note_reasons(&self, lanes: &mut [Option<DetailLane>]) {
        for (moment, knot) in self.detail.moments.iter().zip(&self.course.moments) {
            let Some(reason) = moment.reason() else { continue };
            let Ok(change) = self.course.changes.binary_search(knot) else { continue };
            let state = self.detail.life.changes[change].to;
            let Some(lane) = &mut lanes[state.index()] else { continue };
            let (from, to) = (self.scale.column(*knot), self.scale.column(self.course.end_of(change)));
            if !lane.write_within(from, to, reason, Tone::State(state)) {
                lane.note(reason);
            }
        }
    }
}
