//! Payload of a task: the length of an attempt, and its end.
//!
//! The payload alone decides, but for calls of a service that may be down, so that an attempt after a restart does
//! what the first would have done. Must not know who submits it or what runs it.

use serde::{Deserialize, Serialize};

/// The work of one attempt, as JSON in the task's payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Time that the attempt works before it ends.
    pub takes_ms: u64,
    /// End.
    pub then: Then,
}

/// End of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Succeeds.
    Finish,
    /// Spends its budget and is suspended; succeeds once the budget is topped up.
    Spend {
        /// All that the task may spend.
        tokens: u64,
    },
    /// Waits for a signal, then succeeds.
    Await {
        /// Names the one signal that is meant.
        correlation: String,
        /// Deadline of the signal; without it the run waits for ever.
        deadline: Option<Deadline>,
    },
    /// Fails a number of times, then succeeds.
    FailFirst {
        /// Failures before the success; more than the cap means never.
        times: u32,
        /// Error of each failure.
        error: String,
    },
    /// Calls the payments service: succeeds when it is up, fails while it is down.
    Call {
        /// Budget of the calls; without it they cost nothing.
        meter: Option<Meter>,
    },
    /// Fails for good.
    GiveUp {
        /// Error of the failure.
        error: String,
    },
    /// Never ends by itself; the engine's timeout ends it.
    Hang,
}

/// Cost of calls, and the number of them that the budget of a task pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    /// Cost of a call, if it succeeds or not.
    pub tokens: u64,
    /// The call with which the budget is used up; if that one fails, the run is suspended.
    pub calls: u32,
}

/// Time limit of a wait for a signal, and the policy after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Seconds from the moment that it begins to wait.
    pub after_secs: u64,
    /// Policy of the engine for the run.
    pub policy: Policy,
}

/// Policy of the engine for a run whose deadline passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Wakes it, to end as it sees fit.
    Resume,
    /// Cancels it.
    Cancel,
    /// Fails it.
    Fail,
}
