//! An engine for tests alone: five odd states, and ids that are any text.

use std::fmt::Debug;

use runwatch::model::id::{AttemptId, RunId, TaskId};
use runwatch::model::kind::KindId;
use runwatch::model::position::Position;
use runwatch::model::states::{Phase, StateRow, StateSet, StateTable};
use runwatch::model::time::Unit;
use runwatch::store::versioned::epoch::{Composite, Versioned};
use runwatch::store::write::NewRun;
use runwatch::store::{Kept, Last, Rules, RunKey, Side, Store, TaskEntry, TaskKey};

pub(super) const SECOND: u64 = 1_795_196_261;

const fn row(name: &'static str, phase: Phase) -> StateRow {
    StateRow {
        name,
        label: name,
        short: name,
        glyph: "◦",
        ascii: ".",
        phase,
        cancelable: !phase.is_terminal(),
        next: StateSet::NONE,
    }
}

static STATES: StateTable = StateTable::new(&[
    row("Gone", Phase::Skipped),
    row("Busy", Phase::Running),
    row("Idle", Phase::Pending),
    row("Late", Phase::Pending),
    row("Fine", Phase::Succeeded),
])
.with_text_ids();

/// No data.
#[derive(Debug)]
struct Nothing;

impl Composite for Nothing {
    fn each(&mut self, _: &mut dyn FnMut(&mut dyn Versioned)) {}
}

impl Side for Nothing {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn kind_name(&self, _: KindId) -> &'static str {
        "Said"
    }

    fn needs(&self, _: TaskKey) -> bool {
        false
    }

    fn may_go_on(&self, _: &TaskEntry<'_>) -> bool {
        false
    }

    fn evicted(&self, _: &mut Kept<'_>) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn digest(&self, _: &mut dyn FnMut(&dyn Debug)) {}
}

/// A log of that engine, event by event.
pub(super) struct Log {
    pub(super) store: Store,
    sequence: u64,
}

impl Log {
    pub(super) fn new() -> Self {
        Self { store: Store::new(Rules::Lenient, &STATES, Unit::Seconds, Box::new(Nothing)), sequence: 0 }
    }

    /// The same after this number of events.
    pub(super) fn after(self, sequence: u64) -> Self {
        Self { sequence, ..self }
    }

    fn last(&mut self) -> Last {
        self.sequence += 1;
        let (kind, sequence) = (KindId::new(0), self.sequence);
        self.store.begin_event();
        self.store.take_sequence(Position::default(), sequence).unwrap();
        self.store.applied_event(kind, Position::default(), sequence, Some(SECOND + sequence));
        Last::new(kind, sequence, Position::default())
    }

    /// A run comes, of a task.
    pub(super) fn create(&mut self, run: &str, task: &str) -> RunKey {
        let last = self.last();
        let store = &mut self.store;
        let run = NewRun {
            id: store.id::<RunId>(run).unwrap(),
            task: store.id::<TaskId>(task).unwrap(),
            state: STATES.named("Idle").unwrap().id(),
            attempt_count: 0,
            failure_count: 0,
            created_at: SECOND,
            scheduled_at: SECOND,
            priority: 0,
            changed_at: SECOND,
            joined: false,
        };
        let key = store.insert_run(&run, last);
        store.begin_history(key);
        key
    }

    /// A run enters a state.
    pub(super) fn enter(&mut self, run: RunKey, state: &str) {
        let last = self.last();
        self.store.enter_state(run, STATES.named(state).unwrap().id(), SECOND + 5, last);
    }

    /// A run begins an attempt.
    pub(super) fn attempt(&mut self, run: RunKey, attempt: &str) {
        self.enter(run, "Busy");
        let id = self.store.id::<AttemptId>(attempt).unwrap();
        self.store.open_attempt(run, id, SECOND + 5, false);
    }
}
