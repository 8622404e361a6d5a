//! Rules of admission: tasks, their runs and budgets, and whole admissions.

use std::collections::HashSet;

use super::{Context, Outcome, Reducer};
use crate::engine::actionqueue::UNIT;
use crate::engine::actionqueue::cron;
use crate::engine::actionqueue::event::Admission;
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::rejection::RejectionFault;
use crate::engine::actionqueue::run_instance::RunInstance;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::stored::created;
use crate::engine::actionqueue::task_end::task_end;
use crate::engine::actionqueue::waits::WaitSubject;
use crate::model::facts::Budget;
use crate::model::id::TaskId;
use crate::model::task::{RunPolicy, Task};
use crate::store::TaskSpec;
use crate::store::{RunKey, TaskKey};

/// Maximum nesting depth of tasks (`validate_admission`).
const MAX_TASK_DEPTH: usize = 8;
/// Maximum number of runs in one admission, and of runs derived ahead for a cron policy. Both have the engine's
/// names.
const MAX_RUNS_PER_ADMISSION: usize = 64;
const CRON_WINDOW_SIZE: u32 = 5;

impl Reducer<'_> {
    /// TaskCreated, and the task of an admission.
    pub(super) fn create_task(
        &mut self,
        task: &Task<'_>,
        at: u64,
        recorded: Option<u64>,
    ) -> Result<TaskKey, Rejection> {
        let key = self.store.task_key(task.id);
        if self.store.task(key).spec.is_some() {
            return Err(Rejection::DuplicateTask(task.id));
        }
        self.store.create_task(key, task, at, recorded);
        Ok(key)
    }

    /// RunCreated, and each run of an admission. The task need not exist.
    pub(super) fn create_run(&mut self, run: &RunInstance, cx: Context) -> Result<RunKey, Rejection> {
        if self.store.find(run.id()).is_some() {
            return Err(Rejection::DuplicateRun(run.id()));
        }
        if run.state() != RunState::Scheduled {
            return Err(Rejection::BornIn { run: run.id(), state: run.state() });
        }
        if run.scheduled_at() >= UNIT.latest_believed() {
            self.store.look_at_time_ahead(cx.place, cx.sequence(), run.scheduled_at());
        }
        let key = self.store.insert_run(&created(run), cx.last);
        self.store.begin_history(key);
        Ok(key)
    }

    pub(super) fn declare_dependencies(&mut self, task: TaskId, on: &[TaskId]) {
        let key = self.store.task_key(task);
        self.store.add_dependencies(key, on);
    }

    pub(super) fn allocate(&mut self, task: TaskId, budget: Budget) {
        let key = self.store.task_key(task);
        let budgets = self.own.budgets.get_or_default(key);
        match budgets.iter_mut().find(|old| old.dimension == budget.dimension) {
            Some(old) => *old = budget,
            None => budgets.push(budget),
        }
    }

    /// AdmissionCommitted: a task and its first runs, all or nothing.
    pub(super) fn admission_committed(&mut self, cx: Context, admission: &Admission<'_>) -> Outcome {
        self.check_recorded(cx, admission.recorded)?;
        self.check_admission(admission, &[]).map_err(|why| Rejection::Admission(RejectionFault::new(why)))?;
        self.admit(cx, admission)
    }

    pub(super) fn admit(&mut self, cx: Context, admission: &Admission<'_>) -> Outcome {
        self.create_task(&admission.task, admission.at, Some(admission.recorded))?;
        for run in &admission.runs {
            self.create_run(run, cx)?;
        }
        if !admission.dependencies.is_empty() {
            self.declare_dependencies(admission.task.id, &admission.dependencies);
        }
        let key = self.store.intern(&admission.key);
        self.own.admissions.insert((admission.task.tenant, key), ());
        Ok(())
    }

    /// `validate_admission` of the engine. `siblings` are admitted by the same event.
    pub(super) fn check_admission(
        &self,
        admission: &Admission<'_>,
        siblings: &[Admission<'_>],
    ) -> Result<(), String> {
        let task = &admission.task;
        let named = task.id;
        if self.spec_of(task.id).is_some() {
            return Err(format!("task {named} was created before"));
        }
        if self
            .store
            .find_name(&admission.key)
            .is_some_and(|key| self.own.admissions.contains(&(task.tenant, key)))
        {
            return Err(format!("admission {:?} was committed before", admission.key));
        }
        if let Some(tenant) = task.tenant {
            return Err(format!(
                "task {named} belongs to tenant {tenant}, which this store does not admit for"
            ));
        }
        self.check_ancestors(task)?;
        let known = |id: &TaskId| self.spec_of(*id).is_some() || siblings.iter().any(|it| it.task.id == *id);
        if let Some(unknown) = admission.dependencies.iter().find(|id| !known(id) && !self.is_lenient()) {
            return Err(format!("task {named} depends on task {unknown}, which the log has not created"));
        }
        if self.reaches(&admission.dependencies, task.id, siblings) {
            return Err(format!("task {named} depends on itself"));
        }
        if let Some(parent) = task.parent
            && !task.detached
            && admission.dependencies.iter().any(|id| self.completion_requires(*id, parent))
        {
            return Err(format!("task {named} depends on a task that waits for its parent"));
        }
        self.check_first_runs(admission)
    }

    fn check_ancestors(&self, task: &Task<'_>) -> Result<(), String> {
        let named = task.id;
        let mut seen = HashSet::new();
        let mut cursor = task.parent;
        let mut depth = 0;
        while let Some(parent) = cursor {
            if parent == task.id || !seen.insert(parent) {
                return Err(format!("task {named} is its own ancestor"));
            }
            let Some(entry) = self.store.find_task(parent).map(|key| self.store.task(key)) else {
                return self.unknown_parent(named, parent);
            };
            if entry.spec.is_none() {
                return self.unknown_parent(named, parent);
            }
            if depth == 0 && task_end(&entry).is_some() {
                return Err(format!("task {named} has a parent that has ended: {parent}"));
            }
            depth += 1;
            if depth > MAX_TASK_DEPTH {
                return Err(format!("task {named} is nested deeper than {MAX_TASK_DEPTH}"));
            }
            cursor = entry.parent;
        }
        Ok(())
    }

    fn unknown_parent(&self, task: TaskId, parent: TaskId) -> Result<(), String> {
        if self.is_lenient() {
            return Ok(());
        }
        Err(format!("task {task} has a parent that the log has not created: {parent}"))
    }

    fn check_first_runs(&self, admission: &Admission<'_>) -> Result<(), String> {
        let (named, at) = (admission.task.id, admission.at);
        let wrong = || format!("the first runs of task {named} do not follow from its policy");
        // A schedule in seconds cannot be checked against instants in another unit, which are a problem of their own.
        let expected = if self.is_lenient() && !UNIT.is_believed(at) {
            admission.runs.iter().map(RunInstance::scheduled_at).collect()
        } else {
            initial_schedule(&admission.task.policy, at).ok_or_else(wrong)?
        };
        if admission.runs.len() != expected.len() || expected.len() > MAX_RUNS_PER_ADMISSION {
            return Err(wrong());
        }
        let mut seen = HashSet::new();
        for (run, scheduled_at) in admission.runs.iter().zip(expected) {
            if run.task_id() != named {
                return Err(format!("run {} belongs to another task than {named}", run.id()));
            }
            if !seen.insert(run.id()) || self.store.find(run.id()).is_some() {
                return Err(format!("run {} was created before", run.id()));
            }
            let as_expected = RunInstance::new_scheduled_with_id(run.id(), named, scheduled_at, at);
            if as_expected.is_ok_and(|expected| expected != *run) {
                return Err(wrong());
            }
        }
        Ok(())
    }

    pub(super) fn spec_of(&self, task: TaskId) -> Option<&TaskSpec> {
        self.store.task(self.store.find_task(task)?).spec
    }

    /// True if a declared dependency leads from one of `from` to `to`.
    fn reaches(&self, from: &[TaskId], to: TaskId, siblings: &[Admission<'_>]) -> bool {
        let mut pending = from.to_vec();
        let mut seen = HashSet::new();
        while let Some(id) = pending.pop() {
            if id == to {
                return true;
            }
            if seen.insert(id) {
                if let Some(key) = self.store.find_task(id) {
                    pending.extend(self.store.task(key).depends_on);
                }
                let sibling = siblings.iter().find(|it| it.task.id == id);
                pending.extend(sibling.into_iter().flat_map(|it| &it.dependencies));
            }
        }
        false
    }

    /// True if `start` can complete only after `target`: by dependencies, required children and child waits.
    pub(super) fn completion_requires(&self, start: TaskId, target: TaskId) -> bool {
        let mut pending = vec![start];
        let mut seen = HashSet::new();
        while let Some(id) = pending.pop() {
            if id == target {
                return true;
            }
            let Some(key) = self.store.find_task(id).filter(|_| seen.insert(id)) else { continue };
            let entry = self.store.task(key);
            pending.extend(entry.depends_on);
            pending.extend(entry.children.iter().filter(|child| self.is_required(**child)));
            for run in entry.runs {
                if let Some(WaitSubject::Children { tasks, .. }) =
                    self.own.wait(*run).map(|wait| &wait.target)
                {
                    pending.extend(tasks.iter().copied());
                }
            }
        }
        false
    }

    fn is_required(&self, child: TaskId) -> bool {
        self.spec_of(child).is_some_and(|spec| !spec.detached)
    }

    /// Refuses the completion of a parent before its required children have ended (0.2 and later).
    pub(super) fn check_children_ended(&self, key: RunKey) -> Outcome {
        let record = self.store.record(key);
        let running = self.store.task(self.store.task_of(key)).children.iter().find(|child| {
            self.is_required(**child)
                && self
                    .store
                    .find_task(**child)
                    .is_some_and(|child| task_end(&self.store.task(child)).is_none())
        });
        match running {
            None => Ok(()),
            Some(child) => {
                let run = record.id();
                let why = format!("run {run} cannot complete before its child task {child} has ended");
                Err(Rejection::Gated(RejectionFault::of(run, why)))
            }
        }
    }
}

/// Due instants of the first runs of a policy, from its creation.
fn initial_schedule(policy: &RunPolicy, at: u64) -> Option<Vec<u64>> {
    match policy {
        RunPolicy::Once => Some(vec![at]),
        RunPolicy::Repeat { count, interval_secs } => (0..u64::from(*count))
            .take(MAX_RUNS_PER_ADMISSION + 1)
            .map(|n| n.checked_mul(*interval_secs).and_then(|offset| at.checked_add(offset)))
            .collect(),
        RunPolicy::Cron { expression, max_occurrences } => {
            let count = max_occurrences.unwrap_or(CRON_WINDOW_SIZE).min(CRON_WINDOW_SIZE);
            Some(cron::occurrences(expression, at.saturating_sub(1), count as usize))
        }
    }
}
