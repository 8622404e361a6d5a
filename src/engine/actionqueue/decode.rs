//! Decoder from one line to one event: the only place that reads JSON.
//!
//! The shapes are those of ActionQueue's own types (actionqueue-storage, `wal/event.rs`), with their checks, so that
//! a line is refused here exactly when the engine of its vocabulary could not read it. Three checks are omitted:
//! hashes, digests and the length limits of opaque texts (0.2 and later). Strings borrow from the line. Must not know
//! the effect of an event.

mod aq01;
mod aq02;
mod common;
mod elsewhere;
mod record;
mod run;
mod scalar;
pub mod shape;
mod task;

use std::fmt;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use super::event::{Body, Event, EventKind, Vocabulary};
use crate::model::json::error::plain;
use crate::model::task::Text;
use scalar::Str;
use shape::InstantCache;

/// Content of a line that is valid JSON of an event's form.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded<'a> {
    /// An event.
    Event(Event<'a>),
    /// An event of a kind that the vocabulary does not have.
    Unknown {
        /// Sequence of the event.
        sequence: u64,
        /// Name of its kind.
        name: Text<'a>,
    },
}

/// Reason why a line is not an event, in the decoder's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// Decodes one line, without its line end, as an event of `vocabulary`.
///
/// # Errors
/// When the line is not one JSON object of an event's form, or has values that no engine could have meant.
pub fn decode(line: &[u8], vocabulary: Vocabulary) -> Result<Decoded<'_>, Unreadable> {
    if let Some((event, len)) = shape::recognize(line, vocabulary, &mut InstantCache::default())
        && len == line.len()
    {
        return Ok(Decoded::Event(event));
    }
    // The decoder does not check skipped parts of a line, but a log must be UTF-8.
    if let Err(error) = std::str::from_utf8(line) {
        return Err(Unreadable(format!("invalid UTF-8 at column {}", error.valid_up_to() + 1)));
    }
    let error = match decode_any(line, vocabulary) {
        Ok((sequence, kind, body)) => return Ok(Decoded::Event(Event { sequence, kind, body })),
        Err(error) => error,
    };
    // Only a line that failed is parsed twice: it may be an event of a newer engine.
    match serde_json::from_slice::<Envelope<'_>>(line) {
        Ok(Envelope { sequence, event: Named(Some(name)), .. })
            if EventKind::from_name(&name, vocabulary).is_none() =>
        {
            Ok(Decoded::Unknown { sequence, name })
        }
        _ => Err(Unreadable(error)),
    }
}

/// Asserts that the recognizer agrees with the full decoder, for the tests and the fuzz target.
///
/// # Panics
/// When the two disagree on the line at the front of `bytes`.
pub fn check_recognizer(bytes: &[u8], vocabulary: Vocabulary) {
    let mut memory = InstantCache::default();
    let Some((event, len)) = shape::recognize(bytes, vocabulary, &mut memory) else { return };
    // It may stop short and leave the rest to the full decoder, but never pass a line end.
    let (taken, words) = (&bytes[..len], String::from_utf8_lossy(bytes));
    assert!(!taken.contains(&b'\n'), "it went on behind a line: {words}");
    assert_eq!(shape::recognize(bytes, vocabulary, &mut memory), Some((event.clone(), len)), "{words}");
    assert_eq!(Ok((event.sequence, event.kind, event.body)), decode_any(taken, vocabulary), "{words}");
}

/// Decodes a line of any shape: slow and complete, the reference for the recognizer.
fn decode_any(line: &[u8], vocabulary: Vocabulary) -> Parts<'_> {
    match vocabulary {
        Vocabulary::Aq01 => aq01::decode(line),
        Vocabulary::Aq02 => aq02::decode(line),
    }
}

/// Vocabulary that one line shows: only 0.2 and later attribute events to a `control`, and have kinds that 0.1 does
/// not. `None` for a line that is not an event.
#[must_use]
pub fn vocabulary_of(line: &[u8]) -> Option<Vocabulary> {
    let envelope: Envelope<'_> = serde_json::from_slice(line).ok()?;
    let name = envelope.event.0?;
    let newer = envelope.control.is_some() || EventKind::from_name(&name, Vocabulary::Aq01).is_none();
    Some(if newer { Vocabulary::Aq02 } else { Vocabulary::Aq01 })
}

/// Result of converting a shape: the parts of an [`Event`], or the reason for a refusal.
type Parts<'a> = Result<(u64, EventKind, Body<'a>), String>;

/// Envelope of every line, for any content.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default, deserialize_with = "present")]
    control: Option<()>,
    sequence: u64,
    #[serde(borrow)]
    event: Named<'a>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<()>, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| Some(()))
}

/// Variant name of an externally tagged enum, if there is exactly one.
struct Named<'a>(Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tag;
        impl<'de> Visitor<'de> for Tag {
            type Value = Named<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut name = None;
                let mut n_names = 0_usize;
                while let Some((key, _)) = map.next_entry::<Str<'de>, IgnoredAny>()? {
                    n_names += 1;
                    name = Some(key.0);
                }
                Ok(Named(name.filter(|_| n_names == 1)))
            }
        }
        deserializer.deserialize_map(Tag)
    }
}

fn parse<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|error| plain(&error.to_string()))
}

#[cfg(test)]
mod tests;
