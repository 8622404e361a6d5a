//! The rules: the effect of each event on the store, and the conditions for its refusal.
//!
//! Source: actionqueue-storage 0.1.2 and 0.3.0, `recovery/reducer.rs`; where the two differ, the log's vocabulary
//! decides. Everything is checked before anything is changed, except in three places where the engine itself leaves a
//! trace of a refused event; comments name them.

mod admit;
mod attempt;
mod cancel;
mod disposition;
mod lease;
mod signal;
mod wait;

use super::event::{Body, Event, Vocabulary};
use super::registry::Registry;
use super::rejection::RejectionFault;
use super::states::RunState;
use super::stored::{adopted, instance};
use crate::engine::actionqueue::rejection::Rejection;
use crate::model::facts::Budget;
use crate::model::facts::Dimension;
use crate::model::id::{RunId, TaskId};
use crate::model::position::Position;
use crate::store::{EngineStatus, Last, ProblemKind, Record, Rules, RunKey, Store};

/// Reference to an event with its position, for the rules.
#[derive(Clone, Copy)]
struct Context {
    last: Last,
    place: Position,
}

impl Context {
    const fn sequence(&self) -> u64 {
        self.last.sequence
    }
}

type Outcome = Result<(), Rejection>;

/// The rules with their data: the store, and ActionQueue's registry.
#[derive(Debug)]
pub struct Reducer<'s> {
    pub(super) store: &'s mut Store,
    pub(super) own: &'s mut Registry,
}

/// State of a run as an ActionQueue state.
#[inline]
fn state_of(record: &Record) -> RunState {
    RunState::of(record.state())
}

impl<'s> Reducer<'s> {
    /// Rules over a store and its registry.
    pub fn new(store: &'s mut Store, own: &'s mut Registry) -> Self {
        Self { store, own }
    }
}

impl Reducer<'_> {
    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.store
    }

    /// The store, mutable, for changes other than events.
    pub fn store_mut(&mut self) -> &mut Store {
        self.store
    }

    /// Sets the vocabulary of the log, once its first event shows it.
    pub fn set_vocabulary(&mut self, vocabulary: Vocabulary) {
        self.own.vocabulary.value = Some(vocabulary);
    }

    /// Applies the event of one line, or refuses it and keeps the reason. Counts the line either way.
    ///
    /// # Errors
    /// When the rules refuse the event; the problem is kept.
    pub fn apply(&mut self, place: Position, event: &Event<'_>) -> Result<(), Rejection> {
        self.store.begin_event();
        let outcome = self.store.take_sequence(place, event.sequence).map_err(Rejection::from);
        let outcome = outcome.and_then(|()| self.reduce(place, event));
        match &outcome {
            Ok(()) => self.store.applied_event(event.kind.id(), place, event.sequence, event.body.at()),
            Err(rejection) => self.store.refused_event(place, event.sequence, rejection.refusal()),
        }
        outcome
    }

    /// Accounts for an event of an unknown kind: it advances the sequence and changes nothing else.
    ///
    /// # Errors
    /// When its sequence repeats or goes back; the problem is kept.
    pub fn unknown(&mut self, place: Position, sequence: u64) -> Result<(), Rejection> {
        self.store.begin_event();
        let outcome = self.store.take_sequence(place, sequence).map_err(Rejection::from);
        match &outcome {
            Ok(()) => self.store.ignored_event(sequence),
            Err(rejection) => self.store.refused_event(place, sequence, rejection.refusal()),
        }
        outcome
    }

    fn budget(&mut self, task: TaskId, dimension: Dimension) -> Option<&mut Budget> {
        self.own.budget_mut(self.store.find_task(task)?, dimension)
    }

    /// Applies the rules of one event, whose sequence is checked already.
    pub fn reduce(&mut self, place: Position, event: &Event<'_>) -> Outcome {
        let cx = Context { last: Last::new(event.kind.id(), event.sequence, place), place };
        match &event.body {
            Body::TaskCreated { task, at } => self.create_task(task, *at, None).map(drop),
            Body::RunCreated { run } => self.create_run(run, cx).map(drop),
            Body::RunStateChanged { run, from, to, at } => self.state_changed(cx, *run, *from, *to, *at),
            Body::AttemptStarted { run, attempt, at } => self.attempt_started(cx, *run, *attempt, *at),
            Body::AttemptFinished(finish) => self.attempt_finished(cx, finish),
            Body::TaskCanceled { task, at } => self.task_canceled(*task, *at),
            Body::RunCanceled { run, at } => self.run_canceled(cx, *run, *at),
            Body::Lease { step, run, owner, expiry, at } => {
                self.lease(cx, lease::Claim { step: *step, run: *run, owner, expiry: *expiry, at: *at })
            }
            Body::EnginePaused { at } => self.pause_engine(*at),
            Body::EngineResumed { at } => self.resume_engine(*at),
            Body::DependencyDeclared { task, on } => {
                self.declare_dependencies(*task, on);
                Ok(())
            }
            Body::RunSuspended { run, reason, at } => self.run_suspended(cx, *run, reason.as_deref(), *at),
            Body::RunResumed { run, at } => self.run_resumed(cx, *run, *at),
            Body::BudgetAllocated { task, dimension, limit, at } => {
                self.allocate(*task, Budget::allocated(*dimension, *limit, *at));
                Ok(())
            }
            Body::BudgetConsumed { task, dimension, amount } => {
                if let Some(budget) = self.budget(*task, *dimension) {
                    budget.consume(*amount);
                }
                Ok(())
            }
            Body::BudgetExhausted { task, dimension } => {
                if let Some(budget) = self.budget(*task, *dimension) {
                    budget.exhausted = true;
                }
                Ok(())
            }
            Body::BudgetReplenished { task, dimension, limit } => {
                if let Some(budget) = self.budget(*task, *dimension) {
                    budget.replenish(*limit);
                }
                Ok(())
            }
            Body::TenantCreated { tenant } => {
                self.own.tenants.insert(*tenant, ());
                Ok(())
            }
            Body::Elsewhere => Ok(()),
            Body::AdmissionCommitted(admission) => self.admission_committed(cx, admission),
            Body::AcceptedAttemptStarted(start) => self.accepted_attempt_started(cx, start),
            Body::AttemptDispositionCommitted(disposition) => self.disposition_committed(cx, disposition),
            Body::AttemptClosed { finish, recovery } => self.attempt_closed(cx, finish, *recovery),
            Body::WaitEstablished(wait) => self.wait_established(cx, wait),
            Body::WaitResolved(resolution) => self.wait_resolved(cx, resolution),
            Body::CancellationCommitted(cancellation) => self.cancellation_committed(cx, cancellation),
            Body::SignalAdmitted(signal) => self.signal_admitted(cx, signal),
            Body::SignalPinMoved { acquired, tenant, signal, pin, recorded } => {
                let moved = signal::PinMove { acquired: *acquired, tenant: *tenant, signal, pin };
                self.check_recorded(cx, *recorded)?;
                self.signal_pin_moved(cx, moved)
            }
            Body::SignalsRetired { tenant, signals, recorded, at } => {
                self.check_recorded(cx, *recorded)?;
                self.signals_retired(*tenant, signals, *at)
            }
            Body::StoreInitialized => self.store_initialized(cx),
        }
    }

    fn is_lenient(&self) -> bool {
        self.store.rules() == Rules::Lenient
    }

    /// Checks that a record of 0.2 and later carries the sequence of its event.
    fn check_recorded(&self, cx: Context, recorded: u64) -> Outcome {
        if recorded == cx.sequence() {
            return Ok(());
        }
        Err(Rejection::Record(RejectionFault::new(format!(
            "the record contradicts its event: it was made for another one than #{}",
            cx.sequence()
        ))))
    }

    /// Finds the run of an event. In a log that was joined late it is added in `state`, which the event names as the
    /// state before it.
    fn known_run(&mut self, cx: Context, run: RunId, state: RunState) -> Result<RunKey, Rejection> {
        if let Some(key) = self.store.find(run) {
            return Ok(key);
        }
        if self.is_lenient() && !run.is_nil() {
            return Ok(self.store.insert_run(&adopted(run, state), cx.last));
        }
        Err(Rejection::UnknownRun(run))
    }

    /// RunStateChanged.
    fn state_changed(&mut self, cx: Context, run: RunId, from: RunState, to: RunState, at: u64) -> Outcome {
        if self.own.is_newer() {
            self.check_reserved(run, from, to)?;
        }
        // A run is not added from a transition that no run can make.
        if self.store.find(run).is_none() && !from.can_become(to) {
            return Err(Rejection::UnknownRun(run));
        }
        let key = self.known_run(cx, run, from)?;
        let actual = state_of(self.store.record(key));
        if actual != from {
            let followed = self.is_lenient() && !actual.is_terminal() && from.can_become(to);
            if !followed {
                return Err(Rejection::NotInState { run, recorded: from, actual });
            }
            self.resync(cx, key, from, actual);
        }
        self.change_state(cx, key, to, at)?;
        if self.own.is_newer() && from == RunState::Suspended && to == RunState::Ready {
            self.own.waits.administrative.insert(key, cx.sequence());
        }
        Ok(())
    }

    /// Checks transitions that 0.2 and later make by events of their own: in and out of Awaiting, and past a wake
    /// that no attempt has consumed yet.
    fn check_reserved(&self, run: RunId, from: RunState, to: RunState) -> Outcome {
        use RunState::{Awaiting, Leased, Ready, RetryWait, Running};
        let ordinary = matches!(
            (from, to),
            (Ready, Leased) | (Leased, Running | Ready) | (Running, RetryWait) | (RetryWait, Ready)
        );
        let woken = self.store.find(run).is_some_and(|key| self.has_wake(key));
        if from == Awaiting || to == Awaiting || (woken && !ordinary) {
            return Err(Rejection::Gated(RejectionFault::of(
                run,
                format!(
                    "run {run} cannot go from {from:?} to {to:?} by RunStateChanged: a wait is in its way"
                ),
            )));
        }
        Ok(())
    }

    fn has_wake(&self, key: RunKey) -> bool {
        self.own.waits.pending.contains(&key) || self.own.waits.administrative.contains(&key)
    }

    /// Sets a run to the state that the log gives, after lines were lost, and keeps the loss as a problem.
    fn resync(&mut self, cx: Context, key: RunKey, recorded: RunState, actual: RunState) {
        let run = self.store.record(key).id();
        self.store.place_in(key, recorded.id());
        if matches!(recorded, RunState::Scheduled | RunState::RetryWait | RunState::Suspended) {
            self.store.drop_lease(key);
        }
        let reason = format!(
            "run {run} was {actual:?} and the log goes on from {recorded:?}: lines between are missing"
        );
        self.store.note(ProblemKind::Gap, cx.place, Some(cx.sequence()), Some(run), reason);
    }

    /// Moves a run whose state agrees with its event, with all dependent data.
    fn change_state(&mut self, cx: Context, key: RunKey, to: RunState, at: u64) -> Outcome {
        let record = self.store.record(key);
        let from = state_of(record);
        if self.own.is_newer() && to == RunState::Completed {
            self.check_children_ended(key)?;
        }
        let leaves_an_attempt = record.is_open() && from == RunState::Running && to != RunState::Canceled;
        if leaves_an_attempt || !from.can_become(to) {
            // The run record gives the reason, in the engine's words and order.
            instance(self.store, key).transition_to(to)?;
        }
        if self.own.is_newer() {
            self.check_task_known(key)?;
            self.move_key(key, to)?;
        }
        self.enter_state(cx, key, to, at);
        Ok(())
    }

    /// Refuses moves of a run whose task is unknown, as 0.2 and later do.
    fn check_task_known(&self, key: RunKey) -> Outcome {
        let record = self.store.record(key);
        if self.store.task(self.store.task_of(key)).spec.is_some() || self.is_lenient() {
            return Ok(());
        }
        let why = format!("run {} belongs to a task that the log has not created", record.id());
        Err(Rejection::Record(RejectionFault::of(record.id(), why)))
    }

    /// Acquires or releases the concurrency key on the transition to `to` (0.2 and later).
    fn move_key(&mut self, key: RunKey, to: RunState) -> Outcome {
        let task = self.store.task_of(key);
        let Some(spec) = self.store.task(task).spec else { return Ok(()) };
        let Some(name) = spec.concurrency_key else { return Ok(()) };
        let on_retry = matches!(to, RunState::RetryWait | RunState::Suspended)
            && spec.releases_key_on_retry
            && (!self.own.waits.pending.contains(&key) || spec.releases_key_while_awaiting);
        if to == RunState::Running {
            if let Some(owner) = self.own.key_owner(name)
                && owner != key
            {
                let (run, owner) = (self.store.record(key).id(), self.store.record(owner).id());
                let why = format!(
                    "run {run} cannot take concurrency key {:?}: run {owner} holds it",
                    self.store.text(name)
                );
                return Err(Rejection::Wait(RejectionFault::of(run, why)));
            }
            self.own.key_owners.insert(name, key);
            self.own.keys_held.insert(key, name);
        } else if on_retry || (to == RunState::Awaiting && spec.releases_key_while_awaiting) {
            self.release_key(key);
        }
        Ok(())
    }

    fn release_key(&mut self, key: RunKey) {
        if let Some(name) = self.own.keys_held.remove(&key) {
            self.own.key_owners.remove(&name);
        }
    }

    /// Enters a checked state, and records the change in the run's history.
    fn enter_state(&mut self, cx: Context, key: RunKey, to: RunState, at: u64) {
        debug_assert!(state_of(self.store.record(key)).can_become(to), "the change was checked");
        self.store.enter_state(key, to.id(), at, cx.last);
        if self.own.is_newer() {
            self.enter_newer(key, to);
        }
    }

    /// Effects of a state change in 0.2 and later alone.
    fn enter_newer(&mut self, key: RunKey, to: RunState) {
        if to == RunState::Ready
            && let Some(spec) = self.store.spec(key)
        {
            let priority = spec.priority;
            self.store.set_priority(key, priority);
        }
        if to.is_terminal() {
            self.release_key(key);
            self.own.waits.pending.remove(&key);
            self.own.waits.administrative.remove(&key);
        }
    }

    /// Records the reason for which a run was suspended, if the log gives one.
    fn give_reason(&mut self, key: RunKey, reason: Option<&str>) {
        if let Some(reason) = reason {
            self.store.set_reason(key, reason);
        }
    }

    /// RunSuspended: RunStateChanged from Running to Suspended, with a reason.
    fn run_suspended(&mut self, cx: Context, run: RunId, reason: Option<&str>, at: u64) -> Outcome {
        if self.own.is_newer() && self.store.find(run).is_some_and(|key| self.has_wake(key)) {
            let why =
                format!("run {run} cannot be suspended: a wake that no attempt has taken is in its way");
            return Err(Rejection::Gated(RejectionFault::of(run, why)));
        }
        let key = self.known_run(cx, run, RunState::Running)?;
        self.expect_state(key, RunState::Running)?;
        self.change_state(cx, key, RunState::Suspended, at)?;
        self.give_reason(key, reason);
        Ok(())
    }

    /// RunResumed: RunStateChanged from Suspended to Ready.
    fn run_resumed(&mut self, cx: Context, run: RunId, at: u64) -> Outcome {
        let key = self.known_run(cx, run, RunState::Suspended)?;
        self.expect_state(key, RunState::Suspended)?;
        self.change_state(cx, key, RunState::Ready, at)?;
        if self.own.is_newer() {
            self.own.waits.administrative.insert(key, cx.sequence());
        }
        Ok(())
    }

    fn expect_state(&self, key: RunKey, recorded: RunState) -> Outcome {
        let record = self.store.record(key);
        if record.state() == recorded {
            return Ok(());
        }
        Err(Rejection::NotInState { run: record.id(), recorded, actual: state_of(record) })
    }

    fn pause_engine(&mut self, at: u64) -> Outcome {
        let engine = self.store.engine();
        if engine.paused {
            let first = engine.paused_at.unwrap_or(at);
            return Err(Rejection::AlreadyPaused { first, second: at });
        }
        self.store.set_engine(EngineStatus { paused: true, paused_at: Some(at), resumed_at: None });
        Ok(())
    }

    fn resume_engine(&mut self, at: u64) -> Outcome {
        let engine = *self.store.engine();
        let Some(paused_at) = engine.paused_at.filter(|_| engine.paused) else {
            return Err(Rejection::NotPaused(at));
        };
        if at < paused_at {
            return Err(Rejection::ResumedBeforePause { paused_at, resumed_at: at });
        }
        self.store.set_engine(EngineStatus { paused: false, resumed_at: Some(at), ..engine });
        Ok(())
    }

    fn store_initialized(&self, cx: Context) -> Outcome {
        if self.store.latest_sequence() == 0 && cx.sequence() == 1 {
            return Ok(());
        }
        Err(Rejection::Record(RejectionFault::new("a store is initialized once, by its first event")))
    }
}
