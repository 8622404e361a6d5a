//! Interned texts: owners, error texts, descriptions, tags, keys.

use std::hash::BuildHasher;
use std::num::NonZeroU32;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::versioned::epoch::{Cell, Composite, Versioned};

/// Handle of a text in the store's [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(NonZeroU32);

impl Name {
    /// Number of the name, from 1, in order of arrival.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// The name with a number that [`Name::number`] returned.
    #[must_use]
    pub fn numbered(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }
}

/// Every interned text, end to end.
#[derive(Debug, Default)]
pub struct Names {
    texts: String,
    /// `ends[n - 1]` is the end of the text of name `n`, which begins at the end of the one before it.
    ends: Vec<usize>,
    /// Number of names known at the current instant; those beyond belong to its future.
    len: Cell<u32>,
    index: HashTable<Name>,
    /// Seeded at random, so that no log can choose colliding texts.
    hasher: RandomState,
}

impl Names {
    /// Name of `text`, interned if it is new.
    pub fn intern(&mut self, text: &str) -> Name {
        let hash = self.hasher.hash_one(text);
        if let Some(name) = self.index.find(hash, |name| slice(&self.texts, &self.ends, *name) == text) {
            // A second fold of the same events yields the same names in the same order.
            self.len.value = self.len.value.max(name.0.get());
            return *name;
        }
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        let count = u32::try_from(self.ends.len()).expect("fewer than 2^32 texts fit in memory");
        let name = Name(NonZeroU32::new(count).expect("at least one text was pushed"));
        self.len.value = count;
        self.index
            .insert_unique(hash, name, |name| self.hasher.hash_one(slice(&self.texts, &self.ends, *name)));
        name
    }

    /// Name of `text`, if it is interned.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Name> {
        let hash = self.hasher.hash_one(text);
        let name = self.index.find(hash, |name| slice(&self.texts, &self.ends, *name) == text)?;
        (name.0.get() <= self.len.value).then_some(*name)
    }

    /// Text of `name`.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        slice(&self.texts, &self.ends, name)
    }
}

impl Names {
    /// Approximate size in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.texts.capacity() + self.ends.capacity() * size_of::<usize>() + self.index.capacity() * 5
    }

    /// Number of texts known at the current instant.
    pub(super) fn known(&self) -> u32 {
        self.len.value
    }
}

impl Composite for Names {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.len);
    }
}

fn slice<'a>(texts: &'a str, ends: &[usize], name: Name) -> &'a str {
    let index = name.0.get() as usize - 1;
    let start = if index == 0 { 0 } else { ends[index - 1] };
    &texts[start..ends[index]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_name_and_a_name_one_text() {
        let mut names = Names::default();
        let texts: Vec<String> = (0..500).map(|n| format!("worker-{}", n % 250)).collect();
        let given: Vec<Name> = texts.iter().map(|text| names.intern(text)).collect();
        for (text, name) in texts.iter().zip(&given) {
            assert_eq!(names.text(*name), text);
            assert_eq!(names.find(text), Some(*name));
        }
        assert_eq!(given[0], given[250]);
        assert_eq!(names.find("absent"), None);
        let empty = names.intern("");
        assert_eq!(names.text(empty), "");
    }
}
