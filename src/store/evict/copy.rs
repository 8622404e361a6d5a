//! Copies the kept rows from one store into another, with new keys, new names and new slots.

use super::{Eviction, NOT_KEPT, Renaming, Renumbering, task_key};
use crate::model::id::{Id, IdTexts, RunId, TaskId};
use crate::model::task::RunPolicy;
use crate::store::Store;
use crate::store::key::{RunKey, TaskKey};
use crate::store::name::{Name, Names};
use crate::store::record::RareFields;
use crate::store::spec::{NO_SPEC, TaskSpec};
use crate::store::stamp::Stamp;
use crate::store::state_list::Slot;
use crate::store::task::{NO_RUN, TaskCell};
use crate::store::transitions::Link;
use crate::store::versioned::slab::SlotId;

impl Eviction {
    pub(super) fn copy_tasks(&mut self, store: &Store, n: usize) -> usize {
        let end = store.tasks.len().min(self.next.saturating_add(n));
        let did = end - self.next;
        for old in (self.next..end).map(task_key) {
            if self.tasks[old.index()] != NOT_KEPT || self.named.contains(&old) {
                self.copy_task(store, old);
            }
        }
        self.next = end;
        did
    }

    fn copy_task(&mut self, store: &Store, old: TaskKey) {
        let task = store.task(old);
        let (n_kept, last_scheduled) =
            (task.runs.iter().filter(|run| self.is_kept(store, **run)).count(), task.last_scheduled);
        let copy = &mut *self.copy;
        let key = task_key(copy.tasks.len());
        self.tasks[old.index()] = key.0;
        let record = &store.tasks[old.index()];
        let spec = self.renaming.spec(store, copy, record.spec);
        let created_at = restamp(store, copy, record.created_at);
        copy.tasks.push(TaskCell {
            spec,
            created_at,
            first_run: NO_RUN,
            gone: record.gone + u32::try_from(task.runs.len() - n_kept).unwrap_or(u32::MAX),
            rest: SlotId::NONE,
            ..record.clone()
        });
        copy.id_texts.keep(&store.id_texts, record.id);
        copy.task_index.insert(&record.id, key.0, |key| copy.tasks[key as usize].id);
        let is_cron = task.spec.is_some_and(|spec| matches!(spec.policy, RunPolicy::Cron { .. }));
        if let Some(rest) = store.task_rests.get(record.rest) {
            let named = rest.depends_on.iter().chain(&rest.children).chain(&rest.parent);
            named.for_each(|task| copy.id_texts.keep(&store.id_texts, *task));
            *copy.rest_mut(key) = rest.clone();
        }
        // Otherwise the task is known by its runs.
        if n_kept < task.runs.len() && (is_cron || record.rest != SlotId::NONE) {
            copy.rest_mut(key).last_scheduled = last_scheduled;
        }
    }

    pub(super) fn copy_runs(&mut self, store: &Store, n: usize) -> usize {
        let end = store.runs.len().min(self.next.saturating_add(n));
        let did = end - self.next;
        for old in (self.next..end).map(RunKey::from_index) {
            let is_kept = self.is_kept(store, old);
            let key = if is_kept { self.copy_run(store, old).0 } else { NOT_KEPT };
            self.renumbering.0.push(key);
            if !is_kept {
                self.gone[store.record(old).state.index()] += 1;
            }
        }
        self.next = end;
        did
    }

    fn copy_run(&mut self, store: &Store, old: RunKey) -> RunKey {
        let Self { copy, tasks, renaming, .. } = self;
        let key = RunKey::from_index(copy.runs.len());
        let (mut record, mut cold) = (store.record(old).clone(), store.cold(old).clone());
        record.last_state_change_at = restamp(store, copy, record.last_state_change_at);
        record.slot = Slot::NONE;
        record.lease = SlotId::NONE;
        if let Some(mut lease) = store.lease_of(old) {
            lease.owner = renaming.name(store, &mut copy.names, lease.owner);
            let held = crate::store::record::HeldLease::new(&lease, &mut copy.stamps);
            record.lease = copy.leases.insert(held);
        }
        record.change = copy_changes(store, copy, record.change);
        record.attempt = copy_attempts(store, copy, renaming, record.attempt);
        let task = TaskKey(tasks[cold.task.index()]);
        cold.task = task;
        cold.created_at = restamp(store, copy, cold.created_at);
        cold.scheduled_at = restamp(store, copy, cold.scheduled_at);
        if let Some(rare) = store.rare_fields.get(cold.rare) {
            let mut renamed = |name: Option<Name>| Some(renaming.name(store, &mut copy.names, name?));
            let (reason, error) = (renamed(rare.reason), renamed(rare.error));
            let (output, word) = (renamed(rare.output), renamed(rare.word));
            cold.rare = copy.rare_fields.insert(RareFields {
                reason,
                error,
                output,
                word,
                near_slot: Slot::NONE,
                ..*rare
            });
        }
        let id = record.id;
        copy.id_texts.keep(&store.id_texts, id);
        if let Some(worker) = store.workers.get(old.index()).copied().flatten() {
            let worker = renaming.name(store, &mut copy.names, worker);
            while copy.workers.len() < key.index() {
                copy.workers.push(None);
            }
            copy.workers.push(Some(worker));
        }
        copy.runs.push(record);
        copy.cold_records.push(cold);
        copy.index.insert(&id, key.0, |key| copy.runs[key as usize].id);
        copy.give_to_task(task, key);
        key
    }

    pub(super) fn copy_rest(&mut self, store: &Store) {
        let Self { copy, tasks, renaming, renumbering, .. } = self;
        let Store { names, id_texts, .. } = &mut **copy;
        copy.side = store.side.evicted(&mut Kept { store, names, id_texts, renaming, renumbering, tasks });
    }
}

/// View of an eviction pass for an engine's own data: the kept rows and their new keys and names.
pub struct Kept<'a> {
    store: &'a Store,
    names: &'a mut Names,
    id_texts: &'a mut IdTexts,
    renaming: &'a mut Renaming,
    renumbering: &'a Renumbering,
    tasks: &'a [u32],
}

impl Kept<'_> {
    /// New key of a run, if it is kept.
    #[must_use]
    pub fn run(&self, before: RunKey) -> Option<RunKey> {
        self.renumbering.now(before)
    }

    /// New key of the run with this id, if it exists and is kept.
    #[must_use]
    pub fn run_of(&self, id: RunId) -> Option<RunKey> {
        self.run(self.store.find(id)?)
    }

    /// New key of a task, if it is kept.
    #[must_use]
    pub fn task(&self, before: TaskKey) -> Option<TaskKey> {
        self.tasks.get(before.index()).copied().filter(|key| *key != NOT_KEPT).map(TaskKey)
    }

    /// New key of the task with this id, if it exists and is kept.
    #[must_use]
    pub fn task_of(&self, id: TaskId) -> Option<TaskKey> {
        self.task(self.store.find_task(id)?)
    }

    /// Keeps the text of an id that the engine's data refers to.
    pub fn id(&mut self, id: impl Id) {
        self.id_texts.keep(&self.store.id_texts, id);
    }

    /// New name of a text.
    pub fn name(&mut self, before: Name) -> Name {
        self.renaming.name(self.store, self.names, before)
    }
}

fn restamp(store: &Store, copy: &mut Store, stamp: Stamp) -> Stamp {
    if stamp.is_none() { stamp } else { copy.stamps.pack(store.stamps.unpack(stamp)) }
}

fn copy_changes(store: &Store, copy: &mut Store, chain: Link) -> Link {
    let mut changes: Vec<_> = store.changes.latest(chain).collect();
    changes.reverse();
    let mut copied = Link::NONE;
    for (from, to, at) in changes {
        let at = restamp(store, copy, at);
        copy.changes.push(&mut copied, from, to, at);
    }
    copied
}

fn copy_attempts(store: &Store, copy: &mut Store, renaming: &mut Renaming, chain: Link) -> Link {
    let mut links: Vec<Link> = store.attempts.latest(chain).map(|(link, _)| link).collect();
    links.reverse();
    let mut copied = Link::NONE;
    for link in links {
        let Store { attempts, stamps, names, id_texts, .. } = copy;
        if let Some(attempt) = store.attempts.get(link) {
            id_texts.keep(&store.id_texts, attempt.id);
        }
        attempts.copy(
            &store.attempts,
            link,
            &mut copied,
            |stamp| if stamp.is_none() { stamp } else { stamps.pack(store.stamps.unpack(stamp)) },
            |name| renaming.name(store, names, name),
        );
    }
    copied
}

impl Renaming {
    fn name(&mut self, store: &Store, names: &mut Names, name: Name) -> Name {
        let index = name.number() as usize;
        if self.names.len() <= index {
            self.names.resize(index + 1, 0);
        }
        Name::numbered(self.names[index]).unwrap_or_else(|| {
            let renamed = names.intern(store.text(name));
            self.names[index] = renamed.number();
            renamed
        })
    }

    fn spec(&mut self, store: &Store, copy: &mut Store, number: u32) -> u32 {
        let Some(spec) = store.specs.get(number) else { return NO_SPEC };
        let index = number as usize;
        if self.specs.len() <= index {
            self.specs.resize(index + 1, NO_SPEC);
        }
        if self.specs[index] == NO_SPEC {
            let Store { specs, names, .. } = copy;
            let mut rename = |name: Name| self.name(store, names, name);
            let renamed = TaskSpec {
                description: spec.description.map(&mut rename),
                tags: spec.tags.iter().map(|tag| rename(*tag)).collect(),
                concurrency_key: spec.concurrency_key.map(&mut rename),
                policy: spec.policy.clone(),
                ..*spec
            };
            self.specs[index] = specs.adopt(&store.specs, number, renamed);
        }
        self.specs[index]
    }
}
