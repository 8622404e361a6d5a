//! Cancels through a command line with places for values: `--control 'exec:obey revoke {run}'`, run as it is typed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::program::runwatch;
use crate::common::read_text;
use crate::session::Session;

/// A directory with a log and a program that obeys: it writes its arguments, one a line, and says in the log that the
/// run in the second one was canceled.
struct Stage {
    dir: tempfile::TempDir,
    run: String,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = read_text("tests/logs/live-small-mid.jsonl");
        fs::write(dir.path().join("log.jsonl"), &text).unwrap();
        let script = "#!/bin/sh\ncd \"${0%/*}\"\nprintf '%s\\n' \"$@\" >> said\n[ \"$1\" = revoke ] || exit 0\n\
            printf '{\"sequence\":1231,\"event\":{\"RunStateChanged\":{\"run_id\":\"%s\",\"previous_state\":\"Ready\",\
            \"new_state\":\"Canceled\",\"timestamp\":1795196262}}}\\n' \"$2\" >> log.jsonl\n";
        fs::write(dir.path().join("obey"), script).unwrap();
        fs::set_permissions(dir.path().join("obey"), fs::Permissions::from_mode(0o700)).unwrap();
        let output = runwatch(&["runs", dir.path().join("log.jsonl").to_str().unwrap(), "--json"]).output();
        let runs = String::from_utf8(output.unwrap().stdout).unwrap();
        let mut runs = runs.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let run = runs.find(|run| run["state"] == "Ready").unwrap()["run_id"].as_str().unwrap().to_owned();
        Self { dir, run }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The target with these arguments; the program is looked for in `PATH`.
    fn target(arguments: &str) -> String {
        format!("exec:obey {arguments}")
    }

    fn cancel(&self, log: &Path, args: &[&str]) -> (Option<i32>, String, String) {
        let mut command = runwatch(&["cancel", log.to_str().unwrap()]);
        let output = command.args(args).env("HOME", self.dir.path()).env("PATH", self.search()).output();
        let output = output.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    fn search(&self) -> String {
        format!("{}:/usr/bin:/bin", self.dir.path().display())
    }

    fn said(&self) -> String {
        fs::read_to_string(self.at("said")).unwrap_or_default()
    }

    fn record(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.at(".local/state/runwatch/commands.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn a_program_is_run_with_the_id_in_its_place_and_the_log_proves_it() {
    let stage = Stage::new();
    let target = Stage::target("revoke {run} 'a b' $HOME --id={run} {{}}");
    let args = [&stage.run, "--control", &target, "--wait", "--yes"];
    let (code, out, err) = stage.cancel(&stage.at("log.jsonl"), &args);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert_eq!(out, format!("{}  proved at #1231\n", stage.run));
    let run = &stage.run;
    assert_eq!(stage.said(), format!("revoke\n{run}\na b\n$HOME\n--id={run}\n{{}}\n"));
    // On record is the command line as it was run.
    let record = stage.record();
    let program = stage.at("obey");
    let line = format!("exec:{} revoke {run} 'a b' '$HOME' --id={run} {{}}", program.display());
    assert_eq!((&record[0]["target"], &record[0]["run_id"]), (&json!(line), &json!(run)));
    assert_eq!((&record[1]["id"], &record[1]["outcome"]), (&record[0]["id"], &json!("sent")));
}

/// Tables say what proves a cancel, and what is canceled: any end for a container, the whole job for a task of HyperQueue,
/// and nothing for a log of one's own that never tells.
#[test]
fn a_table_says_what_a_cancel_is_of_and_what_proves_it() {
    let stage = Stage::new();
    let log = stage.at("events.jsonl");
    let script = "#!/bin/sh\ncd \"${0%/*}\"\nprintf '%s\\n' \"$@\" >> said\ncat answer >> events.jsonl\n";
    fs::write(stage.at("obey"), script).unwrap();
    let docker = |action: &str, code: &str| {
        json!({"Type": "container", "Action": action, "Actor": {"ID": "c1", "Attributes": {"exitCode": code}},
            "timeNano": 1_796_000_000_000_000_000_u64})
    };
    let task = |task: u32| json!({"time": "2026-11-30T19:45:04Z", "event": {"type": "task-started", "job": 7, "task": task, "instance": 0, "worker": 1}});
    let canceled = json!({"time": "2026-11-30T19:45:05Z", "event": {"type": "task-canceled",
        "tasks": [{"job_id": 7, "job_task_id": 1}, {"job_id": 7, "job_task_id": 2}]}});
    for (lines, answer, target, run, said, code, outcome) in [
        (vec![docker("start", "")], docker("die", "143"), "stop {run}", "c1", "stop\nc1\n", 0, "proved"),
        (vec![task(1), task(2)], canceled, "cancel {parent}", "7@1", "cancel\n7\n", 0, "proved"),
    ] {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&log, text).unwrap();
        fs::write(stage.at("answer"), format!("{answer}\n")).unwrap();
        let _ = fs::remove_file(stage.at("said"));
        let args = [run, "--control", &Stage::target(target), "--wait", "--yes", "--json"];
        let (found, out, err) = stage.cancel(&log, &args);
        assert_eq!((found, err.as_str()), (Some(code), ""), "{out}");
        assert_eq!(stage.said(), said);
        let told: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        assert_eq!((&told["run_id"], &told["outcome"]), (&json!(run), &json!(outcome)), "{out}");
    }
    // A table without a way to cancel says so, and one that never confirms is not waited for.
    fs::write(
        &log,
        "{\"jid\":\"j1\",\"job_status\":\"start\",\"class\":\"W\",\"time\":\"2026-11-30T19:45:04Z\"}\n",
    )
    .unwrap();
    let (code, _, err) = stage.cancel(&log, &["j1", "--control", &Stage::target("stop {run}"), "--yes"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("names no way to cancel a run"), "{err}");
    let table = "name = \"mute\"\n[cancel]\nproof = \"none\"\n[[rule]]\nid = \"/run\"\nstate = \"/state\"\n";
    fs::write(stage.at("mute.toml"), table).unwrap();
    fs::write(&log, "{\"run\":\"m1\",\"state\":\"running\"}\n").unwrap();
    fs::write(stage.at("answer"), "").unwrap();
    let format = stage.at("mute.toml").display().to_string();
    let args =
        ["m1", "--format", &format, "--control", &Stage::target("stop {run}"), "--wait", "--yes", "--json"];
    let (code, out, err) = stage.cancel(&log, &args);
    assert_eq!((code, err.as_str()), (Some(4), ""), "{out}");
    assert!(out.contains("\"unconfirmed\""), "{out}");
}

/// The ids are of a log's author, who would like to be the operator.
#[test]
fn ids_that_are_no_plain_words_are_refused_and_the_program_is_not_run_for_them() {
    let stage = Stage::new();
    let log = stage.at("records.jsonl");
    let hostile = ["-rf", "$(touch pwned)", "a b", "a;reboot", "\u{1b}[2J", "x\ny", "a\0b", "'"];
    let record = |id: &str| {
        let record = json!({"id": id, "state": "running", "attempts": 0, "output": null, "error": null,
            "metadata": {}, "created_at": 1, "updated_at": 2, "started_at": null, "finished_at": null});
        format!("{record}\n")
    };
    fs::write(&log, hostile.iter().chain(&["orders/1"]).map(|id| record(id)).collect::<String>()).unwrap();
    let target = Stage::target("stop --id={run}");
    let (code, out, err) = stage.cancel(&log, &["--all", "--control", &target, "--yes", "--json"]);
    assert_eq!((code, err.as_str()), (Some(5), ""), "{out}");
    let told: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), hostile.len() + 1);
    for it in &told {
        let id = it["run_id"].as_str().unwrap();
        if id == "orders/1" {
            assert_eq!(it["outcome"], "sent");
            continue;
        }
        assert!(hostile.contains(&id) && it["outcome"] == "refused", "{it}");
        let reason = it["reason"].as_str().unwrap();
        assert!(
            reason.contains("the id of the run, ") && reason.ends_with("cancel it where it runs"),
            "{reason}"
        );
    }
    assert_eq!(stage.said(), "stop\n--id=orders/1\n");
    assert!(!stage.at("pwned").exists());
    // All were on record before; one that was refused has the command line without a value.
    let record = stage.record();
    let target_of = |id: &str| {
        record.iter().find(|line| line["run_id"] == id).unwrap()["target"].as_str().unwrap().to_owned()
    };
    assert!(target_of("orders/1").ends_with("/obey stop --id=orders/1"));
    assert!(target_of("-rf").ends_with("/obey stop --id={run}"));
    // For people, on a terminal.
    let (code, out, _) = stage.cancel(&log, &["--all", "--control", &target, "--yes"]);
    assert!(code == Some(5) && !out.contains(['\u{1b}', '\0']), "{out:?}");
}

#[test]
fn what_is_no_command_line_is_said_before_anything_is_read() {
    let stage = Stage::new();
    for (target, expected) in [
        ("exec:obey {id}", "{id} is no value of a run; there are {run}, {task} and {parent}"),
        ("exec:obey 'a {run}", "a quote is not closed"),
        ("exec:obey {run", "a brace without its counterpart"),
        ("exec:{run} obey", "the program cannot be a value of a run"),
        ("exec:./obey {run}", "depends on the current directory"),
        ("exec:none {run}", "commands cannot go to the program none: it was not found"),
    ] {
        let args = [&stage.run, "--control", target, "--yes"];
        let (code, out, err) = stage.cancel(&stage.at("log.jsonl"), &args);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{target}");
        assert!(err.contains(expected), "{target}: {err}");
    }
    assert_eq!((stage.said().as_str(), stage.record().len()), ("", 0));
}

/// Others may have changed it between two runs of it.
#[test]
fn the_program_is_looked_at_before_each_run() {
    let stage = Stage::new();
    fs::set_permissions(stage.at("obey"), fs::Permissions::from_mode(0o777)).unwrap();
    let args = [&stage.run, "--control", &Stage::target("stop {run}"), "--yes"];
    let (code, _, err) = stage.cancel(&stage.at("log.jsonl"), &args);
    assert!(code == Some(2) && err.contains("others than its owner may write it"), "{err}");
    assert_eq!(stage.said(), "");
}

#[test]
fn the_dashboard_asks_with_the_whole_command_line_and_runs_it() {
    let stage = Stage::new();
    let (log, path) = (stage.at("log.jsonl"), PathBuf::from(stage.search()));
    let target = Stage::target("revoke {run}");
    let argv = [env!("CARGO_BIN_EXE_runwatch"), log.to_str().unwrap(), "--control", &target];
    let mut session = Session::start(&argv, &[("HOME", stage.dir.path()), ("PATH", &path)]);
    session.wait_for("LIVE");
    session.press(&format!("/id:{}\rjc", stage.run));
    // The last line of the question: the rest of it is there by then.
    session.wait_for("Keep running");
    let text = session.text();
    assert!(text.contains(&format!("{}/obey", stage.dir.path().display())), "{text}");
    assert!(text.matches(&stage.run).count() >= 2 && text.contains("revoke"), "{text}");
    session.confirm("Cancel this run?");
    session.wait_for("proved at #1,231");
    assert_eq!(stage.said(), format!("revoke\n{}\n", stage.run));
    session.press("q");
    session.wait_until_gone("id:");
    session.press("q");
    session.end(0);
}

#[test]
fn at_a_terminal_the_command_line_is_shown_before_the_number_is_typed() {
    let stage = Stage::new();
    let (log, path) = (stage.at("log.jsonl"), PathBuf::from(stage.search()));
    let target = Stage::target("revoke {run}");
    let argv =
        [env!("CARGO_BIN_EXE_runwatch"), "cancel", log.to_str().unwrap(), &stage.run, "--control", &target];
    let mut session = Session::start(&argv, &[("HOME", stage.dir.path()), ("PATH", &path)]);
    session.wait_for("Type 1 to mean it:");
    let text = session.text();
    assert!(text.contains("Cancel 1 run (1 Ready)?") && text.contains("This runs: "), "{text}");
    let flat: String = text.lines().map(str::trim_end).collect();
    assert!(flat.contains(&format!("/obey revoke {}", stage.run)), "{flat}");
    session.press("2\r");
    session.wait_for("nothing was sent");
    assert_eq!(stage.said(), "");
}
