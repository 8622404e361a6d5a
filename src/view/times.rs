//! Durations of the stays in each state, for all runs and for each type of task.
//!
//! Every stay of every run is read, so this is done in slices, with a frame between them. Must not know where the
//! figures go.

mod kinds;
mod spread;
#[cfg(test)]
mod tests;

pub use kinds::{MAX_KINDS, TaskKind};
pub use spread::{PERCENTILE_PRECISION, SpreadFigures, Stays};

use crate::model::states::{MAX_STATES, State, StateId};
use crate::store::{RunKey, Store, TaskEntry};
use kinds::Kinds;
use spread::{Gathered, Stay};

/// Durations of the stays in each state until one instant: under way, or done.
///
/// A stay is closed when the run has left the state, and open until then; runs that have ended stay nowhere. While the
/// log grows, each run counts as it is when it is reached. Another store, or the same one wound back, needs another
/// computation.
#[derive(Debug)]
pub struct Times {
    now: u64,
    stage: Stage,
    /// The number of the next task.
    next_task: usize,
    /// The index of the next run of that task.
    next_run: usize,
    kinds: Kinds,
    /// The stays of all kinds together, followed by those of each kind; empty once they are summed up.
    gathered: Vec<Gathered>,
    /// Invariant: as long as `gathered` was, once that is empty.
    stays: Vec<[Stays; MAX_STATES]>,
}

/// The stage of the computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Counts the runs of each kind.
    Counting,
    /// Reads every stay.
    Gathering,
    /// Computes figures from the histograms.
    Summing,
    Done,
}

/// The cost of summing up one kind, in steps.
const STEPS_PER_SUM: usize = 500;

impl Times {
    /// Begins a computation, with open stays measured at the instant `now`.
    #[must_use]
    pub fn begin(now: u64) -> Self {
        Self {
            now,
            stage: Stage::Counting,
            next_task: 0,
            next_run: 0,
            kinds: Kinds::default(),
            gathered: vec![],
            stays: vec![],
        }
    }

    /// Runs the computation to its end.
    #[must_use]
    pub fn of(store: &Store, now: u64) -> Self {
        let mut times = Self::begin(now);
        while !times.is_done() {
            times.advance(store, usize::MAX);
        }
        times
    }

    /// Advances by about `n_steps`: tasks, runs and changes of state, of which 20,000 take a few milliseconds when the
    /// lives of a million runs are spread over their log. The changes of one run are not divided.
    pub fn advance(&mut self, store: &Store, n_steps: usize) {
        let mut left = n_steps.max(1);
        while left > 0 && !self.is_done() {
            left = match self.stage {
                Stage::Counting => self.count(store, left),
                Stage::Gathering => self.gather(store, left),
                Stage::Summing => self.sum_up(left),
                Stage::Done => 0,
            };
        }
    }

    /// True if the figures are complete.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// The progress of the computation, in percent.
    #[must_use]
    pub fn percent(&self, store: &Store) -> u8 {
        let n_tasks = store.task_keys().size_hint().0.max(1);
        let of = |share: usize| u8::try_from(self.next_task.min(n_tasks) * share / n_tasks).unwrap_or(99);
        match self.stage {
            Stage::Counting => of(10),
            Stage::Gathering => 10 + of(85),
            Stage::Summing => 95,
            Stage::Done => 100,
        }
    }

    /// The instant at which open stays are measured.
    #[must_use]
    pub const fn now(&self) -> u64 {
        self.now
    }

    /// The stays of all runs in a state; empty before it is done.
    #[must_use]
    pub fn all(&self, state: impl Into<StateId>) -> Stays {
        let state = state.into();
        self.stays.first().map_or_else(Stays::default, |stays| stays[state.index()])
    }

    /// Yields the kinds of runs, in the order of [`TaskKind`]'s table, each with its stays by state; none before it is
    /// done.
    pub fn kinds(&self) -> impl Iterator<Item = (TaskKind, &[Stays; MAX_STATES])> {
        self.kinds.chosen().zip(self.stays.iter().skip(1))
    }

    fn count(&mut self, store: &Store, mut left: usize) -> usize {
        for key in store.task_keys().skip(self.next_task) {
            if left == 0 {
                return 0;
            }
            left -= 1;
            self.next_task += 1;
            let task = store.task(key);
            self.kinds.count(kinds::name(&task), task.runs.len());
        }
        self.kinds.choose(store);
        self.gathered.resize_with(1 + self.kinds.len(), Gathered::default);
        self.next_task = 0;
        self.stage = Stage::Gathering;
        left
    }

    fn gather(&mut self, store: &Store, mut left: usize) -> usize {
        for key in store.task_keys().skip(self.next_task) {
            let task = store.task(key);
            let place = 1 + self.kinds.place(kinds::name(&task));
            for run in &task.runs[self.next_run.min(task.runs.len())..] {
                if left == 0 {
                    return 0;
                }
                left = left.saturating_sub(1 + self.gather_run(store, &task, *run, place));
                self.next_run += 1;
            }
            self.next_run = 0;
            self.next_task += 1;
            left = left.saturating_sub(1);
        }
        self.stage = Stage::Summing;
        left
    }

    /// Reads the stays of one run; returns the number of its changes.
    fn gather_run(&mut self, store: &Store, task: &TaskEntry<'_>, run: RunKey, place: usize) -> usize {
        let mut stay = |state: State, kind: Stay| {
            if !state.is_terminal() && place < self.gathered.len() {
                self.gathered[0].add(state, kind);
                self.gathered[place].add(state, kind);
            }
        };
        // The state of a run that has ended is not read: it is in another line of the processor's cache.
        let current = (task.live > 0).then(|| store.state_of(run));
        // The state that the run left after a change, as far as that is known, and when; never yet, to begin with.
        let (mut left, mut left_at) = (current, None);
        let mut n_changes = 0;
        let unit = store.unit();
        for change in store.changes_latest(run) {
            n_changes += 1;
            match left_at {
                _ if left != Some(change.to) => {
                    stay(change.to, Stay::Unknown);
                    left.into_iter().for_each(|state| stay(state, Stay::Unknown));
                }
                None => stay(change.to, Stay::open(unit.age(change.at, self.now))),
                Some(at) => stay(change.to, Stay::closed(unit.lasted(change.at, at))),
            }
            (left, left_at) = (change.from, Some(change.at));
        }
        // Its state before the log's first event of it.
        left.into_iter().for_each(|state| stay(state, Stay::Unknown));
        n_changes
    }

    fn sum_up(&mut self, mut left: usize) -> usize {
        while let Some(gathered) = self.gathered.get_mut(self.stays.len()) {
            if left == 0 {
                return 0;
            }
            left = left.saturating_sub(STEPS_PER_SUM);
            self.stays.push(std::mem::take(gathered).stays());
        }
        self.gathered = vec![];
        self.stage = Stage::Done;
        left
    }
}
