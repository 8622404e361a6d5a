//! Stays by a slow evaluator that sorts them, and in slices of any size.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::engine::actionqueue;
use crate::engine::actionqueue::states::RunState;
use crate::model::position::Position;
use crate::store::Rules;
use RunState::{Completed, Leased, Ready, RetryWait, Running, Scheduled};

/// 2026-11-20.
const START: u64 = 1_795_196_261;

/// A log that is being folded.
struct Log {
    store: Store,
    sequence: u64,
}

impl Log {
    fn new() -> Self {
        Self { store: actionqueue::store(Rules::Lenient), sequence: 0 }
    }

    fn event(&mut self, event: &str) {
        self.sequence += 1;
        let line = format!("{{\"sequence\":{},\"event\":{event}}}", self.sequence);
        let place = Position::default().ahead(self.sequence, 0);
        assert_eq!(
            actionqueue::fold::line(&mut self.store, place, line.as_bytes()),
            crate::engine::actionqueue::fold::Verdict::Applied,
            "{line}"
        );
    }

    fn task(&mut self, number: u128, description: &str) {
        let id = Uuid::from_u128(number);
        self.event(&format!(
            r#"{{"TaskCreated":{{"task_spec":{{"id":"{id}","payload":{{"bytes":[],"content_type":null}},"run_policy":"Once","constraints":{{"max_attempts":3,"timeout_secs":null,"concurrency_key":null,"concurrency_key_hold_policy":"HoldDuringRetry","safety_level":"Pure","required_capabilities":null}},"metadata":{{"tags":[],"priority":0,"description":"{description}"}},"parent_task_id":null,"tenant_id":null}},"timestamp":{START}}}}}"#
        ));
    }

    fn create(&mut self, run: u128, task: u128, at: u64) {
        let (run, task) = (id(run), Uuid::from_u128(task));
        self.event(&format!(
            r#"{{"RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,"created_at":{at},"scheduled_at":{at},"effective_priority":0,"last_state_change_at":{at}}}}}}}"#
        ));
    }

    fn change(&mut self, run: u128, from: RunState, to: RunState, at: u64) {
        self.event(&format!(
            r#"{{"RunStateChanged":{{"run_id":"{}","previous_state":"{}","new_state":"{}","timestamp":{at}}}}}"#,
            id(run),
            from.name(),
            to.name(),
        ));
    }

    /// Moves the run through these states, each entered this number of seconds after [`START`].
    fn walk(&mut self, run: u128, states: &[(RunState, i64)]) {
        for pair in states.windows(2) {
            self.change(run, pair[0].0, pair[1].0, START.saturating_add_signed(pair[1].1));
        }
    }
}

fn id(run: u128) -> Uuid {
    Uuid::from_u128(run << 64 | 1)
}

/// `count p50 p90 p99 max` of both sorts, and how many are unknown.
fn words(stays: Stays) -> String {
    let Stays { closed, open, unknown } = stays;
    let of = |it: SpreadFigures| format!("{} {} {} {} {}", it.count, it.p50, it.p90, it.p99, it.max);
    format!("{} | {} | {unknown}", of(closed), of(open))
}

fn check(log: &Log, now: u64, expected: &[(RunState, &str)]) {
    let times = Times::of(&log.store, now);
    for state in RunState::ALL {
        let expected = expected.iter().find(|(it, _)| *it == state).map_or(NONE, |(_, words)| words);
        assert_eq!(words(times.all(state)), expected, "{state:?}");
    }
}

const NONE: &str = "0 0 0 0 0 | 0 0 0 0 0 | 0";

#[test]
fn closed_stays_open_stays_and_ended_runs_are_distinct() {
    let mut log = Log::new();
    log.create(1, 9, START);
    log.walk(1, &[(Scheduled, 0), (Ready, 4), (Leased, 5), (Running, 5), (Completed, 65)]);
    log.create(2, 9, START);
    log.walk(2, &[(Scheduled, 0), (Ready, 10), (Leased, 20), (Running, 21), (RetryWait, 22), (Ready, 100)]);
    check(
        &log,
        START + 130,
        &[
            (Scheduled, "2 4 10 10 10 | 0 0 0 0 0 | 0"),
            (Ready, "2 1 10 10 10 | 1 30 30 30 30 | 0"),
            (Leased, "2 0 1 1 1 | 0 0 0 0 0 | 0"),
            (Running, "2 1 60 60 60 | 0 0 0 0 0 | 0"),
            (RetryWait, "1 78 78 78 78 | 0 0 0 0 0 | 0"),
        ],
    );
}

#[test]
fn stays_with_impossible_clocks_are_counted_and_not_measured() {
    let mut log = Log::new();
    // One entered backward, one in 1970, one in the year 3000 and later.
    log.create(1, 9, START);
    log.walk(1, &[(Scheduled, 0), (Ready, -1), (Leased, 3)]);
    log.create(2, 9, 164);
    log.walk(2, &[(Scheduled, 0), (Ready, 0)]);
    log.create(3, 9, START);
    log.change(3, Scheduled, Ready, u64::MAX);
    check(
        &log,
        START,
        &[
            (Scheduled, "0 0 0 0 0 | 0 0 0 0 0 | 3"),
            (Ready, "1 4 4 4 4 | 1 0 0 0 0 | 1"),
            (Leased, "0 0 0 0 0 | 1 0 0 0 0 | 0"),
        ],
    );
    // Without a time of its own, no stay is open for a known length.
    let times = Times::of(&log.store, 0);
    assert_eq!(words(times.all(Ready)), "1 4 4 4 4 | 0 0 0 0 0 | 2");
}

#[test]
fn stays_that_the_log_does_not_hold_are_not_measured() {
    let mut log = Log::new();
    // Joined late: since when it ran is not known. Then lines are missing: until when it was ready is not known either.
    log.change(1, Running, RetryWait, START);
    log.change(1, RetryWait, Ready, START + 5);
    log.change(1, Leased, Running, START + 9);
    check(
        &log,
        START + 10,
        &[
            (RetryWait, "1 5 5 5 5 | 0 0 0 0 0 | 0"),
            (Ready, "0 0 0 0 0 | 0 0 0 0 0 | 1"),
            (Leased, "0 0 0 0 0 | 0 0 0 0 0 | 1"),
            (Running, "0 0 0 0 0 | 1 1 1 1 1 | 1"),
        ],
    );
}

/// The kinds of a log in words.
fn kinds(store: &Store, times: &Times) -> Vec<String> {
    let word = |kind: TaskKind| match kind {
        TaskKind::Typed { name, runs } => format!("{} {runs}", store.text(name)),
        TaskKind::Untyped { runs } => format!("? {runs}"),
        TaskKind::Other { types, runs } => format!("{types} others {runs}"),
    };
    times.kinds().map(|(kind, _)| word(kind)).collect()
}

#[test]
fn types_are_in_the_order_of_their_runs_then_untyped_then_others() {
    let mut log = Log::new();
    for (task, description, n_runs) in [(1, "mail", 1), (2, "bill", 2), (3, "mail", 1), (4, "audit", 2)] {
        log.task(task, description);
        (0..n_runs).for_each(|n| log.create(task << 8 | n, task, START));
    }
    log.create(9 << 8, 9, START);
    assert_eq!(kinds(&log.store, &Times::of(&log.store, START)), ["audit 2", "bill 2", "mail 2", "? 1"]);

    for number in 0..MAX_KINDS as u128 {
        log.task(100 + number, &format!("type {number:02}"));
        log.create((100 + number) << 8, 100 + number, START);
    }
    let times = Times::of(&log.store, START + 7);
    let found = kinds(&log.store, &times);
    assert_eq!(found.len(), MAX_KINDS + 2);
    assert_eq!((&*found[3], &*found[MAX_KINDS - 1]), ("type 00 1", "type 60 1"));
    assert_eq!(found[MAX_KINDS..], ["? 1", "3 others 3"]);
    let (_, stays) = times.kinds().last().unwrap();
    assert_eq!(words(stays[Scheduled.id().index()]), "0 0 0 0 0 | 3 7 7 7 7 | 0");
}

/// Every stay, from the lives of the runs.
fn plain(store: &Store, now: u64) -> BTreeMap<(RunState, bool), Vec<u64>> {
    let mut found: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    for key in store.keys() {
        let changes = store.life(key).changes;
        for (index, change) in changes.iter().enumerate().filter(|(_, change)| !change.to.is_terminal()) {
            let later = changes.get(index + 1);
            let seconds = later.map_or(now, |later| later.at) - change.at;
            found.entry((RunState::of(change.to.id()), later.is_some())).or_default().push(seconds);
        }
    }
    found.values_mut().for_each(|lengths| lengths.sort_unstable());
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slices_of_any_size_give_what_sorting_gives(
        lives in prop::collection::vec((1..4_u128, prop::collection::vec(0..200_u64, 0..12)), 1..30),
        slice in 1..40_usize,
    ) {
        const ROUND: [RunState; 4] = [Ready, Leased, Running, RetryWait];
        let mut log = Log::new();
        (1..3).for_each(|task| log.task(task, &format!("type {task}")));
        for (run, (task, waits)) in (0..).zip(&lives) {
            log.create(run, *task, START);
            let (mut state, mut at) = (Scheduled, START);
            for (wait, next) in waits.iter().zip(ROUND.iter().cycle()) {
                at += wait;
                log.change(run, state, *next, at);
                state = *next;
            }
        }
        let now = START + 10_000;
        let mut times = Times::begin(now);
        let mut percent = 0;
        while !times.is_done() {
            times.advance(&log.store, slice);
            prop_assert!(percent <= times.percent(&log.store));
            percent = times.percent(&log.store);
        }
        let plain = plain(&log.store, now);
        for state in RunState::ALL {
            let stays = times.all(state);
            for (is_closed, ours) in [(true, stays.closed), (false, stays.open)] {
                let lengths = plain.get(&(state, is_closed)).map_or(&[][..], Vec::as_slice);
                let of_kinds: u64 = times.kinds().map(|(_, stays)| {
                    let stays = stays[state.id().index()];
                    if is_closed { stays.closed.count } else { stays.open.count }
                }).sum();
                prop_assert_eq!((ours.count, of_kinds), (lengths.len() as u64, lengths.len() as u64));
                if let Some(longest) = lengths.last() {
                    let at = |percent: usize| lengths[(lengths.len() * percent).div_ceil(100) - 1];
                    prop_assert_eq!(ours.max, *longest);
                    for (ours, plain) in [(ours.p50, at(50)), (ours.p90, at(90)), (ours.p99, at(99))] {
                        prop_assert!(plain <= ours && ours - plain <= plain / PERCENTILE_PRECISION);
                    }
                }
            }
            prop_assert_eq!(stays.unknown, 0);
        }
    }
}
