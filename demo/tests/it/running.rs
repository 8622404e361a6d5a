//! A demo that runs in a directory of its own, and its log as a test sees it.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use demo::engine::Engine;
use demo::incident::Outage;
use demo::plan::{EngineKind, Plan, Tally};
use demo::stop::Stop;
use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything takes on a loaded machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Looks at `condition` until it gives something.
pub(crate) fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let started_at = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(started_at.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// An engine that runs, and its log.
pub(crate) struct Running {
    pub(crate) log: Log,
    engine: Engine,
    plan: Plan,
    // Last, so that the engine is gone before its directory is.
    dir: TempDir,
}

impl Running {
    /// Starts an engine that gets `rate` tasks a second for ever.
    pub(crate) fn start(rate: f64) -> Self {
        Self::start_with(rate, None)
    }

    /// The same, with an outage.
    pub(crate) fn start_with(rate: f64, outage: Option<Outage>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let plan = Plan {
            engine: EngineKind::ActionQueue,
            store: dir.path().join("store"),
            log: Some(dir.path().join("demo.jsonl")),
            graph: dir.path().join("graph.json"),
            control: dir.path().join("control.jsonl"),
            seed: 3,
            rate,
            runs: usize::MAX,
            lasting: None,
            outage,
        };
        let engine = Engine::start(plan.clone(), Stop::default()).unwrap();
        Self { log: Log::open(plan.log.as_ref().unwrap()), engine, plan, dir }
    }

    /// Reads the log until `condition` finds in it what it looks for.
    pub(crate) fn wait_for<T>(&mut self, what: &str, condition: impl Fn(&Log) -> Option<T>) -> T {
        wait_for(what, || {
            self.log.read();
            condition(&self.log)
        })
    }

    pub(crate) fn log_path(&self) -> PathBuf {
        self.plan.log.clone().unwrap()
    }

    pub(crate) fn control_path(&self) -> PathBuf {
        self.plan.control.clone()
    }

    /// Writes `bytes` to the control file in one piece.
    pub(crate) fn send(&self, bytes: &str) {
        OpenOptions::new()
            .append(true)
            .open(&self.plan.control)
            .unwrap()
            .write_all(bytes.as_bytes())
            .unwrap();
    }

    pub(crate) fn stop(self) -> (TempDir, Tally) {
        (self.dir, self.engine.stop().unwrap())
    }
}

/// A log as far as it was read.
pub(crate) struct Log {
    file: BufReader<File>,
    torn: Vec<u8>,
    /// Each event's kind and body, in order.
    pub(crate) events: Vec<(String, Value)>,
    /// The state of each run, and its task.
    runs: HashMap<String, (String, String)>,
    /// The states that any run was ever in.
    pub(crate) states: BTreeSet<String>,
}

impl Log {
    pub(crate) fn open(path: &Path) -> Self {
        let file = BufReader::new(File::open(path).unwrap());
        Self { file, torn: vec![], events: vec![], runs: HashMap::new(), states: BTreeSet::new() }
    }

    /// Takes what was added since; a line counts by its newline.
    pub(crate) fn read(&mut self) {
        while self.file.read_until(b'\n', &mut self.torn).unwrap() > 0 && self.torn.ends_with(b"\n") {
            let line: Value = serde_json::from_slice(&std::mem::take(&mut self.torn)).unwrap();
            assert_eq!(line["sequence"], self.events.len() + 1, "no event is missing");
            let (kind, body) = line["event"].as_object().unwrap().iter().next().unwrap();
            self.apply(kind, body);
            self.events.push((kind.clone(), body.clone()));
        }
    }

    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.events.iter().filter(move |(it, _)| it == kind).map(|(_, body)| body)
    }

    /// A run that is in `state`.
    pub(crate) fn run_in(&self, state: &str) -> Option<String> {
        self.runs.iter().find(|(_, (it, _))| it == state).map(|(run, _)| run.clone())
    }

    pub(crate) fn state_of(&self, run: &str) -> &str {
        &self.runs[run].0
    }

    fn apply(&mut self, kind: &str, body: &Value) {
        let record = &body["record"];
        match kind {
            "AdmissionCommitted" => body["runs"].as_array().unwrap().iter().for_each(|run| {
                self.runs.insert(text(&run["id"]), (String::new(), text(&run["task_id"])));
                self.enter(&run["id"], &run["state"]);
            }),
            "RunStateChanged" => self.enter(&body["run_id"], &body["new_state"]),
            "AttemptDispositionCommitted" => self.enter(&record["run_id"], &record["target_state"]),
            "RunResumed" => self.enter(&body["run_id"], &"Ready".into()),
            "WaitSatisfied" => self.enter(&record["run_id"], &"Ready".into()),
            "RunCancellationCommitted" => self.enter(&record["run"], &"Canceled".into()),
            "TaskCancellationCommitted" => {
                let task = text(&record["task"]);
                let runs = self.runs.iter().filter(|(_, (state, it))| *it == task && !is_terminal(state));
                let runs: Vec<Value> = runs.map(|(run, _)| run.as_str().into()).collect();
                runs.iter().for_each(|run| self.enter(run, &"Canceled".into()));
            }
            _ => {}
        }
    }

    fn enter(&mut self, run: &Value, state: &Value) {
        self.states.insert(text(state));
        self.runs.get_mut(&text(run)).unwrap().0 = text(state);
    }
}

fn is_terminal(state: &str) -> bool {
    ["Completed", "Failed", "Canceled"].contains(&state)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
