//! Reads of the log that go wrong on demand, in debug builds: every read of a log that is followed goes through here.
//!
//! Must not know what is read, nor what is done about it.

use std::io;

use rustix::io::Errno;

use crate::fault::{Fault, Faults};

/// Whole lines are longer, so that each is torn by the reads.
const SHORT: usize = 61;

/// Faults that were asked for, and the progress of each.
#[derive(Debug, Clone, Copy)]
pub struct FaultInjector {
    faults: Faults,
    n_reads: u64,
    /// The server has forgotten the file, until it is opened again.
    is_stale: bool,
    /// The descriptor has given its end, and gives nothing more.
    is_frozen: bool,
}

impl FaultInjector {
    /// Faults that have not struck yet.
    pub const fn new(faults: Faults) -> Self {
        Self { faults, n_reads: 0, is_stale: false, is_frozen: false }
    }

    /// Marks the file as opened again.
    pub const fn renew(&mut self) {
        (self.is_stale, self.is_frozen) = (false, false);
    }

    /// Reads as asked for. What fails once fails when something was read before, so that there is a place to lose.
    pub fn read(
        &mut self,
        space: &mut [u8],
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        if !cfg!(debug_assertions) || self.faults == Faults::default() {
            return read(space);
        }
        self.n_reads += 1;
        let is_one = |fault, due| self.faults.has(fault) && due;
        if is_one(Fault::ReadEintr, self.n_reads.is_multiple_of(2)) {
            return Err(Errno::INTR.into());
        }
        if is_one(Fault::ReadEioOnce, self.n_reads == 3) {
            return Err(Errno::IO.into());
        }
        self.is_stale |= is_one(Fault::ReadEstaleOnce, self.n_reads == 3);
        if self.is_stale {
            return Err(Errno::STALE.into());
        }
        if self.is_frozen {
            return Ok(0);
        }
        let is_short = self.faults.has(Fault::ReadShort) || self.n_reads < 3;
        let len = if is_short { space.len().min(SHORT) } else { space.len() };
        let read = read(&mut space[..len]);
        self.is_frozen = self.faults.has(Fault::ReadFrozen) && matches!(read, Ok(0));
        read
    }
}
