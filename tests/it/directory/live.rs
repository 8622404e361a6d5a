//! Directories that are written to while a watcher is at work, at last by the engine itself.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use dag_executor::prelude::{BasicTask, Config, Dag, DagExecutor, ExecutionReport, RetryPolicy, TaskError};
use dag_executor::storage::{FileStorage, MemoryStorage, Storage};
use serde_json::{Value, json};

use super::line_storage::LineStorage;
use super::stage::{Stage, task_file};
use crate::common::program::{runwatch, text};

#[test]
fn each_save_is_a_line_also_one_that_is_renamed_over_another() {
    let mut stage = Stage::new();
    stage.watch();
    stage.write(&task_file("a", "running", 2000));
    stage.wait_for("a runs", |stage| stage.tasks() == "a=running");
    assert_eq!(stage.store.tally().lines, 1, "an empty directory that is watched has no scan");
    let (name, text) = task_file("a", "completed", 2001);
    let temporary = stage.path.join(".tmp-1");
    fs::write(&temporary, text).unwrap();
    fs::rename(temporary, stage.path.join(name)).unwrap();
    stage.wait_for("a is complete", |stage| stage.tasks() == "a=completed");
    assert_eq!(stage.store.tally().lines, 2);
    let last = stage.store.run(stage.store.keys().next().unwrap()).last;
    let line = stage.log.as_ref().unwrap().record(last.place, 20).unwrap();
    assert_eq!(line, b"{\"key\":\"record:a\",\"c");
}

#[test]
fn a_directory_that_is_made_again_is_watched_again() {
    let mut stage = Stage::new();
    stage.write(&task_file("a", "running", 2000));
    stage.watch();
    assert_eq!(stage.tasks(), "a=running");
    fs::remove_dir_all(&stage.path).unwrap();
    stage.wait_for("it is gone", |stage| stage.status.unavailable_since.is_some());
    fs::create_dir(&stage.path).unwrap();
    stage.wait_for("it is back", |stage| stage.status.unavailable_since.is_none());
    stage.write(&task_file("b", "running", 2001));
    stage.wait_for("b runs", |stage| stage.tasks() == "a=running b=running");
}

#[test]
fn a_cut_file_that_is_completed_without_a_trigger_is_read() {
    let mut stage = Stage::new();
    stage.watch();
    let (name, text) = task_file("a", "running", 2000);
    let path = stage.path.join(&name);
    let open = fs::File::create(&path).unwrap();
    stage.write(&(name, text[..90].to_owned()));
    drop(open);
    stage.settle();
    // Written through another name: no event of the directory tells.
    let link = stage.path.with_file_name("link");
    fs::hard_link(path, &link).unwrap();
    fs::write(link, text).unwrap();
    stage.wait_for("a runs", |stage| stage.tasks() == "a=running");
    assert!(stage.problems().is_empty());
}

/// Number of tasks in a layer of the graph.
const WIDTH: usize = 20;
const LAYERS: usize = 10;

/// A graph in which each task depends on the one above it and the next one. Some tasks fail once, and one for good.
fn graph() -> Dag {
    let mut dag = Dag::new();
    for layer in 0..LAYERS {
        for column in 0..WIDTH {
            let number = layer * WIDTH + column;
            let (is_flaky, is_bad) = (number % 7 == 3, number == 5 * WIDTH + 4);
            let tries = Arc::new(AtomicU32::new(0));
            let body = move |_| {
                let n = tries.fetch_add(1, Ordering::SeqCst);
                async move {
                    tokio::time::sleep(Duration::from_millis(number as u64 % 5)).await;
                    match n {
                        _ if is_bad => Err(TaskError::Execution("it never works".to_owned())),
                        0 if is_flaky => Err(TaskError::Execution("not yet".to_owned())),
                        _ => Ok(json!({"number": number, "share": number as f64 / 7.0})),
                    }
                }
            };
            let above = |column: usize| format!("task.{}.{}", layer - 1, column % WIDTH);
            let on = if layer == 0 { Vec::new() } else { vec![above(column), above(column + 1)] };
            dag.add_task(Arc::new(BasicTask::new(format!("task.{layer}.{column}"), body).with_deps(on)))
                .unwrap();
        }
    }
    dag
}

fn execute(dir: PathBuf) -> ExecutionReport {
    execute_on(Arc::new(FileStorage::open(dir).unwrap()))
}

fn execute_on(storage: Arc<dyn Storage>) -> ExecutionReport {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = Config { max_concurrency: 16, ..Config::default() };
    let retry = RetryPolicy::fixed(2, Duration::from_millis(2));
    let executor = DagExecutor::builder().config(config).retry(retry).storage(storage).build();
    runtime.block_on(executor.run(graph())).unwrap()
}

#[test]
fn an_execution_of_the_engine_is_followed_to_its_report() {
    let mut stage = Stage::new();
    stage.watch();
    let path = stage.path.clone();
    let engine = std::thread::spawn(move || execute(path));
    let n = WIDTH * LAYERS;
    stage.wait_for("all have ended", |stage| {
        let store = &stage.store;
        store.keys().filter(|key| store.run(*key).state.is_terminal()).count() == n
    });
    let report = engine.join().unwrap();
    let mut printed = Vec::new();
    runwatch::commands::runs::write(&mut printed, &stage.store, None, true).unwrap();
    check_report(&report, &String::from_utf8(printed).unwrap());
    assert!(stage.problems().is_empty(), "{:?}", stage.problems());
}

#[test]
fn an_execution_whose_host_writes_lines_is_read_to_its_report() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("records.jsonl");
    let lines = fs::File::options().create(true).append(true).open(&path).unwrap();
    let report = execute_on(Arc::new(LineStorage(MemoryStorage::new(), lines)));
    let path = path.to_str().unwrap();
    check_report(&report, &text(&runwatch(&["runs", "--json", path]).output().unwrap()));
    assert!(text(&runwatch(&["check", path]).output().unwrap()).contains("no problems"));
}

/// Compares what `runs --json` prints with the engine's own report, and what only the order of saves shows.
fn check_report(report: &ExecutionReport, printed: &str) {
    let n = WIDTH * LAYERS;
    assert_eq!((printed.lines().count(), report.records.len()), (n, n));
    let (mut n_skipped, mut n_again) = (0, 0);
    for line in printed.lines() {
        let found: Value = serde_json::from_str(line).unwrap();
        let record = &report.records[found["id"].as_str().unwrap()];
        let expected = serde_json::to_value(record).unwrap();
        for key in
            ["state", "attempts", "created_at", "updated_at", "started_at", "finished_at", "output", "error"]
        {
            assert_eq!(found[key], expected[key], "{key} of {}", found["id"]);
        }
        n_again += usize::from(found["state"] == "completed" && found["attempts"] == 2);
        if found["state"] == "skipped" {
            n_skipped += 1;
            // It was watched from its first save on.
            assert_eq!(found["root_cause"], "task.5.4", "{found}");
        }
    }
    assert_eq!(n_skipped, 2 + 3 + 4 + 5);
    assert!(n_again > 10, "{n_again}");
}
