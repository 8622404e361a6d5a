//! Reading of one JSON document in one pass: the values at a few pointers, and nothing else is kept.
//!
//! The pass is strict and gives up on all that is rare, which `serde_json` then reads: there is one truth about what is
//! JSON, and one about what is at a pointer. Must not know what the values mean.

mod cursor;
mod elements;
mod fallback;
mod found;
mod keys;
mod pointer;
mod reader;
mod steps;
#[cfg(test)]
mod tests;
mod trie;

pub use elements::elements;
pub use found::{FoundValue, FoundValues, SlotSet};
pub use pointer::{JsonPointer, MAX_STEPS, PointerError};
use steps::KeySteps;
pub use trie::PointerTrie;

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
    pub fn scan<'a>(&mut self, json: &'a [u8], found: &mut FoundValues<'a>) -> Result<(), String> {
        read(json, self.trie, &mut self.steps, found)
    }
}

/// Reads one JSON document. `found` is overwritten with one value for each slot of the trie, in linear time.
///
/// # Errors
/// The reason why the document is no JSON, in words. Every slot is then absent.
pub fn scan<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut FoundValues<'a>) -> Result<(), String> {
    read(json, trie, &mut KeySteps::none(), found)
}

fn read<'a>(
    json: &'a [u8],
    trie: &PointerTrie,
    steps: &mut KeySteps,
    found: &mut FoundValues<'a>,
) -> Result<(), String> {
    found.reset(trie.len());
    let text = simdutf8::basic::from_utf8(json);
    if !text.is_ok_and(|text| reader::read(text, trie, steps, found).is_some()) {
        read_slowly(json, trie, found)?;
    }
    for (from, to) in trie.doubles() {
        let value = found[*from].clone();
        found.put(*to, value);
    }
    Ok(())
}

/// Reads what the quick way gave up on.
#[cold]
fn read_slowly<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut FoundValues<'a>) -> Result<(), String> {
    found.reset(trie.len());
    fallback::read(json, trie, found)
}
