//! Histories of all runs: each state change and each attempt links to the previous one of the same run.
//!
//! A chain costs four bytes in its run's record, and nothing if it is empty. Chains are read from the latest entry
//! backward; [`super::Life`] is one in order.

use std::collections::HashMap;

use super::key::RunKey;
use super::name::Name;
use super::stamp::{Stamp, Stamps};
use super::versioned::epoch::{Composite, Versioned};
use super::versioned::index::Index;
use super::versioned::vec::VersionedVec;
use crate::model::facts::AttemptResult;
use crate::model::id::AttemptId;
use crate::model::states::StateId;

/// An entry of a chain, or its end. Each chain belongs to one run and one kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link(u32);

impl Link {
    /// End of a chain.
    pub(super) const NONE: Self = Self(u32::MAX);

    fn to(n_entries: usize) -> Self {
        let link = u32::try_from(n_entries).ok().filter(|link| *link < u32::MAX);
        Self(link.expect("fewer than 2^32 entries fit in memory"))
    }

    fn index(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// Every state change, in columns, since their sizes differ.
#[derive(Debug, Default)]
pub(super) struct Changes {
    links: VersionedVec<(Link, Stamp)>,
    /// State before in the upper four bits, [`NOTHING`] for none; state after in the lower four.
    edge: VersionedVec<u8>,
}

/// Nibble for the absence of a state before creation.
const NOTHING: u8 = 0xF;

impl Changes {
    pub(super) const fn len(&self) -> usize {
        self.edge.len()
    }

    pub(super) fn push(&mut self, chain: &mut Link, from: Option<StateId>, to: StateId, at: Stamp) {
        let link = Link::to(self.edge.len());
        self.links.push((std::mem::replace(chain, link), at));
        self.edge.push(from.map_or(NOTHING, StateId::nibble) << 4 | to.nibble());
    }

    /// State changes of one chain, latest first.
    pub(super) fn latest(&self, chain: Link) -> impl Iterator<Item = (Option<StateId>, StateId, Stamp)> + '_ {
        let mut next = chain;
        std::iter::from_fn(move || {
            let index = next.index()?;
            let at;
            (next, at) = self.links[index];
            let edge = self.edge[index];
            Some((StateId::of_nibble(edge >> 4), StateId::of_nibble(edge & 0xF)?, at))
        })
    }
}

/// Every attempt.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    entries: VersionedVec<AttemptEntry>,
    /// Invariant: one for each of `entries`.
    ends: VersionedVec<AttemptEnd>,
    rests: VersionedVec<AttemptRest>,
    /// Attempts by id (0.2 and later, where ids are unique), as far as they were indexed.
    index: Index<AttemptId>,
    /// First attempt of each id, for runs with too many attempts to scan.
    firsts: HashMap<RunKey, Firsts>,
}

/// Maximum number of attempts of a run to scan; above it they are indexed.
const MAX_SCANNED_ATTEMPTS: usize = 32;

/// First attempt of each id among those of one run.
#[derive(Debug)]
struct Firsts {
    /// Latest attempt that is indexed.
    up_to: Link,
    by_id: HashMap<AttemptId, Link>,
}

/// One attempt. Half a cache line, never across two.
#[derive(Debug, Clone)]
#[repr(align(32))]
pub(super) struct AttemptEntry {
    pub(super) id: AttemptId,
    before: Link,
    pub(super) started_at: Stamp,
    /// [`Stamp::NONE`] while it is open.
    pub(super) finished_at: Stamp,
    /// Number of its rare fields, from 1; 0 for none.
    rest: u32,
}

/// Start and end flags of an attempt.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttemptEnd {
    /// `None` while it is open.
    pub(super) result: Option<AttemptResult>,
    /// True if it was started under a lease (0.2 and later).
    pub(super) accepted: bool,
    /// True if a recovery closed it.
    pub(super) recovered: bool,
}

/// Fields that few attempts have.
#[derive(Debug, Clone, Default)]
pub(super) struct AttemptRest {
    pub(super) error: Option<Name>,
    pub(super) output: Option<Box<[u8]>>,
}

impl Attempts {
    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn start(&mut self, chain: &mut Link, id: AttemptId, started_at: Stamp, is_accepted: bool) {
        let link = Link::to(self.entries.len());
        let before = std::mem::replace(chain, link);
        self.entries.push(AttemptEntry { id, before, started_at, finished_at: Stamp::NONE, rest: 0 });
        self.ends.push(AttemptEnd { result: None, accepted: is_accepted, recovered: false });
    }

    /// Appends an attempt of another store to `chain`, with its instants and names translated to this store.
    pub(super) fn copy(
        &mut self,
        from: &Self,
        link: Link,
        chain: &mut Link,
        mut stamp: impl FnMut(Stamp) -> Stamp,
        name: impl FnMut(Name) -> Name,
    ) {
        let (Some(entry), Some(end)) = (from.get(link), from.end(link)) else { return };
        let rest = from.rest(link).map_or(0, |rest| {
            self.rests.push(AttemptRest { error: rest.error.map(name), ..rest.clone() });
            u32::try_from(self.rests.len()).expect("no more than attempts")
        });
        let copied = Link::to(self.entries.len());
        self.entries.push(AttemptEntry {
            id: entry.id,
            before: std::mem::replace(chain, copied),
            started_at: stamp(entry.started_at),
            finished_at: stamp(entry.finished_at),
            rest,
        });
        self.ends.push(end);
    }

    /// Approximate size in bytes of the indexes by id.
    pub(super) fn index_bytes(&self) -> usize {
        let firsts: usize = self.firsts.values().map(|firsts| firsts.by_id.capacity()).sum();
        self.index.bytes() + firsts * size_of::<(AttemptId, Link)>()
    }

    /// Closes an existing attempt.
    pub(super) fn finish(&mut self, link: Link, at: Stamp, result: AttemptResult) {
        if let Some(index) = link.index() {
            self.entries[index].finished_at = at;
            self.ends[index].result = Some(result);
        }
    }

    pub(super) fn set_recovered(&mut self, link: Link, recovered: bool) {
        if let Some(index) = link.index() {
            self.ends[index].recovered = recovered;
        }
    }

    /// Sets a rare field.
    pub(super) fn keep(&mut self, link: Link, what: impl FnOnce(&mut AttemptRest)) {
        let Some(index) = link.index() else { return };
        let entry = &mut self.entries[index];
        if entry.rest == 0 {
            self.rests.push(AttemptRest::default());
            entry.rest = u32::try_from(self.rests.len()).expect("no more than attempts");
        }
        what(&mut self.rests[entry.rest as usize - 1]);
    }

    pub(super) fn get(&self, link: Link) -> Option<&AttemptEntry> {
        self.entries.get(link.index()?)
    }

    pub(super) fn end(&self, link: Link) -> Option<AttemptEnd> {
        self.ends.get(link.index()?).copied()
    }

    pub(super) fn rest(&self, link: Link) -> Option<&AttemptRest> {
        self.rests.get((self.get(link)?.rest as usize).checked_sub(1)?)
    }

    /// True if an indexed attempt has this id.
    pub(super) fn is_used(&self, id: AttemptId) -> bool {
        self.index.find(&id, |key| self.entries[key as usize].id).is_some()
    }

    /// Indexes the attempts added since the last call.
    pub(super) fn index_ids(&mut self) {
        for key in self.index.len()..self.entries.len() {
            let id_of = |key: u32| self.entries[key as usize].id;
            let key = u32::try_from(key).expect("links are 32 bits");
            self.index.insert(&id_of(key), key, id_of);
        }
    }

    /// First attempt with this id in the chain of `run`. Constant cost at any number of attempts.
    pub(super) fn first_of(&mut self, run: RunKey, chain: Link, id: AttemptId) -> Option<Link> {
        if self.latest(chain).nth(MAX_SCANNED_ATTEMPTS).is_some() {
            return self.indexed_first_of(run, chain, id);
        }
        let same = self.latest(chain).filter(|(_, entry)| entry.id == id);
        same.last().map(|(link, _)| link)
    }

    fn indexed_first_of(&mut self, run: RunKey, chain: Link, id: AttemptId) -> Option<Link> {
        let up_to = self.firsts.get(&run).map_or(Link::NONE, |firsts| firsts.up_to);
        let new = self.latest(chain).take_while(|(link, _)| *link != up_to);
        let new: Vec<(AttemptId, Link)> = new.map(|(link, entry)| (entry.id, link)).collect();
        let firsts = self.firsts.entry(run).or_insert(Firsts { up_to, by_id: HashMap::new() });
        firsts.up_to = chain;
        for (id, link) in new.into_iter().rev() {
            firsts.by_id.entry(id).or_insert(link);
        }
        firsts.by_id.get(&id).copied()
    }

    /// Number of indexed attempts.
    pub(super) fn n_indexed(&self) -> usize {
        self.index.len()
    }

    /// Discards the lazily built index of first attempts, which is not versioned, before time travel.
    pub(super) fn forget_firsts(&mut self) {
        self.firsts.clear();
    }

    /// Attempts of one chain, latest first.
    pub(super) fn latest(&self, chain: Link) -> impl Iterator<Item = (Link, &AttemptEntry)> + '_ {
        let mut next = chain;
        std::iter::from_fn(move || {
            let link = next;
            let entry = &self.entries[link.index()?];
            next = entry.before;
            Some((link, entry))
        })
    }
}

impl Composite for Changes {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.links);
        of(&mut self.edge);
    }
}

impl Composite for Attempts {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.entries);
        of(&mut self.ends);
        of(&mut self.rests);
        of(&mut self.index);
    }
}

impl AttemptEntry {
    pub(super) fn finished_at(&self, stamps: &Stamps) -> Option<u64> {
        (!self.finished_at.is_none()).then(|| stamps.unpack(self.finished_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Unit;

    #[test]
    fn an_attempt_is_kept_in_35_bytes() {
        assert_eq!((size_of::<AttemptEntry>(), size_of::<AttemptEnd>()), (32, 3));
    }

    #[test]
    fn the_first_attempt_of_an_id_is_found_among_few_and_among_many() {
        let id = |n: usize| format!("{n:032x}").parse::<AttemptId>().unwrap();
        let (mut stamps, mut attempts) = (Stamps::of(Unit::Seconds), Attempts::default());
        let mut chains = [Link::NONE; 2];
        for n in 0..3 * MAX_SCANNED_ATTEMPTS {
            // The ids repeat, also among those that are indexed together; every fourth attempt is another run's.
            let chain = &mut chains[usize::from(n % 4 == 0)];
            attempts.start(chain, id(n % (MAX_SCANNED_ATTEMPTS / 2 + 1)), stamps.pack(0), false);
            for (run, chain) in [0, 1].into_iter().zip(chains) {
                for asked in [0, 1, n % (MAX_SCANNED_ATTEMPTS / 2 + 1), n / 2, 9 * MAX_SCANNED_ATTEMPTS] {
                    let all: Vec<Link> = attempts
                        .latest(chain)
                        .filter(|(_, entry)| entry.id == id(asked))
                        .map(|(link, _)| link)
                        .collect();
                    assert_eq!(attempts.first_of(RunKey(run), chain, id(asked)), all.last().copied());
                }
            }
        }
        assert_eq!(attempts.firsts.len(), 1);
    }

    #[test]
    fn chains_keep_apart() {
        let mut stamps = Stamps::of(Unit::Seconds);
        let mut changes = Changes::default();
        let mut chains = [Link::NONE; 3];
        for n in 0..9 {
            let (from, to) = (StateId::new(n % 10), StateId::new((n + 1) % 10));
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
