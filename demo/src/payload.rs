//! What a task carries: how long an attempt takes, and how it ends.
//!
//! The payload alone decides, but for calls of a service that may be down, so that an attempt after a restart does
//! what the first would have done. Must not know who submits it or what runs it.

use serde::{Deserialize, Serialize};

/// The work of one attempt, as JSON in the task's payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// How long the attempt works before it ends.
    pub takes_ms: u64,
    /// How it ends.
    pub then: Then,
}

/// How an attempt ends.
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
        /// What happens when the signal does not come; without it the run waits for ever.
        deadline: Option<Deadline>,
    },
    /// Fails so many times, then succeeds.
    FailFirst {
        /// Failures before the success; more than the cap means never.
        times: u32,
        /// What each failure says.
        error: String,
    },
    /// Calls the payments service: succeeds when it is up, fails while it is down.
    Call {
        /// What the calls may spend; without it they cost nothing.
        meter: Option<Meter>,
    },
    /// Fails for good.
    GiveUp {
        /// What the failure says.
        error: String,
    },
    /// Never ends by itself; the engine's timeout ends it.
    Hang,
}

/// What calls cost, and how many of them the budget of a task pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    /// What a call spends, whether it succeeds or not.
    pub tokens: u64,
    /// The call with which the budget is used up; if that one fails, the run is suspended.
    pub calls: u32,
}

/// How long a run waits for its signal, and what then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Seconds from the moment that it begins to wait.
    pub after_secs: u64,
    /// What the engine does with the run.
    pub policy: Policy,
}

/// What the engine does with a run whose deadline passes.
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
