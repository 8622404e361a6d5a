//! Fold of decoded lines of ActionQueue into the store: the one step in which the two meet.

use std::ops::{ControlFlow as Flow, Range};

use super::Registry;
use super::event::{Body, Event};
use super::lines::{Entry, EventLines, LineContent, LineDecoder};
use super::rejection::Rejection;
use super::rules::Reducer;
use crate::engine::record::LogRecord as _;
use crate::model::position::Position;
use crate::store::{Needs, ProblemKind, Rules, Store};

/// Lines per prefetch: many loads in flight at once, and the loaded rows are still in the core's own cache when they
/// are used.
const PREFETCH_LINES: usize = 512;

/// Outcome of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its event was applied.
    Applied,
    /// The rules refused its event.
    Rejected(Rejection),
    /// It is not an event.
    Unreadable(String),
    /// It is blank, or an event of an unknown kind.
    Ignored,
}

/// Folds a range of lines of a batch into the store, in order. Calls `after` for each folded line, and stops when it
/// breaks.
///
/// The rows of many lines are prefetched before the first of them is applied. The engine's data is absent from the
/// store that `after` receives.
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
                    // A gap is a problem of its own; the line after it is judged like any other.
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

/// Prefetches the rows of a range of lines.
fn prefetch(store: &mut Store, chunk: &[Entry<'_>]) {
    let bodies = chunk.iter().map(|entry| match &entry.content {
        LineContent::Event(event) => Some(&event.body),
        _ => None,
    });
    store.prefetch(bodies, Body::run, Body::task, needs);
}

/// Rows that the rules of an event read, beside its run.
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

/// Index of the first event of a new generation in the range; `usize::MAX` if there is none. A jump of the sequence
/// there means unread lines, not numbers that the engine skipped.
fn generation_start(store: &Store, lines: &EventLines<'_>, range: &Range<usize>) -> usize {
    let entries = &lines.entries[range.clone()];
    if entries.first().is_none_or(|first| first.place.generation() <= store.generation()) {
        return usize::MAX;
    }
    let first = entries.iter().position(|entry| entry.sequence().is_some());
    first.map_or(usize::MAX, |first| range.start + first)
}

/// Folds one whole line, without its line end, into the store.
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

/// Folds one event into the store.
///
/// # Errors
/// When the rules refuse it; the problem is kept.
pub fn event(store: &mut Store, place: Position, event: &Event<'_>) -> Result<(), Rejection> {
    store.with_side(|store, registry: &mut Registry| Reducer::new(store, registry).apply(place, event))
}

/// Folds the content of one line. Under strict rules, lines that the engine cannot read are unreadable, blank lines
/// and unknown kinds included.
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
