//! The control file where disks, limits and other writers are real.
//!
//! Limits and disks hold for a whole process, so the tests start this very program again to live with them.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::Duration;

use runwatch::control::channel::{Channel, ChannelConfig, WAITING};
use runwatch::control::command::{Command, CommandKind, CommandNames, Operator};
use runwatch::control::refusal::SendError;
use runwatch::control::target::Target;
use runwatch::model::id::{CommandId, RunId};
use runwatch::terminal::signals::ProcessSignals;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::sending::{Line, any_run};

/// The file that a child sends commands to.
const FILE: &str = "RUNWATCH_TEST_COMMANDS";

/// The file that several children send commands to.
const SHARED: &str = "RUNWATCH_TEST_SHARED";

/// The record of a child that has nothing to open it with.
const POOR: &str = "RUNWATCH_TEST_POOR";

/// The small disk of a child.
const DISK: &str = "RUNWATCH_TEST_DISK";

fn command() -> Command {
    Command {
        id: CommandId::random(),
        kind: CommandKind::Cancel { run: RunId::random() },
        names: CommandNames::default(),
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
        let _signals = ProcessSignals::install().unwrap();
        let (channel, mut outcomes) =
            Channel::open(Target::File(path.clone().into()), &ChannelConfig::default()).unwrap();
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
        // Room for all but the newline: the next writer makes a command of it, so it must not be called
        // unsent.
        limit(Some(fs::metadata(&path).unwrap().len() + length - 1));
        let error = send().await.unwrap_err();
        assert!(matches!(&error, SendError::Unended { .. }) && error.may_have_arrived(), "{error}");
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
    assert_eq!(whole, [true, false, true, true, true], "{text}");
}

/// Not a test of its own: one that has no descriptor left, when [`POOR`] is set.
#[test]
fn without_descriptors() {
    let Ok(record) = std::env::var(POOR) else { return };
    let means = ChannelConfig { record: Some(record.into()), ..ChannelConfig::default() };
    let target: Target = "exec:/bin/sh".parse().unwrap();
    setrlimit(Resource::Nofile, Rlimit { current: Some(3), maximum: Some(1024) }).unwrap();
    let error = Channel::open(target.clone(), &means).unwrap_err();
    setrlimit(Resource::Nofile, Rlimit { current: Some(1024), maximum: Some(1024) }).unwrap();
    assert!(
        error.to_string().contains("Too many open files") && error.hint().contains("ulimit -n"),
        "{error}"
    );
    assert!(Channel::open(target, &means).is_ok());
}

/// Else the thread that sends dies in silence after the screen has opened, and the first command with it.
#[test]
fn who_cannot_send_for_want_of_descriptors_is_told_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let output = me("without_descriptors", POOR, &dir.path().join("record")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Not a test of its own: one of two who write to the same file.
#[test]
fn writer() {
    let Ok(path) = std::env::var(SHARED) else { return };
    let kinds: Vec<CommandKind> = (0..1_000).map(|_| any_run()).collect();
    assert_eq!(Line::to(&format!("file:{path}"), None).send_many(&kinds).0, 1_000);
}

#[test]
fn two_who_write_at_once_leave_every_line_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("commands.jsonl");
    let start = || me("writer", SHARED, &path).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    for child in [start(), start()] {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let text = fs::read_to_string(&path).unwrap();
    // Who looks while another writes may see a line whose end is not there yet, and begins with a newline of its own.
    let ids = text.lines().filter(|line| !line.is_empty()).map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["id"].as_str().unwrap().to_owned()
    });
    assert_eq!(ids.collect::<HashSet<String>>().len(), 2_000);
    assert!(text.ends_with('\n'));
}

/// Not a test of its own: the one whose disk is full.
#[test]
fn on_a_full_disk() {
    let Ok(directory) = std::env::var(DISK) else { return };
    let directory = Path::new(&directory);
    let mut line = Line::to(&format!("file:{}/commands.jsonl", directory.display()), None);
    let mut fill = fs::File::create(directory.join("fill")).unwrap();
    while std::io::Write::write_all(&mut fill, &[0; 512]).is_ok() {}
    let words = line.send(any_run()).unwrap();
    assert!(words.contains("not sent") && words.contains("No space left on device"), "{words}");
    fill.set_len(0).unwrap();
    assert_eq!(line.send(any_run()), None);
    let text = fs::read_to_string(directory.join("commands.jsonl")).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with('{') && line.ends_with('}')).count(), 1, "{text}");
}

#[test]
fn a_full_disk_is_said_and_the_next_command_goes_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Process::new("unshare");
    child.args(["-rm", "sh", "-c", "mount -t tmpfs -o size=16k none \"$0\" || exit 77; exec \"$@\""]);
    child.arg(dir.path()).arg(std::env::current_exe().unwrap());
    child.args(["--exact", "control::on_a_full_disk", "--nocapture"]).env(DISK, dir.path());
    let Ok(output) = child.output() else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    // Where users may not have a disk of their own, there is none to fill.
    let is_forbidden = output.status.code() == Some(77) || said.starts_with("unshare: ");
    assert!(is_forbidden || output.status.success(), "{said}");
}

#[test]
fn a_directory_that_is_gone_is_an_error_until_it_is_back() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("q");
    fs::create_dir(&place).unwrap();
    let mut line = Line::to(&format!("file:{}/commands.jsonl", place.display()), None);
    assert_eq!(line.send(any_run()), None);
    fs::remove_dir_all(&place).unwrap();
    let words = line.send(any_run()).unwrap();
    assert!(words.contains("its directory does not exist; make the directory"), "{words}");
    fs::create_dir(&place).unwrap();
    assert_eq!(line.send(any_run()), None);
    assert!(!line.record_path().exists(), "a file of commands is its own record");
}

fn run_of(line: &str) -> CommandKind {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    CommandKind::Cancel { run: line["run_id"].as_str().unwrap().parse().unwrap() }
}

#[test]
fn more_than_can_wait_go_to_a_file_in_order_and_none_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("commands.jsonl");
    let kinds: Vec<CommandKind> = (0..WAITING + 500).map(|_| any_run()).collect();
    let (n_sent, took) = Line::to(&format!("file:{}", path.display()), None).send_many(&kinds);
    println!("{n_sent} commands to a file in {took:?}");
    assert_eq!(n_sent, kinds.len());
    let text = fs::read_to_string(&path).unwrap();
    let runs: Vec<CommandKind> = text.lines().map(run_of).collect();
    assert!(runs == kinds);
}

fn play(path: &Path) {
    let output = me("scenario", FILE, path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// This program once more, for one part that is told of a path.
fn me(part: &str, variable: &str, path: &Path) -> Process {
    let mut process = Process::new(std::env::current_exe().unwrap());
    process.args(["--exact", &format!("control::{part}"), "--nocapture"]).env(variable, path);
    process
}
