//! Rules of cancellation, in its three spellings: RunStateChanged (in `reduce`), RunCanceled and TaskCanceled, and
//! the committed cancellations of 0.2 and later.

use super::{Context, Outcome, Reducer, state_of};
use crate::engine::actionqueue::event::{CancelTarget, Cancellation};
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::rejection::RejectionFault;
use crate::engine::actionqueue::run_instance::MutationError;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::task_end::task_end;
use crate::model::facts::TaskEnd;
use crate::model::id::{RunId, TaskId};
use crate::store::RunKey;

impl Reducer<'_> {
    /// TaskCanceled marks the task alone; its runs follow by events of their own.
    pub(super) fn task_canceled(&mut self, task: TaskId, at: u64) -> Outcome {
        if self.own.is_newer() && self.has_waiting_run(task) {
            let why =
                format!("task {task} has a run that awaits: it is canceled by a committed cancellation");
            return Err(Rejection::Gated(RejectionFault::new(why)));
        }
        self.check_task_cancel(task, at)?;
        self.mark_canceled(task, at);
        Ok(())
    }

    fn has_waiting_run(&self, task: TaskId) -> bool {
        self.store.find_task(task).is_some_and(|key| {
            self.store
                .task(key)
                .runs
                .iter()
                .any(|run| self.own.waits.active.contains(run) || self.own.waits.pending.contains(run))
        })
    }

    fn check_task_cancel(&self, task: TaskId, at: u64) -> Outcome {
        let entry = self.store.find_task(task).map(|key| self.store.task(key));
        let Some((entry, _)) = entry.and_then(|entry| Some((entry, entry.spec?))) else {
            return if self.is_lenient() { Ok(()) } else { Err(Rejection::CancelOfUnknownTask(task)) };
        };
        if let Some(first) = entry.canceled_at {
            return Err(Rejection::TaskCanceledBefore { task, first, second: at });
        }
        if self.own.is_newer() && at < entry.created_at {
            return Err(Rejection::TaskCanceledBeforeCreation { task, at, created_at: entry.created_at });
        }
        Ok(())
    }

    fn mark_canceled(&mut self, task: TaskId, at: u64) {
        let key = self.store.task_key(task);
        self.store.cancel_task(key, at);
    }

    /// RunCanceled: from any state that has not ended. An open attempt stays open in the history.
    pub(super) fn run_canceled(&mut self, cx: Context, run: RunId, at: u64) -> Outcome {
        if self.own.is_newer()
            && self.store.find(run).is_some_and(|key| {
                self.own.waits.active.contains(&key) || self.own.waits.pending.contains(&key)
            })
        {
            let why = format!("run {run} awaits: it is canceled by a committed cancellation");
            return Err(Rejection::Gated(RejectionFault::of(run, why)));
        }
        let key = self.known_run(cx, run, RunState::Ready)?;
        self.cancel(cx, key, at)
    }

    fn cancel(&mut self, cx: Context, key: RunKey, at: u64) -> Outcome {
        let record = self.store.record(key);
        let (run_id, from) = (record.id(), state_of(record));
        if !from.is_cancelable() {
            return Err(MutationError::InvalidTransition { run_id, from, to: RunState::Canceled }.into());
        }
        self.enter_state(cx, key, RunState::Canceled, at);
        Ok(())
    }

    /// RunCancellationCommitted and TaskCancellationCommitted. A repeat is legal and changes nothing.
    pub(super) fn cancellation_committed(&mut self, cx: Context, cancellation: &Cancellation) -> Outcome {
        self.check_recorded(cx, cancellation.recorded)?;
        let runs = match cancellation.target {
            CancelTarget::Run(run) => vec![self.run_to_cancel(cx, run, cancellation)?],
            CancelTarget::Task(task) => self.runs_to_cancel(task, cancellation)?,
        };
        let live: Vec<RunKey> =
            runs.into_iter().filter(|key| !state_of(self.store.record(*key)).is_terminal()).collect();
        self.check_waits_end_later(&live, cancellation)?;
        if let CancelTarget::Task(task) = cancellation.target
            && self.store.find_task(task).is_none_or(|key| self.store.task(key).canceled_at.is_none())
        {
            self.check_task_cancel(task, cancellation.at)?;
            self.mark_canceled(task, cancellation.at);
        }
        for key in live {
            match self.own.waits.active.get(&key).copied() {
                Some(wait) => self.end_wait(cx, key, wait, RunState::Canceled, cancellation.at)?,
                None => self.cancel(cx, key, cancellation.at)?,
            }
        }
        self.own.canceled.insert(cancellation.target, ());
        Ok(())
    }

    fn run_to_cancel(
        &mut self,
        cx: Context,
        run: RunId,
        cancellation: &Cancellation,
    ) -> Result<RunKey, Rejection> {
        let refuse = |why: String| Rejection::Wait(RejectionFault::of(run, why));
        let key = self.known_run(cx, run, RunState::Ready).map_err(|error| refuse(error.to_string()))?;
        let spec = self.store.task(self.store.task_of(key)).spec;
        match spec {
            None if !self.is_lenient() => {
                return Err(refuse(format!("run {run} belongs to a task that the log has not created")));
            }
            Some(spec) if spec.tenant != cancellation.tenant => {
                return Err(refuse(format!("run {run} belongs to another tenant")));
            }
            _ => {}
        }
        let state = state_of(self.store.record(key));
        if state.is_terminal() && !self.own.canceled.contains(&cancellation.target) {
            return Err(refuse(format!("run {run} has ended: it is {state:?}")));
        }
        Ok(key)
    }

    /// Runs of a task in order of their ids, in which the engine cancels them.
    fn runs_to_cancel(&self, task: TaskId, cancellation: &Cancellation) -> Result<Vec<RunKey>, Rejection> {
        let refuse = |why: String| Err(Rejection::Wait(RejectionFault::new(why)));
        let entry = self.store.find_task(task).map(|key| self.store.task(key));
        let Some((entry, spec)) = entry.and_then(|entry| Some((entry, entry.spec?))) else {
            return if self.is_lenient() {
                Ok(entry.map(|entry| entry.runs.to_vec()).unwrap_or_default())
            } else {
                refuse(format!("task {task} is unknown: the log has not created it"))
            };
        };
        if spec.tenant != cancellation.tenant {
            return refuse(format!("task {task} belongs to another tenant"));
        }
        if matches!(task_end(&entry), Some(TaskEnd::Succeeded | TaskEnd::Failed))
            && !self.own.canceled.contains(&cancellation.target)
        {
            return refuse(format!("task {task} has ended"));
        }
        let mut runs = entry.runs.to_vec();
        runs.sort_by_key(|key| self.store.record(*key).id());
        Ok(runs)
    }

    /// Checks that no wait would end before it began, not even by a cancellation.
    fn check_waits_end_later(&self, runs: &[RunKey], cancellation: &Cancellation) -> Outcome {
        for key in runs {
            if let Some(wait) = self.own.wait(*key)
                && (cancellation.at < wait.at || cancellation.recorded <= wait.sequence)
            {
                let run = self.store.record(*key).id();
                return Err(Rejection::Wait(RejectionFault::of(
                    run,
                    format!("the wait of run {run} ends before it began"),
                )));
            }
        }
        Ok(())
    }
}
