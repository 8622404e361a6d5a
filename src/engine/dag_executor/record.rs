//! The record of a task, as the engine keeps it: one for each task, saved whole at each step.
//!
//! It is that of dag-executor 0.1 (`state/task_state.rs`), with its whole interface. Must not know a log.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::states::TaskState;

/// A task at one instant. All instants are milliseconds since the Unix epoch by a wall clock, which may go back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Name of the task: 1 to 1,017 bytes where the engine keeps it in a file.
    pub id: String,
    /// Its state.
    pub state: TaskState,
    /// Attempts that were made. The engine counts them at the end: 0 until then.
    pub attempts: u32,
    /// When the record was created.
    pub created_at: u64,
    /// When it was changed last.
    pub updated_at: u64,
    /// When the task was dispatched last.
    pub started_at: Option<u64>,
    /// When the engine took notice of its end.
    pub finished_at: Option<u64>,
    /// Its output; `null` is the output, or means none.
    pub output: Option<Value>,
    /// Its last error.
    pub error: Option<String>,
    /// Anything else; the engine writes none.
    pub metadata: HashMap<String, String>,
}

impl TaskRecord {
    /// A task that has just been added, in [`TaskState::Pending`].
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        let now = now_millis();
        Self {
            id: id.into(),
            state: TaskState::Pending,
            attempts: 0,
            created_at: now,
            updated_at: now,
            started_at: None,
            finished_at: None,
            output: None,
            error: None,
            metadata: HashMap::new(),
        }
    }

    /// Moves the task to a state, now. Returns false, and changes nothing, where the engine does not allow that.
    pub fn transition(&mut self, state: TaskState) -> bool {
        if !self.state.can_transition_to(state) {
            return false;
        }
        self.state = state;
        self.updated_at = now_millis();
        match state {
            TaskState::Running => self.started_at = Some(self.updated_at),
            _ if state.is_terminal() => self.finished_at = Some(self.updated_at),
            _ => (),
        }
        true
    }

    /// Milliseconds from its dispatch to its end; none where one of them is not known, or the clock went back between
    /// them. Holds the time in the queue, all attempts, and the pauses between them.
    #[must_use]
    pub fn duration_millis(&self) -> Option<u64> {
        self.finished_at?.checked_sub(self.started_at?)
    }
}

/// Now, in milliseconds since the Unix epoch; 0 before it.
fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
