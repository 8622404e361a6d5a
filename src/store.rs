//! Every run of a log, as its engine's rules would have it: the fold of the events read so far.
//!
//! A kernel: it is changed through `write` alone, reads no clock, does no I/O and cannot fail. What rules refuse is
//! counted and kept as a [`Problem`]. What only one engine has is a [`Side`] beside it. Must not know bytes, JSON, any
//! engine or the screen.

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
use task::{TaskRecord, TaskRest};
use transitions::{Attempts, Changes};
use versioned::epoch::Cell;
use versioned::index::Index;
use versioned::slab::Slab;
use versioned::vec::VersionedVec;

/// How far the store goes along with a log that was joined late or lost lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rules {
    /// Takes up a run that the log has not created, and follows a run that moved unseen.
    #[default]
    Lenient,
    /// Refuses exactly the lines that the engine's reducer refuses.
    Strict,
}

/// How many steps from its cap a run may be and still count as near it.
pub const NEAR: usize = 3;

/// Every run of a log.
#[derive(Debug)]
pub struct Store {
    rules: Rules,
    states: &'static StateTable,
    /// The unit of all instants.
    unit: Unit,
    /// The states of a kind, which are asked for at each event.
    terminal: StateSet,
    succeeded: StateSet,
    running: StateSet,
    parked: StateSet,
    head: Cell<Head>,

    runs: VersionedVec<Record>,
    /// Invariant: one for each of `runs`.
    cold_records: VersionedVec<ColdRecord>,
    rare_fields: Slab<RareFields>,
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

    tasks: VersionedVec<TaskRecord>,
    task_rests: Slab<TaskRest>,
    specs: Specs,
    task_index: Index<TaskId>,
    /// The runs of each task that has several. Those that are not in `runs` are of the future of the instant at hand.
    task_runs: HashMap<TaskKey, Vec<RunKey>>,

    names: Names,
    id_texts: IdTexts,
    /// The data that only its engine has.
    side: Box<dyn Side>,

    problems: Problems,
}

/// What is one for the whole store.
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
    /// The highest sequence that was seen, applied or not, by which gaps are counted.
    highest_seen: Option<u64>,
    sequence_gaps: u64,
    /// The sequence of the first event.
    first_sequence: Option<u64>,
    /// The content of the path that the last event stood in.
    generation: u32,
    /// The last sequence before events that were not read, where a generation followed another, and how many runs there were.
    missed: Option<(u64, usize)>,
    time: LogTime,
}

impl Head {
    /// What there is of a log of this unit before anything was read.
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

/// Whether the engine dispatches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineStatus {
    /// Whether it is paused.
    pub paused: bool,
    /// When it was paused last.
    pub paused_at: Option<u64>,
    /// When it was resumed last.
    pub resumed_at: Option<u64>,
}

impl Store {
    /// Makes a store that has seen nothing, for an engine with these states, instants of this unit, and this data of its own.
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
