//! A task as the engine reports it: the keys of its record, then what else a log shows of it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::DagTasks;
use crate::model::facts::AttemptResult;
use crate::model::id::{Id as _, RunId};
use crate::model::states::State;
use crate::store::{Attempt, RunKey, StateChange, Store};

/// A task. Instants are milliseconds since the Unix epoch, and `null` where the log does not have them.
#[derive(Debug, Serialize)]
pub struct TaskObject<'a> {
    attempts: u32,
    created_at: Option<u64>,
    duration_ms: Option<u64>,
    error: Option<&'a str>,
    finished_at: Option<u64>,
    id: Cow<'a, str>,
    output: Option<&'a RawValue>,
    started_at: Option<u64>,
    state: &'a str,
    updated_at: Option<u64>,

    /// Attempts one by one, where the log tells of them.
    attempts_made: Vec<MadeAttempt<'a>>,
    dead_letter_at: Option<u64>,
    /// `null` where no graph is known.
    depends_on: Option<Vec<Cow<'a, str>>>,
    /// Number of the execution that saved it last; 0 for a task without a record.
    execution: u32,
    flagged: bool,
    priority: Option<i32>,
    root_cause: Option<Cow<'a, str>>,
    state_history: Vec<TaskChange>,
    unblocked_by: Option<Cow<'a, str>>,
}

#[derive(Debug, Serialize)]
struct MadeAttempt<'a> {
    error: Option<&'a str>,
    finished_at: Option<u64>,
    result: Option<&'static str>,
    started_at: u64,
}

#[derive(Debug, Serialize)]
struct TaskChange {
    from: Option<&'static str>,
    timestamp: Option<u64>,
    to: &'static str,
}

/// Projects one task; none in a store of another engine.
#[must_use]
pub fn task(store: &Store, key: RunKey) -> Option<TaskObject<'_>> {
    let own = DagTasks::of(store)?;
    let (run, life, detail) = (store.run(key), store.life(key), own.detail(key));
    let (has_record, has_graph) = (detail.execution > 0, own.execution().n_graph > 0);
    let name = |key: RunKey| store.id_text(store.record(key).id());
    let depends_on = store.task(run.task).depends_on;
    let output = run.output.and_then(|output| serde_json::from_str(store.text(output)).ok());
    Some(TaskObject {
        attempts: run.attempt_count,
        created_at: has_record.then_some(run.created_at),
        duration_ms: detail.duration(),
        error: store
            .latest_error(key)
            .filter(|_| run.error.is_some() || !has_record)
            .map(|it| store.text(it)),
        finished_at: detail.finished_at,
        id: store.id_text(run.id),
        output,
        started_at: detail.started_at,
        state: run.word.map_or_else(|| run.state.name(), |word| store.text(word)),
        updated_at: has_record.then_some(detail.updated_at),
        attempts_made: life.attempts.iter().map(|attempt| made(store, attempt)).collect(),
        dead_letter_at: detail.dead_letter_at,
        depends_on: has_graph
            .then(|| depends_on.iter().map(|id| store.id_text(RunId::from_bits(id.bits()))).collect()),
        execution: detail.execution,
        flagged: run.flagged,
        priority: has_graph.then_some(run.priority),
        root_cause: detail.root_cause.map(name),
        state_history: life.changes.iter().map(change).collect(),
        unblocked_by: detail.unblocked_by.map(name),
    })
}

fn made<'a>(store: &'a Store, attempt: &Attempt<'a>) -> MadeAttempt<'a> {
    MadeAttempt {
        error: attempt.error.map(|error| store.text(error)),
        finished_at: attempt.finished_at,
        result: attempt.result.map(AttemptResult::name),
        started_at: attempt.started_at,
    }
}

fn change(change: &StateChange) -> TaskChange {
    let timestamp = Some(change.at).filter(|at| *at > 0);
    TaskChange { from: change.from.map(State::name), timestamp, to: change.to.name() }
}
