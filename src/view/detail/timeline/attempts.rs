//! The lane of attempts: each within the time in which its run was Running, with its number and its result.
//!
//! One lane holds all of them, since no two are open at a time. Where several share a column, the worst is shown.

use super::Drawing;
use crate::model::facts::AttemptResult;
use crate::model::states::{Phase, StateTable};
use crate::store::Attempt;
use crate::view::detail::lane::DetailLane;
use crate::view::detail::line::{DetailLine, Stroke, Tone};
use crate::view::format::squeezed;

impl Drawing<'_> {
    /// The lane, when there was an attempt.
    pub(super) fn attempts(&self) -> Option<(DetailLine, DetailLane)> {
        let attempts = &self.detail.life.attempts;
        if attempts.is_empty() {
            return None;
        }
        let mut lane = DetailLane::new(self.width);
        for (index, (attempt, (from, to))) in attempts.iter().zip(self.spans()).enumerate() {
            self.draw_attempt(index + 1, attempt, from, to.max(from + 1), &mut lane);
        }
        Some((self.own_label("attempts", &squeezed(attempts.len() as u64, 6)), lane))
    }

    fn draw_attempt(
        &self,
        number: usize,
        attempt: &Attempt<'_>,
        from: usize,
        to: usize,
        lane: &mut DetailLane,
    ) {
        let number = number.to_string();
        let end = sign(self.detail.store.states(), attempt.result);
        // An earlier attempt ends there, which this one must not hide.
        let before = weight(lane.tone(from));
        if to - from == 1 && before > 0 && before >= weight(end.map(|(_, tone)| tone)) {
            return;
        }
        let from = if to - from > 1 && before > 0 { from + 1 } else { from };
        lane.fill(from, to, Stroke::Thin, Tone::Plain);
        if number.len() < to - from {
            lane.write(from, &number, Tone::Plain);
        }
        match end {
            Some((stroke, tone)) => lane.put(to - 1, stroke, tone),
            None if self.is_open(attempt) => (),
            None => lane.write(to - 1, "?", Tone::Warn),
        }
    }

    fn is_open(&self, attempt: &Attempt<'_>) -> bool {
        self.detail.store.run(self.detail.key).open_attempt == Some(attempt.id)
    }

    /// The columns of each attempt: the first, and the one after the last.
    fn spans(&self) -> Vec<(usize, usize)> {
        let running_spans = self.running_spans();
        let mut spans = Vec::with_capacity(running_spans.len());
        let attempts = &self.detail.life.attempts;
        for group in running_spans.chunk_by(|a, b| a == b) {
            let (from, to) = group[0];
            let first = spans.len();
            let lasts = self.course.knots[to].at.saturating_sub(self.course.knots[from].at);
            for (rank, attempt) in (0..).zip(&attempts[first..first + group.len()]) {
                spans.push(if group.len() == 1 || (self.course.is_timed && lasts > 0) {
                    self.span(from, to, attempt)
                } else {
                    let whole = group.len() as u64;
                    let part = |part| self.scale.between(from, to, part, whole);
                    (part(rank), part(rank + 1))
                });
            }
        }
        spans
    }

    fn span(&self, from: usize, to: usize, attempt: &Attempt<'_>) -> (usize, usize) {
        let knots = &self.course.knots;
        let is_inside = |at: &u64| self.course.is_timed && *at > knots[from].at && *at < knots[to].at;
        let column = |at: Option<u64>, knot| {
            at.filter(is_inside).map_or_else(|| self.scale.column(knot), |at| self.column_at(from, to, at))
        };
        (column(Some(attempt.started_at), from), column(attempt.finished_at, to))
    }

    /// The knots between which each attempt was made: its run was Running, as a rule once for each attempt.
    fn running_spans(&self) -> Vec<(usize, usize)> {
        let changes = self.detail.life.changes.iter().enumerate();
        let running: Vec<(usize, usize)> = changes
            .filter(|(_, change)| change.to.phase() == Phase::Running)
            .map(|(index, _)| (self.course.changes[index], self.course.end_of(index)))
            .collect();
        let knots = &self.course.knots;
        let holds = |home: usize, at: u64| {
            let is_then = |(from, to): &(usize, usize)| knots[*from].at <= at && at <= knots[*to].at;
            running.get(home).is_some_and(|home| !self.course.is_timed || is_then(home))
        };
        let mut next = 0;
        let mut running_spans = Vec::with_capacity(self.detail.life.attempts.len());
        for attempt in &self.detail.life.attempts {
            let at = attempt.started_at;
            let is_in_last = next > 0 && !holds(next, at) && holds(next - 1, at);
            if !is_in_last {
                let found = (next..running.len()).find(|home| holds(*home, at));
                next = found.map_or(next, |home| home + 1).max(1);
            }
            running_spans.push(running.get(next - 1).copied().unwrap_or((0, self.end())));
        }
        running_spans
    }
}

/// The severity of a result.
const fn weight(tone: Option<Tone>) -> u8 {
    match tone {
        Some(Tone::Bad) => 3,
        Some(Tone::Warn) => 2,
        Some(Tone::Good) => 1,
        _ => 0,
    }
}

fn sign(states: &'static StateTable, result: Option<AttemptResult>) -> Option<(Stroke, Tone)> {
    let tone = match result? {
        AttemptResult::Success => Tone::Good,
        AttemptResult::Failure => Tone::Bad,
        AttemptResult::Timeout => return Some((Stroke::Lapse, Tone::Bad)),
        AttemptResult::Suspended | AttemptResult::Awaiting => Tone::Warn,
    };
    Some((Stroke::Sign(states.of_result(result?)?), tone))
}
