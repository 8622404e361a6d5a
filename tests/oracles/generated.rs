//! Generated logs: the engines' own types read every line, and their reducers accept it.

use runwatch::args::Gen;
use runwatch::commands::sample::write;
use runwatch::engine::actionqueue::event::Vocabulary;

macro_rules! accepted_by {
    ($storage:ident, $vocabulary:expr, $plan:expr) => {{
        let mut bytes = Vec::new();
        write(&Gen { vocabulary: $vocabulary, ..$plan }, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut engine = $storage::recovery::reducer::ReplayReducer::new();
        for line in text.lines() {
            let event: $storage::wal::event::WalEvent =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}\n{line}"));
            assert_eq!(serde_json::to_string(&event).unwrap(), line, "not as the engine prints it");
            engine.apply(&event).unwrap_or_else(|error| panic!("{error}\n{line}"));
        }
        assert_eq!(text.lines().count() as u64, $plan.events);
        assert_eq!(engine.run_count() as u64 + n_unborn(&text), $plan.runs.unwrap());
        text
    }};
}

/// Lives so short that their run was never created.
fn n_unborn(text: &str) -> u64 {
    let count = |kind: &str| text.matches(&format!("\"{kind}\":{{")).count() as u64;
    count("TaskCreated") - count("RunCreated")
}

fn plan(events: u64, scattered: bool) -> Gen {
    Gen { events, runs: Some(events / 10), vocabulary: Vocabulary::Aq01, seed: 7, scattered }
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
        write(&Gen { seed, ..plan(500, false) }, &mut bytes).unwrap();
        bytes
    };
    assert_eq!(log(1), log(1));
    assert_ne!(log(1), log(2));
}

#[test]
fn a_generated_log_has_retries_suspensions_and_cancels() {
    for vocabulary in [Vocabulary::Aq01, Vocabulary::Aq02] {
        let mut bytes = Vec::new();
        write(&Gen { vocabulary, ..plan(5_000, false) }, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for sign in ["RetryWait", "Suspended", "Cancel", "LeaseHeartbeat", "HTTP 503"] {
            assert!(text.contains(sign), "{vocabulary:?} has no {sign}");
        }
    }
}

/// As many lines as were asked for, with any other options, each of which its engine accepts.
#[test]
fn a_log_has_exactly_the_events_that_were_asked_for() {
    for scattered in [false, true] {
        for (events, runs) in [
            (0, 1),
            (1, 1),
            (7, 7),
            (29, 20),
            (100, 51),
            (1000, 333),
            (600, 1),
            (1000, 100_000),
            (5000, 10_000),
        ] {
            let mut bytes = Vec::new();
            let plan = Gen { runs: Some(runs), ..plan(events, scattered) };
            write(&plan, &mut bytes).unwrap();
            let n_lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert_eq!(n_lines, events, "{plan:?}");
            // More runs than events are no runs.
            let plan = Gen { runs: Some(runs.min(events)), ..plan };
            accepted_by!(storage01, Vocabulary::Aq01, plan);
            accepted_by!(storage03, Vocabulary::Aq02, plan);
        }
    }
}

/// Takes this number of bytes, and no more.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::WriteZero)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Steps that are laid out before they are printed take all memory before the first line.
#[test]
fn a_life_without_an_end_begins_at_once() {
    for vocabulary in [Vocabulary::Aq01, Vocabulary::Aq02] {
        let endless = Gen { events: u64::MAX, runs: Some(3), vocabulary, ..plan(0, false) };
        let full = write(&endless, &mut Full(1 << 16)).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::WriteZero);
    }
}
