//! Versioning of the store's parts by before-images, at two granularities.
//!
//! An *epoch* is a range of events. While one is open, every part records the before-image of each changed cell once
//! between two *savepoints*; a rollback to a savepoint writes them back. A closed epoch has one image per changed
//! cell; swapping images and cells crosses it in either direction, at a cost in cells and not in events. Cells
//! appended by an epoch need no image: they stay beyond the part's length until it grows again.
//!
//! Must not know the content of the parts, nor the effect of an event: rules change parts regardless of versioning.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

/// Direction in which an epoch is crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TravelDirection {
    /// From its end to its start.
    Back,
    /// From its start to its end.
    Forward,
}

/// A part of the store that can move to another instant.
///
/// The store makes the same calls on all of its parts, so that all are at the same event.
pub trait Versioned {
    /// Sets a savepoint. The first one opens an epoch.
    fn save(&mut self);
    /// Restores the state at the last savepoint, which stays.
    fn restore(&mut self);
    /// Drops the last savepoint and merges its images into the one before; without any savepoint no epoch is open.
    fn release(&mut self);
    /// Closes the open epoch under the number `epoch`, and replaces the epoch that had it.
    fn close(&mut self, epoch: usize);
    /// Crosses a closed epoch, and returns the number of cells swapped.
    fn cross(&mut self, epoch: usize, direction: TravelDirection) -> usize;
    /// Drops the images of a closed epoch.
    fn forget(&mut self, epoch: usize);
    /// Approximate size in bytes, images included.
    fn bytes(&mut self) -> usize;
}

/// A part that consists of other parts.
pub trait Composite {
    /// Calls `of` on each part, in any order.
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned));
}

impl<T: Composite> Versioned for T {
    fn save(&mut self) {
        self.each(&mut |part| part.save());
    }

    fn restore(&mut self) {
        self.each(&mut |part| part.restore());
    }

    fn release(&mut self) {
        self.each(&mut |part| part.release());
    }

    fn close(&mut self, epoch: usize) {
        self.each(&mut |part| part.close(epoch));
    }

    fn cross(&mut self, epoch: usize, direction: TravelDirection) -> usize {
        let mut cells = 0;
        self.each(&mut |part| cells += part.cross(epoch, direction));
        cells
    }

    fn forget(&mut self, epoch: usize) {
        self.each(&mut |part| part.forget(epoch));
    }

    fn bytes(&mut self) -> usize {
        let mut bytes = 0;
        self.each(&mut |part| bytes += part.bytes());
        bytes
    }
}

/// Values by number of closed epoch. Forgotten ones at the front take no memory.
#[derive(Debug)]
pub struct Epochs<T> {
    /// Number of the first of `kept`.
    first: usize,
    kept: VecDeque<Option<T>>,
}

impl<T> Default for Epochs<T> {
    fn default() -> Self {
        Self { first: 0, kept: VecDeque::new() }
    }
}

impl<T> Epochs<T> {
    /// Sets the value of an epoch, replacing the one it had.
    pub fn put(&mut self, epoch: usize, kept: T) {
        if self.kept.is_empty() {
            self.first = epoch;
        }
        while epoch < self.first {
            self.kept.push_front(None);
            self.first -= 1;
        }
        while epoch - self.first >= self.kept.len() {
            self.kept.push_back(None);
        }
        self.kept[epoch - self.first] = Some(kept);
    }

    /// Value of an epoch, mutable.
    pub fn get_mut(&mut self, epoch: usize) -> Option<&mut T> {
        self.kept.get_mut(epoch.checked_sub(self.first)?)?.as_mut()
    }

    /// Removes and returns the value of an epoch.
    pub fn take(&mut self, epoch: usize) -> Option<T> {
        let taken = self.kept.get_mut(epoch.checked_sub(self.first)?)?.take();
        while let Some(None) = self.kept.front() {
            self.kept.pop_front();
            self.first += 1;
        }
        taken
    }

    /// Number of slots in use, empty ones included.
    pub(in crate::store) fn len(&self) -> usize {
        self.kept.len()
    }
}

/// A value versioned as a whole.
#[derive(Debug, Default)]
pub struct Cell<T> {
    /// Value at the current instant.
    pub value: T,
    saves: Vec<T>,
    /// Value on the other side of each closed epoch.
    epochs: Epochs<T>,
}

impl<T> Cell<T> {
    /// A cell without history.
    pub fn of(value: T) -> Self {
        Self { value, saves: Vec::new(), epochs: Epochs::default() }
    }
}

impl<T> Deref for Cell<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Cell<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Clone> Versioned for Cell<T> {
    fn save(&mut self) {
        self.saves.push(self.value.clone());
    }

    fn restore(&mut self) {
        if let Some(saved) = self.saves.last() {
            self.value.clone_from(saved);
        }
    }

    fn release(&mut self) {
        self.saves.pop();
    }

    fn close(&mut self, epoch: usize) {
        if let Some(first) = self.saves.drain(..).next() {
            self.epochs.put(epoch, first);
        }
    }

    fn cross(&mut self, epoch: usize, _: TravelDirection) -> usize {
        let Some(other) = self.epochs.get_mut(epoch) else { return 0 };
        std::mem::swap(other, &mut self.value);
        1
    }

    fn forget(&mut self, epoch: usize) {
        self.epochs.take(epoch);
    }

    fn bytes(&mut self) -> usize {
        (1 + self.saves.len() + self.epochs.len()) * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_epochs_is_found_by_number_and_those_forgotten_take_no_room() {
        let mut epochs = Epochs::default();
        for epoch in 5..9 {
            epochs.put(epoch, epoch * 10);
        }
        epochs.put(7, 77);
        epochs.put(4, 44);
        for (epoch, expected) in
            [(3, None), (4, Some(44)), (5, Some(50)), (7, Some(77)), (8, Some(80)), (9, None)]
        {
            assert_eq!(epochs.get_mut(epoch).copied(), expected, "{epoch}");
        }
        assert_eq!((epochs.take(5), epochs.take(5), epochs.len()), (Some(50), None, 5));
        assert_eq!((epochs.take(4), epochs.take(99), epochs.len()), (Some(44), None, 3));
        assert_eq!(epochs.get_mut(8), Some(&mut 80));
        epochs.put(1000, 1);
        assert_eq!((6..9).filter_map(|epoch| epochs.take(epoch)).collect::<Vec<_>>(), [60, 77, 80]);
        assert_eq!((epochs.len(), epochs.get_mut(1000)), (1, Some(&mut 1)));
    }
}
