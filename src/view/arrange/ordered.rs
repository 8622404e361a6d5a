//! A sorted list with frequent insertions and removals: chunks of a few hundred, so that a change moves one chunk at
//! most.
//!
//! The caller passes the comparison, which must be the same in each call.

use std::cmp::Ordering;

use super::Direction;
use crate::store::RunKey;

/// The maximum number of entries in a chunk.
const PIECE: usize = 512;

/// A run with its sort value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrderedRun {
    pub(super) value: u64,
    pub(super) run: RunKey,
}

/// The entries, in order.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    /// Invariant: no chunk is empty.
    pieces: Vec<Vec<OrderedRun>>,
    len: usize,
}

impl Ordered {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Inserts an entry at its place. It must not be in the list.
    pub(super) fn insert(&mut self, entry: OrderedRun, compare: impl Fn(OrderedRun, OrderedRun) -> Ordering) {
        self.len += 1;
        // Entries that arrive in order are appended, at the cost of one comparison.
        if let Some(piece) = self.pieces.last_mut()
            && piece.last().is_some_and(|last| compare(*last, entry).is_lt())
        {
            if piece.len() < PIECE {
                piece.push(entry);
            } else {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(entry);
                self.pieces.push(piece);
            }
            return;
        }
        let at = self.piece(entry, &compare);
        let Some(piece) = self.pieces.get_mut(at) else {
            self.pieces.push(vec![entry]);
            return;
        };
        let place = piece.partition_point(|other| compare(*other, entry).is_lt());
        piece.insert(place, entry);
        if piece.len() > PIECE {
            // A list that grows at its start keeps full pieces behind it.
            let rest = piece.split_off(if place == 0 { 1 } else { PIECE / 2 });
            self.pieces.insert(at + 1, rest);
        }
    }

    /// Removes an entry; returns true if it was in the list.
    pub(super) fn remove(
        &mut self,
        entry: OrderedRun,
        compare: impl Fn(OrderedRun, OrderedRun) -> Ordering,
    ) -> bool {
        let at = self.piece(entry, &compare);
        let Some(piece) = self.pieces.get_mut(at) else { return false };
        let Ok(place) = piece.binary_search_by(|other| compare(*other, entry)) else { return false };
        piece.remove(place);
        self.len -= 1;
        if piece.is_empty() {
            self.pieces.remove(at);
        } else if piece.len() < PIECE / 8 {
            self.join(at);
        }
        true
    }

    /// The number of entries before one that is in the list.
    pub(super) fn place(
        &self,
        entry: OrderedRun,
        compare: impl Fn(OrderedRun, OrderedRun) -> Ordering,
    ) -> Option<usize> {
        let at = self.piece(entry, &compare);
        let place = self.pieces.get(at)?.binary_search_by(|other| compare(*other, entry)).ok()?;
        Some(self.pieces[..at].iter().map(Vec::len).sum::<usize>() + place)
    }

    /// Yields the runs from one end on, after the first `offset` of them.
    pub(super) fn from(&self, direction: Direction, offset: usize) -> Runs<'_> {
        let left = self.len.saturating_sub(offset);
        let first = match direction {
            Direction::Up => offset,
            Direction::Down => left.saturating_sub(1),
        };
        let (mut piece, mut at) = (0, first);
        while let Some(entries) = self.pieces.get(piece)
            && at >= entries.len()
        {
            at -= entries.len();
            piece += 1;
        }
        Runs { ordered: self, direction, left, piece, at }
    }

    /// The index of the chunk that holds an entry, or would hold it.
    fn piece(&self, entry: OrderedRun, compare: impl Fn(OrderedRun, OrderedRun) -> Ordering) -> usize {
        let after = self.pieces.partition_point(|piece| compare(piece[0], entry).is_le());
        after.saturating_sub(1)
    }

    /// Merges a small chunk with a neighbor, unless the result would be too large.
    fn join(&mut self, at: usize) {
        for first in [at.checked_sub(1), Some(at)].into_iter().flatten() {
            if let Some([one, other]) = self.pieces.get_mut(first..first + 2)
                && one.len() + other.len() <= PIECE / 2
            {
                one.append(other);
                self.pieces.remove(first + 1);
                return;
            }
        }
    }
}

/// Iterator over the runs of a list.
#[derive(Debug)]
pub(super) struct Runs<'a> {
    ordered: &'a Ordered,
    direction: Direction,
    left: usize,
    piece: usize,
    at: usize,
}

impl Iterator for Runs<'_> {
    type Item = RunKey;

    fn next(&mut self) -> Option<RunKey> {
        self.left = self.left.checked_sub(1)?;
        let pieces = &self.ordered.pieces;
        let entry = pieces.get(self.piece)?.get(self.at)?;
        match self.direction {
            Direction::Up if self.at + 1 == pieces[self.piece].len() => {
                self.piece += 1;
                self.at = 0;
            }
            Direction::Up => self.at += 1,
            Direction::Down if self.at == 0 && self.piece > 0 => {
                self.piece -= 1;
                self.at = pieces[self.piece].len() - 1;
            }
            Direction::Down => self.at = self.at.saturating_sub(1),
        }
        Some(entry.run)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}
