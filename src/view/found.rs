//! Which runs a query finds, in the order and the groups that somebody chose: looked for in slices, then kept.
//!
//! Looking through a million runs takes longer than a frame, so it is done a slice at a time, newest runs first and
//! each state in its turn, and what has been found so far can be shown. After that every run is judged again when the
//! log or time has changed it, and no other: that costs what changes. Must not know who typed the query.

use std::collections::VecDeque;

use super::arrange::{Arrangement, Direction, Grouping, Sort};
use super::list::Shelf;
use super::{Column, suspended};
use crate::engine::cause::Waiting;
use crate::engine::waiting::SharedScene;
use crate::model::states::{MAX_STATES, StateId, StateList};
use crate::query::{LiveQuery, Query};
use crate::store::{Paged, RUNGS, RunKey, RunSet, Slot, Store};

/// Runs of one state that are looked at before those of the next one.
const TURN: usize = 1024;
/// Runs that are read ahead together: many waits for memory at once.
const AT_A_TIME: usize = 64;

/// What is looked for, and how it is put together.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Which runs; all of them when there is no query.
    pub query: Option<Query>,
    /// By what they are put together.
    pub grouping: Grouping,
    /// By what they are sorted.
    pub sort: Sort,
}

impl Wanted {
    /// Whether that is what the lanes of the store are anyhow.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.query.is_none() && self.grouping == Grouping::State && self.sort == Sort::Entry
    }
}

/// The runs that were found.
#[derive(Debug)]
pub struct Found {
    live: LiveQuery,
    /// By state, newest first: what panes by state show. None while every run is wanted.
    by_state: Option<Arrangement>,
    /// As somebody chose, where that is another order.
    chosen: Option<Arrangement>,
    /// The queue, for why runs wait.
    scene: SharedScene,
    /// It is looked up elsewhere.
    is_shared: bool,
    scan: Option<Scan>,
    /// Runs that have changed and were not judged since.
    changed: VecDeque<RunKey>,
    /// Invariant: those in `changed`.
    waits: RunSet,
    /// Live runs that were found, by the attempt that they are on.
    rungs: [u64; RUNGS + 1],
    /// The rung on which a run was counted, [`NO_RUNG`] for none.
    rung_of: Paged<u8>,
    /// Whether a judgment may hang on time.
    is_timed: bool,
    now: u64,
    /// The runs whose turn it is; empty between two turns.
    turn: Vec<(Slot, RunKey)>,
}

const NO_RUNG: u8 = u8::MAX;

/// How far the looking has come.
#[derive(Debug, Clone, Copy)]
struct Scan {
    /// The slot before which the runs of each lane have not been looked at, and whether any have.
    before: [Option<Slot>; MAX_STATES],
    /// Lanes that have been looked at to their end.
    is_done: [bool; MAX_STATES],
    /// Whose turn it is.
    next: usize,
    looked_at: usize,
}

impl Scan {
    const fn new() -> Self {
        Self { before: [None; MAX_STATES], is_done: [false; MAX_STATES], next: 0, looked_at: 0 }
    }
}

impl Found {
    /// Nothing yet, of what is wanted at the instant `now`.
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
            waits: RunSet::default(),
            rungs: [0; RUNGS + 1],
            rung_of: Paged::new(NO_RUNG),
            is_timed: wanted.sort == Sort::By(Column::Waiting)
                || wanted.query.as_ref().is_some_and(Query::uses_time),
            now,
            turn: Vec::with_capacity(TURN),
        }
    }

    /// Does all of it at once.
    pub fn finish(&mut self, store: &Store) {
        while !self.is_settled() {
            self.advance(store, usize::MAX);
        }
    }

    /// Judges by a queue that was looked up elsewhere. From then on it is to be handed on after each change of the store.
    pub fn share(&mut self, scene: &SharedScene) {
        self.is_shared = true;
        self.scene = scene.clone();
        self.live.share(scene);
    }

    /// Takes in which runs have changed. They are judged by [`Found::advance`].
    pub fn note(&mut self, changed: impl IntoIterator<Item = RunKey>) {
        for run in changed {
            if self.waits.set(run, true) {
                self.changed.push_back(run);
            }
        }
    }

    /// Lets time pass, or go back: runs whose judgment hangs on it are judged anew where that may be due.
    pub fn tick(&mut self, now: u64) {
        if now < self.now && self.is_timed {
            // A judgment that holds for ever from some instant on was another one before it: every one is made again.
            self.now = now;
            self.live.forget_due();
            self.scan = Some(Scan::new());
            return;
        }
        self.now = now;
        let due = self.live.take_due(now);
        self.note(due);
    }

    /// Judges about `n` runs: those that have changed first, and then those that were not looked at yet.
    pub fn advance(&mut self, store: &Store, n: usize) {
        if !self.is_shared {
            self.scene = SharedScene::default();
            self.live.share(&self.scene);
        }
        let mut left = n;
        while left > 0
            && let Some(run) = self.changed.pop_front()
        {
            self.waits.set(run, false);
            self.consider(store, run);
            left -= 1;
        }
        self.look_through(store, left);
    }

    fn look_through(&mut self, store: &Store, mut left: usize) {
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
            let turn = TURN.min(left);
            let before = scan.before[state.index()];
            let mut runs = std::mem::take(&mut self.turn);
            runs.extend(store.lane(state).before(before).take(turn));
            let n_seen = runs.len();
            for some in runs.chunks(AT_A_TIME) {
                store.warm(some.iter().map(|(_, run)| *run));
                some.iter().for_each(|(_, run)| self.consider(store, *run));
            }
            scan.before[state.index()] = runs.last().map_or(before, |(slot, _)| Some(*slot));
            runs.clear();
            self.turn = runs;
            scan.is_done[state.index()] = n_seen < turn;
            scan.looked_at += n_seen;
            left -= n_seen;
        }
        self.scan = Some(scan);
    }

    fn consider(&mut self, store: &Store, run: RunKey) {
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

    /// Whether every run has been judged as it is now.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.scan.is_none() && self.changed.is_empty()
    }

    /// How far the looking has come, in percent; nothing when every run was looked at once.
    #[must_use]
    pub fn percent(&self, store: &Store) -> Option<u8> {
        let looked_at = self.scan?.looked_at;
        u8::try_from((looked_at * 100 / store.len().max(1)).min(99)).ok()
    }

    /// How many runs have changed and wait to be judged again.
    #[must_use]
    pub fn n_changed(&self) -> usize {
        self.changed.len()
    }

    /// When [`Found::tick`] has something to do next.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.live.next_due()
    }

    /// How many runs of a state were found; nothing when every run is wanted.
    #[must_use]
    pub fn count(&self, state: StateId) -> Option<usize> {
        Some(self.by_state.as_ref()?.count(state))
    }

    /// Whether a run was found; every run is while every run is wanted.
    #[must_use]
    pub fn has(&self, run: RunKey) -> bool {
        self.by_state.is_none() || self.live.has(run)
    }

    /// Live runs that were found, by the attempt that they are on; nothing when every run is wanted.
    #[must_use]
    pub fn rungs(&self) -> Option<&[u64; RUNGS + 1]> {
        self.by_state.as_ref().map(|_| &self.rungs)
    }
}

/// By what runs are sorted that wait: what is stuck weighs most, and what is nobody's fault least.
fn weight(waiting: &Waiting) -> u64 {
    u64::from(waiting.is_stuck) << 32 | u64::from(waiting.cause.rank())
}

/// What the panes show rows of.
#[derive(Debug, Clone, Copy)]
pub struct Shelves<'a> {
    /// The runs.
    pub store: &'a Store,
    /// Which of them were found, where not simply all are shown.
    pub found: Option<&'a Found>,
    /// Which end comes first.
    pub direction: Direction,
}

impl<'a> Shelves<'a> {
    /// All runs, newest first.
    #[must_use]
    pub const fn all(store: &'a Store) -> Self {
        Self { store, found: None, direction: Sort::Entry.natural() }
    }

    /// The runs in the order that was chosen.
    #[must_use]
    pub fn runs(self) -> Shelf<'a> {
        let states = self.store.states().listed().collect();
        match self.found.and_then(|found| found.chosen.as_ref().or(found.by_state.as_ref())) {
            Some(kept) => Shelf::arranged(self.store, states, kept, self.direction),
            None => Shelf::lanes(self.store, states),
        }
    }

    /// The suspended and the awaiting ones, newest first.
    #[must_use]
    pub fn suspended(self) -> Shelf<'a> {
        let states = suspended::states(self.store).collect();
        match self.found.and_then(|found| found.by_state.as_ref()) {
            Some(kept) => Shelf::arranged(self.store, states, kept, Sort::Entry.natural()),
            None => Shelf::lanes(self.store, states),
        }
    }

    /// How many runs of a state there are: of all, or of those that were found.
    #[must_use]
    pub fn count(self, state: impl Into<StateId>) -> usize {
        let state = state.into();
        self.found
            .and_then(|found| found.count(state))
            .unwrap_or_else(|| usize::try_from(self.store.count(state)).unwrap_or(usize::MAX))
    }
}
