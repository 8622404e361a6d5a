//! From what a line says to the store: the one step in which the log and the store meet.
//!
//! The dashboard, the reports and the tests all fold through here, so that they cannot disagree.

use std::ops::{ControlFlow as Flow, Range};

use super::batch::{Batch, Content, Decoder, Entry, Said};
use crate::model::place::Place;
use crate::store::{ProblemKind, Rejection, Rules, Store};

/// Lines that are looked up together: many waits for memory at once, and what came is still in the core's own cache
/// when it is used.
const LOOK_AHEAD: usize = 512;

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
    if entries.first().is_none_or(|first| first.place.generation <= store.generation()) {
        return usize::MAX;
    }
    let first = entries.iter().position(|entry| entry.sequence().is_some());
    first.map_or(usize::MAX, |first| range.start + first)
}

/// Folds one whole line, without its line end, into the store, which accounts for it.
pub fn line(store: &mut Store, place: Place, text: &[u8]) -> Verdict {
    let mut decoder = Decoder::speaking(place.generation, store.vocabulary());
    let what = decoder.said(text);
    if let Some(vocabulary) = decoder.vocabulary() {
        store.speak(vocabulary);
    }
    said(store, place, &what)
}

/// Folds what one line says. Under strict rules what the engine cannot read is unreadable: blank lines and unknown
/// kinds too.
fn said(store: &mut Store, place: Place, said: &Said<'_>) -> Verdict {
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
