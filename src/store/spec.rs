//! Task specs, deduplicated: thousands of tasks share one.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::name::{Name, Names};
use super::versioned::epoch::{Cell, Composite, Versioned};
use crate::model::id::TenantId;
use crate::model::task::{RunPolicy, Task};

/// Shareable part of a task's creation.
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

/// Number of no spec.
pub(super) const NO_SPEC: u32 = u32::MAX;

/// Every distinct spec, by number.
#[derive(Debug, Default)]
pub(super) struct Specs {
    specs: Vec<TaskSpec>,
    /// Number of specs known at the current instant; those beyond belong to its future.
    len: Cell<u32>,
    /// Invariant: the hash of each of `specs`.
    hashes: Vec<u64>,
    index: HashTable<u32>,
    /// Seeded at random, so that no log can choose colliding specs.
    hasher: RandomState,
}

impl Specs {
    /// An empty table with the hasher of another.
    pub(super) fn hashed_as(other: &Self) -> Self {
        Self { hasher: other.hasher.clone(), ..Self::default() }
    }

    /// Copies a spec, with its names renamed, from a table with the same hasher; deduplicates it.
    pub(super) fn adopt(&mut self, from: &Self, number: u32, renamed: TaskSpec) -> u32 {
        self.add(renamed, from.hashes[number as usize])
    }

    /// Number of a task's spec, interned if it is new. Allocates only for a new one.
    pub(super) fn intern(&mut self, task: &Task<'_>, names: &mut Names) -> u32 {
        let hash = self.hash(task);
        let known =
            self.index.find(hash, |number| self.specs[*number as usize].matches(task, names)).copied();
        if let Some(number) = known {
            if number >= self.len.value {
                // It is known from the future: its names become known now, in their order.
                drop(TaskSpec::new(task, names));
                self.len.value = number + 1;
            }
            return number;
        }
        self.add(TaskSpec::new(task, names), hash)
    }

    fn add(&mut self, spec: TaskSpec, hash: u64) -> u32 {
        let number = u32::try_from(self.specs.len()).expect("fewer than 2^32 specs fit in memory");
        self.specs.push(spec);
        self.len.value = number + 1;
        self.hashes.push(hash);
        self.index.insert_unique(hash, number, |number| self.hashes[*number as usize]);
        number
    }

    pub(super) fn get(&self, number: u32) -> Option<&TaskSpec> {
        self.specs.get(number as usize)
    }

    /// Approximate size in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.specs.capacity() * (size_of::<TaskSpec>() + size_of::<u64>() + size_of::<u32>())
    }

    /// Specs known at the current instant, latest first.
    pub(super) fn latest(&self) -> impl Iterator<Item = &TaskSpec> + '_ {
        self.specs[..self.len.value as usize].iter().rev()
    }

    /// Hash of the fields that distinguish most specs; the rest is compared.
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

impl Composite for Specs {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.len);
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

    /// True if a task's creation has the same spec.
    fn matches(&self, task: &Task<'_>, names: &Names) -> bool {
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
