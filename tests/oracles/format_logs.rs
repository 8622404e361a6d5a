//! Logs of other engines, as their built-in tables read them, against what each engine itself reports at its end.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::common::program::{Log, text};
use crate::common::read_text;

/// A recording, with what separates the parts of its ids.
const RECORDINGS: [(&str, &str); 9] = [
    ("celery", "/"),
    ("dbt", "/"),
    ("dbt-info", "/"),
    ("go-test", "/"),
    ("go-test-count", "/"),
    ("hyperqueue", "@"),
    ("prefect", "/"),
    ("snakemake-rules", "/"),
    ("spark", "/"),
];

/// Recordings whose engines report no texts of failures at their end.
const SILENT: [&str; 3] = ["go-test", "go-test-count", "snakemake-rules"];

/// A log, its format, and the number of its runs in each state.
type CountedLog = (&'static str, &'static str, &'static [(&'static str, u64)]);

/// Number of runs in each state, in logs of which no engine's own report is there, counted by hand in the lines.
const COUNTED: [CountedLog; 8] = [
    ("dbt-build.jsonl.gz", "dbt", &[("Completed", 19), ("Failed", 1)]),
    ("openlineage-airflow.jsonl.gz", "openlineage", &[("Completed", 16)]),
    ("gotest.jsonl.gz", "gotest", &[("Completed", 44), ("Failed", 15), ("Skipped", 5)]),
    ("spark-eventlog-local.jsonl.gz", "spark", &[("Completed", 11)]),
    ("snakemake.jsonl.gz", "snakemake", &[("Completed", 9)]),
    ("nextflow-weblog.jsonl", "nextflow", &[("Running", 1), ("Completed", 1)]),
    ("prefect-flow-run.jsonl", "prefect", &[("Running", 1)]),
    ("docker-events.jsonl", "docker", &[("Completed", 1)]),
];

fn lines_of(file: &str) -> String {
    read_text(&format!("tests/logs/formats/{file}"))
}

/// Runs of a log, by id.
fn runs_of(log: &Log) -> BTreeMap<String, Map<String, Value>> {
    let printed = text(&log.run(&["runs", "--json"]));
    let run = |line: &str| {
        let run: Map<String, Value> = serde_json::from_str(line).unwrap();
        (run["run"].as_str().unwrap().to_owned(), run)
    };
    printed.lines().map(run).collect()
}

fn stats_of(log: &Log) -> Value {
    serde_json::from_str(&text(&log.run(&["stats", "--json"]))).unwrap()
}

/// Id of a run as a table composes it from the parts that the engine has.
fn id_of(run: &Value, with: &str) -> String {
    let part = |part: &Value| part.as_str().map_or_else(|| part.to_string(), str::to_owned);
    match run {
        Value::Array(parts) => parts.iter().map(part).collect::<Vec<_>>().join(with),
        one => part(one),
    }
}

#[test]
fn every_run_ends_as_its_engine_reports() {
    let mut faults = Vec::new();
    for (name, with) in RECORDINGS {
        let log = Log::new(lines_of(&format!("{name}.jsonl.gz")).as_bytes());
        let found = runs_of(&log);
        let expected: Vec<Value> = serde_json::from_str(&lines_of(&format!("{name}.expected.json"))).unwrap();
        assert!(!expected.is_empty(), "{name}");
        for expected in expected {
            // The engine knows more than it says in its log.
            if expected.get("untold").is_some() {
                continue;
            }
            let id = id_of(&expected["run"], with);
            let Some(run) = found.get(&id) else {
                faults.push(format!("{name}: {id} is not there: {expected}"));
                continue;
            };
            for key in ["state", "attempts", "error"] {
                // Snakemake and go report no texts of failures beside their log.
                let is_told = !expected[key].is_null() || (key == "error" && !SILENT.contains(&name));
                if is_told && run[key] != expected[key] {
                    faults.push(format!("{name}: {key} of {id}: {} for {}", run[key], expected[key]));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn lines_of_public_logs_count_as_by_hand() {
    for (file, format, states) in COUNTED {
        let stats = stats_of(&Log::new(lines_of(file).as_bytes()));
        let by_name =
            text(&Log::new(lines_of(file).as_bytes()).run(&["stats", "--json", "--format", format]));
        assert_eq!(stats["states"], serde_json::from_str::<Value>(&by_name).unwrap()["states"], "{file}");
        let total: u64 = states.iter().map(|(_, n)| n).sum();
        assert_eq!(stats["runs"], total, "{file}");
        for (state, n) in states {
            assert_eq!(stats["states"][state], *n, "{file}: {state}");
        }
        let n = |key: &str| stats[key].as_u64().unwrap();
        assert_eq!(n("lines"), n("matched") + n("passed_over") + n("unreadable"), "{file}");
        assert_eq!((n("unreadable"), &stats["unknown_words"]), (0, &Value::Object(Map::new())), "{file}");
    }
}
