//! From what a line says to the store: the one step in which the log and the store meet.
//!
//! The dashboard, the reports and the tests all fold through here, so that they cannot disagree.

use std::fmt;
use std::ops::{ControlFlow as Flow, Range};

use super::batch::{Batch, Content, Decoder, Entry, Said};
use crate::model::position::Position;
use crate::store::{ProblemKind, Rejection, Rules, Store};

/// Lines that are looked up together: many waits for memory at once, and what came is still in the core's own cache
/// when it is used.
const LOOK_AHEAD: usize = 512;

/// Where the lines of one generation follow those of another.
///
/// New content under the log's name may be the log going on, after a rotation for example, or another log: the first
/// sequence in it tells. Every follower asks here, so that none of them goes on where another begins afresh.
#[derive(Debug, Default)]
pub struct Seam {
    /// The latest generation whose lines were seen.
    generation: u32,
    /// None of its events has been seen: it may be another log.
    is_open: bool,
}

/// How lines join those before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// The log goes on.
    GoesOn,
    /// They are lines of another log, and the store is to begin afresh with them.
    Another,
    /// The log goes on, and events between were not read.
    Missed(Missed),
    /// They were written late to a generation that had ended, and so many of their events come before what has been read.
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

impl Seam {
    /// How the lines of `batch`, which are to be folded next, join those that `store` holds.
    pub fn join(&mut self, batch: &Batch, store: &Store) -> Joint {
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

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its event was applied.
    Applied,
    /// The rules refuse its event.
    Rejected(Rejection),
    /// It is no event.
    Unreadable(String),
    /// It is blank, or an event of a kind that nobody knows.
    Ignored,
}

/// Folds every line of a batch into the store, in order.
pub fn batch(store: &mut Store, batch: &Batch) {
    let _ = entries(store, batch.content(), 0..batch.content().entries.len(), |_, _| Flow::Continue(()));
}

/// Folds some lines of a batch into the store, in order, until `after`, which sees each of them folded, breaks off.
///
/// What many lines are about is looked up before the first of them is applied.
pub fn entries(
    store: &mut Store,
    content: &Content<'_>,
    range: Range<usize>,
    mut after: impl FnMut(&mut Store, &Entry<'_>) -> Flow<()>,
) -> Flow<()> {
    let mut flow = Flow::Continue(());
    let seam_at = seam_at(store, content, &range);
    let mut at = range.start;
    for chunk in content.entries[range].chunks(LOOK_AHEAD) {
        store.look_ahead(chunk.iter().map(|entry| match &entry.said {
            Said::Event(event) => Some(&event.body),
            _ => None,
        }));
        for (index, entry) in chunk.iter().enumerate() {
            if at == content.shown_by
                && let Some(vocabulary) = content.vocabulary
            {
                store.speak(vocabulary);
            }
            if at == seam_at
                && let Some(sequence) = entry.sequence()
            {
                store.enter_generation(entry.place, sequence);
            }
            at += 1;
            if entry.nuls > 0 {
                // A hole is a problem of its own; the line behind it is judged like any other.
                let reason = format!("gap of {} NUL bytes", entry.nuls);
                store.note(ProblemKind::Nul, entry.place, None, None, reason);
            }
            store.at_line(index);
            let _ = said(store, entry.place, &entry.said);
            flow = after(store, entry);
            if flow.is_break() {
                break;
            }
        }
        if flow.is_break() {
            break;
        }
    }
    store.forget_look_ahead();
    flow
}

/// The entry that is the first event of a generation; none of them when all are of the one that the store is in. A jump of the
/// sequence there means lines that were not read, and not that the engine left numbers out.
fn seam_at(store: &Store, content: &Content<'_>, range: &Range<usize>) -> usize {
    let entries = &content.entries[range.clone()];
    if entries.first().is_none_or(|first| first.place.generation() <= store.generation()) {
        return usize::MAX;
    }
    let first = entries.iter().position(|entry| entry.sequence().is_some());
    first.map_or(usize::MAX, |first| range.start + first)
}

/// Folds one whole line, without its line end, into the store, which accounts for it.
pub fn line(store: &mut Store, place: Position, text: &[u8]) -> Verdict {
    let mut decoder = Decoder::speaking(place.generation(), store.vocabulary());
    let what = decoder.said(text);
    if let Some(vocabulary) = decoder.vocabulary() {
        store.speak(vocabulary);
    }
    said(store, place, &what)
}

/// Folds what one line says. Under strict rules what the engine cannot read is unreadable: blank lines and unknown
/// kinds too.
fn said(store: &mut Store, place: Position, said: &Said<'_>) -> Verdict {
    let lenient = store.rules() == Rules::Lenient;
    let (kind, reason) = match said {
        Said::Event(event) => {
            return store.apply(place, event).map_or_else(Verdict::Rejected, |()| Verdict::Applied);
        }
        Said::Unknown { sequence, .. } if lenient => {
            return store.unknown(place, *sequence).map_or_else(Verdict::Rejected, |()| Verdict::Ignored);
        }
        Said::Blank if lenient => {
            store.blank();
            return Verdict::Ignored;
        }
        Said::Unknown { name, .. } => (ProblemKind::Unreadable, format!("no event is called `{name}`")),
        Said::Blank => (ProblemKind::Unreadable, "the line is empty".to_owned()),
        Said::Unreadable(reason) => (ProblemKind::Unreadable, reason.clone()),
        Said::OverLong { bytes } => {
            (ProblemKind::OverLong, format!("a line of {bytes} bytes is over the limit; it was not read"))
        }
    };
    store.unreadable(kind, place, reason.clone());
    Verdict::Unreadable(reason)
}
