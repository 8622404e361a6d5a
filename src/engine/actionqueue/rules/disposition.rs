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
    pub(super) fn disposition_committed(&mut self, cx: Context, said: &Disposition<'_>) -> Outcome {
        self.check_recorded(cx, said.recorded)?;
        let refuse = |why: String| Rejection::Record(RejectionFault::of(said.run, why));
        let key =
            self.known_run(cx, said.run, RunState::Running).map_err(|error| refuse(error.to_string()))?;
        let finish = finish_of(said);
        self.take_up_attempt(key, &finish);
        self.check_disposition(cx, key, said).map_err(&refuse)?;
        for child in said.children.iter().filter(|child| child.recorded == said.recorded) {
            self.admit(cx, child).map_err(|error| refuse(error.to_string()))?;
        }
        for signal in &said.signals {
            if self.own.signals.by_number(signal.number).is_none() {
                self.admit_signal(signal);
            }
        }
        if let Some(wait) = &said.wait {
            self.begin_wait(cx, key, &finish, wait)?;
        } else {
            self.finish(cx, key, &finish)?;
            self.store.drop_lease(key);
            self.change_state(cx, key, said.target, said.at)?;
        }
        if let Ending::Suspended(reason) = &said.outcome {
            self.give_reason(key, reason.as_deref());
        }
        if let Some(checkpoint) = said.checkpoint {
            self.own.checkpoints.insert(checkpoint.id, ());
        }
        let task = self.store.task(self.store.task_of(key)).id;
        for (dimension, amount) in &said.consumption {
            if let Some(budget) = self.budget(task, *dimension) {
                budget.consume(*amount);
            }
        }
        Ok(())
    }

    /// `validate_disposition_fence` and `prepare_disposition` of the engine.
    fn check_disposition(&self, cx: Context, key: RunKey, said: &Disposition<'_>) -> Result<(), String> {
        let record = self.store.record(key);
        let named = said.run;
        let open = self.store.last_attempt(key).filter(|_| record.is_open());
        if record.state() != RunState::Running || open.is_none_or(|open| open.id != said.attempt) {
            return Err(format!(
                "run {named} is {:?} and not in attempt {}, which the log ends",
                state_of(record),
                said.attempt
            ));
        }
        if self.store.task(self.store.task_of(key)).canceled_at.is_some() {
            return Err(format!("run {named} cannot end an attempt: its task is canceled"));
        }
        if !(record.is_joined() && self.is_lenient()) {
            self.check_fence(cx, key, said)?;
        }
        if matches!(said.outcome, Ending::Complete) {
            self.check_children_ended(key).map_err(|error| error.to_string())?;
        }
        self.check_accounting(key, said)?;
        if let Some(checkpoint) = said.checkpoint
            && (checkpoint.id.is_nil()
                || checkpoint.by != said.attempt
                || self.own.checkpoints.contains(&checkpoint.id))
        {
            return Err(format!("run {named} saves a checkpoint that is not its own or not new"));
        }
        self.check_children(key, said)?;
        self.check_emitted(said)?;
        if let Some(wait) = &said.wait {
            let fence = said.fence.clone();
            self.check_wait(
                key,
                &EstablishedWait {
                    recorded: said.recorded,
                    run: said.run,
                    attempt: said.attempt,
                    fence,
                    wait: wait.clone(),
                    checkpoint: said.checkpoint,
                    resolved: false,
                    at: said.at,
                },
                &said.children,
            )?;
        }
        Ok(())
    }

    fn check_fence(&self, cx: Context, key: RunKey, said: &Disposition<'_>) -> Result<(), String> {
        let named = said.run;
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
        let right = self.store.text(lease.owner) == said.fence.owner
            && lease.granted_at == said.fence.granted_at
            && (last.started_at..lease.expiry).contains(&said.at)
            && last.id == said.attempt
            && !last.is_finished
            && last.is_accepted;
        if right { Ok(()) } else { Err(format!("run {named} ends an attempt outside of its lease")) }
    }

    fn check_accounting(&self, key: RunKey, said: &Disposition<'_>) -> Result<(), String> {
        let record = self.store.record(key);
        let Some(spec) = self.store.task(self.store.task_of(key)).spec else { return Ok(()) };
        if record.is_joined() && self.is_lenient() {
            return Ok(());
        }
        let failed = matches!(
            said.outcome,
            Ending::RetryableFailure(_) | Ending::TerminalFailure(_) | Ending::Timeout(_)
        );
        let failures = self.store.failure_count(key).saturating_add(u32::from(failed));
        let target = match said.outcome {
            Ending::Complete => RunState::Completed,
            Ending::Awaiting => RunState::Awaiting,
            Ending::Suspended(_) => RunState::Suspended,
            Ending::RetryableFailure(_) | Ending::Timeout(_) if failures < spec.max_attempts => {
                RunState::RetryWait
            }
            _ => RunState::Failed,
        };
        if (target, failures) == (said.target, said.failures) {
            return Ok(());
        }
        Err(format!(
            "run {} should become {target:?} after {failures} failures, and the record says {:?} after {}",
            said.run, said.target, said.failures
        ))
    }

    fn check_children(&self, key: RunKey, said: &Disposition<'_>) -> Result<(), String> {
        let parent = self.store.task(self.store.task_of(key)).id;
        for child in &said.children {
            let id = child.task.id;
            if child.recorded != said.recorded {
                let known = self.store.find_task(id).and_then(|key| self.store.task(key).recorded);
                if known != Some(child.recorded) && !self.is_lenient() {
                    return Err(format!("child task {id} was not admitted at #{}", child.recorded));
                }
                continue;
            }
            if child.task.parent != Some(parent) {
                return Err(format!("child task {id} names another parent"));
            }
            self.check_admission(child, &said.children)?;
        }
        Ok(())
    }
}

fn finish_of<'a>(said: &'a Disposition<'a>) -> Finish<'a> {
    let (result, error) = match &said.outcome {
        Ending::Complete => (AttemptResult::Success, None),
        Ending::RetryableFailure(error) | Ending::TerminalFailure(error) => {
            (AttemptResult::Failure, Some(error))
        }
        Ending::Timeout(error) => (AttemptResult::Timeout, Some(error)),
        Ending::Suspended(_) => (AttemptResult::Suspended, None),
        Ending::Awaiting => (AttemptResult::Awaiting, None),
    };
    Finish {
        run: said.run,
        attempt: said.attempt,
        result,
        error: error.map(|error| error.as_ref().into()),
        output: said.output.clone(),
        at: said.at,
    }
}
