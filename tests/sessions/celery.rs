//! Cancels of a real Celery worker, whose broker is a directory: proved by the `task-revoked` that it writes itself.
//!
//! `RUNWATCH_CELERY` names a Python environment with celery in it; without one the test is passed over, and says so.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use crate::common::file;
use crate::common::program::{runwatch, text};
use crate::session::Session;

/// Longer than a worker takes to start on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A worker at work, and a bridge that writes its events to a log.
struct CeleryShop {
    programs: PathBuf,
    dir: tempfile::TempDir,
    /// Each leads a process group.
    started: Vec<Child>,
}

impl CeleryShop {
    /// Opens the shop; `None` where there is no celery.
    fn open() -> Option<Self> {
        let environment = std::env::var_os("RUNWATCH_CELERY").filter(|it| !it.is_empty());
        let programs = environment.map(|it| PathBuf::from(it).join("bin"));
        let Some(programs) = programs.filter(|it| it.join("celery").exists()) else {
            // Not `eprintln!`, which is not seen of a test that passes.
            let why =
                "SKIPPED: RUNWATCH_CELERY names no environment with celery, so no worker was canceled\n";
            io::stderr().write_all(why.as_bytes()).unwrap();
            return None;
        };
        let mut shop = Self { programs, dir: tempfile::tempdir().unwrap(), started: vec![] };
        let log = shop.log();
        shop.start(
            "python",
            &[file("tests/formats/celery/bridge.py").to_str().unwrap(), log.to_str().unwrap()],
        );
        shop.wait_for("bridge", "control/celeryev.exchange", |_| true);
        // Two tasks at once, and no more are sent: while one waits for its turn this worker hears nothing.
        let worker = ["-A", "app", "worker", "-E", "-P", "prefork", "-c", "2", "-n", "worker1@host"];
        let quiet = ["--without-gossip", "--without-mingle", "-l", "error"];
        shop.start("celery", &[&worker[..], &quiet].concat());
        shop.wait_for("worker", "events.jsonl", |text| text.contains("\"worker-online\""));
        Some(shop)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn log(&self) -> PathBuf {
        self.at("events.jsonl")
    }

    /// Returns the environment in which celery finds the application, and nothing is written outside of the directory.
    fn environment(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("HOME", self.at("")),
            ("CELERY_PLACE", self.at("")),
            ("PYTHONPATH", file("tests/formats/celery")),
            ("PYTHONDONTWRITEBYTECODE", PathBuf::from("1")),
        ]
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(args).envs(self.environment()).current_dir(self.dir.path()).stdin(Stdio::null());
        command
    }

    /// Starts a program that stays; its words are in the file `said`.
    fn start(&mut self, program: &str, args: &[&str]) {
        let said = File::options().create(true).append(true).open(self.at("said")).unwrap();
        let mut command = self.command(program, args);
        command.stdout(said.try_clone().unwrap()).stderr(said).process_group(0);
        self.started.push(command.spawn().unwrap());
    }

    /// Waits until a file has a text that satisfies `seen`.
    fn wait_for(&self, what: &str, name: &str, seen: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let text = fs::read_to_string(self.at(name)).unwrap_or_default();
            if !text.is_empty() && seen(&text) {
                return;
            }
            let said = || fs::read_to_string(self.at("said")).unwrap_or_default();
            assert!(Instant::now() < deadline, "no {what}; {name} is\n{text}\nsaid was\n{}", said());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends a task of ten minutes, and returns its id when the worker has started it.
    fn export(&self) -> String {
        let output = self.command("celery", &["-A", "app", "call", "app.export", "--args", "[600]"]).output();
        let id = text(&output.unwrap()).trim().to_owned();
        self.wait_for("start", "events.jsonl", |_| self.kinds(&id).iter().any(|kind| kind == "task-started"));
        id
    }

    /// Returns the kinds of the whole events of a task, as celery wrote them.
    fn kinds(&self, id: &str) -> Vec<String> {
        let log = fs::read_to_string(self.log()).unwrap();
        let whole = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let events = whole.map(|line| serde_json::from_str::<Value>(line).unwrap());
        let of_task = events.filter(|event| event["uuid"] == id);
        of_task.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the number, among the events of tasks, of the one by which the worker says that it has revoked a task.
    fn revoked(&self, id: &str) -> usize {
        let log = fs::read_to_string(self.log()).unwrap();
        let mut events = log.lines().filter(|line| line.contains("\"type\": \"task-"));
        events.position(|line| line.contains("\"task-revoked\"") && line.contains(id)).unwrap() + 1
    }

    /// Returns what the log says of a task: its state and the engine's own word.
    fn told(&self, id: &str) -> (Value, Value) {
        let output = runwatch(&["runs", self.log().to_str().unwrap(), "--json"]).output().unwrap();
        let runs = text(&output);
        let mut runs = runs.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let run = runs.find(|run| run["run"] == id).unwrap();
        (run["state"].clone(), run["word"].clone())
    }

    fn target(&self) -> String {
        let celery = self.programs.join("celery");
        format!("exec:'{}' -A app control terminate SIGTERM {{run}}", celery.display())
    }
}

impl Drop for CeleryShop {
    /// Ends all at once: a worker that is asked to end takes seconds.
    fn drop(&mut self) {
        for child in &mut self.started {
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
            let _ = child.wait();
        }
    }
}

#[test]
fn a_celery_task_is_canceled_from_the_keyboard_and_its_worker_proves_it() {
    let Some(shop) = CeleryShop::open() else { return };
    let (first, second) = (shop.export(), shop.export());
    let (log, target, environment) = (shop.log(), shop.target(), shop.environment());
    let environment: Vec<(&str, &Path)> =
        environment.iter().map(|(name, it)| (*name, it.as_path())).collect();
    let argv = [env!("CARGO_BIN_EXE_runwatch"), log.to_str().unwrap(), "--control", &target];
    let mut session = Session::start(&argv, &environment);
    session.wait_for("LIVE");
    session.press(&format!("/id:\"{first}\"\rjc"));
    session.wait_for("Keep running");
    let question = session.text();
    assert!(question.contains("Cancel this run?") && question.contains("SIGTERM"), "{question}");
    session.confirm("Cancel this run?");
    session.wait_for("proved at #");
    let (run, number) = (&first[..8], shop.revoked(&first));
    let proof = format!("cancel of {run} proved at #{number}");
    let is_row =
        |line: &str| line.contains(&format!("⊘ {run}")) && line.contains(&format!("proved #{number}"));
    session.wait("canceled run", |screen| {
        let text = screen.contents();
        text.contains(&proof) && text.contains("⊘ Canceled  1") && text.lines().any(is_row)
    });
    session.press("q");
    session.wait_until_gone("id:");
    session.press("q");
    session.end(0);
    assert_eq!(shop.told(&first), ("Canceled".into(), "task-revoked".into()));
    // The other one works on, until it is canceled from a script.
    assert_eq!(shop.told(&second), ("Running".into(), "task-started".into()));
    let args = ["cancel", log.to_str().unwrap(), &second, "--control", &target, "--wait", "--yes"];
    let output = runwatch(&args).envs(environment).output().unwrap();
    assert_eq!(text(&output), format!("{second}  proved at #{}\n", shop.revoked(&second)));
    assert_eq!(shop.told(&second), ("Canceled".into(), "task-revoked".into()));
}
