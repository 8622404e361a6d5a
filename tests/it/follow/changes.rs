//! Changes that may happen to a file under our feet, one at a time.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::symlink;
use std::time::Duration;

use runwatch::source::origin::Origin;
use runwatch::source::read_once::read_once;
use runwatch::source::reread::Reread as _;

use super::stage::{Stage, copy, lines, words};

const ROTATED: &str = "the log was rotated";
const TRUNCATED: &str = "the log was truncated";
const REPLACED: &str = "the log was replaced";
const APPEARED: &str = "the log has appeared";

#[test]
fn a_line_is_applied_when_its_newline_comes_and_once() {
    let content = "one\r\ntwo\n\nfour";
    let mut stage = Stage::with("");
    let mut n_lines = 0;
    for (at, byte) in content.bytes().enumerate() {
        stage.append("log", std::str::from_utf8(&[byte]).unwrap());
        stage.pass(Duration::from_secs(1));
        n_lines += usize::from(byte == b'\n');
        assert_eq!(stage.lines.len(), n_lines);
        let torn = content[..=at].rsplit('\n').next().unwrap().len() as u64;
        assert_eq!((stage.status.pending, stage.status.offset), (torn, at as u64 + 1));
        assert!(stage.status.caught_up);
    }
    stage.append("log", "\n");
    stage.settle();
    stage.check("one two  four");
    stage.check_archive();
    stage.check_notices(&[]);
}

#[test]
fn a_line_torn_at_any_byte_is_completed_once() {
    let content = "{\"sequence\":1}\n{\"sequence\":2}\r\n";
    for cut in 0..content.len() {
        let mut stage = Stage::with(&content[..cut]);
        stage.append("log", &content[cut..]);
        stage.settle();
        stage.check("{\"sequence\":1} {\"sequence\":2}");
        stage.check_notices(&[]);
    }
}

#[test]
fn a_torn_line_that_its_writer_mends_goes_on_in_the_same_generation() {
    for torn in ["to", "torn and longer than what comes instead", "\0\0\0\0"] {
        let mut stage = Stage::with(&lines(0..50));
        stage.append("log", torn);
        stage.settle();
        let file = fs::OpenOptions::new().write(true).open(stage.path("log")).unwrap();
        file.set_len(lines(0..50).len() as u64).unwrap();
        stage.append("log", "50\n");
        stage.settle();
        stage.check(&words(0..51));
        stage.check_notices(&[]);
        assert_eq!(stage.places[50].generation(), 0);
    }
}

#[test]
fn a_rotation_is_followed_with_what_a_late_writer_adds() {
    let mut stage = Stage::with("");
    let mut writer = stage.writer("log");
    writer.write_all(b"1\n2\nto").unwrap();
    stage.settle();
    writer.write_all(b"rn\n").unwrap();
    stage.rename("log", "log.1");
    writer.write_all(b"4\n").unwrap();
    stage.append("log", "5\n");
    stage.settle();
    stage.check("1 2 torn 4 5");
    writer.write_all(b"late\n").unwrap();
    stage.settle();
    writer.write_all(b"later\n").unwrap();
    stage.append("log", "6\n");
    stage.settle();
    stage.check("1 2 torn 4 5 late later 6");
    stage.check_archive();
    stage.pass(Duration::from_secs(6));
    writer.write_all(b"latest\n").unwrap();
    stage.settle();
    stage.check("1 2 torn 4 5 late later 6 latest");
    stage.check_notices(&[ROTATED]);
    let generations: Vec<u32> = stage.places.iter().map(|place| place.generation()).collect();
    assert_eq!(generations, [0, 0, 0, 0, 1, 0, 0, 1, 0]);
}

#[test]
fn what_a_writer_adds_after_the_rename_is_read_before_the_new_file() {
    let mut stage = Stage::with("1\n");
    let mut writer = stage.writer("log");
    stage.rename("log", "log.1");
    for number in 2..10 {
        writeln!(writer, "{number}").unwrap();
        stage.settle();
    }
    stage.append("log", "10\n");
    stage.settle();
    stage.check(&words(1..11));
    assert_eq!(stage.notices, ["the log was deleted or moved away; waiting for it", APPEARED, ROTATED]);
}

#[test]
fn missed_generations_are_read_oldest_first() {
    for n_missed in [1, 2, 9, 30] {
        let mut stage = Stage::with("0\n");
        for number in 1..=n_missed + 1 {
            for age in (1..number).rev() {
                stage.rename(&format!("log.{age}"), &format!("log.{}", age + 1));
            }
            stage.rename("log", "log.1");
            stage.append("log", &format!("{number}\n"));
        }
        stage.settle();
        stage.check(&words(0..n_missed + 2));
        assert_eq!(stage.notices.len(), if n_missed > 16 { 2 } else { 1 });
        assert!(stage.notices[0].starts_with(ROTATED));
    }
}

#[test]
fn a_missed_generation_that_was_compressed_is_named() {
    let mut stage = Stage::with("0\n");
    stage.rename("log", "log.3");
    stage.append("log.2.gz", "\x1f");
    stage.append("log.1", "2\n");
    stage.append("log", "3\n");
    stage.settle();
    stage.check("0 2 3");
    assert_eq!(stage.notices[1], "missed what was rotated away meanwhile: log.2.gz");
}

#[test]
fn a_generation_that_pushed_ours_out_is_read() {
    let mut stage = Stage::with("0\n");
    stage.append("log.1", "1\n");
    fs::remove_file(stage.path("log")).unwrap();
    stage.append("log", "2\n");
    stage.settle();
    stage.check("0 1 2");
}

#[test]
fn older_generations_are_not_read() {
    let mut stage = Stage::new();
    stage.append("log.2", "older\n");
    stage.append("log.1", "old\n");
    stage.append("log", "0\n");
    stage.settle();
    fs::remove_file(stage.path("log")).unwrap();
    stage.append("log", "1\n");
    stage.settle();
    stage.check("0 1");
    stage.check_notices(&[REPLACED]);
}

#[test]
fn a_rotation_to_another_naming_is_followed() {
    let mut stage = Stage::with("0\n");
    stage.rename("log", "log-20261121");
    stage.append("log", "1\n");
    stage.settle();
    stage.check("0 1");
    stage.check_notices(&[ROTATED]);
}

#[test]
fn a_copy_and_cut_loses_nothing_that_the_copy_has() {
    let mut stage = Stage::with(&lines(0..100));
    let mut writer = stage.writer("log");
    writer.write_all(b"100\n101\nto").unwrap();
    copy(&stage.path("log"), &stage.path("log.1"));
    writer.set_len(0).unwrap();
    writer.write_all(b"rn\n103\n").unwrap();
    stage.settle();
    stage.check(&(words(0..102) + " rn 103"));
    stage.check_notices(&[TRUNCATED, "the old log ended in a torn line of 2 bytes"]);
    stage.check_archive();
}

#[test]
fn two_cuts_between_two_looks_are_followed_through_their_copies() {
    let mut stage = Stage::with(&lines(0..10));
    let mut writer = stage.writer("log");
    for age in [2, 1] {
        writer.write_all(lines(10 * (4 - age)..10 * (5 - age)).as_bytes()).unwrap();
        copy(&stage.path("log"), &stage.path(&format!("log.{age}")));
        writer.set_len(0).unwrap();
    }
    writer.write_all(b"50\n").unwrap();
    stage.settle();
    stage.check(&[words(0..10), words(20..40), "50".to_owned()].join(" "));
    assert_eq!(stage.notices, ["the log was truncated; one generation between is read first"]);
}

#[test]
fn a_log_that_was_cut_and_then_moved_or_deleted_is_finished_in_order() {
    for is_deleted in [false, true] {
        let mut stage = Stage::with("0\n");
        let mut writer = stage.writer("log");
        writer.write_all(b"1\n").unwrap();
        copy(&stage.path("log"), &stage.path("log.3"));
        writer.set_len(0).unwrap();
        writer.write_all(b"2\n").unwrap();
        if is_deleted {
            fs::remove_file(stage.path("log")).unwrap();
        } else {
            stage.rename("log", "log.2");
        }
        stage.append("log.1", "3\n");
        stage.append("log", "4\n");
        stage.settle();
        stage.check(&words(0..5));
    }
}

#[test]
fn new_content_of_any_size_is_read_from_its_start() {
    let old = lines(100..200);
    for (new, notice) in [
        (lines(200..210), TRUNCATED),
        (lines(200..300), REPLACED),
        (lines(200..400), REPLACED),
        (String::new(), TRUNCATED),
    ] {
        for delayed in [false, true] {
            let mut stage = Stage::with(&old);
            fs::write(stage.path("log"), "").unwrap();
            if delayed {
                stage.settle();
            }
            stage.append("log", &new);
            stage.settle();
            stage.check(&(old.clone() + &new).lines().collect::<Vec<_>>().join(" "));
            stage.check_notices(&[if delayed { TRUNCATED } else { notice }]);
            assert!(stage.archive.record(stage.places[0], 9).is_err());
        }
    }
}

#[test]
fn a_hole_that_a_cut_leaves_is_counted() {
    let mut stage = Stage::new();
    let mut writer = fs::File::create(stage.path("log")).unwrap();
    writer.write_all(b"1\n2\n").unwrap();
    stage.settle();
    writer.set_len(0).unwrap();
    writer.write_all(b"3\n").unwrap();
    stage.settle();
    stage.check("1 2 (4 NULs)3");
    stage.check_notices(&[REPLACED]);
    writer.seek(SeekFrom::Start(100_000)).unwrap();
    writer.write_all(b"4\n").unwrap();
    stage.settle();
    stage.check("1 2 (4 NULs)3 (99994 NULs)4");
}

#[test]
fn a_hole_of_a_hundred_gigabytes_is_not_read() {
    const END: u64 = 100 << 30;
    let mut stage = Stage::with("1\n");
    let mut writer = fs::OpenOptions::new().write(true).open(stage.path("log")).unwrap();
    writer.set_len(END).unwrap();
    stage.settle();
    assert_eq!((stage.status.offset, stage.status.pending), (END, END - 2));
    writer.seek(SeekFrom::Start(END)).unwrap();
    writer.write_all(b"2\n").unwrap();
    stage.settle();
    stage.check(&format!("1 ({} NULs)2", END - 2));
    let source = Origin::Path(stage.path("log"));
    let mut n_lines = 0;
    let ending =
        read_once(&source, runwatch::engine::options(), |block| n_lines += block.len_lines()).unwrap();
    assert_eq!((ending.bytes, ending.lines, n_lines), (END + 2, 2, 2));
    assert_eq!((stage.places[1].byte(), stage.archive.record(stage.places[1], 9)), (END, Ok(b"2".to_vec())));
}

#[test]
fn a_writer_that_claims_its_space_in_advance_is_followed() {
    let mut stage = Stage::with("");
    let mut writer = fs::OpenOptions::new().write(true).open(stage.path("log")).unwrap();
    for number in 0..500 {
        if number % 100 == 0 {
            writer.set_len(writer.metadata().unwrap().len() + (1 << 20)).unwrap();
        }
        writeln!(writer, "{number}").unwrap();
        stage.pass(Duration::from_secs(1));
        assert_eq!(stage.lines.len(), number + 1);
    }
    stage.check(&words(0..500));
    stage.check_notices(&[]);
}

#[test]
fn a_deleted_log_is_waited_for() {
    let mut stage = Stage::with("1\nto");
    fs::remove_file(stage.path("log")).unwrap();
    stage.settle();
    assert!(stage.status.unavailable_since.is_some());
    stage.pass(Duration::from_secs(100));
    stage.check("1");
    stage.append("log", "2\n");
    stage.settle();
    stage.pass(Duration::from_secs(9));
    stage.check("1 2");
    assert_eq!(stage.status.unavailable_since, None);
    stage.check_notices(&[
        "the log was deleted or moved away; waiting for it",
        APPEARED,
        REPLACED,
        "the old log ended in a torn line of 2 bytes",
    ]);
}

#[test]
fn what_was_written_before_the_deletion_is_read() {
    let mut stage = Stage::with("1\n");
    stage.append("log", &lines(2..9000));
    fs::remove_file(stage.path("log")).unwrap();
    stage.settle();
    stage.check(&words(1..9000));
}

#[test]
fn a_directory_that_is_made_again_is_looked_into() {
    let mut stage = Stage::with("1\n");
    fs::remove_dir_all(stage.dir.path()).unwrap();
    stage.settle();
    fs::create_dir(stage.dir.path()).unwrap();
    stage.settle();
    stage.append("log", "2\n");
    stage.settle();
    stage.check("1 2");
}

#[test]
fn a_log_that_is_not_there_yet_is_waited_for() {
    let mut stage = Stage::new();
    fs::remove_dir(stage.dir.path()).unwrap();
    stage.settle();
    fs::create_dir(stage.dir.path()).unwrap();
    stage.settle();
    symlink("target", stage.path("log")).unwrap();
    stage.settle();
    assert!(!stage.status.caught_up);
    stage.append("target", "1\n");
    stage.settle();
    stage.check("1");
    stage.check_notices(&["waiting for the log to appear", APPEARED]);
}

#[test]
fn a_link_that_is_pointed_elsewhere_is_followed_at_once() {
    let mut stage = Stage::new();
    stage.append("a", "1\n");
    stage.append("b", "3\n");
    symlink("a", stage.path("log")).unwrap();
    stage.settle();
    symlink("b", stage.path("new")).unwrap();
    stage.append("a", "2\n");
    stage.rename("new", "log");
    stage.pass(Duration::from_secs(1));
    stage.check("1 2 3");
    stage.rename("b", "b.1");
    stage.append("b", "4\n");
    stage.settle();
    stage.check("1 2 3 4");
}

/// Catches: a swap of a directory's link, as Kubernetes does it, which no watcher sees.
#[test]
fn a_directory_that_is_swapped_by_its_link_is_followed() {
    let mut stage = Stage::new();
    for (version, number) in [("v1", 1), ("v2", 2), ("v3", 3)] {
        fs::create_dir(stage.path(version)).unwrap();
        symlink(version, stage.path("..new")).unwrap();
        stage.rename("..new", "..data");
        stage.append(&format!("{version}/log"), &format!("{number}\n"));
        if number == 1 {
            symlink("..data/log", stage.path("log")).unwrap();
        } else {
            fs::remove_dir_all(stage.path(&format!("v{}", number - 1))).unwrap();
        }
        stage.settle();
    }
    stage.check("1 2 3");
    stage.check_notices(&[REPLACED, REPLACED]);
    stage.check_archive();
}

#[test]
fn a_log_that_is_moved_away_and_back_goes_on() {
    let mut stage = Stage::with("1\n");
    stage.rename("log", "elsewhere");
    stage.append("log", "2\n");
    stage.settle();
    stage.rename("elsewhere", "log");
    stage.append("log", "3\n");
    stage.settle();
    stage.check("1 2 3");
    stage.check_archive();
}
