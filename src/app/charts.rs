//! The drawings of the queue's life: how far they are scrolled, and how long runs stay in each state, measured in
//! slices so that no key waits for a million runs.

use std::time::{Duration, Instant};

use super::scroll::Distance;
use super::{App, Now};
use crate::engine;
use crate::view::charts::{Charts as Drawn, Plan, Sample};
use crate::view::{Pane, Times};

/// Runs and changes in a slice: a few milliseconds.
const SLICE: usize = 20_000;
/// Figures are measured anew after so long at the earliest.
const LEAST: Duration = Duration::from_secs(2);
/// And after so many times what measuring them took.
const SHARE: u32 = 10;

/// The state of the charts.
#[derive(Debug, Default)]
pub(super) struct Charts {
    scroll: u16,
    /// What was measured last.
    times: Option<Times>,
    /// What is being measured, and since when.
    measuring: Option<(Times, Instant)>,
    /// When measuring began and how long it took, and the lines that were folded then.
    measured: Option<(Instant, Duration, u64)>,
    /// Samples with the edge and the cursor among them, made when either has moved.
    samples: Vec<Sample>,
    sampled_at: (u64, u64),
}

impl App {
    /// What the charts say, and how far they are scrolled, when they are looked at.
    #[must_use]
    pub fn charts(&self) -> Option<(Drawn<'_>, u16)> {
        let is_shown = self.board.focus == Pane::Charts && self.detail.is_none() && self.help.is_none();
        let times = self.charts.times.as_ref().filter(|_| is_shown)?;
        let charts = Drawn {
            samples: &self.charts.samples,
            cursor: self.history.position(),
            now: self.second(),
            by_sequence: self.edge().is_timeless,
            store: self.history.store(),
            times,
            clock: self.clock(),
        };
        Some((charts, self.charts.scroll))
    }

    /// Whether there is something to measure, by [`App::measure`].
    #[must_use]
    pub fn is_measuring(&self) -> bool {
        self.charts.measuring.is_some()
    }

    /// Measures a slice of the runs.
    pub fn measure(&mut self, now: Now) {
        self.now = now;
        let Some((mut times, since)) = self.charts.measuring.take() else { return };
        times.advance(self.history.store(), SLICE);
        if !times.is_done() {
            self.charts.measuring = Some((times, since));
            return;
        }
        let took = now.instant.saturating_duration_since(since);
        self.charts.measured = Some((since, took, self.history.position()));
        self.charts.times = Some(times);
        self.is_dirty = true;
    }

    /// Looks after what the charts need, when they are looked at and time or the log has gone on.
    pub(super) fn settle_charts(&mut self) {
        if self.board.focus != Pane::Charts {
            return;
        }
        let (position, edge) = (self.history.position(), self.history.edge());
        if self.charts.sampled_at != (position, edge) || self.charts.samples.is_empty() {
            self.charts.sampled_at = (position, edge);
            self.charts.samples = self.samples();
        }
        if self.charts.times.is_none() {
            // Nothing yet is what there is until the first measure is taken.
            let mut none = Times::begin(self.second());
            none.advance(&engine::store(crate::store::Rules::default()), 1);
            self.charts.times = Some(none);
        }
        let is_due = self.charts.measured.is_none_or(|(began, took, at)| {
            let rest = LEAST.max(took * SHARE);
            at != position && self.now.instant.saturating_duration_since(began) >= rest
        });
        if is_due && self.charts.measuring.is_none() && !self.is_traveling() {
            self.charts.measuring = Some((Times::begin(self.second()), self.now.instant));
        }
    }

    /// Forgets what is being measured: the store is another one, or at another instant.
    pub(super) fn measure_anew(&mut self) {
        self.charts.measuring = None;
        self.charts.measured = None;
    }

    /// The samples, and the instant at hand and the edge where they are not among them.
    fn samples(&self) -> Vec<Sample> {
        let mut samples = self.history.samples().to_vec();
        if !self.edge().is_timeless {
            // The first events may say nothing of when they were.
            samples.retain(|sample| sample.at > 0);
        }
        let position = self.history.position();
        if samples.first().is_some_and(|first| first.position < position)
            && let Err(place) = samples.binary_search_by_key(&position, |sample| sample.position)
        {
            samples.insert(place, Sample::of(position, self.history.store()));
        }
        samples
    }

    pub(super) fn scroll_charts(&mut self, distance: Distance) {
        let Some((charts, scroll)) = self.charts() else { return };
        let area = self.layout().page();
        let last = Plan::of(&charts, area.width, area.height).last_line(area.height);
        let by = distance.steps(usize::from(area.height));
        let to = usize::from(scroll).saturating_add_signed(by).min(usize::from(last));
        self.charts.scroll = u16::try_from(to).unwrap_or(last);
    }
}
