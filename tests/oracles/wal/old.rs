//! Records of schemas that engines read and no longer write.

use runwatch::engine::actionqueue::wal::{WalFault, WalForm};
use serde_json::{Value, json};

use super::damaged::sealed;
use super::{ENGINES, line_of};

/// Frame of a kind in a schema.
fn frame(kind: u16, schema: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = b"AQCONT1W\x01\0\0\0".to_vec();
    frame.extend_from_slice(&kind.to_le_bytes());
    frame.extend_from_slice(&schema.to_le_bytes());
    frame.extend_from_slice(&[7; 16]);
    frame.extend_from_slice(&9_u64.to_le_bytes());
    frame.resize(52, 0);
    frame.extend_from_slice(payload);
    sealed(WalForm::V03, frame)
}

/// Checks that the engine reads the frame, and holds its line to that of the engine.
fn is_read(frame: &[u8]) -> bool {
    let engine = &ENGINES[1];
    let Ok(theirs) = (engine.decode)(frame) else { return false };
    assert_eq!(line_of(engine.form, frame), Ok(theirs));
    true
}

/// Frames of the samples of an event.
fn frames_of(event: &str) -> Vec<Vec<u8>> {
    let lines = ENGINES[1].samples().into_iter().filter(|line| line.starts_with("{\"control\":null"));
    let frames: Vec<_> =
        lines.filter(|line| line.contains(event)).map(|line| (ENGINES[1].encode)(&line).unwrap()).collect();
    assert!(!frames.is_empty(), "{event}");
    frames
}

/// Newer schemas of tasks have policies behind the task, so an older frame is a newer one without those bytes. Where they
/// are, the engine says: the one place where it reads the rest.
#[test]
fn tasks_and_admissions_of_older_schemas() {
    for (kind, event) in [(16, "TaskCreated"), (256, "AdmissionCommitted")] {
        for new in frames_of(event) {
            let payload = &new[52..];
            for (schema, missing) in [(2, 1), (1, 2)] {
                let without = |at| [&payload[..at], &payload[at + missing..]].concat();
                let zeros = (0..payload.len() - missing)
                    .filter(|at| payload[*at..*at + missing] == [0, 0][..missing]);
                let read = zeros.filter(|at| is_read(&frame(kind, schema, &without(*at)))).count();
                assert!(read > 0, "{event} in schema {schema}");
            }
        }
    }
}

#[test]
fn policies_that_are_not_the_first_have_their_place() {
    let line = ENGINES[1]
        .samples()
        .into_iter()
        .find(|line| line.contains("TaskCreated") && line.contains("tags\":[\"etl"));
    let line = line.unwrap();
    for wait in ["ReleaseWhileAwaiting", "HoldWhileAwaiting"] {
        for child in ["Required", "Detached"] {
            let line =
                line.replace("ReleaseWhileAwaiting", wait).replace("\"Required\"", &format!("\"{child}\""));
            assert_eq!(line_of(WalForm::V03, &(ENGINES[1].encode)(&line).unwrap()), Ok(line));
        }
    }
}

fn text(text: &str) -> Vec<u8> {
    [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

fn some(value: &[u8]) -> Vec<u8> {
    [&[1], value].concat()
}

fn id(byte: u8) -> Vec<u8> {
    [&[16][..], &[byte; 16]].concat()
}

/// Contexts of a request, with and without all that may be missing.
fn controls() -> [Vec<u8>; 2] {
    let all = [text("me"), some(&text("session")), some(&text("request")), some(&text("reason"))].concat();
    [[text("me"), vec![0, 0, 0]].concat(), all]
}

/// Ends of waits, good and bad.
fn resolutions() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for kind in 0..5 {
        for signal in [vec![0], some(&[3])] {
            for control in [vec![0]].into_iter().chain(controls().map(|control| some(&control))) {
                all.push([id(1), id(2), vec![12, 13, kind], signal.clone(), control].concat());
            }
        }
    }
    all
}

#[test]
fn ends_of_waits_of_schema_1() {
    for kind in 305..=307 {
        let read = resolutions().iter().filter(|end| is_read(&frame(kind, 1, end))).count();
        assert_eq!(read, 1 + 1 + 2 + 3, "{kind}");
    }
}

#[test]
fn waits_of_schema_1() {
    let hash = [&[1][..], &[200; 32]].concat();
    let inline = [vec![0], some(&text("text/plain")), text("ab"), hash.clone()].concat();
    let external = [vec![1], text("s3"), text("there"), hash, some(&[70]), vec![0]].concat();
    let checkpoints: Vec<Vec<u8>> =
        [inline, external].map(|data| some(&[id(8), id(9), data].concat())).into();
    let deadlines: Vec<Vec<u8>> = [[0, 0], [1, 0], [2, 0], [3, 0]]
        .map(|policy| [&[1, 99][..], &policy].concat())
        .into_iter()
        .chain([1, 2].map(|policy| [&[1, 99, policy][..], &some(&text("late"))].concat()))
        .collect();
    let ends: Vec<Vec<u8>> = resolutions().iter().map(|end| some(end)).collect();
    let none = || vec![vec![0]];
    let mut read = 0;
    for after in [vec![0], some(&[5]), vec![2]] {
        for deadline in deadlines.iter().chain(&none()) {
            for checkpoint in checkpoints.iter().chain(&none()) {
                for end in ends.iter().chain(&none()) {
                    let payload = [
                        &id(1)[..],
                        &id(3),
                        &text("runtime"),
                        &[5, 11, 100],
                        &id(2),
                        &some(&id(4)),
                        &text("demo"),
                        &text("approved"),
                        &some(&text("order-1")),
                        &some(&text("source")),
                        &after,
                        deadline,
                        checkpoint,
                        end,
                    ];
                    read += usize::from(is_read(&frame(304, 1, &payload.concat())));
                }
            }
        }
    }
    assert_eq!(read, 2 * 4 * 3 * (7 + 1));
}

/// A disposition as JSON that has a child, and a wait.
fn disposition() -> Value {
    let event = |name: &str, other: &str| -> Value {
        let line = ENGINES[1]
            .samples()
            .into_iter()
            .find(|line| line.contains(name) && line.contains(other))
            .unwrap();
        serde_json::from_str::<Value>(&line).unwrap()["event"][name].take()
    };
    let mut record = event("AttemptDispositionCommitted", "\"target\"")["record"].take();
    let admission = event("AdmissionCommitted", "");
    record["children"] = json!([{"admission": admission["record"], "runs": admission["runs"]}]);
    record
}

#[test]
fn dispositions_of_schema_1() {
    let engine = &ENGINES[1];
    let new = disposition();
    let mut old = new.clone();
    let target = old["disposition"]["wait"].as_object_mut().unwrap().remove("target").unwrap();
    for (key, value) in target["Signal"].as_object().unwrap() {
        old["disposition"]["wait"][key] = value.clone();
    }
    let task = old["children"][0]["admission"]["task_spec"]["base"].take();
    old["children"][0]["admission"]["task_spec"] = task;
    for (schema, record) in [(1, &old), (2, &new)] {
        let frame = frame(336, schema, record.to_string().as_bytes());
        let line = line_of(engine.form, &frame).unwrap();
        assert_eq!((engine.rewrite)(&line), Some((engine.decode)(&frame).unwrap()), "{line}");
    }
    // What is new in schema 2 is refused in schema 1, as by the engine.
    assert!((engine.decode)(&frame(336, 1, new.to_string().as_bytes())).is_err());
    assert!(line_of(engine.form, &frame(336, 1, new.to_string().as_bytes())).is_err());
}

#[test]
fn who_asked_for_an_event_in_schema_1() {
    let engine = &ENGINES[1];
    let line = engine.samples().into_iter().find(|line| line.starts_with("{\"control\":{")).unwrap();
    let mut event: Value = serde_json::from_str(&line).unwrap();
    event["sequence"] = json!(9);
    let line = (engine.rewrite)(&event.to_string()).unwrap();
    assert!(is_read(&frame(352, 1, line.as_bytes())));
    // White space that would end the line is left out.
    assert_eq!(
        line_of(engine.form, &frame(352, 1, line.replace(",\"", ",\n\"").as_bytes())),
        Ok(line.clone())
    );
    for wrong in [line.replace(":9,", ":10,"), line.replace("\"control\":{", "\"control\":null,\"x\":{")] {
        assert!((engine.decode)(&frame(352, 1, wrong.as_bytes())).is_err());
        assert!(line_of(engine.form, &frame(352, 1, wrong.as_bytes())).is_err());
    }
}

#[test]
fn kinds_and_schemas_of_newer_engines_are_named() {
    let fault = |kind, schema| line_of(WalForm::V03, &frame(kind, schema, &[0xff]));
    assert_eq!(fault(272, 1), Err(WalFault::Kind(272)));
    assert_eq!(fault(47, 1), Err(WalFault::Kind(47)));
    assert_eq!(fault(256, 4), Err(WalFault::Schema { kind: 256, schema: 4 }));
    assert_eq!(fault(352, 3), Err(WalFault::Schema { kind: 352, schema: 3 }));
    assert_eq!(fault(18, 2), Err(WalFault::Schema { kind: 18, schema: 2 }));
    // Which kinds and schemas there are is as in the engine.
    for kind in 0..=600 {
        for schema in 0..6 {
            let theirs = (ENGINES[1].decode)(&frame(kind, schema, &[0xff])).unwrap_err();
            let is_unknown =
                theirs.contains("UnsupportedRecordKind") || theirs.contains("unsupported schema");
            let ours = fault(kind, schema).unwrap_err();
            let ours = matches!(ours, WalFault::Kind(_) | WalFault::Schema { .. });
            assert_eq!(ours, is_unknown, "kind {kind} in schema {schema}: {theirs}");
        }
    }
}
