//! What the store keeps of one task: what people call it, what limits it, and which runs it has.
//!
//! Most tasks have one run and say the same as thousands of others: that costs a task less than fifty bytes.

use super::key::RunKey;
use super::spec::{NO_SPEC, TaskSpec};
use super::stamp::Stamp;
use super::versioned::slab::SlotId;
use crate::model::id::TaskId;

/// One task as it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct TaskEntry<'a> {
    /// Names it.
    pub id: TaskId,
    /// What its creation said; none when the log was joined after it.
    pub spec: Option<&'a TaskSpec>,
    /// When it was created; 0 when that is not known.
    pub created_at: u64,
    /// The task that it is a child of.
    pub parent: Option<TaskId>,
    /// When it was canceled, if it was.
    pub canceled_at: Option<u64>,
    /// The tasks that must succeed before its runs become ready.
    pub depends_on: &'a [TaskId],
    /// Its runs, in order of creation.
    pub runs: &'a [RunKey],
    /// How many of its runs have not ended.
    pub live: usize,
    /// How many of its runs ended well.
    pub completed: usize,
    /// The latest instant for which a run was scheduled.
    pub last_scheduled: u64,
    /// The tasks that name it as their parent.
    pub children: &'a [TaskId],
    /// The sequence that the record of its creation carries, where it does.
    pub recorded: Option<u64>,
    /// Its runs that were evicted.
    pub gone: u32,
}

/// One task as it is kept.
#[derive(Debug, Clone)]
pub(super) struct TaskRecord {
    pub(super) id: TaskId,
    /// The number of its spec; [`u32::MAX`] when it is not known.
    pub(super) spec: u32,
    pub(super) created_at: Stamp,
    /// Its first run; [`NO_RUN`] when it has none.
    pub(super) first_run: RunKey,
    pub(super) live: u32,
    pub(super) completed: u32,
    /// Runs that were evicted.
    pub(super) gone: u32,
    /// Where the rest is, if there is a rest.
    pub(super) rest: SlotId,
}

/// What few tasks have.
#[derive(Debug, Clone, Default)]
pub(super) struct TaskRest {
    pub(super) canceled_at: Option<u64>,
    pub(super) parent: Option<TaskId>,
    pub(super) depends_on: Vec<TaskId>,
    pub(super) children: Vec<TaskId>,
    pub(super) recorded: Option<u64>,
    /// The latest instant for which a run was scheduled.
    pub(super) last_scheduled: u64,
}

/// Not the key of any run.
pub(super) const NO_RUN: RunKey = RunKey::NONE;

impl TaskRecord {
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
        assert!(size_of::<TaskRecord>() <= 48, "{}", size_of::<TaskRecord>());
    }
}
