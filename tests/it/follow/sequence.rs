//! Counts that go on over a rotation, that start again with another log, and jumps of the sequence that are told.

use std::io::Write as _;

use serde_json::json;

use super::program::{Following, event, events};
use super::stage::Stage;

/// Catches: counts that start again with each rotation, or that go on over another log.
#[test]
fn the_sequence_says_whether_the_log_goes_on() {
    let stage = Stage::new();
    stage.append("log", &events(1..11));
    let mut following = Following::on(&stage.path("log"));
    following.until_lines(10);
    stage.rename("log", "log.1");
    stage.append("log", &events(11..13));
    let told = following.until_lines(12);
    assert_eq!((&told["begun_anew"], &told["generation"], &told["runs"]), (&json!(0), &json!(1), &json!(12)));
    std::fs::write(stage.path("log"), events(1..2)).unwrap();
    let told = following.until_lines(1);
    assert_eq!((&told["begun_anew"], &told["generation"], &told["runs"]), (&json!(1), &json!(2), &json!(1)));
    assert_eq!(told["problems"]["total"], 0);
    assert_eq!(following.kinds(), ["opened", "rotated", "opened", "truncated", "opened", "begun_anew"]);
}

/// Catches: a late line of the file before, whose sequence is naturally lower, that is taken for another log, so that all
/// is forgotten.
#[test]
fn what_a_late_writer_adds_begins_no_other_log() {
    let stage = Stage::new();
    stage.append("log", &events(1..3));
    let mut following = Following::on(&stage.path("log"));
    following.until_lines(2);
    let mut late = stage.writer("log");
    stage.rename("log", "log.1");
    stage.append("log", &events(4..6));
    following.until_lines(4);
    late.write_all(event(3).as_bytes()).unwrap();
    let told = following.until_lines(5);
    assert_eq!((&told["begun_anew"], &told["runs"]), (&json!(0), &json!(4)));
    // One was not read where it should have been, and that is why it comes too late.
    assert_eq!(told["problems"], json!({"total": 2, "by_kind": {"gap": 1, "sequence": 1}}));
    assert_eq!(following.kinds(), ["opened", "rotated", "opened", "missed", "late"]);
    let told_late = &following.notices[4].1;
    assert!(told_late.starts_with("1 event was written late"), "{told_late}");
    stage.append("log", &events(6..7));
    assert_eq!(following.until_lines(6)["begun_anew"], 0);
}

/// Catches: late lines whose sequences are in order, and that are dropped or refused though nothing newer had been read.
#[test]
fn what_a_late_writer_adds_before_anything_newer_is_folded_in() {
    let stage = Stage::new();
    stage.append("log", &events(1..61));
    let mut following = Following::on(&stage.path("log"));
    following.until_lines(60);
    let mut late = stage.writer("log");
    stage.rename("log", "log.1");
    stage.append("log", "");
    following.until(|told| told["generation"] == 1);
    late.write_all(events(61..121).as_bytes()).unwrap();
    following.until_lines(120);
    stage.append("log", &events(121..181));
    let told = following.until_lines(180);
    assert_eq!((&told["applied"], &told["problems"]["total"]), (&json!(180), &json!(0)));
    assert_eq!(following.kinds(), ["opened", "rotated", "opened"]);
}

/// Catches: a jump of the sequence over a rotation without a word, one that is called the engine's fault, and one inside a
/// file that is called lost.
#[test]
fn a_jump_of_the_sequence_over_a_rotation_is_missed_and_one_in_a_file_is_legal() {
    type Change = fn(&Stage, &str);
    let ways: [(&str, Change); 4] = [
        ("rotated", |stage, content| {
            stage.rename("log", "log.1");
            stage.append("log", content);
        }),
        ("made again", |stage, content| {
            std::fs::remove_file(stage.path("log")).unwrap();
            stage.append("log", content);
        }),
        ("cut", |stage, content| std::fs::write(stage.path("log"), content).unwrap()),
        ("moved away", |stage, content| {
            stage.rename("log", "elsewhere");
            stage.append("log", content);
        }),
    ];
    for (way, change) in ways {
        let stage = Stage::new();
        stage.append("log", &[events(1..11), events(21..31)].concat());
        let mut following = Following::on(&stage.path("log"));
        let told = following.until_lines(20);
        assert_eq!((&told["sequence_gaps"], &told["problems"]["total"]), (&json!(1), &json!(0)));
        change(&stage, &events(91..101));
        let told = following.until_lines(30);
        let missed: Vec<&str> = following
            .notices
            .iter()
            .filter(|(kind, _)| kind == "missed")
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(missed, ["missed 60 events over a rotation: #30 is followed by #91"], "{way}");
        assert_eq!(told["problems"], json!({"total": 1, "by_kind": {"gap": 1}}), "{way}");
        assert_eq!((&told["begun_anew"], &told["sequence_gaps"]), (&json!(0), &json!(2)), "{way}");
    }
}

/// Catches: events that cannot be judged since others were not read, and for which the engine is blamed.
#[test]
fn what_follows_from_missed_events_is_not_blamed_on_the_engine() {
    let generated = super::program_once(&["gen", "--events", "2400", "--runs", "300"]);
    let all: Vec<String> =
        String::from_utf8(generated).unwrap().lines().map(|line| format!("{line}\n")).collect();
    let stage = Stage::new();
    stage.append("log", &all[..600].concat());
    let mut following = Following::on(&stage.path("log"));
    following.until_lines(600);
    stage.rename("log", "elsewhere");
    stage.append("log", &all[1200..].concat());
    let told = following.until_lines(1800);
    let problems = &told["problems"];
    assert!(problems["total"].as_u64() > Some(100), "{problems}");
    assert_eq!(problems["by_kind"], json!({"gap": problems["total"]}));
}
