//! Writes to runs. Lanes, attempt counts and near-cap lists are updated together, so that they stay consistent.

use crate::model::id::{RunId, TaskId};
use crate::model::states::StateId;
use crate::store::record::{ColdRecord, HeldLease, Last, RareFields, Record};
use crate::store::state_list::Slot;
use crate::store::task::NO_RUN;
use crate::store::versioned::slab::SlotId;
use crate::store::{Lease, NEAR, RunKey, StateQueue, Store, TaskKey};

/// A run that is new to the log.
#[derive(Debug, Clone, Copy)]
pub struct NewRun {
    /// Id of the run.
    pub id: RunId,
    /// Id of its task.
    pub task: TaskId,
    /// State.
    pub state: StateId,
    /// Attempts begun so far.
    pub attempt_count: u32,
    /// Attempts failed so far.
    pub failure_count: u32,
    /// Instant of creation.
    pub created_at: u64,
    /// Instant at which it may become ready.
    pub scheduled_at: u64,
    /// Priority at which it is selected.
    pub priority: i32,
    /// Instant of the last state change.
    pub changed_at: u64,
    /// True if the log did not create it, because it was joined later.
    pub joined: bool,
}

impl Store {
    /// Adds a run that is new to the log.
    pub fn insert_run(&mut self, run: &NewRun, last: Last) -> RunKey {
        let key = RunKey(u32::try_from(self.runs.len()).expect("fewer than 2^32 runs fit in memory"));
        let slot = self.lanes[run.state.index()].enter(key);
        let changed_at = self.stamps.pack(run.changed_at);
        let mut record = Record::new(run.id, run.state, slot, changed_at, last);
        record.counted = run.attempt_count;
        record.joined = run.joined;
        let task = self.task_key(run.task);
        self.cold_records.push(ColdRecord {
            task,
            attempt_count: run.attempt_count,
            created_at: self.stamps.pack(run.created_at),
            scheduled_at: self.stamps.pack(run.scheduled_at),
            effective_priority: run.priority,
            rare: SlotId::NONE,
        });
        let rung = self.rung(&record);
        self.runs.push(record);
        if run.failure_count > 0 {
            self.rare_mut(key).failure_attempt_count = run.failure_count;
        }
        self.index.insert(&run.id, key.0, |key| self.runs[key as usize].id);
        self.head.rungs.move_run(None, rung);
        self.add_to_task(task, key, run);
        self.place_near_cap(key);
        key
    }

    /// Begins the history of a run with its creation.
    pub fn begin_history(&mut self, key: RunKey) {
        let record = &mut self.runs[key.index()];
        let at = self.cold_records[key.index()].created_at;
        self.changes.push(&mut record.change, None, record.state, at);
    }

    fn add_to_task(&mut self, task: TaskKey, key: RunKey, run: &NewRun) {
        let record = &mut self.tasks[task.index()];
        record.live += u32::from(!self.terminal.has(run.state));
        record.completed += u32::from(self.succeeded.has(run.state));
        if !self.give_to_task(task, key) {
            let rest = self.rest_mut(task);
            rest.last_scheduled = rest.last_scheduled.max(run.scheduled_at);
        }
    }

    /// Appends a run to those of its task; returns true for the first one.
    pub(in crate::store) fn give_to_task(&mut self, task: TaskKey, key: RunKey) -> bool {
        let record = &mut self.tasks[task.index()];
        if record.first_run == NO_RUN {
            record.first_run = key;
            return true;
        }
        let runs = self.task_runs.entry(task).or_insert_with(|| vec![record.first_run]);
        // A second fold of the same events finds it already there.
        if runs.last() < Some(&key) {
            runs.push(key);
        }
        false
    }

    /// Rare fields of a run, inserted if it has none.
    pub(in crate::store) fn rare_mut(&mut self, key: RunKey) -> &mut RareFields {
        self.runs.touch(key.index());
        let cold = &mut self.cold_records[key.index()];
        if cold.rare == SlotId::NONE {
            cold.rare = self.rare_fields.insert(RareFields::default());
        }
        self.rare_fields.get_mut(cold.rare).expect("it was inserted")
    }

    /// Moves a run to a state and its lane, and records the change in its history. A lease ends with the run.
    pub fn enter_state(&mut self, key: RunKey, to: StateId, at: u64, last: Last) {
        let from = self.record(key).state;
        self.place_in(key, to);
        let at = self.stamps.pack(at);
        let record = &mut self.runs[key.index()];
        record.last_state_change_at = at;
        record.set_last(last);
        self.changes.push(&mut record.change, Some(from), to, at);
        if self.terminal.has(to) {
            self.drop_lease(key);
        }
    }

    /// Moves a run to a state and its lane, without an entry in its history. An attempt stays open only in states of
    /// [`Phase::Running`](crate::model::states::Phase::Running).
    pub fn place_in(&mut self, key: RunKey, to: StateId) {
        let (terminal, succeeded) = (self.terminal, self.succeeded);
        let record = &mut self.runs[key.index()];
        let from = record.state;
        let before = rung(record, terminal.has(from));
        record.state = to;
        if !self.running.has(to) {
            record.open = false;
        }
        let after = rung(record, terminal.has(to));
        let slot = record.slot;
        if self.parked.has(from)
            && let Some(rare) = self.rare_fields.get_mut(self.cold_records[key.index()].rare)
        {
            rare.reason = None;
        }
        let runs = &mut self.runs;
        leave(&mut self.lanes[from.index()], slot, |key, slot| runs[key.index()].slot = slot);
        self.runs[key.index()].slot = self.lanes[to.index()].enter(key);
        if terminal.has(from) != terminal.has(to) || succeeded.has(to) {
            let record = &mut self.tasks[self.cold_records[key.index()].task.index()];
            record.live = record.live + u32::from(!terminal.has(to)) - u32::from(!terminal.has(from));
            record.completed += u32::from(succeeded.has(to));
        }
        self.moved_rung(key, before, after);
    }

    /// Records the event that was applied to a run last.
    pub fn set_last(&mut self, key: RunKey, last: Last) {
        self.runs[key.index()].set_last(last);
    }

    /// Sets the priority at which a run is selected.
    pub fn set_priority(&mut self, key: RunKey, priority: i32) {
        self.cold_records[key.index()].effective_priority = priority;
    }

    /// Sets the reason for which a run is suspended.
    pub fn set_reason(&mut self, key: RunKey, reason: &str) {
        self.rare_mut(key).reason = Some(self.names.intern(reason));
    }

    /// Sets the lease on a run, replacing the one it has.
    pub fn set_lease(&mut self, key: RunKey, lease: Lease) {
        let new = HeldLease::new(&lease, &mut self.stamps);
        let id = self.runs[key.index()].lease;
        match self.leases.get_mut(id) {
            Some(held) => *held = new,
            None => self.runs[key.index()].lease = self.leases.insert(new),
        }
    }

    /// Ends the lease on a run, if it has one.
    pub fn drop_lease(&mut self, key: RunKey) {
        self.leases.remove(&mut self.runs[key.index()].lease);
    }

    /// Changes the attempts of a run, which may change its current attempt number.
    pub(super) fn touch(&mut self, key: RunKey, change: impl FnOnce(&mut Record, &mut ColdRecord)) {
        let terminal = self.terminal;
        let (record, cold) = (&mut self.runs[key.index()], &mut self.cold_records[key.index()]);
        let before = rung(record, terminal.has(record.state));
        change(record, cold);
        let uncounted = self.rare_fields.get(cold.rare).map_or(0, |rare| rare.uncounted);
        record.counted = cold.attempt_count.saturating_sub(uncounted);
        let after = rung(record, terminal.has(record.state));
        self.moved_rung(key, before, after);
    }

    fn moved_rung(&mut self, key: RunKey, before: Option<u32>, after: Option<u32>) {
        if before != after {
            self.head.rungs.move_run(before, after);
            self.place_near_cap(key);
        }
    }

    fn rung(&self, record: &Record) -> Option<u32> {
        rung(record, self.terminal.has(record.state))
    }

    /// Moves a run into, between or out of the near-cap lists.
    pub(super) fn place_near_cap(&mut self, key: RunKey) {
        let used = self.rung(self.record(key)).filter(|used| *used > 1);
        // Most runs are on their first attempt, and need no look at their task.
        let left = used.and_then(|used| {
            let cap = self.specs.get(self.tasks[self.task_of(key).index()].spec)?.max_attempts;
            let left = usize::try_from(cap.saturating_sub(used)).ok()?;
            (cap > 1 && left < NEAR).then_some(left)
        });
        let RareFields { near_slot, near_lane, .. } = self.rare(key);
        if near_slot != Slot::NONE {
            let (cold_records, rare_fields) = (&self.cold_records, &mut self.rare_fields);
            leave(&mut self.near_cap[usize::from(near_lane)], near_slot, |key, slot| {
                if let Some(rare) = rare_fields.get_mut(cold_records[key.index()].rare) {
                    rare.near_slot = slot;
                }
            });
            self.rare_mut(key).near_slot = Slot::NONE;
        }
        if let Some(left) = left {
            let slot = self.near_cap[left].enter(key);
            let rare = self.rare_mut(key);
            rare.near_slot = slot;
            rare.near_lane = u8::try_from(left).expect("NEAR is small");
        }
    }
}

/// Number of the attempt that a live run is on, of those that count.
fn rung(record: &Record, is_terminal: bool) -> Option<u32> {
    (!is_terminal).then_some(record.counted).filter(|rung| *rung > 0)
}

/// Removes a run from a lane, and packs the lane when it has become sparse.
fn leave(lane: &mut StateQueue, slot: Slot, moved: impl FnMut(RunKey, Slot)) {
    lane.leave(slot);
    if lane.is_sparse() {
        lane.pack(moved);
    }
}
