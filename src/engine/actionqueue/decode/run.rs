//! Run records of the two vocabularies, with the checks that their engines make while reading one.

use serde::Deserialize;

use crate::engine::actionqueue::run_instance::{RunInstance, RunRecord};
use crate::engine::actionqueue::states::RunState;
use crate::model::id::{AttemptId, RunId, TaskId};

/// Run record of 0.1. The state's spelling and the failure count depend on the vocabulary.
#[derive(Deserialize)]
pub(super) struct Run01<S> {
    id: RunId,
    task_id: TaskId,
    state: S,
    current_attempt_id: Option<AttemptId>,
    attempt_count: u32,
    created_at: u64,
    scheduled_at: u64,
    effective_priority: i32,
    #[serde(default)]
    last_state_change_at: u64,
}

/// Run record of 0.2 and later, which refuses unknown fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run02<S> {
    id: RunId,
    task_id: TaskId,
    state: S,
    current_attempt_id: Option<AttemptId>,
    attempt_count: u32,
    #[serde(default)]
    failure_attempt_count: u32,
    created_at: u64,
    scheduled_at: u64,
    effective_priority: i32,
    #[serde(default)]
    last_state_change_at: u64,
}

macro_rules! checked {
    ($shape:ident, $run:ident => $failures:expr) => {
        impl<S: Into<RunState>> $shape<S> {
            pub(super) fn run(self) -> Result<RunInstance, String> {
                let $run = &self;
                let failure_attempt_count = $failures;
                RunInstance::from_record(RunRecord {
                    id: self.id,
                    task_id: self.task_id,
                    state: self.state.into(),
                    current_attempt_id: self.current_attempt_id,
                    attempt_count: self.attempt_count,
                    failure_attempt_count,
                    created_at: self.created_at,
                    scheduled_at: self.scheduled_at,
                    effective_priority: self.effective_priority,
                    last_state_change_at: self.last_state_change_at,
                })
                .map_err(|error| error.to_string())
            }
        }
    };
}

checked!(Run01, _run => None);
checked!(Run02, run => Some(run.failure_attempt_count));
