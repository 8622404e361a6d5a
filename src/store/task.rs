//! Tasks: their spec, their limits and their runs.
//!
//! Most tasks have one run and share their spec with thousands of others; such a task takes less than fifty bytes.

use super::key::RunKey;
use super::spec::{NO_SPEC, TaskSpec};
use super::stamp::Stamp;
use super::versioned::slab::SlotId;
use crate::model::id::TaskId;

/// Public form of a task.
#[derive(Debug, Clone, Copy)]
pub struct TaskEntry<'a> {
    /// Id of the task.
    pub id: TaskId,
    /// Spec; `None` if the log was joined after its creation.
    pub spec: Option<&'a TaskSpec>,
    /// Instant of creation; 0 if unknown.
    pub created_at: u64,
    /// Parent task, if it is a child.
    pub parent: Option<TaskId>,
    /// Instant of its cancellation, if it was canceled.
    pub canceled_at: Option<u64>,
    /// Tasks that must succeed before its runs become ready.
    pub depends_on: &'a [TaskId],
    /// Runs of the task, in order of creation.
    pub runs: &'a [RunKey],
    /// Number of runs that have not ended.
    pub live: usize,
    /// Number of runs that succeeded.
    pub completed: usize,
    /// Latest instant for which a run was scheduled.
    pub last_scheduled: u64,
    /// Tasks that name it as their parent.
    pub children: &'a [TaskId],
    /// Sequence inside the record of its creation, if it has one.
    pub recorded: Option<u64>,
    /// Number of evicted runs.
    pub gone: u32,
}

/// Storage form of a task.
#[derive(Debug, Clone)]
pub(super) struct TaskCell {
    pub(super) id: TaskId,
    /// Number of its spec; [`u32::MAX`] if unknown.
    pub(super) spec: u32,
    pub(super) created_at: Stamp,
    /// First run; [`NO_RUN`] if there is none.
    pub(super) first_run: RunKey,
    pub(super) live: u32,
    pub(super) completed: u32,
    /// Number of evicted runs.
    pub(super) gone: u32,
    /// Slot of its rare fields, if it has any.
    pub(super) rest: SlotId,
}

/// Fields that few tasks have.
#[derive(Debug, Clone, Default)]
pub(super) struct TaskRest {
    pub(super) canceled_at: Option<u64>,
    pub(super) parent: Option<TaskId>,
    pub(super) depends_on: Vec<TaskId>,
    pub(super) children: Vec<TaskId>,
    pub(super) recorded: Option<u64>,
    /// Latest instant for which a run was scheduled.
    pub(super) last_scheduled: u64,
}

/// Marks a task without runs.
pub(super) const NO_RUN: RunKey = RunKey::NONE;

impl TaskCell {
    pub(super) const fn unknown(id: TaskId) -> Self {
        Self {
            id,
            spec: NO_SPEC,
            created_at: Stamp::NONE,
            first_run: NO_RUN,
            live: 0,
            completed: 0,
            gone: 0,
            rest: SlotId::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_kept_in_48_bytes() {
        assert!(size_of::<TaskCell>() <= 48, "{}", size_of::<TaskCell>());
    }
}
