//! A log that is replaced, or written over, by a longer copy of itself.

use std::fs;
use std::io::Write as _;
use std::time::Duration;

use super::stage::{Stage, lines, words};

/// Writes a content beside the log and renames it over the log, as rsync and atomic writers do.
fn swap(stage: &Stage, content: &str) {
    fs::write(stage.path(".log.new"), content).unwrap();
    stage.rename(".log.new", "log");
}

#[test]
fn a_longer_copy_is_the_same_log() {
    for (old, torn) in [(1, ""), (100, ""), (3000, ""), (100, "10"), (3000, "300")] {
        for way in ["renamed over", "made again", "written over", "renamed over, the old one kept"] {
            let mut stage = Stage::with(&(lines(0..old) + torn));
            for more in 1..12 {
                let content = lines(0..old + more);
                match way {
                    "renamed over" => swap(&stage, &content),
                    "made again" => {
                        fs::remove_file(stage.path("log")).unwrap();
                        fs::write(stage.path("log"), content).unwrap();
                    }
                    "written over" => fs::write(stage.path("log"), content).unwrap(),
                    _ => {
                        stage.rename("log", "log~");
                        fs::write(stage.path("log"), content).unwrap();
                    }
                }
                stage.pass(Duration::from_secs(1));
                assert_eq!(stage.lines.join(" "), words(0..old + more), "{way}: {:?}", stage.notices);
            }
            stage.check_notices(&[]);
            // However often it is replaced, its first line can be read back.
            stage.check_archive();
            assert!(stage.places.iter().all(|place| place.generation() == 0));
        }
    }
}

/// Catches: a copy of which a look sees only a part.
#[test]
fn a_copy_that_is_being_written_is_waited_for() {
    let content = lines(0..3000);
    for in_place in [true, false] {
        let mut stage = Stage::with(&lines(0..2000));
        if !in_place {
            fs::remove_file(stage.path("log")).unwrap();
        }
        let mut copy = fs::File::create(stage.path("log")).unwrap();
        stage.pass(Duration::from_millis(600));
        for part in content.as_bytes().chunks(1000) {
            copy.write_all(part).unwrap();
            stage.pass(Duration::from_secs(2));
        }
        stage.check(&words(0..3000));
        stage.check_notices(&[]);
        stage.check_archive();
    }
}

/// Catches: a log that was set back to an earlier content, and for which is waited for ever.
#[test]
fn a_copy_that_stays_shorter_is_other_content() {
    for in_place in [true, false] {
        let mut stage = Stage::with(&lines(0..2000));
        if in_place {
            fs::write(stage.path("log"), lines(0..1000)).unwrap();
        } else {
            swap(&stage, &lines(0..1000));
        }
        stage.pass(Duration::from_secs(3));
        stage.check(&words(0..2000));
        stage.pass(Duration::from_secs(5));
        stage.append("log", "new\n");
        stage.settle();
        stage.check(&[words(0..2000), words(0..1000), "new".to_owned()].join(" "));
        stage.check_notices(&[if in_place { "the log was truncated" } else { "the log was replaced" }]);
    }
}

/// Catches: one that begins alike and is longer, but is not the same before our offset.
#[test]
fn a_content_that_only_begins_alike_is_read_from_its_start() {
    let (old, new) = (lines(0..2000), lines(0..1500) + &lines(5000..6000));
    for in_place in [true, false] {
        let mut stage = Stage::with(&old);
        if in_place {
            fs::write(stage.path("log"), &new).unwrap();
        } else {
            swap(&stage, &new);
        }
        stage.settle();
        stage.check(&(old.clone() + &new).lines().collect::<Vec<_>>().join(" "));
    }
}

/// Catches: a mended torn line whose start is kept from before.
#[test]
fn a_copy_may_mend_the_torn_line() {
    let mut stage = Stage::with(&(lines(0..50) + "torn and long"));
    swap(&stage, &lines(0..60));
    stage.settle();
    stage.check(&words(0..60));
    stage.check_notices(&[]);
}
