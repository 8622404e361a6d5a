//! `runwatch cancel`, run as a script runs it: what it sends, what it believes, and with which code it ends.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::common::program::runwatch;
use crate::common::read_text;
use crate::daemons::{Controls, any_port, start_01};
use crate::session::Session;

/// Longer than anything takes on a loaded machine.
const LIMIT: Duration = Duration::from_secs(20);

/// A log of all nine states, and a file for commands.
struct Stage {
    dir: tempfile::TempDir,
    log: PathBuf,
    commands: PathBuf,
    text: String,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (log, commands) = (dir.path().join("log.jsonl"), dir.path().join("commands.jsonl"));
        let text = read_text("tests/logs/live-small-mid.jsonl");
        fs::write(&log, &text).unwrap();
        Self { dir, log, commands, text }
    }

    fn args(&self, more: &[&str]) -> Vec<String> {
        let target = format!("file:{}", self.commands.display());
        let own = ["cancel", self.log.to_str().unwrap(), "--control", &target];
        own.iter().chain(more).map(|arg| (*arg).to_owned()).collect()
    }

    fn start(&self, more: &[&str]) -> Child {
        let args = self.args(more);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        runwatch(&args).spawn().unwrap()
    }

    fn run(&self, more: &[&str]) -> Output {
        self.start(more).wait_with_output().unwrap()
    }

    fn sent(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.commands).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Waits until `n` commands were sent.
    fn wait_for_commands(&self, n: usize) -> Vec<Value> {
        let started = Instant::now();
        loop {
            let text = fs::read_to_string(&self.commands).unwrap_or_default();
            if text.lines().count() >= n && text.ends_with('\n') {
                return self.sent();
            }
            assert!(started.elapsed() < LIMIT, "{n} commands were not sent: {text}");
            std::thread::yield_now();
        }
    }

    /// The runs that are in a state.
    fn runs_in(&self, state: &str) -> Vec<String> {
        let output = runwatch(&["runs", self.log.to_str().unwrap(), "--json"]).output().unwrap();
        let runs = String::from_utf8(output.stdout).unwrap();
        let runs = runs.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        runs.filter(|run| run["state"] == state)
            .map(|run| run["run_id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The log says, from this sequence on, that runs have gone from state to state.
    fn say(&self, first: usize, changes: &[(&str, &str, &str)]) {
        let mut file = File::options().append(true).open(&self.log).unwrap();
        for (sequence, (run, from, to)) in (first..).zip(changes) {
            let change =
                json!({"run_id": run, "previous_state": from, "new_state": to, "timestamp": 1_795_196_262});
            writeln!(file, "{}", json!({"sequence": sequence, "event": {"RunStateChanged": change}}))
                .unwrap();
        }
    }
}

impl Stage {
    /// The log says that the open attempt of a run has succeeded, and that the run has completed.
    fn complete(&self, run: &str) {
        let events = self.text.lines().rev().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut starts = events.filter_map(|event| event["event"].get("AttemptStarted").cloned());
        let start = starts.find(|start| start["run_id"] == json!(run)).unwrap();
        let finished = self.text.lines().find(|line| line.contains("\"AttemptFinished\"")).unwrap();
        let mut finished: Value = serde_json::from_str(finished).unwrap();
        finished["sequence"] = json!(1231);
        finished["event"]["AttemptFinished"]["run_id"] = json!(run);
        finished["event"]["AttemptFinished"]["attempt_id"] = start["attempt_id"].clone();
        writeln!(File::options().append(true).open(&self.log).unwrap(), "{finished}").unwrap();
        self.say(1232, &[(run, "Running", "Completed")]);
    }
}

fn ended(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_is_not_waited_for_is_sent_and_no_more_is_said_of_it() {
    let stage = Stage::new();
    let ready = stage.runs_in("Ready");
    let (code, out, err) = ended(&stage.run(&[&ready[0][..8], &ready[1], "--yes"]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out.lines().count(), 2);
    assert!(
        out.contains(&format!("{}  sent", ready[0])) && out.contains(&format!("{}  sent", ready[1])),
        "{out}"
    );
    let sent = stage.sent();
    assert_eq!((&sent[0]["command"], &sent[0]["seen"]["sequence"]), (&json!("cancel"), &json!(1230)));
}

#[test]
fn what_a_screen_shows_of_an_id_names_its_run() {
    let stage = Stage::new();
    let run = stage.runs_in("Ready").remove(0);
    let (begin, end) = (&run[..8], &run[24..]);
    for name in [
        begin.to_uppercase(),
        run[..13].replace('-', ""),
        format!("…{end}"),
        format!("~{end}"),
        format!("{begin}…{end}"),
        format!("…{}…", &run[24..34]),
    ] {
        let (code, out, err) = ended(&stage.run(&[&name, "--yes"]));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
        assert_eq!(out, format!("{run}  sent\n"), "{name}");
    }
    for (name, reason) in [
        ("…-", "too short to name a run"),
        ("…ffff0000ffff", "no run whose id reads `…ffff0000ffff`"),
        ("…4…", "too short"),
    ] {
        let (code, out, err) = ended(&stage.run(&[name, "--yes"]));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{name}");
        assert!(err.contains(reason), "{name}: {err}");
    }
}

#[test]
fn each_end_has_its_code_and_the_worst_counts() {
    for (states, code, expected) in [
        (["Canceled", "Canceled"], 0, ["proved", "proved"]),
        (["Canceled", "Completed"], 3, ["proved", "overtaken"]),
        (["Canceled", ""], 4, ["proved", "no_evidence"]),
    ] {
        let stage = Stage::new();
        let runs = stage.runs_in("Running");
        let timeout = if states[1].is_empty() { "0.3" } else { "60" };
        let child =
            stage.start(&[&runs[0], &runs[1], "--yes", "--wait", "--json", "--evidence-timeout", timeout]);
        stage.wait_for_commands(2);
        if states[1] == "Completed" {
            stage.complete(&runs[1]);
            stage.say(1233, &[(&runs[0], "Running", "Canceled")]);
        } else {
            let ends = runs.iter().zip(states).filter(|(_, state)| !state.is_empty());
            let ends: Vec<(&str, &str, &str)> =
                ends.map(|(run, state)| (run.as_str(), "Running", state)).collect();
            stage.say(1231, &ends);
        }
        let (found, out, err) = ended(&child.wait_with_output().unwrap());
        assert_eq!((found, err.as_str()), (Some(code), ""), "{states:?}: {out}");
        let told: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for (run, outcome) in runs.iter().zip(expected) {
            let line = told.iter().find(|line| line["run_id"] == json!(run)).unwrap();
            assert_eq!(line["outcome"], outcome, "{states:?}");
        }
    }
}

#[test]
fn a_query_names_many_and_what_has_ended_is_left_alone() {
    let stage = Stage::new();
    let completed = stage.runs_in("Completed").remove(0);
    let (code, out, _) =
        ended(&stage.run(&[&completed, "--query", "state:retrywait", "--yes", "--control-rate", "1000"]));
    assert_eq!(code, Some(3), "one had ended otherwise: {out}");
    assert_eq!(stage.sent().len(), stage.runs_in("RetryWait").len());
    assert!(out.contains(&format!("{completed}  not sent: Completed")), "{out}");
    let (code, out, _) = ended(&stage.run(&["--query", "tag:nothing-like-it"]));
    assert_eq!((code, out.as_str()), (Some(0), "there is no run to cancel\n"));
}

#[test]
fn what_cannot_be_meant_sends_nothing_and_says_what_to_do() {
    let stage = Stage::new();
    let ready = stage.runs_in("Ready");
    for (args, reason, hint) in [
        (vec!["ffffffff"], "no run whose id begins with `ffffffff`", "runwatch runs LOG"),
        (vec!["ab"], "too short to name a run", "at least 4"),
        (vec![ready[0].as_str()], "there is no terminal on which to ask whether to cancel 1 run", "--yes"),
        (vec!["--query", "stat:x", "--yes"], "there is no field `stat`", "state"),
    ] {
        let (code, out, err) = ended(&stage.run(&args));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}");
        assert!(err.contains(reason) && err.contains(hint), "{args:?}: {err}");
    }
    let nowhere = ["cancel", stage.log.to_str().unwrap(), &ready[0], "--yes", "--control", "file:/nowhere/c"];
    let (code, _, err) = ended(&runwatch(&nowhere).output().unwrap());
    assert_eq!(code, Some(2));
    assert!(err.contains("its directory does not exist"), "{err}");
    let missing = stage.dir.path().join("missing.jsonl");
    let target = format!("file:{}", stage.commands.display());
    let args = ["cancel", missing.to_str().unwrap(), &ready[0], "--yes", "--control", &target];
    let (code, _, err) = ended(&runwatch(&args).output().unwrap());
    assert_eq!(code, Some(2), "{err}");
    assert_eq!(stage.sent().len(), 0);
}

#[test]
fn a_refusal_has_a_code_of_its_own() {
    let stage = Stage::new();
    let run = stage.runs_in("Ready").remove(0);
    let script = stage.dir.path().join("refuse");
    fs::write(&script, "#!/bin/sh\necho 'not today' >&2\nexit 7\n").unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let target = format!("exec:{}", script.display());
    let args = ["cancel", stage.log.to_str().unwrap(), &run, "--yes", "--wait", "--control", &target];
    let mut command = runwatch(&args);
    command.env("HOME", stage.dir.path());
    let (code, out, _) = ended(&command.output().unwrap());
    assert_eq!(code, Some(5));
    assert!(out.contains("refused") && out.contains("not today"), "{out}");
}

#[test]
fn a_daemon_of_the_real_engine_cancels_and_its_log_proves_it() {
    let stage = Stage::new();
    let daemon = start_01(&stage.text, Controls::Enabled, any_port());
    let runs: Vec<String> = stage.runs_in("Ready").into_iter().take(5).collect();
    let origin = daemon.origin();
    let mut args = vec!["cancel", stage.log.to_str().unwrap(), "--yes", "--wait", "--control", &origin];
    args.extend(runs.iter().map(String::as_str));
    let mut command = runwatch(&args);
    command.env("HOME", stage.dir.path());
    let child = command.spawn().unwrap();
    let started = Instant::now();
    let lines = loop {
        let text = String::from_utf8(daemon.log()).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.len() >= stage.text.lines().count() + runs.len() {
            break lines;
        }
        assert!(started.elapsed() < LIMIT, "the daemon has obeyed {} lines", lines.len());
        std::thread::yield_now();
    };
    let mut file = File::options().append(true).open(&stage.log).unwrap();
    for line in &lines[stage.text.lines().count()..] {
        writeln!(file, "{line}").unwrap();
    }
    let (code, out, err) = ended(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(runs.iter().all(|run| out.contains(&format!("{run}  proved at #"))), "{out}");
}

/// Else the limit kills it, with half a command in the file and without a word.
#[test]
fn a_file_size_limit_refuses_and_does_not_kill() {
    let stage = Stage::new();
    let ready = stage.runs_in("Ready");
    // The shell counts in blocks of half a kibibyte or of a whole one.
    fs::write(&stage.commands, format!("{}\n", "x".repeat(1023 - 100))).unwrap();
    let args = stage.args(&[&ready[0], &ready[1], "--yes"]);
    let mut shell = Command::new("bash");
    shell.args(["-c", "ulimit -f 1 && exec \"$@\"", "bash", env!("CARGO_BIN_EXE_runwatch")]).args(&args);
    let (code, out, err) = ended(&shell.output().unwrap());
    assert_eq!((code, err.as_str()), (Some(5), ""), "{out}");
    let words = ["took only 100 of", "File too large (os error 27); begin a new file"];
    assert!(out.lines().zip(words).all(|(line, words)| line.contains("refused: ") && line.contains(words)));
}

/// The user stops it half-way: what was sent is reported, and nothing more goes.
#[test]
fn who_stops_it_is_told_what_was_sent_and_what_was_not() {
    let stage = Stage::new();
    let ready = stage.runs_in("Ready");
    let mut args: Vec<&str> = ready[..9].iter().map(String::as_str).collect();
    args.extend(["--yes", "--wait", "--control-rate", "4"]);
    let child = stage.start(&args);
    stage.wait_for_commands(1);
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let (code, out, err) = ended(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(143), ""), "{out}");
    let sent = stage.sent();
    assert!((1..9).contains(&sent.len()) && out.lines().count() == 9, "{out}");
    for run in &ready[..9] {
        let standing = if sent.iter().any(|line| line["run_id"] == json!(run)) { "sent" } else { "not sent" };
        assert!(out.contains(&format!("{run}  {standing}\n")), "{run} {standing}: {out}");
    }
}

/// A log that is copied from elsewhere is replaced by a longer copy of itself, which has the proof: by rsync, by an atomic
/// writer, or written over in its place.
#[test]
fn a_longer_copy_of_the_log_proves_what_it_says() {
    for in_place in [false, true] {
        let stage = Stage::new();
        let running = stage.runs_in("Running");
        let content = fs::read_to_string(&stage.log).unwrap();
        let child = stage.start(&[&running[0], "--yes", "--wait", "--evidence-timeout", "60"]);
        stage.wait_for_commands(1);
        let last: Value = serde_json::from_str(content.lines().last().unwrap()).unwrap();
        let canceled = json!({"run_id": running[0], "timestamp": 1_795_196_262});
        let sequence = last["sequence"].as_u64().unwrap() + 1;
        let line = json!({"sequence": sequence, "event": {"RunCanceled": canceled}});
        let copy = if in_place { stage.log.clone() } else { stage.dir.path().join("new") };
        fs::write(&copy, format!("{content}{line}\n")).unwrap();
        fs::rename(&copy, &stage.log).unwrap();
        let (code, out, err) = ended(&child.wait_with_output().unwrap());
        assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
        assert!(out.contains(&format!("{}  proved", running[0])), "{out}");
    }
}

/// Another log takes the place of the one that the runs were chosen from, and would prove anything: not waited on, nor
/// believed.
#[test]
fn another_log_in_its_place_proves_nothing_and_is_said() {
    let stage = Stage::new();
    let running = stage.runs_in("Running");
    let child = stage.start(&[&running[0], "--yes", "--wait", "--evidence-timeout", "60"]);
    stage.wait_for_commands(1);
    let canceled = json!({"run_id": running[0], "timestamp": 1_795_196_262});
    let line = json!({"sequence": 1, "event": {"RunCanceled": canceled}});
    fs::write(stage.dir.path().join("new"), format!("{line}\n")).unwrap();
    fs::rename(stage.dir.path().join("new"), &stage.log).unwrap();
    let (code, out, err) = ended(&child.wait_with_output().unwrap());
    assert_eq!(code, Some(4), "{out}{err}");
    assert!(out.contains(&format!("{}  sent", running[0])), "{out}");
    assert!(err.contains("another log has begun"), "{err}");
}

#[test]
fn a_ctrl_c_stops_it_as_well_and_says_the_same() {
    let stage = Stage::new();
    let ready = stage.runs_in("Ready");
    let args = stage.args(&[&ready[0], &ready[1], &ready[2], "--yes", "--control-rate", "1"]);
    let argv: Vec<&str> =
        [env!("CARGO_BIN_EXE_runwatch")].into_iter().chain(args.iter().map(String::as_str)).collect();
    let mut session = Session::start(&argv, &[]);
    let sent = stage.wait_for_commands(1);
    session.press("\x03");
    let said = session.end_untouched(130);
    assert!(said.contains(&format!("{}  sent\n", sent[0]["run_id"].as_str().unwrap())), "{said}");
    assert!(said.contains("  not sent\n"), "{said}");
}

/// Killed at any moment, again and again: each line of each file is whole, no command is doubled, the next
/// one starts on a line of its own, and nothing is left that would block it.
#[test]
fn a_kill_tears_nothing_doubles_nothing_and_leaves_no_lock() {
    const ROUNDS: u64 = 8;
    let stage = Stage::new();
    let ready = stage.runs_in("Ready");
    let script = stage.dir.path().join("obey");
    // One short write in the end: what it has obeyed is whole as well.
    fs::write(&script, "#!/bin/sh\necho \"$RUNWATCH_COMMAND_ID $3\" >> \"${0%/*}/obeyed\"\n").unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let record = stage.dir.path().join(".local/state/runwatch/commands.jsonl");
    let (to_file, to_program) =
        (format!("file:{}", stage.commands.display()), format!("exec:{}", script.display()));
    for (target, seen) in [(&to_file, &stage.commands), (&to_program, &stage.dir.path().join("obeyed"))] {
        for round in 0..ROUNDS {
            let length = || fs::metadata(seen).map_or(0, |file| file.len());
            let before = length();
            let mut args = vec!["cancel", stage.log.to_str().unwrap(), "--yes", "--control", target];
            args.extend(["--control-rate", "1000"]);
            args.extend(ready[..60].iter().map(String::as_str));
            let mut command = runwatch(&args);
            let mut child = command.env("HOME", stage.dir.path()).spawn().unwrap();
            let started = Instant::now();
            while length() == before {
                assert!(started.elapsed() < LIMIT, "nothing is sent");
                std::thread::yield_now();
            }
            let moment = Instant::now() + Duration::from_micros(round * 700);
            while Instant::now() < moment {
                std::thread::yield_now();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    let lines = |path: &PathBuf| -> Vec<Value> {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.ends_with('\n'), "{text:?}");
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
    };
    let check_once = |mut ids: Vec<(String, String)>| {
        let n_sent = ids.len();
        assert!(n_sent >= usize::try_from(ROUNDS).unwrap(), "{n_sent}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), n_sent, "a command is there twice");
    };
    let named =
        |line: &Value| (line["id"].to_string(), line["by"]["pid"].to_string() + &line["run_id"].to_string());
    let sent = lines(&stage.commands);
    check_once(sent.iter().map(|line| (line["id"].to_string(), String::new())).collect());
    check_once(sent.iter().map(|line| (String::new(), named(line).1)).collect());
    let (asked, ended): (Vec<Value>, Vec<Value>) =
        lines(&record).into_iter().partition(|line| line["outcome"].is_null());
    check_once(asked.iter().map(named).collect());
    let noted = |id: &str| asked.iter().any(|line| line["id"] == id);
    assert!(ended.iter().all(|line| noted(line["id"].as_str().unwrap())));
    let obeyed = fs::read_to_string(stage.dir.path().join("obeyed")).unwrap();
    let obeyed: Vec<&str> = obeyed.lines().map(|line| line.split_once(' ').unwrap().0).collect();
    assert!(obeyed.iter().all(|id| noted(id)), "each was put on record before it was sent");
    check_once(obeyed.iter().map(|id| ((*id).to_owned(), String::new())).collect());
    let mut names: Vec<_> =
        fs::read_dir(stage.dir.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".local", "commands.jsonl", "log.jsonl", "obey", "obeyed"]);
    // Nothing blocks the next one, and nothing goes that was not asked for.
    let n_before = sent.len();
    assert_eq!(stage.run(&[&ready[0], "--yes"]).status.code(), Some(0));
    assert_eq!(stage.sent().len(), n_before + 1);
}

/// A user at a terminal is asked, and answers with the number.
#[test]
fn at_a_terminal_the_number_is_asked_for() {
    for (typed, expected) in [
        ("2\r", "sent"),
        ("3\r", "nothing was sent"),
        ("\r", "nothing was sent"),
        ("y\r", "nothing was sent"),
    ] {
        let stage = Stage::new();
        let ready = stage.runs_in("Ready");
        let args = stage.args(&[&ready[0], &ready[1]]);
        let argv: Vec<&str> =
            [env!("CARGO_BIN_EXE_runwatch")].into_iter().chain(args.iter().map(String::as_str)).collect();
        let mut session = Session::start(&argv, &[]);
        session.wait_for("Type 2 to mean it:");
        assert!(session.text().contains("Cancel 2 runs (2 Ready) through file:"), "{}", session.text());
        session.press(typed);
        session.wait_for(expected);
        assert_eq!(stage.sent().len(), if expected == "sent" { 2 } else { 0 }, "{typed:?}");
    }
}
