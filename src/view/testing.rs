//! The fixture of the views' tests: a store to which the tests apply events of numbered runs.

use uuid::Uuid;

use crate::engine::actionqueue;
use crate::engine::actionqueue::event::{Body, Event, EventKind, Finish};
use crate::engine::actionqueue::run_instance::RunInstance;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::states::RunState::{
    Awaiting, Canceled, Completed, Failed, Leased, Ready, RetryWait, Running, Scheduled, Suspended,
};
use crate::model::facts::AttemptResult;
use crate::model::id::{AttemptId, RunId, TaskId};
use crate::model::position::Position;
use crate::store::{Rules, Store};

/// A store with numbered runs.
pub(super) struct TestField {
    pub(super) store: Store,
    sequence: u64,
}

pub(super) fn id(number: u32) -> RunId {
    RunId::from_uuid(Uuid::from_u128(u128::from(number) << 96 | 1))
}

impl Default for TestField {
    fn default() -> Self {
        Self { store: actionqueue::store(Rules::default()), sequence: 0 }
    }
}

impl TestField {
    pub(super) fn apply(&mut self, kind: EventKind, body: Body<'_>) {
        self.sequence += 1;
        let event = Event { sequence: self.sequence, kind, body };
        actionqueue::fold::event(&mut self.store, Position::default(), &event).unwrap();
    }

    pub(super) fn create(&mut self, number: u32) {
        let task = TaskId::from_uuid(Uuid::from_u128(7));
        let run = RunInstance::new_scheduled_with_id(id(number), task, 1, 1).unwrap();
        self.apply(EventKind::RunCreated, Body::RunCreated { run });
    }

    /// Moves a run to a state, by legal steps.
    pub(super) fn to(&mut self, number: u32, to: RunState) {
        let at = |store: &Store| RunState::from(store.run(store.find(id(number)).unwrap()).state);
        let way: &[RunState] = match to {
            Scheduled => &[],
            Ready => &[Ready],
            Leased => &[Ready, Leased],
            Canceled => &[Canceled],
            Running => &[Ready, Leased, Running],
            RetryWait | Suspended | Completed | Failed | Awaiting => &[Ready, Leased, Running, to],
        };
        let passed = way.iter().position(|state| *state == at(&self.store)).map_or(0, |index| index + 1);
        for next in &way[passed..] {
            self.move_to(number, at(&self.store), *next);
        }
    }

    /// Moves a run by one step.
    pub(super) fn move_to(&mut self, number: u32, from: RunState, to: RunState) {
        let body = Body::RunStateChanged { run: id(number), from, to, at: 1 };
        self.apply(EventKind::RunStateChanged, body);
    }

    pub(super) fn with(mut self, numbers: impl IntoIterator<Item = u32>, state: RunState) -> Self {
        for number in numbers {
            self.create(number);
            self.to(number, state);
        }
        self
    }

    /// Makes a running run fail an attempt with this error.
    pub(super) fn fail(&mut self, number: u32, attempt: u128, error: &str) {
        let (run, attempt) = (id(number), AttemptId::from_uuid(Uuid::from_u128(attempt)));
        self.apply(EventKind::AttemptStarted, Body::AttemptStarted { run, attempt, at: 1 });
        let result = AttemptResult::Failure;
        let error = Some(error.into());
        let finish = Finish { run, attempt, result, error, output: None, at: 1 };
        self.apply(EventKind::AttemptFinished, Body::AttemptFinished(finish));
    }
}
