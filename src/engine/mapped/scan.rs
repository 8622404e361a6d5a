//! Reading of one JSON document in one pass: the values at a few pointers, and nothing else is kept.
//!
//! The pass is strict and gives up on all that is rare, which `serde_json` then reads: there is one truth about what is
//! JSON, and one about what is at a pointer. Must not know what the values mean.

mod cursor;
mod elements;
mod fallback;
mod keys;
mod pointer;
mod reader;
mod steps;
#[cfg(test)]
mod tests;
mod trie;

use std::borrow::Cow;
use std::mem;

pub use elements::elements;
pub use pointer::{JsonPointer, MAX_STEPS, PointerError};
use steps::KeySteps;
pub use trie::PointerTrie;

/// Value at a pointer, as `serde_json::Value::pointer` finds it: the last one where keys are doubled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FoundValue<'a> {
    /// Nothing is there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(Cow<'a, str>),
    /// A text without its escapes.
    Text(Cow<'a, str>),
    /// A list as written; its elements are read by [`elements()`].
    Array(Cow<'a, str>),
    /// An object as written; its elements are read by [`elements()`].
    Object(Cow<'a, str>),
}

impl FoundValue<'_> {
    /// The same value, of no document.
    #[must_use]
    pub fn into_owned(self) -> FoundValue<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Absent => FoundValue::Absent,
            Self::Null => FoundValue::Null,
            Self::Bool(value) => FoundValue::Bool(value),
            Self::Number(text) => FoundValue::Number(owned(text)),
            Self::Text(text) => FoundValue::Text(owned(text)),
            Self::Array(text) => FoundValue::Array(owned(text)),
            Self::Object(text) => FoundValue::Object(owned(text)),
        }
    }
}

/// Scanner of many documents: quicker than [`scan`] where most of them have the same keys in the same order.
#[derive(Debug, Clone)]
pub struct LineScanner<'t> {
    trie: &'t PointerTrie,
    steps: KeySteps,
}

impl<'t> LineScanner<'t> {
    /// A scanner for the pointers of a trie.
    #[must_use]
    pub fn new(trie: &'t PointerTrie) -> Self {
        Self { trie, steps: KeySteps::default() }
    }

    /// Reads one JSON document, as [`scan`] does.
    ///
    /// # Errors
    /// The reason why the document is no JSON, in words. Every slot is then absent.
    pub fn scan<'a>(&mut self, json: &'a [u8], found: &mut Vec<FoundValue<'a>>) -> Result<(), String> {
        read(json, self.trie, &mut self.steps, found)
    }
}

/// Reads one JSON document. `found` is overwritten with one value for each slot of the trie, in linear time.
///
/// # Errors
/// The reason why the document is no JSON, in words. Every slot is then absent.
pub fn scan<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut Vec<FoundValue<'a>>) -> Result<(), String> {
    read(json, trie, &mut KeySteps::none(), found)
}

fn read<'a>(
    json: &'a [u8],
    trie: &PointerTrie,
    steps: &mut KeySteps,
    found: &mut Vec<FoundValue<'a>>,
) -> Result<(), String> {
    if found.len() != trie.len() {
        found.resize_with(trie.len(), FoundValue::default);
    }
    found.iter_mut().for_each(clear);
    let text = std::str::from_utf8(json);
    if !text.is_ok_and(|text| reader::read(text, trie, steps, found).is_some()) {
        read_slowly(json, trie, found)?;
    }
    for (from, to) in trie.doubles() {
        found[*to] = found[*from].clone();
    }
    Ok(())
}

/// Makes a place absent. What is borrowed is not dropped: that is most of all places.
#[inline(always)]
fn clear<'a>(place: &mut FoundValue<'a>) {
    match place {
        FoundValue::Absent => {}
        FoundValue::Text(Cow::Borrowed(_)) | FoundValue::Number(Cow::Borrowed(_)) => {
            mem::forget(mem::take(place));
        }
        _ => drop_value(place),
    }
}

#[inline(never)]
fn drop_value(place: &mut FoundValue<'_>) {
    *place = FoundValue::Absent;
}

/// Reads what the quick way gave up on.
#[cold]
fn read_slowly<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut [FoundValue<'a>]) -> Result<(), String> {
    found.fill(FoundValue::Absent);
    fallback::read(json, trie, found)
}
