//! Logs that tables describe: what holds for every table and every log, and the rules of statements.

use std::collections::BTreeMap;

use proptest::prelude::*;
use runwatch::engine::batch::Decoder;
use runwatch::engine::mapped::table::MappedTable;
use runwatch::engine::mapped::{Format, catalog};
use runwatch::engine::{self, Given, fold};
use runwatch::projection;
use runwatch::store::{Rules, Store};
use serde_json::{Value, json};

use crate::common::program::{Log, text};
use crate::common::{blocks, cases, lines_of};

/// Logs that real engines wrote, by their format.
const LOGS: [(&str, &str); 18] = [
    ("celery.jsonl.gz", "celery"),
    ("dbt-build.jsonl.gz", "dbt"),
    ("dbt-info.jsonl.gz", "dbt"),
    ("dbt.jsonl.gz", "dbt"),
    ("docker-events.jsonl", "docker"),
    ("github-workflow-job.jsonl.gz", "github-actions"),
    ("go-test-count.jsonl.gz", "gotest"),
    ("go-test.jsonl.gz", "gotest"),
    ("gotest-nonjson.jsonl", "gotest"),
    ("gotest.jsonl.gz", "gotest"),
    ("hyperqueue.jsonl.gz", "hyperqueue"),
    ("nextflow-weblog.jsonl", "nextflow"),
    ("openlineage-airflow.jsonl.gz", "openlineage"),
    ("prefect.jsonl.gz", "prefect"),
    ("snakemake-rules.jsonl.gz", "snakemake"),
    ("snakemake.jsonl.gz", "snakemake"),
    ("spark-eventlog-local.jsonl.gz", "spark"),
    ("spark.jsonl.gz", "spark"),
];

/// A store of these bytes, read as a log of a format that was named.
fn folded(format: &str, bytes: &[u8]) -> Store {
    folded_by(Format::of(catalog::named(format).unwrap()), bytes)
}

pub(crate) fn folded_by(format: Format, bytes: &[u8]) -> Store {
    let given = Given::Format(format);
    let mut store = engine::store_given(Rules::Lenient, &given);
    let mut decoder = Decoder::given(&given);
    blocks(bytes, 16 << 10, |block| fold::batch(&mut store, &decoder.decode(block)));
    store
}

/// Every run, as reports print it.
pub(crate) fn runs(store: &Store) -> BTreeMap<String, Value> {
    let run = |key| {
        let run = serde_json::to_value(projection::whole(store, key)).unwrap();
        (run["run"].as_str().unwrap().to_owned(), run)
    };
    store.keys().map(run).collect()
}

/// The same without what counts how often something was told.
fn ends(store: &Store) -> BTreeMap<String, (Value, Value, Value)> {
    runs(store)
        .into_iter()
        .map(|(id, run)| (id, (run["state"].clone(), run["error"].clone(), run["attempts"].clone())))
        .collect()
}

fn told(store: &Store) -> (u64, u64, u64) {
    let told = engine::lines_told(store).unwrap();
    (told.matched, told.passed_over, store.tally().unreadable)
}

#[test]
fn every_format_has_a_log_here_or_says_why() {
    let without = ["plain", "sidekiq", "laravel", "oban", "nomad"];
    for table in catalog::built_in() {
        let has_log = LOGS.iter().any(|(_, format)| *format == table.name);
        assert!(has_log != without.contains(&table.name.as_str()), "{}", table.name);
    }
}

#[test]
fn a_line_that_is_told_twice_changes_nothing_but_counts() {
    for (log, format) in LOGS {
        let bytes = lines_of(&format!("tests/logs/formats/{log}"));
        let twice: Vec<u8> = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .flat_map(|line| [line, line])
            .flatten()
            .copied()
            .collect();
        let (once, twice) = (folded(format, &bytes), folded(format, &twice));
        assert_eq!(runs(&once), runs(&twice), "{log}");
        let (matched, passed_over, unreadable) = told(&once);
        assert_eq!(told(&twice), (2 * matched, 2 * passed_over, 2 * unreadable), "{log}");
    }
}

#[test]
fn a_log_without_its_first_line_has_the_same_ends() {
    for (log, format) in LOGS {
        let carries = catalog::named(format).unwrap().rules.iter().any(|rule| !rule.carry.is_empty());
        if carries {
            continue;
        }
        let bytes = lines_of(&format!("tests/logs/formats/{log}"));
        let first = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let (whole, mut cut) = (ends(&folded(format, &bytes)), ends(&folded(format, &bytes[first..])));
        // A run that the first line alone tells of is not known without it.
        let only = runs(&folded(format, &bytes[..first]));
        for (id, end) in &whole {
            if only.contains_key(id) && !cut.contains_key(id) {
                cut.insert(id.clone(), end.clone());
            }
        }
        assert_eq!(cut, whole, "{log}");
    }
}

#[test]
fn a_word_that_is_not_known_changes_no_state_and_is_counted() {
    let line = |state: &str| format!("{{\"run\":\"a\",\"state\":\"{state}\",\"time\":1,\"task\":\"x\"}}\n");
    let before = folded("plain", line("running").as_bytes());
    let after = folded("plain", (line("running") + &line("frobnicated") + &line("frobnicated")).as_bytes());
    assert_eq!(runs(&before), runs(&after));
    assert_eq!(engine::unknown_states(&after), BTreeMap::from([("frobnicated".to_owned(), 2)]));
    assert_eq!(runs(&folded("plain", line("frobnicated").as_bytes())), BTreeMap::new());
}

/// A table of one rule for the records of dag-executor.
const DAG: &str = r#"
name = "dag"
late = "reopen"
attempts = "none"
detect = [{ "/updated_at" = { exists = true } }]
[words.state]
pending = "Scheduled"
ready = "Ready"
running = "Running"
completed = "Completed"
failed = "Failed"
retrying = "RetryWait"
cancelled = "Canceled"
skipped = "Skipped"
dead_lettered = "Failed"
[[rule]]
when = { "/id" = { exists = true }, "/updated_at" = { exists = true } }
id = "/id"
state = { at = "/state", words = "state" }
time = { at = "/updated_at", unit = "ms" }
attempt = "/attempts"
error = "/error"
"#;

#[test]
fn a_table_of_one_rule_agrees_with_the_engine_of_its_own() {
    let table: &'static MappedTable = Box::leak(Box::new(MappedTable::parse(DAG).unwrap()));
    for log in ["etl-100", "breaker-500", "cancelled-500", "crash-resume-500"] {
        let bytes = lines_of(&format!("tests/logs/dag/{log}.jsonl.gz"));
        let mapped = runs(&folded_by(Format::of(table), &bytes));
        let report = lines_of(&format!("tests/logs/dag/{log}.expected.json.gz"));
        let report: Value = serde_json::from_slice(&report).unwrap();
        let tasks = report["tasks"].as_array().unwrap();
        assert_eq!(mapped.len(), tasks.len(), "{log}");
        for task in tasks {
            let run = &mapped[task["id"].as_str().unwrap()];
            assert_eq!((&run["word"], &run["error"]), (&task["state"], &task["error"]), "{log}: {task}");
            assert_eq!(
                (&run["attempts"], &run["time"]),
                (&task["attempts"], &task["updated_at"]),
                "{log}: {task}"
            );
        }
    }
}

/// Statements, and the state, the attempts and the error of the run after them.
#[test]
fn statements_are_folded_by_their_rules() {
    let line = |state: &str, more: Value| {
        let mut line = json!({"run": "a", "state": state});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    let plain = |state: &str| line(state, json!({}));
    let at = |state: &str, attempt: u32| line(state, json!({"attempt": attempt}));
    for (lines, state, attempts, error, reopened) in [
        (vec![plain("done")], "Completed", 1, Value::Null, 0),
        (vec![plain("canceled")], "Canceled", 0, Value::Null, 0),
        (
            vec![plain("running"), plain("running"), plain("done"), plain("done")],
            "Completed",
            1,
            Value::Null,
            0,
        ),
        (
            vec![plain("running"), plain("paused"), plain("running"), plain("done")],
            "Completed",
            1,
            Value::Null,
            0,
        ),
        (vec![plain("running"), plain("queued"), plain("running")], "Running", 2, Value::Null, 0),
        (
            vec![plain("running"), line("retrying", json!({"error": "e1"})), plain("running")],
            "Running",
            2,
            json!("e1"),
            0,
        ),
        (
            vec![plain("running"), line("failed", json!({"error": "e1"})), plain("done")],
            "Completed",
            1,
            Value::Null,
            1,
        ),
        (vec![at("running", 1), at("running", 2), at("done", 2)], "Completed", 2, Value::Null, 0),
        (vec![at("running", 4)], "Running", 4, Value::Null, 0),
        // A higher attempt is a retry, and no run that goes on after its end.
        (vec![at("running", 1), at("failed", 1), at("running", 2)], "Running", 2, Value::Null, 0),
        (vec![at("running", 1), at("failed", 1), at("running", 1)], "Running", 2, Value::Null, 1),
        // Of two attempts at once, the first success is the run's, and a late failure of the earlier one is none.
        (vec![at("running", 1), at("running", 2), at("failed", 1)], "Running", 2, Value::Null, 0),
        (vec![at("running", 1), at("running", 2), at("done", 1)], "Completed", 2, Value::Null, 0),
        (
            vec![line("failed", json!({"error": "e"})), line("failed", json!({"error": null}))],
            "Failed",
            1,
            Value::Null,
            0,
        ),
    ] {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let runs = runs(&folded("plain", text.as_bytes()));
        let run = &runs["a"];
        assert_eq!(run["state"], state, "{text}");
        assert_eq!((&run["attempts"], &run["error"]), (&json!(attempts), &error), "{text}");
        // A run that goes from one end to another has not gone on.
        let expected = if text.contains("done") && text.contains("failed") {
            run["reopened"].clone()
        } else {
            json!(reopened)
        };
        assert_eq!(run["reopened"], expected, "{text}");
    }
}

#[test]
fn an_absent_field_leaves_and_null_clears() {
    let log = concat!(
        r#"{"run":1,"state":"queued","task":"t","worker":"w","queue":"q","tags":["x","y"],"key":"k","priority":7,"max_attempts":3,"due":1795269789,"created":1795269700123,"parent":"p","output":{"a":1},"reason":"r","lease_until":"2026-11-21T14:05:00Z"}"#,
        "\n",
        r#"{"run":1,"state":"running","time":1795269789.5}"#,
        "\n"
    );
    let run = runs(&folded("plain", log.as_bytes())).remove("1").unwrap();
    let told = json!({"task": "t", "worker": "w", "queue": "q", "tags": ["x", "y"], "key": "k", "priority": 7,
        "max_attempts": 3, "due": 1_795_269_789_000_u64, "created": 1_795_269_700_123_u64, "parent": "p",
        "output": {"a": 1}, "reason": "r", "lease_until": 1_795_269_900_000_u64, "time": 1_795_269_789_500_u64,
        "started": 1_795_269_789_500_u64, "ended": null, "word": "running"});
    for (key, value) in told.as_object().unwrap() {
        assert_eq!(&run[key], value, "{key}");
    }
    let cleared = log.to_owned()
        + r#"{"run":"1","state":"running","task":null,"worker":null,"queue":null,"tags":null,"key":null,"priority":null,"max_attempts":null,"output":null,"reason":null,"lease_until":null}"#
        + "\n";
    let run = runs(&folded("plain", cleared.as_bytes())).remove("1").unwrap();
    for key in
        ["task", "worker", "queue", "key", "priority", "max_attempts", "output", "reason", "lease_until"]
    {
        assert_eq!(run[key], Value::Null, "{key}");
    }
    assert_eq!(run["tags"], json!([]));
}

#[test]
fn runs_are_found_by_what_they_belong_to() {
    let log = concat!(
        r#"{"run":"a","state":"running","parent":"batch-7","queue":"mail"}"#,
        "\n",
        r#"{"run":"b","state":"running","parent":"batch-70","queue":"Mail"}"#,
        "\n",
        r#"{"run":"c","state":"running","parent":"batch-7"}"#,
        "\n",
        r#"{"run":"batch-7","state":"running","priority":0}"#,
        "\n",
    );
    let log = Log::new(log.as_bytes());
    for (query, expected) in [
        ("parent:batch-7", &["a", "c"][..]),
        ("parent:batch-7*", &["a", "b", "c"]),
        ("parent!=batch-7", &["b"]),
        ("-parent:*", &["batch-7"]),
        ("queue:mail", &["a", "b"]),
        ("queue=Mail", &["b"]),
        ("-queue:*", &["batch-7", "c"]),
        ("priority:0", &["batch-7"]),
    ] {
        let found = text(&log.run(&["runs", "--json", "--query", query]));
        let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<&str> = found.iter().map(|run| run["run"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    }
}

/// Lines of one run, and its priority after them. 0 is told, and nothing is not 0.
#[test]
fn a_priority_is_the_one_that_is_told() {
    for (lines, told) in [
        (&[""][..], None),
        (&[r#","priority":0"#], Some(0)),
        (&[r#","priority":-3"#, ""], Some(-3)),
        (&[r#","priority":7"#, r#","priority":0"#], Some(0)),
        (&[r#","priority":7"#, r#","priority":null"#], None),
        (&[r#","priority":7"#, r#","priority":"high""#], Some(7)),
    ] {
        let log: String =
            lines.iter().map(|more| format!("{{\"run\":1,\"state\":\"ok\"{more}}}\n")).collect();
        let store = folded("plain", log.as_bytes());
        let run = runs(&store).remove("1").unwrap();
        assert_eq!(run["priority"], json!(told), "{log}");
        assert_eq!(engine::priority(&store, store.keys().next().unwrap()), told, "{log}");
    }
}

#[test]
fn a_parent_that_only_its_children_name_is_no_run_and_one_that_ends_leaves_them_open() {
    let line = |run: &str, kind: &str| {
        json!({"eventTime": "2026-11-21T14:00:00Z", "eventType": kind, "job": {"namespace": "n", "name": run},
            "run": {"runId": run, "facets": if run == "p" { json!({}) } else { json!({"parent": {"run": {"runId": "p"}}}) }}})
    };
    let text = |lines: &[Value]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let children = [line("a", "START"), line("b", "START"), line("b", "COMPLETE")];
    assert_eq!(runs(&folded("openlineage", text(&children).as_bytes())).len(), 2);
    let mut all = children.to_vec();
    all.extend([line("p", "START"), line("p", "COMPLETE")]);
    let states = |lines: &[Value]| -> Vec<String> {
        let runs = runs(&folded("openlineage", text(lines).as_bytes()));
        runs.values().map(|run| run["state"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(states(&all), ["LeftOpen", "Completed", "Completed"]);
    // A later word of a child holds.
    all.push(line("a", "FAIL"));
    assert_eq!(states(&all), ["Failed", "Completed", "Completed"]);
}

#[test]
fn an_event_that_was_told_before_is_not_taken_again() {
    let table = "name = \"once\"\ndedup = \"/id\"\n[[rule]]\nid = \"/run\"\nstate = \"/state\"\n";
    let table: &'static MappedTable = Box::leak(Box::new(MappedTable::parse(table).unwrap()));
    let line = |id: u8, state: &str| format!("{}\n", json!({"id": id, "run": "a", "state": state}));
    let lines = line(1, "running") + &line(2, "done") + &line(1, "running");
    let store = folded_by(Format::of(table), lines.as_bytes());
    let run = &runs(&store)["a"];
    assert_eq!((&run["state"], &run["reopened"]), (&"Completed".into(), &0.into()));
    assert_eq!(engine::lines_told(&store).unwrap().repeated, 1);
}

#[test]
fn hostile_ids_are_refused_or_shown_whole() {
    let long = "x".repeat(200);
    let log = format!(
        "{}\n{}\n{}\n{}\n",
        json!({"run": long, "state": "running"}),
        json!({"run": format!("{long}x"), "state": "running"}),
        json!({"run": "", "state": "running"}),
        json!({"run": "\u{1b}[2J", "state": "running"})
    );
    let store = folded("plain", log.as_bytes());
    let found = runs(&store);
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), ["\u{1b}[2J", &long]);
    assert_eq!(store.problems().total(), 1);
}

proptest! {
    #![proptest_config(cases(200))]

    /// Of any lines, no run is lost and every state is one of the table.
    #[test]
    fn any_statements_fold_the_same_in_any_pieces(lines in prop::collection::vec(any_line(), 0..60)) {
        let text: String = lines.concat();
        let store = folded("plain", text.as_bytes());
        let (matched, passed_over, unreadable) = told(&store);
        prop_assert_eq!(matched + passed_over + unreadable + blanks(&text), store.tally().lines);
        let doubled: String = lines.iter().flat_map(|line| [line.as_str(), line.as_str()]).collect();
        prop_assert_eq!(runs(&store), runs(&folded("plain", doubled.as_bytes())));
    }
}

fn blanks(text: &str) -> u64 {
    text.lines().filter(|line| line.trim().is_empty()).count() as u64
}

fn any_line() -> impl Strategy<Value = String> {
    let state = prop::sample::select(vec![
        "queued", "RUNNING", "done", "failed", "retrying", "canceled", "paused", "skipped", "what", "leased",
    ]);
    let told = (0..4_u8, state, prop::option::of(0..3_u32), prop::option::of(0..9_u32), any::<bool>())
        .prop_map(|(run, state, attempt, time, has_error)| {
            let mut line = json!({"run": run, "state": state});
            let line = line.as_object_mut().unwrap();
            attempt.into_iter().for_each(|attempt| drop(line.insert("attempt".to_owned(), json!(attempt))));
            let time = time.map(|time| 1_795_269_789 + time);
            time.into_iter().for_each(|time| drop(line.insert("time".to_owned(), json!(time))));
            if has_error {
                line.insert("error".to_owned(), json!("e"));
            }
            format!("{}\n", Value::from(line.clone()))
        });
    let odd = prop::sample::select(
        &["\n", "{}\n", "{\"run\":null,\"state\":\"done\"}\n", "no json\n", "[1]\n"][..],
    );
    prop_oneof![8 => told, 1 => odd.prop_map(str::to_owned)]
}
