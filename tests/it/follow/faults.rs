//! Reads that fail, and what must not be lost by it.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use runwatch::fault::Faults;

use super::stage::{Stage, lines, words};

const FAILED: &str = "the log cannot be read: input/output error";

/// Catches: a generation of which one read fails while others wait behind it, and whose rest is read after those, or never.
#[cfg(debug_assertions)]
#[test]
fn what_comes_after_a_file_that_fails_waits_for_it() {
    let mut stage = Stage::new().failing(Faults::parse("read:eio-once").unwrap());
    stage.append("log", &lines(0..100));
    stage.settle();
    stage.append("log", &lines(100..200));
    stage.rename("log", "log.2");
    stage.append("log.1", &lines(200..300));
    stage.append("log", &lines(300..400));
    stage.settle();
    stage.pass(Duration::from_secs(3));
    stage.check(&words(0..400));
    // Once for each of the three files.
    let rotated = "the log was rotated; one generation between is read first";
    stage.check_notices(&[FAILED, rotated, FAILED, FAILED]);
    stage.check_archive();
    assert!(stage.status.caught_up);
}

/// Catches: a descriptor that never sees what is added, as on some file systems of other machines, and is believed.
#[cfg(debug_assertions)]
#[test]
fn a_descriptor_that_sees_no_growth_is_opened_again() {
    let mut stage = Stage::new().failing(Faults::parse("read:frozen").unwrap());
    stage.append("log", "");
    for number in 0..20 {
        stage.pass(Duration::from_secs(1));
        stage.append("log", &lines(10 * number..10 * number + 10));
        stage.pass(Duration::from_secs(1));
        assert_eq!(stage.lines.len() as u32, 10 * number + 10);
    }
    stage.check(&words(0..200));
    stage.check_notices(&[]);
    stage.check_archive();
}

/// Catches: a late writer's file that is dropped because one read of it fails.
#[cfg(debug_assertions)]
#[test]
fn a_late_writer_is_read_though_a_read_fails() {
    let mut stage = Stage::new().failing(Faults::parse("read:eio-once").unwrap());
    stage.append("log", "");
    stage.settle();
    // The one between is read twice, to its end, so that the read that fails is that of a late line.
    stage.rename("log", "log.2");
    stage.append("log.1", "1\n");
    stage.append("log", "2\n");
    while stage.lines.len() < 2 {
        stage.pass(Duration::from_millis(200));
    }
    stage.append("log.1", "3\n");
    stage.pass(Duration::from_secs(3));
    stage.check("1 2 3");
}

/// Catches: a file that never can be read and of which is spoken at each look, or for which others wait for ever.
#[test]
fn a_file_that_cannot_be_read_at_all_is_told_once_and_left_behind() {
    let mut stage = Stage::new();
    // It opens, and each read of its first bytes fails.
    symlink("/proc/self/mem", stage.path("log")).unwrap();
    stage.pass(Duration::from_secs(30));
    stage.check_notices(&[FAILED]);
    assert!(!stage.status.caught_up);
    fs::remove_file(stage.path("log")).unwrap();
    stage.append("log", "1\n");
    stage.pass(Duration::from_secs(10));
    stage.check("1");
    assert_eq!(stage.notices.len(), 2, "{:?}", stage.notices);
    assert!(stage.status.caught_up);
}
