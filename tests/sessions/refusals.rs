//! Refusals of the real program: one message with a next step, an exit code, and nothing touched.

mod ground;
mod hostile;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::common::program::{Log, runwatch};
use crate::common::{self, lines_of};

/// A message and a next step, and nothing else.
fn check_refused(output: &Output, fact: &str, step: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let [first, second] = lines[..] else { panic!("not two lines: {said}") };
    assert!(first.starts_with("runwatch: failed to ") && first.contains(fact), "{said}");
    assert!(second.starts_with("  ") && second.contains(step), "{said}");
}

#[test]
fn what_is_no_log_is_one_message_with_a_next_step() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let recorded = lines_of("tests/logs/cron.jsonl");
    let utf16: Vec<u8> =
        String::from_utf8(recorded).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let executable = fs::read(env!("CARGO_BIN_EXE_runwatch")).unwrap();
    for (path, fact, step) in [
        (dir.path().join("none.jsonl"), "does not exist", "check the path"),
        (path("file", b"").join("below"), "does not exist", "check the path"),
        (dir.path().to_owned(), "is a directory", "name a file in it"),
        (PathBuf::from("/dev/null"), "is a device", "name a file"),
        (common::file("tests/logs/live-small.jsonl.gz"), "compressed with gzip", "zcat "),
        (path("program", &executable[..8192]), "is binary", "JSON lines"),
        (path("wide.txt", &utf16), "UTF-16", "iconv "),
    ] {
        for report in ["stats", "check", "runs", "diff"] {
            let output = runwatch(&[report, path.to_str().unwrap()]).output().unwrap();
            check_refused(&output, fact, step);
        }
    }
}

#[test]
fn a_log_that_may_not_be_read_is_one_message_with_a_next_step() {
    use std::os::unix::fs::PermissionsExt as _;
    let log = Log::new(b"{}\n");
    fs::set_permissions(&log.path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&log.path).is_ok() {
        return; // Nothing is forbidden to root.
    }
    check_refused(&log.run(&["stats"]), "permission denied", "ls -l");
}

#[test]
fn a_dashboard_without_a_terminal_is_refused_and_touches_nothing() {
    let log = Log::new(&lines_of("tests/logs/cron.jsonl"));
    let control = log.path.with_file_name("commands.jsonl");
    let target = format!("file:{}", control.display());
    for more in [&[][..], &["--control", &target], &["--control", &target, "--read-only"], &["--read-only"]] {
        let args: Vec<&str> = [log.path()].iter().chain(more).copied().collect();
        let output = runwatch(&args).env("TERM", "xterm-256color").output().unwrap();
        check_refused(&output, "standard output is not a terminal", "runwatch stats LOG");
        assert!(!output.stderr.contains(&0x1b));
    }
    assert!(!control.exists());
}

/// The program, started on a log and with this target; it fails before it looks for a terminal.
fn refused_target(log: &Path, target: &str) -> String {
    let output = runwatch(&[log.to_str().unwrap(), "--control", target]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{target}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{target}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_place_that_commands_cannot_go_to_is_refused_with_a_reason() {
    let log = Log::new(b"{}\n");
    let dir = log.path.parent().unwrap();
    for (target, reason) in [
        ("commands.jsonl", "does not say what kind of place it is; use file:commands.jsonl"),
        ("", "does not say what kind of place it is"),
        ("file:", "needs a path after it"),
        ("ftp:host", "is no kind of place that commands can go to"),
        ("exec:./cancel", "depends on the current directory; use the whole path"),
        ("exec:no-such-program-anywhere", "no-such-program-anywhere"),
        ("http://example.com", "https"),
        ("file:/nowhere/commands.jsonl", "its directory does not exist"),
        (&format!("file:{}", dir.display()), "not a file"),
        (&format!("file:{}/below", log.path()), "its directory is a file"),
        ("file:/dev/null", "not a file"),
    ] {
        let said = refused_target(&log.path, target);
        assert!(said.contains(reason), "{target}: {said}");
    }
    // `--read-only` wins: the place is not even looked at.
    let args = [log.path(), "--read-only", "--control", "file:/nowhere/commands.jsonl"];
    check_refused(&runwatch(&args).output().unwrap(), "standard output is not a terminal", "runwatch stats");
}

#[test]
fn what_makes_no_sense_on_the_command_line_is_a_usage_error() {
    for args in [
        &["stats"][..],
        &["stats", "a", "b"],
        &["check", "a", "--verbose"],
        &["runs", "a", "--at", "soon"],
        &["diff", "a", "--from", "12"],
        &["a", "--evidence-timeout", "0"],
        &["a", "--evidence-timeout", "soon"],
        &["a", "b"],
        &[],
    ] {
        let output = runwatch(args).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}

/// A fault whose name was misspelled would let a test pass that tests nothing.
#[cfg(debug_assertions)]
#[test]
fn a_fault_that_is_none_is_refused() {
    let log = Log::new(b"{}\n");
    for args in
        [&["stats", log.path()][..], &[log.path()], &["cancel", log.path(), "a", "--control", "file:/x/y"]]
    {
        let output = runwatch(args).env("RUNWATCH_FAULT", "dead:reader,dead:cat").output().unwrap();
        check_refused(&output, "`dead:cat` is no fault", "read:eio-once");
    }
}
