//! Read interface of the store. Answers are borrowed or assembled on request; nothing changes.

mod attempts;
pub(in crate::store) mod fields;
mod sequence;

use std::borrow::Cow;
use std::cmp::Ordering;

use super::record::{ColdRecord, RareFields, Record};
use super::spec::NO_SPEC;
use super::task::{NO_RUN, TaskCell, TaskRest};
use super::{
    AttemptTally, EngineStatus, Minute, Name, Problem, Problems, Rules, Run, RunKey, Rungs, Side, Slot,
    StateQueue, Store, Tally, TaskEntry, TaskKey, TaskSpec,
};
use crate::model::id::{Id, IdTexts, RunId, TaskId};
use crate::model::kind::KindId;
use crate::model::states::{Phase, State, StateId, StateTable};
use crate::model::time::Unit;

impl Store {
    /// Leniency of the rules.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
    }

    /// Number of runs in the store.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.runs.len()
    }

    /// True if the store has no run.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// True if the log has shown no run and no task.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        self.is_empty() && self.tasks.is_empty() && self.n_gone() == 0
    }

    /// Run with this id.
    #[must_use]
    pub fn find(&self, id: RunId) -> Option<RunKey> {
        if let Some(key) = self.prefetched.expected
            && self.record(key).id == id
        {
            return Some(key);
        }
        self.index.find(&id, |key| self.id_of(RunKey(key))).map(RunKey)
    }

    /// Run with this id, also one that belongs to the future of the current instant.
    #[must_use]
    pub fn find_ever(&self, id: RunId) -> Option<RunKey> {
        self.index.find_ever(&id, |key| self.id_of(RunKey(key))).map(RunKey)
    }

    /// Run whose id has this text; a UUID may be spelled in any form.
    #[must_use]
    pub fn find_run_named(&self, text: &str) -> Option<RunKey> {
        let as_written = self.id_texts.find(text).and_then(|id| self.find(id));
        as_written.or_else(|| self.find(text.parse().ok()?))
    }

    /// Id in full, spelled as in the log.
    #[must_use]
    pub fn id_text(&self, id: impl Id) -> Cow<'_, str> {
        self.id_texts.text(id)
    }

    /// Order of two runs by id: UUIDs by their bytes, then texts by theirs.
    #[must_use]
    pub fn by_id(&self, a: RunKey, b: RunKey) -> Ordering {
        let (a, b) = (self.id_of(a), self.id_of(b));
        match (self.id_texts.get(a), self.id_texts.get(b)) {
            (None, None) => a.cmp(&b),
            (a, b) => a.cmp(&b),
        }
    }

    /// Prefix of a run's id as a number: two runs whose numbers differ are in the order of [`Store::by_id`].
    #[must_use]
    pub fn id_rank(&self, key: RunKey) -> u64 {
        let id = self.id_of(key);
        match self.id_texts.get(id) {
            Some(text) => {
                let first = text.bytes().chain(std::iter::repeat(0)).take(7);
                1 << 63 | first.fold(0, |rank, byte| rank << 8 | u64::from(byte))
            }
            None => id.as_uuid().as_u64_pair().0 >> 1,
        }
    }

    /// Texts of the ids that are not UUIDs.
    #[must_use]
    pub const fn id_texts(&self) -> &IdTexts {
        &self.id_texts
    }

    /// All fields of a run, assembled.
    #[must_use]
    pub fn run(&self, key: RunKey) -> Run {
        let (record, cold, rare) = (self.record(key), self.cold(key), self.rare(key));
        let open = self.attempts.get(record.attempt).filter(|_| record.open);
        Run {
            id: record.id,
            task_id: self.tasks[cold.task.index()].id,
            state: self.states.state(record.state),
            open_attempt: open.map(|attempt| attempt.id),
            attempt_count: cold.attempt_count,
            failure_count: rare.failure_attempt_count,
            created_at: self.stamps.unpack(cold.created_at),
            scheduled_at: self.stamps.unpack(cold.scheduled_at),
            priority: cold.effective_priority,
            changed_at: self.stamps.unpack(record.last_state_change_at),
            task: cold.task,
            lease: self.lease_of(key),
            reason: rare.reason,
            error: rare.error,
            output: rare.output,
            word: rare.word,
            uncounted: rare.uncounted,
            last: self.last_of(key),
            joined: record.joined,
            flagged: rare.flagged,
        }
    }

    /// State of a run and the number of attempts it has begun, for scans over all runs.
    #[must_use]
    pub fn standing(&self, key: RunKey) -> (State, u32) {
        (self.state_of(key), self.cold(key).attempt_count)
    }

    /// The hot fields of a run, which most rules read.
    #[must_use]
    #[inline]
    pub fn record(&self, key: RunKey) -> &Record {
        &self.runs[key.index()]
    }

    pub(super) fn cold(&self, key: RunKey) -> &ColdRecord {
        &self.cold_records[key.index()]
    }

    /// The rare fields of a run, or their defaults.
    pub(super) fn rare(&self, key: RunKey) -> RareFields {
        self.rare_fields.get(self.cold(key).rare).copied().unwrap_or_default()
    }

    /// Task of a run.
    #[must_use]
    #[inline]
    pub fn task_of(&self, key: RunKey) -> TaskKey {
        self.cold(key).task
    }

    /// Begins or ends the recording of changed runs, which [`Store::take_changed`] returns. Costs a few nanoseconds
    /// an event.
    pub fn watch_changes(&mut self, is_watched: bool) {
        self.runs.watch_touches(is_watched);
    }

    /// Runs changed by events or time travel since the last call, without repeats; includes runs whose slot changed
    /// when their lane was packed. Some may belong to the future of the current instant: check them with
    /// [`Store::has`].
    pub fn take_changed(&mut self) -> Vec<RunKey> {
        self.runs.take_touched().into_iter().map(RunKey).collect()
    }

    /// True if a run exists at the current instant.
    #[must_use]
    pub const fn has(&self, key: RunKey) -> bool {
        key.index() < self.runs.len()
    }

    /// Every run, in order of arrival.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = RunKey> + use<> {
        (0..u32::try_from(self.runs.len()).expect("keys are 32 bits")).map(RunKey)
    }

    /// State table of the engine.
    #[must_use]
    pub const fn states(&self) -> &'static StateTable {
        self.states
    }

    /// Runs in one state.
    #[must_use]
    pub fn lane(&self, state: impl Into<StateId>) -> &StateQueue {
        &self.lanes[state.into().index()]
    }

    /// Number of runs in a state, evicted ones included.
    #[must_use]
    pub fn count(&self, state: impl Into<StateId>) -> u64 {
        let state = state.into();
        self.lane(state).len() as u64 + self.head.gone[state.index()]
    }

    /// Number of all runs, evicted ones included.
    #[must_use]
    pub fn n_runs(&self) -> u64 {
        self.runs.len() as u64 + self.n_gone()
    }

    /// Number of evicted runs that had ended in this state.
    #[must_use]
    pub fn n_gone_of(&self, state: impl Into<StateId>) -> u64 {
        self.head.gone[state.into().index()]
    }

    /// Number of evicted runs, all of which had ended: see [`super::Eviction`]. They stay counted.
    #[must_use]
    pub fn n_gone(&self) -> u64 {
        self.head.gone.iter().sum()
    }

    /// Number of ended runs in the store.
    #[must_use]
    pub fn n_ended(&self) -> usize {
        self.states.all().filter(|state| state.is_terminal()).map(|state| self.lane(state).len()).sum()
    }

    /// Rank of a run in its lane, counted from the latest arrival.
    #[must_use]
    pub fn place_in_lane(&self, key: RunKey) -> usize {
        let record = self.record(key);
        self.lane(record.state).place(record.slot)
    }

    /// Slot of a run in the lane of its state.
    #[must_use]
    pub fn slot(&self, key: RunKey) -> Slot {
        self.record(key).slot
    }

    /// Instant at which a run entered its state. For a run that was only created this is its creation, even where its
    /// record omits it and the engine has 0.
    #[must_use]
    pub fn changed_at(&self, key: RunKey) -> u64 {
        let record = self.record(key);
        match self.stamps.unpack(record.last_state_change_at) {
            0 if self.states.state(record.state).phase() == Phase::Pending => self.created_at(key),
            at => at,
        }
    }

    /// Creation of a run; 0 if unknown.
    #[must_use]
    pub fn created_at(&self, key: RunKey) -> u64 {
        self.stamps.unpack(self.cold(key).created_at)
    }

    /// Start of the open attempt of a run, if one is open.
    #[must_use]
    pub fn attempt_since(&self, key: RunKey) -> Option<u64> {
        let record = self.record(key);
        let open = self.attempts.get(record.attempt).filter(|_| record.open)?;
        Some(self.stamps.unpack(open.started_at))
    }

    /// Number of attempts that count against the cap of a run.
    #[must_use]
    pub fn counted(&self, key: RunKey) -> u32 {
        self.record(key).counted
    }

    /// Priority at which a run was selected; 0 if unknown.
    #[must_use]
    pub fn priority(&self, key: RunKey) -> i32 {
        self.cold(key).effective_priority
    }

    /// Holder of the lease on a run.
    #[must_use]
    pub fn owner(&self, key: RunKey) -> Option<Name> {
        let worker = || self.workers.get(key.index()).copied().flatten();
        self.leases.get(self.record(key).lease).map(super::record::HeldLease::owner).or_else(worker)
    }

    /// Error of a run, where the log has it for the run and not for one of its attempts.
    #[must_use]
    pub fn error(&self, key: RunKey) -> Option<Name> {
        self.rare_fields.get(self.cold(key).rare)?.error
    }

    /// Spec from the creation of a run's task.
    #[must_use]
    pub fn spec(&self, key: RunKey) -> Option<&TaskSpec> {
        self.specs.get(self.tasks[self.task_of(key).index()].spec)
    }

    /// Latest error of a run.
    #[must_use]
    pub fn latest_error(&self, key: RunKey) -> Option<Name> {
        let mut attempts = self.attempts.latest(self.record(key).attempt);
        let of_attempt = attempts.find_map(|(link, _)| self.attempts.rest(link)?.error);
        of_attempt.or_else(|| self.rare(key).error)
    }

    /// Runs with a cap above one attempt that have exactly `left` attempts left, for `left` below [`super::NEAR`].
    #[must_use]
    pub const fn near_cap(&self, left: usize) -> &StateQueue {
        &self.near_cap[left]
    }

    /// Live runs by number of the current attempt.
    #[must_use]
    pub fn rungs(&self) -> &Rungs {
        &self.head.rungs
    }

    /// All fields of a task, assembled.
    #[must_use]
    pub fn task(&self, key: TaskKey) -> TaskEntry<'_> {
        let record = &self.tasks[key.index()];
        let rest = self.task_rests.get(record.rest);
        let first = std::slice::from_ref(&record.first_run);
        let runs = match rest {
            _ if record.first_run == NO_RUN => &[],
            Some(_) => self
                .task_runs
                .get(&key)
                .map_or(first, |runs| &runs[..runs.partition_point(|run| run.index() < self.runs.len())]),
            None => first,
        };
        let is_known = record.spec != NO_SPEC;
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
            recorded: rest.and_then(|rest| rest.recorded),
            gone: record.gone,
        }
    }

    /// Latest instant for which a run of the task was scheduled.
    fn last_scheduled(&self, task: &TaskCell, rest: Option<&TaskRest>) -> u64 {
        let first = self
            .cold_records
            .get(task.first_run.index())
            .map_or(0, |run| self.stamps.unpack(run.scheduled_at));
        rest.map_or(first, |rest| rest.last_scheduled.max(first))
    }

    /// Task with this id.
    #[must_use]
    pub fn find_task(&self, id: TaskId) -> Option<TaskKey> {
        self.task_index.find(&id, |key| self.tasks[key as usize].id).map(TaskKey)
    }

    /// Every task that the log names, in order of arrival; of some only the id is known.
    pub fn task_keys(&self) -> impl Iterator<Item = TaskKey> + use<> {
        (0..u32::try_from(self.tasks.len()).expect("keys are 32 bits")).map(TaskKey)
    }

    /// Number of tasks that the log has created.
    #[must_use]
    pub fn n_tasks(&self) -> usize {
        self.head.known_tasks
    }

    /// Text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// Name of a text, if it is interned.
    #[must_use]
    pub fn find_name(&self, text: &str) -> Option<Name> {
        self.names.find(text)
    }

    /// Data of the store's own engine.
    #[must_use]
    pub fn side(&self) -> &dyn Side {
        &*self.side
    }

    /// State of the engine's dispatch loop.
    #[must_use]
    pub fn engine(&self) -> &EngineStatus {
        &self.head.engine
    }

    /// Counts of lines by outcome.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.head.tally
    }

    /// Counts of attempts, by result.
    #[must_use]
    pub fn attempts(&self) -> &AttemptTally {
        &self.head.attempt_tally
    }

    /// Results of the last minute.
    #[must_use]
    pub fn minute(&self) -> &Minute {
        &self.head.minute
    }

    /// Problems of the log.
    #[must_use]
    pub const fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Moves the kept problems out; they stay counted. For a reader that passes on each of them.
    pub fn take_problems(&mut self) -> Vec<Problem> {
        self.problems.take()
    }

    /// Number of events of `kind` that were applied.
    #[must_use]
    pub fn applied(&self, kind: KindId) -> u64 {
        self.head.kinds[kind.index()]
    }

    /// Last sequence that was applied; 0 before the first.
    #[must_use]
    pub fn latest_sequence(&self) -> u64 {
        self.head.latest_sequence
    }

    /// Highest sequence seen, applied or not; 0 before the first.
    #[must_use]
    pub fn highest_sequence(&self) -> u64 {
        self.head.highest_seen.unwrap_or(0)
    }

    /// Unit of all instants.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Log time: the latest believed instant of the applied events; 0 before the first. Never decreases.
    #[must_use]
    pub fn latest_at(&self) -> u64 {
        self.head.time.latest()
    }

    /// True if the log's clocks contradict themselves or each other too often for its instants to be meaningful.
    #[must_use]
    pub fn is_timeless(&self) -> bool {
        self.head.time.is_no_time()
    }

    /// Id of a run, also of one that belongs to the future of the current instant.
    #[must_use]
    pub fn id_of(&self, key: RunKey) -> RunId {
        self.runs.beyond(key.index()).id
    }

    /// True before the first event: none was applied, refused or of an unknown kind.
    #[must_use]
    pub fn is_without_events(&self) -> bool {
        let tally = self.tally();
        tally.applied == 0 && tally.rejected == 0 && self.highest_sequence() == 0
    }
}
