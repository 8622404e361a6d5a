//! The stage of the tests of waiting runs: a log of ActionQueue 0.1 that is written event by event, and what is then said
//! of its runs.

use std::collections::BTreeMap;

use runwatch::engine::cause::Waiting;
use runwatch::engine::waiting::Scene;
use runwatch::model::id::RunId;
use runwatch::store::{Rules, RunKey, Store};
use runwatch::view::{Clock, Ids, waiting};
use serde_json::{Value, json};

use crate::common;

/// A Friday in 2026, at 12:00:00 UTC.
pub(crate) const NOON: u64 = 1_795_176_000;

/// Length of leases here, in seconds.
pub(crate) const LEASE: u64 = 30;

/// A log that grows. Instants are seconds after noon.
#[derive(Default, Clone)]
pub(crate) struct Queue {
    log: Vec<u8>,
    n_lines: u64,
    /// The attempt that each run began last.
    attempts: BTreeMap<u64, String>,
}

pub(crate) fn task(number: u64) -> String {
    format!("{number:08x}-0000-4000-8000-00000000000b")
}

/// The id of a run, by whose number runs of one second take their turns.
pub(crate) fn run(number: u64) -> String {
    format!("{number:08x}-0000-4000-8000-00000000000a")
}

impl Queue {
    pub(crate) fn add(mut self, event: &Value) -> Self {
        self.n_lines += 1;
        let line = json!({"sequence": self.n_lines, "event": event});
        self.log.extend_from_slice(format!("{line}\n").as_bytes());
        self
    }

    /// A task, with what is not usual about it: `{"concurrency_key": "k"}`.
    pub(crate) fn task(self, number: u64, constraints: &Value) -> Self {
        let mut all = json!({"max_attempts": 5, "timeout_secs": null, "concurrency_key": null,
            "concurrency_key_hold_policy": "HoldDuringRetry", "safety_level": "Pure",
            "required_capabilities": null});
        for (name, value) in constraints.as_object().unwrap() {
            all[name] = value.clone();
        }
        self.add(&json!({"TaskCreated": {"task_spec": {
            "id": task(number), "payload": {"bytes": [], "content_type": null}, "run_policy": "Once",
            "constraints": all, "parent_task_id": null,
            "metadata": {"tags": [], "priority": 0, "description": format!("job {number}")},
        }, "timestamp": NOON}}))
    }

    /// A run of the task of the same number.
    pub(crate) fn scheduled(self, number: u64, created_at: u64, scheduled_at: u64) -> Self {
        self.add(&json!({"RunCreated": {"run_instance": {
            "id": run(number), "task_id": task(number), "state": "Scheduled", "current_attempt_id": null,
            "attempt_count": 0, "created_at": NOON + created_at, "scheduled_at": NOON + scheduled_at,
            "effective_priority": 0, "last_state_change_at": NOON + created_at,
        }}}))
    }

    /// An ordinary task and its run, ready at once.
    pub(crate) fn ready(self, number: u64, at: u64) -> Self {
        self.task(number, &json!({})).scheduled(number, at, at).change(number, "Scheduled", "Ready", at)
    }

    pub(crate) fn change(self, number: u64, from: &str, to: &str, at: u64) -> Self {
        self.add(&json!({"RunStateChanged": {
            "run_id": run(number), "previous_state": from, "new_state": to, "timestamp": NOON + at,
        }}))
    }

    pub(crate) fn lease(self, number: u64, kind: &str, at: u64) -> Self {
        self.add(&json!({kind: {"run_id": run(number), "owner": "worker-7", "expiry": NOON + at + LEASE,
            "timestamp": NOON + at}}))
    }

    pub(crate) fn leased(self, number: u64, at: u64) -> Self {
        self.change(number, "Ready", "Leased", at).lease(number, "LeaseAcquired", at)
    }

    /// From Ready to Running.
    pub(crate) fn start(mut self, number: u64, at: u64) -> Self {
        let attempt = format!("{:08x}-0000-4000-8000-{number:012x}", self.n_lines);
        self.attempts.insert(number, attempt.clone());
        self.leased(number, at).change(number, "Leased", "Running", at).add(&json!({"AttemptStarted": {
            "run_id": run(number), "attempt_id": attempt, "timestamp": NOON + at}}))
    }

    /// From Running, with its attempt and its lease, which was not extended.
    pub(crate) fn finish(self, number: u64, began_at: u64, to: &str, at: u64) -> Self {
        let result = match to {
            "Completed" => "Success",
            "Suspended" => "Suspended",
            _ => "Failure",
        };
        let attempt = self.attempts[&number].clone();
        self.add(&json!({"AttemptFinished": {"run_id": run(number), "attempt_id": attempt, "result": result,
            "error": null, "output": null, "timestamp": NOON + at}}))
            .add(&json!({"LeaseReleased": {"run_id": run(number), "owner": "worker-7",
                "expiry": NOON + began_at + LEASE, "timestamp": NOON + at}}))
            .change(number, "Running", to, at)
    }

    /// Taken and done within a second.
    pub(crate) fn done(self, number: u64, at: u64) -> Self {
        self.start(number, at).finish(number, at, "Completed", at)
    }

    pub(crate) fn depends(self, number: u64, on: &[u64]) -> Self {
        let on: Vec<String> = on.iter().map(|on| task(*on)).collect();
        self.add(
            &json!({"DependencyDeclared": {"task_id": task(number), "depends_on": on, "timestamp": NOON}}),
        )
    }

    pub(crate) fn budget(self, number: u64, limit: u64, consumed: u64) -> Self {
        self.add(&json!({"BudgetAllocated": {
            "task_id": task(number), "dimension": "Token", "limit": limit, "timestamp": NOON}}))
            .add(&json!({"BudgetConsumed": {
                "task_id": task(number), "dimension": "Token", "amount": consumed, "timestamp": NOON}}))
    }

    pub(crate) fn engine(self, kind: &str, at: u64) -> Self {
        self.add(&json!({kind: {"timestamp": NOON + at}}))
    }

    pub(crate) fn store(&self) -> Store {
        let store = common::fold(&self.log, Rules::default());
        assert_eq!(store.tally().rejected + store.tally().unreadable, 0, "{:?}", store.problems().kept());
        store
    }

    /// Returns the explanation of a run at an instant.
    pub(crate) fn say(&self, number: u64, at: u64) -> String {
        say(&self.store(), &run(number), NOON + at)
    }
}

pub(crate) fn judge(store: &Store, key: RunKey, now: u64) -> Option<Waiting> {
    let waiting = Scene::of(store).why(store, key, now);
    assert_eq!(Scene::of_run(store, key).why(store, key, now), waiting);
    waiting
}

/// The short words, after `STUCK` if the run is stuck; `-` for a run that has ended.
pub(crate) fn say(store: &Store, run: &str, now: u64) -> String {
    let key = store.find(run.parse::<RunId>().unwrap()).unwrap();
    let Some(waiting) = judge(store, key, now) else { return "-".to_owned() };
    let words = waiting::short(store, &waiting, Ids::default(), now);
    if waiting.is_stuck { format!("STUCK {words}") } else { words }
}

/// The sentence of a run's page, with its label.
pub(crate) fn tell(store: &Store, number: u64, at: u64) -> String {
    let (key, now) = (store.find(run(number).parse().unwrap()).unwrap(), NOON + at);
    let waiting = judge(store, key, now).unwrap();
    let words = waiting::long(store, key, &waiting, Ids::default(), Clock::utc().of(store.unit()), now)
        .unwrap_or_default();
    format!("{} {words}", waiting::label(store, &waiting, now))
}
