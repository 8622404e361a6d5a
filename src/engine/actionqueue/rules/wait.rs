//! Rules of waits (0.2 and later): their begin and their end.

use super::{Context, Outcome, Reducer, state_of};
use crate::engine::actionqueue::event::{
    Admission, EstablishedWait, Finish, ResolvedBy, SignalFilter, Wait, WaitResolution, WaitTarget,
};
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::rejection::RejectionFault;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::task_end::task_end;
use crate::engine::actionqueue::waits::{WaitFilter, WaitRecord, WaitSubject};
use crate::model::facts::AttemptResult;
use crate::model::facts::TaskEnd;
use crate::model::id::{TaskId, WaitId};
use crate::store::RunKey;

impl Reducer<'_> {
    /// WaitEstablished.
    pub(super) fn wait_established(&mut self, cx: Context, established: &EstablishedWait<'_>) -> Outcome {
        self.check_recorded(cx, established.recorded)?;
        let refuse = |why: String| Rejection::Wait(RejectionFault::of(established.run, why));
        let key = self
            .known_run(cx, established.run, RunState::Running)
            .map_err(|error| refuse(error.to_string()))?;
        let finish = Finish {
            run: established.run,
            attempt: established.attempt,
            result: AttemptResult::Awaiting,
            error: None,
            output: None,
            at: established.at,
        };
        self.take_up_attempt(key, &finish);
        self.check_wait(key, established, &[]).map_err(refuse)?;
        self.begin_wait(cx, key, &finish, &established.wait)?;
        if let Some(checkpoint) = established.checkpoint {
            self.own.checkpoints.insert(checkpoint.id, ());
        }
        Ok(())
    }

    /// `validate_wait_establishment` of the engine. `siblings` are tasks that the same event admits.
    pub(super) fn check_wait(
        &self,
        key: RunKey,
        established: &EstablishedWait<'_>,
        siblings: &[Admission<'_>],
    ) -> Result<(), String> {
        let record = self.store.record(key);
        let named = established.run;
        if established.wait.id.is_nil()
            || established.resolved
            || self.own.waits.records.contains(&established.wait.id)
        {
            return Err(format!("wait {} of run {named} is not new", established.wait.id));
        }
        if self.store.task(self.store.task_of(key)).canceled_at.is_some() {
            return Err(format!("run {named} cannot begin to await: its task is canceled"));
        }
        if record.state() != RunState::Running || self.own.waits.pending.contains(&key) {
            return Err(format!("run {named} cannot begin to await in {:?}", state_of(record)));
        }
        let last = self.store.last_attempt(key);
        if last.is_none_or(|last| !record.is_open() || last.id != established.attempt) {
            return Err(format!(
                "run {named} is not in attempt {}, which begins to await",
                established.attempt
            ));
        }
        if record.is_joined() && self.is_lenient() {
            return Ok(());
        }
        self.check_wait_target(key, established, siblings)?;
        let fenced = self.store.lease_of(key).is_some_and(|lease| {
            self.store.text(lease.owner) == established.fence.owner
                && lease.granted_at == established.fence.granted_at
                && established.at < lease.expiry
                && established.recorded > lease.granted_at
        });
        let started_at = last.map(|attempt| attempt.started_at);
        if !fenced || started_at.is_none_or(|started_at| established.at < started_at) {
            return Err(format!("run {named} begins to await outside of its lease"));
        }
        match established.checkpoint {
            Some(it)
                if it.id.is_nil()
                    || it.by != established.attempt
                    || self.own.checkpoints.contains(&it.id) =>
            {
                Err(format!("run {named} saves a checkpoint that is not its own or not new"))
            }
            _ => Ok(()),
        }
    }

    fn check_wait_target(
        &self,
        key: RunKey,
        established: &EstablishedWait<'_>,
        siblings: &[Admission<'_>],
    ) -> Result<(), String> {
        let named = established.run;
        let entry = self.store.task(self.store.task_of(key));
        let tenant = entry.spec.and_then(|spec| spec.tenant);
        match &established.wait.target {
            WaitTarget::Signal { filter, .. } if filter.tenant != tenant => {
                Err(format!("run {named} waits for a signal of another tenant"))
            }
            WaitTarget::Signal { .. } => Ok(()),
            WaitTarget::Children { tasks, .. } => {
                let is_child = |id: &TaskId| {
                    let parent = siblings.iter().find(|it| it.task.id == *id).map_or_else(
                        || self.store.find_task(*id).and_then(|key| self.store.task(key).parent),
                        |it| it.task.parent,
                    );
                    parent == Some(entry.id) && *id != entry.id && !self.completion_requires(*id, entry.id)
                };
                match tasks.iter().find(|id| !is_child(id)) {
                    Some(other) => Err(format!("run {named} waits for task {other}, which is not its child")),
                    None => Ok(()),
                }
            }
        }
    }

    /// Closes the attempt, releases the lease and enters Awaiting. All checks are done before.
    pub(super) fn begin_wait(
        &mut self,
        cx: Context,
        key: RunKey,
        finish: &Finish<'_>,
        wait: &Wait<'_>,
    ) -> Outcome {
        self.finish(cx, key, finish)?;
        self.store.drop_lease(key);
        self.change_state(cx, key, RunState::Awaiting, finish.at)?;
        let target = match &wait.target {
            WaitTarget::Signal { filter, after } => {
                WaitSubject::Signal { filter: self.filter(filter), after: *after }
            }
            WaitTarget::Children { tasks, or_any_failed } => {
                WaitSubject::Children { tasks: tasks.as_slice().into(), or_any_failed: *or_any_failed }
            }
        };
        let record = WaitRecord {
            id: wait.id,
            run: key,
            target,
            deadline: wait.deadline,
            at: finish.at,
            sequence: cx.sequence(),
            resolved: None,
        };
        self.own.waits.records.insert(wait.id, record);
        self.own.waits.active.insert(key, wait.id);
        Ok(())
    }

    pub(super) fn filter(&mut self, filter: &SignalFilter<'_>) -> WaitFilter {
        WaitFilter {
            tenant: filter.tenant,
            namespace: self.store.intern(&filter.namespace),
            kind: self.store.intern(&filter.kind),
            correlation: filter.correlation.as_deref().map(|text| self.store.intern(text)),
            source: filter.source.as_deref().map(|text| self.store.intern(text)),
        }
    }

    /// WaitSatisfied, WaitTimedOut and WaitCanceled.
    pub(super) fn wait_resolved(&mut self, cx: Context, resolution: &WaitResolution) -> Outcome {
        self.check_recorded(cx, resolution.recorded)?;
        if !self.own.waits.records.contains(&resolution.wait) {
            return self.unknown_wait_resolved(cx, resolution);
        }
        let refuse = |why: String| Rejection::Wait(RejectionFault::of(resolution.run, why));
        let (key, to) = self.check_resolution(resolution).map_err(refuse)?;
        self.end_wait(cx, key, resolution.wait, to, resolution.at)?;
        if let ResolvedBy::Signal(number) = resolution.by {
            self.own.signals.historical.insert(number, ());
        }
        Ok(())
    }

    /// Ends a wait that the log does not have, because it was joined while the run awaited.
    fn unknown_wait_resolved(&mut self, cx: Context, resolution: &WaitResolution) -> Outcome {
        let why = format!("wait {} of run {} is unknown", resolution.wait, resolution.run);
        let refuse = || Rejection::Record(RejectionFault::of(resolution.run, why.clone()));
        if !self.is_lenient() {
            return Err(refuse());
        }
        let key = self.known_run(cx, resolution.run, RunState::Awaiting).map_err(|_| refuse())?;
        let record = self.store.record(key);
        if !record.is_joined() || record.state() != RunState::Awaiting {
            return Err(refuse());
        }
        // The policy for a missed deadline is part of the unknown wait: Ready is the most common outcome.
        let to = if resolution.by == ResolvedBy::Canceled { RunState::Canceled } else { RunState::Ready };
        self.change_state(cx, key, to, resolution.at)
    }

    pub(super) fn end_wait(
        &mut self,
        cx: Context,
        key: RunKey,
        wait: WaitId,
        to: RunState,
        at: u64,
    ) -> Outcome {
        self.own.waits.active.remove(&key);
        if let Some(record) = self.own.waits.records.get_mut(&wait) {
            record.resolved = Some(cx.sequence());
        }
        if to == RunState::Ready {
            self.own.waits.pending.insert(key, wait);
        }
        self.change_state(cx, key, to, at)
    }

    /// `resolution_state` of the engine: the run, and the state it goes to.
    fn check_resolution(&self, resolution: &WaitResolution) -> Result<(RunKey, RunState), String> {
        let Some(wait) = self.own.waits.records.get(&resolution.wait) else {
            return Err(format!("wait {} is unknown", resolution.wait));
        };
        let run = self.store.record(wait.run);
        let named = resolution.run;
        if run.id() != named {
            return Err(format!("wait {} belongs to another run than {named}", resolution.wait));
        }
        if resolution.recorded <= wait.sequence || resolution.at < wait.at {
            return Err(format!("wait {} of run {named} ends before it began", resolution.wait));
        }
        if wait.resolved.is_some() {
            return Err(format!("wait {} of run {named} ended before", resolution.wait));
        }
        if run.state() != RunState::Awaiting || self.own.waits.active.get(&wait.run) != Some(&resolution.wait)
        {
            return Err(format!("run {named} is {:?} and not in wait {}", state_of(run), resolution.wait));
        }
        let to = match &resolution.by {
            ResolvedBy::Signal(number) => match &wait.target {
                WaitSubject::Signal { filter, after }
                    if self.own.signals.earliest(filter, *after) == Some(*number) =>
                {
                    RunState::Ready
                }
                _ => {
                    return Err(format!(
                        "signal {number} does not end wait {} of run {named}",
                        resolution.wait
                    ));
                }
            },
            ResolvedBy::Children(outcomes) => {
                if self.child_outcomes(&wait.target).as_ref() != Some(outcomes) {
                    return Err(format!("the children of run {named} have not ended as its wait says"));
                }
                RunState::Ready
            }
            ResolvedBy::Control => RunState::Ready,
            ResolvedBy::Canceled => RunState::Canceled,
            ResolvedBy::Deadline => match wait.deadline {
                Some(deadline) if deadline.at <= resolution.at => deadline.then.into(),
                _ => return Err(format!("the deadline of run {named} has not come")),
            },
        };
        Ok((wait.run, to))
    }

    /// Ends of the awaited children, once they end the wait (`child_wait_outcomes` of the engine).
    fn child_outcomes(&self, target: &WaitSubject) -> Option<Vec<(TaskId, TaskEnd)>> {
        let WaitSubject::Children { tasks, or_any_failed } = target else { return None };
        let end = |id: &TaskId| self.store.find_task(*id).and_then(|key| task_end(&self.store.task(key)));
        let ended: Vec<(TaskId, TaskEnd)> =
            tasks.iter().filter_map(|id| end(id).map(|end| (*id, end))).collect();
        if *or_any_failed && let Some(failed) = ended.iter().find(|(_, end)| *end != TaskEnd::Succeeded) {
            return Some(vec![*failed]);
        }
        (ended.len() == tasks.len()).then_some(ended)
    }
}
