//! The reducers themselves: damaged logs, judged line by line by the published crates and by runwatch.
//!
//! Each case takes a recorded log and damages it: lines are lost, doubled, swapped, or get another value in one field.
//! Both sides then read it from the start. Hashes and digests are not recomputed by runwatch, so the damage leaves
//! them alone.

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::actionqueue::fold::Verdict;
use runwatch::model::position::Position;
use runwatch::store::Rules;
use serde_json::{Value, json};

use crate::common::damage::{any_damage, damaged};
use crate::common::{self, lines_of, projected_runs, read_text};

fn short(lines: &str, n: usize) -> Vec<Value> {
    lines.lines().take(n).map(|line| serde_json::from_str(line).unwrap()).collect()
}

macro_rules! differ {
    ($name:ident, $storage:ident, $vocabulary:expr) => {
        fn $name(lines: &[Value]) -> (usize, usize) {
            let mut engine = $storage::recovery::reducer::ReplayReducer::new();
            let mut store = actionqueue::store(Rules::Strict);
            actionqueue::set_vocabulary(&mut store, $vocabulary);
            let (mut applied, mut refused) = (0, 0);
            for (index, line) in lines.iter().enumerate() {
                let text = line.to_string();
                let ours = actionqueue::fold::line(&mut store, Position::default(), text.as_bytes());
                let parsed: Result<$storage::wal::event::WalEvent, _> = serde_json::from_str(&text);
                match parsed {
                    Err(error) => {
                        assert!(matches!(ours, Verdict::Unreadable(_)), "line {index}: the engine cannot read it ({error}): {ours:?}\n{text}");
                        refused += 1;
                    }
                    Ok(event) => match engine.apply(&event) {
                        Ok(()) => {
                            assert_eq!(ours, Verdict::Applied, "line {index}: the engine applies it\n{text}");
                            applied += 1;
                        }
                        Err(error) => {
                            assert!(matches!(ours, Verdict::Rejected(_)), "line {index}: the engine refuses it ({error:?}): {ours:?}\n{text}");
                            refused += 1;
                        }
                    },
                }
            }
            let ours = projected_runs(&store);
            let ours = ours.as_array().unwrap();
            assert_eq!(ours.len(), engine.run_count());
            for run in ours {
                let id = run["run_id"].as_str().unwrap().parse().unwrap();
                let their = serde_json::to_value(engine.get_run_instance(&id).unwrap()).unwrap();
                for key in ["state", "attempt_count", "current_attempt_id", "created_at", "scheduled_at", "effective_priority", "last_state_change_at", "task_id"] {
                    assert_eq!(run[key], their[key], "{key} of {run}");
                }
                if let Some(failures) = their.get("failure_attempt_count") {
                    assert_eq!(&run["failure_attempt_count"], failures, "{run}");
                }
                let history: Vec<Value> = engine.get_run_history(&id).unwrap().iter().map(|change| {
                    json!({"from": change.from(), "timestamp": change.timestamp(), "to": change.to()})
                }).collect();
                assert_eq!(run["state_history"], json!(history), "{run}");
                let attempts: Vec<Value> = engine.get_attempt_history(&id).unwrap().iter().map(|attempt| {
                    json!({
                        "attempt_id": attempt.attempt_id(), "error": attempt.error(), "finished_at": attempt.finished_at(),
                        "output": attempt.output(), "result": attempt.result(), "started_at": attempt.started_at(),
                    })
                }).collect();
                assert_eq!(run["attempts"], json!(attempts), "{run}");
                let lease = engine.get_lease_metadata(&id).map(|lease| json!({
                    "acquired_at": lease.acquired_at(), "expiry": lease.expiry(), "owner": lease.owner(), "updated_at": lease.updated_at(),
                }));
                assert_eq!(run["lease"], json!(lease), "{run}");
            }
            assert_eq!(store.latest_sequence(), engine.latest_sequence());
            (applied, refused)
        }
    };
}

differ!(check_0_1_2, storage01, Vocabulary::Aq01);
differ!(check_0_3_0, storage03, Vocabulary::Aq02);

fn cases() -> ProptestConfig {
    ProptestConfig { max_shrink_iters: 200, ..common::cases(96) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_damaged_log_of_0_1_2_is_judged_as_its_engine_judges_it(
        damages in prop::collection::vec(any_damage(), 1..12),
        skip in 0_usize..400,
        renumbered: bool,
    ) {
        let text = read_text("tests/logs/live-small-mid.jsonl");
        let lines = short(&text, 400 + skip);
        check_0_1_2(&damaged(lines, &damages, renumbered));
    }

    #[test]
    fn a_damaged_log_of_0_3_0_is_judged_as_its_engine_judges_it(
        damages in prop::collection::vec(any_damage(), 1..8),
        which in 0_usize..3,
        renumbered: bool,
    ) {
        let (log, n) = [
            ("tests/logs/v030-crash-recovery.jsonl", 65),
            ("tests/logs/v030-daemon-http.jsonl", 48),
            ("tests/logs/v030-small.jsonl.gz", 420),
        ][which];
        let lines = short(&String::from_utf8(lines_of(log)).unwrap(), n);
        check_0_3_0(&damaged(lines, &damages, renumbered));
    }
}

#[test]
fn whole_logs_are_applied_by_both() {
    let (applied, refused) = check_0_3_0(&short(&read_text("tests/logs/v030-small.jsonl.gz"), usize::MAX));
    assert_eq!((applied, refused), (1709, 0));
    let (applied, refused) = check_0_1_2(&short(&read_text("tests/logs/live-small-mid.jsonl"), usize::MAX));
    assert_eq!((applied, refused), (1230, 0));
}
