//! Where a run stands: lanes, rungs and the runs near their cap, moved together so that they cannot disagree.

use super::Context;
use crate::model::id::RunId;
use crate::model::run::RunInstance;
use crate::model::state::RunState;
use crate::store::lane::Slot;
use crate::store::life::Life;
use crate::store::run::Run;
use crate::store::task::TaskEntry;
use crate::store::{Lane, NEAR, RunKey, Store, TaskKey};

impl Store {
    /// Adds a run that is new to the log, in whatever state its record says.
    pub(super) fn insert(&mut self, instance: RunInstance, joined: bool, cx: Context) -> RunKey {
        let key = RunKey(u32::try_from(self.runs.len()).expect("fewer than 2^32 runs fit in memory"));
        let task = self.task_key(instance.task_id());
        let slot = self.lanes[instance.state() as usize].enter(key);
        let run = Run {
            instance,
            task,
            lease: None,
            reason: None,
            uncounted: 0,
            last: cx.last,
            joined,
            flagged: false,
            slot,
            near: None,
        };
        let rung = rung(&run);
        self.runs.push(run);
        self.lives.push(Life::default());
        self.index.insert(&instance.id(), key.0, |key| self.runs[key as usize].instance.id());
        self.rungs.move_run(None, rung);
        let entry = &mut self.tasks[task.index()];
        entry.runs.push(key);
        entry.live += usize::from(!instance.is_terminal());
        entry.completed += usize::from(instance.state() == RunState::Completed);
        entry.last_scheduled = entry.last_scheduled.max(instance.scheduled_at());
        self.place_near_cap(key);
        key
    }

    /// Takes up a run that the log did not create, in the state that its first event says.
    pub(super) fn adopt(&mut self, run: RunId, state: RunState, cx: Context) -> RunKey {
        self.insert(RunInstance::adopted(run, state), true, cx)
    }

    /// Finds the entry of a task, or makes one that knows only its id: a run's task need not exist in 0.1.
    pub(super) fn task_key(&mut self, id: crate::model::id::TaskId) -> TaskKey {
        if let Some(key) = self.find_task(id) {
            return key;
        }
        let key = TaskKey(u32::try_from(self.tasks.len()).expect("fewer than 2^32 tasks fit in memory"));
        self.tasks.push(TaskEntry::unknown(id));
        self.task_index.insert(&id, key.0, |key| self.tasks[key as usize].id);
        key
    }

    /// Changes a run that enters `to`, and moves it to that lane.
    pub(super) fn place_in(&mut self, key: RunKey, to: RunState, change: impl FnOnce(&mut Run)) {
        let from = self.run(key).instance.state();
        self.touch(key, change);
        debug_assert_eq!(self.run(key).instance.state(), to);
        let slot = self.run(key).slot;
        leave(&mut self.lanes[from as usize], slot, &mut self.runs, |run, slot| run.slot = slot);
        self.runs[key.index()].slot = self.lanes[to as usize].enter(key);
        let entry = &mut self.tasks[self.runs[key.index()].task.index()];
        entry.live = entry.live + usize::from(!to.is_terminal()) - usize::from(!from.is_terminal());
        entry.completed = entry.completed + usize::from(to == RunState::Completed)
            - usize::from(from == RunState::Completed);
    }

    /// Changes a run in what may move it between rungs: its attempts, or whether it has ended.
    pub(super) fn touch(&mut self, key: RunKey, change: impl FnOnce(&mut Run)) {
        let run = &mut self.runs[key.index()];
        let before = rung(run);
        change(run);
        let after = rung(run);
        if before != after {
            self.rungs.move_run(before, after);
            self.place_near_cap(key);
        }
    }

    /// Puts a run among those near their cap, or takes it out.
    pub(super) fn place_near_cap(&mut self, key: RunKey) {
        let run = self.run(key);
        let cap = self.task(run.task).spec.as_ref().map_or(0, |spec| spec.max_attempts);
        let left = match rung(run) {
            Some(used) if used > 1 && cap > 1 => cap.saturating_sub(used),
            _ => u32::MAX,
        };
        let left = usize::try_from(left).ok().filter(|left| *left < NEAR);
        if let Some((lane, slot)) = self.runs[key.index()].near.take() {
            let lane = &mut self.near_cap[usize::from(lane)];
            leave(lane, slot, &mut self.runs, |run, slot| {
                if let Some(near) = &mut run.near {
                    near.1 = slot;
                }
            });
        }
        if let Some(left) = left {
            let slot = self.near_cap[left].enter(key);
            self.runs[key.index()].near = Some((u8::try_from(left).expect("NEAR is small"), slot));
        }
    }
}

/// The attempt that a live run is on, by those that count.
fn rung(run: &Run) -> Option<u32> {
    (!run.instance.is_terminal()).then(|| run.counted_attempts()).filter(|rung| *rung > 0)
}

/// Takes a run out of a lane, and closes the lane's holes when they have come to outnumber its runs.
fn leave(lane: &mut Lane, slot: Slot, runs: &mut [Run], moved: impl Fn(&mut Run, Slot)) {
    lane.leave(slot);
    if lane.is_sparse() {
        lane.pack(|key, slot| moved(&mut runs[key.index()], slot));
    }
}
