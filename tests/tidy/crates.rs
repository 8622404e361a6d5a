//! The crates of the tests, and what lies beside them: seeds of failures in one folder, snapshots beside their crate.

use crate::house::{check, files};

/// Upper bound of integration crates: linking one takes longer than most tests run.
const MOST_CRATES: usize = 5;

/// The one folder of seeds; `cases` of the tests' common module names it too.
const SEEDS: &str = "proptest-regressions/";

/// The crate and the path within it of a file of the tests.
fn place(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("tests/")?.split_once('/')
}

/// The names of the crates that cargo finds.
fn crates(paths: &[String]) -> Vec<&str> {
    let names = paths.iter().filter_map(|path| match place(path) {
        Some((name, "main.rs")) => Some(name),
        Some(_) => None,
        None => path.strip_prefix("tests/")?.strip_suffix(".rs"),
    });
    names.collect()
}

/// Tells whether a test reads the seeds at `path`.
fn is_read(path: &str, paths: &[String]) -> bool {
    let Some(name) = path.strip_prefix(SEEDS).and_then(|it| it.strip_suffix(".txt")) else { return false };
    let source = format!("{}.rs", name.strip_prefix("tests/").unwrap_or(name));
    if name.starts_with("tests/") {
        paths.iter().filter_map(|path| place(path)).any(|(_, inner)| inner == source)
    } else {
        paths.contains(&format!("src/{source}"))
    }
}

/// Tells whether the module of the snapshot at `path` is there.
fn has_module(path: &str, paths: &[String]) -> bool {
    let Some((dir, name)) = path.rsplit_once("/snapshots/") else { return false };
    let mut parts = name.split("__");
    let (name, module) = (parts.next().unwrap(), parts.next().unwrap_or_default());
    dir == format!("tests/{name}") && paths.contains(&format!("{dir}/{module}.rs"))
}

/// Seeds and snapshots that no test looks at.
fn lost(paths: &[String]) -> Vec<String> {
    let is_lost = |path: &&String| {
        let is_seed = path.contains(SEEDS.trim_end_matches('/'));
        let is_snapshot = path.ends_with(".snap");
        (is_seed && !is_read(path, paths)) || (is_snapshot && !has_module(path, paths))
    };
    paths.iter().filter(is_lost).map(|path| format!("{path}: no test looks at it")).collect()
}

#[test]
fn the_crates_of_tests_are_few() {
    let paths = files("");
    let crates = crates(&paths);
    assert!((1..=MOST_CRATES).contains(&crates.len()), "{crates:?}");
}

#[test]
fn every_seed_and_every_snapshot_has_its_test() {
    check(&lost(&files("")));
}

#[test]
fn a_crate_a_seed_and_a_snapshot_too_many_are_found() {
    let paths = |more: &[&str]| -> Vec<String> {
        let own = ["src/store/lane.rs", "tests/it/main.rs", "tests/it/found.rs", "tests/it/history/evict.rs"];
        own.iter().chain(more).map(|path| (*path).to_owned()).collect()
    };
    assert_eq!(
        crates(&paths(&["tests/more.rs", "tests/common/mod.rs", "tests/logs/a.jsonl"])),
        ["it", "more"]
    );
    for path in [
        "proptest-regressions/store/lane.txt",
        "proptest-regressions/tests/found.txt",
        "proptest-regressions/tests/history/evict.txt",
        "tests/it/snapshots/it__found__many.snap",
    ] {
        assert_eq!(lost(&paths(&[path])), [""; 0], "{path}");
    }
    for path in [
        "proptest-regressions/store/set.txt",
        "proptest-regressions/tests/evict.txt",
        "proptest-regressions/found.txt",
        "tests/proptest-regressions/found.txt",
        "tests/it/found.proptest-regressions",
        "tests/it/snapshots/it__lost__many.snap",
        "tests/it/snapshots/found__many.snap",
        "tests/snapshots/it__found__many.snap",
    ] {
        assert_eq!(lost(&paths(&[path])).len(), 1, "{path}");
    }
}
