//! Cancels of dag-executor at work: the whole execution by a signal, single tasks by a control file, each proved by the
//! records that the host then saves.

use std::fs;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::geteuid;
use serde_json::{Value, json};

use crate::common::program::runwatch;
use crate::dag_host::{AFTER, Form, HOSTILE, Host, LONG, longest, queued};
use crate::session::Session;

fn cancel(log: &Path, home: &Path, more: &[&str]) -> Command {
    let mut command = runwatch(&["cancel", log.to_str().unwrap()]);
    command.args(more).env("XDG_STATE_HOME", home);
    command
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The outcome of each run, and the state in which it ended otherwise.
fn outcomes(out: &str) -> Vec<(String, Value, Value)> {
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|it| (it["run_id"].as_str().unwrap().to_owned(), it["outcome"].clone(), it["state"].clone()))
        .collect()
}

/// A process that is no host.
fn sleeper() -> Child {
    Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_signal_cancels_the_whole_execution_and_the_records_prove_it() {
    let host = Host::start(Form::A);
    let args = ["--all", "--control", &host.target(), "--yes", "--wait", "--json"];
    let child = cancel(&host.log(), host.dir.path(), &args).spawn().unwrap();
    host.wait_until_obeyed(1);
    // What is in progress is not interrupted.
    host.release();
    let (code, out, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(3), ""), "one ended otherwise: {out}");
    let outcomes = outcomes(&out);
    assert_eq!(outcomes.len(), 4, "{out}");
    for (id, outcome, state) in &outcomes {
        let expected = if id == LONG { ("overtaken", json!("completed")) } else { ("proved", Value::Null) };
        assert_eq!((outcome, state), (&json!(expected.0), &expected.1), "{id}");
    }
    let record = fs::read_to_string(host.dir.path().join("runwatch/commands.jsonl")).unwrap();
    let lines: Vec<Value> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [asked, ended] = &lines[..] else { panic!("{record}") };
    assert_eq!((&asked["command"], &asked["target"]), (&json!("cancel_all"), &json!(host.target())));
    assert_eq!((&ended["id"], &ended["outcome"]), (&asked["id"], &json!("sent")));
    let ends = host.ends();
    assert!(queued().iter().all(|id| ends[id] == "cancelled") && ends[LONG] == "completed", "{ends:?}");
}

#[test]
fn single_tasks_are_canceled_by_their_own_ids_however_those_are_written() {
    let host = Host::start(Form::A);
    let target = format!("file:{}", host.commands().display());
    let args = [HOSTILE, &longest(), "--control", &target, "--yes", "--wait", "--json"];
    let child = cancel(&host.log(), host.dir.path(), &args).spawn().unwrap();
    host.wait_until_obeyed(2);
    host.release();
    let (code, out, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let outcomes = outcomes(&out);
    assert_eq!(outcomes.len(), 2, "{out}");
    for id in [HOSTILE, &longest()] {
        assert!(outcomes.contains(&(id.to_owned(), json!("proved"), Value::Null)), "{out}");
    }
    assert!(out.is_ascii());
    let ends = host.ends();
    assert_eq!(
        (&*ends[HOSTILE], &*ends[&longest()], &*ends["orders/1"]),
        ("cancelled", "cancelled", "completed")
    );
    // The one that executes is canceled in the middle, and what depends on it is skipped.
    let host = Host::start(Form::A);
    let target = format!("file:{}", host.commands().display());
    let args = ["--query", "id:long", "--control", &target, "--yes", "--wait"];
    let (code, out, err) = told(&cancel(&host.log(), host.dir.path(), &args).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("long  proved at #"), "{out}");
    let (code, out, _) = told(&cancel(&host.log(), host.dir.path(), &args).output().unwrap());
    assert_eq!((code, out.as_str()), (Some(0), "there is no run to cancel\n"));
    let args = [LONG, AFTER, "--control", &target, "--yes"];
    let (code, out, _) = told(&cancel(&host.log(), host.dir.path(), &args).output().unwrap());
    assert_eq!(code, Some(3), "{out}");
    assert!(
        out.contains("long  not sent: cancelled at #") && out.contains("after  not sent: skipped at #"),
        "{out}"
    );
}

/// The graph tells of tasks that have no record yet: one of them is canceled when its turn comes, or skipped.
#[test]
fn tasks_without_a_record_are_canceled_alone_and_end_with_the_whole_execution() {
    let host = Host::start(Form::B);
    let target = format!("file:{}", host.commands().display());
    let args = [AFTER, "--control", &target, "--yes", "--wait"];
    let child = cancel(&host.log(), host.dir.path(), &args).spawn().unwrap();
    host.wait_until_obeyed(1);
    host.release();
    let (code, out, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("after  proved at #"), "{out}");

    let host = Host::start(Form::B);
    let args = ["--all", "--control", &host.target(), "--yes", "--wait", "--json"];
    let child = cancel(&host.log(), host.dir.path(), &args).spawn().unwrap();
    host.wait_until_obeyed(1);
    host.release();
    let (code, out, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(3), ""), "{out}");
    let outcomes = outcomes(&out);
    let ends = host.ends();
    assert_eq!(outcomes.len(), 5, "{out}");
    for (id, outcome, state) in &outcomes {
        let end = &*ends[id];
        let expected = if end == "cancelled" {
            (json!("proved"), Value::Null)
        } else {
            (json!("overtaken"), json!(end))
        };
        assert_eq!((outcome, state), (&expected.0, &expected.1), "{id}");
    }
    // The success of the first is too late for the one that depends on it.
    assert_eq!((&*ends[LONG], &*ends[AFTER]), ("completed", "cancelled"), "{out}");
}

/// A word that the engine's table does not have: nothing says that a cancel can end it.
#[test]
fn a_state_that_the_engine_does_not_cancel_is_left_alone_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let (log, commands) = (dir.path().join("records.jsonl"), dir.path().join("commands.jsonl"));
    let record = |id: &str, state: &str| {
        let times = json!({"created_at": 1, "updated_at": 2, "started_at": null, "finished_at": null});
        let mut record =
            json!({"id": id, "state": state, "attempts": 0, "output": null, "error": null, "metadata": {}});
        record.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
        format!("{record}\n")
    };
    fs::write(&log, record("odd", "paused") + &record("even", "running")).unwrap();
    let target = format!("file:{}", commands.display());
    let args = ["odd", "even", "--control", &target, "--yes"];
    let (code, out, err) = told(&cancel(&log, dir.path(), &args).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(5), ""), "{out}");
    assert_eq!(out, "even  sent\nodd  not sent: other at #1 is not canceled in that state\n");
    assert_eq!(fs::read_to_string(&commands).unwrap().lines().count(), 1);
    let (code, out, _) =
        told(&cancel(&log, dir.path(), &[&args[..], &["--json"]].concat()).output().unwrap());
    assert_eq!(code, Some(5), "{out}");
    assert!(outcomes(&out).contains(&("odd".to_owned(), json!("not_cancelable"), json!("other"))), "{out}");

    let argv = [env!("CARGO_BIN_EXE_runwatch"), log.to_str().unwrap(), "--control", &target];
    let mut session = Session::start(&argv, &[("HOME", dir.path())]);
    session.wait_for("LIVE");
    session.press("/id:odd\r1jc");
    session.wait_for("odd is other, and is not canceled in that state");
    session.press("q");
    session.wait_until_gone("id:odd");
    session.press("q");
    session.end(0);
}

#[test]
fn what_is_no_fit_process_is_named_with_the_next_step_and_nothing_is_sent() {
    let host = Host::start(Form::A);
    let mut gone = sleeper();
    gone.kill().unwrap();
    gone.wait().unwrap();
    let gone = format!("signal:{}", gone.id());
    for (args, code, expected) in [
        (
            vec!["--all", "--control", &gone, "--yes"],
            2,
            &["there is no such process", "give that: --control signal:PID"],
        ),
        (
            vec!["--all", "--control", "signal:abc", "--yes"],
            2,
            &["signal:abc names no process", "use signal:PID"],
        ),
        (
            vec!["--all", "--control", "signal:0", "--yes"],
            2,
            &["signal:0 names no process", "which is 2 or more"],
        ),
        (
            vec!["--all", "--control", "signal:-7", "--yes"],
            2,
            &["signal:-7 names no process", "use signal:PID"],
        ),
        (
            vec![LONG, "--control", &host.target(), "--yes"],
            2,
            &["cancels the whole execution, and not one", "--all in place of"],
        ),
        (
            vec!["--query", "live", "--control", &host.target(), "--yes"],
            2,
            &["cancels the whole execution", "file:PATH"],
        ),
        (
            vec!["--all", "--control", &host.target()],
            2,
            &["there is no terminal on which to ask", "add --yes"],
        ),
        (vec!["--all", LONG, "--control", &host.target()], 2, &["cannot be used with", "--all"]),
    ] {
        let (found, out, err) = told(&cancel(&host.log(), host.dir.path(), &args).output().unwrap());
        assert_eq!((found, out.as_str()), (Some(code), ""), "{args:?}: {err}");
        assert!(expected.iter().all(|words| err.contains(words)), "{args:?}: {err}");
    }
    assert!(!host.dir.path().join("obeyed").exists());
    assert!(!host.dir.path().join("runwatch/commands.jsonl").exists(), "nothing was asked");
}

/// SIGINT is no cancel there: it ends the host, and its runs go on at its next start.
#[test]
fn a_host_of_an_engine_that_cancels_nothing_at_a_signal_gets_none() {
    let mut process = sleeper();
    let dir = tempfile::tempdir().unwrap();
    let log = crate::common::file("tests/logs/live-small-mid.jsonl");
    let target = format!("signal:{}", process.id());
    let args = ["--all", "--control", &target, "--yes"];
    let (code, _, err) = told(&cancel(&log, dir.path(), &args).output().unwrap());
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("a host of this log's engine cancels nothing at a signal"), "{err}");
    assert!(process.try_wait().unwrap().is_none());
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn a_process_of_another_user_is_refused_before_the_question() {
    if !geteuid().is_root() {
        return; // Only root can be another user.
    }
    let host = Host::start(Form::A);
    // Where the other user may read both.
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let (program, log) = (dir.path().join("runwatch"), dir.path().join("records.jsonl"));
    fs::copy(env!("CARGO_BIN_EXE_runwatch"), &program).unwrap();
    fs::copy(host.log(), &log).unwrap();
    std::os::unix::fs::chown(dir.path(), Some(12_345), None).unwrap();
    let mut command = Command::new(&program);
    command.args(["cancel", log.to_str().unwrap(), "--all", "--control", &host.target(), "--yes"]);
    command.env_clear().env("XDG_STATE_HOME", dir.path()).stdin(Stdio::null()).uid(12_345).gid(12_345);
    let (code, out, err) = told(&command.output().unwrap());
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("belongs to another user") && err.contains("run runwatch as the user"), "{err}");
    assert!(!host.dir.path().join("obeyed").exists());
}

/// The dashboard on the log of a host, with signals to a process.
fn dashboard(host: &Host, target: &str) -> Session {
    let log = host.log();
    let argv = [env!("CARGO_BIN_EXE_runwatch"), log.to_str().unwrap(), "--control", target];
    let mut session = Session::start(&argv, &[("XDG_STATE_HOME", host.dir.path())]);
    session.wait_for("LIVE");
    session
}

/// Types the number of the process and a yes, as a person does who has read the question.
fn confirm(session: &mut Session, pid: &str) {
    session.look(Duration::from_millis(300));
    session.press(pid);
    session.wait_for(&format!("type {pid} to mean it: {pid}"));
    session.press("y");
    session.wait_until_gone("Cancel the whole execution?");
}

#[test]
fn the_question_says_all_that_a_signal_does_and_only_the_number_of_the_process_means_it() {
    let host = Host::start(Form::A);
    let mut session = dashboard(&host, &host.target());
    session.press("c");
    session.wait_for("Cancel the whole execution?");
    let pid = host.child.id().to_string();
    // The lines of the box, without its borders.
    let text = session.text();
    let lines = text.lines().filter_map(|line| line.split('│').nth(1).map(str::trim));
    let text = lines.collect::<Vec<_>>().join(" ");
    for words in [
        &*format!("SIGINT to process {pid}"),
        "dag_host::host",
        "the whole execution: 4 running, and all that has no record yet",
        "a signal cannot name one of them",
        "Tasks in progress are not interrupted.",
        "does not handle SIGINT ends at once",
        "cancelled is final",
        &*format!("type {pid} to mean it"),
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for (columns, rows, prompt) in [(40, 10, "final; type"), (60, 14, "final; type"), (80, 24, "to mean it")]
    {
        session.resize(columns, rows);
        session.wait_for(prompt);
        session.look(Duration::from_millis(100));
        let text = session.text();
        for words in [&*format!("SIGINT to process {pid}"), "asks in progress are not", "4 running"] {
            assert!(text.contains(words), "{columns}x{rows}: {text}");
        }
    }
    session.resize(110, 32);
    session.look(Duration::from_millis(300));
    session.press("y");
    session.wait_for("type the number first");
    assert!(!host.dir.path().join("obeyed").exists());
    confirm(&mut session, &pid);
    host.wait_until_obeyed(1);
    host.release();
    session.wait_for("cancels: 3 proved, 1 overtaken");
    session.press("c");
    session.wait_for("every run has ended: there is nothing to cancel");
    session.press("q");
    session.end(0);
}

#[test]
fn a_process_that_ends_before_the_answer_gets_no_signal_and_the_screen_says_so() {
    let host = Host::start(Form::A);
    let mut process = sleeper();
    let pid = process.id().to_string();
    let mut session = dashboard(&host, &format!("signal:{pid}"));
    session.press("c");
    session.wait_for("Cancel the whole execution?");
    process.kill().unwrap();
    assert_eq!(process.wait().unwrap().signal(), Some(9));
    confirm(&mut session, &pid);
    session.wait_for(&format!("nothing was canceled: signal:{pid}: the process has ended"));
    session.press("q");
    session.end(0);
}
