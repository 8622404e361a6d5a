//! How the parts of the store become again what they were: before-images of what changes, kept in two grains.
//!
//! An *epoch* is a stretch of events. While one is open, every part keeps what it changes as it was, once between two
//! *savepoints*; a part goes back to a savepoint by putting that back. A closed epoch has one image of each cell, and
//! swapping those with the cells crosses it, in either direction, at the cost of the cells and not of the events.
//! What an epoch adds at the end of a part needs no image: it lies beyond the part's length until it is there again.
//!
//! Must not know what is kept, nor what an event does: rules change parts as if nobody watched.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

/// Which way an epoch is crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TravelDirection {
    /// From its end to its start.
    Back,
    /// From its start to its end.
    Forward,
}

/// A part of the store that can be again what it was.
///
/// The store calls the same on all of its parts, so that they stand at the same event.
pub trait Versioned {
    /// Sets a savepoint here. The first one opens an epoch.
    fn save(&mut self);
    /// Becomes what it was at the last savepoint, which stays.
    fn restore(&mut self);
    /// Forgets the last savepoint. What it kept is the one's before it; without one, no epoch is open any more.
    fn release(&mut self);
    /// Ends the open epoch, which becomes number `epoch`, also when there was one of that number.
    fn close(&mut self, epoch: usize);
    /// Crosses a closed epoch, and says how many cells that took.
    fn cross(&mut self, epoch: usize, direction: TravelDirection) -> usize;
    /// Lets go of the images of a closed epoch.
    fn forget(&mut self, epoch: usize);
    /// The bytes that it takes, about, with what it keeps of other instants.
    fn bytes(&mut self) -> usize;
}

/// A part that is nothing but its own parts.
pub trait Composite {
    /// Does something to each part, in whatever order.
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

/// What is kept of each closed epoch, by its number. Those that were forgotten take no room, however many they were.
#[derive(Debug)]
pub struct Epochs<T> {
    /// The number of the first of `kept`.
    first: usize,
    kept: VecDeque<Option<T>>,
}

impl<T> Default for Epochs<T> {
    fn default() -> Self {
        Self { first: 0, kept: VecDeque::new() }
    }
}

impl<T> Epochs<T> {
    /// Keeps something of an epoch, in place of what was kept of it.
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

    /// Something that is kept of an epoch, to be changed.
    pub fn get_mut(&mut self, epoch: usize) -> Option<&mut T> {
        self.kept.get_mut(epoch.checked_sub(self.first)?)?.as_mut()
    }

    /// Lets go of what is kept of an epoch, and says what it was.
    pub fn take(&mut self, epoch: usize) -> Option<T> {
        let taken = self.kept.get_mut(epoch.checked_sub(self.first)?)?.take();
        while let Some(None) = self.kept.front() {
            self.kept.pop_front();
            self.first += 1;
        }
        taken
    }

    /// How many places there are.
    pub(in crate::store) fn len(&self) -> usize {
        self.kept.len()
    }
}

/// A value that is kept whole.
#[derive(Debug, Default)]
pub struct Cell<T> {
    /// The value at the instant at hand.
    pub value: T,
    saves: Vec<T>,
    /// The value on the other side of each closed epoch.
    epochs: Epochs<T>,
}

impl<T> Cell<T> {
    /// A cell with a value and no past.
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
