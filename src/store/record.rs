//! Storage form of a run: flat and small, so that a million runs take about a hundred megabytes.
//!
//! Rare fields are in slabs, by a slot id in the record; histories are chains, by their last link in the record.

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

/// Hot fields of a run: one cache line, which serves most events.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub struct Record {
    pub(super) id: RunId,
    /// Attempts that count against the cap: all but the uncounted ones.
    pub(super) counted: u32,
    pub(super) last_state_change_at: Stamp,
    /// Slot in the lane of its state.
    pub(super) slot: Slot,
    pub(super) lease: SlotId,
    /// The last state change and the last attempt: the heads of chains.
    pub(super) change: Link,
    pub(super) attempt: Link,
    last_sequence: u64,
    last_place: u64,
    last_len: u32,
    last_kind: KindId,
    pub(super) state: StateId,
    /// True if the log was joined after its creation.
    pub(super) joined: bool,
    /// True while the last attempt is open.
    pub(super) open: bool,
}

/// Cold fields of a run, which few events read.
#[derive(Debug, Clone)]
pub(super) struct ColdRecord {
    pub(super) task: TaskKey,
    pub(super) attempt_count: u32,
    pub(super) created_at: Stamp,
    pub(super) scheduled_at: Stamp,
    pub(super) effective_priority: i32,
    /// Slot of the rare fields, if the run has any.
    pub(super) rare: SlotId,
}

/// Fields that few runs have.
#[derive(Debug, Clone, Copy)]
pub(super) struct RareFields {
    pub(super) failure_attempt_count: u32,
    /// Attempts that do not count against the cap.
    pub(super) uncounted: u32,
    /// Reason for which it is suspended.
    pub(super) reason: Option<Name>,
    /// Its error, where no attempt of it has that.
    pub(super) error: Option<Name>,
    /// Its output, where no attempt of it has that.
    pub(super) output: Option<Name>,
    /// The word that the log has for its state, where that is another than the name of the state.
    pub(super) word: Option<Name>,
    /// Its place among the runs near their cap.
    pub(super) near_slot: Slot,
    /// Index of the near-cap list that `near_slot` is in.
    pub(super) near_lane: u8,
    /// True if the log violated a rule for this run.
    pub(super) flagged: bool,
}

/// Storage form of a lease.
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
            error: None,
            output: None,
            word: None,
            near_slot: Slot::NONE,
            near_lane: 0,
            flagged: false,
        }
    }
}

impl Record {
    /// A new run, in `slot` of the lane of `state`.
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

    /// Id of the run.
    #[must_use]
    #[inline]
    pub const fn id(&self) -> RunId {
        self.id
    }

    /// State of the run.
    #[must_use]
    #[inline]
    pub const fn state(&self) -> StateId {
        self.state
    }

    /// True while the last attempt is open.
    #[must_use]
    #[inline]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// True if the log was joined after the run's creation.
    #[must_use]
    #[inline]
    pub const fn is_joined(&self) -> bool {
        self.joined
    }

    /// Head of the chain of its attempts: the last one.
    #[must_use]
    #[inline]
    pub const fn last_attempt(&self) -> Link {
        self.attempt
    }

    /// Records the event that was applied to it last.
    pub(super) const fn set_last(&mut self, last: Last) {
        let Last { sequence, place, len, kind } = last;
        (self.last_sequence, self.last_place, self.last_len, self.last_kind) = (sequence, place, len, kind);
    }

    /// Last event that was applied to it.
    pub(super) const fn last(&self) -> Last {
        Last {
            sequence: self.last_sequence,
            place: self.last_place,
            len: self.last_len,
            kind: self.last_kind,
        }
    }
}

/// Reference to the last event that was applied to a run: enough to find its line again.
#[derive(Debug, Clone, Copy)]
pub struct Last {
    /// Sequence of the event.
    pub sequence: u64,
    /// [`Position::packed`], with `len`.
    place: u64,
    len: u32,
    pub(super) kind: KindId,
}

impl Last {
    /// Reference to an event of this kind and sequence at a position in the log.
    #[must_use]
    pub fn new(kind: KindId, sequence: u64, place: Position) -> Self {
        let (place, len) = place.packed();
        Self { sequence, place, len, kind }
    }

    /// Position of the line, without its line number, which is not stored.
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
