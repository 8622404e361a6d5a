//! Where a line stands in what was read, by which it can be named and read again.

use std::fmt;

/// The place of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Its number, from 1, over everything that was read, generations of the file included. 0 where it was not kept.
    pub line: u64,
    /// Where its text begins in its generation, behind a byte order mark and behind NULs.
    pub offset: u64,
    /// The bytes of its text; at most `u32::MAX` are told.
    pub len: u32,
    /// Which content of the path it stands in: each new file, and each truncation, begins another.
    pub generation: u32,
}

impl Place {
    /// Whether the same line stands in both, whose numbers need not be known.
    #[must_use]
    pub fn is_same(self, other: Self) -> bool {
        (self.generation, self.offset) == (other.generation, other.offset)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A store that keeps millions of places does not keep their numbers.
        if self.line > 0 {
            write!(f, "line {}, ", self.line)?;
        }
        write!(f, "byte {}", self.offset)
    }
}
