//! The store as JSON: one object a run, with the keys and forms of the engine's own projection.
//!
//! All output is ASCII, so that no text of a log can act on the terminal that shows it. Must not know who prints it.

mod totals;

use std::borrow::Cow;

use serde::Serialize;
pub use totals::{ProblemTotals, ProgressObject, Totals};

use crate::engine::{self, OwnObject};
use crate::model::facts::AttemptResult;
use crate::model::json::ascii;
use crate::model::states::State;
use crate::store::{Attempt, RunKey, StateChange, Store};

/// One run as the engine projects it. A run whose log was joined late has `null` for what is not known.
#[derive(Debug, Serialize)]
pub struct RunObject<'a> {
    attempt_count: u32,
    attempts: Vec<AttemptObject<'a>>,
    created_at: Option<u64>,
    current_attempt_id: Option<Cow<'a, str>>,
    effective_priority: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_attempt_count: Option<u32>,
    last_state_change_at: Option<u64>,
    lease: Option<LeaseObject<'a>>,
    run_id: Cow<'a, str>,
    scheduled_at: Option<u64>,
    state: &'static str,
    state_history: Vec<ChangeObject>,
    task_id: Option<Cow<'a, str>>,
}

#[derive(Debug, Serialize)]
struct AttemptObject<'a> {
    attempt_id: Cow<'a, str>,
    error: Option<&'a str>,
    finished_at: Option<u64>,
    output: Option<&'a [u8]>,
    result: Option<&'static str>,
    started_at: Option<u64>,
}

#[derive(Debug, Serialize)]
struct LeaseObject<'a> {
    acquired_at: Option<u64>,
    expiry: u64,
    owner: &'a str,
    updated_at: u64,
}

#[derive(Debug, Serialize)]
struct ChangeObject {
    from: Option<&'static str>,
    timestamp: u64,
    to: &'static str,
}

/// Projects one run.
#[must_use]
pub fn run(store: &Store, key: RunKey) -> RunObject<'_> {
    let run = store.run(key);
    let life = store.life(key);
    let known = !run.joined;
    RunObject {
        attempt_count: run.attempt_count,
        attempts: life.attempts.iter().map(|attempt| attempt_object(store, attempt, known)).collect(),
        created_at: known.then_some(run.created_at),
        current_attempt_id: run.open_attempt.map(|id| store.id_text(id)),
        effective_priority: Some(run.priority).filter(|priority| known || *priority != 0),
        failure_attempt_count: engine::counts_failures(store).then_some(run.failure_count),
        last_state_change_at: told(run.changed_at, known),
        lease: run.lease.map(|lease| LeaseObject {
            // One that was taken up in its midst has no grant.
            acquired_at: Some(lease.acquired_at).filter(|_| known || lease.granted_at > 0),
            expiry: lease.expiry,
            owner: store.text(lease.owner),
            updated_at: lease.updated_at,
        }),
        run_id: store.id_text(run.id),
        scheduled_at: known.then_some(run.scheduled_at),
        state: run.state.name(),
        state_history: life.changes.iter().map(change_object).collect(),
        task_id: known.then(|| store.id_text(run.task_id)),
    }
}

/// One run with all that a row of a table says of it: first as the engine projects it.
#[derive(Debug, Serialize)]
pub struct RunReport<'a> {
    #[serde(flatten)]
    run: RunObject<'a>,
    task: Option<&'a str>,
    tags: Option<Vec<&'a str>>,
    key: Option<&'a str>,
    owner: Option<&'a str>,
    counted_attempts: u32,
    uncounted_attempts: u32,
    max_attempts: Option<u32>,
    priority: Option<i32>,
    error: Option<&'a str>,
    reason: Option<&'a str>,
    flagged: bool,
    joined: bool,
}

/// All that is told of one run, in the form of its engine.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum WholeRun<'a> {
    /// In the form of its engine alone.
    Own(OwnObject<'a>),
    /// In the form of a run of any engine.
    Any(Box<RunReport<'a>>),
}

/// All that is told of one run, but for what hangs on the time at which it is looked at.
#[must_use]
pub fn whole(store: &Store, key: RunKey) -> WholeRun<'_> {
    match engine::projected(store, key) {
        Some(own) => WholeRun::Own(own),
        None => WholeRun::Any(Box::new(run_report(store, key))),
    }
}

fn run_report(store: &Store, key: RunKey) -> RunReport<'_> {
    let it = store.run(key);
    let spec = store.spec(key);
    let name = |name| store.text(name);
    RunReport {
        // The engine has 0 where the record of a run that was only created does not say since when it is so.
        run: RunObject { last_state_change_at: told(store.changed_at(key), false), ..run(store, key) },
        task: spec.and_then(|spec| spec.description).map(name).filter(|text| !text.trim().is_empty()),
        tags: spec.map(|spec| spec.tags.iter().map(|tag| name(*tag)).collect()),
        key: spec.and_then(|spec| spec.concurrency_key).map(name),
        owner: it.lease.map(|lease| name(lease.owner)),
        counted_attempts: it.counted_attempts(),
        uncounted_attempts: it.uncounted,
        max_attempts: engine::max_attempts(store, key),
        priority: store.priority_of(key),
        error: store.latest_error(key).map(name),
        reason: it.reason.map(name),
        flagged: it.flagged,
        joined: it.joined,
    }
}

/// The same as a line of ASCII JSON, its newline included.
#[must_use]
pub fn line(store: &Store, key: RunKey) -> String {
    ascii::to_text(&whole(store, key)) + "\n"
}

/// An instant that the log has told; else 0 is none.
fn told(at: u64, known: bool) -> Option<u64> {
    Some(at).filter(|at| known || *at != 0)
}

/// Every run, in order of run id.
#[must_use]
pub fn in_order(store: &Store) -> Vec<RunKey> {
    let mut keys: Vec<RunKey> = store.keys().collect();
    keys.sort_unstable_by(|a, b| store.by_id(*a, *b));
    keys
}

fn attempt_object<'a>(store: &'a Store, attempt: &Attempt<'a>, known: bool) -> AttemptObject<'a> {
    AttemptObject {
        attempt_id: store.id_text(attempt.id),
        error: attempt.error.map(|error| store.text(error)),
        finished_at: attempt.finished_at,
        output: attempt.output,
        result: attempt.result.map(AttemptResult::name),
        started_at: told(attempt.started_at, known),
    }
}

fn change_object(change: &StateChange) -> ChangeObject {
    ChangeObject { from: change.from.map(State::name), timestamp: change.at, to: change.to.name() }
}
