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
#[cfg(test)]
mod tests;
mod trie;

use std::borrow::Cow;

pub use elements::elements;
pub use pointer::{MAX_STEPS, Pointer, PointerError};
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
    /// A list as written; its elements are read by [`elements`].
    Array(Cow<'a, str>),
    /// An object as written; its elements are read by [`elements`].
    Object(Cow<'a, str>),
}

/// Reads one JSON document. `found` is overwritten with one value for each slot of the trie, in linear time.
///
/// # Errors
/// The reason why the document is no JSON, in words. Every slot is then absent.
pub fn scan<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut Vec<FoundValue<'a>>) -> Result<(), String> {
    found.resize_with(trie.len(), FoundValue::default);
    found.iter_mut().filter(|found| !matches!(found, FoundValue::Absent)).for_each(|found| *found = FoundValue::Absent);
    let is_read = std::str::from_utf8(json).is_ok_and(|text| reader::read(text, trie, found).is_some());
    if !is_read {
        read_slowly(json, trie, found)?;
    }
    for (from, to) in trie.doubles() {
        found[*to] = found[*from].clone();
    }
    Ok(())
}

/// Reads what the quick way gave up on.
#[cold]
fn read_slowly<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut [FoundValue<'a>]) -> Result<(), String> {
    found.fill(FoundValue::Absent);
    fallback::read(json, trie, found)
}
