//! A run of a mapped log for reports: the engine's own words, and `null` where the log tells nothing.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::MappedRuns;
use crate::engine::mapped::page;
use crate::model::facts::AttemptResult;
use crate::model::states::State;
use crate::model::task::NO_LIMIT;
use crate::store::{Attempt, Name, RunKey, StateChange, Store};

/// A run. Instants are milliseconds since the Unix epoch.
#[derive(Debug, Serialize)]
pub struct MappedObject<'a> {
    run: Cow<'a, str>,
    task: Option<&'a str>,
    state: &'static str,
    /// The engine's own word for the state.
    word: Option<&'a str>,
    attempts: Option<u32>,
    /// Latest instant at which the log told of it.
    time: Option<u64>,
    started: Option<u64>,
    ended: Option<u64>,
    worker: Option<&'a str>,
    error: Option<&'a str>,
    parent: Option<&'a str>,
    queue: Option<&'a str>,
    reason: Option<&'a str>,
    key: Option<&'a str>,
    tags: Vec<&'a str>,
    priority: Option<i32>,
    max_attempts: Option<u32>,
    created: Option<u64>,
    due: Option<u64>,
    lease_until: Option<u64>,
    output: Option<&'a RawValue>,
    /// Number of times that it went on after an end.
    reopened: u32,
    flagged: bool,
    /// Attempts one by one, where the log tells of them.
    attempts_made: Vec<ToldAttempt<'a>>,
    state_history: Vec<ToldChange>,
}

#[derive(Debug, Serialize)]
struct ToldAttempt<'a> {
    error: Option<&'a str>,
    finished: Option<u64>,
    result: Option<&'static str>,
    started: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ToldChange {
    from: Option<&'static str>,
    time: Option<u64>,
    to: &'static str,
}

/// Projects one run; none in a store of another engine.
#[must_use]
pub fn run(store: &Store, key: RunKey) -> Option<MappedObject<'_>> {
    let own = MappedRuns::of(store)?;
    let (run, life, detail, spec) = (store.run(key), store.life(key), own.detail(key), store.spec(key));
    let text = |name: Option<Name>| name.map(|name| store.text(name));
    let told = |at: u64| Some(at).filter(|at| *at > 0);
    Some(MappedObject {
        run: store.id_text(run.id),
        task: text(spec.and_then(|spec| spec.description)),
        state: run.state.name(),
        word: text(detail.word),
        attempts: page::tells_attempts(own, store, key).then_some(run.attempt_count),
        time: told(detail.told_at),
        started: page::started(store, own, key),
        ended: page::ended(store, own, key),
        worker: text(store.owner(key)),
        error: text(run.error),
        parent: text(detail.parent),
        queue: text(detail.queue),
        reason: text(detail.reason),
        key: text(spec.and_then(|spec| spec.concurrency_key)),
        tags: spec.into_iter().flat_map(|spec| &spec.tags).map(|tag| store.text(*tag)).collect(),
        priority: detail.tells_priority.then_some(run.priority),
        max_attempts: spec.map(|spec| spec.max_attempts).filter(|limit| *limit != NO_LIMIT),
        created: told(run.created_at),
        due: told(run.scheduled_at),
        lease_until: run.lease.map(|lease| lease.expiry),
        output: run.output.and_then(|output| serde_json::from_str(store.text(output)).ok()),
        reopened: detail.reopened,
        flagged: run.flagged,
        attempts_made: life.attempts.iter().map(|attempt| made(store, attempt)).collect(),
        state_history: life.changes.iter().map(change).collect(),
    })
}

fn made<'a>(store: &'a Store, attempt: &Attempt<'a>) -> ToldAttempt<'a> {
    ToldAttempt {
        error: attempt.error.map(|error| store.text(error)),
        finished: attempt.finished_at.filter(|at| *at > 0),
        result: attempt.result.map(AttemptResult::name),
        started: Some(attempt.started_at).filter(|at| *at > 0),
    }
}

fn change(change: &StateChange) -> ToldChange {
    let time = Some(change.at).filter(|at| *at > 0);
    ToldChange { from: change.from.map(State::name), time, to: change.to.name() }
}
