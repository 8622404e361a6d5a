//! Data of ActionQueue beside its runs: waits, signals, budgets, concurrency keys, admissions. Versioned with the
//! store.

use std::fmt::Debug;

use super::event::{Assignment, CancelTarget, EventKind, Vocabulary};
use super::task_end::task_end;
use super::waits::{Signals, WaitRecord, WaitSubject, Waits};
use crate::model::facts::Budget;
use crate::model::facts::Dimension;
use crate::model::id::{CheckpointId, TenantId};
use crate::model::kind::KindId;
use crate::store::versioned::epoch::{Cell, Composite, Versioned};
use crate::store::versioned::map::{VersionedMap, VersionedSet};
use crate::store::{Kept, Name, RunKey, Side, Store, TaskEntry, TaskKey};

/// Data of ActionQueue alone.
#[derive(Debug, Default)]
pub struct Registry {
    /// Vocabulary of the log, once an event has shown it.
    pub(super) vocabulary: Cell<Option<Vocabulary>>,
    pub(super) budgets: VersionedMap<TaskKey, Vec<Budget>>,
    pub(super) waits: Waits,
    pub(super) signals: Signals,
    pub(super) tenants: VersionedSet<TenantId>,
    /// Holder of each concurrency key, and the key that each run holds (0.2 and later).
    pub(super) key_owners: VersionedMap<Name, RunKey>,
    pub(super) keys_held: VersionedMap<RunKey, Name>,
    /// Targets whose cancellation was committed (0.2 and later): a repeat is legal.
    pub(super) canceled: VersionedSet<CancelTarget>,
    pub(super) checkpoints: VersionedSet<CheckpointId>,
    pub(super) admissions: VersionedSet<(Option<TenantId>, Name)>,
    /// Wake that the last attempt of a run was started with, if any.
    pub(super) assigned: VersionedMap<RunKey, Assignment>,
}

impl Registry {
    /// Registry of a store; `None` if the store is of another engine.
    #[must_use]
    pub fn of(store: &Store) -> Option<&Self> {
        store.side_of()
    }

    /// Vocabulary of the log, once an event has shown it.
    #[must_use]
    pub const fn vocabulary(&self) -> Option<Vocabulary> {
        self.vocabulary.value
    }

    /// True for 0.2 and later.
    #[must_use]
    #[inline]
    pub fn is_newer(&self) -> bool {
        self.vocabulary.value == Some(Vocabulary::Aq02)
    }

    pub(super) fn budget_list(&self, task: TaskKey) -> &[Budget] {
        self.budgets.get(&task).map_or(&[], Vec::as_slice)
    }

    pub(super) fn budget_mut(&mut self, task: TaskKey, dimension: Dimension) -> Option<&mut Budget> {
        self.budgets.get_mut(&task)?.iter_mut().find(|budget| budget.dimension == dimension)
    }

    /// Wait of an awaiting run.
    #[must_use]
    pub fn wait(&self, key: RunKey) -> Option<&WaitRecord> {
        self.waits.records.get(self.waits.active.get(&key)?)
    }

    /// Run that holds a concurrency key (0.2 and later).
    #[must_use]
    pub fn key_owner(&self, key: Name) -> Option<RunKey> {
        self.key_owners.get(&key).copied()
    }
}

impl Composite for Registry {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        // All parts that an event may change; a part missing here would stay in the future.
        let Self {
            vocabulary,
            budgets,
            waits,
            signals,
            tenants,
            key_owners,
            keys_held,
            canceled,
            checkpoints,
            admissions,
            assigned,
        } = self;
        let parts: [&mut dyn Versioned; 11] = [
            vocabulary,
            budgets,
            waits,
            signals,
            tenants,
            key_owners,
            keys_held,
            canceled,
            checkpoints,
            admissions,
            assigned,
        ];
        parts.into_iter().for_each(of);
    }
}

impl Side for Registry {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self::default())
    }

    fn kind_name(&self, kind: KindId) -> &'static str {
        EventKind::of(kind).map_or("", EventKind::name)
    }

    fn needs(&self, task: TaskKey) -> bool {
        self.budgets.contains(&task)
    }

    fn may_go_on(&self, task: &TaskEntry<'_>) -> bool {
        task_end(task).is_none()
    }

    fn evicted(&self, kept: &mut Kept<'_>) -> Box<dyn Side> {
        let mut left = Self { vocabulary: Cell::of(self.vocabulary.value), ..Self::default() };
        for (task, budgets) in self.budgets.iter() {
            if let Some(task) = kept.task(*task) {
                left.budgets.insert(task, budgets.clone());
            }
        }
        for (id, record) in self.waits.records.iter() {
            let Some(run) = kept.run(record.run) else { continue };
            let target = match &record.target {
                WaitSubject::Signal { filter, after } => {
                    WaitSubject::Signal { filter: filter.renamed(|name| kept.name(name)), after: *after }
                }
                children @ WaitSubject::Children { .. } => children.clone(),
            };
            left.waits.records.insert(*id, WaitRecord { run, target, ..record.clone() });
        }
        of_kept_runs(kept, &self.waits.active, &mut left.waits.active);
        of_kept_runs(kept, &self.waits.pending, &mut left.waits.pending);
        of_kept_runs(kept, &self.waits.administrative, &mut left.waits.administrative);
        of_kept_runs(kept, &self.assigned, &mut left.assigned);
        left.signals = Signals::without_retired(&self.signals, |name| kept.name(name));
        for (tenant, ()) in self.tenants.iter() {
            left.tenants.insert(*tenant, ());
        }
        for (run, name) in self.keys_held.iter() {
            let Some(run) = kept.run(*run) else { continue };
            let name = kept.name(*name);
            left.keys_held.insert(run, name);
            left.key_owners.insert(name, run);
        }
        for (target, ()) in self.canceled.iter() {
            let is_kept = match *target {
                CancelTarget::Run(run) => kept.run_of(run).is_some(),
                CancelTarget::Task(task) => kept.task_of(task).is_some(),
            };
            if is_kept {
                left.canceled.insert(*target, ());
            }
        }
        Box::new(left)
    }

    fn digest(&self, add: &mut dyn FnMut(&dyn Debug)) {
        add(&self.vocabulary.value);
        add(&self.budgets.sorted());
        add(&self.waits.records.sorted());
        add(&self.waits.active.sorted());
        add(&self.waits.pending.sorted());
        add(&self.waits.administrative.sorted());
        add(&self.signals.sorted());
        add(&self.signals.historical.sorted());
        add(&self.tenants.sorted());
        add(&self.key_owners.sorted());
        add(&self.keys_held.sorted());
        add(&self.canceled.sorted());
        add(&self.checkpoints.sorted());
        add(&self.admissions.sorted());
        add(&self.assigned.sorted());
    }
}

/// Copies the values of kept runs into another registry.
fn of_kept_runs<V: Copy>(kept: &Kept<'_>, from: &VersionedMap<RunKey, V>, to: &mut VersionedMap<RunKey, V>) {
    for (run, thing) in from.iter() {
        if let Some(run) = kept.run(*run) {
            to.insert(run, *thing);
        }
    }
}
