//! Instants in four bytes each: a log has tens of millions of them, and in whole seconds all but the absurd ones fit.
//!
//! A log of a finer unit has a window that begins a while before its first instant; what lies outside is kept in a table.

use super::versioned::epoch::{Composite, Versioned};
use super::versioned::vec::VersionedVec;
use crate::model::time::Unit;

/// An instant in the unit of its log, as what it is after the base of [`Stamps`], or the place of one that does not fit.
///
/// Two that differ may stand for the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp(u32);

impl Stamp {
    /// No instant.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// The instants of a log: where its window begins, and those that are outside of it.
///
/// An engine takes any 64-bit number for an instant.
#[derive(Debug)]
pub(super) struct Stamps {
    unit: Unit,
    /// The first instant of the window. It stays, once it was chosen.
    base: u64,
    /// The length of the window: `places`, or 0 until there is a base.
    window: u64,
    /// Stamps from here on are places in `wide`. Seconds have a window up to the year 2097, milliseconds one of 37 days,
    /// microseconds one of 35 minutes, and nanoseconds none.
    places: u32,
    wide: VersionedVec<u64>,
}

/// How long before the first instant of a log its window begins, in seconds, if that is not more than half of it.
const WINDOW_LEAD_SECS: u64 = 86_400;

impl Stamps {
    /// The instants of a log of this unit.
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

    /// The stamp of an instant in the window.
    #[inline]
    fn near(&self, at: u64) -> Option<Stamp> {
        let after = at.wrapping_sub(self.base);
        #[expect(clippy::cast_possible_truncation, reason = "a window is shorter than 2^32")]
        (after < self.window).then_some(Stamp(after as u32))
    }

    /// Packs an instant that is not in the window, which may begin with it.
    fn pack_other(&mut self, at: u64) -> Stamp {
        if self.window == 0 && self.places > 0 && self.unit.is_believed(at) {
            self.base =
                at.saturating_sub(self.unit.of_seconds(WINDOW_LEAD_SECS).min(u64::from(self.places / 2)));
            self.window = u64::from(self.places);
            return self.pack(at);
        }
        // What repeats, an instant that stands for never for example, is kept once.
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
        // What was never set does not say where the log begins.
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
