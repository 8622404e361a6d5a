//! Compressed instants, four bytes each: a log has tens of millions of them, and in whole seconds all but absurd ones
//! fit.
//!
//! In a finer unit, a window that begins a while before the log's first instant is compressed; instants outside it
//! are in a table.

use super::versioned::epoch::{Composite, Versioned};
use super::versioned::vec::VersionedVec;
use crate::model::time::Unit;

/// A compressed instant: its offset from the base of [`Stamps`], or the index of one outside the window.
///
/// Two different stamps may denote the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp(u32);

impl Stamp {
    /// Marks the absence of an instant.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// The instants of a log: the window, and the table of those outside it.
///
/// An engine accepts any 64-bit number as an instant.
#[derive(Debug)]
pub(super) struct Stamps {
    unit: Unit,
    /// First instant of the window. Fixed once chosen.
    base: u64,
    /// Length of the window: `places`, or 0 until there is a base.
    window: u64,
    /// Lowest stamp that is an index into `wide`. The window of seconds ends in the year 2097, that of milliseconds
    /// spans 37 days, that of microseconds 35 minutes, and nanoseconds have none.
    places: u32,
    wide: VersionedVec<u64>,
}

/// Lead of the window before the log's first instant, in seconds, unless that is more than half of the window.
const WINDOW_LEAD_SECS: u64 = 86_400;

impl Stamps {
    /// An empty table for a log of this unit.
    pub(super) fn of(unit: Unit) -> Self {
        let places = match unit {
            Unit::Seconds => 0xF000_0000,
            Unit::Milliseconds => 0xC000_0000,
            Unit::Microseconds => 0x8000_0000,
            Unit::Nanoseconds => 0,
        };
        let window = if unit == Unit::Seconds { u64::from(places) } else { 0 };
        Self { unit, base: 0, window, places, wide: VersionedVec::default() }
    }

    #[inline]
    pub(super) fn pack(&mut self, at: u64) -> Stamp {
        match self.near(at) {
            Some(stamp) => stamp,
            None => self.pack_other(at),
        }
    }

    /// Stamp of an instant inside the window.
    #[inline]
    fn near(&self, at: u64) -> Option<Stamp> {
        let after = at.wrapping_sub(self.base);
        #[expect(clippy::cast_possible_truncation, reason = "a window is shorter than 2^32")]
        (after < self.window).then_some(Stamp(after as u32))
    }

    /// Packs an instant outside the window, or opens the window at it.
    fn pack_other(&mut self, at: u64) -> Stamp {
        if self.window == 0 && self.places > 0 && self.unit.is_believed(at) {
            self.base =
                at.saturating_sub(self.unit.of_seconds(WINDOW_LEAD_SECS).min(u64::from(self.places / 2)));
            self.window = u64::from(self.places);
            return self.pack(at);
        }
        // Repeated instants, a sentinel for never for example, are stored once.
        if self.wide.last() != Some(&at) {
            self.wide.push(at);
        }
        let place = self.wide.len().checked_sub(1).and_then(|place| u32::try_from(place).ok());
        let stamp = place.and_then(|place| self.places.checked_add(place)).map(Stamp);
        stamp.filter(|stamp| !stamp.is_none()).expect("fewer instants outside of the window fit in memory")
    }

    #[inline]
    pub(super) fn unpack(&self, stamp: Stamp) -> u64 {
        if stamp.0 < self.places {
            self.base + u64::from(stamp.0)
        } else {
            self.wide[(stamp.0 - self.places) as usize]
        }
    }
}

impl Composite for Stamps {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.wide);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_instant_comes_back_as_it_was() {
        const WINDOW: u64 = 0xF000_0000;
        let mut stamps = Stamps::of(Unit::Seconds);
        let instants = [0, 164, 1_795_196_261, WINDOW - 1, WINDOW, u64::from(u32::MAX), u64::MAX];
        let packed = instants.map(|at| stamps.pack(at));
        assert_eq!(packed[6], stamps.pack(u64::MAX));
        assert_eq!(packed.map(|stamp| stamps.unpack(stamp)), instants);
        assert_eq!(stamps.wide.len(), 3);
        assert!(packed.iter().all(|stamp| !stamp.is_none()));
    }

    #[test]
    fn a_month_of_milliseconds_takes_no_table() {
        const DAY: u64 = 86_400_000;
        let first = 1_795_196_261_123;
        let mut stamps = Stamps::of(Unit::Milliseconds);
        // Instants that were never set do not open the window.
        let instants = [0, first, first - DAY, first + 35 * DAY, first + 37 * DAY, first - DAY - 1];
        let packed = instants.map(|at| stamps.pack(at));
        assert_eq!(packed.map(|stamp| stamps.unpack(stamp)), instants);
        assert_eq!(stamps.wide.len(), 3);
    }

    proptest! {
        #[test]
        fn every_instant_of_every_unit_comes_back_as_it_was(
            unit in 0..Unit::ALL.len(),
            instants in prop::collection::vec(
                prop_oneof![
                    any::<u64>(),
                    0..300_u64,
                    (0..4_000_000_000_u64).prop_map(|at| 1_795_196_261_000 + at),
                    (0..4_000_000_000_u64).prop_map(|at| 1_795_196_261_000_000 + at),
                    Just(u64::MAX),
                ], 0..50),
        ) {
            let mut stamps = Stamps::of(Unit::ALL[unit]);
            let packed: Vec<Stamp> = instants.iter().map(|at| stamps.pack(*at)).collect();
            let unpacked: Vec<u64> = packed.iter().map(|stamp| stamps.unpack(*stamp)).collect();
            prop_assert_eq!(unpacked, instants);
            prop_assert!(packed.iter().all(|stamp| !stamp.is_none()));
        }
    }
}
