//! How fast the log comes, and how long it takes to the screen.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Over how long the rate is measured.
const SPAN: Duration = Duration::from_secs(4);
/// How finely. Bounds the number of steps that are kept.
const STEP: Duration = Duration::from_millis(250);
/// A rate that was measured for a shorter time is none.
const LEAST: Duration = Duration::from_secs(1);
/// After so long without a sign of life the program itself stood still, and what comes then came meanwhile.
const GAP: Duration = Duration::from_secs(3);

/// Measures how fast lines come.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Lines by the step in which they came. At most as many as fit in the span.
    steps: VecDeque<(Instant, u64)>,
    /// Since when lines come as fast as the queue writes them, and not as fast as they can be read.
    live_since: Option<Instant>,
    /// When the last lines came, and when the time was taken in last.
    came_at: Option<Instant>,
    passed_at: Option<Instant>,
    /// Since when there has been something that no frame has shown.
    unseen_since: Option<Instant>,
    lag: Option<Duration>,
}

impl Pulse {
    pub(super) fn came(&mut self, lines: u64, now: Instant) {
        self.unseen_since.get_or_insert(now);
        self.came_at = Some(now);
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

    /// Takes in the time, whenever anything happens.
    pub(super) fn pass(&mut self, now: Instant) {
        let before = self.passed_at.replace(now);
        if before.is_some_and(|before| now.saturating_duration_since(before) > GAP) {
            self.hold();
        }
    }

    /// All that was there has been read: what comes from now on is the queue's own. Unless the reader
    /// `is_reported` to be at the end, only once nothing more comes.
    pub(super) fn go_live(&mut self, is_reported: bool, now: Instant) {
        let is_quiet = || self.came_at.is_none_or(|at| now.saturating_duration_since(at) >= LEAST);
        if self.live_since.is_none() && (is_reported || is_quiet()) {
            self.live_since = Some(now);
            self.steps.clear();
        }
    }

    /// What comes next was there before.
    pub(super) fn hold(&mut self) {
        if self.live_since.take().is_some() {
            self.steps.clear();
        }
    }

    /// The queue's events a second; nothing until that is known.
    pub(super) fn rate(&self, now: Instant) -> Option<u64> {
        let since = self.live_since?;
        (now.saturating_duration_since(since) >= LEAST).then(|| self.reading(now))
    }

    /// Whether the rate will be another one without a line that comes.
    pub(super) fn is_changing(&self, now: Instant) -> bool {
        self.live_since.is_some() && self.reading(now) > 0
    }

    /// Lines that are read a second.
    pub(super) fn reading(&self, now: Instant) -> u64 {
        let recent = || self.steps.iter().filter(|(start, _)| now.saturating_duration_since(*start) <= SPAN);
        let Some((first, _)) = recent().next() else { return 0 };
        // What has only begun to flow is not spread over the whole span.
        let over = now.saturating_duration_since(*first).clamp(LEAST, SPAN);
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
        pulse.go_live(true, at(0));
        assert_eq!(pulse.rate(at(0)), None);
        (0..40).for_each(|n| pulse.came(10, at(n * 100)));
        assert_eq!(pulse.rate(at(999)), None);
        assert_eq!(pulse.rate(at(4000)), Some(100));
        assert!(pulse.rate(at(6000)).unwrap() < 60);
        assert_eq!(pulse.rate(at(9000)), Some(0));
        assert!(pulse.steps.len() <= 18);
    }

    #[test]
    fn what_was_there_before_is_not_the_rate_of_the_queue() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pulse = Pulse::default();
        // What is there at the start.
        pulse.came(9_486, at(0));
        assert_eq!((pulse.rate(at(1000)), pulse.reading(at(1000))), (None, 9_486));
        pulse.go_live(true, at(1000));
        pulse.came(40, at(1500));
        assert_eq!(pulse.rate(at(2500)), Some(40));
        // What came while the view was frozen.
        pulse.hold();
        pulse.came(5_000, at(2600));
        pulse.go_live(false, at(2700));
        assert_eq!(pulse.rate(at(3599)), None);
        pulse.go_live(false, at(3600));
        assert_eq!((pulse.rate(at(3700)), pulse.rate(at(4600))), (None, Some(0)));
        // What came while the program stood still.
        pulse.pass(at(5000));
        pulse.pass(at(9000));
        pulse.came(5_000, at(9000));
        assert_eq!(pulse.rate(at(9999)), None);
        pulse.go_live(true, at(9100));
        assert_eq!(pulse.rate(at(10_200)), Some(0));
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
