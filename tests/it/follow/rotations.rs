//! Names and places of generations by kind of rotation, and their writers afterwards.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, SystemTime};

use super::stage::{Stage, copy, lines, words};

const ROTATED: &str = "the log was rotated";

/// Ways in which generations are named, each in the order of time.
const NAMINGS: [(&str, &[&str]); 12] = [
    ("dateext", &["log-20261129", "log-20261130", "log-20261201"]),
    ("with a dot", &["log.20261129", "log.20261130", "log.20261201"]),
    ("by the hour", &["log-2026112922", "log-2026112923", "log-2026113000"]),
    ("with seconds", &["log-20261129-1795910400", "log-20261129-1795910460", "log-20261129-1795910520"]),
    ("by seconds", &["log-1795910400", "log-1795910460", "log-1795910520"]),
    ("with dashes", &["log.2026-11-29", "log.2026-11-30", "log.2026-12-01"]),
    ("with a time", &["log.2026-11-29T23:59:00Z", "log.2026-11-30T00:00:00Z", "log.2026-11-30T00:01:00Z"]),
    ("with a counter", &["log.2026-11-29", "log.2026-11-29.1", "log.2026-11-29.2"]),
    ("by the month", &["log-2026-09", "log-2026-10", "log-2026-11"]),
    ("the day first", &["log-29112026", "log-30112026", "log-01122026"]),
    ("in a directory", &["old/log-20261129", "old/log-20261130", "old/log-20261201"]),
    ("in any directory", &["x y/log.2026-11-29", "x y/log.2026-11-30", "x y/log.2026-12-01"]),
];

/// Gives a file a time of writing, so that an order by time is one.
fn written_at(stage: &Stage, name: &str, second: u64) {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000 + second);
    fs::File::options().append(true).open(stage.path(name)).unwrap().set_modified(at).unwrap();
}

/// Rotates a log whose follower does not look, once for each name.
fn rotate_unseen(stage: &Stage, names: &[&str]) {
    for (at, name) in (0..).zip(names) {
        written_at(stage, "log", at);
        fs::create_dir_all(stage.path(name).parent().unwrap()).unwrap();
        stage.rename("log", name);
        stage.append("log", &lines(10 * at as u32 + 10..10 * at as u32 + 20));
        written_at(stage, "log", at + 1);
    }
}

#[test]
fn generations_that_were_missed_are_read_under_any_name() {
    for (naming, names) in NAMINGS {
        let mut stage = Stage::with(&lines(0..10));
        rotate_unseen(&stage, names);
        stage.settle();
        assert_eq!(stage.lines.join(" "), words(0..40), "{naming}");
        stage.check_notices(&[&format!("{ROTATED}; 2 generations between are read first")]);
        stage.check_archive();
    }
}

#[test]
fn what_was_added_may_come_before_the_ending_too() {
    for names in [
        ["log-20261129.jsonl", "log-20261130.jsonl", "log-20261201.jsonl"],
        [
            "log.2026-11-29T22-00-00.000.jsonl",
            "log.2026-11-29T23-00-00.000.jsonl",
            "log.2026-11-30T00-00-00.000.jsonl",
        ],
        ["log.3.jsonl", "log.2.jsonl", "log.1.jsonl"],
    ] {
        let mut stage = Stage::named("log.jsonl");
        stage.append("log.jsonl", &lines(0..10));
        stage.settle();
        for (at, name) in (0..).zip(names) {
            stage.rename("log.jsonl", name);
            stage.append("log.jsonl", &lines(10 * at + 10..10 * at + 20));
        }
        stage.settle();
        assert_eq!(stage.lines.join(" "), words(0..40), "{names:?}");
    }
}

/// Catches: an older generation, or one of another log, that is read as if it had been missed.
#[test]
fn only_what_is_younger_and_of_this_log_is_read() {
    let mut stage = Stage::new();
    for (at, name) in
        (0..).zip(["log-20261101", "log.1", "other-20261130", "log-20261130.tmp", "log2-20261130"])
    {
        stage.append(name, "old\n");
        written_at(&stage, name, at);
    }
    stage.append("log", &lines(0..10));
    stage.settle();
    rotate_unseen(&stage, &["log-20261129", "log-20261130"]);
    stage.append("log-20261131x", "no\n");
    stage.settle();
    stage.check(&words(0..30));
    stage.check_notices(&[&format!("{ROTATED}; one generation between is read first")]);
}

/// Catches: a generation that was pushed out or deleted, and those after it that are not read.
#[test]
fn generations_after_one_that_is_gone_are_read() {
    let mut stage = Stage::with(&lines(0..10));
    rotate_unseen(&stage, &["log-20261129", "log-20261130", "log-20261201"]);
    fs::remove_file(stage.path("log-20261129")).unwrap();
    stage.settle();
    stage.check(&words(0..40));
}

/// Catches: a batch of many generations of which the rest is forgotten.
#[test]
fn many_missed_generations_are_read_in_batches() {
    let mut stage = Stage::with(&lines(0..10));
    let names: Vec<String> = (0..40).map(|at| format!("log-20261129-{}", 1_795_910_400 + at)).collect();
    rotate_unseen(&stage, &names.iter().map(String::as_str).collect::<Vec<_>>());
    stage.settle();
    stage.check(&words(0..410));
}

/// Packs as gzip does: the time of writing stays.
fn pack(stage: &Stage, name: &str) {
    let content = fs::read(stage.path(name)).unwrap();
    let modified = fs::metadata(stage.path(name)).unwrap().modified().unwrap();
    let packed = fs::File::create(stage.path(&format!("{name}.gz"))).unwrap();
    let mut packer = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packer.write_all(&content).unwrap();
    packer.finish().unwrap().set_modified(modified).unwrap();
    fs::remove_file(stage.path(name)).unwrap();
}

/// Catches: a generation that was read whole and is called missed once it is compressed.
#[test]
fn a_generation_that_was_read_before_it_was_compressed_is_not_missed() {
    for name in ["log.1", "log-20261129", "log.2026-11-29"] {
        for seen in [false, true] {
            let mut stage = Stage::with(&lines(0..10));
            stage.rename("log", name);
            stage.append("log", &lines(10..20));
            if seen {
                stage.settle();
            }
            pack(&stage, name);
            stage.settle();
            stage.check(&words(0..20));
            assert!(
                !stage.notices.iter().any(|notice| notice.contains("missed")),
                "{name}: {:?}",
                stage.notices
            );
            // The next one is deleted, so that nothing but the times tells what came between.
            fs::remove_file(stage.path("log")).unwrap();
            stage.append("log", &lines(20..30));
            stage.settle();
            stage.check(&words(0..30));
            assert!(
                !stage.notices.iter().any(|notice| notice.contains("missed")),
                "{name}: {:?}",
                stage.notices
            );
        }
    }
}

#[test]
fn only_the_compressed_generations_that_were_not_read_are_missed() {
    for (first, second) in [("log.2", "log.1"), ("log-20261129", "log-20261130")] {
        let mut stage = Stage::with(&lines(0..10));
        stage.append("log", &lines(10..20));
        written_at(&stage, "log", 0);
        stage.rename("log", first);
        stage.append("log", &lines(20..31));
        written_at(&stage, "log", 1);
        stage.rename("log", second);
        stage.append("log", &lines(31..40));
        pack(&stage, first);
        pack(&stage, second);
        stage.settle();
        stage.check(&[words(0..20), words(31..40)].join(" "));
        let missed = format!("missed what was rotated away meanwhile: {second}.gz");
        assert_eq!(stage.notices[1..], [missed], "{:?}", stage.notices);
    }
}

/// Catches: a late line of a process that keeps the renamed file open, which is dropped because it comes late.
#[test]
fn a_late_writer_is_read_for_as_long_as_its_file_is_held() {
    let mut stage = Stage::with(&lines(0..10));
    let mut late = stage.writer("log");
    stage.rename("log", "log.1");
    stage.append("log", "");
    stage.settle();
    for minute in 1..20 {
        stage.pass(Duration::from_secs(60));
        writeln!(late, "{}", 9 + minute).unwrap();
    }
    stage.pass(Duration::from_secs(1));
    stage.check(&words(0..29));
    stage.append("log", &lines(29..40));
    stage.settle();
    stage.check(&words(0..40));
    stage.check_notices(&[ROTATED]);
    stage.check_archive();
}

/// Catches: descriptors of files that were deleted, whose space on the disk is not given back.
#[test]
fn a_deleted_generation_is_held_only_where_lines_are_read_back() {
    for reads_back in [false, true] {
        let mut stage = Stage::new().reading_back(reads_back);
        stage.append("log", "1\n");
        stage.settle();
        let id = fs::canonicalize(stage.path("log")).unwrap();
        stage.rename("log", "log.1");
        stage.append("log", "2\n");
        stage.settle();
        fs::remove_file(stage.path("log.1")).unwrap();
        stage.pass(Duration::from_secs(10));
        let deleted = format!("{}.1 (deleted)", id.display());
        // The handles by which the test itself reads lines back are closed.
        stage.archive = runwatch::source::archive::Archive::new(runwatch::engine::options().framing);
        let is_held = fs::read_dir("/proc/self/fd")
            .unwrap()
            .flatten()
            .any(|fd| fs::read_link(fd.path()).is_ok_and(|target| target.to_string_lossy() == deleted));
        assert_eq!(is_held, reads_back);
        stage.check("1 2");
    }
}

/// Catches: a copy in a directory for old generations that is not found, when the log itself is cut.
#[test]
fn a_copy_in_another_directory_is_found() {
    for name in ["old/log-20261129", "archive/log.1", "../old/log-20261129"] {
        let mut stage = Stage::below("q");
        stage.append("log", &lines(0..10));
        stage.settle();
        stage.append("log", &lines(10..20));
        fs::create_dir_all(stage.path(name).parent().unwrap()).unwrap();
        copy(&stage.path("log"), &stage.path(name));
        fs::write(stage.path("log"), lines(20..25)).unwrap();
        stage.settle();
        stage.check(&words(0..25));
        stage.check_archive();
    }
}
