//! What the store keeps of one task: what people call it, what limits it, and which runs it has.
//!
//! Most tasks have one run and say the same as thousands of others: that costs a task less than fifty bytes.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::key::RunKey;
use super::name::{Name, Names};
use super::slab::Seat;
use super::stamp::Stamp;
use crate::model::cron;
use crate::model::event::{RunPolicy, Task, TaskEnd};
use crate::model::id::{TaskId, TenantId};

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
    /// How many of its runs completed.
    pub completed: usize,
    pub(super) last_scheduled: u64,
    pub(super) children: &'a [TaskId],
    pub(super) admitted_at: Option<u64>,
}

/// What a task's creation said, as far as tasks may share it.
#[derive(Debug, Clone)]
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
    pub detached: bool,
    pub tenant: Option<TenantId>,
}

/// One task as it is kept.
#[derive(Debug)]
pub(super) struct TaskRecord {
    pub(super) id: TaskId,
    /// The number of its spec; [`u32::MAX`] when it is not known.
    pub(super) spec: u32,
    pub(super) created_at: Stamp,
    /// Its first run; [`NO_RUN`] when it has none.
    pub(super) first_run: RunKey,
    pub(super) live: u32,
    pub(super) completed: u32,
    /// Where the rest is, if there is a rest.
    pub(super) rest: Seat,
}

/// What few tasks have.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub(super) canceled_at: Option<u64>,
    pub(super) parent: Option<TaskId>,
    pub(super) depends_on: Vec<TaskId>,
    /// All runs, once there are more than one.
    pub(super) runs: Vec<RunKey>,
    pub(super) children: Vec<TaskId>,
    pub(super) admitted_at: Option<u64>,
    /// The latest instant for which a run was scheduled.
    pub(super) last_scheduled: u64,
}

/// No spec.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Not the key of any run.
pub(super) const NO_RUN: RunKey = RunKey(u32::MAX);

/// Every spec, once.
#[derive(Debug, Default)]
pub(super) struct Specs {
    specs: Vec<TaskSpec>,
    /// Invariant: the hash of each of `specs`.
    hashes: Vec<u64>,
    index: HashTable<u32>,
    /// Seeded at random, so that no log can choose specs that collide.
    hasher: RandomState,
}

impl Specs {
    /// The number of what a task's creation says, new or not. Nothing is made for one that is not.
    pub(super) fn intern(&mut self, task: &Task<'_>, names: &mut Names) -> u32 {
        let hash = self.hash(task);
        if let Some(number) = self.index.find(hash, |number| self.specs[*number as usize].says(task, names)) {
            return *number;
        }
        let number = u32::try_from(self.specs.len()).expect("fewer than 2^32 specs fit in memory");
        self.specs.push(TaskSpec::new(task, names));
        self.hashes.push(hash);
        self.index.insert_unique(hash, number, |number| self.hashes[*number as usize]);
        number
    }

    pub(super) fn get(&self, number: u32) -> Option<&TaskSpec> {
        self.specs.get(number as usize)
    }

    /// What most tells specs apart; the rest is compared.
    fn hash(&self, task: &Task<'_>) -> u64 {
        let state = &mut self.hasher.build_hasher();
        task.description.hash(state);
        task.tags.hash(state);
        task.concurrency_key.hash(state);
        task.policy.hash(state);
        (task.priority, task.max_attempts, task.timeout_secs, task.tenant).hash(state);
        state.finish()
    }
}

impl TaskSpec {
    fn new(task: &Task<'_>, names: &mut Names) -> Self {
        Self {
            description: task.description.as_deref().map(|text| names.intern(text)),
            tags: task.tags.iter().map(|tag| names.intern(tag)).collect(),
            priority: task.priority,
            policy: task.policy.clone(),
            max_attempts: task.max_attempts,
            timeout_secs: task.timeout_secs,
            concurrency_key: task.concurrency_key.as_deref().map(|text| names.intern(text)),
            releases_key_on_retry: task.releases_key_on_retry,
            releases_key_while_awaiting: task.releases_key_while_awaiting,
            detached: task.detached,
            tenant: task.tenant,
        }
    }

    /// Whether a task's creation says the same.
    fn says(&self, task: &Task<'_>, names: &Names) -> bool {
        let text = |name: Option<Name>| name.map(|name| names.text(name));
        self.max_attempts == task.max_attempts
            && self.priority == task.priority
            && self.timeout_secs == task.timeout_secs
            && self.releases_key_on_retry == task.releases_key_on_retry
            && self.releases_key_while_awaiting == task.releases_key_while_awaiting
            && self.detached == task.detached
            && self.tenant == task.tenant
            && text(self.description) == task.description.as_deref()
            && text(self.concurrency_key) == task.concurrency_key.as_deref()
            && self.tags.iter().map(|tag| names.text(*tag)).eq(task.tags.iter().map(AsRef::as_ref))
            && self.policy == task.policy
    }
}

impl TaskRecord {
    pub(super) const fn unknown(id: TaskId) -> Self {
        Self {
            id,
            spec: UNKNOWN,
            created_at: Stamp::NONE,
            first_run: NO_RUN,
            live: 0,
            completed: 0,
            rest: Seat::NONE,
        }
    }
}

impl TaskEntry<'_> {
    /// How the task ended, if it did (`task_status.rs` of actionqueue-storage 0.3.0). A cron task that may still
    /// derive runs has not ended; whether its expression has run out of instants is asked of the cron library.
    pub(super) fn end(&self) -> Option<TaskEnd> {
        if self.canceled_at.is_some() {
            return Some(TaskEnd::Canceled);
        }
        let spec = self.spec?;
        if self.live > 0 {
            return None;
        }
        let total = self.runs.len();
        let more_to_come = match &spec.policy {
            RunPolicy::Once => total == 0,
            RunPolicy::Repeat { count, .. } => total < *count as usize,
            RunPolicy::Cron { expression, max_occurrences } => {
                let after = if total > 0 { self.last_scheduled } else { self.created_at.saturating_sub(1) };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_kept_in_48_bytes() {
        assert!(size_of::<TaskRecord>() <= 48, "{}", size_of::<TaskRecord>());
    }
}
