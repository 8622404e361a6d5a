//! Recorded logs of dag-executor against the engine's own report, and what the order of saves shows against the graph.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::common::program::{Log, text};
use crate::common::read_text;

/// A recorded log: its lines, the engine's report, and the graph.
struct Recording {
    lines: String,
    report: Value,
    graph: Graph,
}

/// The tasks that each task depends on.
type Graph = HashMap<String, Vec<String>>;

fn recording(name: &str) -> Recording {
    let folder = "tests/logs/dag";
    let is_kit = name.starts_with("kit");
    let lines = read_text(&format!("{folder}/{name}{}.jsonl.gz", if is_kit { ".kit" } else { "" }));
    let report = serde_json::from_str(&read_text(&format!("{folder}/{name}.expected.json.gz"))).unwrap();
    let header: Value = if is_kit {
        serde_json::from_str(lines.lines().next().unwrap()).unwrap()
    } else {
        serde_json::from_str(&read_text(&format!("{folder}/{name}.dag.json.gz"))).unwrap()
    };
    let words = |it: &Value| it.as_array().unwrap().iter().map(word).collect();
    let tasks = header["tasks"].as_array().unwrap();
    let graph = tasks.iter().map(|task| (word(&task["id"]), words(&task["deps"]))).collect();
    Recording { lines, report, graph }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn tasks_of(log: &Log) -> Vec<Map<String, Value>> {
    let lines = text(&log.run(&["runs", "--json"]));
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const NAMES: [&str; 5] = ["etl-100", "breaker-500", "cancelled-500", "crash-resume-500", "kit-500"];

#[test]
fn every_task_ends_as_the_engine_reports() {
    for name in NAMES {
        let recording = recording(name);
        let log = Log::new(recording.lines.as_bytes());
        let expected = recording.report["tasks"].as_array().unwrap();
        let found = tasks_of(&log);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (task, expected) in found.iter().zip(expected) {
            for (key, value) in expected.as_object().unwrap() {
                assert_eq!(task.get(key), Some(value), "{name}: {key} of {}", expected["id"]);
            }
        }
    }
}

#[test]
fn the_counts_are_those_of_the_engine() {
    for name in NAMES {
        let recording = recording(name);
        let log = Log::new(recording.lines.as_bytes());
        let stats: Value = serde_json::from_str(&text(&log.run(&["stats", "--json"]))).unwrap();
        let found = stats["states"].as_object().unwrap().iter().filter(|(_, count)| **count != 0);
        let found: BTreeMap<&str, u64> =
            found.map(|(state, count)| (state.as_str(), count.as_u64().unwrap())).collect();
        let expected = recording.report["counts"].as_object().unwrap().iter();
        let expected = expected.map(|(state, count)| (state.as_str(), count.as_u64().unwrap())).collect();
        assert_eq!(found, expected, "{name}");
        let check = log.run(&["check"]);
        assert_eq!(check.status.code(), Some(0), "{name}: {check:?}");
    }
}

/// The line of the last save of each task that ended, and of its last dispatch. One execution has one of each.
fn saves(lines: &str) -> (HashMap<String, usize>, HashMap<String, usize>, HashMap<String, String>) {
    let (mut dispatches, mut ends, mut states) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (number, line) in lines.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        let Some(state) = line.get("state").and_then(Value::as_str) else { continue };
        let id = word(&line["id"]);
        let place = if state == "running" { &mut dispatches } else { &mut ends };
        place.insert(id.clone(), number);
        states.insert(id, state.to_owned());
    }
    (dispatches, ends, states)
}

/// All that a task depends on, through others too.
fn ancestors<'a>(graph: &'a Graph, task: &str) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    let mut open: Vec<&str> = graph[task].iter().map(String::as_str).collect();
    while let Some(task) = open.pop() {
        if found.insert(task) {
            open.extend(graph[task].iter().map(String::as_str));
        }
    }
    found
}

#[test]
fn what_the_order_of_saves_shows_is_what_the_graph_proves() {
    // Every skipped task has its cause, and every task that was dispatched with dependencies has its unblocker. After a
    // crash, a task whose dependencies had ended before has none.
    for (name, expected) in [
        ("etl-100", (3, 87)),
        ("breaker-500", (211, 260)),
        ("cancelled-500", (176, 295)),
        ("kit-500", (163, 308)),
        ("crash-resume-500", (26, 242)),
    ] {
        let recording = recording(name);
        let (dispatches, ends, states) = saves(&recording.lines);
        let graph = &recording.graph;
        let (mut n_roots, mut n_unblockers) = (0, 0);
        for task in tasks_of(&Log::new(recording.lines.as_bytes())) {
            let id = word(&task["id"]);
            if let Some(root) = task["root_cause"].as_str() {
                // The engine skips all that hangs on a failure at once, so the earliest one is the cause.
                let failed = ancestors(graph, &id).into_iter().filter(|task| {
                    matches!(states.get(*task).map(String::as_str), Some("dead_lettered" | "cancelled"))
                });
                let first = failed.min_by_key(|task| ends[*task]).unwrap();
                assert_eq!(root, first, "{name}: root cause of {id}");
                n_roots += 1;
            }
            if let Some(unblocker) = task["unblocked_by"].as_str() {
                let last = graph[&id].iter().max_by_key(|task| ends[*task]).unwrap();
                assert_eq!(unblocker, last, "{name}: unblocker of {id}");
                assert!(ends[unblocker] < dispatches[&id], "{name}: {id}");
                n_unblockers += 1;
            }
        }
        assert_eq!((n_roots, n_unblockers), expected, "{name}");
    }
}
