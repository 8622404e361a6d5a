//! Results of a query, in any order and groups, follow the log, time and ways in time: at any instant they
//! are what looking through all runs again would give.

use std::io::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use runwatch::engine::actionqueue::states::STATES;
use runwatch::engine::batch::{Batch, Decoder};
use runwatch::history::{Goal, Grain, History, Keep};
use runwatch::model::states::MAX_STATES;
use runwatch::query::{Query, QueryMatcher};
use runwatch::source::archive::Archive;
use runwatch::store::{Rules, RunKey, Store};
use runwatch::view::arrange::{Direction, Grouping, Sort};
use runwatch::view::found::{Found, Shelves, Wanted};

use crate::common::{blocks, lines_of};

/// Queries of every kind: of states, texts, numbers and time.
const QUERIES: &[&str] = &[
    "",
    "state:running or state:ready",
    "attempts>=2 -state:completed",
    "in_state>3s",
    "live in_state<60s",
    "error~. or stuck",
    "waiting",
    "owner:worker or priority>0",
    "flagged or id:a",
];

/// A log in a file, read by blocks, and what is found in it.
struct Stage {
    batches: Vec<Batch>,
    read: usize,
    history: History,
    archive: Archive,
    wanted: Wanted,
    found: Found,
}

impl Stage {
    fn new(path: &str, wanted: Wanted) -> Self {
        let bytes = lines_of(path);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let mut archive = Archive::new(runwatch::engine::options().framing);
        archive.keep(0, &Arc::new(file));
        let grain = Grain { epoch_lines: 200, epoch_bytes: 1 << 20, stride: 16 };
        let mut history = History::new(Rules::Lenient, Keep::Lines(u64::MAX)).with_grain(grain);
        history.watch_changes(true);
        let found = Found::begin(&wanted, 0);
        Self { batches: batches(&bytes), read: 0, history, archive, wanted, found }
    }

    fn now(&self) -> u64 {
        self.history.store().latest_at()
    }

    /// Takes in what was changed, as the dashboard does.
    fn note(&mut self, later: u64) {
        let now = self.now() + later;
        match self.history.take_changed() {
            Some(changed) => self.found.note(changed),
            None => self.found = Found::begin(&self.wanted, now),
        }
        self.found.tick(now);
    }

    fn read(&mut self) {
        self.history.go(Goal::Position(self.history.edge()), &self.archive).unwrap();
        if let Some(batch) = self.batches.get(self.read) {
            self.history.fold(batch);
            self.read += 1;
        }
        self.note(0);
    }

    fn check(&mut self, later: u64) {
        let now = self.now() + later;
        self.found.finish(self.history.store());
        let mut fresh = Found::begin(&self.wanted, now);
        fresh.finish(self.history.store());
        let store = self.history.store();
        assert_eq!(rows(store, &self.found), rows(store, &fresh), "{:?} at {now}", self.wanted);
        assert_eq!(self.found.rungs(), fresh.rungs());
        if let Some(query) = &self.wanted.query {
            let (mut sieve, mut counts) = (QueryMatcher::new(query), [0; MAX_STATES]);
            sieve.prepare(store);
            for key in store.keys() {
                let matches = sieve.judge(store, key, now).matches;
                assert_eq!(matches, fresh.has(key));
                counts[store.standing(key).0.index()] += usize::from(matches);
            }
            for state in store.states().all() {
                assert_eq!(self.found.count(state.id()), Some(counts[state.index()]));
            }
        }
    }
}

/// Every section with its runs, in order.
fn rows(store: &Store, found: &Found) -> Vec<(String, Vec<RunKey>)> {
    let shelves = Shelves { store, found: Some(found), direction: Direction::Down };
    let mut rows = Vec::new();
    for shelf in [shelves.runs(), shelves.suspended()] {
        for place in 0..shelf.len() {
            let section = shelf.at(place).unwrap();
            rows.push((format!("{section:?}"), shelf.runs(section, 0).collect()));
        }
    }
    rows
}

/// The whole lines of `bytes`, decoded, by small blocks.
fn batches(bytes: &[u8]) -> Vec<Batch> {
    let (mut decoder, mut batches) = (Decoder::default(), Vec::new());
    blocks(bytes, 16 << 10, |block| batches.push(decoder.decode(block)));
    batches
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let query = prop::sample::select(QUERIES);
    let grouping = prop::sample::select(&Grouping::ALL[..]);
    let sort = prop::sample::select(&Sort::ALL[..]);
    (query, grouping, sort).prop_map(|(query, grouping, sort)| {
        let query = Query::parse(query, &STATES).unwrap();
        Wanted { query: (!query.is_everything()).then_some(query), grouping, sort }
    })
}

/// One step: some more of the log, a way in time, some seconds, a slice of looking.
#[derive(Debug, Clone, Copy)]
enum Step {
    Read,
    Go(u16),
    Back(u8),
    Wait(u8),
    Look(u8),
    Check,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Read),
        2 => any::<u16>().prop_map(Step::Go),
        2 => any::<u8>().prop_map(Step::Back),
        1 => any::<u8>().prop_map(Step::Wait),
        2 => any::<u8>().prop_map(Step::Look),
        1 => Just(Step::Check),
    ]
}

proptest! {
    #![proptest_config(crate::common::cases(48))]
    #[test]
    fn what_is_found_is_what_looking_again_would_give(
        wanted in wanted(),
        log in prop::sample::select(vec![
            "tests/logs/live-small-mid.jsonl",
            "tests/logs/v030-small.jsonl.gz",
            "tests/logs/official-phases.jsonl",
        ]),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut stage = Stage::new(log, wanted);
        let mut later = 0;
        for step in steps {
            match step {
                Step::Read => {
                    later = 0;
                    stage.read();
                }
                Step::Go(_) | Step::Back(_) if stage.read == 0 => (),
                Step::Go(to) => {
                    later = 0;
                    let goal = Goal::Position(u64::from(to) % (stage.history.edge() + 1));
                    stage.history.go(goal, &stage.archive).unwrap();
                    stage.note(0);
                }
                Step::Back(by) => {
                    later = 0;
                    let goal = Goal::Position(stage.history.position().saturating_sub(u64::from(by % 20)));
                    stage.history.go(goal, &stage.archive).unwrap();
                    stage.note(0);
                }
                Step::Wait(seconds) => {
                    later += u64::from(seconds);
                    stage.note(later);
                }
                Step::Look(runs) => stage.found.advance(stage.history.store(), usize::from(runs)),
                Step::Check => stage.check(later),
            }
        }
        stage.check(later);
    }
}

#[test]
fn by_state_and_newest_first_is_the_order_of_the_lanes() {
    let query = Query::parse("attempts>=1", &STATES).unwrap();
    let mut stage =
        Stage::new("tests/logs/live-small-mid.jsonl", Wanted { query: Some(query), ..Wanted::default() });
    while stage.read < stage.batches.len() {
        stage.read();
        stage.found.advance(stage.history.store(), 50);
    }
    stage.found.finish(stage.history.store());
    let store = stage.history.store();
    let shelves = Shelves { store, found: Some(&stage.found), direction: Direction::Up };
    let mut n_found = 0;
    for state in store.states().listed() {
        let expected: Vec<RunKey> =
            store.lane(state).latest(0).filter(|key| store.counted(*key) >= 1).collect();
        let section = runwatch::view::arrange::GroupId::State(state);
        let found: Vec<RunKey> = shelves.runs().runs(section, 0).collect();
        assert_eq!(found, expected, "{state:?}");
        n_found += found.len();
    }
    assert!(n_found > 50, "{n_found}");
}
