//! Memory of the keys of the last line: the next line of the same program most likely has the same ones.
//!
//! A key is remembered as the bytes between two values, so that it is found again by comparing two words.

use super::cursor::JsonCursor;
use super::keys::KeyChild;

/// Keys that are remembered.
const MAX_STEPS: usize = 64;

/// Longest remembered bytes: two words.
const MAX_LEN: usize = 16;

/// Place before a key: within which object of the trie, and if it is the first key there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyPlace(u64);

impl KeyPlace {
    /// Before the first key of an object.
    pub(super) const fn first(node: u32) -> Self {
        Self((node as u64) << 1)
    }

    /// Before any other key of the same object.
    pub(super) const fn after(self) -> Self {
        Self(self.0 | 1)
    }

    pub(super) const fn is_first(self) -> bool {
        self.0 & 1 == 0
    }
}

/// Keys on the way through a document, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct KeySteps {
    steps: Vec<KeyStep>,
    /// The step that is next.
    next: usize,
    /// True if nothing is learned.
    is_fixed: bool,
}

/// A key with all that is around it: commas, quotes, the colon and blanks, and the quote of a string behind it.
#[derive(Debug, Clone)]
pub(super) struct KeyStep {
    place: KeyPlace,
    len: usize,
    low: u64,
    high: u64,
    pub(super) child: KeyChild,
    /// True if the value is a string, whose quote is consumed.
    pub(super) is_text: bool,
}

impl KeySteps {
    /// A memory that stays empty.
    pub(super) const fn none() -> Self {
        Self { steps: Vec::new(), next: 0, is_fixed: true }
    }

    /// Begins with the first key.
    pub(super) const fn rewind(&mut self) {
        self.next = 0;
    }

    /// Consumes a key, up to its value or into its string, if it is the one of the last line.
    #[inline(always)]
    pub(super) fn follow(&mut self, cursor: &mut JsonCursor<'_>, place: KeyPlace) -> Option<&KeyStep> {
        let step = self.steps.get(self.next)?;
        if step.place != place || !cursor.consume(step.low, step.high, step.len) {
            return None;
        }
        self.next += 1;
        Some(step)
    }

    /// Remembers a key that was another one.
    #[inline]
    pub(super) fn learn(&mut self, cursor: &JsonCursor<'_>, start: usize, place: KeyPlace, child: KeyChild) {
        if !self.is_fixed {
            self.keep(cursor, start, place, child);
        }
    }

    #[inline(never)]
    fn keep(&mut self, cursor: &JsonCursor<'_>, start: usize, place: KeyPlace, child: KeyChild) {
        let mut cursor = *cursor;
        let is_text = cursor.peek() == Some(b'"');
        if is_text {
            cursor.advance();
        }
        let bytes = cursor.since(start).unwrap_or_default().as_bytes();
        if bytes.is_empty() || bytes.len() > MAX_LEN || self.next >= MAX_STEPS {
            return;
        }
        let word = bytes.iter().rev().fold(0_u128, |word, byte| word << 8 | u128::from(*byte));
        let (low, high) = (word as u64, (word >> 64) as u64);
        let step = KeyStep { place, len: bytes.len(), low, high, child, is_text };
        match self.steps.get_mut(self.next) {
            Some(known) => *known = step,
            None => self.steps.push(step),
        }
        self.next += 1;
    }
}
