//! Being told, on a real terminal and by real programs: the bytes that it gets, and what the programs hear.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::common::read_text;
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");

/// A log that grows when the test says so, and a program that writes down what it hears.
struct Stage {
    _dir: tempfile::TempDir,
    log: PathBuf,
    script: PathBuf,
    heard: PathBuf,
    lines: Vec<String>,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let (log, script, heard) = (at("orders.jsonl"), at("tell.sh"), at("heard"));
        let lines: Vec<String> =
            read_text("tests/logs/live-small-mid.jsonl").lines().map(str::to_owned).collect();
        let text = format!(
            "#!/bin/sh\necho \"$1|$RUNWATCH_QUERY|$RUNWATCH_COUNT|$RUNWATCH_RUNS\" >> {}\n",
            heard.display()
        );
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let stage = Self { _dir: dir, log, script, heard, lines };
        fs::write(&stage.log, stage.text(0, stage.cut())).unwrap();
        stage
    }

    /// The line by which the first run is canceled.
    fn cut(&self) -> usize {
        self.lines.iter().position(|line| line.contains("\"new_state\":\"Canceled\"")).unwrap()
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.lines[from..to].iter().map(|line| format!("{line}\n")).collect()
    }

    fn watch(&self, args: &[&str]) -> Session {
        // The question about the background ends with the same byte as a bell.
        let own = [PROGRAM, self.log.to_str().unwrap(), "--theme", "dark"];
        let argv: Vec<&str> = own.iter().chain(args).copied().collect();
        let mut session = Session::start(&argv, &[]);
        session.wait_for("LIVE");
        session
    }

    /// The log goes on to its end.
    fn go_on(&self) {
        let rest = self.text(self.cut(), self.lines.len());
        File::options().append(true).open(&self.log).unwrap().write_all(rest.as_bytes()).unwrap();
    }
}

const RING: &[u8] = b"\x1b]9;runwatch: 1 run came to answer state:Canceled\x1b\\";

#[test]
fn a_bell_and_a_notice_come_with_what_is_new() {
    let stage = Stage::new();
    let mut session = stage.watch(&["--on", "state:Canceled", "--bell", "--notify"]);
    assert!(!session.raw().contains(&7), "what was there is not told");
    stage.go_on();
    session.wait_for("1 run came to answer state:Canceled");
    let at = session.wait_for_raw(RING);
    assert_eq!(session.raw().iter().filter(|byte| **byte == 7).count(), 1);
    assert!(session.raw()[..at].contains(&7));
    session.press("q");
    session.end(0);
}

#[test]
fn nothing_rings_unless_it_is_asked() {
    let stage = Stage::new();
    let mut session = stage.watch(&[]);
    stage.go_on();
    session.wait_for("Canceled 1");
    assert!(!session.raw().contains(&7));
    assert!(!String::from_utf8_lossy(session.raw()).contains("\x1b]9;"));
    session.press("q");
    session.end(0);
}

#[test]
fn a_program_hears_which_runs_it_is_about() {
    let stage = Stage::new();
    let command = format!("{} 'two words'", stage.script.display());
    let mut session = stage.watch(&[
        "--on",
        "state:Canceled",
        "--exec",
        &command,
        "--on",
        "state:Completed task:nothing",
        "--exec",
        "/no/such",
    ]);
    assert!(!stage.heard.exists());
    stage.go_on();
    let heard = session
        .until("program", || fs::read_to_string(&stage.heard).ok().filter(|heard| heard.ends_with('\n')));
    let canceled = &stage.lines[stage.cut()];
    let (_, rest) = canceled.split_once("\"run_id\":\"").unwrap();
    assert_eq!(heard, format!("two words|state:Canceled|1|{}\n", &rest[..36]));
    session.press("q");
    session.end(0);
}

/// A program that is told of a log has no business with a daemon's token, nor with our terminal.
#[test]
fn a_program_is_born_as_from_a_shell_and_without_our_secrets() {
    let stage = Stage::new();
    let text = "#!/bin/sh\ncd \"${0%/*}\"\ngrep ^Sig /proc/self/status > born; env >> born; ls /proc/self/fd | wc -w >> born\n\
        readlink /proc/$$/fd/0 /proc/$$/fd/2 >> born; mv born heard\n";
    fs::write(&stage.script, text).unwrap();
    let argv = [
        PROGRAM,
        stage.log.to_str().unwrap(),
        "--on",
        "state:Canceled",
        "--exec",
        stage.script.to_str().unwrap(),
    ];
    let mut session = Session::start(&argv, &[("RUNWATCH_TOKEN", "a-canary-of-a-token".as_ref())]);
    session.wait_for("LIVE");
    stage.go_on();
    let born = session.until("program", || fs::read_to_string(&stage.heard).ok());
    let signals: Vec<&str> =
        born.lines().filter(|line| !line.starts_with("SigQ") && line.starts_with("Sig")).collect();
    let mask = |name: &str| {
        let line = signals.iter().find(|line| line.starts_with(name)).unwrap();
        u64::from_str_radix(line.split_whitespace().nth(1).unwrap(), 16).unwrap()
    };
    let bit = |signal: rustix::process::Signal| 1 << (signal.as_raw() - 1);
    let ours = bit(rustix::process::Signal::PIPE) | bit(rustix::process::Signal::XFSZ);
    assert_eq!((mask("SigBlk"), mask("SigIgn") & ours), (0, 0), "{born}");
    assert!(born.contains("RUNWATCH_COUNT=1\n") && !born.contains("canary"), "{born}");
    assert!(born.contains("\n4\n/dev/null\n/dev/null\n"), "{born}");
    session.press("q");
    session.end(0);
}

#[test]
fn a_program_that_is_not_there_is_said() {
    let stage = Stage::new();
    let mut session = stage.watch(&["--on", "state:Canceled", "--exec", "/no/such/program"]);
    stage.go_on();
    session.wait_for("/no/such/program was not run:");
    session.press("q");
    session.end(0);
}
