//! The engines' own verdicts: what ActionQueue's reducer made of each line, and of whole logs, runwatch makes too.

use std::collections::BTreeMap;

use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::{EventKind, Vocabulary};
use runwatch::engine::actionqueue::fold::Verdict;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::facts::AttemptResult;
use runwatch::model::json::error::plain;
use runwatch::model::position::{Parts, Position};
use runwatch::store::{Rules, Store};
use serde_json::{Value, json};

use crate::common::{self, fold, lines_of, projected_runs, read_text};

/// One list of lines with the engine's verdict on each and its projection of the whole.
fn check_case(case: &Value) {
    let name = &case["name"];
    let mut store = actionqueue::store(Rules::Strict);
    actionqueue::set_vocabulary(&mut store, Vocabulary::Aq01);
    let lines = case["lines"].as_array().unwrap();
    for (number, (line, verdict)) in lines.iter().zip(case["verdicts"].as_array().unwrap()).enumerate() {
        let place = Position::new(Parts { line: number as u64 + 1, ..Parts::default() });
        let verdict_of_ours = actionqueue::fold::line(&mut store, place, line.as_str().unwrap().as_bytes());
        let ours = match &verdict_of_ours {
            Verdict::Applied => "ok",
            Verdict::Rejected(rejection) => rejection.engine_name(),
            Verdict::Unreadable(reason) => {
                check_parse_error(verdict.as_str().unwrap(), reason);
                continue;
            }
            Verdict::Ignored => "ignored",
        };
        assert_eq!(ours, verdict, "{name} line {number}: {verdict_of_ours:?}\n{line}");
    }
    check_final(&store, &case["final"], name.as_str().unwrap());
}

/// The checks of a run and a task keep the engine's words; what serde says of a shape is the same in plain words, and is
/// compared by its beginning.
fn check_parse_error(engine: &str, ours: &str) {
    let engine = engine.strip_prefix("ParseError: ").unwrap_or_else(|| panic!("{engine}: {ours}"));
    if engine.starts_with("invalid length 0") {
        return; // An array is told by the name of the engine's own type.
    }
    let engine = plain(engine);
    let engine =
        engine.split(" at column ").next().and_then(|words| words.split("; known: ").next()).unwrap();
    // An event of no vocabulary is told by its name: the line itself says no more.
    if let Some(name) = ours.strip_prefix("no event is called ") {
        return assert_eq!(engine, format!("{name} is not known there"));
    }
    assert!(ours.starts_with(engine), "the engine says {engine:?} and runwatch {ours:?}");
}

fn check_final(store: &Store, expected: &Value, name: &str) {
    assert_eq!(projected_runs(store), expected["runs"], "{name}");
    let by_state: BTreeMap<&str, usize> = RunState::ALL
        .iter()
        .filter(|state| expected["runs_by_state"].get(state.name()).is_some())
        .map(|state| (state.name(), store.lane(*state).len()))
        .collect();
    assert_eq!(json!(by_state), expected["runs_by_state"], "{name}");
    let attempts = store.attempts();
    let by_result: BTreeMap<&str, u64> = AttemptResult::ALL
        .iter()
        .map(|result| (result.name(), attempts.by_result[*result as usize]))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(json!(by_result), expected["attempts_by_result"], "{name}");
    assert_eq!(json!(attempts.total), expected["attempts_total"], "{name}");
    assert_eq!(json!(attempts.open()), expected["attempts_open_in_history"], "{name}");
    assert_eq!(json!(store.len()), expected["run_count"], "{name}");
    assert_eq!(json!(store.n_tasks()), expected["task_count"], "{name}");
    assert_eq!(json!(store.latest_sequence()), expected["latest_sequence"], "{name}");
    assert_eq!(json!(store.engine().paused), expected["engine_paused"], "{name}");
    if let Some(budgets) = expected.get("budgets") {
        assert_eq!(&common::projected_budgets(store), budgets, "{name}");
    }
    if let Some(kinds) = expected.get("events_by_kind") {
        let ours: BTreeMap<&str, u64> = EventKind::ALL
            .iter()
            .map(|kind| (kind.name(), store.applied(kind.id())))
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(json!(ours), *kinds, "{name}");
    }
}

#[test]
fn every_edge_case_has_the_engines_verdict() {
    let text = read_text("tests/oracles/reducer-0.1.2-edge-cases.jsonl.gz");
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(cases.map(|case| check_case(&case)).count(), 222);
}

#[test]
fn every_random_list_has_the_engines_verdicts() {
    let text = read_text("tests/oracles/reducer-0.1.2-fuzz.jsonl.gz");
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(cases.map(|case| check_case(&case)).count(), 500);
}

/// A recorded log folds to the projection that its own engine computed, whichever way it is judged.
fn check_recording(log: &str, expected: &str) {
    let expected: Value = serde_json::from_str(&read_text(expected)).unwrap();
    let bytes = lines_of(log);
    for rules in [Rules::Strict, Rules::Lenient] {
        let store = fold(&bytes, rules);
        let tally = store.tally();
        assert_eq!(
            json!(tally.applied),
            expected["events"],
            "{log} {rules:?} {:?}",
            store.problems().kept().first()
        );
        assert_eq!(tally.lines, tally.applied, "{log} {rules:?}");
        assert_eq!(store.problems().total(), 0, "{log} {rules:?}");
        check_final(&store, &expected, log);
    }
}

macro_rules! recordings {
    ($($test:ident: $log:literal, $expected:literal;)+) => {$(
        #[test]
        fn $test() {
            check_recording(concat!("tests/logs/", $log), concat!("tests/logs/", $expected));
        }
    )+};
}

recordings! {
    a_small_live_log: "live-small.jsonl.gz", "live-small.expected.json.gz";
    all_nine_states_at_once: "live-small-mid.jsonl", "live-small-mid.expected.json.gz";
    five_thousand_runs: "live-medium.jsonl.gz", "live-medium.expected.json.gz";
    a_hard_stop_and_cancels_stamped_1970: "official-phases.jsonl", "official-phases.expected.json";
    a_panic_and_its_heartbeats: "panic-heartbeats.jsonl", "panic-heartbeats.expected.json";
    cron_policies: "cron.jsonl", "cron.expected.json";
    two_hundred_runs_of_0_3: "v030-small.jsonl.gz", "v030-small.expected.json.gz";
    a_crash_and_its_recovery_in_0_3: "v030-crash-recovery.jsonl", "v030-crash-recovery.expected.json";
    a_daemon_of_0_3: "v030-daemon-http.jsonl", "v030-daemon-http.expected.json";
}

#[test]
fn every_sample_line_is_an_event_of_its_kind() {
    for (file, vocabulary, n_kinds) in [
        ("tests/logs/samples-0.1.2.jsonl", Vocabulary::Aq01, 31),
        ("tests/logs/samples-0.3.0.jsonl", Vocabulary::Aq02, 46),
    ] {
        let text = read_text(file);
        let mut kinds = std::collections::BTreeSet::new();
        for line in text.lines() {
            assert_eq!(
                runwatch::engine::actionqueue::decode::vocabulary_of(line.as_bytes()).unwrap(),
                vocabulary,
                "{line}"
            );
            let decoded = runwatch::engine::actionqueue::decode::decode(line.as_bytes(), vocabulary);
            let Ok(runwatch::engine::actionqueue::decode::Decoded::Event(event)) = decoded else {
                panic!("{decoded:?}\n{line}");
            };
            let value: Value = serde_json::from_str(line).unwrap();
            assert_eq!(json!(event.sequence), value["sequence"]);
            assert!(value["event"].get(event.kind.name()).is_some(), "{line}");
            kinds.insert(event.kind);
        }
        assert_eq!(kinds.len(), n_kinds, "{file}");
    }
}
