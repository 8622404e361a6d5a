//! Data of a log that a table describes, beside the states of its runs. Versioned with the store.

use std::fmt::Debug;

use super::format::Format;
use crate::engine::lines_told::LinesTold;
use crate::model::kind::KindId;
use crate::store::versioned::epoch::{Cell, Composite, Versioned};
use crate::store::versioned::map::VersionedMap;
use crate::store::versioned::vec::VersionedVec;
use crate::store::{Kept, Name, RunKey, Side, Store, TaskEntry, TaskKey};

/// The one kind of line.
pub(super) const STATEMENT: u8 = 0;

/// The data of such a log.
#[derive(Debug)]
pub struct MappedRuns {
    /// The format. The same at every instant.
    pub(in crate::engine) format: Format,
    /// True if a user named the format. The same at every instant.
    pub(in crate::engine) is_given: bool,
    pub(super) told: Cell<LinesTold>,
    /// Latest instant so far.
    pub(super) latest: Cell<u64>,
    /// By the index of their keys.
    pub(super) details: VersionedVec<MappedDetail>,
    /// Values that earlier lines left, by register.
    pub(super) registers: VersionedMap<u8, Name>,
    /// Words that the table does not explain, and the number of statements with each.
    pub(super) words: VersionedMap<Name, u64>,
    /// Ids of events, where the table tells repeated ones by them.
    pub(super) events: VersionedMap<Name, ()>,
    /// The last run that named a parent, by the parent, where the table has open ones left open. Each knows the one
    /// before it, so that the list grows at constant cost.
    pub(super) children: VersionedMap<Name, RunKey>,
}

/// Facts that a log tells of one run beside its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MappedDetail {
    /// Latest instant at which the log told of it; 0 for none.
    pub told_at: u64,
    /// Instant of its start, where the log tells it by itself.
    pub started_at: Option<u64>,
    /// Instant of its end, where the log tells it by itself.
    pub ended_at: Option<u64>,
    /// Its parent, which may be no run of the log.
    pub parent: Option<Name>,
    /// Queue that it came by.
    pub queue: Option<Name>,
    /// Reason that is told of its state.
    pub reason: Option<Name>,
    /// The engine's own word for its state.
    pub word: Option<Name>,
    /// Number of times that it went on after an end.
    pub reopened: u32,
    /// True if a line has told the number of its attempt.
    pub tells_attempts: bool,
    /// True if a line has told its priority.
    pub tells_priority: bool,
    /// Number of the attempt that a waiting run is about to begin, where the log tells it; else 0.
    pub(super) next_attempt: u32,
    /// Number of the attempt that was begun and has not ended; else 0.
    pub(super) open_attempt: u32,
    /// The child of the same parent that is before it in the parent's list.
    pub(super) sibling: Option<RunKey>,
    /// True if it is in the list of its parent.
    pub(super) is_listed: bool,
}

impl MappedDetail {
    /// No facts.
    const NONE: Self = Self {
        told_at: 0,
        started_at: None,
        ended_at: None,
        parent: None,
        queue: None,
        reason: None,
        word: None,
        reopened: 0,
        tells_attempts: false,
        tells_priority: false,
        next_attempt: 0,
        open_attempt: 0,
        sibling: None,
        is_listed: false,
    };
}

impl MappedRuns {
    /// Data of a log in which nothing was read.
    #[must_use]
    pub fn new(format: Format, is_given: bool) -> Self {
        Self {
            format,
            is_given,
            told: Cell::default(),
            latest: Cell::default(),
            details: VersionedVec::default(),
            registers: VersionedMap::default(),
            words: VersionedMap::default(),
            events: VersionedMap::default(),
            children: VersionedMap::default(),
        }
    }

    /// The data of a store; none where it was made for another engine.
    #[must_use]
    pub fn of(store: &Store) -> Option<&Self> {
        store.side_of()
    }

    /// Format of the log.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Counts of lines.
    #[must_use]
    pub const fn told(&self) -> LinesTold {
        self.told.value
    }

    /// Facts that the log tells of a run beside its state.
    #[must_use]
    #[inline]
    pub fn detail(&self, run: RunKey) -> &MappedDetail {
        self.details.get(run.index()).unwrap_or(&MappedDetail::NONE)
    }

    #[inline]
    pub(super) fn detail_mut(&mut self, run: RunKey) -> &mut MappedDetail {
        while self.details.len() <= run.index() {
            self.details.push(MappedDetail::NONE);
        }
        &mut self.details[run.index()]
    }

    /// The lists of children without those that are gone.
    fn keep_children(&self, left: &mut Self, kept: &mut Kept<'_>) {
        for (parent, last) in self.children.iter() {
            let parent = kept.name(*parent);
            let mut at = Some(*last);
            let mut after: Option<RunKey> = None;
            while let Some(child) = at {
                at = self.detail(child).sibling;
                let Some(now) = kept.run(child) else { continue };
                match after {
                    Some(after) => left.detail_mut(after).sibling = Some(now),
                    None => left.children.insert(parent, now),
                }
                after = Some(now);
            }
        }
    }

    /// Words that the table does not explain, and the number of statements with each.
    pub fn unknown_words(&self) -> impl Iterator<Item = (Name, u64)> + '_ {
        self.words.iter().map(|(name, count)| (*name, *count))
    }
}

impl Composite for MappedRuns {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        // Everything that a line may change; a part that is left out here would stay in the future.
        let Self { format: _, is_given: _, told, latest, details, registers, words, events, children } = self;
        let parts: [&mut dyn Versioned; 7] = [told, latest, details, registers, words, events, children];
        parts.into_iter().for_each(of);
    }
}

impl Side for MappedRuns {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self::new(self.format, self.is_given))
    }

    fn kind_name(&self, _: KindId) -> &'static str {
        "statement"
    }

    fn needs(&self, _: TaskKey) -> bool {
        false
    }

    fn may_go_on(&self, _: &TaskEntry<'_>) -> bool {
        false
    }

    fn evicted(&self, kept: &mut Kept<'_>) -> Box<dyn Side> {
        let mut left = Self::new(self.format, self.is_given);
        (left.told, left.latest) = (Cell::of(self.told.value), Cell::of(self.latest.value));
        for (run, detail) in self.details.iter().enumerate() {
            let Some(now) = kept.run(RunKey::from_index(run)) else { continue };
            let mut name = |name: Option<Name>| name.map(|name| kept.name(name));
            *left.detail_mut(now) = MappedDetail {
                parent: name(detail.parent),
                queue: name(detail.queue),
                reason: name(detail.reason),
                word: name(detail.word),
                sibling: None,
                ..*detail
            };
        }
        self.keep_children(&mut left, kept);
        for (register, value) in self.registers.iter() {
            left.registers.insert(*register, kept.name(*value));
        }
        for (word, count) in self.words.iter() {
            left.words.insert(kept.name(*word), *count);
        }
        for (event, ()) in self.events.iter() {
            left.events.insert(kept.name(*event), ());
        }
        Box::new(left)
    }

    fn digest(&self, add: &mut dyn FnMut(&dyn Debug)) {
        add(&(self.told.value, self.latest.value));
        self.details.iter().for_each(|detail| add(detail));
        add(&self.registers.sorted());
        add(&self.words.sorted());
        add(&self.events.sorted());
        add(&self.children.sorted());
    }
}
