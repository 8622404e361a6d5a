//! Generated logs: the engines' own types read every line, and their reducers accept it.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use runwatch::commands::generate::{Plan, write};
use runwatch::model::event::Vocabulary;

macro_rules! accepted_by {
    ($storage:ident, $vocabulary:expr, $plan:expr) => {{
        let mut bytes = Vec::new();
        write(&Plan { vocabulary: $vocabulary, ..$plan }, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut engine = $storage::recovery::reducer::ReplayReducer::new();
        for line in text.lines() {
            let event: $storage::wal::event::WalEvent =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}\n{line}"));
            assert_eq!(serde_json::to_string(&event).unwrap(), line, "not as the engine prints it");
            engine.apply(&event).unwrap_or_else(|error| panic!("{error}\n{line}"));
        }
        assert_eq!(text.lines().count() as u64, $plan.events);
        assert_eq!(engine.run_count() as u64 + n_unborn(&text), $plan.runs);
        text
    }};
}

/// Lives so short that their run was never created.
fn n_unborn(text: &str) -> u64 {
    let count = |kind: &str| text.matches(&format!("\"{kind}\":{{")).count() as u64;
    count("TaskCreated") - count("RunCreated")
}

fn plan(events: u64, scattered: bool) -> Plan {
    Plan { events, runs: events / 10, vocabulary: Vocabulary::Aq01, seed: 7, scattered }
}

#[test]
fn the_engines_accept_every_generated_line() {
    for scattered in [false, true] {
        accepted_by!(storage01, Vocabulary::Aq01, plan(20_000, scattered));
        accepted_by!(storage03, Vocabulary::Aq02, plan(2_000, scattered));
    }
}

#[test]
fn the_same_seed_makes_the_same_log_and_another_seed_another() {
    let log = |seed| {
        let mut bytes = Vec::new();
        write(&Plan { seed, ..plan(500, false) }, &mut bytes).unwrap();
        bytes
    };
    assert_eq!(log(1), log(1));
    assert_ne!(log(1), log(2));
}

#[test]
fn a_generated_log_has_retries_suspensions_and_cancels() {
    for vocabulary in [Vocabulary::Aq01, Vocabulary::Aq02] {
        let mut bytes = Vec::new();
        write(&Plan { vocabulary, ..plan(5_000, false) }, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for sign in ["RetryWait", "Suspended", "Cancel", "LeaseHeartbeat", "HTTP 503"] {
            assert!(text.contains(sign), "{vocabulary:?} has no {sign}");
        }
    }
}
