//! Reports on any instant of a log: each is what it would have been, had the log ended there.

pub(crate) mod stage;

use std::collections::HashMap;
use std::fs;
use std::process::Output;

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::history::Goal;
use runwatch::store::Store;
use runwatch::view::instant::When;
use serde_json::{Value, json};
use stage::{Stage, ends, runs_json};

use crate::common::damage::{any_damage, any_wear, damaged, worn};
use crate::common::program::{Log, runwatch, text};
use crate::common::{RECORDINGS, fold_into, lines_of, projected_part, projected_runs, read_text};

/// Calls `each` with `n` instants of a log, evenly chosen, and the store of the lines before each.
fn along(bytes: &[u8], n: usize, mut each: impl FnMut(usize, &Store)) {
    let ends = ends(bytes);
    let (mut store, mut from) = (actionqueue::store(runwatch::store::Rules::default()), 0);
    for step in 0..=n {
        let line = (ends.len() - 1) * step / n;
        fold_into(&mut store, &bytes[from..ends[line]]);
        from = ends[line];
        each(line, &store);
    }
}

#[test]
fn the_runs_at_a_line_are_those_of_the_log_that_ends_there() {
    for (path, _) in RECORDINGS {
        let bytes = lines_of(path);
        let stage = Stage::new(&bytes);
        let is_numbered = bytes.starts_with(b"{\"sequence\":1,") || !path.contains("mid");
        along(&bytes, 50, |line, expected| {
            let store = stage.fold_to(&format!("line:{line}"));
            assert_eq!(store.tally(), expected.tally(), "{path} at line {line}");
            let runs = runs_json(&store);
            assert!(runs == runs_json(expected), "{path} at line {line}");
            if line % 7 == 0 && line < 10_000 {
                let values =
                    runs.lines().map(|run| projected_part(&serde_json::from_str(run).unwrap())).collect();
                assert!(Value::Array(values) == projected_runs(expected), "{path} at line {line}");
            }
            let sequence = expected.latest_sequence();
            if is_numbered && sequence == line as u64 {
                let by_sequence = stage.fold_to(&format!("#{sequence}"));
                assert_eq!(by_sequence.tally().lines, line as u64, "{path} at #{sequence}");
            }
        });
    }
}

#[test]
fn an_instant_is_found_by_the_program_as_by_the_library() {
    for path in ["tests/logs/live-small-mid.jsonl", "assets/orders.jsonl"] {
        let bytes = lines_of(path);
        let log = Log::new(&bytes);
        let n_lines = ends(&bytes).len() - 1;
        let stage = Stage::new(&bytes);
        let first = stage.fold_to("line:1").latest_sequence();
        for line in [0, 1, 2, n_lines / 2, n_lines - 1, n_lines] {
            let expected = runs_json(&stage.fold_to(&format!("line:{line}")));
            let by_line = text(&log.run(&["runs", "--json", "--at", &format!("line:{line}")]));
            assert!(by_line == expected, "{path} at line {line}");
            let sequence = if line == 0 { 0 } else { first + line as u64 - 1 };
            let by_sequence = text(&log.run(&["runs", "--json", "--at", &format!("#{sequence}")]));
            assert!(by_sequence == expected, "{path} at #{sequence}");
        }
        let whole = text(&log.run(&["runs", "--json"]));
        assert!(text(&log.run(&["runs", "--json", "--at", "end"])) == whole, "{path} at its end");
        for beyond in ["#99999999", "line:99999999", "+1d", "2999-01-01"] {
            let (runs, told) = told(log.run(&["runs", "--json", "--at", beyond]));
            assert!(runs == whole, "{path} at {beyond}");
            assert!(told.contains("is after the end of the log: this is its end, line "), "{told}");
        }
        for before in ["start", "#0", "line:0"] {
            assert_eq!(text(&log.run(&["runs", "--json", "--at", before])), "", "{path} at {before}");
        }
    }
}

#[test]
fn a_later_attempt_never_erases_an_earlier_one() {
    let mut n_grown = 0;
    for path in RECORDINGS.iter().map(|(path, _)| *path).chain(["assets/incident.jsonl"]) {
        let bytes = lines_of(path);
        let stage = Stage::new(&bytes);
        let mut known: HashMap<String, Vec<Value>> = HashMap::new();
        for step in 0..=20 {
            let line = (ends(&bytes).len() - 1) * step / 20;
            for run in runs_json(&stage.fold_to(&format!("line:{line}"))).lines() {
                let mut run: Value = serde_json::from_str(run).unwrap();
                let Value::Array(attempts) = run["attempts"].take() else { panic!("{run}") };
                let id = run["run_id"].as_str().unwrap().to_owned();
                let before = known.insert(id.clone(), attempts.clone()).unwrap_or_default();
                for (was, is) in before.iter().zip(&attempts) {
                    let same = ["attempt_id", "started_at"].iter().all(|key| was[key] == is[key]);
                    assert!(same && (was["result"].is_null() || was == is), "{path}: {id} at line {line}");
                }
                assert!(before.len() <= attempts.len(), "{path}: {id} at line {line}");
                n_grown += usize::from(!before.is_empty() && before.len() < attempts.len());
            }
        }
    }
    assert!(n_grown > 20, "{n_grown}");
}

/// Returns the output of a command, and its messages.
fn told(output: Output) -> (String, String) {
    assert_eq!(output.status.code(), Some(0));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn an_instant_that_the_log_does_not_reach_is_told() {
    let log = Log::new(&lines_of("assets/orders.jsonl"));
    let late = Log::new(
        &lines_of("tests/logs/live-small-mid.jsonl")
            .split_inclusive(|it| *it == b'\n')
            .skip(9)
            .collect::<Vec<_>>()
            .concat(),
    );
    let end = "is after the end of the log: this is its end, line 863, #863, 2026-11-21 00:57:45";
    let start = "is before the start of the log: this is its start";
    for (log, args, expected) in [
        (&log, &["stats", "--at", "#9999"][..], &[&*format!("#9999 {end}")][..]),
        (&log, &["runs", "--at", "line:9999"], &[&*format!("line 9999 {end}")]),
        (&log, &["runs", "--at", "2026-11-22T00:00:00Z"], &[&*format!("2026-11-22 00:00:00 {end}")]),
        (&log, &["runs", "--at", "-5d"], &[&*format!("2026-11-16 00:57:45 {start}")]),
        (&log, &["diff", "--from", "1999-01-01", "--to", "+1h"], &[start, end]),
        (&log, &["diff", "--from", "#5000", "--to", "#1"], &[end]),
        (&log, &["screenshot", "-o", "-", "--at", "#900"], &[end]),
        (&late, &["stats", "--at", "#3"], &["#3 is before the start of the log: its first event is #10"]),
        (&log, &["stats", "--at", "#863"], &[]),
        (&log, &["stats", "--at", "-0s"], &[]),
        (&log, &["diff"], &[]),
    ] {
        let (_, told) = told(log.run(args));
        assert_eq!(told.lines().count(), expected.len(), "{args:?}: {told}");
        for (line, expected) in told.lines().zip(expected) {
            assert!(line.starts_with("runwatch: ") && line.contains(*expected), "{args:?}: {line}");
        }
    }
}

#[test]
fn a_log_without_times_is_asked_for_none() {
    let lines = life(&[("create", 7), ("Ready", 8), ("Leased", 9)]);
    let log = Log::new(&lines);
    for args in [
        &["stats", "--at", "-5m"][..],
        &["runs", "--at", "2026-11-20 17:37:42"],
        &["diff", "--from", "17:37"],
        &["screenshot", "-o", "-", "--at", "+1s"],
        &["screenshot", "-o", "-", "--replay", "--at", "17:37"],
    ] {
        let output = log.run(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains("no time that can be believed") && said.contains("#300"), "{said}");
    }
    let table = text(&log.run(&["stats", "--at", "#2"]));
    assert!(table.lines().nth(1).unwrap().ends_with("line 2, #2, ?"), "{table}");
}

/// A log of one run, by the names of what happens to it, each with its second.
fn life(steps: &[(&str, u64)]) -> Vec<u8> {
    let run = "9ab40000-0000-4000-8000-000000000002";
    let attempt = "c0de0000-0000-4000-8000-000000000003";
    let mut state = "Scheduled";
    let lines = (1..).zip(steps).map(|(sequence, (step, at))| {
        let event = match *step {
            "create" => json!({"RunCreated": {"run_instance": {
                "id": run, "task_id": "6f1c0000-0000-4000-8000-000000000001", "state": "Scheduled",
                "attempt_count": 0, "created_at": at, "scheduled_at": at, "effective_priority": 0}}}),
            "attempt" => {
                json!({"AttemptStarted": {"run_id": run, "attempt_id": attempt, "timestamp": at}})
            }
            to => {
                let from = std::mem::replace(&mut state, to);
                json!({"RunStateChanged": {
                    "run_id": run, "previous_state": from, "new_state": to, "timestamp": at}})
            }
        };
        format!("{}\n", json!({"sequence": sequence, "event": event}))
    });
    lines.collect::<String>().into_bytes()
}

/// The one run of a log at an instant: its state and its attempts, or nothing.
fn standing(stage: &Stage, at: &str) -> String {
    let store = stage.fold_to(at);
    let told = store.keys().map(|key| {
        let run = store.run(key);
        format!("{} {}", run.state.name(), store.life(key).attempts.len())
    });
    told.collect()
}

/// 2026-11-20 17:37:41 in UTC.
const T: u64 = 1_795_196_261;

#[test]
fn a_cancel_before_the_start_is_seen_at_its_instant() {
    let stage =
        Stage::new(&life(&[("create", T), ("Canceled", T + 5), ("Ready", T + 9), ("attempt", T + 9)]));
    for (at, expected) in [
        ("#0", ""),
        ("#1", "Scheduled 0"),
        ("-1s", "Scheduled 0"),
        ("17:37:45", "Scheduled 0"),
        ("#2", "Canceled 0"),
        ("-0s", "Canceled 0"),
        ("17:37:46", "Canceled 0"),
        // What comes after is refused, and tells no time.
        ("#3", "Canceled 0"),
        ("end", "Canceled 0"),
    ] {
        assert_eq!(standing(&stage, at), expected, "{at}");
    }
}

#[test]
fn times_that_go_backward_change_no_order() {
    let steps = [("create", T), ("Ready", T + 9), ("Leased", T + 2), ("Running", T + 4), ("attempt", T + 12)];
    let stage = Stage::new(&life(&steps));
    for (at, line) in [
        ("2026-11-20 17:37:40Z", 0),
        ("2026-11-20 17:37:41Z", 1),
        // The clock was set back: the log's time does not move until it has come there again.
        ("17:37:43", 1),
        ("17:37:49", 1),
        ("17:37:50", 4),
        ("17:37:52", 4),
        ("17:37:53", 5),
        ("-3s", 4),
        ("-4s", 1),
        ("#3", 3),
    ] {
        assert_eq!(stage.fold_to(at).tally().lines, line, "{at}");
    }
    let lies =
        [("create", T), ("Ready", 3), ("Leased", u64::MAX), ("Running", 40_000_000_000), ("attempt", T)];
    let stage = Stage::new(&life(&lies));
    for (at, line) in [("-1s", 0), ("-0s", 5), ("+1s", 5), ("2999-01-01", 5), ("1999-01-01", 0)] {
        assert_eq!(stage.fold_to(at).tally().lines, line, "{at}");
    }
}

proptest! {
    #![proptest_config(crate::common::cases(32))]

    #[test]
    fn however_an_instant_is_said_it_is_that_of_the_history_and_of_the_log_that_ends_there(
        which in 0_usize..4,
        damage in prop::collection::vec(any_damage(), 0..12),
        wear in prop::collection::vec(any_wear(), 0..4),
        goals in prop::collection::vec((0_u8..3, any::<prop::sample::Index>()), 1..6),
    ) {
        let path = ["official-phases", "live-small-mid", "v030-daemon-http", "v030-crash-recovery"][which];
        let text = read_text(&format!("tests/logs/{path}.jsonl"));
        let values = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lines = damaged(values, &damage, false);
        let bytes: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let bytes = worn(bytes.into_bytes(), &wear);
        let stage = Stage::new(&bytes);
        let (mut history, archive) = stage.history();
        let (edge, at) = (history.edge(), history.store().latest_at());
        for (sort, index) in goals {
            let (said, goal) = match sort {
                0 => {
                    let line = index.index(edge as usize + 1) as u64;
                    (format!("line:{line}"), Goal::Position(line))
                }
                1 => {
                    let sequence = index.index(text.lines().count() + 2) as u64 + 1;
                    (format!("#{sequence}"), Goal::Sequence(sequence))
                }
                _ => {
                    let back = index.index(60) as u64;
                    (format!("-{back}s"), Goal::Time(at.saturating_sub(back)))
                }
            };
            // A log without any time that is believed knows no instant by its time.
            if sort == 2 && at == 0 {
                prop_assert!(stage.instants().fold_to(&When::parse(&said).unwrap()).is_err(), "{}", said);
                continue;
            }
            let store = stage.fold_to(&said);
            history.go(goal, &archive).unwrap();
            prop_assert_eq!(store.tally(), history.store().tally(), "{} of {}", &said, path);
            prop_assert_eq!(store.digest(), history.store().digest(), "{} of {}", &said, path);
            let cut = Stage::new(&bytes[..ends(&bytes)[store.tally().lines as usize]]);
            prop_assert_eq!(store.digest(), cut.fold_to("end").digest(), "{} of {}", &said, path);
        }
    }
}

#[test]
fn stats_say_where_they_stand_when_they_are_asked_for_an_instant() {
    let bytes = lines_of("assets/orders.jsonl");
    let log = Log::new(&bytes);
    let stats = |args: &[&str]| -> Value {
        let args: Vec<&str> = ["stats", "--json"].iter().chain(args).copied().collect();
        serde_json::from_str(&text(&log.run(&args))).unwrap()
    };
    assert!(stats(&[]).get("at").is_none());
    for (at, expected) in [
        ("start", json!({"line": 0, "sequence": 0, "time": null})),
        ("line:1", json!({"line": 1, "sequence": 1, "time": null})),
        ("#300", json!({"line": 300, "sequence": 300, "time": 1_795_222_649})),
        ("-5s", json!({"line": 692, "sequence": 692, "time": 1_795_222_660})),
        ("2026-11-21T00:57:40Z", json!({"line": 692, "sequence": 692, "time": 1_795_222_660})),
        ("00:57:40", json!({"line": 692, "sequence": 692, "time": 1_795_222_660})),
        ("end", json!({"line": 863, "sequence": 863, "time": 1_795_222_665})),
        ("#9999", json!({"line": 863, "sequence": 863, "time": 1_795_222_665})),
    ] {
        let args = ["stats", "--json", "--at", at];
        let mut found: Value = match at {
            "#9999" => serde_json::from_str(&told(log.run(&args)).0).unwrap(),
            _ => serde_json::from_str(&text(&log.run(&args))).unwrap(),
        };
        assert_eq!(found["at"], expected, "{at}");
        let line = usize::try_from(expected["line"].as_u64().unwrap()).unwrap();
        let cut = Log::new(&bytes[..ends(&bytes)[line]]);
        let mut of_cut: Value = serde_json::from_str(&text(&cut.run(&["stats", "--json"]))).unwrap();
        found.as_object_mut().unwrap().remove("at");
        found["source"] = Value::Null;
        of_cut["source"] = Value::Null;
        assert_eq!(found, of_cut, "{at}");
    }
    let args = ["stats", log.path(), "--at", "#300"];
    let table = text(&runwatch(&args).env("TZ", "UTC").output().unwrap());
    let row = "at                 line 300, #300, 2026-11-21 00:57:29";
    assert_eq!(table.lines().nth(1), Some(row));
    let args = ["stats", log.path(), "--at", "01:57:40"];
    let table = text(&runwatch(&args).env("TZ", "CET-1").output().unwrap());
    assert!(table.lines().nth(1).unwrap().ends_with("line 692, #692, 2026-11-21 01:57:40"), "{table}");
}

#[test]
fn what_is_no_instant_is_a_usage_error_that_says_what_would_be_one() {
    let log = Log::new(&lines_of("tests/logs/cron.jsonl"));
    for (args, words) in [
        (&["runs", "--at", "soon"][..], "`soon` is no instant"),
        (&["stats", "--at", "12"], "write #12 for a sequence, or line:12 for a line"),
        (&["stats", "--at", "#x"], "as in #1234"),
        (&["stats", "--at", "line:-1"], "as in line:1234"),
        (&["diff", "--from", "-5"], "write -5m"),
        (&["diff", "--to", "25:00"], "14:03"),
        (&["screenshot", "-o", "-", "--at", ""], "an instant is needed: start, end"),
        (&["check", "--at", "end"], "--at"),
    ] {
        let output = log.run(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty() && said.contains(words), "{args:?}: {said}");
    }
    let missing = runwatch(&["diff", "/nowhere/log.jsonl"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("does not exist"));
}

#[test]
fn standard_input_tells_of_its_instants_too() {
    let bytes = lines_of("assets/orders.jsonl");
    let log = Log::new(&bytes);
    for args in [
        &["runs", "--json", "--at", "#300"][..],
        &["runs", "--json", "--at", "-7s"],
        &["runs", "--at", "2026-11-21T00:57:40Z"],
        &["screenshot", "-o", "-", "--at", "line:500"],
    ] {
        let piped: Vec<&str> = args.iter().copied().chain(["-"]).collect();
        let from_pipe = runwatch(&piped).stdin(fs::File::open(&log.path).unwrap()).output().unwrap();
        if args[0] == "screenshot" {
            assert!(text(&from_pipe).contains(">#500</text>"));
            continue;
        }
        assert!(text(&from_pipe) == text(&log.run(args)), "{args:?}");
    }
}

#[test]
fn a_picture_of_an_instant_is_that_of_the_log_that_ends_there() {
    let bytes = lines_of("assets/orders.jsonl");
    let log = Log::named("orders.jsonl", &bytes);
    for (at, line) in [("line:500", 500), ("#77", 77), ("-5s", 692), ("00:57:40", 692), ("end", 863)] {
        let cut = Log::named("orders.jsonl", &bytes[..ends(&bytes)[line]]);
        let keys = ["-o", "-", "--keys", "l l j Enter"];
        let found = log.run(&[&["screenshot", "--at", at][..], &keys].concat());
        let expected = cut.run(&[&["screenshot"][..], &keys].concat());
        assert!(text(&found) == text(&expected), "{at}");
    }
}
