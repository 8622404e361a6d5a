//! The texts of ids that are no UUIDs, by the digests that stand for them.
//!
//! A digest depends on its text alone, so an id is the same at every instant, after an eviction, and in another store of
//! the same log: all who hold one keep it. Must not know runs, tasks or attempts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Id;

/// The length of the longest id, in bytes.
pub const LONGEST_ID: usize = 1024;

/// The number of digests of a text that are looked up before it is held to be unknown. A second one is of use only where
/// two texts have the same first one.
const DIGESTS: u32 = 4;

/// Every text that is an id, by its digest.
#[derive(Debug, Clone, Default)]
pub struct IdTexts {
    texts: HashMap<u128, Arc<str>, RandomState>,
    /// Invariant: the sum of the lengths of `texts`.
    len_bytes: usize,
}

impl IdTexts {
    /// The id that a text is, new or not; none where it is empty or too long.
    pub fn intern<I: Id>(&mut self, text: &str) -> Option<I> {
        if !(1..=LONGEST_ID).contains(&text.len()) {
            return None;
        }
        if let Some(id) = self.find(text) {
            return Some(id);
        }
        let id = (0..).map(|nth| I::digest(text, nth)).find(|id| !self.texts.contains_key(&id.bits()))?;
        self.add(id, text.into());
        Some(id)
    }

    /// The id that a text is, new or not, where the first digest of the text is at hand.
    pub fn intern_as<I: Id>(&mut self, text: &str, first: I) -> Option<I> {
        if self.get(first).is_some_and(|known| known == text) { Some(first) } else { self.intern(text) }
    }

    /// The id that a text is, if it is known or the canonical form of a UUID.
    #[must_use]
    pub fn find<I: Id>(&self, text: &str) -> Option<I> {
        I::canonical(text).or_else(|| {
            (0..DIGESTS).map(|nth| I::digest(text, nth)).find(|id| self.get(*id).is_some_and(|it| it == text))
        })
    }

    /// The text of an id that is no UUID.
    #[must_use]
    #[inline]
    pub fn get(&self, id: impl Id) -> Option<&str> {
        self.shared(id).map(|text| &**text)
    }

    /// The same, to be kept.
    #[must_use]
    #[inline]
    pub fn shared(&self, id: impl Id) -> Option<&Arc<str>> {
        if id.is_digest() { self.texts.get(&id.bits()) } else { None }
    }

    /// The id as the log writes it.
    #[must_use]
    pub fn text(&self, id: impl Id) -> Cow<'_, str> {
        match self.get(id) {
            Some(text) => text.into(),
            None => id.to_string().into(),
        }
    }

    /// Knows the text of an id, if `from` does.
    pub fn keep(&mut self, from: &Self, id: impl Id) {
        if let Some(text) = from.shared(id)
            && !self.texts.contains_key(&id.bits())
        {
            self.add(id, text.clone());
        }
    }

    fn add(&mut self, id: impl Id, text: Arc<str>) {
        self.len_bytes += text.len();
        self.texts.insert(id.bits(), text);
    }

    /// The bytes that they take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        const COUNTS: usize = 2 * size_of::<usize>();
        let entry = size_of::<(u128, Arc<str>)>() + 1;
        self.texts.capacity() * entry + self.texts.len() * COUNTS + self.len_bytes
    }
}
