//! The lane of leases: from when a worker took the run to when it gave it back, with its heartbeats.

use super::Drawing;
use crate::engine::run_event::RunStep;
use crate::model::facts::LeaseStep;
use crate::model::states::Phase;
use crate::view::detail::lane::DetailLane;
use crate::view::detail::line::{DetailLine, Stroke, Tone};

impl Drawing<'_> {
    /// The lane, when there was a lease.
    pub(super) fn leases(&self) -> Option<(DetailLine, DetailLane)> {
        let mut lane = DetailLane::new(self.width);
        let (mut open, mut n_leases) = (None, 0_usize);
        let mut unleased_knots = self.unleased_knots().into_iter().peekable();
        for (moment, knot) in self.detail.moments.iter().zip(&self.course.moments) {
            // A run that went on without an event of its lease has lost it.
            while let Some(unleased) = unleased_knots.next_if(|unleased| unleased < knot) {
                self.close(&mut open, unleased, Stroke::End, &mut lane);
            }
            let RunStep::Lease { step, owner, .. } = &moment.step else { continue };
            match step {
                LeaseStep::Acquire => {
                    self.close(&mut open, *knot, Stroke::End, &mut lane);
                    n_leases += 1;
                    open = Some((*knot, Vec::new()));
                    lane.note(owner);
                }
                LeaseStep::Heartbeat => open.get_or_insert((0, Vec::new())).1.push(*knot),
                LeaseStep::Expire => self.close(&mut open, *knot, Stroke::Lapse, &mut lane),
                LeaseStep::Release => self.close(&mut open, *knot, Stroke::End, &mut lane),
            }
        }
        for unleased in unleased_knots {
            self.close(&mut open, unleased, Stroke::End, &mut lane);
        }
        let is_held = self.draw_held(open, &mut lane);
        if n_leases == 0 && !is_held {
            return None;
        }
        let words = if n_leases > 1 { "leases" } else { "lease" };
        Some((self.own_label(words, &if n_leases > 1 { n_leases.to_string() } else { String::new() }), lane))
    }

    /// The knots at which the run entered a state without a lease.
    fn unleased_knots(&self) -> Vec<usize> {
        let changes = self.detail.life.changes.iter().zip(&self.course.changes);
        changes
            .filter(|(change, _)| !matches!(change.to.phase(), Phase::Held | Phase::Running))
            .map(|(_, knot)| *knot)
            .collect()
    }

    fn close(&self, open: &mut Option<(usize, Vec<usize>)>, knot: usize, end: Stroke, lane: &mut DetailLane) {
        if let Some((from, beats)) = open.take() {
            let last = self.scale.column(knot);
            self.draw_lease(from, last, &beats, lane);
            let first = self.scale.column(from);
            match end {
                Stroke::Lapse => lane.put(last.max(first + 1) - 1, end, Tone::Warn),
                // Only the line where there is one column for all.
                _ if last <= first + 1 => lane.put(first, Stroke::Thin, Tone::Plain),
                _ => lane.put(last - 1, end, Tone::Plain),
            }
        }
    }

    fn draw_lease(&self, from: usize, to: usize, beats: &[usize], lane: &mut DetailLane) {
        let from = self.scale.column(from);
        lane.fill(from, to, Stroke::Thin, Tone::Plain);
        lane.put(from, Stroke::Begin, Tone::Plain);
        for column in beats.iter().map(|knot| self.scale.column(*knot)).filter(|column| *column > from) {
            lane.put(column, Stroke::Beat, Tone::Plain);
        }
    }

    /// Draws the current lease, up to now and on to its expiry; returns true if there is one.
    fn draw_held(&self, open: Option<(usize, Vec<usize>)>, lane: &mut DetailLane) -> bool {
        let Some(lease) = self.detail.store.run(self.detail.key).lease else { return false };
        let changes = &self.detail.life.changes;
        let since = changes.iter().rposition(|change| change.to.phase() == Phase::Held).unwrap_or(0);
        let (from, beats) = open.unwrap_or((self.course.changes[since], Vec::new()));
        self.draw_lease(from, self.end_column(), &beats, lane);
        if let Some(place) = self.ahead.iter().position(|at| *at == lease.expiry) {
            let lapse = self.scale.column(self.end() + 1 + place);
            lane.fill(self.end_column(), lapse, Stroke::Ahead, Tone::Dim);
            lane.put(lapse, Stroke::Lapse, Tone::Dim);
        } else if self.course.is_timed && lease.expiry < self.detail.now {
            let lapse = self.column_at(from, self.end(), lease.expiry);
            lane.put(lapse, Stroke::Lapse, Tone::Warn);
        }
        lane.note(self.detail.store.text(lease.owner));
        true
    }
}
