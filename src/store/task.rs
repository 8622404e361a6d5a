//! What the store keeps of one task: what people call it, what limits it, and which runs it has.

use super::key::RunKey;
use super::name::Name;
use crate::model::cron;
use crate::model::event::{RunPolicy, TaskEnd};
use crate::model::id::{TaskId, TenantId};

/// One task in the store.
#[derive(Debug)]
pub struct TaskEntry {
    /// Names it.
    pub id: TaskId,
    /// What its creation said; none when the log was joined after it.
    pub spec: Option<TaskSpec>,
    /// When it was canceled, if it was.
    pub canceled_at: Option<u64>,
    /// The tasks that must succeed before its runs become ready.
    pub depends_on: Vec<TaskId>,
    /// Its runs, in order of creation.
    pub runs: Vec<RunKey>,
    /// How many of its runs have not ended.
    pub live: usize,
    /// How many of its runs completed.
    pub completed: usize,
    /// The latest instant for which a run was scheduled.
    pub(super) last_scheduled: u64,
    /// Tasks that call this one their parent.
    pub(super) children: Vec<TaskId>,
    /// The sequence of its admission (0.2 and later).
    pub(super) admitted_at: Option<u64>,
}

/// What a task's creation said.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are those of the event's task")]
pub struct TaskSpec {
    pub description: Option<Name>,
    pub tags: Box<[Name]>,
    pub priority: i32,
    pub policy: RunPolicy,
    pub max_attempts: u32,
    pub timeout_secs: Option<u64>,
    pub concurrency_key: Option<Name>,
    pub releases_key_on_retry: bool,
    pub releases_key_while_awaiting: bool,
    pub parent: Option<TaskId>,
    pub detached: bool,
    pub tenant: Option<TenantId>,
    pub created_at: u64,
}

impl TaskEntry {
    pub(super) const fn unknown(id: TaskId) -> Self {
        Self {
            id,
            spec: None,
            canceled_at: None,
            depends_on: Vec::new(),
            runs: Vec::new(),
            live: 0,
            completed: 0,
            last_scheduled: 0,
            children: Vec::new(),
            admitted_at: None,
        }
    }

    /// How the task ended, if it did (`task_status.rs` of actionqueue-storage 0.3.0). A cron task that may still
    /// derive runs has not ended; whether its expression has run out of instants is asked of the cron library.
    pub(super) fn end(&self) -> Option<TaskEnd> {
        if self.canceled_at.is_some() {
            return Some(TaskEnd::Canceled);
        }
        let spec = self.spec.as_ref()?;
        if self.live > 0 {
            return None;
        }
        let total = self.runs.len();
        let more_to_come = match &spec.policy {
            RunPolicy::Once => total == 0,
            RunPolicy::Repeat { count, .. } => total < *count as usize,
            RunPolicy::Cron { expression, max_occurrences } => {
                let after = if total > 0 { self.last_scheduled } else { spec.created_at.saturating_sub(1) };
                max_occurrences.is_none_or(|cap| total < cap as usize)
                    && !cron::occurrences(expression, after, 1).is_empty()
            }
        };
        if more_to_come {
            return None;
        }
        Some(if self.completed > 0 { TaskEnd::Succeeded } else { TaskEnd::Failed })
    }
}
