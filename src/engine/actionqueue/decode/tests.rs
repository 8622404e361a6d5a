//! Decoding of single lines: their events, and the reasons for lines that are not one.

use proptest::prelude::*;

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
        ("", "the line is empty"),
        (
            r#"{"sequence":-1,"event":{"EnginePaused":{"timestamp":5}}}"#,
            "-1 where a whole number from 0 on belongs at column 14",
        ),
        (
            r#"{"sequence":7,"sequence":8,"event":{"EnginePaused":{"timestamp":5}}}"#,
            "the field `sequence` is there twice at column 24",
        ),
        (
            r#"{"sequence":7,"event":{"EnginePaused":{"timestamp":5}}} {}"#,
            "more text behind the object at column 57",
        ),
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

/// Lines that the recognizer accepts, in both vocabularies, as the engines print them.
fn usual_lines() -> Vec<(String, Vocabulary)> {
    let read = |path: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::read_to_string(path).unwrap()
    };
    let lines = |path: &str, vocabulary| {
        read(path).lines().map(|line| (line.to_owned(), vocabulary)).collect::<Vec<_>>()
    };
    let mut all = lines("tests/logs/samples-0.1.2.jsonl", Vocabulary::Aq01);
    all.extend(lines("tests/logs/official-phases.jsonl", Vocabulary::Aq01));
    all.extend(lines("tests/logs/samples-0.3.0.jsonl", Vocabulary::Aq02));
    all.extend(lines("tests/logs/v030-crash-recovery.jsonl", Vocabulary::Aq02));
    all
}

#[test]
fn the_usual_shapes_are_recognized() {
    let lines = usual_lines();
    let mut recognized = 0;
    for (line, vocabulary) in &lines {
        check_recognizer(line.as_bytes(), *vocabulary);
        // A line with escapes or with a control attribution is rare.
        let is_plain = !line.contains(r#""control":{"#) && !line.contains('\\');
        let is_hot = is_plain
            && [
                "RunStateChanged",
                "AttemptStarted",
                "AttemptFinished",
                "Lease",
                "RunCreated",
                "RunSuspended",
            ]
            .iter()
            .any(|kind| line.contains(&format!(r#""event":{{"{kind}"#)));
        let is_recognized =
            shape::recognize(line.as_bytes(), *vocabulary, &mut InstantCache::default()).is_some();
        assert!(is_recognized || !is_hot, "a shape of a hot event is no longer recognized: {line}");
        recognized += usize::from(is_recognized);
    }
    assert!(recognized > lines.len() / 2, "{recognized} of {}", lines.len());
}

proptest! {
    #[test]
    fn the_recognizer_never_says_what_the_decoder_does_not(
        pick: prop::sample::Index,
        edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 0..4),
        swapped: bool,
    ) {
        let lines = usual_lines();
        let (line, vocabulary) = pick.get(&lines).clone();
        let mut bytes = line.into_bytes();
        for (place, edit) in edits {
            let place = place.index(bytes.len());
            match edit {
                Edit::Set(byte) => bytes[place] = byte,
                Edit::Insert(text) => { bytes.splice(place..place, text.bytes()); }
                Edit::Remove(n) => { bytes.drain(place..(place + n).min(bytes.len())); }
                Edit::Cut => bytes.truncate(place),
            }
            if bytes.is_empty() {
                return Ok(());
            }
        }
        let other = if vocabulary == Vocabulary::Aq01 { Vocabulary::Aq02 } else { Vocabulary::Aq01 };
        check_recognizer(&bytes, if swapped { other } else { vocabulary });
    }
}

#[derive(Debug, Clone)]
enum Edit {
    Set(u8),
    Insert(&'static str),
    Remove(usize),
    Cut,
}

fn edit() -> impl Strategy<Value = Edit> {
    let odd = [
        "0",
        "-",
        "e5",
        ".0",
        " ",
        "\\u0041",
        "\"",
        "{",
        "}",
        "null",
        "18446744073709551616",
        "\u{e9}",
        "\u{0}",
        ",",
        "\n",
    ];
    prop_oneof![
        any::<u8>().prop_map(Edit::Set),
        prop::sample::select(b"0123456789-\",:{}[]aAfFgnN\\ ".to_vec()).prop_map(Edit::Set),
        prop::sample::select(odd.to_vec()).prop_map(Edit::Insert),
        (1_usize..12).prop_map(Edit::Remove),
        Just(Edit::Cut),
    ]
}

/// Replaces every value of every event with one of each other kind.
#[test]
fn no_wrong_value_of_an_event_brings_out_a_type() {
    let others = ["null", "true", "-1", "0.5", "1e99", "300", "\"x\"", "[]", "[1]", "{}", "{\"x\":1}"];
    let mut n_reasons = 0;
    for (path, vocabulary) in [
        ("tests/logs/samples-0.1.2.jsonl", Vocabulary::Aq01),
        ("tests/logs/samples-0.3.0.jsonl", Vocabulary::Aq02),
    ] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let starts = line.match_indices(':').map(|(at, _)| at + 1);
            for start in starts.filter(|at| !line[..*at].ends_with("\\\":")) {
                let rest = &line[start..];
                let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde_json::Value>();
                let Some(Ok(_)) = values.next() else { continue };
                let end = start + values.byte_offset();
                for other in others {
                    let line = format!("{}{other}{}", &line[..start], &line[end..]);
                    let Err(reason) = decode(line.as_bytes(), vocabulary) else { continue };
                    let reason = reason.to_string();
                    n_reasons += 1;
                    for word in [
                        "struct",
                        "enum",
                        "u64",
                        "u32",
                        "u8",
                        "i32",
                        "invalid type",
                        "invalid value",
                        "variant",
                        "Option",
                        "sequence,",
                        "expected",
                        "parsing",
                    ] {
                        assert!(!reason.contains(word), "{reason}: {line}");
                    }
                }
            }
        }
    }
    assert!(n_reasons > 1000, "{n_reasons}");
}
