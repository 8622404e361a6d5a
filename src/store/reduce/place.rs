//! Where a run stands: lanes, rungs and the runs near their cap, moved together so that they cannot disagree.

use super::Context;
use crate::model::id::{RunId, TaskId};
use crate::model::run::RunInstance;
use crate::model::state::RunState;
use crate::store::record::{Aside, Odd, Record};
use crate::store::state_list::Slot;
use crate::store::task::{NO_RUN, Rest, TaskRecord};
use crate::store::versioned::slab::Seat;
use crate::store::{Lane, NEAR, RunKey, Store, TaskKey};

impl Store {
    /// Adds a run that is new to the log, in whatever state its record says.
    pub(super) fn insert(&mut self, instance: &RunInstance, joined: bool, cx: Context) -> RunKey {
        let key = RunKey(u32::try_from(self.runs.len()).expect("fewer than 2^32 runs fit in memory"));
        let state = instance.state().id();
        let slot = self.lanes[state.index()].enter(key);
        let changed_at = self.stamps.pack(instance.last_state_change_at());
        let mut record = Record::new(instance.id(), state, slot, changed_at, cx.last);
        record.counted = instance.attempt_count();
        record.joined = joined;
        let task = self.task_key(instance.task_id());
        self.asides.push(Aside {
            task,
            attempt_count: instance.attempt_count(),
            created_at: self.stamps.pack(instance.created_at()),
            scheduled_at: self.stamps.pack(instance.scheduled_at()),
            effective_priority: instance.effective_priority(),
            odd: Seat::NONE,
        });
        let rung = rung(&record);
        self.runs.push(record);
        if instance.failure_attempt_count() > 0 {
            self.odd_mut(key).failure_attempt_count = instance.failure_attempt_count();
        }
        self.index.insert(&instance.id(), key.0, |key| self.runs[key as usize].id);
        self.head.rungs.move_run(None, rung);
        self.add_to_task(task, key, instance);
        self.place_near_cap(key);
        key
    }

    fn add_to_task(&mut self, task: TaskKey, key: RunKey, instance: &RunInstance) {
        let record = &mut self.tasks[task.index()];
        record.live += u32::from(!instance.is_terminal());
        record.completed += u32::from(instance.state() == RunState::Completed);
        if !self.give_to_task(task, key) {
            let rest = self.rest_mut(task);
            rest.last_scheduled = rest.last_scheduled.max(instance.scheduled_at());
        }
    }

    /// Puts a run last among those of its task; says whether it is the first.
    pub(in crate::store) fn give_to_task(&mut self, task: TaskKey, key: RunKey) -> bool {
        let record = &mut self.tasks[task.index()];
        if record.first_run == NO_RUN {
            record.first_run = key;
            return true;
        }
        let runs = self.task_runs.entry(task).or_insert_with(|| vec![record.first_run]);
        // Whoever folds the same events again finds it there.
        if runs.last() < Some(&key) {
            runs.push(key);
        }
        false
    }

    /// Takes up a run that the log did not create, in the state that its first event says.
    pub(super) fn adopt(&mut self, run: RunId, state: RunState, cx: Context) -> RunKey {
        self.insert(&RunInstance::adopted(run, state), true, cx)
    }

    /// Finds the entry of a task, or makes one that knows only its id: a run's task need not exist in 0.1.
    pub(super) fn task_key(&mut self, id: TaskId) -> TaskKey {
        if let Some(key) = self.find_task(id) {
            return key;
        }
        let key = TaskKey(u32::try_from(self.tasks.len()).expect("fewer than 2^32 tasks fit in memory"));
        self.tasks.push(TaskRecord::unknown(id));
        self.task_index.insert(&id, key.0, |key| self.tasks[key as usize].id);
        key
    }

    /// What few tasks have, for one that comes to have it.
    pub(in crate::store) fn rest_mut(&mut self, task: TaskKey) -> &mut Rest {
        let record = &mut self.tasks[task.index()];
        if record.rest == Seat::NONE {
            record.rest = self.task_rests.seat(Rest::default());
        }
        self.task_rests.get_mut(record.rest).expect("it was seated")
    }

    /// What few runs have, for one that comes to have it.
    pub(in crate::store) fn odd_mut(&mut self, key: RunKey) -> &mut Odd {
        self.runs.touch(key.index());
        let aside = &mut self.asides[key.index()];
        if aside.odd == Seat::NONE {
            aside.odd = self.odds.seat(Odd::default());
        }
        self.odds.get_mut(aside.odd).expect("it was seated")
    }

    /// Puts a run into a state, and moves it to that lane. An attempt stays open in Running only.
    pub(super) fn place_in(&mut self, key: RunKey, to: RunState) {
        let record = &mut self.runs[key.index()];
        let from = record.run_state();
        let before = rung(record);
        record.state = to.id();
        if to != RunState::Running {
            record.open = false;
        }
        let after = rung(record);
        let slot = record.slot;
        if from == RunState::Suspended
            && let Some(odd) = self.odds.get_mut(self.asides[key.index()].odd)
        {
            odd.reason = None;
        }
        let runs = &mut self.runs;
        leave(&mut self.lanes[from.id().index()], slot, |key, slot| runs[key.index()].slot = slot);
        self.runs[key.index()].slot = self.lanes[to.id().index()].enter(key);
        if from.is_terminal() != to.is_terminal() || to == RunState::Completed {
            let record = &mut self.tasks[self.asides[key.index()].task.index()];
            record.live = record.live + u32::from(!to.is_terminal()) - u32::from(!from.is_terminal());
            record.completed += u32::from(to == RunState::Completed);
        }
        self.moved_rung(key, before, after);
    }

    /// Changes a run's attempts, which may move it between rungs.
    pub(super) fn touch(&mut self, key: RunKey, change: impl FnOnce(&mut Record, &mut Aside)) {
        let (record, aside) = (&mut self.runs[key.index()], &mut self.asides[key.index()]);
        let before = rung(record);
        change(record, aside);
        let uncounted = self.odds.get(aside.odd).map_or(0, |odd| odd.uncounted);
        record.counted = aside.attempt_count.saturating_sub(uncounted);
        let after = rung(record);
        self.moved_rung(key, before, after);
    }

    fn moved_rung(&mut self, key: RunKey, before: Option<u32>, after: Option<u32>) {
        if before != after {
            self.head.rungs.move_run(before, after);
            self.place_near_cap(key);
        }
    }

    /// Puts a run among those near their cap, or takes it out.
    pub(super) fn place_near_cap(&mut self, key: RunKey) {
        let record = self.record(key);
        let used = rung(record).filter(|used| *used > 1);
        // Most runs are on their first attempt, and their tasks need not be asked.
        let left = used.and_then(|used| {
            let cap = self.specs.get(self.tasks[self.task_of(key).index()].spec)?.max_attempts;
            let left = usize::try_from(cap.saturating_sub(used)).ok()?;
            (cap > 1 && left < NEAR).then_some(left)
        });
        let Odd { near_slot, near_lane, .. } = self.odd(key);
        if near_slot != Slot::NONE {
            let (asides, odds) = (&self.asides, &mut self.odds);
            leave(&mut self.near_cap[usize::from(near_lane)], near_slot, |key, slot| {
                if let Some(odd) = odds.get_mut(asides[key.index()].odd) {
                    odd.near_slot = slot;
                }
            });
            self.odd_mut(key).near_slot = Slot::NONE;
        }
        if let Some(left) = left {
            let slot = self.near_cap[left].enter(key);
            let odd = self.odd_mut(key);
            odd.near_slot = slot;
            odd.near_lane = u8::try_from(left).expect("NEAR is small");
        }
    }
}

/// The attempt that a live run is on, by those that count.
fn rung(record: &Record) -> Option<u32> {
    (!record.run_state().is_terminal()).then_some(record.counted).filter(|rung| *rung > 0)
}

/// Takes a run out of a lane, and closes the lane's holes when they have come to outnumber its runs.
fn leave(lane: &mut Lane, slot: Slot, moved: impl FnMut(RunKey, Slot)) {
    lane.leave(slot);
    if lane.is_sparse() {
        lane.pack(moved);
    }
}
