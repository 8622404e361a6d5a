//! Helpers of several test files: recorded logs, and the fold of one.
#![allow(dead_code, reason = "each test file uses a part of this")]
#![allow(clippy::mod_module_files, reason = "a file beside the tests would be taken for a test of its own")]

pub(crate) mod damage;
pub(crate) mod program;
pub(crate) mod wal;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use proptest::test_runner::{Config as ProptestConfig, FileFailurePersistence};
use runwatch::model::position::{Parts, Position};
use runwatch::projection;
use runwatch::source::block::Block;
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;
use runwatch::store::{Rules, Store};
use serde_json::{Value, json};

/// Logs that real engines wrote, each with what its own engine makes of it.
pub(crate) const RECORDINGS: &[(&str, &str)] = &[
    ("tests/logs/cron.jsonl", "tests/logs/cron.expected.json"),
    ("tests/logs/official-phases.jsonl", "tests/logs/official-phases.expected.json"),
    ("tests/logs/panic-heartbeats.jsonl", "tests/logs/panic-heartbeats.expected.json"),
    ("tests/logs/live-small.jsonl.gz", "tests/logs/live-small.expected.json.gz"),
    ("tests/logs/live-small-mid.jsonl", "tests/logs/live-small-mid.expected.json.gz"),
    ("tests/logs/live-medium.jsonl.gz", "tests/logs/live-medium.expected.json.gz"),
    ("tests/logs/v030-small.jsonl.gz", "tests/logs/v030-small.expected.json.gz"),
    ("tests/logs/v030-crash-recovery.jsonl", "tests/logs/v030-crash-recovery.expected.json"),
    ("tests/logs/v030-daemon-http.jsonl", "tests/logs/v030-daemon-http.expected.json"),
];

/// Hands out the whole lines of `bytes`, by blocks of about `size` bytes.
pub(crate) fn blocks(bytes: &[u8], size: usize, mut each: impl FnMut(Block)) {
    let mut lines = Lines::new(runwatch::engine::RECORDS, Limits { block: size, ..Limits::default() }, 0);
    let (mut rest, mut given) = (bytes, 0);
    while !rest.is_empty() {
        let space = lines.space();
        let n = space.len().min(rest.len());
        space[..n].copy_from_slice(&rest[..n]);
        lines.commit(n);
        rest = &rest[n..];
        if let Some(block) = lines.take(given + 1) {
            given += block.len_lines() as u64;
            each(block);
        }
    }
}

/// Returns the path of a file of the project, from any working directory.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file, unpacked if it is compressed.
pub(crate) fn read_text(path: &str) -> String {
    String::from_utf8(lines_of(path)).unwrap()
}

/// The bytes of a file, unpacked if it is compressed.
pub(crate) fn lines_of(path: &str) -> Vec<u8> {
    let bytes = std::fs::read(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    if !path.ends_with(".gz") {
        return bytes;
    }
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    unpacked
}

/// The store after every whole line of `bytes`.
pub(crate) fn fold(bytes: &[u8], rules: Rules) -> Store {
    let mut store = runwatch::engine::store(rules);
    fold_into(&mut store, bytes);
    store
}

/// Folds every whole line of `bytes` into a store that may have seen others.
pub(crate) fn fold_into(store: &mut Store, bytes: &[u8]) {
    let mut offset = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else { return };
        let place = Position::new(Parts {
            line: store.tally().lines + 1,
            offset,
            len: u32::try_from(text.len()).unwrap(),
            generation: 0,
        });
        runwatch::engine::actionqueue::fold::line(store, place, text);
        offset += line.len() as u64;
    }
}

/// Every run as `runs --json` writes it.
pub(crate) fn projected_runs(store: &Store) -> Value {
    let keys = projection::in_order(store);
    Value::Array(
        keys.into_iter().map(|key| serde_json::to_value(projection::run(store, key)).unwrap()).collect(),
    )
}

/// The parts of a run, as `runs --json` tells it, that the engine projects itself.
pub(crate) fn projected_part(run: &Value) -> Value {
    let Value::Object(run) = run else { panic!("{run} is no run") };
    let own = [
        "task",
        "tags",
        "key",
        "owner",
        "counted_attempts",
        "uncounted_attempts",
        "max_attempts",
        "priority",
        "error",
        "reason",
        "flagged",
        "joined",
    ];
    for name in own {
        assert!(run.contains_key(name), "{name}");
    }
    Value::Object(
        run.iter()
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .map(|(name, it)| (name.clone(), it.clone()))
            .collect(),
    )
}

/// Every budget as the engine's projection lists it.
pub(crate) fn projected_budgets(store: &Store) -> Value {
    let mut budgets = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for key in store.task_keys() {
        for budget in runwatch::engine::budgets(store, key) {
            let id = store.task(key).id.to_string();
            assert!(seen.insert((id.clone(), budget.dimension.name())));
            budgets.push(json!({
                "allocated_at": budget.allocated_at,
                "consumed": budget.consumed,
                "dimension": budget.dimension.name(),
                "exhausted": budget.exhausted,
                "limit": budget.limit,
                "task_id": id,
            }));
        }
    }
    budgets.sort_by_key(|budget| (budget["task_id"].to_string(), budget["dimension"].to_string()));
    Value::Array(budgets)
}

/// Configuration of a property: this many cases, unless `PROPTEST_CASES` says another number.
///
/// Seeds of failures are kept in the one folder of the house, beside those of the sources.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let seeds = FileFailurePersistence::SourceParallel("../proptest-regressions/tests");
    let config = ProptestConfig { failure_persistence: Some(Box::new(seeds)), ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases, ..config } }
}
