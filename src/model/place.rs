//! Where a line stands in what was read, by which it can be named and read again.

use std::fmt;

/// The place of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Its number, from 1, in all that was read since the fresh start.
    pub line: u64,
    /// Where it begins, in bytes from the start of its file.
    pub offset: u64,
    /// How many bytes it has, without its line end.
    pub len: u32,
    /// Which file: 0 for the first one read, one more after each rotation or replacement.
    pub generation: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}", self.line, self.offset)
    }
}
