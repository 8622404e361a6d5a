//! Bytes that hold events, and are no log of lines: what each command says of them, and what helps.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;
#[path = "common/program.rs"]
mod program;

use std::process::{Command, Stdio};
use std::{fs, io::Write as _};

use common::lines_of;
use program::{Log, runwatch, text};
use serde_json::Value;

/// The first lines of a recording, as they are.
fn lines() -> Vec<String> {
    let bytes = lines_of("assets/orders.jsonl");
    String::from_utf8(bytes).unwrap().lines().take(40).map(str::to_owned).collect()
}

fn each(lines: &[String], frame: impl Fn(&str) -> String) -> Vec<u8> {
    lines.iter().map(|line| frame(line)).collect::<String>().into_bytes()
}

/// Every framing, with words of it and the command that is told for it.
fn framings() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let lines = lines();
    let pretty = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        format!("{}\n", serde_json::to_string_pretty(&value).unwrap())
    };
    let docker = |line: &str| {
        let value = serde_json::json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2026-11-20T17:37:41Z"});
        format!("{value}\n")
    };
    let wide = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).unwrap();
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    vec![
        ("a JSON array", format!("[{}]", lines.join(",")).into_bytes(), "jq -c '.[]' F"),
        ("a JSON array", format!("[\n{}\n]\n", lines.join(",\n")).into_bytes(), "jq -c '.[]' F"),
        ("over several lines", each(&lines, pretty), "jq -c . F"),
        ("several events on one line", lines.concat().into_bytes(), "jq -c . F"),
        ("carriage return", each(&lines, |line| format!("{line}\r")), "tr '\\r' '\\n' < F"),
        ("Docker's own log", each(&lines, docker), "jq -j .log F"),
        (
            "Docker Compose's",
            each(&lines, |line| format!("queue-1  | {line}\n")),
            "grep -o '{\"control\".*' F",
        ),
        (
            "a container runtime's",
            each(&lines, |line| format!("2026-11-20T17:37:41.123456789Z stdout F {line}\n")),
            "grep -o '{\"control\".*' F",
        ),
        (
            "kubectl's",
            each(&lines, |line| format!("[pod/queue-0/queue] {line}\n")),
            "grep -o '{\"control\".*' F",
        ),
        (
            "other text before",
            each(&lines, |line| format!("Nov 20 17:37:41 host queue[7]: {line}\n")),
            "grep -o '{\"control\".*' F",
        ),
        ("UTF-16", wide(&each(&lines, |line| format!("{line}\n"))), "iconv -f UTF-16 -t UTF-8 F"),
    ]
}

/// The command that a hint tells, with the name of the file.
fn told_command(said: &str) -> &str {
    let command =
        said.split("read it with `").nth(1).and_then(|it| it.split_once(" | runwatch -`")).map(|it| it.0);
    command.unwrap_or_else(|| panic!("no command: {said}"))
}

#[test]
fn events_that_are_no_lines_are_named_by_every_command_and_the_told_one_helps() {
    let whole = Log::new(&each(&lines(), |line| format!("{line}\n")));
    let expected = text(&whole.run(&["runs", "--json"]));
    for (words, bytes, command) in framings() {
        let log = Log::new(&bytes);
        for args in [
            &["check"][..],
            &["check", "--json"],
            &["stats"],
            &["runs"],
            &["runs", "--at", "#3"],
            &["diff"],
            &["screenshot", "-o", "-"],
            &["follow"],
            &["wait", "--query", "live", "--for", "count>=1", "--timeout", "5s"],
            &["cancel", "--query", "live", "--control", "file:/nowhere/commands", "--yes"],
        ] {
            for piped in [false, true] {
                let args = args.iter().copied().chain([if piped { "-" } else { log.path() }]);
                let mut program = runwatch(&args.collect::<Vec<_>>());
                let output = program.stdin(fs::File::open(&log.path).unwrap()).output().unwrap();
                let said = String::from_utf8(output.stderr).unwrap();
                assert_eq!(output.status.code(), Some(2), "{words}: {program:?}: {said}");
                let told = told_command(&said).replace(if piped { "FILE" } else { log.path() }, "F");
                assert!(said.contains(words) && told == command, "{words}: {program:?}: {said}");
            }
        }
        // The command is there on most machines, and not on all.
        let tool = command.split(' ').next().unwrap();
        if Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok() {
            let command = command.strip_suffix('F').unwrap();
            let script = format!("{command} '{}'", log.path());
            let lines = helped_lines(Command::new("sh").args(["-c", &script]));
            let helped = Log::new(&lines);
            assert_eq!(text(&helped.run(&["runs", "--json"])), expected, "{command}");
        }
    }
}

fn helped_lines(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

#[test]
fn what_is_put_around_a_line_without_harm_is_read_over() {
    let lines = lines();
    let expected = text(&Log::new(&each(&lines, |line| format!("{line}\n"))).run(&["runs", "--json"]));
    for bytes in [
        each(&lines, |line| format!("{line},\n")),
        each(&lines, |line| format!("\u{1e}{line}\n")),
        each(&lines, |line| format!("{line}\r\n")),
        [b"\xef\xbb\xbf", &each(&lines, |line| format!("{line}\n"))[..]].concat(),
    ] {
        let log = Log::new(&bytes);
        assert_eq!(text(&log.run(&["runs", "--json"])), expected);
        assert!(text(&log.run(&["check"])).ends_with("no problems in 40 lines\n"));
    }
}

#[test]
fn no_check_is_passed_by_a_log_of_which_nothing_was_read() {
    let line = lines()[0].clone();
    let blank = "no event in 3 lines: all of them are blank";
    for (bytes, code, words) in [
        (line.clone(), 2, "no newline"),
        (format!("{{\"x\":\"{}\"}}", "y".repeat(5000)), 2, "no newline"),
        ("\n \n\n".to_owned(), 1, blank),
        ("what is this\n".to_owned(), 1, "no JSON value begins at column 1"),
        (String::new(), 0, "no problems in 0 lines"),
        (format!("{line}\n"), 0, "no problems in 1 line\n"),
    ] {
        let output = Log::new(bytes.as_bytes()).run(&["check"]);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
    }
    // At the end of a pipe a line is whole.
    let log = Log::new(line.as_bytes());
    let piped = runwatch(&["check", "-"]).stdin(fs::File::open(&log.path).unwrap()).output().unwrap();
    assert!(text(&piped).contains("no problems in 1 line"));
}

#[test]
fn the_board_says_that_no_line_could_be_read() {
    let board = |bytes: &[u8]| {
        let log = Log::named("orders.jsonl", bytes);
        text(&log.run(&["screenshot", "-o", "-", "--size", "100x20"]))
    };
    let words = board(b"hello\nwhat is this\n");
    assert!(words.contains("None of the 2 lines of orders.jsonl is an event."), "{words}");
    assert!(words.contains("Line 1: no JSON value begins at column 1."), "{words}");
    let words = board(b"hello, hello");
    assert!(words.contains("orders.jsonl has 12 bytes, and no newline."), "{words}");
    for silent in [&b""[..], b"\n\n"] {
        assert!(board(silent).contains("Waiting for the first event of"));
    }
}

/// Longer than any line that is kept: of each only what is of no use is left out.
#[test]
fn a_line_of_any_length_is_read_without_its_payload() {
    let run = "9ab40000-0000-4000-8000-000000000002";
    let task = "6f1c0000-0000-4000-8000-000000000001";
    let attempt = "c0de0000-0000-4000-8000-000000000003";
    let bytes = |n: usize| format!("[{}0]", "255,".repeat(n));
    let long = "x".repeat(20 << 20);
    let events = [
        format!(
            r#""TaskCreated":{{"task_spec":{{"id":"{task}","payload":{{"bytes":{}}},"run_policy":"Once","constraints":{{"max_attempts":3}},"metadata":{{"tags":["mail"],"priority":0,"description":"large one"}}}},"timestamp":1795196261}}"#,
            bytes(20 << 20)
        ),
        format!(
            r#""RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","attempt_count":0,"created_at":1795196261,"scheduled_at":1795196261,"effective_priority":0}}}}"#
        ),
        change(run, "Scheduled", "Ready"),
        change(run, "Ready", "Leased"),
        change(run, "Leased", "Running"),
        format!(r#""AttemptStarted":{{"run_id":"{run}","attempt_id":"{attempt}","timestamp":1795196262}}"#),
        format!(
            r#""AttemptFinished":{{"run_id":"{run}","attempt_id":"{attempt}","result":"Failure","error":"{long}","timestamp":1795196263}}"#
        ),
        change(run, "Running", "RetryWait"),
        change(run, "RetryWait", "Ready"),
        change(run, "Ready", "Leased"),
        change(run, "Leased", "Running"),
        format!(r#""AttemptStarted":{{"run_id":"{run}","attempt_id":"{run}","timestamp":1795196264}}"#),
        format!(
            r#""AttemptFinished":{{"run_id":"{run}","attempt_id":"{run}","result":"Success","error":null,"output":{},"timestamp":1795196265}}"#,
            bytes(6 << 20)
        ),
        change(run, "Running", "Completed"),
    ];
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 300000; exec \"$0\" runs --json -", env!("CARGO_BIN_EXE_runwatch")])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for (sequence, event) in (1..).zip(&events) {
        writeln!(input, "{{\"sequence\":{sequence},\"event\":{{{event}}}}}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["task"], &told["state"]), (&Value::from("large one"), &Value::from("Completed")));
    assert_eq!((&told["tags"][0], &told["max_attempts"]), (&Value::from("mail"), &Value::from(3)));
    let error = told["attempts"][0]["error"].as_str().unwrap();
    assert!(error.starts_with("xxx") && error.ends_with('…') && error.len() < 1 << 17);
    assert_eq!(told["attempts"][1]["output"], Value::Null);
}

fn change(run: &str, from: &str, to: &str) -> String {
    format!(
        r#""RunStateChanged":{{"run_id":"{run}","previous_state":"{from}","new_state":"{to}","timestamp":1795196262}}"#
    )
}

/// Files with bytes of which no line is an event, with words that say so.
const NO_EVENTS: [(&[u8], &str); 6] = [
    (b"not json\n", "its 1 line is no event; line 1: no JSON value begins at column 2"),
    (b"sequence,event\n0,RunCreated\n1,RunCreated\n", "none of its 3 lines is an event; line 1"),
    (b"{\n  \"events\": [\n    {\n    }\n  ]\n}\n", "none of its 6 lines is an event; line 1"),
    (b"\n\n\n", "all of its 3 lines are blank"),
    (b"\n", "its 1 line is blank"),
    (b"{\"control\": null, \"sequence\": 1}", "its 32 bytes have no newline"),
];

#[test]
fn nothing_is_answered_from_a_log_of_which_nothing_could_be_read() {
    let commands: [&[&str]; 12] = [
        &["stats"],
        &["stats", "--json"],
        &["stats", "--query", "live"],
        &["stats", "--at", "start"],
        &["stats", "--at", "line:1"],
        &["runs"],
        &["runs", "--json"],
        &["runs", "--at", "line:1"],
        &["diff"],
        &["diff", "--json"],
        &["diff", "--from", "end", "--to", "start"],
        &["cancel", "--query", "live", "--control", "file:commands", "--yes"],
    ];
    for (bytes, words) in NO_EVENTS {
        let log = Log::new(bytes);
        for command in commands {
            let output = log.run(command);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
            assert!(said.contains(words), "{command:?}: {said}");
            assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{command:?}");
        }
        let check = log.run(&["check"]);
        assert!(matches!(check.status.code(), Some(1 | 2)), "{words}");
    }
    // An empty log has no runs, and one event is enough to be a log.
    let first = lines()[0].clone();
    for bytes in [String::new(), format!("not json\n{first}\n"), format!("\n{first}\n")] {
        let log = Log::new(bytes.as_bytes());
        for command in &commands[..11] {
            assert_eq!(log.run(command).status.code(), Some(0), "{command:?}");
        }
    }
}

#[test]
fn a_condition_does_not_hold_before_the_first_event() {
    let wait = |bytes: &[u8], more: &[&str]| {
        let log = Log::new(bytes);
        let args = ["wait", "--query", "live", "--for", "count=0", "--timeout", "200ms"];
        log.run(&[&args[..], more].concat())
    };
    for (bytes, words) in NO_EVENTS.into_iter().chain([(&b""[..], "the log is empty")]) {
        let output = wait(bytes, &[]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("time is up, and count=0 is not known: "), "{said}");
        assert!(said.contains(words), "{said}");
        let output = wait(bytes, &["--json"]);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(told["nothing_read"].as_str().unwrap().contains(words), "{told}");
    }
    let first = format!("{}\n", lines()[0]);
    let output = wait(first.as_bytes(), &["--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), told.get("nothing_read")), (Some(0), None));
}
