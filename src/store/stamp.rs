//! Instants in four bytes each: a log has tens of millions of them, and all but the absurd ones fit.

use super::versioned::epoch::{Composite, Versioned};
use super::versioned::vec::Column;

/// An instant, in seconds since the Unix epoch, or the place of one that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp(u32);

/// Numbers from here on are places in [`Stamps`]. As an instant it would be in the year 2097.
const WIDE: u32 = 0xF000_0000;

impl Stamp {
    /// No instant.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// The instants that do not fit: an engine takes any 64-bit number for one.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    wide: Column<u64>,
}

impl Stamps {
    pub(super) fn pack(&mut self, at: u64) -> Stamp {
        match u32::try_from(at) {
            Ok(at) if at < WIDE => Stamp(at),
            // What repeats, an instant that stands for never for example, is kept once.
            _ if self.wide.last() == Some(&at) => self.last_wide(),
            _ => {
                self.wide.push(at);
                self.last_wide()
            }
        }
    }

    fn last_wide(&self) -> Stamp {
        let place = self.wide.len().checked_sub(1).and_then(|place| u32::try_from(place).ok());
        let stamp = place.and_then(|place| WIDE.checked_add(place)).filter(|stamp| *stamp < u32::MAX);
        Stamp(stamp.expect("fewer than 2^28 absurd instants fit in memory"))
    }

    pub(super) fn unpack(&self, stamp: Stamp) -> u64 {
        if stamp.0 < WIDE { u64::from(stamp.0) } else { self.wide[(stamp.0 - WIDE) as usize] }
    }
}

impl Composite for Stamps {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.wide);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_comes_back_as_it_was() {
        let mut stamps = Stamps::default();
        let instants =
            [0, 164, 1_795_196_261, u64::from(WIDE) - 1, u64::from(WIDE), u64::from(u32::MAX), u64::MAX];
        let packed = instants.map(|at| stamps.pack(at));
        assert_eq!(packed[6], stamps.pack(u64::MAX));
        assert_eq!(packed.map(|stamp| stamps.unpack(stamp)), instants);
        assert_eq!(stamps.wide.len(), 3);
        assert!(packed.iter().all(|stamp| !stamp.is_none()));
    }
}
