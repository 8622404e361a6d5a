//! Runs that take more than the memory that is allowed: a notice, told once.

use std::fs::{self, File};
use std::process::Command;

use serde_json::Value;

use super::program::events;

#[test]
fn live_runs_that_take_more_than_the_memory_are_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log.jsonl");
    fs::write(&log, events(1..20_001)).unwrap();
    for (memory, expected) in [("1MiB", 1), ("1GiB", 0)] {
        let output = Command::new(env!("CARGO_BIN_EXE_runwatch"))
            .args(["follow", "-", "--json", "--every", "0.05", "--memory", memory])
            .stdin(File::open(&log).unwrap())
            .output()
            .unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let notices: Vec<Value> =
            lines.flat_map(|line| line["notices"].as_array().unwrap().clone()).collect();
        let told: Vec<&Value> = notices.iter().filter(|it| it["kind"] == "memory").collect();
        assert_eq!(told.len(), expected, "{memory}: {notices:?}");
        let words = "runs that have not ended take more than --memory: they are kept all the same";
        assert!(told.iter().all(|it| it["text"] == words && it["warning"] == true), "{told:?}");
    }
}
