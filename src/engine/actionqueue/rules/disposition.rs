//! Rules of dispositions (0.2 and later): the end of an attempt and all of its effects, in one event.

use super::{Context, Outcome, Reducer, state_of};
use crate::engine::actionqueue::event::{AttemptOutcome as Ending, Disposition, EstablishedWait, Finish};
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::rejection::RejectionFault;
use crate::engine::actionqueue::states::RunState;
use crate::model::facts::AttemptResult;
use crate::store::RunKey;

impl Reducer<'_> {
    /// AttemptDispositionCommitted: the end of an attempt and all of its effects, all or nothing.
    pub(super) fn disposition_committed(&mut self, cx: Context, disposition: &Disposition<'_>) -> Outcome {
        self.check_recorded(cx, disposition.recorded)?;
        let refuse = |why: String| Rejection::Record(RejectionFault::of(disposition.run, why));
        let key = self
            .known_run(cx, disposition.run, RunState::Running)
            .map_err(|error| refuse(error.to_string()))?;
        let finish = finish_of(disposition);
        self.take_up_attempt(key, &finish);
        self.check_disposition(cx, key, disposition).map_err(&refuse)?;
        for child in disposition.children.iter().filter(|child| child.recorded == disposition.recorded) {
            self.admit(cx, child).map_err(|error| refuse(error.to_string()))?;
        }
        for signal in &disposition.signals {
            if self.own.signals.by_number(signal.number).is_none() {
                self.admit_signal(signal);
            }
        }
        if let Some(wait) = &disposition.wait {
            self.begin_wait(cx, key, &finish, wait)?;
        } else {
            self.finish(cx, key, &finish)?;
            self.store.drop_lease(key);
            self.change_state(cx, key, disposition.target, disposition.at)?;
        }
        if let Ending::Suspended(reason) = &disposition.outcome {
            self.give_reason(key, reason.as_deref());
        }
        if let Some(checkpoint) = disposition.checkpoint {
            self.own.checkpoints.insert(checkpoint.id, ());
        }
        let task = self.store.task(self.store.task_of(key)).id;
        for (dimension, amount) in &disposition.consumption {
            if let Some(budget) = self.budget(task, *dimension) {
                budget.consume(*amount);
            }
        }
        Ok(())
    }

    /// `validate_disposition_fence` and `prepare_disposition` of the engine.
    fn check_disposition(
        &self,
        cx: Context,
        key: RunKey,
        disposition: &Disposition<'_>,
    ) -> Result<(), String> {
        let record = self.store.record(key);
        let named = disposition.run;
        let open = self.store.last_attempt(key).filter(|_| record.is_open());
        if record.state() != RunState::Running || open.is_none_or(|open| open.id != disposition.attempt) {
            return Err(format!(
                "run {named} is {:?} and not in attempt {}, which the log ends",
                state_of(record),
                disposition.attempt
            ));
        }
        if self.store.task(self.store.task_of(key)).canceled_at.is_some() {
            return Err(format!("run {named} cannot end an attempt: its task is canceled"));
        }
        if !(record.is_joined() && self.is_lenient()) {
            self.check_fence(cx, key, disposition)?;
        }
        if matches!(disposition.outcome, Ending::Complete) {
            self.check_children_ended(key).map_err(|error| error.to_string())?;
        }
        self.check_accounting(key, disposition)?;
        if let Some(checkpoint) = disposition.checkpoint
            && (checkpoint.id.is_nil()
                || checkpoint.by != disposition.attempt
                || self.own.checkpoints.contains(&checkpoint.id))
        {
            return Err(format!("run {named} saves a checkpoint that is not its own or not new"));
        }
        self.check_children(key, disposition)?;
        self.check_emitted(disposition)?;
        if let Some(wait) = &disposition.wait {
            let fence = disposition.fence.clone();
            self.check_wait(
                key,
                &EstablishedWait {
                    recorded: disposition.recorded,
                    run: disposition.run,
                    attempt: disposition.attempt,
                    fence,
                    wait: wait.clone(),
                    checkpoint: disposition.checkpoint,
                    resolved: false,
                    at: disposition.at,
                },
                &disposition.children,
            )?;
        }
        Ok(())
    }

    fn check_fence(&self, cx: Context, key: RunKey, disposition: &Disposition<'_>) -> Result<(), String> {
        let named = disposition.run;
        if !self.is_lenient() && self.store.latest_sequence().checked_add(1) != Some(cx.sequence()) {
            return Err(format!(
                "run {named} ends an attempt after a gap: #{} is not the next one",
                cx.sequence()
            ));
        }
        let Some(lease) = self.store.lease_of(key) else {
            return Err(format!("run {named} ends an attempt without a lease"));
        };
        let Some(last) = self.store.last_attempt(key) else {
            return Err(format!("run {named} ends an attempt that never started"));
        };
        // While a run is Running its lease may be extended or ended, but not change hands: the lease that fenced an
        // accepted start is the current one.
        let right = self.store.text(lease.owner) == disposition.fence.owner
            && lease.granted_at == disposition.fence.granted_at
            && (last.started_at..lease.expiry).contains(&disposition.at)
            && last.id == disposition.attempt
            && !last.is_finished
            && last.is_accepted;
        if right { Ok(()) } else { Err(format!("run {named} ends an attempt outside of its lease")) }
    }

    fn check_accounting(&self, key: RunKey, disposition: &Disposition<'_>) -> Result<(), String> {
        let record = self.store.record(key);
        let Some(spec) = self.store.task(self.store.task_of(key)).spec else { return Ok(()) };
        if record.is_joined() && self.is_lenient() {
            return Ok(());
        }
        let failed = matches!(
            disposition.outcome,
            Ending::RetryableFailure(_) | Ending::TerminalFailure(_) | Ending::Timeout(_)
        );
        let failures = self.store.failure_count(key).saturating_add(u32::from(failed));
        let target = match disposition.outcome {
            Ending::Complete => RunState::Completed,
            Ending::Awaiting => RunState::Awaiting,
            Ending::Suspended(_) => RunState::Suspended,
            Ending::RetryableFailure(_) | Ending::Timeout(_) if failures < spec.max_attempts => {
                RunState::RetryWait
            }
            _ => RunState::Failed,
        };
        if (target, failures) == (disposition.target, disposition.failures) {
            return Ok(());
        }
        Err(format!(
            "run {} should become {target:?} after {failures} failures, and the record says {:?} after {}",
            disposition.run, disposition.target, disposition.failures
        ))
    }

    fn check_children(&self, key: RunKey, disposition: &Disposition<'_>) -> Result<(), String> {
        let parent = self.store.task(self.store.task_of(key)).id;
        for child in &disposition.children {
            let id = child.task.id;
            if child.recorded != disposition.recorded {
                let known = self.store.find_task(id).and_then(|key| self.store.task(key).recorded);
                if known != Some(child.recorded) && !self.is_lenient() {
                    return Err(format!("child task {id} was not admitted at #{}", child.recorded));
                }
                continue;
            }
            if child.task.parent != Some(parent) {
                return Err(format!("child task {id} names another parent"));
            }
            self.check_admission(child, &disposition.children)?;
        }
        Ok(())
    }
}

fn finish_of<'a>(disposition: &'a Disposition<'a>) -> Finish<'a> {
    let (result, error) = match &disposition.outcome {
        Ending::Complete => (AttemptResult::Success, None),
        Ending::RetryableFailure(error) | Ending::TerminalFailure(error) => {
            (AttemptResult::Failure, Some(error))
        }
        Ending::Timeout(error) => (AttemptResult::Timeout, Some(error)),
        Ending::Suspended(_) => (AttemptResult::Suspended, None),
        Ending::Awaiting => (AttemptResult::Awaiting, None),
    };
    Finish {
        run: disposition.run,
        attempt: disposition.attempt,
        result,
        error: error.map(|error| error.as_ref().into()),
        output: disposition.output.clone(),
        at: disposition.at,
    }
}
