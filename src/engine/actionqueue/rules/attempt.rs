//! Rules of attempts: their starts and ends.

use super::{Context, Outcome, Reducer, state_of};
use crate::engine::actionqueue::event::{AcceptedStart, Assignment, Finish, SignalDelivery};
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::rejection::RejectionFault;
use crate::engine::actionqueue::run_instance::MutationError;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::stored::instance;
use crate::model::facts::AttemptResult;
use crate::model::id::{AttemptId, RunId};
use crate::store::write::Ending;
use crate::store::{Link, RunKey};

impl Reducer<'_> {
    /// AttemptStarted.
    pub(super) fn attempt_started(
        &mut self,
        cx: Context,
        run: RunId,
        attempt: AttemptId,
        at: u64,
    ) -> Outcome {
        if self.own.is_newer() && self.store.find(run).is_some_and(|key| self.next_assignment(key).is_some())
        {
            let why = format!("run {run} has a wake to deliver, which this start leaves out");
            return Err(Rejection::Record(RejectionFault::of(run, why)));
        }
        let key = self.known_run(cx, run, RunState::Running)?;
        self.start(cx, key, attempt, at, None)
    }

    fn start(
        &mut self,
        cx: Context,
        key: RunKey,
        attempt: AttemptId,
        at: u64,
        start: Option<Option<Assignment>>,
    ) -> Outcome {
        let record = self.store.record(key);
        let may_start = record.state() == RunState::Running
            && !record.is_open()
            && self.store.attempt_count(key) < u32::MAX;
        if !may_start {
            // The run gives the reason itself, in the engine's words and order.
            instance(self.store, key).start_attempt(attempt)?;
        }
        self.open_attempt(key, attempt, at, start);
        self.store.set_last(key, cx.last);
        Ok(())
    }

    fn open_attempt(&mut self, key: RunKey, attempt: AttemptId, at: u64, start: Option<Option<Assignment>>) {
        self.store.open_attempt(key, attempt, at, start.is_some());
        if self.own.is_newer() {
            self.store.index_attempts();
            match start.flatten() {
                Some(assignment) => self.own.assigned.insert(key, assignment),
                None => drop(self.own.assigned.remove(&key)),
            }
        }
    }

    /// AcceptedAttemptStarted (0.2 and later): a start under a lease, with the pending wake of the run.
    pub(super) fn accepted_attempt_started(&mut self, cx: Context, start: &AcceptedStart<'_>) -> Outcome {
        self.check_recorded(cx, start.recorded)?;
        let unknown = || {
            let why = format!("unknown run {}: the log has not created it", start.run);
            Rejection::Record(RejectionFault::of(start.run, why))
        };
        let key = match self.known_run(cx, start.run, RunState::Running) {
            Ok(key) => key,
            Err(_) => return Err(unknown()),
        };
        self.check_start(key, start)?;
        self.start(cx, key, start.attempt, start.at, Some(start.assignment))?;
        self.own.waits.pending.remove(&key);
        self.own.waits.administrative.remove(&key);
        Ok(())
    }

    /// `validate_accepted_start` of the engine.
    fn check_start(&self, key: RunKey, start: &AcceptedStart<'_>) -> Outcome {
        let record = self.store.record(key);
        let refuse = |why: String| Err(Rejection::Record(RejectionFault::of(start.run, why)));
        if start.attempt.is_nil() {
            return refuse(format!("run {} cannot start an attempt without an id", start.run));
        }
        // The record gives the reason itself, in the engine's words and order.
        if let Err(error) = instance(self.store, key).start_attempt(start.attempt)
            && !matches!(error, MutationError::AttemptCountOverflow { .. })
        {
            return refuse(error.to_string());
        }
        if self.store.task(self.store.task_of(key)).canceled_at.is_some() {
            return refuse(format!("run {} cannot start: its task is canceled", start.run));
        }
        if self.store.is_attempt_known(start.attempt) {
            return refuse(format!("attempt {} was started before", start.attempt));
        }
        if record.is_joined() && self.is_lenient() {
            return Ok(());
        }
        if self.next_assignment(key) != start.assignment {
            return refuse(format!("run {} is owed another wake than this start delivers", start.run));
        }
        let fenced = self.store.lease_of(key).is_some_and(|lease| {
            self.store.text(lease.owner) == start.fence.owner
                && lease.granted_at == start.fence.granted_at
                && lease.granted_at < start.recorded
                && (lease.acquired_at..lease.expiry).contains(&start.at)
        });
        if fenced { Ok(()) } else { refuse(format!("run {} starts outside of its lease", start.run)) }
    }

    /// Wake that the run's next attempt must be started with (`next_resume_assignment` of the engine).
    pub(super) fn next_assignment(&self, key: RunKey) -> Option<Assignment> {
        let record = self.store.record(key);
        let state = state_of(record);
        if state.is_terminal()
            || matches!(state, RunState::Awaiting | RunState::Suspended)
            || record.is_open()
        {
            return None;
        }
        let first = |context| Assignment { context, previous: None, delivery: SignalDelivery::Initial };
        if let Some(wait) = self.own.waits.pending.get(&key) {
            return self.own.waits.records.get(wait).and_then(|wait| wait.resolved).map(first);
        }
        if let Some(sequence) = self.own.waits.administrative.get(&key) {
            return Some(first(*sequence));
        }
        let last = self.store.last_attempt(key)?;
        if !last.result.is_some_and(AttemptResult::is_failure) {
            return None;
        }
        let context = self.own.assigned.get(&key)?.context;
        let delivery = if last.is_recovered { SignalDelivery::Recovery } else { SignalDelivery::Retry };
        Some(Assignment { context, previous: Some(last.id), delivery })
    }

    /// AttemptFinished. 0.1 repairs an ending whose parts do not fit; 0.2 and later refuse it.
    pub(super) fn attempt_finished(&mut self, cx: Context, finish: &Finish<'_>) -> Outcome {
        if !self.own.is_newer() {
            let key = self.known_run(cx, finish.run, RunState::Running)?;
            self.take_up_attempt(key, finish);
            return self.finish(cx, key, &mended(finish));
        }
        if finish.result == AttemptResult::Awaiting {
            let why = format!("run {} begins to await by an event of its own", finish.run);
            return Err(Rejection::Gated(RejectionFault::of(finish.run, why)));
        }
        check_shape(finish)?;
        self.finish_newer(cx, finish)
    }

    /// AttemptClosed (0.2 and later): an ending written by recovery or by an operator.
    pub(super) fn attempt_closed(&mut self, cx: Context, finish: &Finish<'_>, recovery: bool) -> Outcome {
        let refuse = |why: &str| Err(Rejection::Record(RejectionFault::of(finish.run, why)));
        if finish.result == AttemptResult::Awaiting {
            return refuse("an attempt that is closed does not await");
        }
        if recovery && finish.result != AttemptResult::Failure {
            return refuse("recovery closes attempts as failures only");
        }
        check_shape(finish)?;
        self.finish_newer(cx, finish)?;
        if let Some(key) = self.store.find(finish.run) {
            self.store.set_recovered(key, recovery);
        }
        Ok(())
    }

    fn finish_newer(&mut self, cx: Context, finish: &Finish<'_>) -> Outcome {
        let key = self.known_run(cx, finish.run, RunState::Running)?;
        if finish.result == AttemptResult::Success {
            self.check_children_ended(key)?;
        }
        self.take_up_attempt(key, finish);
        self.finish(cx, key, finish)
    }

    /// Opens the attempt that ends here, for a run that was joined in the middle of it.
    pub(super) fn take_up_attempt(&mut self, key: RunKey, finish: &Finish<'_>) {
        let record = self.store.record(key);
        let unseen = record.is_joined() && record.state() == RunState::Running && !record.is_open();
        if unseen && self.is_lenient() {
            self.open_attempt(key, finish.attempt, 0, None);
        }
    }

    /// Closes the open attempt. Two refusals leave a trace, as they do in the engine: 0.2 and later count the failure
    /// before they check whose attempt it is, and an attempt id that was used twice is closed in the run before it is
    /// found to be closed in the history.
    pub(super) fn finish(&mut self, cx: Context, key: RunKey, finish: &Finish<'_>) -> Outcome {
        let record = self.store.record(key);
        let is_open = record.is_open() && record.state() == RunState::Running;
        let open = self.store.last_attempt(key).filter(|_| is_open);
        let counts = self.own.is_newer() && finish.result.is_failure();
        if open.is_some_and(|open| open.id == finish.attempt) && !counts {
            self.store.set_open(key, false);
        } else {
            self.finish_instance(key, finish)?;
        }
        // An id that was used twice denotes the first attempt that has it.
        let first = self.store.first_attempt(key, finish.attempt);
        let Some(link) = first.filter(|link| self.store.is_attempt_open(*link)) else {
            return Err(Rejection::AttemptFinishedBefore { run: finish.run, attempt: finish.attempt });
        };
        self.close_attempt(cx, key, link, finish);
        Ok(())
    }

    /// Ends the attempt in the run itself, which gives the reason if it refuses.
    fn finish_instance(&mut self, key: RunKey, finish: &Finish<'_>) -> Outcome {
        let mut instance = instance(self.store, key);
        if instance.state() != RunState::Running {
            let current_state = instance.state();
            return Err(
                MutationError::AttemptFinishRequiresRunning { run_id: finish.run, current_state }.into()
            );
        }
        if self.own.is_newer() && finish.result.is_failure() && !instance.count_failure() {
            let why = format!("run {} cannot count another failure", finish.run);
            return Err(Rejection::Record(RejectionFault::of(finish.run, why)));
        }
        let closed = instance.finish_attempt(finish.attempt);
        let failures = instance.failure_attempt_count();
        self.store.set_open(key, instance.current_attempt_id().is_some());
        if failures > 0 {
            self.store.set_failures(key, failures);
        }
        closed?;
        Ok(())
    }

    fn close_attempt(&mut self, cx: Context, key: RunKey, link: Link, finish: &Finish<'_>) {
        let ending = Ending {
            at: finish.at,
            result: finish.result,
            error: finish.error.as_deref(),
            output: finish.output.as_deref(),
            is_counted: finish.result.is_counted(),
        };
        self.store.close_attempt(key, link, ending, cx.last);
    }
}

/// Checks that the parts of an ending fit its result (`AttemptOutcome::from_raw_parts` of 0.2 and later).
fn check_shape(finish: &Finish<'_>) -> Outcome {
    let fits = if finish.result.is_failure() {
        finish.error.is_some() && finish.output.is_none()
    } else {
        finish.error.is_none()
    };
    if fits {
        return Ok(());
    }
    let why =
        format!("attempt {} ended in {} with parts that do not fit", finish.attempt, finish.result.name());
    Err(Rejection::Record(RejectionFault::of(finish.run, why)))
}

/// An ending as the reducer of 0.1 stores it: parts that do not fit are dropped or filled in.
fn mended<'a>(finish: &'a Finish<'a>) -> Finish<'a> {
    let kept = |error: &'a str, output: Option<Vec<u8>>| Finish {
        error: finish.result.is_failure().then(|| error.into()),
        output,
        ..*finish
    };
    match (finish.result.is_failure(), &finish.error, &finish.output) {
        (true, Some(error), _) => kept(error, None),
        (true, None, _) if finish.result == AttemptResult::Timeout => kept("unknown timeout", None),
        (true, None, _) => kept("unknown failure", None),
        (false, Some(_), _) => kept("", None),
        (false, None, output) => kept("", output.clone()),
    }
}
