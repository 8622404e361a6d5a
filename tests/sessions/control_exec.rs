//! Cancels through a program, and what the real runwatch refuses before it shows anything.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use runwatch::control::command::CommandKind;

use crate::common::program;
use crate::sending::{self, LIMIT, Line, any_run};

/// Writes a program by another process: one that we hold open ourselves cannot be run.
fn script(path: &Path, text: &str) {
    let mut shell = Process::new("sh")
        .args(["-c", "cat > \"$1\" && chmod 700 \"$1\"", "sh"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    shell.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{text}\n").as_bytes()).unwrap();
    assert!(shell.wait().unwrap().success());
}

fn stage(text: &str) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cancel");
    script(&path, &format!("cd '{}'\n{text}", dir.path().display()));
    let target = format!("exec:{}", path.display());
    (dir, target)
}

#[test]
fn each_command_runs_the_program_and_is_on_record() {
    let (dir, target) = stage("echo \"$3\" >> ids");
    let mut line = Line::to(&target, None);
    let kinds: Vec<CommandKind> = (0..100).map(|_| any_run()).collect();
    let (n_sent, took) = line.send_many(&kinds);
    println!("100 commands to a program in {took:?}");
    assert_eq!((n_sent, line.record().len()), (100, 200));
    let ids = fs::read_to_string(dir.path().join("ids")).unwrap();
    assert!(kinds.iter().all(|kind| ids.contains(&kind.run().unwrap().to_string())));
    assert!(line.record().iter().all(|line| line["outcome"] == "sent" || line["target"] == target));
}

#[test]
fn programs_that_hang_hold_up_no_other_for_longer_than_their_time() {
    let (_dir, target) = stage("trap '' TERM; while :; do sleep 1; done");
    let mut line = Line::to(&target, None);
    let start = Instant::now();
    for _ in 0..2 {
        line.channel().send(sending::command(any_run())).unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(1), "the caller does not wait");
    for _ in 0..2 {
        let error = line.next().result.unwrap_err();
        assert!(error.may_have_arrived() && error.to_string().contains("within 10 s"), "{error}");
    }
    line.channel.take().unwrap().finish(LIMIT).unwrap();
}

#[test]
fn what_cannot_be_put_on_record_is_not_sent() {
    let (dir, target) = stage("echo \"$3\" >> ids");
    let mut line = Line::to(&target, None);
    assert_eq!(line.send(any_run()), None);
    fs::remove_file(line.record_path()).unwrap();
    fs::create_dir(line.record_path()).unwrap();
    let words = line.send(any_run()).unwrap();
    assert!(words.starts_with("not sent, since it could not be put on record: "), "{words}");
    assert_eq!(fs::read_to_string(dir.path().join("ids")).unwrap().lines().count(), 1);
}

/// Environment of a child program: signals that do what they always do, nothing of ours open, no secret.
/// Else a pipe that closes does not end it, or it holds the terminal or the log open for days.
#[test]
fn a_program_is_born_as_from_a_shell() {
    let report = "grep ^Sig /proc/self/status > born; readlink /proc/$$/fd/0 /proc/$$/fd/2 >> born; \
        ls /proc/self/fd | wc -w >> born; env >> born; [ -t 0 ] || echo no terminal >> born";
    let (dir, target) = stage(report);
    let run = "33333333-3333-4333-8333-333333333333";
    let line = format!(
        "{{\"sequence\":1,\"event\":{{\"RunCreated\":{{\"run_instance\":{{\"id\":\"{run}\",\"task_id\":\"{run}\",\"state\":\"Scheduled\",\
         \"current_attempt_id\":null,\"attempt_count\":0,\"created_at\":1,\"scheduled_at\":1,\"effective_priority\":0,\
         \"last_state_change_at\":1}}}}}}}}\n"
    );
    let log = program::Log::new(line.as_bytes());
    let mut cancel = program::runwatch(&["cancel", log.path(), run, "--yes", "--control", &target]);
    cancel.env("HOME", dir.path()).env("PATH", std::env::var_os("PATH").unwrap());
    let output = cancel.env("RUNWATCH_TOKEN", "a-canary-of-a-token").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let born = fs::read_to_string(dir.path().join("born")).unwrap();
    let mask = |name: &str| {
        let line = born.lines().find(|line| line.starts_with(name)).unwrap();
        u64::from_str_radix(line.split_whitespace().nth(1).unwrap(), 16).unwrap()
    };
    let bit = |signal: rustix::process::Signal| 1 << (signal.as_raw() - 1);
    let ours = bit(rustix::process::Signal::PIPE) | bit(rustix::process::Signal::XFSZ);
    assert_eq!((mask("SigBlk"), mask("SigIgn") & ours), (0, 0), "{born}");
    assert!(born.contains("/dev/null\npipe:") && born.contains("no terminal"), "{born}");
    // Descriptors that the user who runs the tests has left open are not closed by us.
    let output = Process::new("sh").args(["-c", "ls /proc/self/fd | wc -w"]).output().unwrap();
    let n_open = String::from_utf8(output.stdout).unwrap();
    assert!(born.contains(&format!("\n{n_open}")), "{born} {n_open}");
    assert!(born.contains("RUNWATCH_COMMAND_ID=") && !born.contains("canary"), "{born}");
}

/// A directory with a home, a log, programs and tokens; nothing of it is to be touched.
fn house() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_owned();
    fs::create_dir(root.join("home")).unwrap();
    fs::write(root.join("log.jsonl"), "").unwrap();
    fs::write(root.join("public"), "0123456789abcdef0123456789abcdef").unwrap();
    fs::set_permissions(root.join("public"), fs::Permissions::from_mode(0o644)).unwrap();
    script(&root.join("loose"), "true");
    fs::set_permissions(root.join("loose"), fs::Permissions::from_mode(0o777)).unwrap();
    script(&root.join("fit"), "true");
    (dir, root)
}

/// Starts runwatch without a terminal, and returns what it says.
fn complaint(root: &Path, home: &Path, args: &[&str]) -> String {
    let log = root.join("log.jsonl");
    let args: Vec<&str> = [log.to_str().unwrap()].into_iter().chain(args.iter().copied()).collect();
    let output = program::runwatch(&args).env("HOME", home).env("PATH", root).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_cannot_work_is_said_before_the_screen_opens_with_what_to_do() {
    let (_dir, root) = house();
    let home = root.join("home");
    let path = |name: &str| root.join(name).to_str().unwrap().to_owned();
    let http = "http://127.0.0.1:9";
    for (args, expected) in [
        (
            vec!["--control", "exec:loose"],
            "others than its owner may write it\n  let only its owner write it: chmod go-w PROGRAM",
        ),
        (
            vec!["--control", "exec:none"],
            "commands cannot go to the program none: it was not found\n  name a program by its whole path",
        ),
        (vec!["--control", "exec:./fit"], "depends on the current directory"),
        (
            vec!["--control", http, "--token-file", &path("public")],
            "can be read by others\n  take the others' rights away, chmod 600 FILE",
        ),
        (vec!["--control", http, "--token-file", &path("none")], "cannot be read: entity not found"),
        (vec!["--control", "http://10.0.0.1:9"], "http:// is for this machine alone"),
        (vec!["--control", "http://ada:word@localhost:9"], "is followed by more than HOST:PORT"),
        // Nothing is wrong with these, but that there is no terminal.
        (vec!["--control", http], "terminal"),
        (vec!["--control", "exec:fit"], "terminal"),
    ] {
        let said = complaint(&root, &home, &args);
        assert!(said.contains(expected), "{args:?}\n{said}");
        assert!(!said.contains("0123456789abcdef"), "{said}");
    }
    let no_home = root.join("log.jsonl");
    let said = complaint(&root, &no_home, &["--control", http]);
    let expected = "commands.jsonl: Not a directory (os error 20)\n  set XDG_STATE_HOME to a directory of your own, or use --read-only";
    assert!(said.contains("commands cannot be put on record in ") && said.contains(expected), "{said}");
}

#[test]
fn read_only_wins_and_looks_at_nothing() {
    let (_dir, root) = house();
    let home = root.join("home");
    for target in ["exec:loose", "exec:fit", "http://127.0.0.1:9", "file:/none/at/all"] {
        let said = complaint(&root, &home, &["--control", target, "--read-only", "--token-file", "public"]);
        assert!(said.contains("terminal"), "{target}: {said}");
        assert_eq!(fs::read_dir(&home).unwrap().count(), 0, "{target}");
    }
}
