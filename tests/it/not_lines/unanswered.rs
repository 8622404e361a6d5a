//! Commands that answer nothing from a log of which not one line could be read.

use serde_json::Value;

use super::lines;
use crate::common::program::Log;

/// Files with bytes of which no line is an event, with words that say so.
const NO_EVENTS: [(&[u8], &str); 6] = [
    (b"not json\n", "its 1 line is no event; line 1: no JSON value begins at column 2"),
    (b"job 1 began\njob 2 began\njob 1 ended\n", "none of its 3 lines is an event; line 1"),
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
fn a_file_that_is_known_to_be_no_log_is_told_by_every_command() {
    let log = Log::new(b"sequence,event\n0,RunCreated\n1,RunCreated\n");
    let wait: &[&str] = &["wait", "--query", "live", "--for", "count=0", "--timeout", "20s"];
    let cancel: &[&str] = &["cancel", "--query", "live", "--control", "file:commands", "--yes"];
    for command in [wait, cancel, &["stats"], &["runs"], &["diff"], &["check"]] {
        let output = log.run(command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("is a table of CSV"), "{command:?}: {said}");
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
