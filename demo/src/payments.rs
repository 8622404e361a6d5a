//! The payments service that some of the work calls: up, or down for the time being.
//!
//! A switch that the engine's loop turns and handlers look at, and what a call gets for an answer while it is down.
//! Must not know why it is down, nor who calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Failure of a call.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Time until the caller gets it.
    pub after_ms: u64,
    /// Error that the caller gets.
    pub error: &'static str,
}

/// The ways in which calls fail, the most frequent ones more than once.
const FAULTS: [Fault; 6] = [
    Fault { after_ms: 20, error: "payments: connect to 10.4.2.17:8443: connection refused" },
    Fault { after_ms: 1200, error: "payments: 503 after 4 attempts" },
    Fault { after_ms: 3000, error: "payments: no answer from 10.4.2.18:8443 within 3 s" },
    Fault { after_ms: 20, error: "payments: connect to 10.4.2.17:8443: connection refused" },
    Fault { after_ms: 1200, error: "payments: 503 after 4 attempts" },
    Fault { after_ms: 400, error: "payments: TLS handshake with 10.4.2.19:8443: connection reset by peer" },
];

/// The service. Cheap to clone, cheap to look at; up until it is said to be down.
#[derive(Debug, Clone, Default)]
pub struct Payments(Arc<AtomicBool>);

impl Payments {
    /// Says whether the service is down from now on.
    pub fn set_down(&self, is_down: bool) {
        self.0.store(is_down, Ordering::Release);
    }

    /// Returns the fault of a call, if the service is down. The same number gives the same fault.
    #[must_use]
    pub fn fault(&self, number: u64) -> Option<&'static Fault> {
        let nth = usize::try_from(number % FAULTS.len() as u64).unwrap_or_default();
        self.0.load(Ordering::Acquire).then_some(&FAULTS[nth])
    }
}
