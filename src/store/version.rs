//! How the parts of the store become again what they were: before-images of what changes, kept in two grains.
//!
//! An *epoch* is a stretch of events. While one is open, every part keeps what it changes as it was, once between two
//! *savepoints*; a part goes back to a savepoint by putting that back. A closed epoch has one image of each cell, and
//! swapping those with the cells crosses it, in either direction, at the cost of the cells and not of the events.
//! What an epoch adds at the end of a part needs no image: it lies beyond the part's length until it is there again.
//!
//! Must not know what is kept, nor what an event does: rules change parts as if nobody watched.

use std::ops::{Deref, DerefMut};

/// Which way an epoch is crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From its end to its start.
    Back,
    /// From its start to its end.
    Forward,
}

/// A part of the store that can be again what it was.
///
/// The store calls the same on all of its parts, so that they stand at the same event.
pub(super) trait Versioned {
    /// Sets a savepoint here. The first one opens an epoch.
    fn save(&mut self);
    /// Becomes what it was at the last savepoint, which stays.
    fn restore(&mut self);
    /// Forgets the last savepoint; what it kept is the one's before it.
    fn release(&mut self);
    /// Ends the open epoch, which becomes number `epoch`, also when there was one of that number.
    fn close(&mut self, epoch: usize);
    /// Crosses a closed epoch, and says how many cells that took.
    fn cross(&mut self, epoch: usize, direction: Direction) -> usize;
    /// Lets go of the images of a closed epoch.
    fn forget(&mut self, epoch: usize);
}

/// A part that is nothing but its own parts.
pub(super) trait Composite {
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

    fn cross(&mut self, epoch: usize, direction: Direction) -> usize {
        let mut cells = 0;
        self.each(&mut |part| cells += part.cross(epoch, direction));
        cells
    }

    fn forget(&mut self, epoch: usize) {
        self.each(&mut |part| part.forget(epoch));
    }
}

/// Puts what is kept of an epoch at its number.
pub(super) fn put<T>(epochs: &mut Vec<Option<T>>, epoch: usize, kept: Option<T>) {
    if epochs.len() <= epoch {
        epochs.resize_with(epoch + 1, || None);
    }
    epochs[epoch] = kept;
}

/// A value that is kept whole.
#[derive(Debug, Default)]
pub(super) struct Cell<T> {
    pub(super) value: T,
    saves: Vec<T>,
    /// The value on the other side of each closed epoch.
    epochs: Vec<Option<T>>,
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
        let first = self.saves.drain(..).next();
        put(&mut self.epochs, epoch, first);
    }

    fn cross(&mut self, epoch: usize, _: Direction) -> usize {
        let Some(Some(other)) = self.epochs.get_mut(epoch) else { return 0 };
        std::mem::swap(other, &mut self.value);
        1
    }

    fn forget(&mut self, epoch: usize) {
        put(&mut self.epochs, epoch, None);
    }
}
