//! The charts of the queue: their scroll position, and the times that runs stay in each state, measured in
//! slices so that no key waits for a million runs.

use std::time::{Duration, Instant};

use super::context::Context;
use super::edge::Edge;
use super::scroll::Distance;
use crate::history::History;
use crate::view::charts::{Charts as Drawn, Plan, Sample};
use crate::view::{Area, Times};

/// Number of runs and changes measured in one slice: a few milliseconds.
const SLICE_RUNS: usize = 20_000;
/// Minimum interval between two measurements.
const MIN_MEASURE_INTERVAL: Duration = Duration::from_secs(2);
/// Minimum interval between two measurements, as a multiple of the duration of the last one.
const MEASURE_INTERVAL_FACTOR: u32 = 10;

/// The state of the charts.
#[derive(Debug, Default)]
pub(super) struct ChartsState {
    scroll: u16,
    /// Result of the last measurement.
    times: Option<Times>,
    /// The measurement that is going on, and the instant at which it began.
    measuring: Option<(Times, Instant)>,
    /// Start and duration of the last measurement, and the lines that were folded at its end.
    measured: Option<(Instant, Duration, u64)>,
    /// Samples with the edge and the cursor among them, made when either has moved.
    samples: Vec<Sample>,
    sampled_at: (u64, u64),
}

impl ChartsState {
    /// The charts as they are drawn, and the lines of them above the screen; none before they were looked at.
    pub(super) fn drawn<'a>(&'a self, cx: &Context<'a>, edge: Edge) -> Option<(Drawn<'a>, u16)> {
        let charts = Drawn {
            samples: &self.samples,
            cursor: cx.history.position(),
            now: cx.at.view_at,
            by_sequence: edge.is_timeless,
            store: cx.store(),
            times: self.times.as_ref()?,
            clock: cx.clock(),
        };
        Some((charts, self.scroll))
    }

    /// Is true while there is something to measure, by [`ChartsState::measure`].
    pub(super) const fn is_measuring(&self) -> bool {
        self.measuring.is_some()
    }

    /// Measures a slice of the runs; says whether that was the last.
    pub(super) fn measure(&mut self, history: &History, now: Instant) -> bool {
        let Some((mut times, since)) = self.measuring.take() else { return false };
        times.advance(history.store(), SLICE_RUNS);
        if !times.is_done() {
            self.measuring = Some((times, since));
            return false;
        }
        let took = now.saturating_duration_since(since);
        self.measured = Some((since, took, history.position()));
        self.times = Some(times);
        true
    }

    /// Updates the samples and starts a measurement when one is due; called while the charts are shown.
    pub(super) fn settle(&mut self, cx: &Context<'_>, edge: Edge, is_traveling: bool) {
        let (position, end) = (cx.history.position(), cx.history.edge());
        if self.sampled_at != (position, end) || self.samples.is_empty() {
            self.sampled_at = (position, end);
            self.samples = samples(cx.history, edge);
        }
        if self.times.is_none() {
            // Nothing yet is what there is until the first measure is taken.
            let mut none = Times::begin(cx.at.view_at);
            none.advance(&crate::engine::store(crate::store::Rules::default()), 1);
            self.times = Some(none);
        }
        let is_due = self.measured.is_none_or(|(began, took, at)| {
            let rest = MIN_MEASURE_INTERVAL.max(took * MEASURE_INTERVAL_FACTOR);
            at != position && cx.at.now.saturating_duration_since(began) >= rest
        });
        if is_due && self.measuring.is_none() && !is_traveling {
            self.measuring = Some((Times::begin(cx.at.view_at), cx.at.now));
        }
    }

    /// Drops the measurement that is going on: the store is another one, or at another instant.
    pub(super) fn restart(&mut self) {
        self.measuring = None;
        self.measured = None;
    }

    pub(super) fn scroll(&mut self, cx: &Context<'_>, edge: Edge, distance: Distance) {
        let Some((charts, scroll)) = self.drawn(cx, edge) else { return };
        let Area { width, height, .. } = cx.at.area;
        let last = Plan::of(&charts, width, height).last_line(height);
        let by = distance.steps(cx.height());
        let to = usize::from(scroll).saturating_add_signed(by).min(usize::from(last));
        self.scroll = u16::try_from(to).unwrap_or(last);
    }
}

/// The samples, and the instant at hand and the edge where they are not among them.
fn samples(history: &History, edge: Edge) -> Vec<Sample> {
    let mut samples = history.samples().to_vec();
    if !edge.is_timeless {
        // The first events may say nothing of when they were.
        samples.retain(|sample| sample.at > 0);
    }
    let position = history.position();
    if samples.first().is_some_and(|first| first.position < position)
        && let Err(place) = samples.binary_search_by_key(&position, |sample| sample.position)
    {
        samples.insert(place, Sample::of(position, history.store()));
    }
    samples
}
