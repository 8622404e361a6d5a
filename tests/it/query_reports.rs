//! The reports of what a query finds, by the real program on a recorded log.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common::file;
use crate::common::program::{runwatch, text};

/// Returns the output of a report of the recorded log.
fn report(args: &[&str]) -> String {
    let log = file("assets/orders.jsonl");
    let args: Vec<&str> = args.iter().copied().chain([log.to_str().unwrap()]).collect();
    text(&runwatch(&args).output().unwrap())
}

fn runs(args: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = ["runs", "--json"].iter().chain(args).copied().collect();
    report(&args).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stats(args: &[&str]) -> Value {
    let args: Vec<&str> = ["stats", "--json"].iter().chain(args).copied().collect();
    serde_json::from_str(&report(&args)).unwrap()
}

/// Judge of a run, by its projection.
type Judge = fn(&Value) -> bool;

const QUERIES: [(&str, Judge); 7] = [
    ("", |_| true),
    ("state:completed", |run| run["state"] == "Completed"),
    ("-state:completed -ended", |run| run["lease"].is_object() || !is_ended(run)),
    ("owner:*", |run| run["lease"].is_object()),
    ("error~. attempts>1", |run| has_error(run) && n_counted(run) > 1),
    ("state:failed or state:canceled", |run| {
        ["Failed", "Canceled"].iter().any(|state| run["state"] == *state)
    }),
    ("priority>1000", |_| false),
];

fn is_ended(run: &Value) -> bool {
    ["Completed", "Failed", "Canceled"].iter().any(|state| run["state"] == *state)
}

/// Attempts that count against the cap.
fn n_counted(run: &Value) -> usize {
    run["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|attempt| attempt["result"] != "Suspended" && attempt["result"] != "Awaiting")
        .count()
}

fn has_error(run: &Value) -> bool {
    run["attempts"].as_array().unwrap().iter().any(|attempt| attempt["error"].is_string())
}

#[test]
fn only_runs_that_a_query_finds_are_listed_and_counted() {
    for at in [&[][..], &["--at", "#430"]] {
        let all = runs(at);
        let whole = stats(at);
        for (query, judge) in QUERIES {
            let with: Vec<&str> = at.iter().copied().chain(["--query", query]).collect();
            let expected: Vec<&Value> = all.iter().filter(|run| judge(run)).collect();
            let found = runs(&with);
            assert!(
                found.iter().eq(expected.iter().copied()),
                "{query}: {} of {}",
                found.len(),
                expected.len()
            );

            let stats = stats(&with);
            assert_eq!((&stats["query"], &stats["time_in_state"]), (&query.into(), &Value::Null));
            assert_eq!(stats["runs"], expected.len(), "{query}");
            let mut states: BTreeMap<&str, u64> = BTreeMap::new();
            expected.iter().for_each(|run| *states.entry(run["state"].as_str().unwrap()).or_default() += 1);
            for (state, count) in stats["states"].as_object().unwrap() {
                assert_eq!(*count, states.get(state.as_str()).copied().unwrap_or(0), "{query}: {state}");
            }
            let attempts: Vec<&Value> =
                expected.iter().flat_map(|run| run["attempts"].as_array().unwrap()).collect();
            let ended = |result: &str| attempts.iter().filter(|attempt| attempt["result"] == result).count();
            assert_eq!(stats["attempts"]["total"], attempts.len(), "{query}");
            assert_eq!(stats["attempts"]["by_result"]["Success"], ended("Success"), "{query}");
            assert_eq!(stats["attempts"]["by_result"]["Failure"], ended("Failure"), "{query}");
            // Of the log, for every query.
            for name in
                ["lines", "applied", "rejected", "unreadable", "ignored", "latest_sequence", "problems"]
            {
                assert_eq!(stats[name], whole[name], "{query}: {name}");
            }
        }
        assert_eq!(whole.get("query"), None);
    }
}

#[test]
fn a_table_says_what_it_counts() {
    let table = report(&["stats", "--query", "state:completed"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[1], "query              state:completed");
    assert_eq!(
        lines[2].trim(),
        "runs, tasks and attempts are of what it finds, lines and problems of the log"
    );
    let all = report(&["stats"]);
    let row = |table: &str, name: &str| {
        table
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert_eq!(row(&table, "lines"), row(&all, "lines"));
    assert_eq!(row(&table, "runs"), row(&all, "  Completed"));
    assert_eq!(report(&["runs", "--query", "state:completed"]).lines().count().to_string(), {
        let n: usize = row(&table, "runs").parse().unwrap();
        (n + 1).to_string()
    });
}

#[test]
fn a_wrong_query_is_shown_with_the_place_the_reason_and_a_suggestion() {
    let log = file("assets/orders.jsonl");
    for command in ["runs", "stats"] {
        for (query, expected) in [
            (
                "state:running stat:x",
                "runwatch: failed to understand the query: there is no field `stat`\n  state:running stat:x\n                \
                 ^^^^\n  did you mean `state`?\n",
            ),
            (
                "live state:runing",
                "runwatch: failed to understand the query: there is no state `runing`\n  live state:runing\n             \
                 ^^^^^^\n  did you mean `Running`?\n",
            ),
            (
                "-error~(a",
                "runwatch: failed to understand the query: this regular expression is wrong: unclosed group\n  -error~(a\n  \
                 \u{20}      ^^\n  put it in quotes where it holds spaces or parentheses\n",
            ),
        ] {
            let output = runwatch(&[command, "--query", query, log.to_str().unwrap()]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        }
    }
    // It is told before the log is read.
    let output = runwatch(&["runs", "--query", "(", "/nowhere"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("not closed"));
}
