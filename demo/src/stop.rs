//! One flag that everything in the demo looks at: whether it is time to stop, and for which signal.
//!
//! Must not know who looks at it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// The flag holds the number of the signal; this value means a program that asked.
const ASKED: usize = usize::MAX;

/// Request to stop. Cheap to clone, cheap to look at.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicUsize>);

impl Stop {
    /// Makes a flag that HUP, INT and TERM raise, in place of killing the process with its files left behind.
    ///
    /// # Errors
    /// When the signals cannot be caught.
    pub fn on_signals() -> io::Result<Self> {
        let stop = Self::default();
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            signal_hook::flag::register_usize(signal, Arc::clone(&stop.0), signal.unsigned_abs() as usize)?;
        }
        Ok(stop)
    }

    /// Asks everything to stop. A signal that came first keeps its number.
    pub fn ask(&self) {
        let _ = self.0.compare_exchange(0, ASKED, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Returns true if it is time to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }

    /// The exit code that a shell expects after the signal that came, if one did.
    #[must_use]
    pub fn exit_code(&self) -> Option<u8> {
        u8::try_from(self.0.load(Ordering::Acquire)).ok().filter(|signal| *signal != 0).map(|n| 128 + n)
    }
}
