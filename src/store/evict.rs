//! Eviction of ended runs, oldest first. The result is a smaller store with the same counts.
//!
//! The copy is built beside the current store, a step at a time, and replaces it at the end; until then nothing
//! changes. Keys and names are renumbered in it, since both are indices. Forgotten with a run: the ids that identify
//! a second creation, cancellation, checkpoint or admission of it. An engine's log repeats none of these after a run
//! has ended; in a log that does, such a line is judged as if the log had been joined late.
//!
//! Must not know how much memory there is, nor which runs are on the screen.

mod copy;

pub use copy::Kept;

use std::collections::HashSet;

use super::key::{RunKey, TaskKey};
use super::retain::Work;
use super::spec::Specs;
use super::state_list::StateQueue;
use super::task::TaskEntry;
use super::versioned::epoch::Cell;
use super::{NEAR, Store};
use crate::model::id::RunId;
use crate::model::states::MAX_STATES;

/// Marks a run or a task that is not kept.
const NOT_KEPT: u32 = u32::MAX;

/// An eviction pass in progress: a store with fewer runs, under construction.
#[derive(Debug)]
pub struct Eviction {
    copy: Box<Store>,
    /// Ended runs are kept if the event that ended them has this sequence or a later one.
    cut: u64,
    /// Runs that are kept regardless of when they ended.
    pinned: HashSet<RunKey>,
    stage: Stage,
    /// Next row of the stage, by its index in the current store.
    next: usize,
    renumbering: Renumbering,
    /// New key of each task. Before it is assigned: 0 for a kept task, [`NOT_KEPT`] for others.
    tasks: Vec<u32>,
    /// Tasks named by a task that has not ended.
    named: HashSet<TaskKey>,
    renaming: Renaming,
    /// Ended runs that are not kept, by state.
    gone: [u64; MAX_STATES],
}

/// Stages of a pass, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Selects the tasks to keep.
    Choosing,
    Tasks,
    Runs,
    /// Copies the runs of this lane: first the lanes of the states, then the near-cap lists.
    Lane(usize),
    /// Copies the sparse data.
    Rest,
    Done,
}

/// Map from the old keys of runs to the new ones.
#[derive(Debug, Default)]
pub struct Renumbering(Vec<u32>);

impl Renumbering {
    /// New keys of runs, indexed by old key.
    #[cfg(test)]
    pub(crate) fn from_keys(keys: impl Iterator<Item = Option<RunKey>>) -> Self {
        Self(keys.map(|key| key.map_or(NOT_KEPT, |key| key.0)).collect())
    }

    /// Current key of a run; `None` if it was evicted.
    #[must_use]
    pub fn now(&self, before: RunKey) -> Option<RunKey> {
        self.0.get(before.index()).copied().filter(|key| *key != NOT_KEPT).map(RunKey)
    }
}

/// Names and specs of the current store mapped to those of the copy, filled on demand.
#[derive(Debug, Default)]
struct Renaming {
    names: Vec<u32>,
    specs: Vec<u32>,
}

impl Store {
    /// Number of rows in the largest parts: runs, tasks, state changes and attempts.
    fn n_rows(&self) -> usize {
        self.runs.len() + self.tasks.len() + self.changes.len() + self.attempts.len()
    }
}

impl Eviction {
    /// Begins a pass that keeps every run that has not ended, about the latest `n_ended` ended ones, and the `pinned`
    /// ones. The id text of each `named` run is kept even if the run is not.
    #[must_use]
    pub fn begin(
        store: &Store,
        n_ended: usize,
        pinned: impl IntoIterator<Item = RunKey>,
        named: impl IntoIterator<Item = RunId>,
    ) -> Self {
        let empty = Store::new(store.rules, store.states, store.unit, store.side.empty());
        let mut copy = Store { specs: Specs::hashed_as(&store.specs), ..empty };
        named.into_iter().for_each(|run| copy.id_texts.keep(&store.id_texts, run));
        Self {
            copy: Box::new(copy),
            cut: cut(store, n_ended),
            pinned: pinned.into_iter().collect(),
            stage: Stage::Choosing,
            next: 0,
            renumbering: Renumbering(Vec::with_capacity(store.runs.len())),
            tasks: Vec::with_capacity(store.tasks.len()),
            named: HashSet::new(),
            renaming: Renaming::default(),
            gone: [0; MAX_STATES],
        }
    }

    /// Processes about `n` runs or tasks, and returns whether the pass is complete. The store must be the one the
    /// pass was begun with, unchanged.
    pub fn advance(&mut self, store: &Store, n: usize) -> bool {
        let mut left = n.max(1);
        while left > 0 && self.stage != Stage::Done {
            let (did, next) = match self.stage {
                Stage::Choosing => (self.choose(store, left), Stage::Tasks),
                Stage::Tasks => (self.copy_tasks(store, left), Stage::Runs),
                Stage::Runs => (self.copy_runs(store, left), Stage::Lane(0)),
                Stage::Lane(number) => {
                    let is_last = number + 1 == MAX_STATES + NEAR;
                    let next = if is_last { Stage::Rest } else { Stage::Lane(number + 1) };
                    (self.copy_lane(store, number, left), next)
                }
                Stage::Rest => {
                    self.copy_rest(store);
                    (0, Stage::Done)
                }
                Stage::Done => break,
            };
            if did < left {
                (self.stage, self.next) = (next, 0);
            }
            left -= did;
        }
        self.stage == Stage::Done
    }

    /// Work of the pass. Call it when the pass is complete, before [`Eviction::finish`].
    #[must_use]
    pub fn work(&self, store: &Store) -> Work {
        let copied = self.copy.n_rows();
        Work { copied, evicted: store.n_rows().saturating_sub(copied) }
    }

    /// Replaces the store with its copy and returns the old store, whose drop takes a while. Call it only when the
    /// pass is complete.
    pub fn finish(mut self, store: &mut Store) -> (Box<Store>, Renumbering) {
        debug_assert!(self.stage == Stage::Done, "it is made before it is taken");
        let mut head = store.head.value.clone();
        head.gone.iter_mut().zip(self.gone).for_each(|(sum, gone)| *sum += gone);
        if let Some((_, n_runs)) = &mut head.missed {
            let before = &self.renumbering.0[..self.renumbering.0.len().min(*n_runs)];
            *n_runs = before.iter().filter(|key| **key != NOT_KEPT).count();
        }
        self.copy.head = Cell::of(head);
        for run in store.problems.kept().iter().filter_map(|problem| problem.run) {
            self.copy.id_texts.keep(&store.id_texts, run);
        }
        self.copy.problems = std::mem::take(&mut store.problems);
        self.copy.runs.watch_touches(store.runs.is_watched());
        std::mem::swap(store, &mut self.copy);
        (self.copy, self.renumbering)
    }

    fn is_kept(&self, store: &Store, run: RunKey) -> bool {
        let record = store.record(run);
        !store.terminal.has(record.state) || record.last().sequence >= self.cut || self.pinned.contains(&run)
    }

    /// Selects the tasks to keep: those with kept runs, those that may still get runs, and those named by one of
    /// these.
    fn choose(&mut self, store: &Store, n: usize) -> usize {
        let end = store.tasks.len().min(self.next.saturating_add(n));
        let did = end - self.next;
        for key in (self.next..end).map(task_key) {
            let task = store.task(key);
            let is_kept = task.live > 0
                || task.runs.iter().any(|run| self.is_kept(store, *run))
                || may_go_on(store, &task)
                || store.side.needs(key);
            self.tasks.push(if is_kept { 0 } else { NOT_KEPT });
            if is_kept {
                let named = task.depends_on.iter().chain(task.children).chain(&task.parent);
                self.named.extend(named.filter_map(|id| store.find_task(*id)));
            }
        }
        self.next = end;
        did
    }

    /// Puts the kept runs into a lane, in the order in which they entered it.
    fn copy_lane(&mut self, store: &Store, number: usize, n: usize) -> usize {
        let from =
            if number < MAX_STATES { &store.lanes[number] } else { &store.near_cap[number - MAX_STATES] };
        let mut did = 0;
        for (slot, old) in from.from(self.next).take(n) {
            did += 1;
            self.next = slot.rank() as usize + 1;
            let Some(run) = self.renumbering.now(old) else { continue };
            if number < MAX_STATES {
                self.copy.runs[run.index()].slot = self.copy.lanes[number].enter(run);
            } else {
                let slot = self.copy.near_cap[number - MAX_STATES].enter(run);
                self.copy.rare_mut(run).near_slot = slot;
            }
        }
        did
    }
}

/// True if a task may still get runs.
fn may_go_on(store: &Store, task: &TaskEntry<'_>) -> bool {
    let has_had_none = task.runs.is_empty() && task.gone == 0;
    if task.spec.is_some() { store.side.may_go_on(task) } else { has_had_none }
}

fn task_key(index: usize) -> TaskKey {
    TaskKey(u32::try_from(index).expect("keys are 32 bits"))
}

/// Lowest sequence from which on `n` runs have ended, over the lanes that are in order of it.
fn cut(store: &Store, n: usize) -> u64 {
    let lanes: Vec<&StateQueue> = store
        .states
        .all()
        .filter(|state| state.is_terminal())
        .map(|state| store.lane(state))
        .filter(|lane| !lane.is_empty())
        .collect();
    let ended_at = |lane: &StateQueue, nth: usize| {
        lane.latest(nth).next().map_or(0, |run| store.record(run).last().sequence)
    };
    // Number of runs in a lane that ended at `sequence` or later.
    let since = |lane: &StateQueue, sequence: u64| {
        let (mut low, mut high) = (0, lane.len());
        while low < high {
            let middle = low.midpoint(high);
            if ended_at(lane, middle) >= sequence { low = middle + 1 } else { high = middle }
        }
        low
    };
    let (mut low, mut high) = (0, store.latest_sequence().saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        let kept: usize = lanes.iter().map(|lane| since(lane, middle)).sum();
        if kept <= n { high = middle } else { low = middle + 1 }
    }
    low
}
