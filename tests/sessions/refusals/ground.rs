//! Ground that gives way: no terminal, half of one, no directory, no descriptors. It is told plainly, or it runs.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::check_refused;
use crate::common::lines_of;
use crate::common::program::{Log, runwatch};
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");

fn log() -> Log {
    Log::new(&lines_of("tests/logs/cron.jsonl"))
}

/// No report of a panic, no byte that a terminal would obey.
fn check_plain(what: &str, bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    assert!(!said.contains('\x1b') && !said.contains("panicked"), "{what}: {said:?}");
}

/// A script of the shell that starts the program by `"$@"`, in a directory that is gone afterwards.
fn script(script: &str, args: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh", PROGRAM]).args(args).env_clear().current_dir(dir.path());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TERM", "xterm");
    command.stdin(Stdio::null()).output().unwrap()
}

/// A file would be full of sequences, and a pipe without a reader would end it with a panic.
#[test]
fn a_dashboard_whose_output_is_no_terminal_is_refused_and_writes_nothing_there() {
    let log = log();
    let path = log.path.with_file_name("out");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    for (what, out) in [
        ("a file", Stdio::from(File::create(&path).unwrap())),
        ("a pipe without a reader", writer.into()),
        ("a full device", full.into()),
        ("nothing", Stdio::null()),
    ] {
        let output = runwatch(&[log.path()]).env("TERM", "xterm").stdout(out).output().unwrap();
        check_refused(&output, "standard output is not a terminal", "runwatch stats LOG");
        check_plain(what, &output.stderr);
    }
    assert_eq!(fs::read(path).unwrap(), b"");
}

/// Reports go to such places all the time: what cannot be written is told, and a reader that has had enough is no error.
#[test]
fn a_report_says_plainly_that_it_is_not_taken() {
    let log = log();
    for report in ["stats", "runs", "check"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        for (what, out) in [("no reader", Stdio::from(writer)), ("full", full.into())] {
            let output = runwatch(&[report, log.path()]).stdout(out).output().unwrap();
            assert!(output.status.code().is_some_and(|code| code <= 2), "{what}: {:?}", output.status);
            check_plain(what, &output.stderr);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(what == "full", said.contains("failed to"), "{report} to {what}: {said}");
        }
    }
}

/// Files that are opened later would get the numbers of the closed ones, and be written over.
#[test]
fn closed_descriptors_at_the_start_are_nothing_to_stumble_over() {
    let log = log();
    let before = fs::read(&log.path).unwrap();
    for closed in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
        for args in [&["stats", log.path()][..], &["check", log.path()], &[log.path()]] {
            let output = script(&format!("\"$@\" {closed}"), args);
            let code = if args.len() == 2 { 0 } else { 2 };
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{closed} {args:?}: {said}");
            check_plain(closed, &output.stdout);
            check_plain(closed, &output.stderr);
            assert!(!closed.contains("2>") || said.is_empty(), "{closed} {args:?}: {said}");
        }
    }
    assert_eq!(fs::read(&log.path).unwrap(), before, "it was written into the log");
}

/// Nothing of it is needed to read a log whose whole name is given.
#[test]
fn a_directory_that_is_gone_and_no_home_keep_no_user_from_reading() {
    let log = log();
    let gone = "mkdir gone && cd gone && rmdir ../gone && \"$@\"";
    let output = script(gone, &["stats", log.path()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    check_refused(&script(gone, &["stats", "log.jsonl"]), "does not exist", "check the path");
    check_refused(&script(gone, &[log.path()]), "standard output is not a terminal", "runwatch stats LOG");
    let dir = log.path.with_file_name("work");
    let script = format!("mkdir '{0}' && cd '{0}' && rmdir '{0}' && \"$@\"", dir.display());
    let argv = ["sh", "-c", &script, "sh", PROGRAM, log.path()];
    let mut session = Session::start(&argv, &[]);
    session.wait_for("LIVE");
    session.press("q");
    session.end(0);
}

/// A terminal on which the keys cannot be read would show a dashboard that the user cannot leave.
#[test]
fn a_terminal_without_keys_or_without_sequences_is_refused_and_not_touched() {
    let log = log();
    for (script, term, fact) in [
        ("\"$@\"", "dumb", "TERM=\"dumb\" cannot show a dashboard"),
        ("\"$@\"", "", "TERM=\"\" cannot show a dashboard"),
        // In a session of its own it has no terminal, though it writes to one.
        ("setsid -w \"$@\" < /dev/null", "xterm", "there is no terminal to read keys from"),
        ("setsid -w \"$@\" <&-", "xterm", "there is no terminal to read keys from"),
        ("\"$@\" > /dev/null", "xterm", "standard output is not a terminal"),
        ("\"$@\" >&-", "xterm", "standard output is not a terminal"),
    ] {
        let argv = ["sh", "-c", script, "sh", PROGRAM, log.path()];
        let said = Session::start(&argv, &[("TERM", Path::new(term))]).end_untouched(2);
        assert!(said.starts_with("runwatch: failed to ") && said.contains(fact), "{script} {term}: {said}");
        assert_eq!(said.lines().count(), 2, "{said}");
    }
}

/// Keys come from the process's own terminal, even where its standard input leads elsewhere.
#[test]
fn a_dashboard_runs_without_a_standard_input_and_without_a_standard_error() {
    let log = log();
    for closed in ["<&-", "< /dev/null", "2>&-", "<&- 2>&-"] {
        let argv = ["sh", "-c", &format!("\"$@\" {closed}"), "sh", PROGRAM, log.path()];
        let mut session = Session::start(&argv, &[]);
        session.wait_for("LIVE");
        session.press("q");
        session.end(0);
    }
}
