//! `runwatch wait` on real files that grow, are replaced and do not come, and on pipes.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::common::program::runwatch;
use crate::common::read_text;

/// Longer than anything takes on a loaded machine.
const LIMIT: Duration = Duration::from_secs(20);

/// A log that grows when the test says so.
struct Log {
    dir: tempfile::TempDir,
    path: PathBuf,
    lines: Vec<String>,
}

impl Log {
    fn new(written: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("orders.jsonl");
        let lines = read_text("tests/logs/live-small-mid.jsonl").lines().map(str::to_owned).collect();
        let log = Self { dir, path, lines };
        fs::write(&log.path, log.text(0, written)).unwrap();
        log
    }

    fn text(&self, from: usize, n: usize) -> String {
        self.lines.iter().skip(from).take(n).map(|line| format!("{line}\n")).collect()
    }

    fn append(&self, text: &str) {
        File::options().append(true).open(&self.path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn wait(&self, args: &[&str]) -> Waiting {
        Waiting::on(&self.path, args)
    }
}

/// The program, waiting.
struct Waiting(Child);

impl Waiting {
    fn on(path: &Path, args: &[&str]) -> Self {
        let all: Vec<&str> = ["wait", path.to_str().unwrap()].iter().chain(args).copied().collect();
        Self(runwatch(&all).stdin(Stdio::piped()).spawn().unwrap())
    }

    /// Returns true if it still waits, after as long as an answer would have taken.
    fn still_waits(&mut self) -> bool {
        let until = Instant::now() + Duration::from_millis(400);
        while Instant::now() < until {
            if self.0.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        true
    }

    fn end(mut self) -> Output {
        let until = Instant::now() + LIMIT;
        while self.0.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "it does not end");
            std::thread::park_timeout(Duration::from_millis(2));
        }
        self.0.wait_with_output().unwrap()
    }

    /// Returns its exit code, and the one line that it wrote.
    fn told(self) -> (i32, String) {
        let output = self.end();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
    }
}

const WHOLE: usize = usize::MAX;

#[test]
fn what_holds_already_is_said_at_once() {
    let log = Log::new(WHOLE);
    for (query, condition, words) in [
        ("state:Running", "count=11", "11 runs answer `state:Running`: count=11 holds"),
        ("state:Running", "count!=0", "11 runs answer"),
        ("state:Canceled", "count>=1", "1 run answers `state:Canceled`"),
        ("", "count=194", "there are 194 runs: count=194 holds"),
    ] {
        let (code, told) = log.wait(&["--query", query, "--for", condition]).told();
        assert_eq!(code, 0, "{told}");
        assert!(told.starts_with(words), "{told}");
    }
}

#[test]
fn what_the_log_says_later_is_waited_for() {
    let log = Log::new(500);
    let args = ["--query", "state:Canceled", "--for", "count>=1", "--json"];
    let mut waiting = log.wait(&args);
    assert!(waiting.still_waits());
    // A piece that changes the count of others only, and a torn line.
    log.append(&log.text(500, 100));
    let at = log.lines.iter().position(|line| line.contains("\"Canceled\"")).unwrap();
    assert!(at > 600, "{at}");
    assert!(waiting.still_waits());
    let rest = log.text(600, WHOLE);
    let (first, second) = rest.split_at(rest.find(&log.lines[at]).unwrap() + 20);
    log.append(first);
    assert!(waiting.still_waits());
    log.append(second);
    let (code, told) = waiting.told();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, 0);
    assert_eq!(
        (&told["end"], &told["count"], &told["condition"]),
        (&json!("met"), &json!(1), &json!("count>=1"))
    );
    assert_eq!((&told["query"], &told["caught_up"]), (&json!("state:Canceled"), &json!(true)));
    assert!(told["waited_ms"].as_u64().unwrap() >= 1200, "{told}");
}

#[test]
fn time_that_is_up_exits_with_1_and_says_how_far_it_is() {
    let log = Log::new(WHOLE);
    let (code, told) =
        log.wait(&["--query", "state:Running", "--for", "count=0", "--timeout", "300ms"]).told();
    assert_eq!(
        (code, told.as_str()),
        (1, "time is up, and count=0 does not hold: 11 runs answer `state:Running`")
    );
    // A log that is not there is waited for, and none of its runs is counted.
    let missing = log.dir.path().join("later.jsonl");
    let (code, told) = Waiting::on(&missing, &["--for", "count=0", "--timeout", "300ms"]).told();
    assert_eq!(code, 1);
    assert!(told.ends_with("there are 0 runs, and the log was not read to its end"), "{told}");
    let mut waiting = Waiting::on(&missing, &["--for", "count>=1", "--timeout", "20s"]);
    assert!(waiting.still_waits());
    fs::write(&missing, log.text(0, WHOLE)).unwrap();
    assert_eq!(waiting.told().0, 0);
}

#[test]
fn a_pipe_is_waited_for_to_its_end_and_no_longer() {
    let log = Log::new(0);
    let dash = Path::new("-");
    let mut waiting = Waiting::on(dash, &["--query", "state:Canceled", "--for", "count>=1"]);
    let mut pipe = waiting.0.stdin.take().unwrap();
    pipe.write_all(log.text(0, WHOLE).as_bytes()).unwrap();
    // It is still open.
    assert_eq!(waiting.told().0, 0);
    let mut waiting = Waiting::on(dash, &["--query", "state:Canceled", "--for", "count>=2"]);
    waiting.0.stdin.take().unwrap().write_all(log.text(0, WHOLE).as_bytes()).unwrap();
    let (code, told) = waiting.told();
    assert_eq!(code, 1);
    assert_eq!(told, "the log has ended, and count>=2 does not hold: 1 run answers `state:Canceled`");
}

#[test]
fn another_log_is_counted_from_its_start() {
    let log = Log::new(WHOLE);
    let mut waiting = log.wait(&["--query", "state:Completed", "--for", "count<5"]);
    assert!(waiting.still_waits());
    let other = log.dir.path().join("other");
    fs::write(&other, log.text(0, 60)).unwrap();
    fs::rename(&other, &log.path).unwrap();
    assert_eq!(waiting.told().0, 0);
}

#[test]
fn time_alone_may_be_what_is_waited_for() {
    let log = Log::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let created = log.lines.iter().find(|line| line.contains("RunCreated")).unwrap();
    let mut event: Value = serde_json::from_str(created).unwrap();
    for at in ["created_at", "scheduled_at", "last_state_change_at"] {
        event["event"]["RunCreated"]["run_instance"][at] = json!(now);
    }
    log.append(&format!("{event}\n"));
    let (code, told) = log.wait(&["--query", "in_state>=2s", "--for", "count=1", "--timeout", "15s"]).told();
    assert_eq!(code, 0, "{told}");
}

#[test]
fn what_cannot_be_asked_or_read_exits_with_2() {
    let log = Log::new(10);
    for (args, words) in [
        (&["--query", "stat:Running", "--for", "count=0"][..], "did you mean `state`?"),
        (&["--query", "state:Runing", "--for", "count=0"], "there is no state `Runing`"),
        (&["--query", "state:Runing", "--for", "count=0"], "did you mean `Running`?"),
        (&["--for", "none"], "count>=1"),
        (&["--for", "count=0", "--timeout", "soon"], "1h30m"),
        (&[], "--for"),
    ] {
        let output = log.wait(args).end();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{said}");
    }
    let output = Waiting::on(log.dir.path(), &["--for", "count=0"]).end();
    assert_eq!(output.status.code(), Some(2));
}
