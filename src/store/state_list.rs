//! The runs of one state in order of arrival, latest last.
//!
//! A run that leaves punches a hole, so entering and leaving cost the same at any size. Counts per block find the
//! n-th newest in a few steps. Knows keys, not runs.

use super::key::RunKey;
use super::versioned::epoch::{Cell, Composite, Versioned};
use super::versioned::vec::VersionedVec;

/// Slots per word of the bitmap.
const SLOTS_PER_WORD: usize = 64;
/// Slots per block, each of which has a count.
const SLOTS_PER_BLOCK: usize = 64 * SLOTS_PER_WORD;

/// The runs of one state in the order in which they entered it.
#[derive(Debug, Default)]
pub struct StateQueue {
    /// Key of each run that entered, by slot.
    slots: VersionedVec<RunKey>,
    /// One bit per slot: set while the run is in the lane.
    live: VersionedVec<u64>,
    /// Invariant: `blocks[b]` counts the bits of block `b`.
    blocks: VersionedVec<u32>,
    /// Invariant: the sum of `blocks`.
    len: Cell<usize>,
}

/// Slot of a run in its lane, by which it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(u32);

impl Slot {
    /// Marks a run that is in no lane.
    pub const NONE: Self = Self(u32::MAX);

    /// Rank of the slot: higher for later arrivals. Changes when the lane is packed.
    #[must_use]
    pub const fn rank(self) -> u32 {
        self.0
    }
}

impl StateQueue {
    /// Number of runs in the lane.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len.value
    }

    /// True if no run is in the lane.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len.value == 0
    }

    /// Appends a run, and returns the slot by which it leaves.
    pub fn enter(&mut self, key: RunKey) -> Slot {
        let slot = self.slots.len();
        if slot.is_multiple_of(SLOTS_PER_WORD) {
            self.live.push(0);
        }
        if slot.is_multiple_of(SLOTS_PER_BLOCK) {
            self.blocks.push(0);
        }
        self.slots.push(key);
        self.live[slot / SLOTS_PER_WORD] |= 1 << (slot % SLOTS_PER_WORD);
        self.blocks[slot / SLOTS_PER_BLOCK] += 1;
        self.len.value += 1;
        Slot(u32::try_from(slot).expect("a lane is packed long before 2^32 slots"))
    }

    /// Removes the run that entered at `slot`. A slot is used once.
    pub fn leave(&mut self, slot: Slot) {
        let slot = slot.0 as usize;
        let bit = 1 << (slot % SLOTS_PER_WORD);
        debug_assert!(self.live[slot / SLOTS_PER_WORD] & bit != 0, "a run leaves a lane once");
        self.live[slot / SLOTS_PER_WORD] &= !bit;
        self.blocks[slot / SLOTS_PER_BLOCK] -= 1;
        self.len.value -= 1;
    }

    /// True if there are three times as many holes as runs, so that [`StateQueue::pack`] pays for itself. A lower
    /// ratio would keep the lane smaller, but move every run more often, which the before-images have to record.
    #[must_use]
    pub const fn is_sparse(&self) -> bool {
        self.slots.len() > 4 * self.len.value + SLOTS_PER_BLOCK
    }

    /// Closes the holes, in order, and reports each run's new slot. Linear; due only after as many departures.
    pub fn pack(&mut self, mut moved: impl FnMut(RunKey, Slot)) {
        let live: Vec<u64> = self.live.iter().copied().collect();
        let is_live = |slot: &usize| live[slot / SLOTS_PER_WORD] >> (slot % SLOTS_PER_WORD) & 1 == 1;
        let n_slots = self.slots.len();
        self.slots.truncate(0);
        self.live.truncate(0);
        self.blocks.truncate(0);
        self.len.value = 0;
        for slot in (0..n_slots).filter(is_live) {
            // A run moves to its own slot or an earlier one, so the runs after it are still in place.
            let key = *self.slots.beyond(slot);
            moved(key, self.enter(key));
        }
    }

    /// Yields runs from the latest arrival, after skipping `offset` of them.
    pub fn latest(&self, offset: usize) -> impl Iterator<Item = RunKey> + '_ {
        let mut slot = self.slot_of_nth_latest(offset);
        std::iter::from_fn(move || {
            let found = self.live_at_or_before(slot?)?;
            slot = found.checked_sub(1);
            Some(self.slots[found])
        })
    }

    /// Yields the runs that entered before `slot`, latest first, each with its slot; all runs if there is no slot. A
    /// slot beyond the end, because the lane was packed, is the end.
    pub fn before(&self, slot: Option<Slot>) -> impl Iterator<Item = (Slot, RunKey)> + '_ {
        let end = slot.map_or(self.slots.len(), |slot| self.slots.len().min(slot.0 as usize));
        let mut slot = end.checked_sub(1);
        std::iter::from_fn(move || {
            let found = self.live_at_or_before(slot?)?;
            slot = found.checked_sub(1);
            Some((
                Slot(u32::try_from(found).expect("a lane is packed long before 2^32 slots")),
                self.slots[found],
            ))
        })
    }

    /// Yields the runs from a slot number on, earliest first, each with its slot.
    pub(super) fn from(&self, slot: usize) -> impl Iterator<Item = (Slot, RunKey)> + '_ {
        let mut next = slot;
        std::iter::from_fn(move || {
            let found = self.live_at_or_after(next)?;
            next = found + 1;
            Some((
                Slot(u32::try_from(found).expect("a lane is packed long before 2^32 slots")),
                self.slots[found],
            ))
        })
    }

    /// Run that has been in the lane longest.
    #[must_use]
    pub fn oldest(&self) -> Option<RunKey> {
        self.latest(self.len.value.checked_sub(1)?).next()
    }

    /// Number of runs that entered after the one at `slot`: its rank from the latest.
    #[must_use]
    pub fn place(&self, slot: Slot) -> usize {
        let slot = slot.0 as usize;
        let (word, block) = (slot / SLOTS_PER_WORD, slot / SLOTS_PER_BLOCK);
        let later_in_word = (self.live[word] >> (slot % SLOTS_PER_WORD) >> 1).count_ones() as usize;
        let words_of_block = self.live.len().min((block + 1) * (SLOTS_PER_BLOCK / SLOTS_PER_WORD));
        let in_block: u32 = (word + 1..words_of_block).map(|word| self.live[word].count_ones()).sum();
        let after: u32 = (block + 1..self.blocks.len()).map(|block| self.blocks[block]).sum();
        later_in_word + in_block as usize + after as usize
    }

    fn slot_of_nth_latest(&self, mut n: usize) -> Option<usize> {
        if n >= self.len.value {
            return None;
        }
        let mut block = self.blocks.len() - 1;
        while n >= self.blocks[block] as usize {
            n -= self.blocks[block] as usize;
            block -= 1;
        }
        let mut word = self.live.len().min((block + 1) * (SLOTS_PER_BLOCK / SLOTS_PER_WORD)) - 1;
        while n >= self.live[word].count_ones() as usize {
            n -= self.live[word].count_ones() as usize;
            word -= 1;
        }
        let mut bits = self.live[word];
        for _ in 0..n {
            bits &= !(1 << top_bit(bits));
        }
        Some(word * SLOTS_PER_WORD + top_bit(bits))
    }

    fn live_at_or_after(&self, slot: usize) -> Option<usize> {
        if slot >= self.slots.len() {
            return None;
        }
        let mut word = slot / SLOTS_PER_WORD;
        let mut bits = self.live[word] & (u64::MAX << (slot % SLOTS_PER_WORD));
        while bits == 0 {
            word += 1;
            bits = *self.live.get(word)?;
        }
        Some(word * SLOTS_PER_WORD + bits.trailing_zeros() as usize)
    }

    fn live_at_or_before(&self, slot: usize) -> Option<usize> {
        let mut word = slot / SLOTS_PER_WORD;
        let mut bits = self.live[word] & (u64::MAX >> (SLOTS_PER_WORD - 1 - slot % SLOTS_PER_WORD));
        while bits == 0 {
            // Skips a whole block of holes in one step.
            if word.is_multiple_of(SLOTS_PER_BLOCK / SLOTS_PER_WORD) {
                let mut block = word / (SLOTS_PER_BLOCK / SLOTS_PER_WORD);
                while block > 0 && self.blocks[block - 1] == 0 {
                    block -= 1;
                }
                word = block * (SLOTS_PER_BLOCK / SLOTS_PER_WORD);
            }
            word = word.checked_sub(1)?;
            bits = self.live[word];
        }
        Some(word * SLOTS_PER_WORD + top_bit(bits))
    }
}

impl Composite for StateQueue {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.slots);
        of(&mut self.live);
        of(&mut self.blocks);
        of(&mut self.len);
    }
}

const fn top_bit(bits: u64) -> usize {
    SLOTS_PER_WORD - 1 - bits.leading_zeros() as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(entered: u32, left: &[u32], offset: usize, expected: &[u32]) {
        let mut lane = StateQueue::default();
        let slots: Vec<Slot> = (0..entered).map(|n| lane.enter(RunKey(n))).collect();
        left.iter().for_each(|n| lane.leave(slots[*n as usize]));
        let found: Vec<u32> = lane.latest(offset).take(expected.len().max(1)).map(|key| key.0).collect();
        assert_eq!(found, expected);
        assert_eq!(lane.len(), entered as usize - left.len());
    }

    #[test]
    fn the_latest_arrival_comes_first() {
        check(3, &[], 0, &[2, 1, 0]);
        check(3, &[1], 1, &[0]);
        check(3, &[0, 1, 2], 0, &[]);
        check(3000, &[2999, 1500], 1498, &[1499, 1498]);
        let gone: Vec<u32> = (100..19_900).collect();
        check(20_000, &gone, 99, &[19_900, 99, 98]);
    }

    proptest! {
        #[test]
        fn a_lane_is_a_list_in_order_of_entry(steps in prop::collection::vec((any::<bool>(), any::<u16>()), 0..600)) {
            let mut lane = StateQueue::default();
            let mut model: Vec<(u32, Slot)> = Vec::new();
            for (next, (enters, pick)) in steps.into_iter().enumerate() {
                if enters || model.is_empty() {
                    let key = u32::try_from(next).unwrap();
                    model.push((key, lane.enter(RunKey(key))));
                } else {
                    let (_, slot) = model.remove(pick as usize % model.len());
                    lane.leave(slot);
                }
                if pick % 50 == 0 {
                    lane.pack(|key, slot| model.iter_mut().find(|run| run.0 == key.0).unwrap().1 = slot);
                }
            }
            let expected: Vec<u32> = model.iter().rev().map(|run| run.0).collect();
            for offset in [0, 1, expected.len() / 2] {
                let found: Vec<u32> = lane.latest(offset).map(|key| key.0).collect();
                prop_assert_eq!(&found[..], &expected[offset.min(expected.len())..]);
            }
            for (index, (_, slot)) in model.iter().rev().enumerate() {
                prop_assert_eq!(lane.place(*slot), index);
            }
            let all: Vec<(Slot, RunKey)> = lane.before(None).collect();
            prop_assert_eq!(all.iter().map(|(_, key)| key.0).collect::<Vec<_>>(), &expected[..]);
            if let Some((slot, _)) = all.get(all.len() / 2) {
                let rest: Vec<u32> = lane.before(Some(*slot)).map(|(_, key)| key.0).collect();
                prop_assert_eq!(&rest[..], &expected[all.len() / 2 + 1..]);
            }
            let mut earliest: Vec<u32> = lane.from(0).map(|(_, key)| key.0).collect();
            if let Some((slot, _)) = lane.from(0).nth(earliest.len() / 2) {
                let rest: Vec<u32> = lane.from(slot.rank() as usize).map(|(_, key)| key.0).collect();
                prop_assert_eq!(&rest[..], &earliest[earliest.len() / 2..]);
            }
            earliest.reverse();
            prop_assert_eq!(&earliest[..], &expected[..]);
            prop_assert_eq!(lane.oldest().map(|key| key.0), expected.last().copied());
        }
    }
}
