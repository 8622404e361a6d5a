//! From a line to the store. Records are whole, so a later one replaces an earlier one: no step is judged. What the order
//! of saves shows, and when it shows nothing, is decided here.
//!
//! The engine's one loop waits for each save before the next (`dag/mod.rs`). It saves the end of a task, then skips all
//! that hangs on one that failed, then dispatches all that is ready, before it looks at the next end. So a dispatch
//! follows the end that made it ready, and tasks that are skipped follow the failure that they are skipped for, with
//! nothing but other skipped tasks between.

use std::collections::HashSet;

use super::decode::{
    AttemptEndLine, AttemptStartLine, DagContent, DeadLetter, RunHeader, SavedState, SavedTask,
};
use super::lines::DagEntry;
use super::states::{OTHER, TaskState};
use super::tasks::{self, DagTasks, TaskDetail};
use crate::model::facts::AttemptResult;
use crate::model::id::{AttemptId, Id, LONGEST_ID, RunId, TaskId};
use crate::model::kind::KindId;
use crate::model::position::Position;
use crate::store::write::{Ending, Refusal};
use crate::store::{Last, ProblemKind, RunKey, Store};

/// The beginning of the error of a task that took too long (`error/types.rs`).
const TIMED_OUT: &str = "task timed out after ";

/// The rules, with what they change.
pub(super) struct Upserts<'a> {
    pub(super) store: &'a mut Store,
    pub(super) own: &'a mut DagTasks,
}

/// Place of a line in the log.
#[derive(Clone, Copy)]
struct Here {
    kind: KindId,
    place: Position,
    sequence: u64,
    /// The task that the line is about, by the first digest of its name.
    run: Option<RunId>,
}

impl Here {
    fn last(self) -> Last {
        Last::new(self.kind, self.sequence, self.place)
    }
}

impl Upserts<'_> {
    /// Applies one line, and accounts for it.
    pub(super) fn apply(&mut self, entry: &DagEntry<'_>) {
        if entry.nuls > 0 {
            let reason = format!("gap of {} NUL bytes", entry.nuls);
            self.store.note(ProblemKind::Nul, entry.place, None, None, reason);
        }
        if entry.content.is_event() {
            self.event(entry);
            return;
        }
        // Bytes that are no record may have been one.
        self.lose_order();
        let (kind, reason) = match &entry.content {
            DagContent::Unreadable(reason) => (ProblemKind::Unreadable, reason.clone()),
            DagContent::OverLong { bytes } => {
                (ProblemKind::OverLong, format!("a line of {bytes} bytes is over the limit; it was not read"))
            }
            _ => return self.store.blank(),
        };
        self.store.unreadable(kind, entry.place, reason);
    }

    fn event(&mut self, entry: &DagEntry<'_>) {
        let kind = match &entry.content {
            DagContent::Record(_) => tasks::RECORD,
            DagContent::DeadLetter(_) => tasks::DEAD_LETTER,
            DagContent::Graph(_) => tasks::GRAPH,
            DagContent::AttemptStart(_) => tasks::ATTEMPT_START,
            DagContent::AttemptEnd(_) => tasks::ATTEMPT_END,
            DagContent::Control(_) => tasks::CONTROL,
            DagContent::RunEnd(_) => tasks::RUN_END,
            _ => tasks::SCAN,
        };
        let sequence = self.store.latest_sequence() + 1;
        let here = Here { kind: KindId::new(kind), place: entry.place, sequence, run: entry.run };
        self.store.begin_event();
        let in_order = self.store.take_sequence(entry.place, sequence);
        debug_assert!(in_order.is_ok(), "it follows the latest");
        if !matches!(entry.content, DagContent::Graph(_)) {
            self.take_given(here);
        }
        let outcome = match &entry.content {
            DagContent::Record(saved) => self.record(here, saved),
            DagContent::DeadLetter(letter) => self.dead_letter(here, letter),
            DagContent::Graph(header) => self.graph(here, header),
            DagContent::AttemptStart(start) => self.attempt_start(here, start),
            DagContent::AttemptEnd(end) => self.attempt_end(here, end),
            DagContent::Scan { is_end } => {
                self.lose_order();
                self.own.execution.is_scanned = !is_end;
                Ok(())
            }
            DagContent::RunEnd(end) => {
                self.own.execution.ended_at = end.at;
                Ok(())
            }
            DagContent::Control(_) => Ok(()),
            _ => return self.store.ignored_event(sequence),
        };
        match outcome {
            Ok(()) => self.store.applied_event(here.kind, here.place, sequence, entry.content.at()),
            Err(refusal) => self.store.refused_event(here.place, sequence, refusal),
        }
    }

    /// Takes in the graph that a user gave, before the first event of a log that tells none.
    fn take_given(&mut self, here: Here) {
        if self.own.execution.n_graph > 0 {
            return;
        }
        let Some(given) = self.own.given.clone() else { return };
        if let Some(graph) = given.graph() {
            let _ = self.graph(here, &graph);
        }
    }

    /// From here on the order of saves shows nothing of what came before.
    fn lose_order(&mut self) {
        self.own.execution.last_end = None;
        self.own.execution.cascade = None;
    }

    fn id(&mut self, name: &str) -> Result<RunId, Refusal> {
        let first = RunId::of_text(name);
        self.id_as(name, first)
    }

    /// The id of a text of which decoding has made the first digest.
    fn id_as(&mut self, name: &str, first: RunId) -> Result<RunId, Refusal> {
        self.store.id_as(name, first).ok_or_else(|| {
            let n = name.len();
            let reason = format!("an id of {n} bytes: the engine takes 1 to {LONGEST_ID}");
            Refusal { kind: ProblemKind::Record, run: None, reason }
        })
    }

    fn record(&mut self, here: Here, saved: &SavedTask<'_>) -> Result<(), Refusal> {
        let id = self.id_as(&saved.id, here.run.unwrap_or_else(|| RunId::of_text(&saved.id)))?;
        let (state, word) = match &saved.state {
            SavedState::Known(state) => (state.id(), None),
            SavedState::Other(word) => (OTHER, Some(&**word)),
        };
        let known = self.store.find(id);
        let before = known.map(|key| self.own.detail(key));
        self.follow_execution(saved, before, known);
        let was_end = known.is_some_and(|key| self.store.state_of(key).is_terminal());
        let is_again = known.is_some_and(|key| {
            let before = before.unwrap_or_default();
            self.store.record(key).state() == state
                && before.execution == self.own.execution.number
                && before.started_at == saved.started_at
        });
        let key = match known {
            None => self.store.insert_seen(id, state, saved.updated_at, here.last()),
            Some(key) if is_again => {
                self.store.set_changed(key, saved.updated_at);
                self.store.set_last(key, here.last());
                key
            }
            Some(key) => {
                self.store.enter_state(key, state, saved.updated_at, here.last());
                key
            }
        };
        self.store.set_created(key, saved.created_at);
        self.store.set_word(key, word);
        self.store.set_error(key, saved.error.as_deref());
        self.store.set_output(key, saved.output);
        self.store.set_attempts(key, saved.attempts, last_result(saved));
        if let Some(word) = word {
            let name = self.store.intern(word);
            *self.own.words.get_or_default(name) += 1;
        }
        self.keep_detail(key, saved);
        self.count_end(key, was_end, is_again);
        Ok(())
    }

    /// Counts the ends of this execution, and those of the graph.
    fn count_end(&mut self, key: RunKey, was_end: bool, is_again: bool) {
        let is_end = self.store.state_of(key).is_terminal();
        let detail = self.own.detail(key);
        let latest = self.own.execution.last_finished.and_then(|last| self.own.detail(last).finished_at);
        let execution = &mut self.own.execution.value;
        if execution.n_graph > 0 && detail.graph == execution.graph {
            execution.n_ended = execution.n_ended - u32::from(was_end) + u32::from(is_end);
        }
        if is_end && !is_again {
            execution.n_ended_now += 1;
            // A skipped task ends without having taken any time.
            if detail.started_at.is_some() && detail.finished_at >= latest {
                execution.last_finished = Some(key);
            }
        }
    }

    /// Finds out whether another execution begins with a record. Nothing in a record says so.
    fn follow_execution(&mut self, saved: &SavedTask<'_>, before: Option<TaskDetail>, known: Option<RunKey>) {
        let execution = &mut self.own.execution.value;
        let is_dispatch = saved.state == SavedState::Known(TaskState::Running);
        let is_first = execution.number == 0;
        let is_of_this = before.is_some_and(|before| before.execution == execution.number);
        // A task is dispatched once in an execution, and all of its tasks are created as it begins.
        let was_dispatched =
            is_of_this && known.is_some_and(|key| self.store.record(key).state() != TaskState::Pending.id());
        let is_dispatched_again =
            is_dispatch && was_dispatched && before.and_then(|it| it.started_at) != saved.started_at;
        // A skipped task is not dispatched, nor is one that a host sets to pending; their records are new all the same.
        let is_renewed = before.is_some_and(|before| before.updated_at < saved.created_at);
        let is_created_later = execution.latest > 0 && saved.created_at > execution.latest;
        if is_first || is_dispatched_again || (is_created_later && !execution.is_scanned) {
            execution.begin_another();
        } else if !is_dispatch
            && before.is_some_and(|it| it.execution > 0 && it.execution < execution.number)
            && !is_renewed
        {
            // An earlier execution still saves: its tasks only end in it when it is alive.
            execution.is_mixed = !execution.is_scanned;
        }
        let execution = &mut self.own.execution.value;
        execution.latest = execution.latest.max(saved.updated_at);
        let started = execution.started_at.unwrap_or(saved.created_at);
        execution.started_at = Some(started.min(saved.created_at));
    }

    /// Keeps the rest of a record, and what its place in the order of saves shows.
    fn keep_detail(&mut self, key: RunKey, saved: &SavedTask<'_>) {
        let execution = self.own.execution.value;
        let shows = !execution.is_scanned && !execution.is_mixed;
        let (mut unblocked_by, mut root_cause) = (None, None);
        let mut after = (execution.last_end, None);
        match saved.state {
            SavedState::Known(TaskState::Running) => unblocked_by = execution.last_end.filter(|_| shows),
            SavedState::Known(TaskState::Skipped) => {
                root_cause = execution.cascade.filter(|_| shows);
                after.1 = execution.cascade;
            }
            SavedState::Known(state) if state.is_terminal() => {
                let failed = state != TaskState::Completed;
                after = (Some(key), failed.then_some(key));
            }
            _ => (),
        }
        (self.own.execution.last_end, self.own.execution.cascade) = after;
        let unblocked_by = unblocked_by.filter(|by| self.may_depend(key, *by));
        let root_cause = root_cause.filter(|by| self.may_hang_on(key, *by));
        if let Some(cause) = root_cause
            && self.own.detail(key).root_cause != root_cause
        {
            self.own.skipped_for.get_or_default(cause).push(key);
        }
        let detail = self.own.detail_mut(key);
        let is_dispatch = saved.state == SavedState::Known(TaskState::Running);
        *detail = TaskDetail {
            started_at: saved.started_at,
            finished_at: saved.finished_at,
            updated_at: saved.updated_at,
            execution: execution.number,
            unblocked_by: if is_dispatch { unblocked_by } else { detail.unblocked_by },
            root_cause,
            graph: detail.graph,
            dead_letter_at: detail.dead_letter_at,
        };
    }

    /// Is true where the graph does not contradict that a task depends on another.
    fn may_depend(&self, key: RunKey, on: RunKey) -> bool {
        self.own.execution.n_graph == 0 || self.depends(key, on)
    }

    /// Is true where the graph has a task as one that another depends on.
    fn depends(&self, key: RunKey, on: RunKey) -> bool {
        // Not by the other's dependents, of which it may have as many as there are tasks.
        let on = self.store.record(on).id().bits();
        self.store.task(self.store.task_of(key)).depends_on.iter().any(|id| id.bits() == on)
    }

    /// The same, through any number of tasks between.
    fn may_hang_on(&self, key: RunKey, on: RunKey) -> bool {
        if self.own.execution.n_graph == 0 || self.depends(key, on) {
            return true;
        }
        // A cascade is saved in its own order: one of what it depends on was skipped for the same cause, or is found so.
        let task = self.store.task(self.store.task_of(key));
        task.depends_on.iter().any(|id| {
            let run = self.store.find(RunId::from_bits(id.bits()));
            run.is_some_and(|run| run == on || self.own.detail(run).root_cause == Some(on))
        })
    }

    fn dead_letter(&mut self, here: Here, letter: &DeadLetter<'_>) -> Result<(), Refusal> {
        let id = self.id(&letter.task)?;
        // It is saved before the record of its task, or is left of an earlier execution.
        if let Some(key) = self.store.find(id) {
            self.store.set_last(key, here.last());
            self.own.detail_mut(key).dead_letter_at = Some(letter.at);
        }
        Ok(())
    }

    fn attempt_start(&mut self, here: Here, start: &AttemptStartLine<'_>) -> Result<(), Refusal> {
        let key = self.known(&start.task)?;
        let execution = &mut self.own.execution.value;
        (execution.tells_attempts, execution.n_executing) = (true, execution.n_executing + 1);
        let id = attempt_id(&start.task, start.number, execution.number);
        self.store.open_attempt(key, id, start.at, false);
        self.store.set_last(key, here.last());
        Ok(())
    }

    fn attempt_end(&mut self, here: Here, end: &AttemptEndLine<'_>) -> Result<(), Refusal> {
        let key = self.known(&end.task)?;
        let id = attempt_id(&end.task, end.number, self.own.execution.number);
        let Some(attempt) = self.store.first_attempt(key, id) else {
            let reason = format!("attempt {} of {} ends and was not begun", end.number, end.task);
            let run = Some(self.store.record(key).id());
            return Err(Refusal { kind: ProblemKind::Attempt, run, reason });
        };
        let execution = &mut self.own.execution.value;
        execution.n_executing = execution.n_executing.saturating_sub(1);
        let error = end.error.as_deref();
        let result = match &*end.outcome {
            "ok" => AttemptResult::Success,
            "timeout" => AttemptResult::Timeout,
            _ if error.is_some_and(|error| error.starts_with(TIMED_OUT)) => AttemptResult::Timeout,
            // A cancellation overtook it: it has no result, as in a log of any engine.
            "cancelled" => {
                self.store.close_untold(key);
                return Ok(());
            }
            _ => AttemptResult::Failure,
        };
        let ending = Ending { at: end.at, result, error, output: None, is_counted: true };
        self.store.close_attempt(key, attempt, ending, here.last());
        self.store.set_open(key, false);
        Ok(())
    }

    /// The task of an event that only a task with a record or a place in the graph has.
    fn known(&mut self, name: &str) -> Result<RunKey, Refusal> {
        let id = self.id(name)?;
        self.store.find(id).ok_or_else(|| Refusal {
            kind: ProblemKind::UnknownRun,
            run: Some(id),
            reason: format!("no record of {name} was saved before"),
        })
    }

    /// Takes in a graph: every task of it is there from now on, whether it has a record or not.
    fn graph(&mut self, here: Here, header: &RunHeader<'_>) -> Result<(), Refusal> {
        let mut keys = Vec::with_capacity(header.tasks.len());
        for task in &header.tasks {
            let id = self.id(&task.id)?;
            let key = self.store.find(id).unwrap_or_else(|| {
                let at = header.at.unwrap_or(0);
                self.store.insert_seen(id, TaskState::Pending.id(), at, here.last())
            });
            self.store.set_priority(key, i32::try_from(task.priority).unwrap_or(i32::MAX));
            keys.push(key);
        }
        for (task, key) in header.tasks.iter().zip(&keys) {
            let mut on = Vec::with_capacity(task.deps.len());
            let before = self.store.task(self.store.task_of(*key)).depends_on;
            let mut known: HashSet<TaskId> = before.iter().copied().collect();
            for name in &task.deps {
                let id = self.id(&name.0)?;
                let dependency = TaskId::from_bits(id.bits());
                if !known.insert(dependency) {
                    continue;
                }
                on.push(dependency);
                if let Some(dependency) = self.store.find(id) {
                    self.own.dependents.get_or_default(dependency).push(*key);
                }
            }
            if !on.is_empty() {
                self.store.add_dependencies(self.store.task_of(*key), &on);
            }
        }
        let run_id = header.run_id.as_ref().map(|id| self.store.intern(id));
        self.lose_order();
        let execution = &mut self.own.execution.value;
        if run_id.is_some() && execution.number > 0 && execution.run_id != run_id {
            execution.begin_another();
        }
        execution.number = execution.number.max(1);
        execution.run_id = run_id.or(execution.run_id);
        execution.concurrency = header.concurrency.or(execution.concurrency);
        execution.max_attempts = header.max_attempts.or(execution.max_attempts);
        execution.pid = header.pid.or(execution.pid);
        execution.graph += 1;
        let graph = execution.graph;
        let (mut n_graph, mut n_ended) = (0, 0);
        for key in keys {
            // One that is named twice counts once.
            if std::mem::replace(&mut self.own.detail_mut(key).graph, graph) != graph {
                n_graph += 1;
                n_ended += u32::from(self.store.state_of(key).is_terminal());
            }
        }
        (self.own.execution.n_graph, self.own.execution.n_ended) = (n_graph, n_ended);
        Ok(())
    }
}

/// The end of the last attempt of a task, as its record tells it.
fn last_result(saved: &SavedTask<'_>) -> Option<(u64, AttemptResult)> {
    let at = saved.finished_at?;
    let is_late = || saved.error.as_ref().is_some_and(|error| error.starts_with(TIMED_OUT));
    let SavedState::Known(state) = saved.state else { return None };
    match state {
        TaskState::Completed => Some((at, AttemptResult::Success)),
        TaskState::Failed | TaskState::DeadLettered if is_late() => Some((at, AttemptResult::Timeout)),
        TaskState::Failed | TaskState::DeadLettered => Some((at, AttemptResult::Failure)),
        _ => None,
    }
}

/// An id for an attempt, which the log numbers only, and from 1 in each execution.
fn attempt_id(task: &str, number: u32, execution: u32) -> AttemptId {
    AttemptId::digest(task, execution.rotate_left(16) ^ number)
}
