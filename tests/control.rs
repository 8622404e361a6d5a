//! Commands against a file-size limit, which kills a process that is not prepared for it.
//!
//! A limit holds for a whole process, so the test starts this very program again to live under it.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::Path;
use std::process::Command as Process;
use std::time::Duration;

use runwatch::control::channel::{Channel, SendError};
use runwatch::control::command::{Command, Kind, Operator};
use runwatch::control::target::Target;
use runwatch::model::id::{CommandId, RunId};
use runwatch::terminal::signals::Signals;
use rustix::process::{Resource, Rlimit, setrlimit};

/// The file that a child sends commands to.
const FILE: &str = "RUNWATCH_TEST_COMMANDS";

fn command() -> Command {
    Command {
        id: CommandId::random(),
        kind: Kind::Cancel { run: RunId::random() },
        reason: Some("x".repeat(100)),
        at_ms: 1,
        by: Operator { user: "ada".to_owned(), host: "box".to_owned(), pid: 1 },
        seen: 7,
    }
}

/// Not a test of its own: the program that the test looks at, when [`FILE`] is set.
#[test]
fn scenario() {
    let Ok(path) = std::env::var(FILE) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let _signals = Signals::install().unwrap();
        let (channel, mut outcomes) = Channel::open(Target::File(path.into())).unwrap();
        let length = u64::try_from(command().to_line().len() + 1).unwrap();
        let limit = |bytes| setrlimit(Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
        let mut send = async || {
            channel.send(command()).unwrap();
            let limit = Duration::from_secs(20);
            tokio::time::timeout(limit, outcomes.recv()).await.unwrap().unwrap().result
        };
        limit(Some(length * 3 / 2));
        assert!(send().await.is_ok());
        assert!(matches!(send().await, Err(SendError::Partial { written, .. }) if written > 0));
        let error = send().await.unwrap_err();
        assert!(matches!(&error, SendError::Write { .. }), "{error}");
        limit(None);
        assert!(send().await.is_ok());
    });
}

#[test]
fn a_file_size_limit_is_an_error_and_the_next_command_starts_on_its_own_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("commands.jsonl");
    play(&path);
    let text = fs::read_to_string(&path).unwrap();
    let whole: Vec<bool> =
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).collect();
    assert_eq!(whole, [true, false, true], "{text}");
}

fn play(path: &Path) {
    let output = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "scenario", "--nocapture"])
        .env(FILE, path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
