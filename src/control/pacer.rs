//! The pace of many commands: a queue that is emptied at a rate.
//!
//! Items that have ended meanwhile take no turn. Reads no clock: every instant is handed in. Must not know
//! what is queued, nor where commands go.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A sender that was held up makes up for this much at most.
const BURST: Duration = Duration::from_millis(50);

/// Queue of items that are sent at a limited rate.
#[derive(Debug)]
pub struct Pacer<T> {
    queue: VecDeque<T>,
    interval: Duration,
    next_at: Instant,
}

impl<T> Pacer<T> {
    /// Queues items, of which `rate` a second are sent from `now` on.
    #[must_use]
    pub fn new(items: impl IntoIterator<Item = T>, rate: u32, now: Instant) -> Self {
        let interval = Duration::from_secs(1) / rate.max(1);
        Self { queue: items.into_iter().collect(), interval, next_at: now }
    }

    /// Returns the number of items that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Returns true if none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Those that wait, next first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.queue.iter()
    }

    /// Takes out all that wait: they are not sent.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.queue.drain(..)
    }

    /// Exchanges what waits for what `renamed` makes of it, and says how many that leaves out.
    pub fn rename(&mut self, renamed: impl FnMut(T) -> Option<T>) -> usize {
        let before = self.queue.len();
        self.queue = std::mem::take(&mut self.queue).into_iter().filter_map(renamed).collect();
        before - self.queue.len()
    }

    /// When the next one is due; none when none waits.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        (!self.queue.is_empty()).then_some(self.next_at)
    }

    /// Takes out those that are due, and yields the commands that `command` makes of them: at most `room`. One of which
    /// it makes none takes no turn.
    pub fn take_due<C>(
        &mut self,
        room: usize,
        now: Instant,
        mut command: impl FnMut(T) -> Option<C>,
    ) -> Vec<C> {
        let mut commands = Vec::new();
        self.next_at = self.next_at.max(now.checked_sub(BURST).unwrap_or(now));
        while commands.len() < room
            && self.next_at <= now
            && let Some(item) = self.queue.pop_front()
        {
            if let Some(command) = command(item) {
                self.next_at += self.interval;
                commands.push(command);
            }
        }
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_leave_at_their_rate_and_a_stall_is_made_up_for_a_little() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pacer = Pacer::new(0..1000, 100, start);
        for (ms, room, sent) in [
            (0, 9, 1),
            (9, 9, 0),
            (10, 9, 1),
            (40, 2, 2),
            (40, 9, 1),
            // As many as 50 ms have, and the one that is due now.
            (5_000, 99, 6),
            (5_000, 99, 0),
            (5_010, 0, 0),
            (5_010, 9, 1),
        ] {
            assert_eq!(pacer.take_due(room, at(ms), Some).len(), sent, "{ms}");
        }
        assert_eq!((pacer.next_due(), pacer.len()), (Some(at(5_020)), 988));
    }

    #[test]
    fn what_makes_no_command_takes_no_turn() {
        let now = Instant::now();
        let mut pacer = Pacer::new(0..10, 1, now);
        let odd = |n| (n % 2 == 1).then_some(n);
        assert_eq!(pacer.take_due(9, now, odd), [1]);
        assert_eq!(pacer.rename(|n| (n > 4).then_some(n * 2)), 3);
        assert_eq!(pacer.iter().copied().collect::<Vec<_>>(), [10, 12, 14, 16, 18]);
        assert_eq!(pacer.drain().count(), 5);
        assert!(pacer.is_empty() && pacer.next_due().is_none());
        assert!(pacer.take_due(9, now + BURST, odd).is_empty());
    }
}
