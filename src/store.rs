//! Every run of a log in the state its engine's rules give it: the fold of the events read so far.
//!
//! A kernel: changed through `write` alone, reads no clock, does no I/O and cannot fail. Events that the rules refuse
//! are counted and kept as a [`Problem`]. Data of one engine alone is a [`Side`] beside it. Must not know bytes,
//! JSON, any engine or the screen.

mod digest;
mod evict;
mod key;
mod life;
mod name;
mod odd_time;
mod paged;
mod prefetch;
mod problem;
mod read;
mod record;
mod retain;
mod run;
mod side;
mod spec;
mod stamp;
mod state_list;
mod tally;
mod task;
mod transitions;
mod travel;
pub mod versioned;
pub mod write;

use std::collections::HashMap;

pub use evict::{Eviction, Kept, Renumbering};
pub use key::{RunKey, TaskKey};
pub use life::{Attempt, LastAttempt, Life, StateChange};
pub use name::{Name, Names};
pub use paged::Paged;
pub use prefetch::Needs;
pub use problem::{Problem, ProblemKind, Problems};
pub use read::fields::Numbered;
pub use record::{Last, Record};
pub use retain::{Ended, Excess, Pace, Retain, Retention, Work};
pub use run::{LastEvent, Lease, Run};
pub use side::Side;
pub use spec::TaskSpec;
pub use state_list::{Slot, StateQueue};
use tally::LogTime;
pub use tally::{AttemptTally, Minute, RUNGS, Rungs, Tally};
pub use task::TaskEntry;
pub use transitions::Link;
pub use versioned::epoch::TravelDirection;
pub use versioned::set::RunSet;

use crate::model::id::{IdTexts, RunId, TaskId};
use crate::model::kind::MAX_KINDS;
use crate::model::states::{MAX_STATES, Phase, State, StateSet, StateTable};
use crate::model::time::Unit;
use prefetch::Prefetched;
use record::{ColdRecord, HeldLease, RareFields};
use spec::Specs;
use stamp::Stamps;
use task::{TaskCell, TaskRest};
use transitions::{Attempts, Changes};
use versioned::epoch::Cell;
use versioned::index::Index;
use versioned::slab::Slab;
use versioned::vec::VersionedVec;

/// Leniency of the rules toward a log that was joined late or lost lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rules {
    /// Takes up a run that the log has not created, and follows a run that moved unseen.
    #[default]
    Lenient,
    /// Refuses exactly the lines that the engine's reducer refuses.
    Strict,
}

/// Number of near-cap lists: a run with fewer attempts left than this counts as near its cap.
pub const NEAR: usize = 3;

/// Every run of a log.
#[derive(Debug)]
pub struct Store {
    rules: Rules,
    states: &'static StateTable,
    /// The unit of all instants.
    unit: Unit,
    /// The states of each phase, which the rules read at each event.
    terminal: StateSet,
    succeeded: StateSet,
    running: StateSet,
    parked: StateSet,
    head: Cell<Head>,

    runs: VersionedVec<Record>,
    /// Invariant: one for each of `runs`.
    cold_records: VersionedVec<ColdRecord>,
    rare_fields: Slab<RareFields>,
    /// The workers that had runs last, where the log tells of workers without leases; shorter than `runs` where not.
    workers: VersionedVec<Option<Name>>,
    prefetched: Prefetched,
    changes: Changes,
    attempts: Attempts,
    leases: Slab<HeldLease>,
    stamps: Stamps,
    index: Index<RunId>,
    /// Invariant: each run is in the lane of its state, at its slot, and in no other.
    lanes: [StateQueue; MAX_STATES],
    /// Live runs of several attempts that have used all but 0, 1 or 2 of them.
    near_cap: [StateQueue; NEAR],

    tasks: VersionedVec<TaskCell>,
    task_rests: Slab<TaskRest>,
    specs: Specs,
    task_index: Index<TaskId>,
    /// The runs of each task that has several. Keys beyond the end of `runs` belong to the future of the current
    /// instant.
    task_runs: HashMap<TaskKey, Vec<RunKey>>,

    names: Names,
    id_texts: IdTexts,
    /// Data of the store's own engine.
    side: Box<dyn Side>,

    problems: Problems,
}

/// Fields that exist once per store; versioned as one value.
#[derive(Debug, Clone)]
struct Head {
    known_tasks: usize,
    rungs: Rungs,
    engine: EngineStatus,
    tally: Tally,
    attempt_tally: AttemptTally,
    minute: Minute,
    kinds: [u64; MAX_KINDS],
    /// Runs that were evicted after they had ended, by state.
    gone: [u64; MAX_STATES],
    /// The last sequence that was applied.
    latest_sequence: u64,
    /// Highest sequence seen, applied or not. Gaps are counted from it.
    highest_seen: Option<u64>,
    sequence_gaps: u64,
    /// The sequence of the first event.
    first_sequence: Option<u64>,
    /// Generation of the log that holds the last event.
    generation: u32,
    /// Last sequence before events that were not read, at a change of generation, and the number of runs at that
    /// point.
    missed: Option<(u64, usize)>,
    time: LogTime,
}

impl Head {
    /// State of a log of this unit before the first record.
    fn of(unit: Unit) -> Self {
        Self {
            known_tasks: 0,
            rungs: Rungs::default(),
            engine: EngineStatus::default(),
            tally: Tally::default(),
            attempt_tally: AttemptTally::default(),
            minute: Minute::default(),
            kinds: [0; MAX_KINDS],
            gone: [0; MAX_STATES],
            latest_sequence: 0,
            highest_seen: None,
            sequence_gaps: 0,
            first_sequence: None,
            generation: 0,
            missed: None,
            time: LogTime::of(unit),
        }
    }
}

/// State of the engine's dispatch loop. Instants are in the log's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineStatus {
    /// True while dispatch is paused.
    pub paused: bool,
    /// Instant of the last pause, if any.
    pub paused_at: Option<u64>,
    /// Instant of the last resume, if any.
    pub resumed_at: Option<u64>,
}

impl Store {
    /// Makes an empty store for an engine with these states, instants of this unit, and this engine data.
    #[must_use]
    pub fn new(rules: Rules, states: &'static StateTable, unit: Unit, side: Box<dyn Side>) -> Self {
        let of = |is_in: fn(Phase) -> bool| {
            states.all().filter(|state| is_in(state.phase())).map(State::id).collect()
        };
        Self {
            rules,
            states,
            unit,
            terminal: of(Phase::is_terminal),
            succeeded: of(|phase| phase == Phase::Succeeded),
            running: of(|phase| phase == Phase::Running),
            parked: of(|phase| phase == Phase::Parked),
            head: Cell::of(Head::of(unit)),
            runs: VersionedVec::default(),
            cold_records: VersionedVec::default(),
            rare_fields: Slab::default(),
            workers: VersionedVec::default(),
            prefetched: Prefetched::default(),
            changes: Changes::default(),
            attempts: Attempts::default(),
            leases: Slab::default(),
            stamps: Stamps::of(unit),
            index: Index::default(),
            lanes: Default::default(),
            near_cap: Default::default(),
            tasks: VersionedVec::default(),
            task_rests: Slab::default(),
            specs: Specs::default(),
            task_index: Index::default(),
            task_runs: HashMap::new(),
            names: Names::default(),
            id_texts: IdTexts::default(),
            side,
            problems: Problems::default(),
        }
    }
}
