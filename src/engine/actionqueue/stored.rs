//! Conversions between a run of ActionQueue and its form in the store.

use super::run_instance::{RunInstance, RunRecord};
use super::states::RunState;
use crate::model::id::{RunId, TaskId};
use crate::store::write::NewRun;
use crate::store::{RunKey, Store};

/// A run of the store as an ActionQueue record.
pub fn instance(store: &Store, key: RunKey) -> RunInstance {
    let run = store.run(key);
    RunInstance::unpacked(RunRecord {
        id: run.id,
        task_id: run.task_id,
        state: RunState::of(run.state.id()),
        current_attempt_id: run.open_attempt,
        attempt_count: run.attempt_count,
        failure_attempt_count: Some(run.failure_count),
        created_at: run.created_at,
        scheduled_at: run.scheduled_at,
        effective_priority: run.priority,
        last_state_change_at: run.changed_at,
    })
}

/// A run that the log creates.
pub(super) fn created(run: &RunInstance) -> NewRun {
    NewRun {
        id: run.id(),
        task: run.task_id(),
        state: run.state().id(),
        attempt_count: run.attempt_count(),
        failure_count: run.failure_attempt_count(),
        created_at: run.created_at(),
        scheduled_at: run.scheduled_at(),
        priority: run.effective_priority(),
        changed_at: run.last_state_change_at(),
        joined: false,
    }
}

/// A run that the log did not create, in the state that its first event names.
pub(super) const fn adopted(id: RunId, state: RunState) -> NewRun {
    NewRun {
        id,
        task: TaskId::nil(),
        state: state.id(),
        attempt_count: 0,
        failure_count: 0,
        created_at: 0,
        scheduled_at: 0,
        priority: 0,
        changed_at: 0,
        joined: true,
    }
}
