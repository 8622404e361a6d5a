//! Single fields of a run, for scans over a million of them: assembling a whole [`Run`](super::Run) costs more than
//! evaluating it.

use crate::model::facts::AttemptResult;
use crate::model::id::TaskId;
use crate::model::states::{Phase, State};
use crate::store::key::{RunKey, TaskKey};
use crate::store::name::Name;
use crate::store::spec::{NO_SPEC, TaskSpec};
use crate::store::stamp::Stamp;
use crate::store::{LastEvent, Lease, Store};

/// Spec of a task with a dense number, which serves as a cache key: the same number means the same spec throughout
/// the life of the store.
#[derive(Debug, Clone, Copy)]
pub struct Numbered<'a> {
    /// Dense, from 0.
    pub number: usize,
    /// The spec.
    pub spec: &'a TaskSpec,
}

impl Store {
    /// Prefetches the fields of these runs, so that their loads overlap.
    pub fn warm(&self, keys: impl Iterator<Item = RunKey> + Clone) {
        let mut warmth = keys.clone().map(|key| u64::from(self.record(key).counted)).fold(0, |a, b| a ^ b);
        let mut tasks = [0; 64];
        for (task, key) in tasks.iter_mut().zip(keys.clone()) {
            *task = self.task_of(key).index();
        }
        for task in tasks.iter().take(keys.count()).filter(|task| **task < self.tasks.len()) {
            warmth ^= u64::from(self.tasks[*task].live);
        }
        // The values are unused; the point is that the loads overlapped.
        std::hint::black_box(warmth);
    }

    /// State of a run.
    #[must_use]
    #[inline]
    pub fn state_of(&self, key: RunKey) -> State {
        self.states.state(self.record(key).state)
    }

    /// True if the log was joined after the creation of a run.
    #[must_use]
    pub fn is_joined(&self, key: RunKey) -> bool {
        self.record(key).joined
    }

    /// True if the log violated a rule for this run.
    #[must_use]
    pub fn is_flagged(&self, key: RunKey) -> bool {
        self.rare(key).flagged
    }

    /// Reason for which a run is suspended, if the log gives one.
    #[must_use]
    pub fn reason_of(&self, key: RunKey) -> Option<Name> {
        self.rare(key).reason
    }

    /// Creation of a run, if that instant is believed.
    #[must_use]
    pub fn created_at_of(&self, key: RunKey) -> Option<u64> {
        self.believed(self.cold(key).created_at)
    }

    /// Instant at which a run may become ready, if it is believed.
    #[must_use]
    pub fn scheduled_at_of(&self, key: RunKey) -> Option<u64> {
        self.believed(self.cold(key).scheduled_at)
    }

    fn believed(&self, stamp: Stamp) -> Option<u64> {
        Some(self.stamps.unpack(stamp)).filter(|at| self.unit.is_believed(*at))
    }

    /// Lease on a run, if a worker holds one.
    #[must_use]
    pub fn lease_of(&self, key: RunKey) -> Option<Lease> {
        Some(self.leases.get(self.record(key).lease)?.lease(&self.stamps))
    }

    /// Instant for which a run is scheduled; 0 if unknown.
    #[must_use]
    pub fn scheduled_at(&self, key: RunKey) -> u64 {
        self.stamps.unpack(self.cold(key).scheduled_at)
    }

    /// True if an attempt of a run is open.
    #[must_use]
    pub fn has_open_attempt(&self, key: RunKey) -> bool {
        self.record(key).open
    }

    /// Last event of a run.
    #[must_use]
    pub fn last_of(&self, key: RunKey) -> LastEvent {
        let last = self.record(key).last();
        LastEvent { kind: last.kind, sequence: last.sequence, place: last.place() }
    }

    /// Results of the attempts of a run, latest first; `None` for an open one.
    pub fn results_of(&self, key: RunKey) -> impl Iterator<Item = Option<AttemptResult>> + '_ {
        let attempts = self.attempts.latest(self.record(key).attempt);
        attempts.map(|(link, _)| self.attempts.end(link).and_then(|end| end.result))
    }

    /// Task of a run.
    #[must_use]
    pub fn task_key_of(&self, key: RunKey) -> TaskKey {
        self.task_of(key)
    }

    /// Id of a run's task, if it is known.
    #[must_use]
    pub fn task_id_of(&self, key: RunKey) -> Option<TaskId> {
        Some(self.tasks[self.task_of(key).index()].id).filter(|id| !id.is_nil())
    }

    /// Spec of a run's task with its number, if it is known.
    #[must_use]
    #[inline]
    pub fn numbered_spec(&self, key: RunKey) -> Option<Numbered<'_>> {
        let number = self.tasks[self.task_of(key).index()].spec;
        (number != NO_SPEC).then_some(())?;
        Some(Numbered { number: number as usize, spec: self.specs.get(number)? })
    }

    /// Distinct specs, latest first.
    pub fn specs_latest(&self) -> impl Iterator<Item = &TaskSpec> + '_ {
        self.specs.latest()
    }

    /// Priority at which a run is selected, else that of its task. A run takes its task's priority when it becomes
    /// ready, and no engine logs that: 0 means unknown.
    #[must_use]
    pub fn priority_of(&self, key: RunKey) -> Option<i32> {
        let of_task = || self.spec(key).map(|spec| spec.priority);
        match self.cold(key).effective_priority {
            0 if self.record(key).joined => of_task(),
            0 => of_task().or(Some(0)),
            own => Some(own),
        }
    }

    /// Runs that a worker may hold, state by state, latest arrivals first.
    pub fn held_latest(&self) -> impl Iterator<Item = RunKey> + '_ {
        let states = [Phase::Running, Phase::Held].into_iter().flat_map(|phase| self.states.of(phase));
        states.flat_map(|state| self.lane(state).latest(0))
    }
}
