//! Every run of a log, as its engine's own reducer would have it: the fold of the events read so far.
//!
//! [`Store::apply`] reads no clock, does no I/O and cannot fail: what the rules refuse it counts and keeps as a
//! [`Problem`]. Must not know bytes, JSON or the screen. The rules themselves are in `reduce` and below it.

mod budget;
mod chronicle;
mod index;
mod key;
mod lane;
mod life;
mod name;
mod problem;
mod record;
mod reduce;
mod rejection;
mod run;
mod slab;
mod stamp;
mod tally;
mod task;
mod wait;

use std::collections::{HashMap, HashSet};

pub use budget::Budget;
pub use key::{RunKey, TaskKey};
pub use lane::Lane;
pub use life::{Attempt, Life, StateChange};
pub use name::{Name, Names};
pub use problem::{KEPT as PROBLEMS_KEPT, Problem, ProblemKind, Problems};
pub use rejection::Rejection;
pub use run::{LastEvent, Lease, Run};
pub use tally::{AttemptTally, Minute, RUNGS, Rungs, Tally};
pub use task::{TaskEntry, TaskSpec};
pub use wait::{Filter, Target, WaitRecord};

use crate::model::event::{CancelTarget, Dimension, Event, EventKind, Vocabulary};
use crate::model::id::{AttemptId, CheckpointId, RunId, TaskId, TenantId};
use crate::model::place::Place;
use crate::model::run::{RunInstance, RunRecord};
use crate::model::state::RunState;
use chronicle::{Attempts, Changes, Entry};
use index::Index;
use record::Record;
use slab::Slab;
use stamp::Stamps;
use task::{NO_RUN, Rest, Specs, TaskRecord, UNKNOWN};

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
    vocabulary: Option<Vocabulary>,

    runs: Vec<Record>,
    /// The runs of the lines that are about to be applied, where they were there before.
    ahead: Vec<Option<RunKey>>,
    /// The one of the line that is being applied.
    expected: Option<RunKey>,
    changes: Changes,
    attempts: Attempts,
    leases: Slab<Lease>,
    stamps: Stamps,
    index: Index<RunId>,
    /// Invariant: each run is in the lane of its state, at its slot, and in no other.
    lanes: [Lane; RunState::COUNT],
    /// Live runs of several attempts that have used all but 0, 1 or 2 of them.
    near_cap: [Lane; NEAR],
    rungs: Rungs,

    tasks: Vec<TaskRecord>,
    task_rests: Slab<Rest>,
    specs: Specs,
    task_index: Index<TaskId>,
    known_tasks: usize,
    budgets: HashMap<TaskKey, Vec<Budget>>,

    names: Names,
    waits: wait::Waits,
    signals: wait::Signals,
    tenants: HashSet<TenantId>,
    /// Who holds a concurrency key, and which key a run holds (0.2 and later).
    key_owners: HashMap<Name, RunKey>,
    keys_held: HashMap<RunKey, Name>,
    /// Targets whose cancellation was committed (0.2 and later): a repeat is legal.
    canceled: HashSet<CancelTarget>,
    checkpoints: HashSet<CheckpointId>,
    /// Every attempt's id (0.2 and later): an accepted start may not repeat one.
    attempt_ids: HashSet<AttemptId>,
    admissions: HashSet<(Option<TenantId>, Name)>,

    engine: Engine,
    tally: Tally,
    attempt_tally: AttemptTally,
    minute: Minute,
    problems: Problems,
    kinds: [u64; EventKind::ALL.len()],

    /// The last sequence that was applied.
    latest_sequence: u64,
    /// The highest sequence that was seen, applied or not, by which gaps are counted.
    highest_seen: Option<u64>,
    sequence_gaps: u64,
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
            vocabulary: None,
            runs: Vec::new(),
            ahead: Vec::new(),
            expected: None,
            changes: Changes::default(),
            attempts: Attempts::default(),
            leases: Slab::default(),
            stamps: Stamps::default(),
            index: Index::default(),
            lanes: Default::default(),
            near_cap: Default::default(),
            rungs: Rungs::default(),
            tasks: Vec::new(),
            task_rests: Slab::default(),
            specs: Specs::default(),
            task_index: Index::default(),
            known_tasks: 0,
            budgets: HashMap::new(),
            names: Names::default(),
            waits: wait::Waits::default(),
            signals: wait::Signals::default(),
            tenants: HashSet::new(),
            key_owners: HashMap::new(),
            keys_held: HashMap::new(),
            canceled: HashSet::new(),
            checkpoints: HashSet::new(),
            attempt_ids: HashSet::new(),
            admissions: HashSet::new(),
            engine: Engine::default(),
            tally: Tally::default(),
            attempt_tally: AttemptTally::default(),
            minute: Minute::default(),
            problems: Problems::default(),
            kinds: [0; EventKind::ALL.len()],
            latest_sequence: 0,
            highest_seen: None,
            sequence_gaps: 0,
        }
    }

    /// Applies one event of a line, or refuses it and keeps why. Either way the line is accounted for.
    ///
    /// # Errors
    /// When the rules refuse the event; the problem is kept.
    pub fn apply(&mut self, place: Place, event: &Event<'_>) -> Result<(), Rejection> {
        self.tally.lines += 1;
        let outcome = self.check_sequence(event.sequence).and_then(|()| self.reduce(place, event));
        self.settle(place, event.sequence, &outcome);
        if outcome.is_ok() {
            self.tally.applied += 1;
            self.kinds[event.kind as usize] += 1;
        }
        outcome
    }

    /// Accounts for an event of a kind that nobody knows: it takes its place in the order and changes nothing.
    ///
    /// # Errors
    /// When its sequence repeats or goes back; the problem is kept.
    pub fn unknown(&mut self, place: Place, sequence: u64) -> Result<(), Rejection> {
        self.tally.lines += 1;
        let outcome = self.check_sequence(sequence);
        self.settle(place, sequence, &outcome);
        self.tally.ignored += u64::from(outcome.is_ok());
        outcome
    }

    fn settle(&mut self, place: Place, sequence: u64, outcome: &Result<(), Rejection>) {
        match outcome {
            Ok(()) => self.latest_sequence = sequence,
            Err(rejection) => {
                self.tally.rejected += 1;
                self.note(rejection.kind(), place, Some(sequence), rejection.run(), rejection.to_string());
            }
        }
    }

    /// Looks up the runs of lines that are about to be applied, all at once, and touches what applying will touch.
    pub fn look_ahead(&mut self, runs: impl Iterator<Item = Option<RunId>>) {
        let mut ahead = std::mem::take(&mut self.ahead);
        ahead.clear();
        ahead.extend(runs.map(|run| self.find(run?)));
        let mut touched = 0_u64;
        for key in ahead.iter().flatten() {
            let record = self.record(*key);
            touched ^= self.attempts.get(record.attempt).map_or(0, |entry| u64::from(entry.accepted));
            touched ^= u64::from(self.tasks[record.task.index()].live);
            touched ^= self.leases.get(record.lease).map_or(0, |lease| lease.expiry);
        }
        // The values are of no use; that they were waited for together is.
        std::hint::black_box(touched);
        self.ahead = ahead;
    }

    /// Says which of those lines is applied next.
    pub fn at_line(&mut self, index: usize) {
        self.expected = self.ahead.get(index).copied().flatten();
    }

    /// Ends what [`Store::look_ahead`] began.
    pub fn forget_look_ahead(&mut self) {
        self.ahead.clear();
        self.expected = None;
    }

    /// Accounts for a line that is no event.
    pub fn unreadable(&mut self, kind: ProblemKind, place: Place, reason: String) {
        self.tally.lines += 1;
        self.tally.unreadable += 1;
        self.note(kind, place, None, None, reason);
    }

    /// Accounts for a blank line.
    pub const fn blank(&mut self) {
        self.tally.lines += 1;
        self.tally.ignored += 1;
    }

    /// Keeps a problem that is not about an event of its own, a torn last line for example.
    pub fn note(
        &mut self,
        kind: ProblemKind,
        place: Place,
        sequence: Option<u64>,
        run: Option<RunId>,
        reason: String,
    ) {
        if let Some(key) = run.and_then(|run| self.find(run)) {
            self.runs[key.index()].flags.flagged = true;
        }
        self.problems.push(Problem { kind, place, sequence, run, reason });
    }

    /// Sets which engine's events the log speaks, once its first event shows it.
    pub const fn speak(&mut self, vocabulary: Vocabulary) {
        self.vocabulary = Some(vocabulary);
    }

    fn check_sequence(&mut self, sequence: u64) -> Result<(), Rejection> {
        if let Some(highest) = self.highest_seen
            && sequence > highest
            && sequence - highest > 1
        {
            self.sequence_gaps += 1;
        }
        self.highest_seen = self.highest_seen.max(Some(sequence));
        if sequence <= self.latest_sequence {
            return Err(Rejection::Sequence { got: sequence, latest: self.latest_sequence });
        }
        Ok(())
    }

    /// How lines are judged.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
    }

    /// Which engine's events the log speaks, once an event has shown it.
    #[must_use]
    pub const fn vocabulary(&self) -> Option<Vocabulary> {
        self.vocabulary
    }

    /// How many runs there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is no run.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Finds a run by its id.
    #[must_use]
    pub fn find(&self, id: RunId) -> Option<RunKey> {
        if let Some(key) = self.expected
            && self.record(key).id == id
        {
            return Some(key);
        }
        self.index.find(&id, |key| self.runs[key as usize].id).map(RunKey)
    }

    /// The run that a key stands for.
    #[must_use]
    pub fn run(&self, key: RunKey) -> Run {
        let record = self.record(key);
        Run {
            instance: self.instance(key),
            task: record.task,
            lease: self.lease_of(key).copied(),
            reason: record.reason,
            uncounted: record.uncounted,
            last: LastEvent {
                kind: record.last.kind,
                sequence: record.last.sequence,
                place: record.last.place(),
            },
            joined: record.flags.joined,
            flagged: record.flags.flagged,
        }
    }

    /// The history of a run, put together from its latest entry on: it costs its length.
    #[must_use]
    pub fn life(&self, key: RunKey) -> Life<'_> {
        let record = self.record(key);
        let change = |(from, to, at)| StateChange { from, to, at: self.stamps.unpack(at) };
        let mut changes: Vec<StateChange> = self.changes.latest(record.change).map(change).collect();
        changes.reverse();
        let attempt = |(_, entry): (_, &Entry)| Attempt {
            id: entry.id,
            started_at: self.stamps.unpack(entry.started_at),
            finished_at: entry.finished_at(&self.stamps),
            result: entry.result,
            error: entry.error,
            // As long as the store: the borrow is of `self`, not of the entry.
            output: None,
            recovered: entry.recovered,
        };
        let mut attempts: Vec<Attempt<'_>> = self.attempts.latest(record.attempt).map(attempt).collect();
        for (attempt, (_, entry)) in attempts.iter_mut().zip(self.attempts.latest(record.attempt)) {
            attempt.output = self.attempts.output(entry);
        }
        attempts.reverse();
        Life { changes, attempts }
    }

    fn record(&self, key: RunKey) -> &Record {
        &self.runs[key.index()]
    }

    /// The run as its engine has it.
    fn instance(&self, key: RunKey) -> RunInstance {
        let record = self.record(key);
        let open = self.attempts.get(record.attempt).filter(|_| record.flags.open);
        RunInstance::unpacked(RunRecord {
            id: record.id,
            task_id: self.tasks[record.task.index()].id,
            state: record.state,
            current_attempt_id: open.map(|attempt| attempt.id),
            attempt_count: record.attempt_count,
            failure_attempt_count: Some(record.failure_attempt_count),
            created_at: self.stamps.unpack(record.created_at),
            scheduled_at: self.stamps.unpack(record.scheduled_at),
            effective_priority: record.effective_priority,
            last_state_change_at: self.stamps.unpack(record.last_state_change_at),
        })
    }

    fn lease_of(&self, key: RunKey) -> Option<&Lease> {
        self.leases.get(self.record(key).lease)
    }

    /// Every run, in order of arrival.
    pub fn keys(&self) -> impl Iterator<Item = RunKey> + use<> {
        (0..u32::try_from(self.runs.len()).expect("keys are 32 bits")).map(RunKey)
    }

    /// The runs of one state.
    #[must_use]
    pub const fn lane(&self, state: RunState) -> &Lane {
        &self.lanes[state as usize]
    }

    /// How far from the latest arrival a run stands in its lane.
    #[must_use]
    pub fn place_in_lane(&self, key: RunKey) -> usize {
        let record = self.record(key);
        self.lane(record.state).place(record.slot)
    }

    /// Runs of several attempts that have used all but `left` of them, for `left` below [`NEAR`].
    #[must_use]
    pub const fn near_cap(&self, left: usize) -> &Lane {
        &self.near_cap[left]
    }

    /// How many live runs are on which attempt.
    #[must_use]
    pub const fn rungs(&self) -> &Rungs {
        &self.rungs
    }

    /// The task that a key stands for.
    #[must_use]
    pub fn task(&self, key: TaskKey) -> TaskEntry<'_> {
        let record = &self.tasks[key.index()];
        let rest = self.task_rests.get(record.rest);
        let first = std::slice::from_ref(&record.first_run);
        let runs = match rest {
            _ if record.first_run == NO_RUN => &[],
            Some(rest) if !rest.runs.is_empty() => rest.runs.as_slice(),
            _ => first,
        };
        let is_known = record.spec != UNKNOWN;
        TaskEntry {
            id: record.id,
            spec: self.specs.get(record.spec),
            created_at: if is_known { self.stamps.unpack(record.created_at) } else { 0 },
            parent: rest.and_then(|rest| rest.parent),
            canceled_at: rest.and_then(|rest| rest.canceled_at),
            depends_on: rest.map_or(&[], |rest| rest.depends_on.as_slice()),
            runs,
            live: record.live as usize,
            completed: record.completed as usize,
            last_scheduled: self.last_scheduled(record, rest),
            children: rest.map_or(&[], |rest| rest.children.as_slice()),
            admitted_at: rest.and_then(|rest| rest.admitted_at),
        }
    }

    /// The latest instant for which a run of the task was scheduled.
    fn last_scheduled(&self, task: &TaskRecord, rest: Option<&Rest>) -> u64 {
        let first =
            self.runs.get(task.first_run.index()).map_or(0, |run| self.stamps.unpack(run.scheduled_at));
        rest.map_or(first, |rest| rest.last_scheduled.max(first))
    }

    /// Finds a task by its id.
    #[must_use]
    pub fn find_task(&self, id: TaskId) -> Option<TaskKey> {
        self.task_index.find(&id, |key| self.tasks[key as usize].id).map(TaskKey)
    }

    /// Every task that the log names, in order of arrival; some may be known by their id alone.
    pub fn task_keys(&self) -> impl Iterator<Item = TaskKey> + use<> {
        (0..u32::try_from(self.tasks.len()).expect("keys are 32 bits")).map(TaskKey)
    }

    /// How many tasks the log has created.
    #[must_use]
    pub const fn n_tasks(&self) -> usize {
        self.known_tasks
    }

    /// The budgets of a task, in order of allocation.
    #[must_use]
    pub fn budgets(&self, task: TaskKey) -> &[Budget] {
        self.budgets.get(&task).map_or(&[], Vec::as_slice)
    }

    /// The text that a name stands for.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// What an awaiting run waits for.
    #[must_use]
    pub fn wait(&self, key: RunKey) -> Option<&WaitRecord> {
        self.waits.records.get(self.waits.active.get(&key)?)
    }

    /// The run that holds a concurrency key (0.2 and later).
    #[must_use]
    pub fn key_owner(&self, key: Name) -> Option<RunKey> {
        self.key_owners.get(&key).copied()
    }

    /// Whether the engine dispatches.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What became of the lines.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many attempts there were, and how they ended.
    #[must_use]
    pub const fn attempts(&self) -> &AttemptTally {
        &self.attempt_tally
    }

    /// The results of the last minute.
    #[must_use]
    pub const fn minute(&self) -> &Minute {
        &self.minute
    }

    /// What the log did that it may not do.
    #[must_use]
    pub const fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Takes the problems that are kept; they stay counted. For a reader that passes each of them on.
    pub fn take_problems(&mut self) -> Vec<Problem> {
        self.problems.take()
    }

    /// How many events of `kind` were applied.
    #[must_use]
    pub const fn applied(&self, kind: EventKind) -> u64 {
        self.kinds[kind as usize]
    }

    /// The last sequence that was applied; 0 before the first.
    #[must_use]
    pub const fn latest_sequence(&self) -> u64 {
        self.latest_sequence
    }

    /// How often the sequence skipped numbers, which is legal.
    #[must_use]
    pub const fn sequence_gaps(&self) -> u64 {
        self.sequence_gaps
    }

    fn budget_mut(&mut self, task: TaskId, dimension: Dimension) -> Option<&mut Budget> {
        let key = self.find_task(task)?;
        self.budgets.get_mut(&key)?.iter_mut().find(|budget| budget.dimension == dimension)
    }
}
