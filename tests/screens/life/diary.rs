//! A run's life as a test tells it: lines of ActionQueue 0.1, second by second.

use serde_json::{Value, json};

/// A Friday in 2026, at 12:00:00 UTC.
pub(crate) const NOON: u64 = 1_795_176_000;
pub(crate) const RUN: &str = "00000000-0000-4000-8000-0000000000aa";
const TASK: &str = "00000000-0000-4000-8000-0000000000bb";

/// The log of one run, that grows.
pub(crate) struct Diary {
    pub(crate) log: Vec<u8>,
    state: &'static str,
    pub(crate) now: u64,
    n_lines: u64,
    n_attempts: u64,
    /// When the lease lapses.
    expiry: u64,
}

impl Diary {
    /// Of a run that was created at noon.
    pub(crate) fn new() -> Self {
        Self::at(NOON)
    }

    /// Of a run that was created at this instant.
    pub(crate) fn at(now: u64) -> Self {
        let mut diary =
            Self { log: Vec::new(), state: "Scheduled", now, n_lines: 0, n_attempts: 0, expiry: now };
        diary.add(&json!({"TaskCreated": {"task_spec": {
            "id": TASK,
            "payload": {"bytes": [1, 2, 3], "content_type": null},
            "run_policy": "Once",
            "constraints": {
                "max_attempts": 5, "timeout_secs": 30, "concurrency_key": null,
                "concurrency_key_hold_policy": "HoldDuringRetry", "safety_level": "Pure",
                "required_capabilities": null,
            },
            "metadata": {"tags": ["billing"], "priority": 0, "description": "send the monthly invoices"},
            "parent_task_id": null,
        }, "timestamp": now}}));
        diary.add(&json!({"RunCreated": {"run_instance": {
            "id": RUN, "task_id": TASK, "state": "Scheduled", "current_attempt_id": null, "attempt_count": 0,
            "created_at": now, "scheduled_at": now, "effective_priority": 0, "last_state_change_at": now,
        }}}));
        diary
    }

    fn add(&mut self, event: &Value) {
        self.n_lines += 1;
        let line = json!({"sequence": self.n_lines, "event": event});
        self.log.extend_from_slice(format!("{line}\n").as_bytes());
    }

    /// Lets time pass.
    pub(crate) fn wait(mut self, seconds: u64) -> Self {
        self.now += seconds;
        self
    }

    /// Puts the clock back.
    pub(crate) fn back(mut self, seconds: u64) -> Self {
        self.now -= seconds;
        self
    }

    pub(crate) fn to(mut self, state: &'static str) -> Self {
        self.add(&json!({"RunStateChanged": {
            "run_id": RUN, "previous_state": self.state, "new_state": state, "timestamp": self.now,
        }}));
        self.state = state;
        self
    }

    fn lease(mut self, kind: &str, owner: &str) -> Self {
        self.add(&json!({kind: {
            "run_id": RUN, "owner": owner, "expiry": self.expiry, "timestamp": self.now,
        }}));
        self
    }

    fn renew(mut self) -> Self {
        self.expiry = self.expiry.max(self.now + 30);
        self
    }

    /// From Ready to Running, with a lease, and an attempt open.
    pub(crate) fn start(self, owner: &str) -> Self {
        let mut diary = self.to("Leased").renew().lease("LeaseAcquired", owner).to("Running");
        diary.n_attempts += 1;
        let attempt = diary.attempt();
        diary.add(&json!({"AttemptStarted": {"run_id": RUN, "attempt_id": attempt, "timestamp": diary.now}}));
        diary
    }

    pub(crate) fn beat(self, owner: &str) -> Self {
        self.renew().lease("LeaseHeartbeat", owner)
    }

    pub(crate) fn finish(mut self, result: &str, error: Option<&str>, owner: &str) -> Self {
        let attempt = self.attempt();
        self.add(&json!({"AttemptFinished": {
            "run_id": RUN, "attempt_id": attempt, "result": result, "error": error, "output": null,
            "timestamp": self.now,
        }}));
        self.lease("LeaseReleased", owner)
    }

    pub(crate) fn suspend(mut self, reason: &str) -> Self {
        self.add(&json!({"RunSuspended": {"run_id": RUN, "reason": reason, "timestamp": self.now}}));
        self.state = "Suspended";
        self
    }

    pub(crate) fn resume(mut self) -> Self {
        self.add(&json!({"RunResumed": {"run_id": RUN, "timestamp": self.now}}));
        self.state = "Ready";
        self
    }

    pub(crate) fn cancel(mut self) -> Self {
        self.add(&json!({"RunCanceled": {"run_id": RUN, "timestamp": self.now}}));
        self
    }

    /// A try that fails after `seconds` seconds, and the wait for the next one.
    pub(crate) fn fail(self, seconds: u64, error: &str, wait: u64) -> Self {
        self.start("worker-1")
            .wait(seconds)
            .finish("Failure", Some(error), "worker-1")
            .to("RetryWait")
            .wait(wait)
            .to("Ready")
    }

    fn attempt(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", 0xa00 + self.n_attempts)
    }
}
