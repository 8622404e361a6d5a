//! Playback of the log by its own time, faster or slower, and without its idle stretches.
//!
//! Events of one instant are spread evenly over it: many share a second, where the log's unit is that. Must not know
//! how an instant is reached.

use std::time::{Duration, Instant};

use super::edge::Edge;
use crate::history::History;

/// Playback speeds, in seconds of the log a second; the last is as fast as possible.
const SPEEDS: [Option<u32>; 14] = [
    Some(1),
    Some(2),
    Some(5),
    Some(10),
    Some(20),
    Some(50),
    Some(100),
    Some(200),
    Some(500),
    Some(1000),
    Some(2000),
    Some(5000),
    Some(10_000),
    None,
];

/// Interval between two steps of playback.
const PLAY_INTERVAL: Duration = Duration::from_millis(16);
/// Maximum number of lines in one step of playback at the highest speed.
const MAX_LINES_PER_BEAT: u64 = 100_000;
/// Maximum time, in seconds, for which a stretch without events is played.
const MAX_IDLE_SECONDS: f64 = 1.0;
/// Lines played in a second at single speed, where the clocks of the log cannot be used.
const LINES_PER_SECOND: f64 = 10.0;

/// Start of playback, and the place: an instant of the log with its fraction, or a number of lines.
#[derive(Debug, Clone, Copy)]
struct Playing {
    since: Instant,
    from: f64,
}

/// State and speed of playback.
#[derive(Debug, Default)]
pub(super) struct Player {
    playing: Option<Playing>,
    /// The place of the speed in [`SPEEDS`].
    speed: usize,
}

/// The next step while the log plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beat {
    /// The end of the log.
    Edge,
    /// A position.
    To(u64),
}

impl Player {
    /// Changes the speed; returns it in words.
    pub(super) fn set_speed(&mut self, by: isize, now: Instant) -> String {
        if let Some(playing) = &mut self.playing {
            *playing = Playing::begin(now);
        }
        self.speed = self.speed.saturating_add_signed(by).min(SPEEDS.len() - 1);
        let words = self.speed().map_or_else(|| "as fast as it goes".to_owned(), |speed| format!("{speed}x"));
        format!("plays {words}")
    }

    /// Seconds of the log in one; none for as fast as it goes.
    pub(super) const fn speed(&self) -> Option<u32> {
        SPEEDS[self.speed]
    }

    pub(super) const fn is_playing(&self) -> bool {
        self.playing.is_some()
    }

    /// Stops; says whether it played.
    pub(super) const fn stop(&mut self) -> bool {
        self.playing.take().is_some()
    }

    pub(super) const fn begin(&mut self, now: Instant) {
        self.playing = Some(Playing::begin(now));
    }

    /// The instant of the next step of playback, while it plays.
    pub(super) fn next_beat(&self, now: Instant) -> Option<Instant> {
        self.is_playing().then(|| now + PLAY_INTERVAL)
    }

    /// The next step of playback for the time that has passed, while it plays.
    pub(super) fn beat(&mut self, history: &History, edge: Edge, now: Instant) -> Option<Beat> {
        let mut playing = self.playing?;
        if history.is_at_edge() {
            self.playing = None;
            return Some(Beat::Edge);
        }
        let position = history.position();
        let Some(speed) = self.speed() else {
            return Some(Beat::To((position + MAX_LINES_PER_BEAT).min(history.edge())));
        };
        let pace = Pace { history, edge };
        if playing.from.is_nan() {
            playing = Playing { since: now, from: pace.time_of(position) };
        }
        let passed = now.saturating_duration_since(playing.since).as_secs_f64();
        let mut time = playing.from + passed * f64::from(speed);
        let next = pace.time_of(position + 1);
        let idle = next - time;
        if idle > MAX_IDLE_SECONDS * f64::from(speed) {
            // A long stretch without events is skipped, except for its end.
            time = next - MAX_IDLE_SECONDS / 2.0 * f64::from(speed);
            playing = Playing { since: now, from: time };
        }
        let to = pace.position_at(time).clamp(position, history.edge());
        self.playing = Some(playing);
        (to > position).then_some(Beat::To(to))
    }
}

impl Playing {
    /// Begins at the instant at hand.
    const fn begin(now: Instant) -> Self {
        Self { since: now, from: f64::NAN }
    }
}

/// Events that came in a second, by the log's own time, at the instant at hand.
pub(super) fn rate_then(history: &History, edge: Edge) -> u64 {
    const RATE_WINDOW_SECONDS: f64 = 10.0;
    let (pace, position) = (Pace { history, edge }, history.position());
    let since = pace.position_at(pace.time_of(position) - RATE_WINDOW_SECONDS).min(position);
    (position - since) / 10
}

/// Mapping between times and lines, interpolated from samples: events of one instant are spread evenly over its tick.
struct Pace<'a> {
    history: &'a History,
    edge: Edge,
}

impl Pace<'_> {
    /// The instant after `position` lines, in seconds with a fraction; by the number of lines where clocks cannot be used.
    fn time_of(&self, position: u64) -> f64 {
        if self.edge.is_timeless {
            return position as f64 / LINES_PER_SECOND;
        }
        let samples = self.history.samples();
        let index = samples.partition_point(|sample| sample.position < position);
        let (p1, t1) =
            samples.get(index).map_or((self.history.edge(), self.edge.at), |it| (it.position, it.at));
        let (p0, t0) =
            index.checked_sub(1).map_or((0, t1), |index| (samples[index].position, samples[index].at));
        let (p0, t0, t1) = (p0 as f64, t0 as f64, t1 as f64);
        let share = (position as f64 - p0) / (p1 as f64 - p0).max(1.0);
        // The events of a tick are spread over it, so the last of them is at its end.
        let ticks = t0.max(1.0) + (t1 - t0) * share + self.share_of_tick(position, t1);
        ticks / self.history.store().unit().ticks_a_second() as f64
    }

    /// Fraction of a tick at which an event is that shares it with others.
    fn share_of_tick(&self, position: u64, tick: f64) -> f64 {
        let samples = self.history.samples();
        let first = samples.partition_point(|sample| (sample.at as f64) < tick);
        let last = samples.partition_point(|sample| sample.at as f64 <= tick);
        let (Some(first), Some(last)) = (samples.get(first), last.checked_sub(1).map(|last| &samples[last]))
        else {
            return 0.0;
        };
        let within = position.saturating_sub(first.position) as f64;
        within / (last.position.saturating_sub(first.position) as f64 + 1.0)
    }

    /// Number of lines up to an instant.
    fn position_at(&self, time: f64) -> u64 {
        let (mut low, mut high) = (0, self.history.edge());
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.time_of(middle) <= time { low = middle } else { high = middle - 1 }
        }
        low
    }
}
