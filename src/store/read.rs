//! What may be asked of the store. Every answer is borrowed, or put together for who asks; nothing is changed.

mod attempts;
pub(in crate::store) mod fields;

use std::borrow::Cow;
use std::cmp::Ordering;

use super::record::{ColdRecord, RareFields, Record};
use super::spec::NO_SPEC;
use super::task::{NO_RUN, TaskRecord, TaskRest};
use super::{
    AttemptTally, EngineStatus, LastEvent, Lease, Minute, Name, Problem, Problems, Rules, Run, RunKey, Rungs,
    Side, Slot, StateQueue, Store, Tally, TaskEntry, TaskKey, TaskSpec,
};
use crate::model::id::{Id, IdTexts, RunId, TaskId};
use crate::model::kind::KindId;
use crate::model::states::{Phase, State, StateId, StateTable};
use crate::model::time::Unit;

impl Store {
    /// How lines are judged.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
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
        if let Some(key) = self.prefetched.expected
            && self.record(key).id == id
        {
            return Some(key);
        }
        self.index.find(&id, |key| self.id_of(RunKey(key))).map(RunKey)
    }

    /// Finds a run by its id, also one that is of the future of the instant at hand.
    #[must_use]
    pub fn find_ever(&self, id: RunId) -> Option<RunKey> {
        self.index.find_ever(&id, |key| self.id_of(RunKey(key))).map(RunKey)
    }

    /// Finds a run by the text of its id; a UUID may be spelled in any way.
    #[must_use]
    pub fn find_run_named(&self, text: &str) -> Option<RunKey> {
        let as_written = self.id_texts.find(text).and_then(|id| self.find(id));
        as_written.or_else(|| self.find(text.parse().ok()?))
    }

    /// The id as the log writes it, whole and as it is.
    #[must_use]
    pub fn id_text(&self, id: impl Id) -> Cow<'_, str> {
        self.id_texts.text(id)
    }

    /// The order of two runs by their ids: UUIDs by their bytes, then texts by theirs.
    #[must_use]
    pub fn by_id(&self, a: RunKey, b: RunKey) -> Ordering {
        let (a, b) = (self.id_of(a), self.id_of(b));
        match (self.id_texts.get(a), self.id_texts.get(b)) {
            (None, None) => a.cmp(&b),
            (a, b) => a.cmp(&b),
        }
    }

    /// The beginning of a run's id as a number, in the order of [`Store::by_id`] where that of two runs differs.
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

    /// The texts of ids that are no UUIDs.
    #[must_use]
    pub const fn id_texts(&self) -> &IdTexts {
        &self.id_texts
    }

    /// The run that a key stands for.
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
            uncounted: rare.uncounted,
            last: LastEvent {
                kind: record.last().kind,
                sequence: record.last().sequence,
                place: record.last().place(),
            },
            joined: record.joined,
            flagged: rare.flagged,
        }
    }

    /// The state of a run and how many attempts it has begun, for whoever goes through all runs.
    #[must_use]
    pub fn standing(&self, key: RunKey) -> (State, u32) {
        (self.state_of(key), self.cold(key).attempt_count)
    }

    /// What most rules ask for of a run.
    #[must_use]
    #[inline]
    pub fn record(&self, key: RunKey) -> &Record {
        &self.runs[key.index()]
    }

    pub(super) fn cold(&self, key: RunKey) -> &ColdRecord {
        &self.cold_records[key.index()]
    }

    /// What few runs have, as far as this one has it.
    pub(super) fn rare(&self, key: RunKey) -> RareFields {
        self.rare_fields.get(self.cold(key).rare).copied().unwrap_or_default()
    }

    /// The task that a run belongs to.
    #[must_use]
    #[inline]
    pub fn task_of(&self, key: RunKey) -> TaskKey {
        self.cold(key).task
    }

    /// The lease on a run, if a worker holds one.
    #[must_use]
    pub fn lease_of(&self, key: RunKey) -> Option<Lease> {
        Some(self.leases.get(self.record(key).lease)?.lease(&self.stamps))
    }

    /// From now on the runs that an event or a way in time changes can be asked for by [`Store::take_changed`]; or not
    /// any more. It costs a few nanoseconds an event.
    pub fn watch_changes(&mut self, is_watched: bool) {
        self.runs.watch_touches(is_watched);
    }

    /// The runs that were changed since this was asked last, each of them once: also those that moved within their lane
    /// when it was packed. Some may be of the future of the instant at hand, so that [`Store::has`] says no.
    pub fn take_changed(&mut self) -> Vec<RunKey> {
        self.runs.take_touched().into_iter().map(RunKey).collect()
    }

    /// Whether a run is there at the instant at hand.
    #[must_use]
    pub const fn has(&self, key: RunKey) -> bool {
        key.index() < self.runs.len()
    }

    /// Every run, in order of arrival.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = RunKey> + use<> {
        (0..u32::try_from(self.runs.len()).expect("keys are 32 bits")).map(RunKey)
    }

    /// The states of its engine.
    #[must_use]
    pub const fn states(&self) -> &'static StateTable {
        self.states
    }

    /// The runs of one state.
    #[must_use]
    pub fn lane(&self, state: impl Into<StateId>) -> &StateQueue {
        &self.lanes[state.into().index()]
    }

    /// How many runs of a state there are, with those that were let go of after they had ended.
    #[must_use]
    pub fn count(&self, state: impl Into<StateId>) -> u64 {
        let state = state.into();
        self.lane(state).len() as u64 + self.head.gone[state.index()]
    }

    /// How many runs there are and were.
    #[must_use]
    pub fn n_runs(&self) -> u64 {
        self.runs.len() as u64 + self.n_gone()
    }

    /// How many runs of a state were let go of after they had ended.
    #[must_use]
    pub fn n_gone_of(&self, state: impl Into<StateId>) -> u64 {
        self.head.gone[state.into().index()]
    }

    /// How many runs that had ended were let go of: see [`super::Eviction`]. They stay counted.
    #[must_use]
    pub fn n_gone(&self) -> u64 {
        self.head.gone.iter().sum()
    }

    /// How many runs that have ended are there.
    #[must_use]
    pub fn n_ended(&self) -> usize {
        self.states.all().filter(|state| state.is_terminal()).map(|state| self.lane(state).len()).sum()
    }

    /// How far from the latest arrival a run stands in its lane.
    #[must_use]
    pub fn place_in_lane(&self, key: RunKey) -> usize {
        let record = self.record(key);
        self.lane(record.state).place(record.slot)
    }

    /// Where a run stands in the lane of its state.
    #[must_use]
    pub fn slot(&self, key: RunKey) -> Slot {
        self.record(key).slot
    }

    /// When a run entered its state. One that was only created did so then, whether its record says it or
    /// not; the engine has 0 where it does not.
    #[must_use]
    pub fn changed_at(&self, key: RunKey) -> u64 {
        let record = self.record(key);
        match self.stamps.unpack(record.last_state_change_at) {
            0 if self.states.state(record.state).phase() == Phase::Pending => self.created_at(key),
            at => at,
        }
    }

    /// When a run was created.
    #[must_use]
    pub fn created_at(&self, key: RunKey) -> u64 {
        self.stamps.unpack(self.cold(key).created_at)
    }

    /// When the attempt that a run is in was begun; none when it is in none.
    #[must_use]
    pub fn attempt_since(&self, key: RunKey) -> Option<u64> {
        let record = self.record(key);
        let open = self.attempts.get(record.attempt).filter(|_| record.open)?;
        Some(self.stamps.unpack(open.started_at))
    }

    /// How many attempts of a run count against its cap.
    #[must_use]
    pub fn counted(&self, key: RunKey) -> u32 {
        self.record(key).counted
    }

    /// The priority by which a run was selected; 0 says nothing.
    #[must_use]
    pub fn priority(&self, key: RunKey) -> i32 {
        self.cold(key).effective_priority
    }

    /// Who holds the lease on a run.
    #[must_use]
    pub fn owner(&self, key: RunKey) -> Option<Name> {
        Some(self.leases.get(self.record(key).lease)?.owner())
    }

    /// What the creation of a run's task said.
    #[must_use]
    pub fn spec(&self, key: RunKey) -> Option<&TaskSpec> {
        self.specs.get(self.tasks[self.task_of(key).index()].spec)
    }

    /// The latest error of a run.
    #[must_use]
    pub fn latest_error(&self, key: RunKey) -> Option<Name> {
        let mut attempts = self.attempts.latest(self.record(key).attempt);
        attempts.find_map(|(link, _)| self.attempts.rest(link)?.error)
    }

    /// Runs of several attempts that have used all but `left` of them, for `left` below [`super::NEAR`].
    #[must_use]
    pub const fn near_cap(&self, left: usize) -> &StateQueue {
        &self.near_cap[left]
    }

    /// How many live runs are on which attempt.
    #[must_use]
    pub fn rungs(&self) -> &Rungs {
        &self.head.rungs
    }

    /// The task that a key stands for.
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

    /// The latest instant for which a run of the task was scheduled.
    fn last_scheduled(&self, task: &TaskRecord, rest: Option<&TaskRest>) -> u64 {
        let first = self
            .cold_records
            .get(task.first_run.index())
            .map_or(0, |run| self.stamps.unpack(run.scheduled_at));
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
    pub fn n_tasks(&self) -> usize {
        self.head.known_tasks
    }

    /// The text that a name stands for.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// The name that stands for a text, if one does.
    #[must_use]
    pub fn find_name(&self, text: &str) -> Option<Name> {
        self.names.find(text)
    }

    /// The data that only its engine has.
    #[must_use]
    pub fn side(&self) -> &dyn Side {
        &*self.side
    }

    /// Whether the engine dispatches.
    #[must_use]
    pub fn engine(&self) -> &EngineStatus {
        &self.head.engine
    }

    /// What became of the lines.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.head.tally
    }

    /// How many attempts there were, and how they ended.
    #[must_use]
    pub fn attempts(&self) -> &AttemptTally {
        &self.head.attempt_tally
    }

    /// The results of the last minute.
    #[must_use]
    pub fn minute(&self) -> &Minute {
        &self.head.minute
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
    pub fn applied(&self, kind: KindId) -> u64 {
        self.head.kinds[kind.index()]
    }

    /// The last sequence that was applied; 0 before the first.
    #[must_use]
    pub fn latest_sequence(&self) -> u64 {
        self.head.latest_sequence
    }

    /// The highest sequence that was seen, applied or not; 0 before the first.
    #[must_use]
    pub fn highest_sequence(&self) -> u64 {
        self.head.highest_seen.unwrap_or(0)
    }

    /// The unit of all instants.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// The log's own time: the latest instant of the events that were applied, without those that cannot be
    /// true; 0 before the first. Never goes back.
    #[must_use]
    pub fn latest_at(&self) -> u64 {
        self.head.time.latest()
    }

    /// Whether the log's clocks contradict themselves or each other so often that instants say little.
    #[must_use]
    pub fn is_timeless(&self) -> bool {
        self.head.time.is_no_time()
    }

    /// The id of a run, also of one that is of the future of the instant at hand.
    #[must_use]
    pub fn id_of(&self, key: RunKey) -> RunId {
        self.runs.beyond(key.index()).id
    }

    /// Is true before the first event: none was applied, refused or of an unknown kind.
    #[must_use]
    pub fn is_without_events(&self) -> bool {
        let tally = self.tally();
        tally.applied == 0 && tally.rejected == 0 && self.highest_sequence() == 0
    }

    /// The sequence of the first event, if there was one.
    #[must_use]
    pub fn first_sequence(&self) -> Option<u64> {
        self.head.first_sequence
    }

    /// The content of the path that the last event stood in.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.head.generation
    }

    /// The highest sequence so far, if `sequence` is beyond the one after it.
    #[must_use]
    pub fn jump_to(&self, sequence: u64) -> Option<u64> {
        self.head.highest_seen.filter(|highest| sequence > *highest && sequence - highest > 1)
    }

    /// How often the sequence skipped numbers, which is legal.
    #[must_use]
    pub fn sequence_gaps(&self) -> u64 {
        self.head.sequence_gaps
    }
}
