//! The engine's own files: what is read of them is what is read of the same events as lines.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use runwatch::history::Goal;
use runwatch::store::{Rules, Store};
use serde_json::Value;

use crate::common::program::{runwatch, text};
use crate::common::wal::{frame_of, frames_of};
use crate::common::{RECORDINGS, fold, lines_of, projected_runs};
use crate::instants::stage::{Stage, ends, runs_json};

/// A recording, its frames, and a generator of instants in it.
struct Recorded {
    path: &'static str,
    lines: Vec<u8>,
    frames: Vec<Vec<u8>>,
    random: fastrand::Rng,
}

/// Recordings of both engines, of which the longest takes too long in all of its instants.
fn recordings() -> impl Iterator<Item = Recorded> {
    let short = RECORDINGS.iter().filter(|(path, _)| !path.contains("medium"));
    short.map(|(path, _)| {
        let lines = lines_of(path);
        // A cut recording begins with its first line, and not always with the first event.
        let frames = frames_of(&lines);
        Recorded { path, lines, frames, random: fastrand::Rng::with_seed(16) }
    })
}

fn check(store: &Store, expected: &Store, place: &str) {
    assert_eq!(store.tally(), expected.tally(), "{place}");
    assert!(runs_json(store) == runs_json(expected), "{place}");
}

#[test]
fn a_store_of_frames_is_that_of_their_lines_at_every_instant() {
    for Recorded { path, lines, frames, mut random } in recordings() {
        let stage = Stage::new(&frames.concat());
        let ends = ends(&lines);
        let (mut history, archive) = stage.history();
        for n in (0..50).map(|_| random.usize(..ends.len())).chain([ends.len() - 1]) {
            let expected = fold(&lines[..ends[n]], Rules::Lenient);
            check(&stage.fold_to(&format!("line:{n}")), &expected, &format!("{path} at line {n}"));
            history.go(Goal::Position(n as u64), &archive).unwrap();
            check(history.store(), &expected, &format!("{path}, gone back to line {n}"));
        }
    }
}

#[test]
fn a_store_of_frames_is_what_the_engine_projects() {
    for (path, expected) in RECORDINGS {
        let stage = Stage::new(&frames_of(&lines_of(path)).concat());
        let expected: Value = serde_json::from_slice(&lines_of(expected)).unwrap();
        assert!(projected_runs(&stage.fold_to("end")) == expected["runs"], "{path}");
    }
}

/// A file with these bytes, and what the commands say of it.
fn said(dir: &Path, bytes: &[u8], args: &[&str]) -> (Option<i32>, String) {
    let path = dir.join("actionqueue.wal");
    fs::write(&path, bytes).unwrap();
    let (command, rest) = args.split_first().unwrap();
    let output = runwatch(&[command, path.to_str().unwrap()]).args(rest).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap().replace(path.to_str().unwrap(), "WAL"))
}

#[test]
fn damage_is_one_problem_with_its_place_and_all_the_rest_is_read() {
    for path in ["tests/logs/official-phases.jsonl", "tests/logs/v030-daemon-http.jsonl"] {
        let frames = frames_of(&lines_of(path));
        let (n, at) = (frames.len(), 20);
        let (offset, len) = (frames[..at].iter().map(Vec::len).sum::<usize>(), frames[at].len());
        let dir = tempfile::tempdir().unwrap();
        for byte in 0..len {
            let mut bytes = frames.concat();
            bytes[offset + byte] ^= 1 << (byte % 8);
            let stage = Stage::new(&bytes);
            let store = stage.fold_to("end");
            let place = format!("{path}, byte {byte} of the record");
            assert_eq!(store.tally().lines, n as u64, "{place}");
            let damaged: Vec<_> = store
                .problems()
                .kept()
                .iter()
                .filter(|problem| problem.place.line() == at as u64 + 1)
                .collect();
            assert_eq!(damaged.len(), 1, "{place}");
            assert_eq!(damaged[0].place.byte(), offset as u64, "{place}");
        }
        let mut bytes = frames.concat();
        bytes[offset + len - 1] ^= 1;
        let (code, said) = said(dir.path(), &bytes, &["export"]);
        assert_eq!(code, Some(1), "{said}");
        let told = format!(
            "runwatch: WAL: 1 record is damaged and left out; the first one at byte {offset}: the record is damaged: its \
             checksum is wrong\n"
        );
        assert!(said.ends_with(&told), "{said}");
        assert_eq!(said.lines().count(), n, "all others are copied");
    }
}

#[test]
fn what_is_no_log_of_the_engine_is_one_clear_message() {
    let dir = tempfile::tempdir().unwrap();
    let line = String::from_utf8(lines_of("tests/logs/v030-daemon-http.jsonl")).unwrap();
    let later = frame_of(line.lines().next().unwrap());
    let line = String::from_utf8(lines_of("tests/logs/official-phases.jsonl")).unwrap();
    let first = frame_of(line.lines().next().unwrap());
    let of_form = |frame: &[u8], at: usize, form: u8| {
        let mut bytes = frame.to_vec();
        bytes[at] = form;
        bytes
    };
    for (bytes, code, told) in [
        (of_form(&later, 8, 7), 2, "WAL is a write-ahead log of form 7; only form 1 is read"),
        (of_form(&first, 0, 6), 2, "WAL is a write-ahead log of form 6; only form 5 is read"),
        (b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20\0\0\0\x1b".to_vec(), 2, "WAL is binary"),
        (later[..30].to_vec(), 2, "its 30 bytes are the beginning of the first one"),
        (first[..9].to_vec(), 2, "its 9 bytes are the beginning of the first one"),
    ] {
        let (found, said) = said(dir.path(), &bytes, &["check"]);
        let place = bytes[..bytes.len().min(24)].escape_ascii().to_string();
        assert_eq!(found, Some(code), "{place}: {said}");
        assert!(said.contains(told), "{place}: {said}");
    }
}

#[test]
fn a_data_directory_stands_for_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let lines = lines_of("tests/logs/official-phases.jsonl");
    fs::create_dir(dir.path().join("wal")).unwrap();
    let wal = dir.path().join("wal/actionqueue.wal");
    fs::write(&wal, frames_of(&lines).concat()).unwrap();
    let place = dir.path().to_str().unwrap();
    let output = runwatch(&["export", place]).output().unwrap();
    assert!(output.status.success() && output.stdout == lines);
    for command in
        [&["stats", "--json"][..], &["runs", "--json"], &["check"], &["diff", "--from", "#30", "--json"]]
    {
        let of = |path: &str| {
            let output = runwatch(&[&[command[0], path], &command[1..]].concat()).output().unwrap();
            text(&output).replace(path, "LOG")
        };
        assert_eq!(of(place), of(wal.to_str().unwrap()), "{command:?}");
    }
    // Not to be read: the reason is that of the log, and not that nothing is there.
    fs::set_permissions(dir.path().join("wal"), fs::Permissions::from_mode(0o000)).unwrap();
    let output = runwatch(&["check", place]).output().unwrap();
    fs::set_permissions(dir.path().join("wal"), fs::Permissions::from_mode(0o700)).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let is_root = output.status.success();
    assert!(is_root || said.contains("permission denied"), "{said}");
}
