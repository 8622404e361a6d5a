//! Bytes that hold events, and are no log of lines: what each command says of them, and what helps.

mod unanswered;

use std::process::{Command, Stdio};
use std::{fs, io::Write as _};

use serde_json::Value;

use crate::common::lines_of;
use crate::common::program::{Log, runwatch, text};

/// The first lines of a recording, as they are.
fn lines() -> Vec<String> {
    let bytes = lines_of("assets/orders.jsonl");
    String::from_utf8(bytes).unwrap().lines().take(40).map(str::to_owned).collect()
}

fn each(lines: &[String], frame: impl Fn(&str) -> String) -> Vec<u8> {
    lines.iter().map(|line| frame(line)).collect::<String>().into_bytes()
}

/// The command that picks the events out of lines.
const PICK: &str = r#"grep -aoE '[{] *"(sequence|control|event)".*' F | sed 's/}[^}]*$/}/'"#;

/// Some framings, with words of them and the command that is told for each.
fn framings() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let lines = lines();
    let pretty = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        format!("{}\n", serde_json::to_string_pretty(&value).unwrap())
    };
    let vector = |line: &str| format!("{}\n", serde_json::json!({"message": line, "source_type": "file"}));
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
        (
            "in `message`",
            each(&lines, vector),
            r#"jq -r '.. | strings | select(contains("\"sequence\""))' F"#,
        ),
        ("Docker Compose's", each(&lines, |line| format!("queue-1  | {line}\n")), PICK),
        ("kubectl's", each(&lines, |line| format!("[pod/queue-0/queue] {line}\n")), PICK),
        ("other text before", each(&lines, |line| format!("Nov 20 17:37:41 host queue[7]: {line}\n")), PICK),
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
        helps(words, &log, command.split(' ').next().unwrap(), &expected);
    }
}

/// Runs what is told for a log, where its tool is there, and compares what it makes of it.
fn helps(words: &str, log: &Log, tool: &str, expected: &str) {
    let output = log.run(&["check"]);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.code() == Some(2) && said.contains(words), "{words}: {said}");
    let command = told_command(&said);
    assert!(command.starts_with(tool), "{words}: {command}");
    // It is on most machines, and not on all.
    let version = format!("command -v {tool}");
    if Command::new("sh").args(["-c", &version]).stdout(Stdio::null()).status().unwrap().success() {
        // As the user runs it: in a pipe, where a complaint about the end of a text does not stop the reader.
        let script = format!("{command} | cat");
        let helped = Log::new(&helped_lines(Command::new("sh").args(["-c", &script])));
        let read = |args: &[&str]| {
            let mut program = runwatch(args);
            text(&program.stdin(fs::File::open(&helped.path).unwrap()).output().unwrap())
        };
        assert!(read(&["runs", "--json", "-"]) == expected, "{words}: {command}");
        let checked = read(&["check", "-"]);
        assert!(checked.contains("no problems in "), "{words}: {command}: {checked}");
    }
}

/// Parts of a text as a container's log driver cuts them.
fn parts(line: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (vec![], line);
    while rest.len() > 200 {
        let (part, behind) = rest.split_at(200);
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

#[test]
fn the_told_command_loses_no_event_of_what_collectors_of_logs_write() {
    let lines = lines();
    let whole = Log::new(&each(&lines, |line| format!("{line}\n")));
    let expected = text(&whole.run(&["runs", "--json"]));
    let time = "2026-11-20T17:37:41.123456789Z";
    let quoted = |line: &str| Value::from(line).to_string();
    let cri = |line: &str, n: usize| {
        let parts = parts(line);
        let (last, first) = parts.split_last().unwrap();
        // Short lines first: what is told for them holds for the long ones too.
        if n < 5 {
            return format!("{time} stderr F starting\n{time} stdout F {line}\n");
        }
        let first = first.iter().map(|part| format!("{time} stdout P {part}\n{time} stderr F so it is\n"));
        format!("{}{time} stdout F {last}\n", first.collect::<String>())
    };
    let docker = |line: &str| {
        let record = |log: &str, stream: &str| {
            format!("{}\n", serde_json::json!({"log": log, "stream": stream, "time": time}))
        };
        let line = format!("{{{}{}\n", " ".repeat(40_000), &line[1..]);
        let parts = line.as_bytes().chunks(16 << 10).map(|part| std::str::from_utf8(part).unwrap());
        let parts = parts.map(|part| record(part, "stdout") + &record("so it is\n", "stderr"));
        record("starting\n", "stdout") + &parts.collect::<String>()
    };
    // The same fields from a collector that takes the newlines away, but for those of a text of several lines.
    let fluent = |line: &str| {
        let long = format!("{{{}{}", " ".repeat(20_000), &line[1..]);
        let record =
            |log: &str| serde_json::json!({"log": log, "stream": "stdout", "time": time}).to_string();
        format!("{}\n{}\n{}\n", record("it failed\n"), record("starting"), record(&long))
    };
    let field =
        |name: &str, line: &str| serde_json::json!({"date": 1.5, name: line, "none": null}).to_string();
    let tagged = |line: &str| {
        let parts = parts(line);
        let n_parts = parts.len();
        let record = |(n, part): (usize, &str)| {
            let tag = if n + 1 < n_parts { "P" } else { "F" };
            format!("{}\n", serde_json::json!({"log": part, "stream": "stdout", "logtag": tag}))
        };
        parts.into_iter().enumerate().map(record).collect::<String>()
    };
    let swapped = |line: &str, n: usize| {
        let value: Value = serde_json::from_str(line).unwrap();
        match n % 3 {
            0 => line.to_owned(),
            1 => format!("{{\"event\":{},\"sequence\":{}}}", value["event"], value["sequence"]),
            _ => format!("{{ \"sequence\": {}, \"event\": {}}}", value["sequence"], value["event"]),
        }
    };
    let numbered = |frame: &dyn Fn(&str, usize) -> String| {
        lines.iter().enumerate().map(|(n, line)| frame(line, n)).collect::<String>().into_bytes()
    };
    let values: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap().into_bytes();
    let messages: Vec<Value> = lines.iter().map(|line| serde_json::json!({"message": line})).collect();
    let colored = |line: &str| line.replace('"', "\u{1b}[34m\"\u{1b}[0m");
    let streams = serde_json::json!({"data": {"result": [{"values":
        lines.iter().map(|line| [time, line.as_str()]).collect::<Vec<_>>()}]}});
    for (words, tool, bytes) in [
        ("a container runtime's", "awk", numbered(&cri)),
        ("Docker's own log", "jq -nr", each(&lines, docker)),
        ("Docker's own log", "jq -nr", each(&lines, fluent)),
        ("in `log`", "jq -r", each(&lines, |line| field("log", line) + "\n")),
        ("in `Data`", "jq -r", each(&lines, |line| field("Data", line) + "\n")),
        ("as texts", "jq -r", each(&lines, |line| field("its line", line) + "\n")),
        ("in `MESSAGE`", "jq -r", each(&lines, |line| field("MESSAGE", &format!("{line}\n")) + "\n")),
        ("in `message`", "jq -r", pretty(&Value::from(messages))),
        ("as texts", "jq -r", streams.to_string().into_bytes()),
        ("as texts", "jq -r", pretty(&streams)),
        ("as texts", "jq -r", each(&lines, |line| quoted(line) + "\n")),
        ("as texts", "jq -r", each(&lines, |line| field("log", &field("message", line)) + "\n")),
        ("in `event`", "jq -r", each(&lines, |line| format!("{{\"event\":{}}}\n", quoted(line)))),
        ("inside other", "jq -c", each(&lines, |line| format!("{{\"event\":{line},\"time\":1}}\n"))),
        ("a JSON array", "jq -cn", format!("[{},]\n", lines.join(",")).into_bytes()),
        ("a JSON array", "jq -cn", format!("[{}", lines.join(",")).into_bytes()),
        ("in parts", "jq -j", each(&lines, tagged)),
        ("in quotes", "grep", each(&lines, |line| format!("t=\"2026\" msg={} n=1\n", quoted(line)))),
        ("in quotes", "grep", each(&lines, |line| format!("q-1 | {}\n", field("log", line)))),
        ("inside other", "grep", each(&lines, |line| format!("q-1 | {{\"at\":1,\"fields\":{line}}}\n"))),
        ("in an array", "jq -c", pretty(&serde_json::json!({"events": values}))),
        ("a JSON array", "grep", format!("[\n{},\n]\n", lines.join(",\n")).into_bytes()),
        ("a JSON array", "grep", format!("[{}\n", lines.join("\n,")).into_bytes()),
        ("NUL", "tr", each(&lines, |line| format!("{line}\0"))),
        ("NUL", "tr", each(&lines, |line| format!("{}\0", field("short_message", line)))),
        ("carriage return", "tr", each(&lines, |line| format!("10%\r20%\r{line}\r"))),
        ("the byte 0x1e", "tr", each(&lines, |line| format!("\u{1e}{line}"))),
        ("several events", "awk", lines.join("\u{2028}").into_bytes()),
        ("several events", "awk", (lines.join(",") + "\n").into_bytes()),
        ("other text", "grep", each(&lines, |line| format!("x| {line} | host=a\n"))),
        ("Compose", "grep", each(&lines, |line| format!("\u{1b}[36mq-1 |\u{1b}[0m {line}\u{1b}[0m\n"))),
        ("other text", "grep", numbered(&|line, n| format!("x: {}\n", swapped(line, n)))),
        ("other text", "grep", each(&lines, |line| format!("worker:{line}\n"))),
        ("other text", "grep", each(&lines, |line| format!("\u{1}<14>1 - host - {line}\n"))),
        ("Elasticsearch", "grep", each(&lines, |line| format!("{{\"index\":{{}}}}\n{line}\n"))),
        ("colors", "sed", each(&lines, |line| colored(line) + "\n")),
    ] {
        helps(words, &Log::new(&bytes), tool, &expected);
    }
}

#[test]
fn a_text_in_another_language_is_told_once() {
    for (bytes, words) in [
        ("<!DOCTYPE html>\n<html><body>404 not found</body></html>\n", "a page of HTML"),
        ("<?xml version='1.0'?>\n<a><b/></a>\n", "XML"),
        ("sequence,event,timestamp\n0,RunCreated,179520\n1,RunCreated,179521\n", "a table of CSV"),
        ("- sequence: 1\n  event:\n    EnginePaused:\n      timestamp: 5\n", "YAML"),
        ("[a]\nsequence=1\n", "TOML"),
        ("{sequence: 1, event: {EnginePaused: {timestamp: 5}}}\n", "names have no quotes"),
    ] {
        let output = Log::new(bytes.as_bytes()).run(&["check"]);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains(words) && said.contains("give the log that is written as JSON lines"),
            "{said}"
        );
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
        each(&lines, |line| format!(",{line}\n")),
        each(&lines, |line| format!("{line};\n")),
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

/// Its fault is that of a short line, in memory that its length does not change.
#[test]
fn a_fault_of_a_line_of_any_length_is_told() {
    let before = r#"{"sequence":1,"event":{"TaskCreated":{"task_spec":{"id":"6f1c0000-0000-4000-8000-000000000001","payload":{"bytes":["#;
    let behind = r#"]},"run_policy":"Once","constraints":{"max_attempts":3},"metadata":{"tags":[],"priority":0,"description":null}},"timestamp":1795196261}}}"#;
    let bytes = "255,".repeat(5 << 20);
    let (n_before, n_bytes, n_behind) = (before.len(), bytes.len(), behind.len());
    for (line, words) in [
        (
            format!("{before}{bytes}0{}", &behind[..n_behind - 1]),
            format!("the line ends inside an object at column {}", n_before + n_bytes + n_behind),
        ),
        (
            format!("{before}{bytes}300{behind}"),
            format!("300 where a whole number from 0 to 255 belongs at column {}", n_before + n_bytes + 3),
        ),
        (
            format!("{before}{bytes}0{behind}}}"),
            format!("more text behind the object at column {}", n_before + n_bytes + n_behind + 2),
        ),
        (
            format!("{before}{bytes}0{}", behind.replace("1795196261", "-1")),
            format!(
                "-1 where a whole number from 0 on belongs at column {}",
                n_before + n_bytes + n_behind - 10
            ),
        ),
    ] {
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -v 300000; exec \"$0\" check -", env!("CARGO_BIN_EXE_runwatch")])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.code() == Some(1) && said.contains(&format!("unreadable: {words} (")),
            "{words}: {said}"
        );
    }
}

fn change(run: &str, from: &str, to: &str) -> String {
    format!(
        r#""RunStateChanged":{{"run_id":"{run}","previous_state":"{from}","new_state":"{to}","timestamp":1795196262}}"#
    )
}
