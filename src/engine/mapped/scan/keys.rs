//! Table of the wanted keys of an object, made once and asked for every key of every line.
//!
//! A key of up to fifteen bytes is two words, so that most keys are found by comparing these.

/// Absent child of a node.
pub(super) const NO_NODE: u32 = u32::MAX;

/// Slot of a node at which no pointer ends.
pub(super) const NO_SLOT: u32 = u32::MAX;

/// Odd number without a pattern, which spreads the bits of a key.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Longest key that is two words.
const MAX_SHORT: usize = 15;

/// Child of a node, as its key leads to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyChild {
    /// The node, or [`NO_NODE`].
    pub(super) node: u32,
    /// Slot of the value of a node without children; else [`NO_SLOT`].
    pub(super) leaf_slot: u32,
}

impl KeyChild {
    pub(super) const NONE: Self = Self { node: NO_NODE, leaf_slot: NO_SLOT };
}

/// Children of a node by their keys.
#[derive(Debug, Clone)]
pub(super) struct KeyTable {
    /// Invariant: a power of two, at most a quarter of them used.
    entries: Box<[KeyEntry]>,
    /// Bits of a hash that are no part of a place.
    shift: u32,
    /// Children of other keys, in the order of these.
    others: Vec<(Box<str>, KeyChild)>,
}

#[derive(Debug, Clone, Copy)]
struct KeyEntry {
    low: u64,
    high: u64,
    child: KeyChild,
}

impl KeyEntry {
    /// No key: UTF-8 has no such bytes.
    const FREE: Self = Self { low: u64::MAX, high: u64::MAX, child: KeyChild::NONE };
}

impl KeyTable {
    pub(super) fn new(mut children: Vec<(&str, KeyChild)>) -> Self {
        children.sort_unstable_by_key(|(key, _)| *key);
        let (short, others): (Vec<_>, Vec<_>) = children.into_iter().partition(|(key, _)| is_short(key));
        let bits = (short.len() * 4).max(2).next_power_of_two().trailing_zeros();
        let mut entries = vec![KeyEntry::FREE; 1 << bits];
        let shift = u64::BITS - bits;
        for (key, child) in short {
            let (low, high) = words(key);
            let mut place = place(low, high, shift);
            while entries[place].child.node != NO_NODE {
                place = (place + 1) & (entries.len() - 1);
            }
            entries[place] = KeyEntry { low, high, child };
        }
        let others = others.into_iter().map(|(key, child)| (key.into(), child)).collect();
        Self { entries: entries.into(), shift, others }
    }

    /// Returns the child of a key of up to fifteen bytes: its first eight bytes and its other ones, with zeros behind.
    #[inline(always)]
    pub(super) fn short(&self, low: u64, high: u64) -> KeyChild {
        let mut place = place(low, high, self.shift);
        while let Some(entry) = self.entries.get(place) {
            if (entry.low == low && entry.high == high) || entry.child.node == NO_NODE {
                return entry.child;
            }
            place = (place + 1) & (self.entries.len() - 1);
        }
        KeyChild::NONE
    }

    /// Returns the child of any key.
    pub(super) fn find(&self, key: &str) -> KeyChild {
        if is_short(key) {
            let (low, high) = words(key);
            return self.short(low, high);
        }
        let place = self.others.binary_search_by_key(&key, |(known, _)| known);
        place.map_or(KeyChild::NONE, |place| self.others[place].1)
    }
}

/// True for a key that is two words: zeros behind it are none of its own.
fn is_short(key: &str) -> bool {
    key.len() <= MAX_SHORT && !key.contains('\0')
}

/// Words of a short key.
fn words(key: &str) -> (u64, u64) {
    let word = key.bytes().rev().fold(0_u128, |word, byte| word << 8 | u128::from(byte));
    (word as u64, (word >> 64) as u64)
}

/// First place of a key in a table.
#[inline(always)]
const fn place(low: u64, high: u64, shift: u32) -> usize {
    ((low ^ high.rotate_left(29)).wrapping_mul(SPREAD) >> shift) as usize
}
