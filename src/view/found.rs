//! The runs that match a query, in a chosen order and grouping: found by a scan in slices, then maintained.
//!
//! A scan of a million runs takes longer than a frame, so it is done a slice at a time, newest runs first and each
//! state in its turn, and the matches so far can be shown. After that a run is judged again only when the log or time
//! has changed it: that costs the changes. Must not know who typed the query.

use std::collections::VecDeque;

use super::arrange::{Arrangement, Direction, Grouping, Sort};
use super::list::Shelf;
use super::{Column, suspended};
use crate::engine::cause::Waiting;
use crate::engine::waiting::SharedScene;
use crate::model::states::{MAX_STATES, StateId, StateList};
use crate::query::{LiveQuery, Query};
use crate::store::{Paged, RUNGS, RunKey, RunSet, Slot, Store};

/// Runs of one state that are scanned before those of the next one.
const RUNS_PER_TURN: usize = 1024;
/// Runs that are prefetched together: many waits for memory at once.
const PREFETCH_RUNS: usize = 64;

/// A query, and the arrangement of its matches.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The query; none where all runs match.
    pub query: Option<Query>,
    /// The grouping of the matches.
    pub grouping: Grouping,
    /// The order of the matches.
    pub sort: Sort,
}

impl Wanted {
    /// True if the lanes of the store are in this order already.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.query.is_none() && self.grouping == Grouping::State && self.sort == Sort::Entry
    }
}

/// The runs that match a query.
#[derive(Debug)]
pub struct Found {
    live: LiveQuery,
    /// By state, newest first, for panes by state. None while every run matches.
    by_state: Option<Arrangement>,
    /// In the chosen arrangement, where that is another one.
    chosen: Option<Arrangement>,
    /// The queue, looked up once, for the causes of waits.
    scene: SharedScene,
    /// True if the queue is looked up by the owner of several lists.
    is_shared: bool,
    scan: Option<Scan>,
    /// Runs that have changed since they were judged.
    changed: VecDeque<RunKey>,
    /// Invariant: the same runs as `changed`.
    queued: RunSet,
    /// Live runs that match, by their attempt.
    rungs: [u64; RUNGS + 1],
    /// The rung on which a run was counted, [`NO_RUNG`] for none.
    rung_of: Paged<u8>,
    /// True if a judgment may depend on time.
    is_timed: bool,
    now: u64,
    /// The runs of the current turn; empty between two turns.
    turn: Vec<(Slot, RunKey)>,
}

const NO_RUNG: u8 = u8::MAX;

/// The progress of a scan.
#[derive(Debug, Clone, Copy)]
struct Scan {
    /// The slot before which the runs of each lane are not scanned; none for a lane that was not begun.
    before: [Option<Slot>; MAX_STATES],
    /// Lanes that are scanned to their end.
    is_done: [bool; MAX_STATES],
    /// The number of the state that is scanned next.
    next: usize,
    n_scanned: usize,
}

impl Scan {
    const fn new() -> Self {
        Self { before: [None; MAX_STATES], is_done: [false; MAX_STATES], next: 0, n_scanned: 0 }
    }
}

impl Found {
    /// An empty result, for a scan that begins at the instant `now`.
    #[must_use]
    pub fn begin(wanted: &Wanted, now: u64) -> Self {
        let is_other = wanted.grouping != Grouping::State || wanted.sort != Sort::Entry;
        Self {
            live: LiveQuery::new(wanted.query.as_ref().unwrap_or(&Query::default())),
            by_state: wanted.query.as_ref().map(|_| Arrangement::new(Grouping::State, Sort::Entry)),
            chosen: is_other.then(|| Arrangement::new(wanted.grouping, wanted.sort)),
            scene: SharedScene::default(),
            is_shared: false,
            scan: Some(Scan::new()),
            changed: VecDeque::new(),
            queued: RunSet::default(),
            rungs: [0; RUNGS + 1],
            rung_of: Paged::new(NO_RUNG),
            is_timed: wanted.sort == Sort::By(Column::Waiting)
                || wanted.query.as_ref().is_some_and(Query::uses_time),
            now,
            turn: Vec::with_capacity(RUNS_PER_TURN),
        }
    }

    /// Runs the scan to its end.
    pub fn finish(&mut self, store: &Store) {
        while !self.is_settled() {
            self.advance(store, usize::MAX);
        }
    }

    /// Judges by a queue that the caller looked up. The caller hands it on again after each change of the store.
    pub fn share(&mut self, scene: &SharedScene) {
        self.is_shared = true;
        self.scene = scene.clone();
        self.live.share(scene);
    }

    /// Queues runs that have changed, to be judged by [`Found::advance`].
    pub fn note(&mut self, changed: impl IntoIterator<Item = RunKey>) {
        for run in changed {
            if self.queued.set(run, true) {
                self.changed.push_back(run);
            }
        }
    }

    /// Sets the time, which may go back: runs whose judgment depends on it are queued where it may have changed.
    pub fn tick(&mut self, now: u64) {
        if now < self.now && self.is_timed {
            // A judgment that holds for ever from some instant on may have been another one before it: all runs are
            // scanned again.
            self.now = now;
            self.live.forget_due();
            self.scan = Some(Scan::new());
            return;
        }
        self.now = now;
        let due = self.live.take_due(now);
        self.note(due);
    }

    /// Judges about `n` runs: those that have changed first, and then those that were not scanned yet.
    pub fn advance(&mut self, store: &Store, n: usize) {
        if !self.is_shared {
            self.scene = SharedScene::default();
            self.live.share(&self.scene);
        }
        let mut left = n;
        while left > 0
            && let Some(run) = self.changed.pop_front()
        {
            self.queued.set(run, false);
            self.judge(store, run);
            left -= 1;
        }
        self.scan_lanes(store, left);
    }

    fn scan_lanes(&mut self, store: &Store, mut left: usize) {
        let Some(mut scan) = self.scan.take() else { return };
        let states: StateList = store.states().listed().collect();
        while left > 0 {
            if states.iter().all(|state| scan.is_done[state.index()]) {
                return;
            }
            let Some(state) = states.at(scan.next) else { return };
            scan.next = (scan.next + 1) % states.len();
            if scan.is_done[state.index()] {
                continue;
            }
            let turn = RUNS_PER_TURN.min(left);
            let before = scan.before[state.index()];
            let mut runs = std::mem::take(&mut self.turn);
            runs.extend(store.lane(state).before(before).take(turn));
            let n_seen = runs.len();
            for some in runs.chunks(PREFETCH_RUNS) {
                store.warm(some.iter().map(|(_, run)| *run));
                some.iter().for_each(|(_, run)| self.judge(store, *run));
            }
            scan.before[state.index()] = runs.last().map_or(before, |(slot, _)| Some(*slot));
            runs.clear();
            self.turn = runs;
            scan.is_done[state.index()] = n_seen < turn;
            scan.n_scanned += n_seen;
            left -= n_seen;
        }
        self.scan = Some(scan);
    }

    fn judge(&mut self, store: &Store, run: RunKey) {
        let matches = self.live.judge(store, run, self.now);
        let by_waiting =
            self.chosen.as_ref().is_some_and(|chosen| chosen.sort() == Sort::By(Column::Waiting));
        let scene = (matches && by_waiting).then(|| self.scene.get(store));
        let why = scene.and_then(|scene| scene.why(store, run, self.now));
        let waits = why.as_ref().map_or(0, weight);
        if let Some(until) = why.and_then(|why| why.until) {
            self.live.judge_at(run, until);
        }
        for arrangement in [&mut self.by_state, &mut self.chosen].into_iter().flatten() {
            if matches {
                arrangement.place(store, run, waits);
            } else {
                arrangement.remove(store, run);
            }
        }
        if self.by_state.is_some() {
            self.count_rung(store, run, matches);
        }
    }

    fn count_rung(&mut self, store: &Store, run: RunKey, matches: bool) {
        let new = if matches && !store.state_of(run).is_terminal() {
            u8::try_from((store.counted(run) as usize).min(RUNGS)).unwrap_or(NO_RUNG)
        } else {
            NO_RUNG
        };
        let old = self.rung_of.get(run);
        if old == new {
            return;
        }
        if let Some(count) = self.rungs.get_mut(usize::from(old)) {
            *count -= 1;
        }
        if let Some(count) = self.rungs.get_mut(usize::from(new)) {
            *count += 1;
        }
        self.rung_of.set(run, new);
    }

    /// True if every run is judged as it is now.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.scan.is_none() && self.changed.is_empty()
    }

    /// The progress of the scan, in percent; nothing once it is complete.
    #[must_use]
    pub fn percent(&self, store: &Store) -> Option<u8> {
        let n_scanned = self.scan?.n_scanned;
        u8::try_from((n_scanned * 100 / store.len().max(1)).min(99)).ok()
    }

    /// The number of runs that wait to be judged again.
    #[must_use]
    pub fn n_changed(&self) -> usize {
        self.changed.len()
    }

    /// The next instant at which [`Found::tick`] has an effect.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.live.next_due()
    }

    /// The number of matches in a state; nothing when every run matches.
    #[must_use]
    pub fn count(&self, state: StateId) -> Option<usize> {
        Some(self.by_state.as_ref()?.count(state))
    }

    /// True if a run matches; every run does when there is no query.
    #[must_use]
    pub fn has(&self, run: RunKey) -> bool {
        self.by_state.is_none() || self.live.has(run)
    }

    /// Live runs that match, by their attempt; nothing when every run matches.
    #[must_use]
    pub fn rungs(&self) -> Option<&[u64; RUNGS + 1]> {
        self.by_state.as_ref().map(|_| &self.rungs)
    }
}

/// The sort value of a wait: one that nothing will end is the largest, and an ordinary one the smallest.
fn weight(waiting: &Waiting) -> u64 {
    u64::from(waiting.is_stuck) << 32 | u64::from(waiting.cause.rank())
}

/// The source of the panes' rows.
#[derive(Debug, Clone, Copy)]
pub struct Shelves<'a> {
    /// The store of the runs.
    pub store: &'a Store,
    /// The matches of a query or the chosen arrangement; none where the lanes of the store are shown.
    pub found: Option<&'a Found>,
    /// The end that comes first.
    pub direction: Direction,
}

impl<'a> Shelves<'a> {
    /// All runs, newest first.
    #[must_use]
    pub const fn all(store: &'a Store) -> Self {
        Self { store, found: None, direction: Sort::Entry.natural() }
    }

    /// The runs in the chosen arrangement.
    #[must_use]
    pub fn runs(self) -> Shelf<'a> {
        let states = self.store.states().listed().collect();
        match self.found.and_then(|found| found.chosen.as_ref().or(found.by_state.as_ref())) {
            Some(kept) => Shelf::arranged(self.store, states, kept, self.direction),
            None => Shelf::lanes(self.store, states),
        }
    }

    /// The suspended and the awaiting runs, newest first.
    #[must_use]
    pub fn suspended(self) -> Shelf<'a> {
        let states = suspended::states(self.store).collect();
        match self.found.and_then(|found| found.by_state.as_ref()) {
            Some(kept) => Shelf::arranged(self.store, states, kept, Sort::Entry.natural()),
            None => Shelf::lanes(self.store, states),
        }
    }

    /// The number of runs of a state: of all, or of those that match.
    #[must_use]
    pub fn count(self, state: impl Into<StateId>) -> usize {
        let state = state.into();
        self.found
            .and_then(|found| found.count(state))
            .unwrap_or_else(|| usize::try_from(self.store.count(state)).unwrap_or(usize::MAX))
    }
}
