//! From an id to its key: a hash index that keeps no ids of its own, only keys into the slab that has them.
//!
//! Seeded at random, so that no log can choose ids that collide.

use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Finds keys by ids of type `I`.
#[derive(Debug)]
pub(super) struct Index<I> {
    keys: HashTable<u32>,
    hasher: RandomState,
    ids: PhantomData<fn(I)>,
}

impl<I> Default for Index<I> {
    fn default() -> Self {
        Self { keys: HashTable::new(), hasher: RandomState::default(), ids: PhantomData }
    }
}

impl<I: Hash + Eq> Index<I> {
    /// Finds the key of `id`; `id_of` looks an id up in the slab.
    pub(super) fn find(&self, id: &I, id_of: impl Fn(u32) -> I) -> Option<u32> {
        self.keys.find(self.hasher.hash_one(id), |key| id_of(*key) == *id).copied()
    }

    /// Adds a key whose id is not there yet.
    pub(super) fn insert(&mut self, id: &I, key: u32, id_of: impl Fn(u32) -> I) {
        let hasher = &self.hasher;
        self.keys.insert_unique(hasher.hash_one(id), key, |key| hasher.hash_one(id_of(*key)));
    }
}
