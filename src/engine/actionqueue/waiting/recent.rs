//! Recent changes of runs: runs taken by workers, concurrency keys released, delays of retries.
//!
//! Scans the newest runs of each state, and the latest changes of each. Must not know the present.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::engine::actionqueue;
use crate::engine::actionqueue::UNIT;
use crate::engine::actionqueue::event::Vocabulary;
use crate::engine::actionqueue::states::RunState;
use crate::model::id::RunId;
use crate::model::states::State;
use crate::store::{Name, RunKey, StateChange, Store};

/// Maximum number of runs scanned in each state, newest first.
const MAX_RUNS_PER_STATE: usize = 32;
/// Maximum number of changes scanned per run, latest first.
const MAX_CHANGES_PER_RUN: usize = 8;
/// Number of failure counts that are distinguished, for delays that grow with them.
const FAILURE_COUNTS: usize = 16;

/// States of runs that have been taken at least once.
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

/// Sort key of a run in the engine's selection: priority, creation, id (`selection/default_selector.rs` of
/// actionqueue-engine). The least is selected first.
pub(super) type RecentTurn = (Reverse<i32>, u64, RunId);

/// A run that a worker took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) run: RunKey,
    pub(super) turn: RecentTurn,
    pub(super) ready_at: u64,
    pub(super) taken_at: u64,
}

/// Recent changes of runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent {
    /// Runs that were taken, the last to become ready first.
    taken: Vec<Taken>,
    /// `latest[n]` is the index in `taken` of the greatest sort key among the first `n + 1`.
    latest: Vec<usize>,
    /// Instant of each key's last release.
    given_up: HashMap<Name, u64>,
    /// Instant from which on no release of a key was missed.
    seen_from: u64,
    /// `waits[n]` is the shortest delay of a retry after `n` failures or more.
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

    /// Records the latest instant at which a worker took the run, if the log has the instant at which it had become
    /// ready.
    fn look_for_taking(&mut self, store: &Store, run: RunKey, changes: &[StateChange]) {
        let mut changes = changes.iter().skip_while(|change| change.to != RunState::Leased);
        let (Some(taken), Some(ready)) = (changes.next(), changes.next()) else { return };
        let is_told = ready.to == RunState::Ready && UNIT.lasted(ready.at, taken.at).is_some();
        if is_told && let Some(turn) = turn(store, run) {
            self.taken.push(Taken { run, turn, ready_at: ready.at, taken_at: taken.at });
        }
    }

    /// Records the delay of the latest retry.
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
                // 0.1 counts the attempts that were started, and later versions those that failed.
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
        // Delays never shrink with more failures: a run with fewer failures waits no longer.
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

    /// A run that became ready at `from` or later, was taken, and sorts after `turn`.
    pub(super) fn passer(&self, turn: &RecentTurn, from: u64) -> Option<&Taken> {
        let n = self.taken.partition_point(|taken| taken.ready_at >= from);
        let taken = &self.taken[self.latest[n.checked_sub(1)?]];
        (taken.turn > *turn).then_some(taken)
    }

    /// The same for a run with a concurrency key: taken while the key was surely free.
    pub(super) fn passer_of_keyed(&self, turn: &RecentTurn, from: u64, key: Name) -> Option<&Taken> {
        let free_from = self.given_up.get(&key).copied().unwrap_or(0).max(self.seen_from);
        let mut others = self.taken.iter().take_while(|taken| taken.ready_at >= from);
        others.find(|taken| taken.taken_at > free_from && taken.turn > *turn)
    }

    /// Maximum delay of a retry after this many failures, from the delays of other runs.
    pub(super) fn wait(&self, failures: u32) -> Option<u64> {
        self.waits.get(failures as usize).copied().flatten()
    }
}

/// Sort key of a run; `None` if the log does not have its creation.
pub(super) fn turn(store: &Store, run: RunKey) -> Option<RecentTurn> {
    let created_at = store.created_at(run);
    UNIT.is_believed(created_at).then(|| (Reverse(store.priority(run)), created_at, store.id_of(run)))
}

/// Failure count from which the engine computes a delay.
pub(super) fn failures(store: &Store, run: RunKey) -> u32 {
    if is_newer(store) { store.failure_count(run) } else { store.attempt_count(run) }
}

fn is_newer(store: &Store) -> bool {
    actionqueue::vocabulary(store) == Some(Vocabulary::Aq02)
}

/// State as an ActionQueue state.
fn known(state: State) -> RunState {
    RunState::of(state.id())
}

fn is_working(state: State) -> bool {
    matches!(known(state), RunState::Leased | RunState::Running)
}
