//! Versioned vector that never moves its values.
//!
//! A growing `Vec` of a hundred megabytes copies all values and holds them twice meanwhile; this one adds a chunk. So
//! no event takes longer than another, and memory matches the content. Going back in time shortens the vector and
//! leaves the values beyond its end in place, for the way forward.

use std::ops::{Index, IndexMut};

use super::epoch::{Epochs, TravelDirection, Versioned};

/// Values per chunk; a power of two.
const CHUNK_LEN: usize = 1 << 14;

/// A chunked vector with before-images.
#[derive(Debug)]
pub struct VersionedVec<T> {
    /// Invariant: all but the last are full, and none is larger than [`CHUNK_LEN`].
    chunks: Vec<Vec<T>>,
    /// At most the number of values in `chunks`.
    len: usize,
    /// Number of leading values that need a before-image; 0 while no epoch is open.
    watched: usize,
    /// True once a value was removed at the end, so that values beyond it may be overwritten.
    shrinks: bool,
    images: Images<T>,
    /// Indices changed since the last call of [`VersionedVec::take_touched`]; `None` while changes are not watched.
    touched: Option<Box<Touched>>,
}

/// Changed indices, without repeats.
#[derive(Debug, Default)]
struct Touched {
    /// One bit per index: set if it is in `places`.
    bits: Vec<u64>,
    places: Vec<u32>,
}

impl Touched {
    fn touch(&mut self, place: usize) {
        let (word, bit) = (place / 64, 1 << (place % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        if self.bits[word] & bit == 0 {
            self.bits[word] |= bit;
            self.places.push(u32::try_from(place).expect("columns are numbered in 32 bits"));
        }
    }

    fn take(&mut self) -> Vec<u32> {
        for place in &self.places {
            self.bits[*place as usize / 64] = 0;
        }
        std::mem::take(&mut self.places)
    }
}

/// Before-images since the first savepoint.
#[derive(Debug)]
struct Images<T> {
    /// One bit per value: set if it has an image since the last savepoint.
    kept: Vec<u64>,
    places: Vec<u32>,
    values: Vec<T>,
    saves: Vec<Save>,
    epochs: Epochs<Epoch<T>>,
    /// Number of images in `epochs`.
    in_epochs: usize,
}

/// Number of images and values at a savepoint.
#[derive(Debug, Clone, Copy)]
struct Save {
    images: usize,
    len: usize,
    /// The largest `len` of this savepoint and of those before it.
    watched: usize,
}

/// Values on the other side of a closed epoch.
#[derive(Debug)]
struct Epoch<T> {
    before: usize,
    after: usize,
    places: Box<[u32]>,
    values: Box<[T]>,
    /// Values appended by the epoch, while the vector is at its start and may overwrite them.
    tail: Vec<T>,
}

impl<T> Default for VersionedVec<T> {
    fn default() -> Self {
        let images = Images {
            kept: Vec::new(),
            places: Vec::new(),
            values: Vec::new(),
            saves: Vec::new(),
            epochs: Epochs::default(),
            in_epochs: 0,
        };
        Self { chunks: Vec::new(), len: 0, watched: 0, shrinks: false, images, touched: None }
    }
}

impl<T> VersionedVec<T> {
    /// Number of values.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True without a value.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<T: Clone> VersionedVec<T> {
    /// Adds a value at the end.
    #[inline]
    pub fn push(&mut self, value: T) {
        let place = self.len;
        self.len += 1;
        self.touch(place);
        match self.chunks.get_mut(place / CHUNK_LEN) {
            // Chunks are allocated in full, so that no value moves.
            Some(chunk) if chunk.len() == place % CHUNK_LEN => chunk.push(value),
            _ => self.push_over(place, value),
        }
    }

    /// Begins a chunk, or overwrites a value beyond the end.
    #[cold]
    #[inline(never)]
    fn push_over(&mut self, place: usize, value: T) {
        if place < self.watched {
            self.keep(place);
        }
        let (chunk, at) = (place / CHUNK_LEN, place % CHUNK_LEN);
        if chunk == self.chunks.len() {
            // Untouched pages of an allocation take no memory.
            self.chunks.push(Vec::with_capacity(CHUNK_LEN));
        }
        let chunk = &mut self.chunks[chunk];
        match chunk.get_mut(at) {
            Some(old) => *old = value,
            None => chunk.push(value),
        }
    }

    /// Removes and returns the last value.
    pub(in crate::store) fn pop(&mut self) -> Option<T> {
        let value = self.last()?.clone();
        self.truncate(self.len - 1);
        Some(value)
    }

    pub(in crate::store) fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// Removes all but the first `len` values.
    pub(in crate::store) fn truncate(&mut self, len: usize) {
        if len < self.len {
            self.become_as_long_as(len);
            self.shrinks = true;
        }
    }

    /// Value at an index; none at the end and beyond it.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        if index >= self.len {
            return None;
        }
        self.chunks.get(index / CHUNK_LEN)?.get(index % CHUNK_LEN)
    }

    /// Value at an index, also beyond the end, where the last value written is.
    #[inline]
    pub(in crate::store) fn beyond(&self, index: usize) -> &T {
        &self.chunks[index / CHUNK_LEN][index % CHUNK_LEN]
    }

    /// Every value, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + '_ {
        (0..self.len).map(|index| &self[index])
    }

    /// Begins or ends the recording of changed indices for [`VersionedVec::take_touched`].
    pub(in crate::store) fn watch_touches(&mut self, is_watched: bool) {
        match (is_watched, &self.touched) {
            (true, None) => self.touched = Some(Box::default()),
            (true, Some(_)) => (),
            (false, _) => self.touched = None,
        }
    }

    /// True while changes are recorded.
    pub(in crate::store) fn is_watched(&self) -> bool {
        self.touched.is_some()
    }

    /// Indices changed since the last call, without repeats. Some may be beyond the end by now.
    pub(in crate::store) fn take_touched(&mut self) -> Vec<u32> {
        self.touched.as_deref_mut().map_or_else(Vec::new, Touched::take)
    }

    /// Marks an index as changed.
    #[inline]
    pub(in crate::store) fn touch(&mut self, place: usize) {
        if let Some(touched) = &mut self.touched {
            touched.touch(place);
        }
    }

    /// Sets the length to that of another instant.
    fn become_as_long_as(&mut self, len: usize) {
        for place in self.len.min(len)..self.len.max(len) {
            self.touch(place);
        }
        self.len = len;
    }

    #[cold]
    #[inline(never)]
    fn keep(&mut self, place: usize) {
        let (word, bit) = (place / 64, 1 << (place % 64));
        if self.images.kept[word] & bit != 0 {
            return;
        }
        self.images.kept[word] |= bit;
        let value = self.chunks[place / CHUNK_LEN][place % CHUNK_LEN].clone();
        self.images.places.push(u32::try_from(place).expect("columns are numbered in 32 bits"));
        self.images.values.push(value);
    }
}

impl<T> Images<T> {
    fn mark(&mut self, from: usize, is_kept: bool) {
        for place in &self.places[from..] {
            let (word, bit) = (*place as usize / 64, 1 << (place % 64));
            if is_kept {
                self.kept[word] |= bit;
            } else {
                self.kept[word] &= !bit;
            }
        }
    }
}

impl<T: Clone> Versioned for VersionedVec<T> {
    fn save(&mut self) {
        let since = self.images.saves.last().map_or(0, |save| save.images);
        self.images.mark(since, false);
        self.watched = self.watched.max(self.len);
        let save = Save { images: self.images.places.len(), len: self.len, watched: self.watched };
        self.images.saves.push(save);
        if self.images.kept.len() * 64 < self.watched {
            self.images.kept.resize(self.watched.div_ceil(64), 0);
        }
    }

    fn restore(&mut self) {
        let Some(save) = self.images.saves.last().copied() else { return };
        self.images.mark(save.images, false);
        while self.images.places.len() > save.images {
            if let (Some(place), Some(value)) = (self.images.places.pop(), self.images.values.pop()) {
                self.chunks[place as usize / CHUNK_LEN][place as usize % CHUNK_LEN] = value;
                self.touch(place as usize);
            }
        }
        self.become_as_long_as(save.len);
    }

    fn release(&mut self) {
        self.images.saves.pop();
        let before = self.images.saves.last().copied();
        self.watched = before.map_or(0, |save| save.watched);
        self.images.mark(before.map_or(0, |save| save.images), before.is_some());
        if before.is_none() {
            self.images.places.clear();
            self.images.values.clear();
        }
    }

    fn close(&mut self, epoch: usize) {
        let Some(first) = self.images.saves.first().copied() else { return };
        // Removed values may be overwritten once the epoch is closed.
        (self.len..first.len).for_each(|place| self.keep(place));
        self.images.mark(0, false);
        let (mut places, mut values) = (Vec::new(), Vec::new());
        let images = self.images.places.drain(..).zip(self.images.values.drain(..));
        for (place, value) in images.filter(|(place, _)| (*place as usize) < first.len) {
            let (word, bit) = (place as usize / 64, 1 << (place % 64));
            // The first image is the one from before the epoch.
            if self.images.kept[word] & bit == 0 {
                self.images.kept[word] |= bit;
                places.push(place);
                values.push(value);
            }
        }
        for place in &places {
            self.images.kept[*place as usize / 64] &= !(1 << (place % 64));
        }
        let (places, values) = (places.into(), values.into());
        let kept: Epoch<T> = Epoch { before: first.len, after: self.len, places, values, tail: Vec::new() };
        self.forget(epoch);
        self.images.in_epochs += kept.places.len();
        self.images.epochs.put(epoch, kept);
        self.images.saves.clear();
        self.watched = 0;
    }

    fn cross(&mut self, epoch: usize, direction: TravelDirection) -> usize {
        let Some(epoch) = self.images.epochs.get_mut(epoch) else { return 0 };
        let added = epoch.before..epoch.after;
        if direction == TravelDirection::Back && self.shrinks {
            epoch.tail = added.map(|at| self.chunks[at / CHUNK_LEN][at % CHUNK_LEN].clone()).collect();
        } else if direction == TravelDirection::Forward {
            for (at, value) in added.zip(std::mem::take(&mut epoch.tail)) {
                self.chunks[at / CHUNK_LEN][at % CHUNK_LEN] = value;
            }
        }
        for (place, value) in epoch.places.iter().zip(&mut epoch.values) {
            std::mem::swap(&mut self.chunks[*place as usize / CHUNK_LEN][*place as usize % CHUNK_LEN], value);
        }
        if let Some(touched) = &mut self.touched {
            epoch.places.iter().for_each(|place| touched.touch(*place as usize));
        }
        let n_cells = epoch.places.len();
        let len = if direction == TravelDirection::Back { epoch.before } else { epoch.after };
        self.become_as_long_as(len);
        n_cells
    }

    fn forget(&mut self, epoch: usize) {
        if let Some(forgotten) = self.images.epochs.take(epoch) {
            self.images.in_epochs -= forgotten.places.len();
        }
    }

    fn bytes(&mut self) -> usize {
        let last = self.chunks.last().map_or(0, Vec::len);
        let values = self.chunks.len().saturating_sub(1) * CHUNK_LEN + last;
        let images = self.images.in_epochs + self.images.places.len();
        values * size_of::<T>()
            + images * (size_of::<T>() + size_of::<u32>())
            + self.images.epochs.len() * size_of::<Option<Epoch<T>>>()
            + self.images.kept.len() * size_of::<u64>()
    }
}

impl<T> Index<usize> for VersionedVec<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: usize) -> &T {
        debug_assert!(index < self.len, "what lies beyond the end is of another time");
        &self.chunks[index / CHUNK_LEN][index % CHUNK_LEN]
    }
}

impl<T: Clone> IndexMut<usize> for VersionedVec<T> {
    #[inline]
    fn index_mut(&mut self, index: usize) -> &mut T {
        if index < self.watched {
            self.keep(index);
        }
        self.touch(index);
        &mut self.chunks[index / CHUNK_LEN][index % CHUNK_LEN]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn things_stay_where_they_were_put() {
        let mut vec = VersionedVec::default();
        assert!(vec.is_empty() && vec.get(0).is_none());
        for n in 0..2 * CHUNK_LEN + 1 {
            vec.push(n);
        }
        vec[CHUNK_LEN] += 1;
        for (at, expected) in [
            (0, 0),
            (CHUNK_LEN - 1, CHUNK_LEN - 1),
            (CHUNK_LEN, CHUNK_LEN + 1),
            (2 * CHUNK_LEN, 2 * CHUNK_LEN),
        ] {
            assert_eq!((vec[at], vec.get(at)), (expected, Some(&expected)));
        }
        assert_eq!((vec.len(), vec.get(2 * CHUNK_LEN + 1)), (2 * CHUNK_LEN + 1, None));
    }

    fn change(vec: &mut VersionedVec<u8>, (what, where_, value): (u8, usize, u8)) {
        match what % 4 {
            0 | 1 => vec.push(value),
            2 => drop(vec.pop()),
            _ if vec.is_empty() => (),
            _ => {
                let index = where_ % vec.len();
                vec[index] = value;
            }
        }
    }

    fn all(vec: &VersionedVec<u8>) -> Vec<u8> {
        vec.iter().copied().collect()
    }

    proptest! {
        #[test]
        fn a_vec_is_restored(
            epochs in prop::collection::vec(
                prop::collection::vec(prop::collection::vec((any::<u8>(), any::<usize>(), any::<u8>()), 0..6), 1..4),
                1..6,
            ),
        ) {
            let mut vec = VersionedVec::default();
            let mut borders = vec![all(&vec)];
            for (number, epoch) in epochs.iter().enumerate() {
                let mut saved = Vec::new();
                for changes in epoch {
                    vec.save();
                    saved.push(all(&vec));
                    changes.iter().for_each(|it| change(&mut vec, *it));
                }
                let end = all(&vec);
                // Back to each savepoint, the last one first, and forward again from each.
                for (index, was) in saved.iter().enumerate().rev() {
                    vec.restore();
                    prop_assert_eq!(&all(&vec), was);
                    epoch[index].iter().for_each(|it| change(&mut vec, *it));
                    vec.restore();
                    prop_assert_eq!(&all(&vec), was);
                    if index > 0 {
                        vec.release();
                    }
                }
                for (index, changes) in epoch.iter().enumerate() {
                    if index > 0 {
                        vec.save();
                    }
                    changes.iter().for_each(|it| change(&mut vec, *it));
                }
                prop_assert_eq!(&all(&vec), &end);
                vec.close(number);
                borders.push(end);
            }
            for again in 0..=epochs.len() {
                for epoch in (0..epochs.len()).rev() {
                    vec.cross(epoch, TravelDirection::Back);
                    prop_assert_eq!(&all(&vec), &borders[epoch]);
                }
                for (number, epoch) in epochs.iter().enumerate() {
                    if number == again {
                        for changes in epoch {
                            vec.save();
                            changes.iter().for_each(|it| change(&mut vec, *it));
                        }
                        vec.close(number);
                    } else {
                        vec.cross(number, TravelDirection::Forward);
                    }
                    prop_assert_eq!(&all(&vec), &borders[number + 1]);
                }
            }
        }
    }
}
