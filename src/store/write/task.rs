//! Writes to tasks: creation, dependencies, cancellation.

use crate::model::id::TaskId;
use crate::model::task::Task;
use crate::store::spec::NO_SPEC;
use crate::store::task::{TaskCell, TaskRest};
use crate::store::versioned::slab::SlotId;
use crate::store::{Store, TaskKey};

impl Store {
    /// Key of a task, added with its id alone if it is new: a run may precede its task in the log.
    pub fn task_key(&mut self, id: TaskId) -> TaskKey {
        if let Some(key) = self.find_task(id) {
            return key;
        }
        let key = TaskKey(u32::try_from(self.tasks.len()).expect("fewer than 2^32 tasks fit in memory"));
        self.tasks.push(TaskCell::unknown(id));
        self.task_index.insert(&id, key.0, |key| self.tasks[key as usize].id);
        key
    }

    /// Records the creation of a task. `recorded` is the sequence inside its record, if it has one.
    pub fn create_task(&mut self, key: TaskKey, task: &Task<'_>, at: u64, recorded: Option<u64>) {
        if let Some(parent) = task.parent {
            let parent_key = self.task_key(parent);
            self.rest_mut(parent_key).children.push(task.id);
            self.rest_mut(key).parent = Some(parent);
        }
        if recorded.is_some() {
            self.rest_mut(key).recorded = recorded;
        }
        let record = &mut self.tasks[key.index()];
        record.spec = self.specs.intern(task, &mut self.names);
        record.created_at = self.stamps.pack(at);
        self.head.known_tasks += 1;
        // A run may precede its task, whose cap becomes known only now.
        for n in 0..self.task(key).runs.len() {
            let run = self.task(key).runs[n];
            self.place_near_cap(run);
            self.runs.touch(run.index());
        }
    }

    /// Keeps what a task is, for one whose log tells it more than once, and not when it was created.
    pub fn describe_task(&mut self, key: TaskKey, task: &Task<'_>) {
        let record = &mut self.tasks[key.index()];
        if record.spec == NO_SPEC {
            self.head.known_tasks += 1;
            record.created_at = self.stamps.pack(0);
        }
        record.spec = self.specs.intern(task, &mut self.names);
        for n in 0..self.task(key).runs.len() {
            let run = self.task(key).runs[n];
            self.place_near_cap(run);
            self.runs.touch(run.index());
        }
    }

    /// Adds dependencies of a task.
    pub fn add_dependencies(&mut self, task: TaskKey, on: &[TaskId]) {
        let rest = self.rest_mut(task);
        for prerequisite in on {
            if !rest.depends_on.contains(prerequisite) {
                rest.depends_on.push(*prerequisite);
            }
        }
    }

    /// Records the cancellation of a task.
    pub fn cancel_task(&mut self, task: TaskKey, at: u64) {
        self.rest_mut(task).canceled_at = Some(at);
    }

    /// Rare fields of a task, inserted if it has none.
    pub(in crate::store) fn rest_mut(&mut self, task: TaskKey) -> &mut TaskRest {
        let record = &mut self.tasks[task.index()];
        if record.rest == SlotId::NONE {
            record.rest = self.task_rests.insert(TaskRest::default());
        }
        self.task_rests.get_mut(record.rest).expect("it was inserted")
    }
}
