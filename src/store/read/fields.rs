//! One fact of a run at a time, for whoever judges a million of them: to put a whole [`Run`](super::Run) together takes
//! longer than to judge it.

use crate::model::facts::AttemptResult;
use crate::model::id::TaskId;
use crate::model::states::{Phase, State};
use crate::store::key::{RunKey, TaskKey};
use crate::store::name::Name;
use crate::store::spec::{NO_SPEC, TaskSpec};
use crate::store::stamp::Stamp;
use crate::store::{Lease, Store};

/// What a task's creation said, and the number by which judgments of it can be kept. The same number is the same spec
/// for as long as its store lives.
#[derive(Debug, Clone, Copy)]
pub struct Numbered<'a> {
    /// Dense, from 0.
    pub number: usize,
    /// What it said.
    pub spec: &'a TaskSpec,
}

impl Store {
    /// Reads what judgments of these runs will ask for, so that they wait for memory together and not one by one.
    pub fn warm(&self, keys: impl Iterator<Item = RunKey> + Clone) {
        let mut warmth = keys.clone().map(|key| u64::from(self.record(key).counted)).fold(0, |a, b| a ^ b);
        let mut tasks = [0; 64];
        for (task, key) in tasks.iter_mut().zip(keys.clone()) {
            *task = self.task_of(key).index();
        }
        for task in tasks.iter().take(keys.count()).filter(|task| **task < self.tasks.len()) {
            warmth ^= u64::from(self.tasks[*task].live);
        }
        // The values are of no use; that they were waited for together is.
        std::hint::black_box(warmth);
    }

    /// Where a run stands.
    #[must_use]
    #[inline]
    pub fn state_of(&self, key: RunKey) -> State {
        self.states.state(self.record(key).state)
    }

    /// Whether the log was joined after the creation of a run.
    #[must_use]
    pub fn is_joined(&self, key: RunKey) -> bool {
        self.record(key).joined
    }

    /// Whether the log did something to a run that it may not do.
    #[must_use]
    pub fn is_flagged(&self, key: RunKey) -> bool {
        self.rare(key).flagged
    }

    /// Why a run is suspended, if it is and the log says why.
    #[must_use]
    pub fn reason_of(&self, key: RunKey) -> Option<Name> {
        self.rare(key).reason
    }

    /// When a run was created, where that can be believed.
    #[must_use]
    pub fn created_at_of(&self, key: RunKey) -> Option<u64> {
        self.believed(self.cold(key).created_at)
    }

    /// When a run may become ready, where that can be believed.
    #[must_use]
    pub fn scheduled_at_of(&self, key: RunKey) -> Option<u64> {
        self.believed(self.cold(key).scheduled_at)
    }

    fn believed(&self, stamp: Stamp) -> Option<u64> {
        Some(self.stamps.unpack(stamp)).filter(|at| self.unit.is_believed(*at))
    }

    /// The lease on a run, if a worker holds one.
    #[must_use]
    pub fn lease_on(&self, key: RunKey) -> Option<Lease> {
        self.lease_of(key)
    }

    /// How the attempts of a run ended, the latest first; nothing for one that has not.
    pub fn results_of(&self, key: RunKey) -> impl Iterator<Item = Option<AttemptResult>> + '_ {
        let attempts = self.attempts.latest(self.record(key).attempt);
        attempts.map(|(link, _)| self.attempts.end(link).and_then(|end| end.result))
    }

    /// The task that a run belongs to.
    #[must_use]
    pub fn task_key_of(&self, key: RunKey) -> TaskKey {
        self.task_of(key)
    }

    /// The id of the task that a run belongs to, where it is known.
    #[must_use]
    pub fn task_id_of(&self, key: RunKey) -> Option<TaskId> {
        Some(self.tasks[self.task_of(key).index()].id).filter(|id| !id.is_nil())
    }

    /// What the creation of a run's task said, where it is known.
    #[must_use]
    #[inline]
    pub fn numbered_spec(&self, key: RunKey) -> Option<Numbered<'_>> {
        let number = self.tasks[self.task_of(key).index()].spec;
        (number != NO_SPEC).then_some(())?;
        Some(Numbered { number: number as usize, spec: self.specs.get(number)? })
    }

    /// What the creations of tasks said, each thing once, the latest first.
    pub fn specs_latest(&self) -> impl Iterator<Item = &TaskSpec> + '_ {
        self.specs.latest()
    }

    /// The priority by which a run is selected, or that of its task. A run takes its task's when it becomes ready, and
    /// no engine logs that: 0 says nothing.
    #[must_use]
    pub fn priority_of(&self, key: RunKey) -> Option<i32> {
        let of_task = || self.spec(key).map(|spec| spec.priority);
        match self.cold(key).effective_priority {
            0 if self.record(key).joined => of_task(),
            0 => of_task().or(Some(0)),
            own => Some(own),
        }
    }

    /// The runs that a worker may hold, the latest arrivals of each state first.
    pub fn held_latest(&self) -> impl Iterator<Item = RunKey> + '_ {
        let states = [Phase::Running, Phase::Held].into_iter().flat_map(|phase| self.states.of(phase));
        states.flat_map(|state| self.lane(state).latest(0))
    }
}
