//! The texts of ids that are no UUIDs, by the digests that stand for them.
//!
//! A digest depends on its text alone, so an id is the same at every instant, after an eviction, and in another store of
//! the same log: all who hold one keep it. Must not know runs, tasks or attempts.

use std::borrow::Cow;
use std::collections::HashMap;

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
    places: HashMap<u128, TextPlace, RandomState>,
    /// The texts, end to end.
    texts: String,
    /// True if a text has another digest than its first, which was taken.
    has_later_digests: bool,
}

/// Place of a text among the others.
#[derive(Debug, Clone, Copy)]
struct TextPlace {
    start: usize,
    len: usize,
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
        let is_free = |id: &I| !self.places.contains_key(&id.bits());
        let (nth, id) = (0..).map(|nth| (nth, I::digest(text, nth))).find(|(_, id)| is_free(id))?;
        self.has_later_digests |= nth > 0;
        self.add(id, text);
        Some(id)
    }

    /// The id that a text is, new or not, where the canonical id or else the first digest of the text is at hand.
    pub fn intern_as<I: Id>(&mut self, text: &str, first: I) -> Option<I> {
        match self.get(first) {
            Some(known) if known == text => Some(first),
            None if first.is_digest()
                && !self.has_later_digests
                && (1..=LONGEST_ID).contains(&text.len()) =>
            {
                self.add(first, text);
                Some(first)
            }
            _ => self.intern(text),
        }
    }

    /// The id that a text is, if it is known or the canonical form of a UUID.
    #[must_use]
    pub fn find<I: Id>(&self, text: &str) -> Option<I> {
        let digests = if self.has_later_digests { DIGESTS } else { 1 };
        I::canonical(text).or_else(|| {
            (0..digests).map(|nth| I::digest(text, nth)).find(|id| self.get(*id).is_some_and(|it| it == text))
        })
    }

    /// The text of an id that is no UUID.
    #[must_use]
    #[inline]
    pub fn get(&self, id: impl Id) -> Option<&str> {
        if !id.is_digest() {
            return None;
        }
        let TextPlace { start, len } = *self.places.get(&id.bits())?;
        Some(&self.texts[start..start + len])
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
        self.has_later_digests |= from.has_later_digests;
        if let Some(text) = from.get(id)
            && !self.places.contains_key(&id.bits())
        {
            self.add(id, text);
        }
    }

    fn add(&mut self, id: impl Id, text: &str) {
        self.places.insert(id.bits(), TextPlace { start: self.texts.len(), len: text.len() });
        self.texts.push_str(text);
    }

    /// The bytes that they take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.places.capacity() * (size_of::<(u128, TextPlace)>() + 1) + self.texts.capacity()
    }
}
