//! The identity of a log: whether new content under its name goes on with it, or is another log.
//!
//! After a rotation, for example, the first sequence in the new generation tells. Every follower asks here, so that none
//! of them goes on where another begins afresh.

use std::fmt;

use crate::engine::batch::Batch;
use crate::store::Store;

/// Tells whether the lines of a new generation are of the same log.
#[derive(Debug, Default)]
pub(super) struct LogIdentity {
    /// The latest generation whose lines were seen.
    generation: u32,
    /// None of its events has been seen: it may be another log.
    is_open: bool,
}

/// Relation of lines to those before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// The log goes on.
    GoesOn,
    /// They are lines of another log, and the store is to begin afresh with them.
    Another,
    /// The log goes on, and events between were not read.
    Missed(Missed),
    /// They were written late to a generation that had ended, and this number of their events come before
    /// what has been read.
    Late(u64),
}

/// A jump of the sequence from one generation to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// The last sequence before it.
    pub from: u64,
    /// The first sequence behind it.
    pub to: u64,
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.to - self.from - 1;
        let events = if n == 1 { "event" } else { "events" };
        write!(f, "missed {n} {events} over a rotation: #{} is followed by #{}", self.from, self.to)
    }
}

impl Joint {
    /// One word for it, for JSON, and what there is to say of it.
    #[must_use]
    pub fn notice(self) -> Option<(&'static str, String)> {
        match self {
            Self::GoesOn => None,
            Self::Another => {
                let text = "this is another log: its sequence starts again, and so do the counts";
                Some(("begun_anew", text.to_owned()))
            }
            Self::Missed(missed) => Some(("missed", missed.to_string())),
            Self::Late(n) => {
                let events = if n == 1 { "1 event was" } else { &*format!("{n} events were") };
                let text = format!(
                    "{events} written late to the log that was rotated away; later ones were read before, so they change nothing"
                );
                Some(("late", text))
            }
        }
    }
}

impl LogIdentity {
    /// Finds the relation of the lines of `batch`, which are to be folded next, to those that `store` holds.
    pub(super) fn join(&mut self, batch: &Batch, store: &Store) -> Joint {
        let generation = batch.block().generation();
        // What a late writer adds to an older one is of the log that it was of.
        if generation > self.generation {
            self.generation = generation;
            self.is_open = store.latest_sequence() > 0;
        }
        if generation < self.generation {
            let latest = store.latest_sequence();
            let n = batch.sequences().filter(|sequence| *sequence <= latest).count() as u64;
            return if n == 0 { Joint::GoesOn } else { Joint::Late(n) };
        }
        if !self.is_open {
            return Joint::GoesOn;
        }
        let Some(first) = batch.first_sequence() else { return Joint::GoesOn };
        self.is_open = false;
        if first <= store.latest_sequence() {
            return Joint::Another;
        }
        store.jump_to(first).map_or(Joint::GoesOn, |from| Joint::Missed(Missed { from, to: first }))
    }
}
