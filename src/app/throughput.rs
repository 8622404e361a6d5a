//! Throughput of the log, and its latency to the screen.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Window over which the rate is measured.
const RATE_WINDOW: Duration = Duration::from_secs(4);
/// Resolution of the window. Bounds the number of steps that are kept.
const STEP_LENGTH: Duration = Duration::from_millis(250);
/// Minimum time of measurement before there is a rate.
const MIN_RATE_TIME: Duration = Duration::from_secs(1);
/// Maximum time between two calls. After a longer one the program itself was suspended, and the next lines came meanwhile.
const MAX_CALL_GAP: Duration = Duration::from_secs(3);

/// Measures the rate at which lines come.
#[derive(Debug, Default)]
pub(super) struct Throughput {
    /// Lines by the step in which they came. At most as many as fit in the span.
    steps: VecDeque<(Instant, u64)>,
    /// The instant since which lines come as fast as the queue writes them, and not as fast as they can be read.
    live_since: Option<Instant>,
    /// The instant at which the last lines came.
    came_at: Option<Instant>,
    /// The instant of the last call of [`Throughput::pass`].
    passed_at: Option<Instant>,
    /// The instant of the oldest lines that no frame has shown.
    unseen_since: Option<Instant>,
    lag: Option<Duration>,
}

impl Throughput {
    pub(super) fn came(&mut self, lines: u64, now: Instant) {
        self.unseen_since.get_or_insert(now);
        self.came_at = Some(now);
        match self.steps.back_mut() {
            Some((start, count)) if now.saturating_duration_since(*start) < STEP_LENGTH => *count += lines,
            _ => self.steps.push_back((now, lines)),
        }
        while self.steps.front().is_some_and(|(start, _)| now.saturating_duration_since(*start) > RATE_WINDOW)
        {
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
        if before.is_some_and(|before| now.saturating_duration_since(before) > MAX_CALL_GAP) {
            self.hold();
        }
    }

    /// Begins to measure the queue's own rate, since all that was there has been read. Unless the reader `is_reported` to
    /// be at the end, only once nothing more comes.
    pub(super) fn go_live(&mut self, is_reported: bool, now: Instant) {
        let is_quiet = || self.came_at.is_none_or(|at| now.saturating_duration_since(at) >= MIN_RATE_TIME);
        if self.live_since.is_none() && (is_reported || is_quiet()) {
            self.live_since = Some(now);
            self.steps.clear();
        }
    }

    /// Stops measuring the queue's rate, since the next lines were there before.
    pub(super) fn hold(&mut self) {
        if self.live_since.take().is_some() {
            self.steps.clear();
        }
    }

    /// The queue's events a second; nothing until that is known.
    pub(super) fn rate(&self, now: Instant) -> Option<u64> {
        let since = self.live_since?;
        (now.saturating_duration_since(since) >= MIN_RATE_TIME).then(|| self.reading(now))
    }

    /// Is true while the rate changes by time alone, without another line.
    pub(super) fn is_changing(&self, now: Instant) -> bool {
        self.live_since.is_some() && self.reading(now) > 0
    }

    /// Lines that are read a second.
    pub(super) fn reading(&self, now: Instant) -> u64 {
        let recent =
            || self.steps.iter().filter(|(start, _)| now.saturating_duration_since(*start) <= RATE_WINDOW);
        let Some((first, _)) = recent().next() else { return 0 };
        // Lines that have only begun to come are not averaged over the whole window.
        let over = now.saturating_duration_since(*first).clamp(MIN_RATE_TIME, RATE_WINDOW);
        let lines: u64 = recent().map(|(_, count)| count).sum();
        u64::try_from(u128::from(lines) * 1000 / over.as_millis()).unwrap_or(u64::MAX)
    }

    /// Latency of the last lines from their arrival to a frame.
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
        let mut throughput = Throughput::default();
        throughput.go_live(true, at(0));
        assert_eq!(throughput.rate(at(0)), None);
        (0..40).for_each(|n| throughput.came(10, at(n * 100)));
        assert_eq!(throughput.rate(at(999)), None);
        assert_eq!(throughput.rate(at(4000)), Some(100));
        assert!(throughput.rate(at(6000)).unwrap() < 60);
        assert_eq!(throughput.rate(at(9000)), Some(0));
        assert!(throughput.steps.len() <= 18);
    }

    #[test]
    fn what_was_there_before_is_not_the_rate_of_the_queue() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut throughput = Throughput::default();
        // What is there at the start.
        throughput.came(9_486, at(0));
        assert_eq!((throughput.rate(at(1000)), throughput.reading(at(1000))), (None, 9_486));
        throughput.go_live(true, at(1000));
        throughput.came(40, at(1500));
        assert_eq!(throughput.rate(at(2500)), Some(40));
        // What came while the view was frozen.
        throughput.hold();
        throughput.came(5_000, at(2600));
        throughput.go_live(false, at(2700));
        assert_eq!(throughput.rate(at(3599)), None);
        throughput.go_live(false, at(3600));
        assert_eq!((throughput.rate(at(3700)), throughput.rate(at(4600))), (None, Some(0)));
        // What came while the program stood still.
        throughput.pass(at(5000));
        throughput.pass(at(9000));
        throughput.came(5_000, at(9000));
        assert_eq!(throughput.rate(at(9999)), None);
        throughput.go_live(true, at(9100));
        assert_eq!(throughput.rate(at(10_200)), Some(0));
    }

    #[test]
    fn lag_is_counted_from_what_no_frame_has_shown() {
        let start = Instant::now();
        let mut throughput = Throughput::default();
        throughput.came(1, start);
        throughput.came(1, start + Duration::from_millis(2));
        throughput.drawn(start + Duration::from_millis(3));
        throughput.drawn(start + Duration::from_millis(90));
        assert_eq!(throughput.lag(), Some(Duration::from_millis(3)));
    }
}
