//! The producers and pipes of the page about one's own queue, run for real.

use std::fs;
use std::io::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::common::program::{Log, text};

const PAGE: &str = "docs/your-own-queue.md";

/// The only block of code behind a mark of the page.
fn code(mark: &str) -> String {
    let page = fs::read_to_string(crate::common::file(PAGE)).unwrap();
    let (_, rest) = page.split_once(&format!("<!-- {mark} -->\n")).unwrap_or_else(|| panic!("no {mark}"));
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("\n```").unwrap().0.to_owned() + "\n"
}

/// True where a program is there. A test that needs one that is not says so loudly.
fn is_there(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok();
    if !is_there {
        // Not by a macro: what those print is hidden for a test that passes.
        let _ =
            writeln!(std::io::stderr(), "SKIPPED: {program} is not installed, so its producer was not run");
    }
    is_there
}

/// Runs of the log that a producer writes.
fn written_by(program: &str, args: &[&str], file: &str, source: &str) -> Vec<Value> {
    let dir = tempfile::tempdir().unwrap();
    let (script, log) = (dir.path().join(file), dir.path().join("log.jsonl"));
    fs::write(&script, source).unwrap();
    let run = Command::new(program).args(args).arg(&script).env("RUNS_LOG", &log).output().unwrap();
    assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    let log = Log::new(&fs::read(&log).unwrap());
    assert_eq!(text(&log.run(&["check"])).lines().count(), 1, "{program}");
    text(&log.run(&["runs", "--json"])).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_lines_that_are_shown_are_one_run_of_two_attempts() {
    let log = Log::new(code("plain log").as_bytes());
    let run: Value = serde_json::from_str(&text(&log.run(&["runs", "--json"]))).unwrap();
    let told = (&run["run"], &run["state"], &run["word"], &run["attempts"], &run["worker"], &run["error"]);
    let expected =
        [Value::from("job-17"), "Completed".into(), "done".into(), 2.into(), "w2".into(), Value::Null];
    assert_eq!(told, (&expected[0], &expected[1], &expected[2], &expected[3], &expected[4], &expected[5]));
}

#[test]
fn every_producer_writes_a_log_that_is_read() {
    for (mark, program, args, file, state) in [
        ("producer sh", "sh", &[][..], "run.sh", "Completed"),
        ("producer python", "python3", &[], "run.py", "Failed"),
        ("producer typescript", "node", &[], "run.mjs", "Completed"),
        ("producer go", "go", &["run"], "run.go", "Completed"),
    ] {
        // A shell has no version to tell.
        if program != "sh" && !is_there(program) {
            continue;
        }
        let runs = written_by(program, args, file, &code(mark));
        assert_eq!(runs.len(), 1, "{mark}");
        assert_eq!(runs[0]["state"], state, "{mark}");
        assert!(runs[0]["time"].as_u64().is_some_and(|at| at > 1_700_000_000_000), "{mark}: {}", runs[0]);
        assert!(runs[0]["task"].is_string(), "{mark}");
    }
}

#[test]
fn every_pipe_makes_a_log_that_is_read() {
    if !is_there("jq") {
        return;
    }
    let samples = [
        r#"{"jobs":[{"job_id":9,"name":"align","state":{"current":["COMPLETED"]},"time":{"end":1795269789},"nodes":"n1"}]}"#,
        r#"{"events":[{"id":1,"type":"ExecutionStarted"},{"id":5,"type":"TaskStateEntered","timestamp":"2026-11-21T14:03:09Z","stateEnteredEventDetails":{"name":"Charge"}}]}"#,
        r#"{"type":"MODIFIED","object":{"metadata":{"uid":"u1","name":"nightly","creationTimestamp":"2026-11-21T14:03:09Z"},"status":{"conditions":[{"type":"Complete","status":"True"}]}}}"#,
    ];
    let pipes: Vec<String> =
        code("pipes").lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(pipes.len(), samples.len());
    for ((pipe, sample), expected) in pipes.iter().zip(samples).zip([
        ("9", "Completed", "align"),
        ("Charge", "Running", ""),
        ("u1", "Completed", "nightly"),
    ]) {
        let (_, program) = pipe.split_once(" '").unwrap();
        let (program, rest) = program.rsplit_once("' ").unwrap();
        assert_eq!(rest, "| runwatch -");
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("input.json");
        fs::write(&input, sample).unwrap();
        let output = Command::new("jq").args(["-c", program]).arg(&input).output().unwrap();
        assert!(output.status.success(), "{pipe}: {}", String::from_utf8_lossy(&output.stderr));
        let log = Log::new(&output.stdout);
        let run: Value = serde_json::from_str(&text(&log.run(&["runs", "--json"]))).unwrap();
        let (id, state, task) = expected;
        assert_eq!((&run["run"], &run["state"]), (&Value::from(id), &Value::from(state)), "{pipe}");
        assert_eq!(run["task"].as_str().unwrap_or_default(), task, "{pipe}");
    }
}
