//! Recorded state directories, as their executors left them: every task as the engine itself reports it.

use std::path::Path;

use serde_json::Value;

use crate::common::program::{runwatch, text};
use crate::common::{lines_of, read_text};

const RECORDED: [&str; 3] = ["etl-100", "cancelled-500", "crash-resume-500"];

/// Unpacks a recorded directory.
fn unpack(name: &str, into: &Path) -> String {
    let archive = lines_of(&format!("tests/logs/dag/{name}.statedir.tar.gz"));
    tar::Archive::new(archive.as_slice()).unpack(into).unwrap();
    into.join(name).to_str().unwrap().to_owned()
}

#[test]
fn every_task_is_as_the_engine_reports_it() {
    let dir = tempfile::tempdir().unwrap();
    for name in RECORDED {
        let path = unpack(name, dir.path());
        let report: Value =
            serde_json::from_str(&read_text(&format!("tests/logs/dag/{name}.expected.json.gz"))).unwrap();
        let expected = report["tasks"].as_array().unwrap();
        let printed = text(&runwatch(&["runs", "--json", &path]).output().unwrap());
        let found: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(found.len(), expected.len(), "{name}");
        for task in expected {
            let task = task.as_object().unwrap();
            let run = found.iter().find(|run| run["id"] == task["id"]).unwrap();
            for (key, value) in task {
                assert_eq!(&run[key], value, "{name}: {key} of {}", task["id"]);
            }
        }
        let checked = text(&runwatch(&["check", &path]).output().unwrap());
        assert!(checked.contains("no problems"), "{checked}");
    }
}

#[test]
fn a_directory_is_drawn_and_asked_for_an_instant_as_a_file_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = unpack("etl-100", dir.path());
    let picture = text(&runwatch(&["screenshot", "--keys", "Enter", "-o", "-", &path]).output().unwrap());
    assert!(picture.contains("dead_lettered") && !picture.contains("failed to read the line"));
    let into = format!("{path}/picture.svg");
    let refused = runwatch(&["screenshot", "-o", &into, &path]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "a directory is never written to");
    let early = runwatch(&["runs", "--json", "--at", "line:50", &path]).output().unwrap();
    assert_eq!(early.status.code(), Some(0));
    let said = String::from_utf8(early.stderr).unwrap();
    assert_eq!(
        said,
        "runwatch: line 50 was not watched: of what was before, only the last record of each task is known\n"
    );
    let stats = text(&runwatch(&["stats", "--json", "--at", "end", &path]).output().unwrap());
    let stats: Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["states"]["completed"], 95);
}
