//! A host of dag-executor, as a process of its own: it writes one record a line, obeys SIGINT, and the single cancels of a
//! control file.
//!
//! One task executes until it may end; the others wait for its place, and one for its success.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dag_executor::context::{CancelToken, Context};
use dag_executor::dag::{Dag, DagExecutor};
use dag_executor::error::TaskError;
use dag_executor::storage::MemoryStorage;
use dag_executor::tasks::BasicTask;
use dag_executor::utils::Config;
use serde_json::{Value, json};

use crate::line_storage::LineStorage;
use crate::session::LIMIT;

/// The directory of the host that this program is to be; none in a run of tests.
const HOST: &str = "RUNWATCH_TEST_DAG_HOST";

/// The task that executes first, and until it may end.
pub(crate) const LONG: &str = "long";
/// The task that depends on it.
pub(crate) const AFTER: &str = "after";
/// An id that is hard to write.
pub(crate) const HOSTILE: &str = "仕事 \"1\"\n\\\u{1b}[31m";

/// An id of 1,024 bytes, as long as the engine takes any.
pub(crate) fn longest() -> String {
    "é".repeat(512)
}

/// The tasks that wait for the place of the first.
pub(crate) fn queued() -> [String; 3] {
    ["orders/1".to_owned(), HOSTILE.to_owned(), longest()]
}

/// The form of a host's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Records alone.
    A,
    /// Records behind the graph of their tasks.
    B,
}

/// A host that runs, in a directory of its own.
pub(crate) struct Host {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) child: Child,
}

impl Host {
    /// Starts a host, and waits until it has dispatched all that it can.
    pub(crate) fn start(form: Form) -> Self {
        let dir = tempfile::tempdir().unwrap();
        if form == Form::B {
            fs::write(dir.path().join("with-graph"), "").unwrap();
        }
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "dag_host::host", "--nocapture"])
            .env(HOST, dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let host = Self { dir, child };
        host.wait_for("dispatches", || {
            let log = fs::read_to_string(host.log()).unwrap_or_default();
            log.matches("\"running\"").count() > queued().len()
        });
        host
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.dir.path().join("records.jsonl")
    }

    pub(crate) fn commands(&self) -> PathBuf {
        self.dir.path().join("commands.jsonl")
    }

    pub(crate) fn target(&self) -> String {
        format!("signal:{}", self.child.id())
    }

    /// Waits until the host has obeyed `n` commands, a signal among them.
    pub(crate) fn wait_until_obeyed(&self, n: usize) {
        self.wait_for("obedience", || {
            fs::read_to_string(self.dir.path().join("obeyed")).unwrap_or_default().lines().count() >= n
        });
    }

    /// Lets the first task end.
    pub(crate) fn release(&self) {
        fs::write(self.dir.path().join("go"), "").unwrap();
    }

    /// The last state of each task in the log.
    pub(crate) fn ends(&self) -> HashMap<String, String> {
        let text = fs::read_to_string(self.log()).unwrap();
        let records = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let records = records.filter(|record| record["ev"].is_null());
        records.map(|record| (word(&record["id"]), word(&record["state"]))).collect()
    }

    fn wait_for(&self, what: &str, condition: impl Fn() -> bool) {
        let started = Instant::now();
        while !condition() {
            assert!(started.elapsed() < LIMIT, "no {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The host itself: this program again, for this test alone.
#[test]
fn host() {
    let Some(dir) = std::env::var_os(HOST) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(serve(Path::new(&dir)));
}

async fn serve(dir: &Path) {
    let may_end = dir.join("go");
    let mut tokens = HashMap::new();
    let mut dag = Dag::new();
    for id in [LONG.to_owned()].into_iter().chain(queued()).chain([AFTER.to_owned()]) {
        let token = CancelToken::new();
        tokens.insert(id.clone(), token.clone());
        let until = (id == LONG).then(|| may_end.clone());
        let task = BasicTask::new(id.clone(), move |_| work(token.clone(), until.clone()))
            .with_priority(u8::from(id == LONG))
            .with_deps((id == AFTER).then_some(LONG));
        dag.add_task(Arc::new(task)).unwrap();
    }
    let mut file = File::options().create(true).append(true).open(dir.join("records.jsonl")).unwrap();
    if dir.join("with-graph").exists() {
        let ids = dag.task_ids().into_iter();
        let tasks = ids.map(|id| json!({"deps": dag.dependencies_of(&id), "id": id, "priority": 0}));
        let tasks: Vec<Value> = tasks.collect();
        let pid = std::process::id();
        let graph = json!({"ev": "dag", "run_id": "1", "pid": pid, "concurrency": 1, "max_attempts": 3, "tasks": tasks});
        writeln!(file, "{graph}").unwrap();
    }
    let storage = LineStorage(MemoryStorage::new(), file);
    let context = Arc::new(Context::new(Arc::new(Config::default())));
    tokio::spawn(obey_signals(dir.to_owned(), Arc::clone(&context)));
    tokio::spawn(obey_commands(dir.to_owned(), tokens));
    // The signal is caught before anything can be seen to run.
    tokio::task::yield_now().await;
    let executor = DagExecutor::builder().concurrency(1).storage(Arc::new(storage)).build();
    executor.run_with_context(dag, context).await.unwrap();
}

/// The body of a task: the first one lasts until it may end, or is canceled alone.
async fn work(token: CancelToken, until: Option<PathBuf>) -> Result<Value, TaskError> {
    loop {
        if token.is_cancelled() {
            return Err(TaskError::Cancelled);
        }
        if until.as_ref().is_none_or(|file| file.exists()) {
            return Ok(json!({"rows": 1}));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn obey_signals(dir: PathBuf, context: Arc<Context>) {
    while tokio::signal::ctrl_c().await.is_ok() {
        context.cancel();
        note(&dir, "SIGINT");
    }
}

async fn obey_commands(dir: PathBuf, tokens: HashMap<String, CancelToken>) {
    let mut n_read = 0;
    loop {
        let text = fs::read_to_string(dir.join("commands.jsonl")).unwrap_or_default();
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        for line in text[..whole].lines().skip(n_read) {
            n_read += 1;
            let command: Value = serde_json::from_str(line).unwrap();
            if command["command"] == "cancel"
                && let Some(token) = tokens.get(command["run_id"].as_str().unwrap())
            {
                token.cancel();
            }
            note(&dir, "command");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Tells the tests that something was obeyed.
fn note(dir: &Path, what: &str) {
    let mut file = File::options().create(true).append(true).open(dir.join("obeyed")).unwrap();
    writeln!(file, "{what}").unwrap();
}
