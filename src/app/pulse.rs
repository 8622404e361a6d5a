//! How fast the log comes, and how long it takes to the screen.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Over how long the rate is measured.
const SPAN: Duration = Duration::from_secs(4);
/// How finely. Bounds the number of steps that are kept.
const STEP: Duration = Duration::from_millis(250);

/// Measures the river.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Lines by the step in which they came. At most as many as fit in the span.
    steps: VecDeque<(Instant, u64)>,
    /// Since when there has been something that no frame has shown.
    unseen_since: Option<Instant>,
    lag: Option<Duration>,
}

impl Pulse {
    pub(super) fn came(&mut self, lines: u64, now: Instant) {
        self.unseen_since.get_or_insert(now);
        match self.steps.back_mut() {
            Some((start, count)) if now.saturating_duration_since(*start) < STEP => *count += lines,
            _ => self.steps.push_back((now, lines)),
        }
        while self.steps.front().is_some_and(|(start, _)| now.saturating_duration_since(*start) > SPAN) {
            self.steps.pop_front();
        }
    }

    pub(super) fn drawn(&mut self, now: Instant) {
        if let Some(since) = self.unseen_since.take() {
            self.lag = Some(now.saturating_duration_since(since));
        }
    }

    /// Lines a second.
    pub(super) fn rate(&self, now: Instant) -> u64 {
        let recent = || self.steps.iter().filter(|(start, _)| now.saturating_duration_since(*start) <= SPAN);
        let Some((first, _)) = recent().next() else { return 0 };
        // What has only begun to flow is not spread over the whole span.
        let over = now.saturating_duration_since(*first).clamp(Duration::from_secs(1), SPAN);
        let lines: u64 = recent().map(|(_, count)| count).sum();
        u64::try_from(u128::from(lines) * 1000 / over.as_millis()).unwrap_or(u64::MAX)
    }

    /// How long the last lines took from their arrival to a frame.
    pub(super) const fn lag(&self) -> Option<Duration> {
        self.lag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds_and_dies_away() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pulse = Pulse::default();
        assert_eq!(pulse.rate(at(0)), 0);
        (0..40).for_each(|n| pulse.came(10, at(n * 100)));
        assert_eq!(pulse.rate(at(4000)), 100);
        assert!(pulse.rate(at(6000)) < 60);
        assert_eq!(pulse.rate(at(9000)), 0);
        assert!(pulse.steps.len() <= 18);
    }

    #[test]
    fn lag_is_counted_from_what_no_frame_has_shown() {
        let start = Instant::now();
        let mut pulse = Pulse::default();
        pulse.came(1, start);
        pulse.came(1, start + Duration::from_millis(2));
        pulse.drawn(start + Duration::from_millis(3));
        pulse.drawn(start + Duration::from_millis(90));
        assert_eq!(pulse.lag(), Some(Duration::from_millis(3)));
    }
}
