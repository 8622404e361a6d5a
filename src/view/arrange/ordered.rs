//! A sorted list with frequent insertions and removals: chunks of a few hundred, so that a change moves one chunk at
//! most.
//!
//! The caller passes the comparison, which must be the same in each call.

use std::cmp::Ordering;

use super::Direction;
use crate::store::RunKey;

/// The maximum number of entries in a chunk.
const MAX_CHUNK_LEN: usize = 512;

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
    chunks: Vec<Vec<OrderedRun>>,
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
        if let Some(chunk) = self.chunks.last_mut()
            && chunk.last().is_some_and(|last| compare(*last, entry).is_lt())
        {
            if chunk.len() < MAX_CHUNK_LEN {
                chunk.push(entry);
            } else {
                let mut chunk = Vec::with_capacity(MAX_CHUNK_LEN);
                chunk.push(entry);
                self.chunks.push(chunk);
            }
            return;
        }
        let at = self.chunk(entry, &compare);
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(vec![entry]);
            return;
        };
        let place = chunk.partition_point(|other| compare(*other, entry).is_lt());
        chunk.insert(place, entry);
        if chunk.len() > MAX_CHUNK_LEN {
            // A list that grows at its start keeps full chunks behind it.
            let rest = chunk.split_off(if place == 0 { 1 } else { MAX_CHUNK_LEN / 2 });
            self.chunks.insert(at + 1, rest);
        }
    }

    /// Removes an entry; returns true if it was in the list.
    pub(super) fn remove(
        &mut self,
        entry: OrderedRun,
        compare: impl Fn(OrderedRun, OrderedRun) -> Ordering,
    ) -> bool {
        let at = self.chunk(entry, &compare);
        let Some(chunk) = self.chunks.get_mut(at) else { return false };
        let Ok(place) = chunk.binary_search_by(|other| compare(*other, entry)) else { return false };
        chunk.remove(place);
        self.len -= 1;
        if chunk.is_empty() {
            self.chunks.remove(at);
        } else if chunk.len() < MAX_CHUNK_LEN / 8 {
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
        let at = self.chunk(entry, &compare);
        let place = self.chunks.get(at)?.binary_search_by(|other| compare(*other, entry)).ok()?;
        Some(self.chunks[..at].iter().map(Vec::len).sum::<usize>() + place)
    }

    /// Yields the runs from one end on, after the first `offset` of them.
    pub(super) fn from(&self, direction: Direction, offset: usize) -> Runs<'_> {
        let left = self.len.saturating_sub(offset);
        let first = match direction {
            Direction::Up => offset,
            Direction::Down => left.saturating_sub(1),
        };
        let (mut chunk, mut at) = (0, first);
        while let Some(entries) = self.chunks.get(chunk)
            && at >= entries.len()
        {
            at -= entries.len();
            chunk += 1;
        }
        Runs { ordered: self, direction, left, chunk, at }
    }

    /// The index of the chunk that holds an entry, or would hold it.
    fn chunk(&self, entry: OrderedRun, compare: impl Fn(OrderedRun, OrderedRun) -> Ordering) -> usize {
        let after = self.chunks.partition_point(|chunk| compare(chunk[0], entry).is_le());
        after.saturating_sub(1)
    }

    /// Merges a small chunk with a neighbor, unless the result would be too large.
    fn join(&mut self, at: usize) {
        for first in [at.checked_sub(1), Some(at)].into_iter().flatten() {
            if let Some([one, other]) = self.chunks.get_mut(first..first + 2)
                && one.len() + other.len() <= MAX_CHUNK_LEN / 2
            {
                one.append(other);
                self.chunks.remove(first + 1);
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
    chunk: usize,
    at: usize,
}

impl Iterator for Runs<'_> {
    type Item = RunKey;

    fn next(&mut self) -> Option<RunKey> {
        self.left = self.left.checked_sub(1)?;
        let chunks = &self.ordered.chunks;
        let entry = chunks.get(self.chunk)?.get(self.at)?;
        match self.direction {
            Direction::Up if self.at + 1 == chunks[self.chunk].len() => {
                self.chunk += 1;
                self.at = 0;
            }
            Direction::Up => self.at += 1,
            Direction::Down if self.at == 0 && self.chunk > 0 => {
                self.chunk -= 1;
                self.at = chunks[self.chunk].len() - 1;
            }
            Direction::Down => self.at = self.at.saturating_sub(1),
        }
        Some(entry.run)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}
