//! The histories of all runs, end to end: each change and each attempt hangs on the one before it of the same run.
//!
//! One chain a run costs its record four bytes, and nothing where nothing happened. Chains are read from the latest
//! on; [`super::Life`] is one of them in order.

use super::name::Name;
use super::stamp::{Stamp, Stamps};
use crate::model::event::{Assignment, AttemptResult};
use crate::model::id::AttemptId;
use crate::model::state::RunState;

/// An entry of a chain, or its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link(u32);

impl Link {
    /// The chain begins here.
    pub(super) const NONE: Self = Self(u32::MAX);

    fn to(n_entries: usize) -> Self {
        let link = u32::try_from(n_entries).ok().filter(|link| *link < u32::MAX);
        Self(link.expect("fewer than 2^32 entries fit in memory"))
    }

    fn index(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// Every change of state. Kept in columns, for their sizes differ.
#[derive(Debug, Default)]
pub(super) struct Changes {
    before: Vec<Link>,
    at: Vec<Stamp>,
    /// The state before in the upper four bits, [`NOTHING`] for none; the state after in the lower four.
    edge: Vec<u8>,
}

/// Not a state: what a run was before it was created.
const NOTHING: u8 = 0xF;

impl Changes {
    pub(super) fn push(&mut self, chain: &mut Link, from: Option<RunState>, to: RunState, at: Stamp) {
        let link = Link::to(self.edge.len());
        self.before.push(std::mem::replace(chain, link));
        self.at.push(at);
        self.edge.push(from.map_or(NOTHING, |from| from as u8) << 4 | to as u8);
    }

    /// The changes of one chain, the latest first.
    pub(super) fn latest(
        &self,
        chain: Link,
    ) -> impl Iterator<Item = (Option<RunState>, RunState, Stamp)> + '_ {
        let mut next = chain;
        std::iter::from_fn(move || {
            let index = next.index()?;
            next = self.before[index];
            let edge = self.edge[index];
            let from = RunState::ALL.get(usize::from(edge >> 4)).copied();
            Some((from, RunState::ALL[usize::from(edge & 0xF)], self.at[index]))
        })
    }
}

/// Every attempt.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    entries: Vec<Entry>,
    outputs: Vec<Box<[u8]>>,
    assignments: Vec<Assignment>,
}

/// One attempt.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: AttemptId,
    before: Link,
    pub(super) started_at: Stamp,
    /// [`Stamp::NONE`] while it is open.
    pub(super) finished_at: Stamp,
    pub(super) error: Option<Name>,
    /// The number of its output, from 1; 0 for none.
    output: u32,
    /// The number of its assignment, from 1; 0 for none.
    assignment: u32,
    pub(super) result: Option<AttemptResult>,
    /// Whether it was started under a lease (0.2 and later).
    pub(super) accepted: bool,
    /// Whether a recovery closed it.
    pub(super) recovered: bool,
}

impl Attempts {
    pub(super) fn start(
        &mut self,
        chain: &mut Link,
        id: AttemptId,
        started_at: Stamp,
        start: Option<Option<Assignment>>,
    ) {
        let assignment = match start.flatten() {
            None => 0,
            Some(assignment) => {
                self.assignments.push(assignment);
                u32::try_from(self.assignments.len()).expect("no more than attempts")
            }
        };
        let link = Link::to(self.entries.len());
        self.entries.push(Entry {
            id,
            before: std::mem::replace(chain, link),
            started_at,
            finished_at: Stamp::NONE,
            error: None,
            output: 0,
            assignment,
            result: None,
            accepted: start.is_some(),
            recovered: false,
        });
    }

    pub(super) fn get(&self, link: Link) -> Option<&Entry> {
        self.entries.get(link.index()?)
    }

    pub(super) fn get_mut(&mut self, link: Link) -> Option<&mut Entry> {
        self.entries.get_mut(link.index()?)
    }

    /// The attempts of one chain, the latest first.
    pub(super) fn latest(&self, chain: Link) -> impl Iterator<Item = (Link, &Entry)> + '_ {
        let mut next = chain;
        std::iter::from_fn(move || {
            let link = next;
            let entry = &self.entries[link.index()?];
            next = entry.before;
            Some((link, entry))
        })
    }

    pub(super) fn keep_output(&mut self, link: Link, output: &[u8]) {
        self.outputs.push(output.into());
        let number = u32::try_from(self.outputs.len()).expect("no more than attempts");
        if let Some(entry) = self.get_mut(link) {
            entry.output = number;
        }
    }

    pub(super) fn output(&self, entry: &Entry) -> Option<&[u8]> {
        self.outputs.get((entry.output as usize).checked_sub(1)?).map(AsRef::as_ref)
    }

    pub(super) fn assignment(&self, entry: &Entry) -> Option<Assignment> {
        self.assignments.get((entry.assignment as usize).checked_sub(1)?).copied()
    }
}

impl Entry {
    pub(super) fn finished_at(&self, stamps: &Stamps) -> Option<u64> {
        (!self.finished_at.is_none()).then(|| stamps.unpack(self.finished_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_kept_in_48_bytes() {
        assert!(size_of::<Entry>() <= 48, "{}", size_of::<Entry>());
    }

    #[test]
    fn chains_keep_apart() {
        let mut stamps = Stamps::default();
        let mut changes = Changes::default();
        let mut chains = [Link::NONE; 3];
        for n in 0..9 {
            let (from, to) = (RunState::ALL[n % 10], RunState::ALL[(n + 1) % 10]);
            let from = (n > 2).then_some(from);
            changes.push(&mut chains[n % 3], from, to, stamps.pack(n as u64));
        }
        for (which, chain) in chains.iter().enumerate() {
            let found: Vec<u64> = changes.latest(*chain).map(|change| stamps.unpack(change.2)).collect();
            assert_eq!(found, [which as u64 + 6, which as u64 + 3, which as u64]);
        }
        assert_eq!(changes.latest(chains[0]).last().unwrap().0, None);
    }
}
