//! What became of runs lately: which were taken by a worker, which gave up their key, how long retries waited.
//!
//! Looks at the newest few runs of each state, and at the latest few changes of each. Must not know the present.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::engine::actionqueue;
use crate::engine::actionqueue::UNIT;
use crate::engine::actionqueue::event::Vocabulary;
use crate::engine::actionqueue::states::RunState;
use crate::model::id::RunId;
use crate::model::states::State;
use crate::store::{Name, RunKey, StateChange, Store};

/// How many of the newest runs of each state are looked at.
const MAX_RUNS_PER_STATE: usize = 32;
/// How many of the latest changes of each are looked at.
const MAX_CHANGES_PER_RUN: usize = 8;
/// Failures that are told apart, for delays that grow with them.
const FAILURE_COUNTS: usize = 16;

/// The states in which runs are that were taken once.
const TAKEN: [RunState; 9] = [
    RunState::Running,
    RunState::Leased,
    RunState::Completed,
    RunState::Failed,
    RunState::Canceled,
    RunState::RetryWait,
    RunState::Suspended,
    RunState::Awaiting,
    RunState::Ready,
];

/// Where a run stands when an engine chooses: by priority, then by creation, then by id
/// (`selection/default_selector.rs` of actionqueue-engine). The least is the first.
pub(super) type RecentTurn = (Reverse<i32>, u64, RunId);

/// A run that a worker took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) run: RunKey,
    pub(super) turn: RecentTurn,
    pub(super) ready_at: u64,
    pub(super) taken_at: u64,
}

/// What became of runs lately.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent {
    /// Runs that were taken, the last to become ready first.
    taken: Vec<Taken>,
    /// `latest[n]` is the place in `taken` of the one whose turn comes last among the first `n + 1`.
    latest: Vec<usize>,
    /// When each key was given up last.
    given_up: HashMap<Name, u64>,
    /// From when on no giving up of a key was missed.
    seen_from: u64,
    /// `waits[n]` is the shortest wait for a retry after `n` failures or more.
    waits: [Option<u64>; FAILURE_COUNTS],
}

impl Recent {
    pub(super) fn of(store: &Store) -> Self {
        let mut recent = Self::default();
        for state in TAKEN {
            let lane = store.lane(state);
            let mut oldest = None;
            for run in lane.latest(0).take(MAX_RUNS_PER_STATE) {
                recent.look(store, run);
                oldest = Some(run);
            }
            if lane.len() > MAX_RUNS_PER_STATE {
                let from = oldest.map(|run| store.changed_at(run)).filter(|at| UNIT.is_believed(*at));
                recent.seen_from = recent.seen_from.max(from.unwrap_or(u64::MAX));
            }
        }
        recent.put_in_order();
        recent
    }

    fn look(&mut self, store: &Store, run: RunKey) {
        let changes: Vec<StateChange> = store.changes_latest(run).take(MAX_CHANGES_PER_RUN).collect();
        self.look_for_taking(store, run, &changes);
        self.look_for_retry(store, run, &changes);
        if let Some(key) = store.spec(run).and_then(|spec| spec.concurrency_key)
            && let Some(left) =
                changes.iter().find(|change| change.from.is_some_and(is_working) && !is_working(change.to))
        {
            let at = self.given_up.entry(key).or_default();
            *at = left.at.max(*at);
        }
    }

    /// The latest time that a worker took it, if the log says when it had become ready.
    fn look_for_taking(&mut self, store: &Store, run: RunKey, changes: &[StateChange]) {
        let mut changes = changes.iter().skip_while(|change| change.to != RunState::Leased);
        let (Some(taken), Some(ready)) = (changes.next(), changes.next()) else { return };
        let is_told = ready.to == RunState::Ready && UNIT.lasted(ready.at, taken.at).is_some();
        if is_told && let Some(turn) = turn(store, run) {
            self.taken.push(Taken { run, turn, ready_at: ready.at, taken_at: taken.at });
        }
    }

    /// The latest time that it was tried again.
    fn look_for_retry(&mut self, store: &Store, run: RunKey, changes: &[StateChange]) {
        use RunState::{Failed, Ready, RetryWait, Running};
        let mut failures = None;
        let mut gone = 0;
        let mut retried_at = None;
        for change in changes {
            match (change.from.map(known), known(change.to)) {
                (Some(RetryWait), Ready) => retried_at = Some(change.at),
                (_, RetryWait) if retried_at.is_some() => {
                    failures = Some(
                        crate::engine::actionqueue::waiting::recent::failures(store, run)
                            .saturating_sub(gone),
                    );
                }
                // 0.1 counts the attempts that were begun, and later versions those that failed.
                (_, Running) if !is_newer(store) => gone += 1,
                (Some(Running), RetryWait | Failed) if is_newer(store) => gone += 1,
                _ => {}
            }
            if let (Some(failures), Some(retried_at)) = (failures, retried_at) {
                return self.keep_wait(failures, UNIT.lasted(change.at, retried_at));
            }
        }
    }

    fn keep_wait(&mut self, failures: u32, lasted: Option<u64>) {
        let Some(lasted) = lasted else { return };
        // Delays never shrink from failure to failure: who failed less often waits no longer.
        for wait in self.waits.iter_mut().take(failures as usize + 1) {
            *wait = Some(wait.map_or(lasted, |known| known.min(lasted)));
        }
    }

    fn put_in_order(&mut self) {
        self.taken.sort_by_key(|taken| Reverse(taken.ready_at));
        let mut last = 0;
        for (place, taken) in self.taken.iter().enumerate() {
            if taken.turn > self.taken[last].turn {
                last = place;
            }
            self.latest.push(last);
        }
    }

    /// A run that became ready at `from` or later, was taken, and has its turn after `turn`.
    pub(super) fn passer(&self, turn: &RecentTurn, from: u64) -> Option<&Taken> {
        let n = self.taken.partition_point(|taken| taken.ready_at >= from);
        let taken = &self.taken[self.latest[n.checked_sub(1)?]];
        (taken.turn > *turn).then_some(taken)
    }

    /// The same for a run that has a concurrency key: taken when the key was free for sure.
    pub(super) fn passer_of_keyed(&self, turn: &RecentTurn, from: u64, key: Name) -> Option<&Taken> {
        let free_from = self.given_up.get(&key).copied().unwrap_or(0).max(self.seen_from);
        let mut others = self.taken.iter().take_while(|taken| taken.ready_at >= from);
        others.find(|taken| taken.taken_at > free_from && taken.turn > *turn)
    }

    /// How long a retry waits at most after so many failures, by what others waited.
    pub(super) fn wait(&self, failures: u32) -> Option<u64> {
        self.waits.get(failures as usize).copied().flatten()
    }
}

/// When a run's turn comes; none for one whose creation the log does not have.
pub(super) fn turn(store: &Store, run: RunKey) -> Option<RecentTurn> {
    let created_at = store.created_at(run);
    UNIT.is_believed(created_at).then(|| (Reverse(store.priority(run)), created_at, store.id_of(run)))
}

/// The failures by which the engine reckons a delay.
pub(super) fn failures(store: &Store, run: RunKey) -> u32 {
    if is_newer(store) { store.failure_count(run) } else { store.attempt_count(run) }
}

fn is_newer(store: &Store) -> bool {
    actionqueue::vocabulary(store) == Some(Vocabulary::Aq02)
}

/// A state as the rules know it.
fn known(state: State) -> RunState {
    RunState::of(state.id())
}

fn is_working(state: State) -> bool {
    matches!(known(state), RunState::Leased | RunState::Running)
}
