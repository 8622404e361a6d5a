//! Texts that a terminal would obey, or a reader would not see, in every place that is filled from outside:
//! no report, no message and no picture lets a single one through, and JSON has them exactly.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use runwatch::engine::actionqueue::decode::decode;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::model::text::clean;
use serde_json::Value;

use crate::common::program::{Log, runwatch};
use crate::common::read_text;

/// A title, a bell, C1 control, an override, invisible letters, a line that is not ours.
const HOSTILE: &str = "a\u{1b}]0;t\u{7}\u{9b}2J\u{202e}b\u{200b}\u{feff}\r\nforged\u{2028}\u{e0041}e\u{301}\u{301}\u{301}\u{301}";

/// A log of every kind of event, and one whose runs have owners and errors.
const LOGS: [(&str, Vocabulary); 2] = [
    ("tests/logs/samples-0.3.0.jsonl", Vocabulary::Aq02),
    ("tests/logs/live-small-mid.jsonl", Vocabulary::Aq01),
];

/// Puts the text wherever an event remains an event, then adds lines that are none.
fn log((path, vocabulary): (&str, Vocabulary)) -> Vec<u8> {
    let mut log = Vec::new();
    for line in read_text(path).lines().take(400) {
        let mut value: Value = serde_json::from_str(line).unwrap();
        let mut places = Vec::new();
        strings(&value, "", &mut places);
        for place in places {
            let was = value.pointer_mut(&place).map(|it| std::mem::replace(it, HOSTILE.into())).unwrap();
            if decode(value.to_string().as_bytes(), vocabulary).is_err() {
                *value.pointer_mut(&place).unwrap() = was;
            }
        }
        log.extend(format!("{value}\n").into_bytes());
    }
    let name = serde_json::to_string(HOSTILE).unwrap();
    log.extend(format!("{{\"control\":null,\"sequence\":99999,\"event\":{{{name}:{{}}}}}}\n").into_bytes());
    log.extend(format!("{{{name}:1}}\n{}\n", HOSTILE.replace('\n', "")).into_bytes());
    log.extend(b"\xff\xfe\x9b31m\n");
    log
}

fn strings(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(path.to_owned()),
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(at, it)| strings(it, &format!("{path}/{at}"), found));
        }
        Value::Object(all) => all.iter().for_each(|(key, it)| strings(it, &format!("{path}/{key}"), found)),
        _ => (),
    }
}

/// Runs a command on the log, and looks at every byte that it writes.
fn check(log: &Log, args: &[&str]) -> String {
    let output = runwatch(args).arg(&log.path).output().unwrap();
    assert_ne!(output.status.code(), Some(101), "{args:?}");
    let all = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(all).unwrap_or_else(|error| panic!("{args:?}: {error}"));
    let pictured =
        if args.contains(&"screenshot") { text.replace(['\u{a0}', '\u{fe0e}'], " ") } else { text };
    for line in pictured.lines() {
        assert_eq!(clean(line), line, "{args:?}");
    }
    assert!(!pictured.lines().any(|line| line.starts_with("forged")), "{args:?}: {pictured}");
    pictured
}

/// A name that a file system takes, and a path below it.
fn name(end: &str) -> String {
    HOSTILE.to_owned() + end
}

#[test]
fn nothing_from_outside_reaches_a_terminal_as_it_is() {
    LOGS.into_iter().for_each(|recorded| check_reports(&Log::named(&name(".jsonl"), &log(recorded))));
}

fn check_reports(log: &Log) {
    for args in [
        &["stats"][..],
        &["check"],
        &["check", "--strict"],
        &["runs"],
        &["diff"],
        &["stats", "--at", "-1s"],
        &["stats", "--query", HOSTILE],
        &["runs", "--query", HOSTILE],
        &["stats", "--query", &format!("\"{HOSTILE}\"")],
        &["stats", "--query", &format!("@{HOSTILE}")],
        &["stats", "--at", HOSTILE],
        &["wait", "--timeout", "1s", "--query", "state:running", "--for", "count=0"],
        &["wait", "--timeout", "10ms", "--query", &format!("\"{HOSTILE}\""), "--for", "count>0"],
        &["screenshot", "-o", "-"],
        &["screenshot", "--keys", "j<enter>", "-o", "-"],
        &["cancel", "--query", "live", "--control", &format!("file:/nowhere/{HOSTILE}")],
        &["cancel", "--query", "live", "--control", HOSTILE],
        &["config", "--check", HOSTILE],
        &["--control", &format!("exec:{HOSTILE}")],
        &["--config", HOSTILE],
    ] {
        check(log, args);
    }
    // What is asked for by name is there: the log was read, not only refused.
    let spelled = clean(HOSTILE).into_owned();
    assert!(check(log, &["check"]).contains(&spelled) && check(log, &["stats"]).contains("a\\x1b]0;t\\x07"));
}

#[test]
fn a_file_that_is_no_log_has_its_name_spelled_out() {
    for (name, bytes) in [
        (name(".gz"), &b"\x1f\x8b\x08\0aaaaaaaaaaaa"[..]),
        (name(".bin"), b"\0\x01\x02\x03\x04\x05\x06\x07\x08"),
    ] {
        let log = Log::named(&name, bytes);
        assert!(check(&log, &["stats"]).contains(r"\x1b]0;t\x07\u{9b}2J\u{202e}b\u{200b}"));
        std::fs::remove_file(&log.path).unwrap();
        assert!(check(&log, &["stats"]).contains("does not exist"));
    }
    // Bytes that are no text have their numbers: two such names differ.
    let output = runwatch(&["stats"]).arg(OsStr::from_bytes(b"no\xff\x9bne")).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains(r"no\xff\x9bne"));
}

#[test]
fn json_is_ascii_and_exact() {
    let log = Log::named(&name(".jsonl"), &log(LOGS[1]));
    for args in [&["stats", "--json"][..], &["runs", "--json"], &["check", "--json"], &["diff", "--json"]] {
        let output = runwatch(args).arg(&log.path).output().unwrap();
        assert!(output.stdout.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')), "{args:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let values: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut places = Vec::new();
        values.iter().enumerate().for_each(|(at, value)| strings(value, &at.to_string(), &mut places));
        let has_exact = places.iter().any(|place| {
            let (at, path) = place.split_once('/').unwrap();
            values[at.parse::<usize>().unwrap()]
                .pointer(&format!("/{path}"))
                .unwrap()
                .as_str()
                .unwrap()
                .contains(HOSTILE)
        });
        assert!(has_exact || matches!(args[0], "check" | "diff"), "{args:?}: {text}");
    }
}
