//! Versioned slab: values in slots that are reused.

use super::epoch::{Composite, Versioned};
use super::vec::VersionedVec;

/// Index of a slot; four bytes, for records that have one or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct SlotId(u32);

impl SlotId {
    /// Marks the absence of a slot.
    pub(in crate::store) const NONE: Self = Self(u32::MAX);
}

/// Values, and the free slots.
#[derive(Debug)]
pub(in crate::store) struct Slab<T> {
    items: VersionedVec<T>,
    free: VersionedVec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { items: VersionedVec::default(), free: VersionedVec::default() }
    }
}

impl<T: Clone> Slab<T> {
    pub(in crate::store) fn insert(&mut self, item: T) -> SlotId {
        if let Some(place) = self.free.pop() {
            self.items[place as usize] = item;
            return SlotId(place);
        }
        self.items.push(item);
        SlotId(u32::try_from(self.items.len() - 1).expect("fewer than 2^32 items fit in memory"))
    }

    pub(in crate::store) fn get(&self, id: SlotId) -> Option<&T> {
        // A slot is freed by its owner alone, so an owned slot has a value.
        self.items.get(id.0 as usize)
    }

    pub(in crate::store) fn get_mut(&mut self, id: SlotId) -> Option<&mut T> {
        let index = id.0 as usize;
        (index < self.items.len()).then(|| &mut self.items[index])
    }

    /// Frees a slot and clears its id. No effect on [`SlotId::NONE`].
    pub(in crate::store) fn remove(&mut self, id: &mut SlotId) {
        if *id != SlotId::NONE {
            self.free.push(id.0);
            *id = SlotId::NONE;
        }
    }
}

impl<T: Clone> Composite for Slab<T> {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.items);
        of(&mut self.free);
    }
}
