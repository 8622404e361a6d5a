//! Table of the wanted keys of an object, made once and asked for every key of every line.
//!
//! A key is known by its length, its first and its last eight bytes, so that most keys are one comparison of words.

/// Absent child of a node.
pub(super) const NO_NODE: u32 = u32::MAX;

/// Odd number without a pattern, which spreads the bits of a key.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bytes in which two keys differ, unless both are longer than sixteen bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct KeyBytes {
    head: u64,
    tail: u64,
    len: usize,
}

impl KeyBytes {
    #[inline]
    pub(super) fn of(key: &[u8]) -> Self {
        if let (Some(head), Some(tail)) = (key.first_chunk(), key.last_chunk()) {
            return Self { head: u64::from_le_bytes(*head), tail: u64::from_le_bytes(*tail), len: key.len() };
        }
        let mut head = [0; 8];
        head[..key.len()].copy_from_slice(key);
        Self::short(u64::from_le_bytes(head), key.len())
    }

    /// A key of fewer than eight bytes, with zeros behind them.
    #[inline]
    pub(super) const fn short(head: u64, len: usize) -> Self {
        Self { head, tail: head, len }
    }

    #[inline]
    fn hash(self) -> u64 {
        (self.head ^ self.tail.rotate_left(29) ^ self.len as u64).wrapping_mul(SPREAD)
    }
}

/// Children of a node by their keys.
#[derive(Debug, Clone)]
pub(super) struct KeyTable {
    /// Invariant: a power of two, at most half of them used.
    entries: Box<[KeyEntry]>,
    /// Bits of a hash that are no part of a place.
    shift: u32,
}

#[derive(Debug, Clone)]
struct KeyEntry {
    bytes: KeyBytes,
    child: u32,
    key: Box<str>,
}

impl KeyTable {
    pub(super) fn new(children: &[(String, u32)]) -> Self {
        let bits = (children.len() * 4).max(2).next_power_of_two().trailing_zeros();
        let free = KeyEntry { bytes: KeyBytes::default(), child: NO_NODE, key: "".into() };
        let mut table = Self { entries: vec![free; 1 << bits].into(), shift: 64 - bits };
        for (key, child) in children {
            let bytes = KeyBytes::of(key.as_bytes());
            let mut place = table.place(bytes);
            while table.entries[place].child != NO_NODE {
                place = table.after(place);
            }
            table.entries[place] = KeyEntry { bytes, child: *child, key: key.as_str().into() };
        }
        table
    }

    #[inline]
    const fn after(&self, place: usize) -> usize {
        (place + 1) & (self.entries.len() - 1)
    }

    #[inline]
    fn place(&self, bytes: KeyBytes) -> usize {
        usize::try_from(bytes.hash() >> self.shift).unwrap_or(0)
    }

    /// Returns the child of a key, or [`NO_NODE`].
    #[inline]
    pub(super) fn child(&self, bytes: KeyBytes, key: &[u8]) -> u32 {
        let mut place = self.place(bytes);
        loop {
            let entry = &self.entries[place];
            let is_equal = entry.bytes == bytes && (bytes.len <= 16 || entry.key.as_bytes() == key);
            if is_equal || entry.child == NO_NODE {
                return entry.child;
            }
            place = self.after(place);
        }
    }
}
