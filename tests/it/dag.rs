//! Logs of dag-executor through every command: what they tell, what is given beside them, and bad input.

use serde_json::{Value, json};

use crate::common::program::{Log, runwatch, text};
use crate::common::{lines_of, read_text};

/// The instant of the first record.
const START: u64 = 1_795_193_600_000;

/// A record, as the engine's storage hands it on.
fn record(id: &str, state: &str, at: u64) -> String {
    let finished = (!matches!(state, "running" | "pending" | "ready")).then_some(START + at);
    let started = (!matches!(state, "skipped" | "pending" | "ready")).then_some(START + at);
    let record = json!({
        "attempts": u32::from(finished.is_some()), "created_at": START, "error": null, "finished_at": finished,
        "id": id, "metadata": {}, "output": null, "started_at": started, "state": state, "updated_at": START + at,
    });
    format!("{record}\n")
}

fn log(records: &[(&str, &str, u64)]) -> Log {
    let lines: String = records.iter().map(|(id, state, at)| record(id, state, *at)).collect();
    Log::new(lines.as_bytes())
}

fn tasks(log: &Log) -> Vec<Value> {
    let printed = text(&log.run(&["runs", "--json"]));
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stats(log: &Log, more: &[&str]) -> Value {
    let command = [&["stats", "--json"], more].concat();
    serde_json::from_str(&text(&log.run(&command))).unwrap()
}

fn kit() -> Log {
    Log::new(&lines_of("tests/logs/dag/kit-500.kit.jsonl.gz"))
}

#[test]
fn every_command_reads_records() {
    let kit = kit();
    assert!(text(&kit.run(&["runs", "--query", "state:dead_lettered"])).contains("clicks.0013.validate"));
    let waited = kit.run(&["wait", "--query", "state:skipped", "--for", "count=163", "--timeout", "20s"]);
    assert!(text(&waited).starts_with("163 runs answer `state:skipped`: count=163 holds"));
    let changed: Value =
        serde_json::from_str(&text(&kit.run(&["diff", "--json", "--from", "line:600", "--to", "end"])))
            .unwrap();
    assert_eq!(changed["states"]["skipped"]["after"], 163);
    let early = stats(&kit, &["--at", "line:600"]);
    assert_eq!(early["lines"], 600);
    let by_time = stats(&kit, &["--at", "2026-11-20T17:10:08Z"]);
    assert!(by_time["states"]["completed"].as_u64().unwrap() > 0);
    assert!(by_time["states"]["running"].as_u64().unwrap() > 0);
    let picture = text(&kit.run(&["screenshot", "-o", "-"]));
    assert!(picture.contains("dead_lettered"));
    let mut follow = runwatch(&["follow", "-", "--json", "--every", "60"]);
    let followed = follow.stdin(std::fs::File::open(&kit.path).unwrap()).output().unwrap();
    let last: Value = serde_json::from_str(text(&followed).lines().last().unwrap()).unwrap();
    assert_eq!(last["states"]["dead_lettered"], 5);
}

#[test]
fn changes_are_listed_by_task_in_columns_that_fit_the_names_of_states() {
    let printed = text(&kit().run(&["diff", "--from", "line:600", "--to", "end"]));
    let lines: Vec<&str> = printed.lines().collect();
    let heading = lines.iter().position(|line| line.starts_with("TASK ")).unwrap();
    assert!(lines[heading].ends_with("LAST"), "{printed}");
    assert!(lines[heading + 1..].iter().all(|line| line.len() == lines[heading].len()), "{printed}");
    let counts = &lines[4..lines.iter().position(|line| line.starts_with("problems")).unwrap()];
    assert!(counts.iter().all(|line| line.len() == lines[4].len()), "{printed}");
}

#[test]
fn a_graph_gives_totals_and_what_has_no_record_yet() {
    let all = read_text("tests/logs/dag/etl-100.jsonl.gz");
    let half: String = all.lines().take(50).map(|line| format!("{line}\n")).collect();
    let log = Log::new(half.as_bytes());
    let graph = Log::named("dag.json", &lines_of("tests/logs/dag/etl-100.dag.json.gz"));
    let without = stats(&log, &[]);
    assert_eq!((&without["progress"]["total"], &without["states"]["pending"]), (&Value::Null, &json!(0)));
    assert_eq!(without["progress"]["critical_chain"], json!([]), "nothing of it is invented");
    assert_eq!(without["progress"]["executing"], Value::Null);

    let with = stats(&log, &["--dag", graph.path(), "--concurrency", "8"]);
    let progress = &with["progress"];
    assert_eq!(
        (&progress["total"], &progress["ended"], &progress["percent"]),
        (&json!(100), &json!(19), &json!(19))
    );
    assert_eq!(with["states"]["pending"], 69);
    assert_eq!((&progress["executing"], &progress["queued"]), (&json!(8), &json!(4)));
    assert!(progress["left"].as_u64().unwrap() > 0);

    let whole = Log::new(all.as_bytes());
    let whole = stats(&whole, &["--dag", graph.path()]);
    let progress = &whole["progress"];
    assert_eq!((&progress["percent"], &progress["left"]), (&json!(100), &Value::Null));
    // Each of the chain depends on the next one, and the last on nothing.
    let graph: Value = serde_json::from_str(&read_text("tests/logs/dag/etl-100.dag.json.gz")).unwrap();
    let tasks = graph["tasks"].as_array().unwrap();
    let deps = |id: &Value| &tasks.iter().find(|task| task["id"] == *id).unwrap()["deps"];
    let chain = progress["critical_chain"].as_array().unwrap();
    assert!(chain.len() > 2);
    for pair in chain.windows(2) {
        assert!(deps(&pair[0]).as_array().unwrap().contains(&pair[1]), "{pair:?}");
    }
    assert_eq!(deps(chain.last().unwrap()), &json!([]));
}

#[test]
fn a_graph_that_is_none_is_refused() {
    let log = log(&[("a", "running", 1)]);
    let refused = |graph: &str, expected: &str| {
        let graph = Log::named("dag.json", graph.as_bytes());
        let output = log.run(&["stats", "--dag", graph.path()]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("dag.json is no graph: ") && said.contains(expected), "{said}");
        assert!(said.contains(r#"{"tasks":[{"id":"load","deps":["extract"]}]}"#), "what to do next: {said}");
    };
    refused("", "");
    refused("{}", "`tasks` is missing");
    refused(r#"{"tasks":[]}"#, "it has no task");
    refused(r#"{"tasks":[{"deps":[]}]}"#, "id");
    refused(r#"{"tasks":[{"id":""}]}"#, "1 to 1024 bytes");
    let output = log.run(&["stats", "--dag", "/nowhere/dag.json"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("failed to read the graph /nowhere/dag.json"));
}

#[test]
fn what_is_for_another_engine_is_said_so() {
    let log = Log::new(&lines_of("tests/logs/cron.jsonl"));
    let output = log.run(&["check", "--concurrency", "8"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("--dag and --concurrency are for its logs alone"), "{said}");
}

#[test]
fn an_unknown_state_is_shown_by_its_word_and_counted() {
    let log = log(&[("a", "running", 1), ("a", "paused", 2), ("b", "running", 3)]);
    let stats = stats(&log, &[]);
    assert_eq!((&stats["states"]["other"], &stats["unknown_states"]["paused"]), (&json!(1), &json!(1)));
    assert_eq!(tasks(&log)[0]["state"], "paused");
    assert_eq!(log.run(&["check"]).status.code(), Some(0), "it is no fault of the log");
}

#[test]
fn nothing_of_an_earlier_record_is_left() {
    let earlier = json!({
        "attempts": 3, "created_at": START, "error": "refused", "finished_at": START + 3, "id": "a",
        "output": [1], "started_at": START + 1, "state": "exploded", "updated_at": START + 3,
    });
    let later = json!({
        "attempts": 0, "created_at": START + 50, "error": null, "finished_at": null, "id": "a", "output": null,
        "started_at": START + 51, "state": "running", "updated_at": START + 51,
    });
    let log = Log::new(format!("{earlier}\n{later}\n").as_bytes());
    let found = tasks(&log).remove(0);
    for (key, expected) in later.as_object().unwrap() {
        assert_eq!(found[key], *expected, "{key}");
    }
    assert!(text(&log.run(&["runs"])).lines().nth(1).unwrap().contains(" running "));
}

#[test]
fn a_graph_is_counted_by_names_and_a_chain_without_an_order_by_the_clock() {
    let graph = r#"{"tasks":[{"id":"a"},{"id":"b"},{"id":"c","deps":["a","b"],"priority":7}]}"#;
    let graph = Log::named("dag.json", graph.as_bytes());
    let ends = record("b", "completed", 2) + &record("a", "completed", 9);
    // Bytes that are no record may have been one, so that the order is lost.
    let log = Log::new((ends + "no record\n" + &record("c", "running", 10)).as_bytes());
    let told = stats(&log, &["--dag", graph.path(), "--concurrency", "8"]);
    assert_eq!((&told["progress"]["total"], &told["progress"]["ended"]), (&json!(3), &json!(2)));
    assert_eq!((&told["progress"]["executing"], &told["progress"]["queued"]), (&json!(1), &json!(0)));
    let printed = text(&log.run(&["runs", "--json", "--dag", graph.path()]));
    let last: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!((&last["id"], &last["priority"]), (&json!("c"), &json!(7)));
    let ended = Log::new(
        (record("b", "completed", 2)
            + &record("a", "completed", 9)
            + "no record\n"
            + &record("c", "completed", 10))
            .as_bytes(),
    );
    let told = stats(&ended, &["--dag", graph.path()]);
    assert_eq!(told["progress"]["critical_chain"], json!(["c", "a"]), "the latest end before it began");
}

#[test]
fn any_sequence_of_states_is_taken_as_it_is_saved() {
    let log = log(&[("a", "completed", 9), ("a", "retrying", 10), ("a", "pending", 11), ("a", "failed", 12)]);
    assert_eq!(tasks(&log)[0]["state"], "failed");
    assert_eq!(log.run(&["check"]).status.code(), Some(0));
}

#[test]
fn ids_may_be_long_and_hostile_and_no_longer_than_the_engine_takes() {
    let hostile = "\u{1b}]0;gone\u{7}\u{202e}\"\n../x";
    let longest = "x".repeat(1024);
    let lines = [
        record(hostile, "running", 1),
        record(&longest, "running", 2),
        record(&"y".repeat(1025), "running", 3),
    ];
    let log = Log::new(lines.concat().as_bytes());
    let found = tasks(&log);
    assert_eq!(
        found.iter().map(|task| task["id"].as_str().unwrap()).collect::<Vec<_>>(),
        [hostile, &longest]
    );
    let table = text(&log.run(&["runs"]));
    assert!(!table.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{table}");
    let check = log.run(&["check"]);
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(said.contains("an id of 1025 bytes: the engine takes 1 to 1024"), "{said}");
}

#[test]
fn a_clock_that_goes_back_changes_nothing_but_times() {
    let log = log(&[
        ("a", "running", 5000),
        ("a", "completed", 2000),
        ("b", "running", 2001),
        ("b", "completed", 9),
    ]);
    let found = tasks(&log);
    assert_eq!((&found[0]["state"], &found[1]["unblocked_by"]), (&json!("completed"), &json!("a")));
    assert_eq!(stats(&log, &[])["progress"]["executions"], 1);
}

/// A record of an execution that began `later` milliseconds after the first one.
fn again(id: &str, state: &str, later: u64, at: u64) -> String {
    let mut record: Value = serde_json::from_str(&record(id, state, later + at)).unwrap();
    record["created_at"] = json!(START + later);
    format!("{record}\n")
}

#[test]
fn another_execution_in_the_same_log_is_told_and_nothing_is_concluded_across_it() {
    let lines = [
        record("a", "running", 1),
        record("a", "completed", 2),
        again("b", "running", 10_000, 1),
        again("b", "completed", 10_000, 2),
        again("c", "running", 10_000, 3),
    ];
    let log = Log::new(lines.concat().as_bytes());
    let found = tasks(&log);
    assert_eq!(stats(&log, &[])["progress"]["executions"], 2);
    assert_eq!(found.iter().map(|task| &task["execution"]).collect::<Vec<_>>(), [1, 2, 2]);
    assert_eq!(
        found.iter().map(|task| &task["unblocked_by"]).collect::<Vec<_>>(),
        [&Value::Null, &Value::Null, &json!("b")]
    );
}

#[test]
fn two_executors_at_once_show_no_order() {
    let lines = [
        record("a", "running", 1),
        record("b", "running", 1),
        again("c", "running", 1000, 1),
        // The first one lives on.
        record("a", "completed", 1002),
        again("d", "running", 1000, 3),
    ];
    let log = Log::new(lines.concat().as_bytes());
    let found = tasks(&log);
    assert_eq!(found[3]["unblocked_by"], Value::Null, "{}", found[3]);
    assert_eq!(found[0]["state"], "completed");
}

#[test]
fn a_line_that_is_no_record_ends_the_order() {
    let lines = [record("a", "completed", 1), "torn\n".to_owned(), record("b", "running", 2)];
    let log = Log::new(lines.concat().as_bytes());
    assert_eq!(tasks(&log)[1]["unblocked_by"], Value::Null);
    let said = String::from_utf8(log.run(&["check"]).stdout).unwrap();
    assert!(said.contains(":2: unreadable"), "{said}");
}
