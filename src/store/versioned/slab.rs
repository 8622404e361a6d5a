//! Things that come and go, in places that are used again.

use super::epoch::{Composite, Versioned};
use super::vec::VersionedVec;

/// Where a thing is. Four bytes, for records that have one or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct SlotId(u32);

impl SlotId {
    /// Nothing is there.
    pub(in crate::store) const NONE: Self = Self(u32::MAX);
}

/// The things, and the places that are free.
#[derive(Debug)]
pub(in crate::store) struct Slab<T> {
    things: VersionedVec<T>,
    free: VersionedVec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { things: VersionedVec::default(), free: VersionedVec::default() }
    }
}

impl<T: Clone> Slab<T> {
    pub(in crate::store) fn seat(&mut self, thing: T) -> SlotId {
        if let Some(place) = self.free.pop() {
            self.things[place as usize] = thing;
            return SlotId(place);
        }
        self.things.push(thing);
        SlotId(u32::try_from(self.things.len() - 1).expect("fewer than 2^32 things fit in memory"))
    }

    pub(in crate::store) fn get(&self, seat: SlotId) -> Option<&T> {
        // Seats are given up by whoever holds them, so one that is held is taken.
        self.things.get(seat.0 as usize)
    }

    pub(in crate::store) fn get_mut(&mut self, seat: SlotId) -> Option<&mut T> {
        let index = seat.0 as usize;
        (index < self.things.len()).then(|| &mut self.things[index])
    }

    /// Gives up a seat. Giving up none is harmless.
    pub(in crate::store) fn leave(&mut self, seat: &mut SlotId) {
        if *seat != SlotId::NONE {
            self.free.push(seat.0);
            *seat = SlotId::NONE;
        }
    }
}

impl<T: Clone> Composite for Slab<T> {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.things);
        of(&mut self.free);
    }
}
