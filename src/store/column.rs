//! Things in order of arrival, by their number: a vector that never moves what it has.
//!
//! A vector of a hundred megabytes that grows copies them all, and for that moment has them twice; this one takes
//! another piece. So no event takes longer than another, and memory is what is in it.

use std::ops::{Index, IndexMut};

/// Things in a piece; a power of two.
const PIECE: usize = 1 << 14;

/// The things.
#[derive(Debug)]
pub(super) struct Column<T> {
    /// Invariant: all but the last are full, and none is larger than [`PIECE`].
    pieces: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T> Column<T> {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn push(&mut self, thing: T) {
        if self.len.is_multiple_of(PIECE) {
            // Memory that nothing was written to yet is none.
            self.pieces.push(Vec::with_capacity(PIECE));
        }
        if let Some(last) = self.pieces.last_mut() {
            last.push(thing);
        }
        self.len += 1;
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.pieces.get(index / PIECE)?.get(index % PIECE)
    }
}

impl<T> Index<usize> for Column<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: usize) -> &T {
        &self.pieces[index / PIECE][index % PIECE]
    }
}

impl<T> IndexMut<usize> for Column<T> {
    #[inline]
    fn index_mut(&mut self, index: usize) -> &mut T {
        &mut self.pieces[index / PIECE][index % PIECE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_stay_where_they_were_put() {
        let mut column = Column::default();
        assert!(column.is_empty() && column.get(0).is_none());
        for n in 0..2 * PIECE + 1 {
            column.push(n);
        }
        column[PIECE] += 1;
        for (at, expected) in [(0, 0), (PIECE - 1, PIECE - 1), (PIECE, PIECE + 1), (2 * PIECE, 2 * PIECE)] {
            assert_eq!((column[at], column.get(at)), (expected, Some(&expected)));
        }
        assert_eq!((column.len(), column.get(2 * PIECE + 1)), (2 * PIECE + 1, None));
    }
}
