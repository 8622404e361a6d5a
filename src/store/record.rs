//! A run as the store keeps it: flat and small, so that a million of them are a hundred megabytes, not a thousand.
//!
//! What is rare is elsewhere and has its seat here; what is long is a chain whose last link is here.

use super::key::TaskKey;
use super::name::Name;
use super::run::Lease;
use super::stamp::{Stamp, Stamps};
use super::state_list::Slot;
use super::transitions::Link;
use super::versioned::slab::SlotId;
use crate::model::id::RunId;
use crate::model::kind::KindId;
use crate::model::position::Position;
use crate::model::states::StateId;

/// One run: what most events ask for, in one line of the processor's cache.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub struct Record {
    pub(super) id: RunId,
    /// Attempts that count against the cap: all of them without the uncounted ones.
    pub(super) counted: u32,
    pub(super) last_state_change_at: Stamp,
    /// Where it stands in the lane of its state.
    pub(super) slot: Slot,
    pub(super) lease: SlotId,
    /// The last change of state and the last attempt; those before hang on them.
    pub(super) change: Link,
    pub(super) attempt: Link,
    last_sequence: u64,
    last_place: u64,
    last_len: u32,
    last_kind: KindId,
    pub(super) state: StateId,
    /// The log was joined after its creation.
    pub(super) joined: bool,
    /// The last attempt is open.
    pub(super) open: bool,
}

/// The rest of a run, which few events ask for.
#[derive(Debug, Clone)]
pub(super) struct ColdRecord {
    pub(super) task: TaskKey,
    pub(super) attempt_count: u32,
    pub(super) created_at: Stamp,
    pub(super) scheduled_at: Stamp,
    pub(super) effective_priority: i32,
    /// Where what few runs have is, if this one has any of it.
    pub(super) rare: SlotId,
}

/// What few runs have.
#[derive(Debug, Clone, Copy)]
pub(super) struct RareFields {
    pub(super) failure_attempt_count: u32,
    /// Attempts that do not count against the cap.
    pub(super) uncounted: u32,
    /// Why it is suspended.
    pub(super) reason: Option<Name>,
    /// Where it stands among the runs near their cap.
    pub(super) near_slot: Slot,
    /// Which lane of the runs near their cap it is in, if `near_slot` is in one.
    pub(super) near_lane: u8,
    /// The log did something to it that it may not do.
    pub(super) flagged: bool,
}

/// A lease as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldLease {
    owner: Name,
    expiry: Stamp,
    acquired_at: Stamp,
    updated_at: Stamp,
    pub(super) granted_at: u64,
}

impl HeldLease {
    pub(super) fn new(lease: &Lease, stamps: &mut Stamps) -> Self {
        Self {
            owner: lease.owner,
            expiry: stamps.pack(lease.expiry),
            acquired_at: stamps.pack(lease.acquired_at),
            updated_at: stamps.pack(lease.updated_at),
            granted_at: lease.granted_at,
        }
    }

    pub(super) const fn owner(&self) -> Name {
        self.owner
    }

    pub(super) fn lease(&self, stamps: &Stamps) -> Lease {
        Lease {
            owner: self.owner,
            expiry: stamps.unpack(self.expiry),
            acquired_at: stamps.unpack(self.acquired_at),
            updated_at: stamps.unpack(self.updated_at),
            granted_at: self.granted_at,
        }
    }
}

impl Default for RareFields {
    fn default() -> Self {
        Self {
            failure_attempt_count: 0,
            uncounted: 0,
            reason: None,
            near_slot: Slot::NONE,
            near_lane: 0,
            flagged: false,
        }
    }
}

impl Record {
    /// A run that has just come, in `slot` of the lane of `state`.
    pub(super) const fn new(
        id: RunId,
        state: StateId,
        slot: Slot,
        last_state_change_at: Stamp,
        last: Last,
    ) -> Self {
        let Last { sequence, place, len, kind } = last;
        Self {
            id,
            counted: 0,
            last_state_change_at,
            slot,
            lease: SlotId::NONE,
            change: Link::NONE,
            attempt: Link::NONE,
            last_sequence: sequence,
            last_place: place,
            last_len: len,
            last_kind: kind,
            state,
            joined: false,
            open: false,
        }
    }

    /// Names the run.
    #[must_use]
    #[inline]
    pub const fn id(&self) -> RunId {
        self.id
    }

    /// The state that it is in.
    #[must_use]
    #[inline]
    pub const fn state(&self) -> StateId {
        self.state
    }

    /// Is true while its last attempt is open.
    #[must_use]
    #[inline]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Is true of a run that the log was joined after.
    #[must_use]
    #[inline]
    pub const fn is_joined(&self) -> bool {
        self.joined
    }

    /// The end of the chain of its attempts.
    #[must_use]
    #[inline]
    pub const fn last_attempt(&self) -> Link {
        self.attempt
    }

    /// Keeps which event was applied to it last.
    pub(super) const fn set_last(&mut self, last: Last) {
        let Last { sequence, place, len, kind } = last;
        (self.last_sequence, self.last_place, self.last_len, self.last_kind) = (sequence, place, len, kind);
    }

    /// The event that was applied to it last.
    pub(super) const fn last(&self) -> Last {
        Last {
            sequence: self.last_sequence,
            place: self.last_place,
            len: self.last_len,
            kind: self.last_kind,
        }
    }
}

/// The last event that was applied to a run: what is needed to find its line again.
#[derive(Debug, Clone, Copy)]
pub struct Last {
    /// Its sequence.
    pub sequence: u64,
    /// [`Position::packed`], with `len`.
    place: u64,
    len: u32,
    pub(super) kind: KindId,
}

impl Last {
    /// The event of this kind and sequence, at a place in the log.
    #[must_use]
    pub fn new(kind: KindId, sequence: u64, place: Position) -> Self {
        let (place, len) = place.packed();
        Self { sequence, place, len, kind }
    }

    /// Where the line stands. Its number is not kept.
    pub(super) fn place(&self) -> Position {
        Position::unpacked((self.place, self.len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_records_are_about_a_hundred_megabytes() {
        assert_eq!((size_of::<Record>(), align_of::<Record>()), (64, 64));
        assert_eq!((size_of::<ColdRecord>(), size_of::<HeldLease>()), (24, 24));
    }
}
