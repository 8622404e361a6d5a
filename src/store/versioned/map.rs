//! Versioned hash map, for sparse data.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use foldhash::fast::RandomState;

use super::epoch::{Epochs, TravelDirection, Versioned};

/// A hash map with before-images.
#[derive(Debug)]
pub struct VersionedMap<K, V> {
    values: HashMap<K, V, RandomState>,
    /// Keys with an image since the last savepoint.
    kept: HashSet<K, RandomState>,
    /// Before-images; `None` for a key that was absent.
    images: Vec<(K, Option<V>)>,
    /// Number of images at each savepoint.
    saves: Vec<usize>,
    epochs: Epochs<Entries<K, V>>,
    /// Number of entries in `epochs`.
    in_epochs: usize,
}

/// Entries on the other side of a closed epoch.
type Entries<K, V> = Box<[(K, Option<V>)]>;

/// A versioned set of keys.
pub type VersionedSet<K> = VersionedMap<K, ()>;

impl<K, V> Default for VersionedMap<K, V> {
    fn default() -> Self {
        Self {
            values: HashMap::default(),
            kept: HashSet::default(),
            images: Vec::new(),
            saves: Vec::new(),
            epochs: Epochs::default(),
            in_epochs: 0,
        }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> VersionedMap<K, V> {
    /// Value of a key.
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.values.get(key)
    }

    /// True if the key has a value.
    pub fn contains(&self, key: &K) -> bool {
        self.values.contains_key(key)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        self.keep(&key);
        self.values.insert(key, value);
    }

    /// Removes and returns the value of a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        if !self.values.contains_key(key) {
            return None;
        }
        self.keep(key);
        self.values.remove(key)
    }

    /// Value of a key, mutable.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if self.values.contains_key(key) {
            self.keep(key);
        }
        self.values.get_mut(key)
    }

    /// Value of a key, mutable; the default is inserted if it is absent.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.keep(&key);
        self.values.entry(key).or_default()
    }

    /// All values, in no order.
    pub fn values(&self) -> impl Iterator<Item = &V> + '_ {
        self.values.values()
    }

    /// All keys with their values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> + '_ {
        self.values.iter()
    }

    fn keep(&mut self, key: &K) {
        if !self.saves.is_empty() && self.kept.insert(key.clone()) {
            self.images.push((key.clone(), self.values.get(key).cloned()));
        }
    }

    fn put_back(&mut self, key: K, was: Option<V>) {
        match was {
            Some(value) => drop(self.values.insert(key, value)),
            None => drop(self.values.remove(&key)),
        }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Versioned for VersionedMap<K, V> {
    fn save(&mut self) {
        self.kept.clear();
        self.saves.push(self.images.len());
    }

    fn restore(&mut self) {
        let Some(save) = self.saves.last().copied() else { return };
        self.kept.clear();
        for (key, was) in self.images.split_off(save) {
            self.put_back(key, was);
        }
    }

    fn release(&mut self) {
        self.saves.pop();
        self.kept.clear();
        match self.saves.last() {
            Some(save) => self.kept.extend(self.images[*save..].iter().map(|(key, _)| key.clone())),
            None => self.images.clear(),
        }
    }

    fn close(&mut self, epoch: usize) {
        self.kept.clear();
        let (kept, values) = (&mut self.kept, &self.values);
        // The first image is the one from before the epoch. An entry that was inserted and removed within the epoch
        // has none.
        let first = |(key, was): &(K, Option<V>)| {
            kept.insert(key.clone()) && (was.is_some() || values.contains_key(key))
        };
        let entries: Entries<K, V> = self.images.drain(..).filter(first).collect();
        self.kept = HashSet::default();
        self.saves.clear();
        self.forget(epoch);
        self.in_epochs += entries.len();
        self.epochs.put(epoch, entries);
    }

    fn cross(&mut self, epoch: usize, _: TravelDirection) -> usize {
        let Some(entries) = self.epochs.get_mut(epoch) else { return 0 };
        for (key, other) in entries.iter_mut() {
            *other = match other.take() {
                Some(value) => self.values.insert(key.clone(), value),
                None => self.values.remove(key),
            };
        }
        entries.len()
    }

    fn forget(&mut self, epoch: usize) {
        if let Some(forgotten) = self.epochs.take(epoch) {
            self.in_epochs -= forgotten.len();
        }
    }

    /// Excludes heap memory of the values.
    fn bytes(&mut self) -> usize {
        self.values.capacity() * (size_of::<(K, V)>() + 1)
            + self.kept.capacity() * (size_of::<K>() + 1)
            + (self.images.len() + self.in_epochs) * size_of::<(K, Option<V>)>()
            + self.epochs.len() * size_of::<Option<Entries<K, V>>>()
    }
}

impl<K: Debug, V: Debug> VersionedMap<K, V>
where
    K: Hash + Eq + Clone,
    V: Clone,
{
    /// Entries as texts, in a deterministic order.
    #[must_use]
    pub fn sorted(&self) -> Vec<String> {
        let mut entries: Vec<String> = self.iter().map(|entry| format!("{entry:?}")).collect();
        entries.sort_unstable();
        entries
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(map: &mut VersionedMap<u8, u8>, (what, key, value): (u8, u8, u8)) {
        match what % 4 {
            0 => map.insert(key, value),
            1 => drop(map.remove(&key)),
            2 => map.get_mut(&key).into_iter().for_each(|it| *it = value),
            _ => *map.get_or_default(key) = value,
        }
    }

    proptest! {
        #[test]
        fn a_map_is_restored(
            epochs in prop::collection::vec(
                prop::collection::vec(prop::collection::vec((any::<u8>(), 0..9_u8, any::<u8>()), 0..6), 1..4),
                1..6,
            ),
        ) {
            let mut map: VersionedMap<u8, u8> = VersionedMap::default();
            let mut borders = vec![map.values.clone()];
            for (number, epoch) in epochs.iter().enumerate() {
                let mut saved = Vec::new();
                for changes in epoch {
                    map.save();
                    saved.push(map.values.clone());
                    changes.iter().for_each(|it| change(&mut map, *it));
                }
                let end = map.values.clone();
                for (index, was) in saved.iter().enumerate().rev() {
                    map.restore();
                    prop_assert_eq!(&map.values, was);
                    if index > 0 {
                        map.release();
                    }
                }
                for (index, changes) in epoch.iter().enumerate() {
                    if index > 0 {
                        map.save();
                    }
                    changes.iter().for_each(|it| change(&mut map, *it));
                }
                prop_assert_eq!(&map.values, &end);
                map.close(number);
                borders.push(end);
            }
            for epoch in (0..epochs.len()).rev() {
                map.cross(epoch, TravelDirection::Back);
                prop_assert_eq!(&map.values, &borders[epoch]);
            }
            for epoch in 0..epochs.len() {
                map.cross(epoch, TravelDirection::Forward);
                prop_assert_eq!(&map.values, &borders[epoch + 1]);
            }
        }
    }
}
