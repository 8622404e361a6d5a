//! Position of a record in what was read, by which it can be named and read again.
//!
//! Opaque: the source alone says what its parts mean. Everything else compares positions, tells their line and byte to the
//! user, and hands them back to the source.

use std::fmt;

/// Position of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(Parts);

/// Parts of a position, for the source that gives it out and gets it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Parts {
    /// Number of the record, from 1, over everything that was read, generations of the file included. 0 where it was not
    /// kept.
    pub line: u64,
    /// Offset of its text in its generation, behind a byte order mark and behind NULs.
    pub offset: u64,
    /// Bytes of its text; [`UNKNOWN`] where they were not kept, or are more.
    pub len: u32,
    /// Content of the path that it is in: each new file, and each truncation, begins another.
    pub generation: u32,
}

/// Length of a record whose length is not known.
pub const UNKNOWN: u32 = u32::MAX;

const OFFSET_BITS: u32 = 48;
const OFFSET: u64 = (1 << OFFSET_BITS) - 1;

impl Position {
    /// A position of these parts.
    #[must_use]
    pub const fn new(parts: Parts) -> Self {
        Self(parts)
    }

    /// Its parts.
    #[must_use]
    pub const fn parts(self) -> Parts {
        self.0
    }

    /// Number of the record for the user, from 1; 0 where it was not kept.
    #[must_use]
    pub const fn line(self) -> u64 {
        self.0.line
    }

    /// Offset of the record for the user.
    #[must_use]
    pub const fn byte(self) -> u64 {
        self.0.offset
    }

    /// Number of the content that the record is in: positions in different ones have no distance.
    #[must_use]
    pub const fn generation(self) -> u32 {
        self.0.generation
    }

    /// Is true for two positions of one record, whose numbers and lengths need not be known.
    #[must_use]
    pub fn is_same(self, other: Self) -> bool {
        (self.0.generation, self.0.offset) == (other.0.generation, other.0.offset)
    }

    /// Distance from an earlier position of the same content.
    #[must_use]
    pub const fn bytes_since(self, earlier: Self) -> Option<u64> {
        if self.0.generation == earlier.0.generation {
            self.0.offset.checked_sub(earlier.0.offset)
        } else {
            None
        }
    }

    /// Position of the record `records` and `bytes` further on, whose length is not known.
    #[must_use]
    pub const fn ahead(self, records: u64, bytes: u64) -> Self {
        let Parts { line, offset, generation, .. } = self.0;
        Self(Parts { line: line + records, offset: offset + bytes, len: UNKNOWN, generation })
    }

    /// Position from which the record and the hole of `bytes` bytes before it are read.
    #[must_use]
    pub const fn before_hole(self, bytes: u64) -> Self {
        Self(Parts { offset: self.0.offset - bytes, ..self.0 })
    }

    /// Twelve bytes in its place where millions are kept: without the number of the record.
    #[must_use]
    pub const fn packed(self) -> (u64, u32) {
        // A file of 281 TB, or the 65,536th rotation: its records are then not found again, which is said.
        let generation = (self.0.generation & 0xFFFF) as u64;
        (generation << OFFSET_BITS | (self.0.offset & OFFSET), self.0.len)
    }

    /// The position that was packed.
    #[must_use]
    pub const fn unpacked((bits, len): (u64, u32)) -> Self {
        let generation = (bits >> OFFSET_BITS) as u32;
        Self(Parts { line: 0, offset: bits & OFFSET, len, generation })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A store that keeps millions of positions does not keep their numbers.
        if self.0.line > 0 {
            write!(f, "line {}, ", self.0.line)?;
        }
        write!(f, "byte {}", self.0.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_position_comes_back_without_its_number() {
        let parts = Parts { line: 9, offset: 3 << 40, len: 77, generation: 300 };
        assert_eq!(
            Position::unpacked(Position::new(parts).packed()),
            Position::new(Parts { line: 0, ..parts })
        );
        assert_eq!(size_of::<Position>(), 24);
    }
}
