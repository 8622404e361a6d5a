//! One line at a time: what it is taken for, and what is said of a line that is no event.

use super::*;

fn kind_of(line: &str, vocabulary: Vocabulary) -> String {
    match decode(line.as_bytes(), vocabulary) {
        Ok(Decoded::Event(event)) => format!("#{} {}", event.sequence, event.kind.name()),
        Ok(Decoded::Unknown { sequence, name }) => format!("#{sequence} unknown {name}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_line_is_an_event_or_says_why_not() {
    let paused = r#"{"sequence":7,"event":{"EnginePaused":{"timestamp":5}}}"#;
    for (line, expected) in [
        (paused, "#7 EnginePaused"),
        (
            r#"{"event":{"EnginePaused":{"timestamp":5,"why":"?"}},"more":[1],"sequence":7}"#,
            "#7 EnginePaused",
        ),
        (r#"  {"sequence":7,"event":{"EnginePaused":{"timestamp":5}}}  "#, "#7 EnginePaused"),
        (r#"{"sequence":8,"event":{"QueueMelted":{"timestamp":5}}}"#, "#8 unknown QueueMelted"),
        ("", "EOF while parsing a value at column 0"),
        (
            r#"{"sequence":-1,"event":{"EnginePaused":{"timestamp":5}}}"#,
            "invalid value: integer `-1`, expected u64 at column 14",
        ),
        (
            r#"{"sequence":7,"sequence":8,"event":{"EnginePaused":{"timestamp":5}}}"#,
            "duplicate field `sequence` at column 24",
        ),
        (r#"{"sequence":7,"event":{"EnginePaused":{"timestamp":5}}} {}"#, "trailing characters at column 57"),
    ] {
        assert_eq!(kind_of(line, Vocabulary::Aq01), expected, "{line}");
    }
    assert!(decode(b"{\"sequence\":1,\"event\":\xff}", Vocabulary::Aq01).is_err());
}

#[test]
fn the_first_event_tells_the_vocabulary() {
    for (line, expected) in [
        (r#"{"sequence":7,"event":{"EnginePaused":{"timestamp":5}}}"#, Some(Vocabulary::Aq01)),
        (r#"{"control":null,"sequence":7,"event":{"EnginePaused":{"timestamp":5}}}"#, Some(Vocabulary::Aq02)),
        (r#"{"sequence":1,"event":{"StoreInitialized":{"manifest_digest":[]}}}"#, Some(Vocabulary::Aq02)),
        (r#"{"sequence":1}"#, None),
        ("hello", None),
    ] {
        assert_eq!(vocabulary_of(line.as_bytes()), expected, "{line}");
    }
}

#[test]
fn a_text_without_escapes_borrows_from_its_line() {
    let line = r#"{"sequence":1,"event":{"LeaseAcquired":{"run_id":"00000000-0000-4000-8000-000000000002","owner":"local","expiry":1,"timestamp":1}}}"#;
    let Ok(Decoded::Event(event)) = decode(line.as_bytes(), Vocabulary::Aq01) else { panic!("{line}") };
    let Body::Lease { owner, .. } = event.body else { panic!("{line}") };
    assert!(matches!(owner, Text::Borrowed("local")));
}
