//! Hash index from ids to keys. It stores keys only; the ids are in the slab that the keys point to.
//!
//! With a million runs a lookup is bound by memory latency, so one lookup reads one cache line, which
//! [`Index::touch`] can prefetch; a general hash table reads two lines per lookup and offers no prefetch. Seeded at
//! random, so that no log can choose colliding ids.

use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use foldhash::fast::RandomState;

use super::epoch::{Cell, Composite, Versioned};

/// Keys per bucket.
const KEYS_PER_BUCKET: usize = 12;
/// Maximum load, as slots and taken slots, before the buckets double.
const MAX_LOAD: (usize, usize) = (10, 7);
/// Number of parts, which grow independently: no event waits for millions of keys to be rehashed.
const PART_COUNT: usize = 64;

/// Finds keys by ids of type `I`.
#[derive(Debug)]
pub(in crate::store) struct Index<I> {
    parts: [Part; PART_COUNT],
    /// Number of keys in `parts`. Those from `len` on belong to the future of the current instant.
    placed: usize,
    len: Cell<usize>,
    hasher: RandomState,
    ids: PhantomData<fn(I)>,
}

#[derive(Debug, Default)]
struct Part {
    /// Zero or a power of two.
    buckets: Vec<Bucket>,
    len: usize,
}

/// Hash of an id.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct IdHash(u64);

/// Keys whose ids hash to this bucket, and some that overflowed from the bucket before it.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Bucket {
    /// Fingerprint of each key: eight bits of its hash, never 0. Entries without a key, and those beyond
    /// [`KEYS_PER_BUCKET`], are 0.
    fingerprints: [u8; 16],
    keys: [u32; KEYS_PER_BUCKET],
}

const EMPTY: Bucket = Bucket { fingerprints: [0; 16], keys: [0; KEYS_PER_BUCKET] };

impl<I> Default for Index<I> {
    fn default() -> Self {
        let parts = std::array::from_fn(|_| Part::default());
        Self { parts, placed: 0, len: Cell::default(), hasher: RandomState::default(), ids: PhantomData }
    }
}

impl<I: Hash + Eq> Index<I> {
    /// Number of keys.
    pub(in crate::store) const fn len(&self) -> usize {
        self.len.value
    }

    /// Approximate size in bytes.
    pub(in crate::store) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.buckets.len() * size_of::<Bucket>()).sum()
    }

    /// Hash of `id`, for [`Index::touch`] and [`Index::guess`].
    #[inline]
    pub(in crate::store) fn hash(&self, id: &I) -> IdHash {
        IdHash(self.hasher.hash_one(id))
    }

    /// Prefetches the buckets of these hashes, with overlapping loads. The value has no meaning.
    #[inline]
    pub(in crate::store) fn touch(&self, hashes: &[IdHash]) -> u64 {
        let fingerprint =
            |hash: &IdHash| self.parts[hash.part()].home(*hash).map_or(0, |bucket| bucket.fingerprints[0]);
        hashes.iter().fold(0, |touched, hash| touched ^ u64::from(fingerprint(hash)))
    }

    /// Key that most likely has the id, for a caller that compares the ids; arbitrary for an absent id.
    #[inline]
    pub(in crate::store) fn guess(&self, hash: IdHash) -> Option<u32> {
        let bucket = self.parts[hash.part()].home(hash)?;
        let candidates = bucket.candidates(hash.fingerprint());
        let key = bucket.keys.get((candidates.trailing_zeros() / 8) as usize).copied();
        key.filter(|key| self.is_known(*key))
    }

    /// Key of `id`; `id_of` looks up the id of a key.
    pub(in crate::store) fn find(&self, id: &I, id_of: impl Fn(u32) -> I) -> Option<u32> {
        self.find_below(self.len.value, id, id_of)
    }

    /// Key of `id`, also among the keys of the future.
    pub(in crate::store) fn find_ever(&self, id: &I, id_of: impl Fn(u32) -> I) -> Option<u32> {
        self.find_below(self.placed, id, id_of)
    }

    #[inline]
    fn find_below(&self, limit: usize, id: &I, id_of: impl Fn(u32) -> I) -> Option<u32> {
        let hash = self.hash(id);
        let part = &self.parts[hash.part()];
        let mut at = part.place_of(hash);
        loop {
            let bucket = part.buckets.get(at)?;
            let mut candidates = bucket.candidates(hash.fingerprint());
            while candidates != 0 {
                let key = bucket.keys[(candidates.trailing_zeros() / 8) as usize];
                if (key as usize) < limit && id_of(key) == *id {
                    return Some(key);
                }
                candidates &= candidates - 1;
            }
            if !bucket.is_full() {
                return None;
            }
            at = part.next(at);
        }
    }

    const fn is_known(&self, key: u32) -> bool {
        (key as usize) < self.len.value
    }

    /// Adds the next key, whose id must be absent.
    pub(in crate::store) fn insert(&mut self, id: &I, key: u32, id_of: impl Fn(u32) -> I) {
        debug_assert_eq!(key as usize, self.len.value, "keys are given in order");
        self.len.value += 1;
        if self.len.value <= self.placed {
            // A second fold of the same events yields the same keys.
            return;
        }
        self.placed += 1;
        let hash = self.hash(id);
        let part = &mut self.parts[hash.part()];
        if part.len * MAX_LOAD.0 >= part.buckets.len() * KEYS_PER_BUCKET * MAX_LOAD.1 {
            let more = vec![EMPTY; (part.buckets.len() * 2).max(2)];
            for bucket in std::mem::replace(&mut part.buckets, more) {
                for (key, _) in bucket
                    .keys
                    .iter()
                    .zip(bucket.fingerprints)
                    .take_while(|(_, fingerprint)| *fingerprint != 0)
                {
                    part.put(IdHash(self.hasher.hash_one(id_of(*key))), *key);
                }
            }
        }
        part.put(hash, key);
        part.len += 1;
    }
}

impl<I> Composite for Index<I> {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.len);
    }
}

impl Part {
    fn put(&mut self, hash: IdHash, key: u32) {
        let mut at = self.place_of(hash);
        while self.buckets[at].is_full() {
            at = self.next(at);
        }
        let bucket = &mut self.buckets[at];
        let slot = bucket
            .fingerprints
            .iter()
            .position(|fingerprint| *fingerprint == 0)
            .unwrap_or(KEYS_PER_BUCKET - 1);
        bucket.fingerprints[slot] = hash.fingerprint();
        bucket.keys[slot] = key;
    }

    #[inline]
    fn home(&self, hash: IdHash) -> Option<&Bucket> {
        self.buckets.get(self.place_of(hash))
    }

    #[inline]
    fn place_of(&self, hash: IdHash) -> usize {
        usize::try_from(hash.0).unwrap_or(usize::MAX) & self.buckets.len().wrapping_sub(1)
    }

    const fn next(&self, at: usize) -> usize {
        (at + 1) & (self.buckets.len() - 1)
    }
}

/// Three independent parts of a hash; the lowest bits are the index of the bucket.
impl IdHash {
    const fn part(self) -> usize {
        self.0.to_le_bytes()[7] as usize % PART_COUNT
    }

    /// Never 0.
    const fn fingerprint(self) -> u8 {
        let fingerprint = self.0.to_le_bytes()[6];
        if fingerprint == 0 { 1 } else { fingerprint }
    }
}

impl Bucket {
    const fn is_full(&self) -> bool {
        self.fingerprints[KEYS_PER_BUCKET - 1] != 0
    }

    /// Top bit set in each byte of `fingerprints` that equals `fingerprint`, and rarely in one that does not.
    #[inline]
    fn candidates(&self, fingerprint: u8) -> u128 {
        const EACH: u128 = u128::from_le_bytes([1; 16]);
        let differ = u128::from_le_bytes(self.fingerprints) ^ (EACH * u128::from(fingerprint));
        let equal = differ.wrapping_sub(EACH) & !differ & (EACH << 7);
        equal & (u128::MAX >> (8 * (16 - KEYS_PER_BUCKET)))
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher;

    use proptest::prelude::*;

    use super::*;

    /// An id with one of a few hashes, at any seed: the worst case of a hostile log.
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
