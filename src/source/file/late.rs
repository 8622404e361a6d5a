//! Generations that were finished, held for writers that have not noticed.
//!
//! A generation that is held anyway is looked at for as long as it is held. Must not find out what comes after them.

use std::collections::VecDeque;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::time::{Instant, SystemTime};

use super::FileFollower;
use super::generation::{Bytes, Generation};
use super::siblings::Sibling;
use crate::source::delivery::SourceNotice;
use crate::source::open::open;

/// Generations that are held for late writers: a few rotations' worth.
const LATE: usize = 8;

/// As many chunks of one late generation are read at one look.
const LATE_READS: usize = 16;

/// Generations that are known when they are found compressed: more than a rotation keeps, mostly.
const KNOWN: usize = 64;

/// A finished generation.
#[derive(Debug)]
pub(super) struct Late {
    pub(super) generation: Generation,
    /// When it was silent for long enough to be taken for complete.
    until: Instant,
    /// Its torn last line was told of.
    is_told: bool,
}

/// A generation that was read, as it was when that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FinishedGeneration {
    size: u64,
    modified: SystemTime,
}

impl FinishedGeneration {
    pub(super) fn of(generation: &Generation) -> Option<Self> {
        let look = generation.look().ok().filter(|_| !generation.is_pipe())?;
        Some(Self { size: look.size.max(generation.end()), modified: look.modified })
    }

    /// Returns true if `packed` is this generation compressed. Packers keep the time of writing, some in
    /// whole seconds, and gzip keeps the size.
    fn is_in(&self, packed: &Sibling) -> bool {
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let (own, its) = (since(self.modified), since(packed.modified));
        let is_written_then = own == its || (its.subsec_nanos() == 0 && own.as_secs() == its.as_secs());
        is_written_then || gzipped_size(packed).is_some_and(|size| u64::from(size) == self.size % (1 << 32))
    }
}

/// The size that a file had before gzip packed it, modulo 2^32: its last four bytes.
fn gzipped_size(packed: &Sibling) -> Option<u32> {
    let opened = open(&packed.path).ok()?;
    let mut magic = [0; 2];
    (&opened.file).read_exact(&mut magic).ok()?;
    let mut size = [0; 4];
    opened.file.read_exact_at(&mut size, packed.size.checked_sub(4)?).ok()?;
    (magic == *b"\x1f\x8b").then_some(u32::from_le_bytes(size))
}

impl FileFollower {
    /// Holds a finished generation, and lets the oldest go when there are too many.
    pub(super) fn keep_late(&mut self, generation: Generation, now: Instant) {
        let until = now + self.options.linger;
        self.late.push_back(Late { generation, until, is_told: false });
        if self.late.len() > LATE
            && let Some(late) = self.late.pop_front()
        {
            self.bury_late(&late);
        }
    }

    /// Ends a generation for good.
    pub(super) fn bury(&mut self, generation: &Generation) {
        self.tell_torn(generation);
        self.remember(generation);
    }

    fn bury_late(&mut self, late: &Late) {
        if !late.is_told {
            self.tell_torn(&late.generation);
        }
        self.remember(&late.generation);
    }

    fn tell_torn(&mut self, generation: &Generation) {
        let bytes = generation.pending();
        if bytes > 0 {
            self.say(SourceNotice::Torn { generation: generation.number, bytes });
        }
    }

    fn remember(&mut self, generation: &Generation) {
        self.finished.extend(FinishedGeneration::of(generation));
        while self.finished.len() > KNOWN {
            self.finished.pop_front();
        }
    }

    /// Returns true if a compressed generation is one that was read before.
    pub(super) fn was_read(&self, packed: &Sibling) -> bool {
        let held = self.reading.iter().chain(self.late.iter().map(|late| &late.generation));
        held.filter_map(FinishedGeneration::of)
            .chain(self.finished.iter().copied())
            .any(|one| one.is_in(packed))
    }

    /// Reads what late writers added to finished generations. One that was deleted is ended when it was silent for long,
    /// unless lines are read back from it: it takes space on the disk.
    pub(super) fn look_at_late(&mut self, now: Instant) {
        let mut held = VecDeque::with_capacity(self.late.len());
        for mut late in std::mem::take(&mut self.late) {
            let is_gone = self.read_late(&mut late, now);
            let is_silent = now >= late.until;
            if is_silent && !late.is_told {
                late.is_told = true;
                self.tell_torn(&late.generation);
            }
            let is_needed =
                || self.options.keep_pipes || late.generation.look().is_ok_and(|look| look.is_linked);
            if is_gone || (is_silent && !is_needed()) {
                self.bury_late(&late);
            } else {
                held.push_back(late);
            }
        }
        self.late = held;
    }

    /// Reads what was added to one; says whether it has other content now.
    fn read_late(&mut self, late: &mut Late, now: Instant) -> bool {
        let mut reads = 0;
        let is_gone = loop {
            match late.generation.read() {
                Ok(Bytes::Some | Bytes::NotKept(_)) => {
                    late.until = now + self.options.linger;
                    late.is_told = false;
                    reads += 1;
                    if late.generation.is_full() {
                        let block = late.generation.take(self.next_line);
                        self.give(block);
                    }
                    if reads == LATE_READS {
                        self.is_hinted = true;
                        break false;
                    }
                }
                Ok(Bytes::End | Bytes::NoWriter) => break false,
                // One that fails to be read may not at the next look, through another descriptor perhaps.
                Err(_) => {
                    if let Some(again) = self.again(&late.generation) {
                        late.generation.move_to(again);
                        self.tell_handle_of(&late.generation);
                    }
                    break false;
                }
                Ok(Bytes::Changed | Bytes::NotALog(_)) => break true,
            }
        };
        let block = late.generation.take(self.next_line);
        self.give(block);
        is_gone
    }
}
