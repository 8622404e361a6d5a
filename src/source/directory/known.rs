//! The files of a directory as they were read last, and those that are to be read again.
//!
//! Must not read them.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime};

use super::read::FileRead;

/// Interval at which a torn file is read again: its writer needs a moment only.
pub(super) const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// Time for which a file may be torn before it is reported.
pub(super) const MAX_TORN: Duration = Duration::from_secs(2);

/// File systems tell the time of a write less finely than two writes may follow each other.
pub(super) const MIN_SETTLED: Duration = Duration::from_millis(500);

/// The files that were read.
#[derive(Debug, Default)]
pub(super) struct KnownFiles {
    hasher: RandomState,
    /// By the hashes of their names: of two files with one hash, each may be taken in more often than it changes.
    files: HashMap<u64, Known>,
    torn: HashMap<Box<str>, TornFile>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    stamp: u64,
    bytes: u64,
    /// Time of its last write, if that was over when it was read: as long as that is its time, it has not changed.
    settled: Option<SystemTime>,
}

/// A file that is not whole.
#[derive(Debug, Clone, Copy)]
struct TornFile {
    since: Instant,
    next_read: Instant,
}

impl KnownFiles {
    /// Takes in a read of a file. Returns false if that shows nothing that is not known.
    pub(super) fn take_in(&mut self, read: &FileRead) -> bool {
        let is_news = self.is_news(read);
        let (name, bytes) = self.hashes(read);
        if self.files.get(&name).is_none_or(|it| it.stamp <= read.stamp) {
            let settled = read.modified.filter(|at| is_over_for(*at, MIN_SETTLED));
            self.files.insert(name, Known { stamp: read.stamp, bytes, settled });
            self.torn.remove(&read.name);
        }
        is_news
    }

    /// Takes in that a file is torn. Returns true once it has been so for long enough to be reported.
    pub(super) fn take_in_torn(&mut self, read: &FileRead, now: Instant) -> bool {
        if !self.is_news(read) {
            return false;
        }
        let torn = self.torn.entry(read.name.clone()).or_insert(TornFile { since: now, next_read: now });
        torn.next_read = now + RETRY_INTERVAL;
        let is_over = now.saturating_duration_since(torn.since) >= MAX_TORN || is_old(read.modified);
        is_over && self.take_in(read)
    }

    /// Is true of neither the same bytes, nor a read that began before another one.
    fn is_news(&self, read: &FileRead) -> bool {
        let (name, bytes) = self.hashes(read);
        self.files.get(&name).is_none_or(|it| it.stamp <= read.stamp && it.bytes != bytes)
    }

    fn hashes(&self, read: &FileRead) -> (u64, u64) {
        (self.hasher.hash_one(&read.name), self.hasher.hash_one(&read.line))
    }

    /// Is true of a file that has not been written to since it was read, by the time of its last write.
    pub(super) fn is_unchanged(&self, name: &str, modified: SystemTime) -> bool {
        let known = self.files.get(&self.hasher.hash_one(name));
        known.is_some_and(|known| known.settled == Some(modified))
    }

    /// Forgets a file that has vanished.
    pub(super) fn forget(&mut self, name: &str) {
        self.torn.remove(name);
        self.files.remove(&self.hasher.hash_one(name));
    }

    /// Instant at which the next torn file is to be read again.
    pub(super) fn next_read(&self) -> Option<Instant> {
        self.torn.values().map(|torn| torn.next_read).min()
    }

    /// The torn files that are to be read again now.
    pub(super) fn due(&self, now: Instant) -> Vec<Box<str>> {
        let due = self.torn.iter().filter(|(_, torn)| torn.next_read <= now);
        due.map(|(name, _)| name.clone()).collect()
    }
}

/// Is true of a file that has not been written to for as long as it may be torn.
pub(super) fn is_old(modified: Option<SystemTime>) -> bool {
    modified.is_some_and(|at| is_over_for(at, MAX_TORN))
}

/// Is true when an instant was this long ago.
pub(super) fn is_over_for(at: SystemTime, time: Duration) -> bool {
    at.elapsed().is_ok_and(|age| age >= time)
}
