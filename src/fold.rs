//! From a line to the store: the one step in which the log and the store meet.
//!
//! The dashboard, `stats` and the tests all fold through here, so that they cannot disagree.

use crate::log::block::Block;
use crate::log::decode::{Decoded, decode, vocabulary_of};
use crate::log::line::{Line, Raw};
use crate::model::event::Vocabulary;
use crate::model::place::Place;
use crate::store::{ProblemKind, Rejection, Rules, Store};

/// Folds every line of a block into the store, in order.
pub fn block(store: &mut Store, block: &Block) {
    for Line { place, nuls, text: raw } in block.lines() {
        if nuls > 0 {
            // A hole is a problem of its own; the line behind it is judged like any other.
            store.note(ProblemKind::Nul, place, None, None, format!("gap of {nuls} NUL bytes"));
        }
        match raw {
            Raw::Whole(text) => drop(line(store, place, text)),
            Raw::OverLong { bytes } => {
                let reason = format!("a line of {bytes} bytes is over the limit; it was not read");
                store.unreadable(ProblemKind::OverLong, place, reason);
            }
        }
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

/// Folds one whole line, without its line end, into the store, which accounts for it.
///
/// The first line that is an event shows which vocabulary the log speaks; until then a line is read as the oldest.
pub fn line(store: &mut Store, place: Place, text: &[u8]) -> Verdict {
    let lenient = store.rules() == Rules::Lenient;
    if lenient && text.iter().all(u8::is_ascii_whitespace) {
        store.blank();
        return Verdict::Ignored;
    }
    if store.vocabulary().is_none()
        && let Some(vocabulary) = vocabulary_of(text)
    {
        store.speak(vocabulary);
    }
    let reason = match decode(text, store.vocabulary().unwrap_or(Vocabulary::Aq01)) {
        Ok(Decoded::Event(event)) => {
            return store.apply(place, &event).map_or_else(Verdict::Rejected, |()| Verdict::Applied);
        }
        Ok(Decoded::Unknown { sequence, .. }) if lenient => {
            return store.unknown(place, sequence).map_or_else(Verdict::Rejected, |()| Verdict::Ignored);
        }
        Ok(Decoded::Unknown { name, .. }) => format!("unknown variant `{name}`"),
        Err(error) => error.to_string(),
    };
    store.unreadable(ProblemKind::Unreadable, place, reason.clone());
    Verdict::Unreadable(reason)
}
