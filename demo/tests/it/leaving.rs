//! Ends of the program: by its plan or by a signal, and the files it leaves behind.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::running::wait_for;

/// Starts the program in `dir`, with its temporary files in there too.
fn start(dir: &Path, args: &str) -> Child {
    fs::create_dir(dir.join("tmp")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_demo"))
        .args(["--headless", "--rate", "50", "--seed", "5"])
        .args(args.split(' '))
        .current_dir(dir)
        .env("TMPDIR", dir.join("tmp"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn check(engine: &str, end: &str, signal: Option<Signal>, expected_code: i32) {
    let dir = tempfile::tempdir().unwrap();
    let child = start(dir.path(), &format!("--engine {engine} --log demo.jsonl {end}"));
    if let Some(signal) = signal {
        wait_for("log", || fs::metadata(dir.path().join("demo.jsonl")).ok().filter(|log| log.len() > 10_000));
        kill_process(Pid::from_child(&child), signal).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(expected_code), "{engine} {signal:?}");
    assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0, "nothing stays behind");

    let log = fs::read_to_string(dir.path().join("demo.jsonl")).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with(&format!("{} events, ", log.lines().count())), "{said}");
    assert!(said.ends_with(" runs -> demo.jsonl\n"), "{said}");
}

#[test]
fn a_stop_signal_ends_it_in_good_order() {
    for (signal, expected_code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        for engine in ["actionqueue", "dag"] {
            check(engine, "--runs 1000", Some(signal), expected_code);
        }
    }
}

#[test]
fn a_plan_ends_by_itself() {
    for engine in ["actionqueue", "dag"] {
        check(engine, "--for 1", None, 0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_is_told() {
    for engine in ["actionqueue", "dag"] {
        let dir = tempfile::tempdir().unwrap();
        let args = format!("--engine {engine} --log /dev/full --runs 1000");
        let output = start(dir.path(), &args).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("write the log"));
        assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0, "nothing stays behind");
    }
}

#[test]
fn a_state_directory_that_is_named_stays_and_says_what_was_canceled() {
    let dir = tempfile::tempdir().unwrap();
    let child = start(dir.path(), "--engine dag --log demo.jsonl --directory state --runs 1000");
    wait_for("attempt", || {
        let log = fs::read_to_string(dir.path().join("demo.jsonl")).ok()?;
        log.contains("\"attempt_end\"").then_some(())
    });
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let files = fs::read_dir(dir.path().join("state")).unwrap();
    let files: Vec<_> = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let n_in = |state: &str| files.iter().filter(|it| it.contains(&format!("\"state\":\"{state}\""))).count();
    assert_eq!(n_in("running"), 0);
    assert!(n_in("cancelled") > 0 && n_in("skipped") > 0, "{files:?}");
}
