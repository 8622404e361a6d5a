//! Records that a killed engine left unfinished, and what its next start writes in their place.

use std::fs::File;
use std::io::Write as _;

use storage01::wal::event::WalEvent;
use storage01::wal::fs_writer::WalFsWriter;
use storage01::wal::repair::{RepairPolicy, truncate_to_last_valid};
use storage01::wal::writer::WalWriter as _;

use super::stage::Stage;
use crate::common::lines_of;
use crate::common::wal::{frame_of, frames_of};

/// Recorded events of each engine.
const RECORDED: [&str; 2] = ["tests/logs/official-phases.jsonl", "tests/logs/v030-daemon-http.jsonl"];

/// A stage on a log of frames, and the lines that they stand for.
struct Frames {
    stage: Stage,
    log: File,
    expected: Vec<String>,
    len: u64,
}

impl Frames {
    fn new() -> Self {
        let stage = Stage::new();
        Self { log: stage.writer("log"), stage, expected: Vec::new(), len: 0 }
    }

    /// Appends the event of a line.
    fn append(&mut self, line: &str) {
        let frame = frame_of(line);
        self.log.write_all(&frame).unwrap();
        self.expected.push(line.to_owned());
        self.len += frame.len() as u64;
    }

    /// Appends bytes that are no whole record.
    fn tear(&mut self, part: &[u8]) {
        self.log.write_all(part).unwrap();
        self.stage.settle();
        self.check(part.len() as u64);
    }

    /// Cuts off what is behind the last whole record, as the engine does.
    fn repair(&self) {
        truncate_to_last_valid(&self.stage.path("log"), self.len).unwrap();
    }

    /// Every event was read once, at its place, and nothing was told.
    fn check(&self, pending: u64) {
        let Self { stage, expected, len, .. } = self;
        assert!(stage.lines == *expected, "{} lines of {}", stage.lines.len(), expected.len());
        assert_eq!((stage.status.offset, stage.status.pending), (len + pending, pending));
        stage.check_notices(&[]);
        stage.check_archive();
    }
}

/// A torn record of any length, and then others in its place, whether or not the cut was seen.
#[test]
fn what_takes_the_place_of_a_torn_record_is_read_once() {
    for path in RECORDED {
        let text = String::from_utf8(lines_of(path)).unwrap();
        let lines: Vec<&str> = text.lines().take(9).collect();
        let torn = frame_of(lines[3]);
        for cut in (1..torn.len()).step_by(7) {
            for (is_seen, n_next) in [(false, 1), (false, 4), (true, 1), (true, 4)] {
                let mut frames = Frames::new();
                lines[..3].iter().for_each(|line| frames.append(line));
                frames.tear(&torn[..cut]);
                frames.repair();
                if is_seen {
                    frames.stage.settle();
                    frames.check(0);
                }
                // Again torn, to the same length, and again repaired.
                let other = frames_of(lines[5..].join("\n").as_bytes()).concat();
                let again = &other[..cut.min(frame_of(lines[5]).len() - 1)];
                frames.tear(again);
                frames.repair();
                lines[4..4 + n_next].iter().for_each(|line| frames.append(line));
                frames.stage.settle();
                frames.check(0);
            }
        }
    }
}

/// The event in its place has the same last bytes, as far as these are compared: another attempt at the same task.
#[test]
fn a_long_record_that_is_alike_at_its_torn_end_is_another() {
    let text = String::from_utf8(lines_of(RECORDED[0])).unwrap();
    let first = text.lines().next().unwrap();
    let line = text.lines().find(|line| line.contains("\"TaskCreated\"")).unwrap();
    let long = |sequence: u32| {
        let mut event: serde_json::Value = serde_json::from_str(line).unwrap();
        event["sequence"] = sequence.into();
        event["event"]["TaskCreated"]["task_spec"]["payload"]["bytes"] = vec![7; 5000].into();
        let event: WalEvent = serde_json::from_value(event).unwrap();
        serde_json::to_string(&event).unwrap()
    };
    for seen in [100, 300, 1000, 5000] {
        let mut frames = Frames::new();
        frames.append(first);
        frames.tear(&frame_of(&long(101))[..seen]);
        frames.repair();
        frames.append(&long(102));
        frames.append(&long(103));
        frames.stage.settle();
        frames.check(0);
    }
}

/// The reader is beyond damage that it has told of, when the record behind it is torn.
#[test]
fn a_torn_record_behind_a_damaged_one_is_read_once() {
    for path in RECORDED {
        let text = String::from_utf8(lines_of(path)).unwrap();
        let lines: Vec<&str> = text.lines().take(9).collect();
        let mut damaged = frame_of(lines[2]);
        *damaged.last_mut().unwrap() ^= 1;
        let torn = frame_of(lines[4]);
        // How much of it all comes at once.
        for (n_before, is_torn_with_them) in [(2, false), (3, false), (3, true), (4, false), (4, true)] {
            let mut frames = Frames::new();
            for (n, line) in lines[..4].iter().enumerate() {
                if n == n_before {
                    frames.stage.settle();
                }
                if n == 2 {
                    frames.log.write_all(&damaged).unwrap();
                    frames.expected.push("(the record is damaged: its checksum is wrong)".to_owned());
                    frames.len += damaged.len() as u64;
                } else {
                    frames.append(line);
                }
            }
            if !is_torn_with_them {
                frames.stage.settle();
            }
            frames.log.write_all(&torn[..torn.len() / 2]).unwrap();
            frames.stage.settle();
            frames.repair();
            lines[5..].iter().for_each(|line| frames.append(line));
            frames.stage.settle();
            let Frames { stage, expected, len, .. } = &frames;
            assert_eq!(
                (&stage.lines, &stage.notices),
                (expected, &Vec::new()),
                "{n_before} {is_torn_with_them}"
            );
            assert_eq!((stage.status.offset, stage.status.pending), (*len, 0));
        }
    }
}

/// The engine's repair takes a damaged last record for a torn one.
#[test]
fn what_takes_the_place_of_a_damaged_last_record_is_read_once() {
    for path in RECORDED {
        let text = String::from_utf8(lines_of(path)).unwrap();
        let lines: Vec<&str> = text.lines().take(9).collect();
        let mut damaged = frame_of(lines[2]);
        *damaged.last_mut().unwrap() ^= 1;
        for (is_cut_seen, n_next) in [(false, 1), (false, 6), (true, 1), (true, 6)] {
            let mut frames = Frames::new();
            lines[..2].iter().for_each(|line| frames.append(line));
            frames.log.write_all(&damaged).unwrap();
            frames.stage.settle();
            frames.expected.push("(the record is damaged: its checksum is wrong)".to_owned());
            frames.repair();
            if is_cut_seen {
                frames.stage.settle();
            }
            lines[3..3 + n_next].iter().for_each(|line| frames.append(line));
            frames.stage.settle();
            let Frames { stage, expected, len, .. } = &frames;
            assert_eq!((&stage.lines, &stage.notices), (expected, &Vec::new()), "{is_cut_seen} {n_next}");
            assert_eq!((stage.status.offset, stage.status.pending), (*len, 0));
        }
    }
}

/// The engine's own writer, with its own repair.
#[test]
fn a_log_that_its_engine_repairs_is_followed() {
    let text = String::from_utf8(lines_of(RECORDED[0])).unwrap();
    let lines: Vec<&str> = text.lines().take(60).collect();
    let mut frames = Frames::new();
    let mut random = fastrand::Rng::with_seed(17);
    for part in lines.chunks(6) {
        let path = frames.stage.path("log");
        let mut engine = WalFsWriter::new_with_repair(path, RepairPolicy::TruncatePartial).unwrap();
        for line in part {
            let event: WalEvent = serde_json::from_str(line).unwrap();
            engine.append(&event).unwrap();
            engine.flush().unwrap();
            frames.expected.push((*line).to_owned());
            frames.len += frame_of(line).len() as u64;
            if random.bool() {
                frames.stage.settle();
                frames.check(0);
            }
        }
        drop(engine);
        let torn = frame_of(lines[random.usize(..lines.len())]);
        frames.tear(&torn[..random.usize(1..torn.len())]);
    }
    assert_eq!(frames.expected, lines);
}
