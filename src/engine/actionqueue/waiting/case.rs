//! Judgment of one run: by its state, the step that the engine owes next, and its delay.

use super::recent::{failures, turn};
use super::{
    GRACE_SECS, MAX_RETRY_DELAY_SECS, MIN_LEASE_GRACE_SECS, MIN_PASSED_SECS, RECHECK_SECS, WaitingScene,
};
use crate::engine::actionqueue::event::{EventKind, Vocabulary};
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::task_end::task_end;
use crate::engine::actionqueue::waits::{WaitFilter, WaitSubject};
use crate::engine::actionqueue::{Registry, UNIT};
use crate::engine::cause::{Cause, Waiting};
use crate::model::facts::Budget;
use crate::model::facts::TaskEnd;
use crate::model::id::TaskId;
use crate::store::{Lease, RunKey, Store};

/// Maximum number of a task's ended runs that are read for the end of the task.
const MAX_ASKED_RUNS: usize = 16;

/// One run that has not ended. Its fields are read one by one: most judgments need few.
pub(super) struct Case<'a> {
    pub(super) scene: &'a WaitingScene,
    pub(super) store: &'a Store,
    /// The data of the engine, looked up once.
    pub(super) own: Option<&'a Registry>,
    pub(super) key: RunKey,
    pub(super) now: u64,
}

impl Case<'_> {
    pub(super) fn judge(&self) -> Option<Waiting> {
        match RunState::of(self.store.state_of(self.key).id()) {
            RunState::Scheduled => Some(self.scheduled()),
            RunState::Ready => Some(self.ready()),
            RunState::Leased => Some(self.leased()),
            RunState::Running => Some(self.running()),
            RunState::RetryWait => Some(self.retry_wait()),
            RunState::Suspended => Some(self.suspended()),
            RunState::Awaiting => Some(self.awaiting()),
            RunState::Completed | RunState::Failed | RunState::Canceled => None,
        }
    }

    /// Judgment that depends on this run alone: stuck from an instant on, or never.
    fn own(&self, cause: Cause, stuck_from: Option<u64>) -> Waiting {
        let is_stuck = stuck_from.is_some_and(|from| from <= self.now);
        Waiting { cause, is_stuck, until: stuck_from.filter(|_| !is_stuck) }
    }

    /// Judgment that other runs, the engine or the task may change at any time.
    fn shared(&self, cause: Cause, stuck_from: Option<u64>) -> Waiting {
        let own = self.own(cause, stuck_from);
        Waiting { until: earliest(own.until, Some(self.now.saturating_add(RECHECK_SECS))), ..own }
    }

    /// Kind of the last event of the run.
    fn last_kind(&self) -> Option<EventKind> {
        EventKind::of(self.store.last_of(self.key).kind)
    }

    /// The instant, if it is believed.
    fn believed(&self, at: u64) -> Option<u64> {
        (!self.scene.is_timeless && UNIT.is_believed(at)).then_some(at)
    }

    /// Instant at which the run entered its state.
    fn entered(&self) -> Option<u64> {
        self.believed(self.store.changed_at(self.key))
    }

    /// Instant from which on work that was due at `due` is overdue, for an engine that is not paused.
    fn too_late(&self, due: u64) -> u64 {
        due.max(self.scene.resumed_at) + GRACE_SECS
    }

    /// True if an instant is in the future.
    fn is_ahead(&self, at: Option<u64>) -> bool {
        at.is_some_and(|at| self.now < at)
    }

    fn is_joined(&self) -> bool {
        self.store.is_joined(self.key)
    }

    fn lease(&self) -> Option<Lease> {
        self.store.lease_of(self.key)
    }

    fn budgets(&self) -> &[Budget] {
        self.own.map_or(&[], |own| own.budget_list(self.store.task_of(self.key)))
    }

    fn exhausted(&self) -> Option<Budget> {
        self.budgets().iter().find(|budget| budget.exhausted).copied()
    }

    fn scheduled(&self) -> Waiting {
        if let Some(blocked) = self.blocked() {
            return blocked;
        }
        let at = self.believed(self.store.scheduled_at(self.key)).filter(|_| !self.is_joined());
        if self.is_ahead(at) {
            return Waiting { until: at, ..self.own(Cause::Time { at }, None) };
        }
        if self.scene.is_paused {
            return self.shared(Cause::Paused, None);
        }
        self.shared(Cause::Time { at }, at.map(|at| self.too_late(at)))
    }

    fn retry_wait(&self) -> Waiting {
        let entered = self.entered();
        let wait = self.scene.recent.wait(failures(self.store, self.key));
        let due = entered.zip(wait).map(|(entered, wait)| entered + wait);
        if self.scene.is_paused && !self.is_ahead(due) {
            return self.shared(Cause::Paused, None);
        }
        let surely = due.or_else(|| Some(entered? + MAX_RETRY_DELAY_SECS)).filter(|_| !self.scene.is_paused);
        let judged = self.shared(Cause::Retry { due }, surely.map(|due| self.too_late(due)));
        // From then on a pause counts.
        Waiting { until: earliest(judged.until, due.filter(|due| self.now < *due)), ..judged }
    }

    fn ready(&self) -> Waiting {
        if self.scene.is_paused {
            return self.shared(Cause::Paused, None);
        }
        if let Some(budget) = self.exhausted() {
            return self.shared(Cause::Budget(budget), None);
        }
        // Later versions check again when they select; in 0.1 a run that became ready has passed that gate.
        if self.own.and_then(Registry::vocabulary) == Some(Vocabulary::Aq02)
            && let Some(blocked) = self.blocked()
        {
            return blocked;
        }
        if let Some(name) = self.store.spec(self.key).and_then(|spec| spec.concurrency_key)
            && let Some(holder) = self.scene.holders.holder(self.store, name)
            && holder != self.key
        {
            return self.shared(Cause::Key { name, holder }, None);
        }
        match self.passed() {
            Some(passed) => Waiting { is_stuck: true, ..self.shared(passed, None) },
            None => self.shared(Cause::Worker, None),
        }
    }

    /// Finds a run that was taken before this one, which is ready and unhindered.
    fn passed(&self) -> Option<Cause> {
        let recent = &self.scene.recent;
        // The log records neither the instant at which a budget was replenished, nor, in 0.1, the end of a run's
        // lease.
        let is_unsure = self.is_joined()
            || !self.budgets().is_empty()
            || matches!(self.last_kind(), Some(EventKind::LeaseExpired | EventKind::LeaseReleased));
        if is_unsure {
            return None;
        }
        let (turn, from) = (turn(self.store, self.key)?, self.entered()? + MIN_PASSED_SECS);
        let passer = match self.store.spec(self.key).and_then(|spec| spec.concurrency_key) {
            Some(_) if self.scene.holders.has_gaps() => None,
            Some(key) => recent.passer_of_keyed(&turn, from, key),
            None => recent.passer(&turn, from),
        }?;
        Some(Cause::Passed { by: passer.run, at: passer.taken_at })
    }

    /// A dependency of the run's task that has not succeeded.
    fn blocked(&self) -> Option<Waiting> {
        let mut unmet = None;
        for on in self.store.task(self.store.task_of(self.key)).depends_on {
            let end = self.store.find_task(*on).and_then(|task| task_end(&self.store.task(task)));
            match end {
                Some(TaskEnd::Succeeded) => {}
                Some(_) => {
                    // The engine cancels the run as soon as it has written the end of the dependency.
                    let ended_at = self.ended_at(*on).and_then(|at| self.believed(at));
                    let stuck_from = ended_at.unwrap_or(0) + UNIT.skew();
                    return Some(self.shared(Cause::Dependency { on: *on, end }, Some(stuck_from)));
                }
                None => unmet = unmet.or(Some(*on)),
            }
        }
        unmet.map(|on| self.shared(Cause::Dependency { on, end: None }, None))
    }

    /// Instant at which a task ended, by its latest runs.
    fn ended_at(&self, task: TaskId) -> Option<u64> {
        let task = self.store.task(self.store.find_task(task)?);
        let latest = task.runs.iter().rev().take(MAX_ASKED_RUNS).map(|run| self.store.changed_at(*run));
        latest.chain(task.canceled_at).max()
    }

    fn leased(&self) -> Waiting {
        match self.lease() {
            Some(lease) => self.own(Cause::Lease(lease), self.lapsed_from(&lease)),
            None => self.own(Cause::NoLease, self.entered().map(|at| at + GRACE_SECS)),
        }
    }

    /// Instant from which on a lease surely is not extended any more.
    fn lapsed_from(&self, lease: &Lease) -> Option<u64> {
        let length = lease.expiry.saturating_sub(lease.updated_at);
        Some(self.believed(lease.expiry)? + length.clamp(MIN_LEASE_GRACE_SECS, GRACE_SECS))
    }

    fn running(&self) -> Waiting {
        let is_open = self.store.has_open_attempt(self.key);
        if is_open && self.lease().is_none() && self.last_kind() == Some(EventKind::LeaseExpired) {
            return Waiting { is_stuck: true, ..self.own(Cause::Orphaned, None) };
        }
        let lease = self.lease();
        let (lapse, limit) = (lease.and_then(|lease| self.believed(lease.expiry)), self.limit());
        let too_long = limit.map(|limit| limit + UNIT.skew());
        let lapsed_from = lease.and_then(|lease| self.lapsed_from(&lease));
        let stuck_from = earliest(lapsed_from, limit.map(|limit| limit + GRACE_SECS));
        let (cause, next) = match (lease, limit) {
            (Some(lease), _) if lapse.is_some() && !self.is_ahead(lapse) => (Cause::Lease(lease), None),
            (_, Some(limit)) if !self.is_ahead(too_long) => (Cause::Overtime { limit }, lapse),
            _ => (Cause::Works, earliest(lapse, too_long)),
        };
        let judged = self.own(cause, stuck_from);
        Waiting { until: earliest(judged.until, next), ..judged }
    }

    /// Instant at which the open attempt should have ended.
    fn limit(&self) -> Option<u64> {
        let secs = self.store.spec(self.key)?.timeout_secs?;
        let since = self.store.attempt_since(self.key).and_then(|at| self.believed(at))?;
        // A limit beyond all believed instants is none.
        Some(since.saturating_add(secs)).filter(|limit| UNIT.is_believed(*limit))
    }

    fn suspended(&self) -> Waiting {
        let cause = Cause::Suspended { reason: self.store.reason_of(self.key), budget: self.exhausted() };
        let has_budget = !self.budgets().is_empty();
        if has_budget { self.shared(cause, None) } else { self.own(cause, None) }
    }

    fn awaiting(&self) -> Waiting {
        let Some(wait) = self.own.and_then(|own| own.wait(self.key)) else {
            return self.own(Cause::Unknown, None);
        };
        let deadline = wait.deadline;
        let cause = match &wait.target {
            WaitSubject::Signal { filter: WaitFilter { namespace, kind, correlation, .. }, .. } => {
                Cause::Signal { namespace: *namespace, kind: *kind, correlation: *correlation, deadline }
            }
            WaitSubject::Children { tasks, or_any_failed } => {
                Cause::Children { count: tasks.len(), or_any_failed: *or_any_failed, deadline }
            }
        };
        let due = deadline.and_then(|deadline| self.believed(deadline.at));
        if self.scene.is_paused {
            return self.shared(cause, None);
        }
        self.own(cause, due.map(|due| self.too_late(due)))
    }
}

/// The earlier of two instants; `None` is never.
fn earliest(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}
