//! From what a line of ActionQueue says to the store: the one step in which the two meet.

use std::ops::{ControlFlow as Flow, Range};

use super::Registry;
use super::event::{Body, Event};
use super::lines::{Entry, EventLines, LineContent, LineDecoder};
use super::rejection::Rejection;
use super::rules::Reducer;
use crate::engine::record::LogRecord as _;
use crate::model::position::Position;
use crate::store::{Needs, ProblemKind, Rules, Store};

/// Lines that are looked up together: many waits for memory at once, and what came is still in the core's own cache
/// when it is used.
const PREFETCH_LINES: usize = 512;

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

/// Folds some lines of a batch into the store, in order, until `after`, which sees each of them folded, breaks off.
///
/// What many lines are about is looked up before the first of them is applied. What only the engine has is not at hand
/// in the store that `after` sees.
pub(in crate::engine) fn entries(
    store: &mut Store,
    lines: &EventLines<'_>,
    range: Range<usize>,
    mut after: impl FnMut(&Store, &Entry<'_>) -> Flow<()>,
) -> Flow<()> {
    store.with_side(|store, registry: &mut Registry| {
        let generation_start = generation_start(store, lines, &range);
        let mut rules = Reducer::new(store, registry);
        let mut flow = Flow::Continue(());
        let mut at = range.start;
        for chunk in lines.entries[range].chunks(PREFETCH_LINES) {
            prefetch(rules.store_mut(), chunk);
            for (index, entry) in chunk.iter().enumerate() {
                if at == lines.shown_by
                    && let Some(vocabulary) = lines.vocabulary
                {
                    rules.set_vocabulary(vocabulary);
                }
                if at == generation_start
                    && let Some(sequence) = entry.sequence()
                {
                    rules.store_mut().enter_generation(entry.place, sequence);
                }
                at += 1;
                if entry.nuls > 0 {
                    // A hole is a problem of its own; the line behind it is judged like any other.
                    let reason = format!("gap of {} NUL bytes", entry.nuls);
                    rules.store_mut().note(ProblemKind::Nul, entry.place, None, None, reason);
                }
                rules.store_mut().expect_line(index);
                let _ = apply_content(&mut rules, entry.place, &entry.content);
                flow = after(rules.store(), entry);
                if flow.is_break() {
                    break;
                }
            }
            if flow.is_break() {
                break;
            }
        }
        rules.store_mut().end_prefetch();
        flow
    })
}

/// Looks up what some lines are about.
fn prefetch(store: &mut Store, chunk: &[Entry<'_>]) {
    let bodies = chunk.iter().map(|entry| match &entry.content {
        LineContent::Event(event) => Some(&event.body),
        _ => None,
    });
    store.prefetch(bodies, Body::run, Body::task, needs);
}

/// What the rules of an event ask for beside its run.
fn needs(body: &Body<'_>) -> Needs {
    let needs = Needs::default();
    match body {
        Body::Lease { .. } => Needs { lease: true, ..needs },
        Body::RunStateChanged { to, .. } if to.is_terminal() => Needs { lease: true, task: true, ..needs },
        Body::AttemptFinished(_) | Body::AttemptClosed { .. } => Needs { attempt: true, ..needs },
        Body::AttemptDispositionCommitted(_) => Needs { lease: true, attempt: true, task: true, ..needs },
        Body::AttemptStarted { .. } | Body::AcceptedAttemptStarted(_) => Needs { counts: true, ..needs },
        _ => needs,
    }
}

/// The entry that is the first event of a generation; none of them when all are of the one that the store is in. A jump of the
/// sequence there means lines that were not read, and not that the engine left numbers out.
fn generation_start(store: &Store, lines: &EventLines<'_>, range: &Range<usize>) -> usize {
    let entries = &lines.entries[range.clone()];
    if entries.first().is_none_or(|first| first.place.generation() <= store.generation()) {
        return usize::MAX;
    }
    let first = entries.iter().position(|entry| entry.sequence().is_some());
    first.map_or(usize::MAX, |first| range.start + first)
}

/// Folds one whole line, without its line end, into the store, which accounts for it.
pub fn line(store: &mut Store, place: Position, text: &[u8]) -> Verdict {
    let mut decoder = LineDecoder::with_vocabulary(super::vocabulary(store));
    let what = decoder.decode_line(text);
    store.with_side(|store, registry: &mut Registry| {
        let mut rules = Reducer::new(store, registry);
        if let Some(vocabulary) = decoder.vocabulary() {
            rules.set_vocabulary(vocabulary);
        }
        apply_content(&mut rules, place, &what)
    })
}

/// Folds one event into the store, which accounts for it.
///
/// # Errors
/// When the rules refuse it; the problem is kept.
pub fn event(store: &mut Store, place: Position, event: &Event<'_>) -> Result<(), Rejection> {
    store.with_side(|store, registry: &mut Registry| Reducer::new(store, registry).apply(place, event))
}

/// Folds what one line says. Under strict rules what the engine cannot read is unreadable: blank lines and unknown
/// kinds too.
fn apply_content(rules: &mut Reducer<'_>, place: Position, content: &LineContent<'_>) -> Verdict {
    let lenient = rules.store().rules() == Rules::Lenient;
    let (kind, reason) = match content {
        LineContent::Event(event) => {
            return rules.apply(place, event).map_or_else(Verdict::Rejected, |()| Verdict::Applied);
        }
        LineContent::Unknown { sequence, .. } if lenient => {
            return rules.unknown(place, *sequence).map_or_else(Verdict::Rejected, |()| Verdict::Ignored);
        }
        LineContent::Blank if lenient => {
            rules.store_mut().blank();
            return Verdict::Ignored;
        }
        LineContent::Unknown { name, .. } => {
            (ProblemKind::Unreadable, format!("no event is called `{name}`"))
        }
        LineContent::Blank => (ProblemKind::Unreadable, "the line is empty".to_owned()),
        LineContent::Unreadable(reason) => (ProblemKind::Unreadable, reason.clone()),
        LineContent::OverLong { bytes } => {
            (ProblemKind::OverLong, format!("a line of {bytes} bytes is over the limit; it was not read"))
        }
    };
    rules.store_mut().unreadable(kind, place, reason.clone());
    Verdict::Unreadable(reason)
}
