//! From an id to its key: a hash index that keeps no ids of its own, only keys into the slab that has them.
//!
//! At a million runs a lookup is nothing but waiting for memory, so whatever an id needs stands in one line of the
//! processor's cache, which [`Index::touch`] can ask for ahead of time. A general hash table has two lines an id, and
//! took twice as long. Seeded at random, so that no log can choose ids that collide.

use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use foldhash::fast::RandomState;

/// Keys in a bucket.
const SLOTS: usize = 12;
/// Of so many slots, so many are taken before there are more buckets.
const FULL: (usize, usize) = (10, 7);

/// Finds keys by ids of type `I`. Keys are dense: the n-th that is added is n.
#[derive(Debug)]
pub(super) struct Index<I> {
    /// A power of two of them, or none.
    buckets: Vec<Bucket>,
    len: usize,
    hasher: RandomState,
    ids: PhantomData<fn(I)>,
}

/// The hash of an id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trail(u64);

/// The keys of the ids whose hash leads here, and of some that found the bucket before it full.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Bucket {
    /// Eight bits of the hash of each key, never 0; then 0 where there is none, up to and over [`SLOTS`].
    prints: [u8; 16],
    keys: [u32; SLOTS],
}

const EMPTY: Bucket = Bucket { prints: [0; 16], keys: [0; SLOTS] };

impl<I> Default for Index<I> {
    fn default() -> Self {
        Self { buckets: Vec::new(), len: 0, hasher: RandomState::default(), ids: PhantomData }
    }
}

impl<I: Hash + Eq> Index<I> {
    /// Where to look for `id`, for [`Index::touch`] and [`Index::guess`].
    #[inline]
    pub(super) fn trail(&self, id: &I) -> Trail {
        Trail(self.hasher.hash_one(id))
    }

    /// Asks for the memory that guesses will need, all at once. The value means nothing.
    #[inline]
    pub(super) fn touch(&self, trails: &[Trail]) -> u64 {
        let print = |trail: &Trail| self.buckets.get(self.home(trail.0)).map_or(0, |bucket| bucket.prints[0]);
        trails.iter().fold(0, |touched, trail| touched ^ u64::from(print(trail)))
    }

    /// The key that most likely has the id, for whoever compares the ids afterwards; wrong for an id that is absent.
    #[inline]
    pub(super) fn guess(&self, trail: Trail) -> Option<u32> {
        let bucket = self.buckets.get(self.home(trail.0))?;
        let candidates = bucket.candidates(print(trail.0));
        bucket.keys.get((candidates.trailing_zeros() / 8) as usize).copied()
    }

    /// Finds the key of `id`; `id_of` looks an id up in the slab.
    #[inline]
    pub(super) fn find(&self, id: &I, id_of: impl Fn(u32) -> I) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        let mut at = self.home(hash);
        loop {
            let bucket = self.buckets.get(at)?;
            let mut candidates = bucket.candidates(print(hash));
            while candidates != 0 {
                let key = bucket.keys[(candidates.trailing_zeros() / 8) as usize];
                if id_of(key) == *id {
                    return Some(key);
                }
                candidates &= candidates - 1;
            }
            if !bucket.is_full() {
                return None;
            }
            at = (at + 1) & (self.buckets.len() - 1);
        }
    }

    /// Adds the next key, whose id is not there yet.
    pub(super) fn insert(&mut self, id: &I, key: u32, id_of: impl Fn(u32) -> I) {
        debug_assert_eq!(self.len, key as usize, "keys are dense");
        if self.len * FULL.0 >= self.buckets.len() * SLOTS * FULL.1 {
            self.buckets = vec![EMPTY; (self.buckets.len() * 2).max(2)];
            for known in 0..key {
                let hash = self.hasher.hash_one(id_of(known));
                self.place(hash, known);
            }
        }
        self.place(self.hasher.hash_one(id), key);
        self.len += 1;
    }

    fn place(&mut self, hash: u64, key: u32) {
        let mut at = self.home(hash);
        while self.buckets[at].is_full() {
            at = (at + 1) & (self.buckets.len() - 1);
        }
        let bucket = &mut self.buckets[at];
        let slot = bucket.prints.iter().position(|print| *print == 0).unwrap_or(SLOTS - 1);
        bucket.prints[slot] = print(hash);
        bucket.keys[slot] = key;
    }

    /// The bucket that a hash leads to.
    fn home(&self, hash: u64) -> usize {
        usize::try_from(hash).unwrap_or(usize::MAX) & self.buckets.len().wrapping_sub(1)
    }
}

impl Bucket {
    const fn is_full(&self) -> bool {
        self.prints[SLOTS - 1] != 0
    }

    /// A top bit at each byte of `prints` that is `print`, and now and then at one that is not.
    #[inline]
    fn candidates(&self, print: u8) -> u128 {
        const EACH: u128 = u128::from_le_bytes([1; 16]);
        let differ = u128::from_le_bytes(self.prints) ^ (EACH * u128::from(print));
        let equal = differ.wrapping_sub(EACH) & !differ & (EACH << 7);
        equal & (u128::MAX >> (8 * (16 - SLOTS)))
    }
}

/// Eight bits of a hash that its bucket does not depend on.
const fn print(hash: u64) -> u8 {
    let [.., print] = hash.to_le_bytes();
    if print == 0 { 1 } else { print }
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher;

    use proptest::prelude::*;

    use super::*;

    /// An id whose hash is one of a few, whatever the seed: as bad as a hostile log could wish.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Colliding(u32);

    impl Hash for Colliding {
        fn hash<H: Hasher>(&self, state: &mut H) {
            state.write_u32(self.0 % 3);
        }
    }

    fn check<I: Hash + Eq + Copy + std::fmt::Debug>(ids: &[I], absent: &[I]) {
        let mut index = Index::default();
        for (key, id) in ids.iter().enumerate() {
            index.insert(id, u32::try_from(key).unwrap(), |key| ids[key as usize]);
        }
        for (key, id) in ids.iter().enumerate() {
            assert_eq!(index.find(id, |key| ids[key as usize]), Some(u32::try_from(key).unwrap()), "{id:?}");
        }
        for id in absent {
            assert_eq!(index.find(id, |key| ids[key as usize]), None, "{id:?}");
        }
    }

    #[test]
    fn a_bucket_is_one_line_of_the_cache() {
        assert_eq!((size_of::<Bucket>(), align_of::<Bucket>()), (64, 64));
    }

    #[test]
    fn ids_that_collide_are_found_all_the_same() {
        check::<u32>(&[], &[0, 1]);
        let ids: Vec<Colliding> = (0..500).map(Colliding).collect();
        check(&ids, &[Colliding(500), Colliding(501), Colliding(502)]);
    }

    proptest! {
        #[test]
        fn every_id_that_was_added_is_found_and_no_other(ids in prop::collection::hash_set(any::<u64>(), 0..2000)) {
            let ids: Vec<u64> = ids.into_iter().collect();
            let (absent, present) = ids.split_at(ids.len() / 4);
            check(present, absent);
        }
    }
}
