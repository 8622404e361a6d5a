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
