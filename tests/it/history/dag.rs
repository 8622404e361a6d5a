//! The same of logs of dag-executor: records that replace each other, graphs, attempts, and another execution.

use proptest::prelude::*;
use runwatch::history::{Grain, Keep};
use serde_json::json;

use super::Stage;
use crate::common::{cases, lines_of};

const GRAIN: Grain = Grain { epoch_lines: 16, epoch_bytes: 8 << 20, stride: 4 };

#[test]
fn every_instant_of_a_recorded_execution_is_the_fold_of_its_lines() {
    for log in ["kit-500.kit", "crash-resume-500"] {
        let bytes = lines_of(&format!("tests/logs/dag/{log}.jsonl.gz"));
        let mut stage = Stage::new(&bytes, 9000, GRAIN, Keep::Lines(u64::MAX));
        let edge = stage.history.edge();
        for step in [1, 7, 11, 3, 10, 2, 9, 12, 5] {
            stage.check(edge * step / 12);
        }
    }
}

/// A task of few, so that lines meet.
fn task() -> impl Strategy<Value = String> {
    prop_oneof![4 => (0..5_u8).prop_map(|n| format!("t{n}")), 1 => Just("仕事\u{1b}".to_owned())]
}

fn line() -> impl Strategy<Value = String> {
    let state = prop::sample::select(vec![
        "pending",
        "ready",
        "running",
        "completed",
        "failed",
        "retrying",
        "cancelled",
        "skipped",
        "dead_lettered",
        "paused",
    ]);
    let record = (task(), state, 0..3_u32, 1..60_u64, 0..60_u64, prop::option::of(0..60_u64));
    let record = record.prop_map(|(id, state, attempts, created, updated, finished)| {
        json!({
            "id": id, "state": state, "attempts": attempts, "created_at": created, "updated_at": created + updated,
            "started_at": finished.map(|_| created), "finished_at": finished, "output": null,
            "error": (state == "failed").then_some("task timed out after 1s"), "metadata": {},
        })
    });
    let tasks = prop::collection::vec((task(), prop::collection::vec(task(), 0..4)), 0..6);
    let graph = (tasks, 0..3_u8).prop_map(|(tasks, run)| {
        let tasks: Vec<_> = tasks.into_iter().map(|(id, deps)| json!({"id": id, "deps": deps})).collect();
        json!({"ev": "dag", "run_id": run.to_string(), "t_us": 9000, "concurrency": 2, "tasks": tasks})
    });
    let attempt = (task(), 0..3_u32, 0..60_000_u64, any::<bool>()).prop_map(|(id, attempt, t_us, is_end)| match is_end {
        false => json!({"ev": "attempt_start", "id": id, "attempt": attempt, "t_us": t_us}),
        true => json!({"ev": "attempt_end", "id": id, "attempt": attempt, "outcome": "err", "error": "x", "t_us": t_us}),
    });
    let other = prop::sample::select(vec![
        r#"{"ev":"scan"}"#,
        r#"{"ev":"scan_end"}"#,
        r#"{"ev":"run_end","t_us":1}"#,
        r#"{"ev":"control","cmd":"x"}"#,
        r#"{"ev":"later"}"#,
        "torn",
        "",
    ]);
    prop_oneof![
        8 => record.prop_map(|it| it.to_string()),
        2 => graph.prop_map(|it| it.to_string()),
        3 => attempt.prop_map(|it| it.to_string()),
        2 => other.prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn any_lines_can_be_gone_through_in_both_directions_and_reported(
        lines in prop::collection::vec(line(), 1..80),
        steps in prop::collection::vec(any::<prop::sample::Index>(), 6),
    ) {
        // The engine is shown by the first line, as by that of a host.
        let first = r#"{"ev":"dag","run_id":"0","tasks":[]}"#;
        let text: String = std::iter::once(first).chain(lines.iter().map(String::as_str)).map(|it| format!("{it}\n")).collect();
        let mut stage = Stage::new(text.as_bytes(), 700, GRAIN, Keep::Lines(u64::MAX));
        let n_lines = lines.len() as u64 + 1;
        for step in steps {
            stage.check(1 + step.index(n_lines as usize) as u64);
            let store = stage.history.store();
            if let Some(progress) = runwatch::engine::progress(store) {
                let (ended, total) = progress.ended_of.unwrap_or_default();
                prop_assert!(ended <= total, "{ended} of {total}");
            }
            let chain = runwatch::engine::critical_chain(store);
            prop_assert!(chain.len() <= store.keys().count(), "{chain:?}");
            for run in store.keys() {
                let facts = runwatch::engine::run_facts(store, run);
                prop_assert!(facts.len() < 20);
                serde_json::to_string(&runwatch::projection::whole(store, run)).unwrap();
            }
        }
    }
}
