//! From one line to one event: the only place that reads JSON.
//!
//! The shapes are those of ActionQueue's own types (actionqueue-storage, `wal/event.rs`), with their checks, so that a
//! line is refused here exactly when the engine that wrote its vocabulary could not read it. Three things are not
//! recomputed: hashes, digests and the length limits of opaque texts (0.2 and later). Strings borrow from the line.
//! Must not know what an event does.

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

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded<'a> {
    /// An event.
    Event(Event<'a>),
    /// An event of a kind that the vocabulary does not have.
    Unknown {
        /// Its sequence.
        sequence: u64,
        /// The name of its kind.
        name: Text<'a>,
    },
}

/// Why a line is no event, in the decoder's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// Reads one line, without its line end, as an event of `vocabulary`.
///
/// # Errors
/// When the line is not one JSON object of an event's form, or says something that no engine could have meant.
pub fn decode(line: &[u8], vocabulary: Vocabulary) -> Result<Decoded<'_>, Unreadable> {
    if let Some((event, len)) = shape::recognize(line, vocabulary, &mut InstantCache::default())
        && len == line.len()
    {
        return Ok(Decoded::Event(event));
    }
    // What is skipped of a line is not looked at by the decoder, and a log is text.
    if let Err(error) = std::str::from_utf8(line) {
        return Err(Unreadable(format!("invalid UTF-8 at column {}", error.valid_up_to() + 1)));
    }
    let error = match decode_any(line, vocabulary) {
        Ok((sequence, kind, body)) => return Ok(Decoded::Event(Event { sequence, kind, body })),
        Err(error) => error,
    };
    // Only a line that failed is looked at twice: it may be an event from a newer engine.
    match serde_json::from_slice::<Envelope<'_>>(line) {
        Ok(Envelope { sequence, event: Named(Some(name)), .. })
            if EventKind::from_name(&name, vocabulary).is_none() =>
        {
            Ok(Decoded::Unknown { sequence, name })
        }
        _ => Err(Unreadable(error)),
    }
}

/// Holds the recognizer to what the whole decoder says, for the tests and for whoever fuzzes.
///
/// # Panics
/// When the two disagree on what stands at the front of `bytes`.
pub fn check_recognizer(bytes: &[u8], vocabulary: Vocabulary) {
    let mut memory = InstantCache::default();
    let Some((event, len)) = shape::recognize(bytes, vocabulary, &mut memory) else { return };
    // It may stop short, and then somebody else looks at what is behind; but never beyond a line's end.
    let (taken, words) = (&bytes[..len], String::from_utf8_lossy(bytes));
    assert!(!taken.contains(&b'\n'), "it went on behind a line: {words}");
    assert_eq!(shape::recognize(bytes, vocabulary, &mut memory), Some((event.clone(), len)), "{words}");
    assert_eq!(Ok((event.sequence, event.kind, event.body)), decode_any(taken, vocabulary), "{words}");
}

/// Reads a line of any shape: slow, whole, and the judge of what the recognizer in front of it may say.
fn decode_any(line: &[u8], vocabulary: Vocabulary) -> Parts<'_> {
    match vocabulary {
        Vocabulary::Aq01 => aq01::decode(line),
        Vocabulary::Aq02 => aq02::decode(line),
    }
}

/// Tells from one line which engine's events its log speaks: only 0.2 and later attribute events to a `control`, and
/// have kinds that 0.1 does not. A line that is no event tells nothing.
#[must_use]
pub fn vocabulary_of(line: &[u8]) -> Option<Vocabulary> {
    let envelope: Envelope<'_> = serde_json::from_slice(line).ok()?;
    let name = envelope.event.0?;
    let newer = envelope.control.is_some() || EventKind::from_name(&name, Vocabulary::Aq01).is_none();
    Some(if newer { Vocabulary::Aq02 } else { Vocabulary::Aq01 })
}

/// What the shapes are turned into: the parts of an [`Event`], or the reason why not.
type Parts<'a> = Result<(u64, EventKind, Body<'a>), String>;

/// The outside of every line, whatever is in it.
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

/// The name of an externally tagged enum's variant, when there is exactly one.
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
