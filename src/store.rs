//! Every run of a log, as its engine's own reducer would have it: the fold of the events read so far.
//!
//! [`Store::apply`] reads no clock, does no I/O and cannot fail: what the rules refuse it counts and keeps as a
//! [`Problem`]. Must not know bytes, JSON or the screen. The rules themselves are in `reduce` and below it.

mod budget;
mod digest;
mod evict;
mod key;
mod life;
mod name;
mod odd_time;
mod prefetch;
mod problem;
mod read;
mod record;
mod reduce;
mod rejection;
mod retain;
mod run;
mod spec;
mod stamp;
mod state_list;
mod tally;
mod task;
mod transitions;
mod travel;
mod versioned;
mod wait;

use std::collections::HashMap;

pub use budget::Budget;
pub use evict::{Renumbering, Thinning};
pub use key::{RunKey, TaskKey};
pub use life::{Attempt, Life, StateChange};
pub use name::{Name, Names};
pub use problem::{KEPT as PROBLEMS_KEPT, Problem, ProblemKind, Problems};
pub use read::fields::Numbered;
pub use rejection::Rejection;
pub use retain::{Ended, Excess, Pace, Retain, Retention, Work};
pub use run::{LastEvent, Lease, Run};
pub use spec::TaskSpec;
pub use state_list::{Lane, Slot};
use tally::LogTime;
pub use tally::{AttemptTally, Minute, RUNGS, Rungs, Tally};
pub use task::TaskEntry;
pub use versioned::epoch::Direction;
pub use versioned::set::RunSet;
pub use wait::{Filter, Target, WaitRecord};

use crate::model::event::{CancelTarget, Event, EventKind, Vocabulary};
use crate::model::id::{CheckpointId, RunId, TaskId, TenantId};
use crate::model::position::Position;
use crate::model::state::STATES;
use crate::model::states::{MAX_STATES, StateTable};
use prefetch::Ahead;
use record::{Aside, Held, Odd, Record};
use spec::Specs;
use stamp::Stamps;
use task::{Rest, TaskRecord};
use transitions::{Attempts, Changes};
use versioned::epoch::Cell;
use versioned::index::Index;
use versioned::map::{Book, Roll};
use versioned::slab::Slab;
use versioned::vec::Column;

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
    head: Cell<Head>,

    runs: Column<Record>,
    /// Invariant: one for each of `runs`.
    asides: Column<Aside>,
    odds: Slab<Odd>,
    ahead: Ahead,
    changes: Changes,
    attempts: Attempts,
    leases: Slab<Held>,
    stamps: Stamps,
    index: Index<RunId>,
    /// Invariant: each run is in the lane of its state, at its slot, and in no other.
    lanes: [Lane; MAX_STATES],
    /// Live runs of several attempts that have used all but 0, 1 or 2 of them.
    near_cap: [Lane; NEAR],

    tasks: Column<TaskRecord>,
    task_rests: Slab<Rest>,
    specs: Specs,
    task_index: Index<TaskId>,
    /// The runs of each task that has several. Those that are not in `runs` are of the future of the instant at hand.
    task_runs: HashMap<TaskKey, Vec<RunKey>>,
    budgets: Book<TaskKey, Vec<Budget>>,

    names: Names,
    waits: wait::Waits,
    signals: wait::Signals,
    tenants: Roll<TenantId>,
    /// Who holds a concurrency key, and which key a run holds (0.2 and later).
    key_owners: Book<Name, RunKey>,
    keys_held: Book<RunKey, Name>,
    /// Targets whose cancellation was committed (0.2 and later): a repeat is legal.
    canceled: Roll<CancelTarget>,
    checkpoints: Roll<CheckpointId>,
    admissions: Roll<(Option<TenantId>, Name)>,

    problems: Problems,
}

/// What is one for the whole store.
#[derive(Debug, Clone)]
struct Head {
    vocabulary: Option<Vocabulary>,
    known_tasks: usize,
    rungs: Rungs,
    engine: Engine,
    tally: Tally,
    attempt_tally: AttemptTally,
    minute: Minute,
    kinds: [u64; EventKind::ALL.len()],
    /// Runs that were let go of after they had ended, by state.
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

impl Default for Head {
    fn default() -> Self {
        Self {
            vocabulary: None,
            known_tasks: 0,
            rungs: Rungs::default(),
            engine: Engine::default(),
            tally: Tally::default(),
            attempt_tally: AttemptTally::default(),
            minute: Minute::default(),
            kinds: [0; EventKind::ALL.len()],
            gone: [0; MAX_STATES],
            latest_sequence: 0,
            highest_seen: None,
            sequence_gaps: 0,
            first_sequence: None,
            generation: 0,
            missed: None,
            time: LogTime::default(),
        }
    }
}

/// Whether the engine dispatches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Engine {
    /// Whether it is paused.
    pub paused: bool,
    /// When it was paused last.
    pub paused_at: Option<u64>,
    /// When it was resumed last.
    pub resumed_at: Option<u64>,
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Rules::default())
    }
}

impl Store {
    /// Makes a store that has seen nothing.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            states: &STATES,
            head: Cell::default(),
            runs: Column::default(),
            asides: Column::default(),
            odds: Slab::default(),
            ahead: Ahead::default(),
            changes: Changes::default(),
            attempts: Attempts::default(),
            leases: Slab::default(),
            stamps: Stamps::default(),
            index: Index::default(),
            lanes: Default::default(),
            near_cap: Default::default(),
            tasks: Column::default(),
            task_rests: Slab::default(),
            specs: Specs::default(),
            task_index: Index::default(),
            task_runs: HashMap::new(),
            budgets: Book::default(),
            names: Names::default(),
            waits: wait::Waits::default(),
            signals: wait::Signals::default(),
            tenants: Roll::default(),
            key_owners: Book::default(),
            keys_held: Book::default(),
            canceled: Roll::default(),
            checkpoints: Roll::default(),
            admissions: Roll::default(),
            problems: Problems::default(),
        }
    }

    /// Applies one event of a line, or refuses it and keeps why. Either way the line is accounted for.
    ///
    /// # Errors
    /// When the rules refuse the event; the problem is kept.
    pub fn apply(&mut self, place: Position, event: &Event<'_>) -> Result<(), Rejection> {
        self.head.tally.lines += 1;
        let outcome = self.check_sequence(place, event.sequence).and_then(|()| self.reduce(place, event));
        self.settle(place, event.sequence, &outcome);
        if outcome.is_ok() {
            self.head.tally.applied += 1;
            self.head.kinds[event.kind as usize] += 1;
            let at = event.body.at();
            if self.head.time.tell(at) {
                self.look_at_time(place, event.sequence, at.unwrap_or(0));
            }
        }
        outcome
    }

    /// Accounts for an event of a kind that nobody knows: it takes its place in the order and changes nothing.
    ///
    /// # Errors
    /// When its sequence repeats or goes back; the problem is kept.
    pub fn unknown(&mut self, place: Position, sequence: u64) -> Result<(), Rejection> {
        self.head.tally.lines += 1;
        let outcome = self.check_sequence(place, sequence);
        self.settle(place, sequence, &outcome);
        self.head.tally.ignored += u64::from(outcome.is_ok());
        outcome
    }

    fn settle(&mut self, place: Position, sequence: u64, outcome: &Result<(), Rejection>) {
        match outcome {
            Ok(()) => self.head.latest_sequence = sequence,
            Err(rejection) => {
                self.head.tally.rejected += 1;
                let (mut kind, mut reason) = (rejection.kind(), rejection.to_string());
                if let Some(from) = self.missed_before(rejection) {
                    kind = ProblemKind::Gap;
                    reason.push_str(&format!("; events after #{from} were not read, and may explain it"));
                }
                self.note(kind, place, Some(sequence), rejection.run(), reason);
            }
        }
    }

    /// The sequence after which events were not read, if an event may be refused only for that: it is about a run that was there
    /// before them, or came with them.
    fn missed_before(&self, rejection: &Rejection) -> Option<u64> {
        let (from, n_runs) = self.head.missed?;
        let key = self.find(rejection.run()?);
        key.is_none_or(|key| key.index() < n_runs || self.is_joined(key)).then_some(from)
    }

    /// Accounts for a line that is no event.
    pub fn unreadable(&mut self, kind: ProblemKind, place: Position, reason: String) {
        self.head.tally.lines += 1;
        self.head.tally.unreadable += 1;
        self.note(kind, place, None, None, reason);
    }

    /// Accounts for a blank line.
    pub fn blank(&mut self) {
        self.head.tally.lines += 1;
        self.head.tally.ignored += 1;
    }

    /// Keeps a problem that is not about an event of its own, a torn last line for example.
    pub fn note(
        &mut self,
        kind: ProblemKind,
        place: Position,
        sequence: Option<u64>,
        run: Option<RunId>,
        reason: String,
    ) {
        if let Some(key) = run.and_then(|run| self.find(run)) {
            self.odd_mut(key).flagged = true;
        }
        self.problems.push(Problem { kind, place, sequence, run, reason });
    }

    /// Sets which engine's events the log speaks, once its first event shows it.
    pub fn speak(&mut self, vocabulary: Vocabulary) {
        self.head.vocabulary = Some(vocabulary);
    }

    /// Begins a generation of the log, whose first event stands at `place`.
    pub fn enter_generation(&mut self, place: Position, sequence: u64) {
        self.head.generation = place.generation();
        if let Some(from) = self.jump_to(sequence) {
            self.head.missed = Some((from, self.runs.len()));
            let n = sequence - from - 1;
            let reason = if n == 1 {
                format!("1 event between #{from} and #{sequence} was not read: the log was rotated there")
            } else {
                format!("{n} events between #{from} and #{sequence} were not read: the log was rotated there")
            };
            self.note(ProblemKind::Gap, place, Some(sequence), None, reason);
        }
    }

    fn check_sequence(&mut self, place: Position, sequence: u64) -> Result<(), Rejection> {
        match self.head.highest_seen {
            Some(highest) if sequence > highest && sequence - highest > 1 => self.head.sequence_gaps += 1,
            Some(_) => (),
            None => self.head.first_sequence = Some(sequence),
        }
        self.head.highest_seen = self.head.highest_seen.max(Some(sequence));
        let latest = self.head.latest_sequence;
        if sequence > latest {
            return Ok(());
        }
        Err(if place.generation() < self.head.generation {
            Rejection::Late { got: sequence, latest }
        } else {
            Rejection::Sequence { got: sequence, latest }
        })
    }
}
