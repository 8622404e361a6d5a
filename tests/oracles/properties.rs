//! Properties of every log, whole or damaged, however its bytes arrive and wherever its reading begins.

mod corpus;
mod mapped_scan;
mod thin;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::EventKind;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::batch::Decoder;
use runwatch::engine::fold;
use runwatch::model::id::RunId;
use runwatch::source::line::Raw;
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;
use runwatch::store::{NEAR, Problem, ProblemKind, RUNGS, Rules, RunKey, Rungs, Store, Tally};
use serde_json::{Value, json};

use crate::common::damage::{any_damage, any_wear, damaged, worn};
use crate::common::{self, RECORDINGS, lines_of, projected_budgets, projected_runs, read_text};

/// A log on its way into a store, as the reader brings it: bytes in any pieces, lines in blocks.
struct Reading {
    lines: Lines,
    decoder: Decoder,
    store: Store,
    /// Every line that was handed out.
    seen: Vec<Vec<u8>>,
    number: u64,
}

impl Reading {
    fn new(rules: Rules, limits: Limits) -> Self {
        let (lines, decoder) = (Lines::new(runwatch::engine::RECORDS, limits, 0), Decoder::default());
        Self { lines, decoder, store: actionqueue::store(rules), seen: vec![], number: 1 }
    }

    fn lenient() -> Self {
        Self::new(Rules::Lenient, Limits::default())
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let space = self.lines.space();
            let n = space.len().min(bytes.len());
            space[..n].copy_from_slice(&bytes[..n]);
            self.lines.commit(n);
            bytes = &bytes[n..];
            if self.lines.is_full() {
                self.take();
            }
        }
    }

    fn take(&mut self) {
        let Some(block) = self.lines.take(self.number) else { return };
        self.number += block.len_lines() as u64;
        self.seen.extend(block.lines().map(|line| match line.text {
            Raw::Whole(text) => text.to_vec(),
            Raw::OverLong { bytes } => format!("{bytes} bytes").into_bytes(),
            Raw::Damaged(reason) => reason.as_bytes().to_vec(),
        }));
        fold::batch(&mut self.store, &self.decoder.decode(block));
    }

    fn read(mut self, bytes: &[u8]) -> Self {
        self.feed(bytes);
        self.take();
        self
    }
}

/// All that a screen or a report can see of a store.
#[derive(Debug, PartialEq)]
struct Seen {
    runs: Value,
    beside: Vec<String>,
    tally: Tally,
    attempts: (u64, u64, Vec<u64>),
    lanes: Vec<Vec<RunId>>,
    near_cap: Vec<Vec<RunId>>,
    rungs: Rungs,
    minute: String,
    budgets: Value,
    problems: Vec<Problem>,
    problems_by_kind: Vec<u64>,
    kinds: Vec<u64>,
    order: (u64, u64),
    engine: String,
    n_tasks: usize,
}

fn seen(store: &Store) -> Seen {
    let ids = |keys: &mut dyn Iterator<Item = RunKey>| keys.map(|key| store.run(key).id).collect();
    let attempts = store.attempts();
    let beside = |key| {
        let run = store.run(key);
        let lease = run.lease.map(|lease| (store.text(lease.owner), lease.granted_at));
        let reason = run.reason.map(|reason| store.text(reason));
        format!("{:?}", (lease, reason, run.uncounted, run.last, run.joined, run.flagged))
    };
    Seen {
        runs: projected_runs(store),
        beside: store.keys().map(beside).collect(),
        tally: *store.tally(),
        attempts: (attempts.total, attempts.open(), attempts.by_result.to_vec()),
        lanes: RunState::ALL.iter().map(|state| ids(&mut store.lane(*state).latest(0))).collect(),
        near_cap: (0..NEAR).map(|left| ids(&mut store.near_cap(left).latest(0))).collect(),
        rungs: *store.rungs(),
        minute: format!("{:?}", store.minute()),
        budgets: projected_budgets(store),
        problems: store.problems().kept().to_vec(),
        problems_by_kind: ProblemKind::ALL.iter().map(|kind| store.problems().of(*kind)).collect(),
        kinds: EventKind::ALL.iter().map(|kind| store.applied(kind.id())).collect(),
        order: (store.latest_sequence(), store.sequence_gaps()),
        engine: format!("{:?}", store.engine()),
        n_tasks: store.n_tasks(),
    }
}

/// Checks the sums that the store keeps beside its runs: counts them again from all of them.
fn check_sums(store: &Store) {
    let tally = store.tally();
    assert_eq!(tally.lines, tally.applied + tally.rejected + tally.unreadable + tally.ignored);
    assert_eq!(EventKind::ALL.iter().map(|kind| store.applied(kind.id())).sum::<u64>(), tally.applied);
    assert!(store.problems().total() >= tally.rejected + tally.unreadable);
    assert_eq!(RunState::ALL.iter().map(|state| store.lane(*state).len()).sum::<usize>(), store.len());
    for state in RunState::ALL {
        for (place, key) in store.lane(state).latest(0).enumerate() {
            assert_eq!(store.run(key).state, state);
            assert_eq!(store.place_in_lane(key), place);
        }
    }
    let mut rungs = [0; RUNGS + 1];
    let mut near_cap = vec![vec![]; NEAR];
    let mut of_tasks: HashMap<_, (usize, usize)> = HashMap::new();
    for key in store.keys() {
        let run = store.run(key);
        assert_eq!(store.find(run.id), Some(key));
        let of_task = of_tasks.entry(run.task).or_default();
        of_task.1 += usize::from(run.state == RunState::Completed);
        if run.state.is_terminal() {
            continue;
        }
        of_task.0 += 1;
        let used = run.counted_attempts();
        if used > 0 {
            rungs[(used as usize).min(RUNGS)] += 1;
        }
        let cap = store.task(run.task).spec.as_ref().map_or(0, |spec| spec.max_attempts);
        if used > 1 && cap > 1 && (cap.saturating_sub(used) as usize) < NEAR {
            near_cap[cap.saturating_sub(used) as usize].push(run.id);
        }
    }
    for (number, count) in rungs.iter().enumerate().skip(1) {
        assert_eq!(store.rungs().on(u32::try_from(number).unwrap()), *count, "attempt {number}");
    }
    for (left, expected) in near_cap.iter_mut().enumerate() {
        let mut found: Vec<RunId> = store.near_cap(left).latest(0).map(|key| store.run(key).id).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(&found, expected, "{left} attempts left");
    }
    for key in store.task_keys() {
        let task = store.task(key);
        assert_eq!((task.live, task.completed), of_tasks.get(&key).copied().unwrap_or_default());
    }
}

/// Logs of every kind, short enough to be folded often.
fn log(which: usize) -> Vec<u8> {
    let (name, most) = [
        ("cron.jsonl", usize::MAX),
        ("official-phases.jsonl", usize::MAX),
        ("panic-heartbeats.jsonl", usize::MAX),
        ("live-small-mid.jsonl", 700),
        ("live-small.jsonl.gz", 500),
        ("v030-small.jsonl.gz", 450),
        ("v030-crash-recovery.jsonl", usize::MAX),
        ("v030-daemon-http.jsonl", usize::MAX),
        ("samples-0.1.2.jsonl", usize::MAX),
        ("samples-0.3.0.jsonl", usize::MAX),
    ][which % 10];
    let bytes = lines_of(&format!("tests/logs/{name}"));
    bytes.split_inclusive(|byte| *byte == b'\n').take(most).collect::<Vec<_>>().concat()
}

fn values(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn joined(lines: &[Value]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

/// The bytes of a log, which are told as text when they fail a test.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", String::from_utf8_lossy(&self.0))
    }
}

/// A log, damaged in its lines and worn in its bytes, or not at all.
fn any_log() -> impl Strategy<Value = Bytes> {
    let damage = prop::collection::vec(any_damage(), 0..8);
    let wear = prop::collection::vec(any_wear(), 0..4);
    (any::<usize>(), damage, wear, any::<bool>()).prop_map(|(which, damage, wear, renumbered)| {
        let bytes = joined(&damaged(values(&log(which)), &damage, renumbered));
        Bytes(worn(bytes, &wear))
    })
}

/// A value such as no engine writes, in the place of one that it does.
fn any_oddity() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop::sample::select(vec![0, 1, 2, u64::from(u32::MAX), i64::MAX.unsigned_abs(), u64::MAX])
            .prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "Running",
            "Completed",
            "00000000-0000-0000-0000-000000000000",
            "Success",
            ""
        ])
        .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"a": [1, "b"]}])),
    ]
}

/// The places of all values in an event, containers included.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, it)| places(it, &format!("{path}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, it)| places(it, &format!("{path}/{index}"), found));
        }
        _ => {}
    }
}

/// Configuration of a property whose failures are not kept.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { max_shrink_iters: 200, failure_persistence: None, ..common::cases(cases) }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_pieces_in_which_bytes_arrive_change_nothing(
        Bytes(bytes) in any_log(),
        cuts in prop::collection::vec(any::<u32>(), 0..40),
        block in prop::sample::select(vec![1, 7, 64, 4096, 256 << 10]),
        eager: bool,
    ) {
        let whole = Reading::lenient().read(&bytes);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| *cut as usize % (bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut pieces = Reading::new(Rules::Lenient, Limits { block, ..Limits::default() });
        for pair in cuts.windows(2) {
            pieces.feed(&bytes[pair[0]..pair[1]]);
            if eager {
                pieces.take();
            }
        }
        pieces.take();
        prop_assert_eq!(&pieces.seen, &whole.seen);
        prop_assert_eq!(seen(&pieces.store), seen(&whole.store));
        prop_assert_eq!(pieces.lines.pending(), whole.lines.pending());
    }

    #[test]
    fn a_store_that_was_looked_at_in_between_is_as_one_that_was_not(Bytes(bytes) in any_log(), at: u32, strict: bool) {
        let rules = if strict { Rules::Strict } else { Rules::Lenient };
        let reading = || Reading::new(rules, Limits::default());
        let whole = reading().read(&bytes);
        let (first, rest) = bytes.split_at(at as usize % (bytes.len() + 1));
        let first_read = reading().read(first);
        check_sums(&first_read.store);
        prop_assert_eq!(seen(&first_read.store), seen(&reading().read(first).store));
        let both = first_read.read(rest);
        prop_assert_eq!(seen(&both.store), seen(&whole.store));
        check_sums(&both.store);
    }

    #[test]
    fn a_log_full_of_oddities_is_folded_to_the_end(
        oddities in prop::collection::vec((any::<usize>(), any::<u16>(), any_oddity()), 1..60),
        which: usize,
        garbage in prop::collection::vec("[\\{\\}\\[\\]\":,a-z0-9 \u{0}]{0,60}", 0..6),
    ) {
        let mut lines = values(&log(which));
        for (line, place, oddity) in oddities {
            let line = line % lines.len();
            let mut found = vec![];
            places(&lines[line], "", &mut found);
            let place = &found[usize::from(place) % found.len()];
            *lines[line].pointer_mut(place).unwrap() = oddity;
        }
        let mut bytes = joined(&lines);
        bytes.extend(garbage.join("\n").into_bytes());
        for rules in [Rules::Lenient, Rules::Strict] {
            check_sums(&Reading::new(rules, Limits::default()).read(&bytes).store);
        }
    }

    #[test]
    fn two_vocabularies_in_one_log_are_folded_to_the_end(a: usize, b: usize, order in prop::collection::vec(any::<bool>(), 400)) {
        let (mut a, mut b) = (values(&log(a)).into_iter(), values(&log(b)).into_iter());
        let mut lines: Vec<Value> =
            order.iter().filter_map(|first| if *first { a.next() } else { b.next() }).collect();
        for (number, line) in lines.iter_mut().enumerate() {
            line["sequence"] = json!(number + 1);
        }
        check_sums(&Reading::lenient().read(&joined(&lines)).store);
    }
}

/// The runs that an event names by their own ids.
fn named_runs(event: &Value, found: &mut Vec<RunId>) {
    if let Value::Object(object) = event {
        for (key, value) in object {
            match value.as_str().filter(|_| matches!(key.as_str(), "run_id" | "run")) {
                Some(id) => found.extend(id.parse::<RunId>().ok()),
                None => named_runs(value, found),
            }
        }
    }
}

/// The state that each line leaves its run in, by the full fold: the last one that names the run and moves it.
struct Moves {
    /// The line after which a run changed its state last, and whether that line names it.
    last: BTreeMap<RunId, (usize, bool)>,
    /// Final state of every run.
    state: BTreeMap<RunId, RunState>,
}

fn moves(lines: &[&[u8]]) -> Moves {
    let mut reading = Reading::lenient();
    let mut moves = Moves { last: BTreeMap::new(), state: BTreeMap::new() };
    for (number, line) in lines.iter().enumerate() {
        reading = reading.read(line);
        let mut named = vec![];
        named_runs(&serde_json::from_slice(line).unwrap(), &mut named);
        // Only events about a task move runs that they do not name.
        let is_wide = line.windows(5).any(|word| word == b"Task\"") || named.is_empty();
        let keys: Vec<RunKey> = if is_wide {
            reading.store.keys().collect()
        } else {
            named.iter().filter_map(|run| reading.store.find(*run)).collect()
        };
        for key in keys {
            let run = reading.store.run(key);
            if moves.state.insert(run.id, RunState::from(run.state)) != Some(RunState::from(run.state)) {
                moves.last.insert(run.id, (number, named.contains(&run.id)));
            }
        }
    }
    moves
}

/// Returns true if a late start of the reading may turn an event into a problem, and why.
fn is_justified(problem: &Problem) -> bool {
    match problem.kind {
        // The lease of a run that was only Leased lapses: seen first from there, the run is taken for Running.
        ProblemKind::Gap => true,
        // That the engine was paused is said once, before the beginning.
        ProblemKind::Engine => true,
        _ => false,
    }
}

#[test]
fn a_log_that_is_joined_late_ends_in_the_same_states_and_refuses_nothing() {
    for (log, _) in RECORDINGS.iter().filter(|(log, _)| !log.contains("medium")) {
        let bytes = lines_of(log);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let moves = moves(&lines);
        let step = (lines.len() / 40).max(1);
        for start in (1..lines.len()).step_by(step) {
            let late = Reading::lenient().read(&lines[start..].concat()).store;
            check_sums(&late);
            let unjustified = late.problems().kept().iter().find(|problem| !is_justified(problem));
            assert_eq!(unjustified, None, "{log} from line {}", start + 1);
            assert_eq!(late.tally().rejected, late.problems().of(ProblemKind::Engine));
            for (run, (number, is_named)) in &moves.last {
                // A run that was not seen in its task is not reached through its task.
                if *number >= start && *is_named {
                    let found = late.find(*run).map(|key| RunState::from(late.run(key).state));
                    assert_eq!(found, Some(moves.state[run]), "{log} from line {}: {run}", start + 1);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_damaged_log_that_is_joined_late_is_folded_to_the_end(Bytes(bytes) in any_log(), start: u32) {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let start = start as usize % lines.len().max(1);
        check_sums(&Reading::lenient().read(&lines[start..].concat()).store);
    }
}

#[test]
fn every_recording_has_sums_that_agree_with_a_slow_recount() {
    for (log, _) in RECORDINGS {
        let store = Reading::lenient().read(&lines_of(log)).store;
        check_sums(&store);
        assert!(store.rungs().on(1) + store.len() as u64 > 0);
    }
    // In the middle of things there is more to count than at the end.
    let text = read_text("tests/logs/live-medium.jsonl.gz");
    let half: String = text.lines().take(20_000).flat_map(|line| [line, "\n"]).collect();
    let store = Reading::lenient().read(half.as_bytes()).store;
    check_sums(&store);
    assert!((0..NEAR).any(|left| !store.near_cap(left).is_empty()));
}

#[test]
fn a_run_is_near_its_cap_in_any_order_in_which_the_log_tells_of_it_and_its_task() {
    let lines = values(&log(3));
    let task = lines.iter().find(|line| line["event"].get("TaskCreated").is_some()).unwrap();
    let id = &task["event"]["TaskCreated"]["task_spec"]["id"];
    let run =
        lines.iter().find(|line| line["event"]["RunCreated"]["run_instance"]["task_id"] == *id).unwrap();
    for is_run_first in [false, true] {
        let (mut task, mut run) = (task.clone(), run.clone());
        task["event"]["TaskCreated"]["task_spec"]["constraints"]["max_attempts"] = json!(3);
        run["event"]["RunCreated"]["run_instance"]["attempt_count"] = json!(2);
        let mut both = [task, run];
        if is_run_first {
            both.reverse();
        }
        both[1]["sequence"] = json!(2);
        both[0]["sequence"] = json!(1);
        let store = Reading::lenient().read(&joined(&both)).store;
        assert_eq!((store.tally().applied, store.near_cap(1).len()), (2, 1), "{is_run_first}");
        check_sums(&store);
    }
}
