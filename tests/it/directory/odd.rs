//! Files and directories that are torn, vanish, and are made again while they are followed.

use std::fs;
use std::time::Duration;

use super::stage::{Stage, state_file, task_file, write_old};

const WAITING: &str = "waiting for the log to appear";
const APPEARED: &str = "the log has appeared";
const OPENED: &str = "reading the log from line 1";
const DELETED: &str = "the log was deleted or moved away; waiting for it";

/// A torn file is read again after this time.
const RETRY: Duration = Duration::from_millis(50);

#[test]
fn a_directory_of_other_files_is_refused_and_an_empty_one_is_waited_for() {
    let mut stage = Stage::new();
    stage.open().unwrap();
    assert_eq!(stage.notices, [WAITING]);
    assert!(!stage.status.caught_up);
    fs::write(stage.path.join("notes.txt"), "a note").unwrap();
    stage.pass(Duration::from_secs(1));
    stage.write(&task_file("a", "running", 2000));
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.tasks(), "a=running");
    let others = "1 other file is in the directory, and is not read";
    assert_eq!(stage.notices, [WAITING, others, APPEARED, OPENED]);
    assert!(stage.status.caught_up);

    let mut stage = Stage::new();
    fs::write(stage.path.join("notes.txt"), "a note").unwrap();
    let error = stage.open().unwrap_err();
    assert!(error.to_string().ends_with("1 file is something else"), "{error}");
    assert!(error.hint().unwrap().contains("looked for"));
}

#[test]
fn a_scan_is_in_order_of_the_instants_and_later_ones_hold_what_has_changed() {
    let mut stage = Stage::new();
    for (id, state, at) in [("c", "completed", 2003), ("a", "running", 2001), ("b", "skipped", 2002)] {
        stage.write(&task_file(id, state, at));
    }
    stage.write(&state_file("state:a", "[1]"));
    stage.open().unwrap();
    assert_eq!(stage.tasks(), "a=running b=skipped c=completed");
    assert_eq!(stage.store.tally().lines, 5);
    stage.write(&task_file("a", "completed", 2009));
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.tasks(), "a=completed b=skipped c=completed");
    assert_eq!(stage.store.tally().lines, 8, "the markers and one file");
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.store.tally().lines, 8);
    assert!(stage.problems().is_empty());
}

#[test]
fn a_torn_file_is_read_again_and_reported_only_when_it_stays_so() {
    let mut stage = Stage::new();
    stage.write(&task_file("a", "running", 2000));
    let (name, text) = task_file("b", "running", 2001);
    stage.write(&(name.clone(), text[..80].to_owned()));
    stage.open().unwrap();
    assert_eq!((stage.tasks().as_str(), stage.problems().len()), ("a=running", 0));
    stage.pass(RETRY);
    stage.write(&(name.clone(), text));
    stage.pass(RETRY);
    assert_eq!((stage.tasks().as_str(), stage.problems().len()), ("a=running b=running", 0));

    // The same, and it stays so.
    stage.write(&(name.clone(), String::new()));
    stage.pass(Duration::from_secs(1));
    stage.pass(Duration::from_millis(1900));
    assert!(stage.problems().is_empty());
    stage.pass(Duration::from_millis(200));
    let reason = format!("{name}: the file is empty");
    assert_eq!(stage.problems(), [reason.as_str()]);
    stage.pass(Duration::from_secs(9));
    assert_eq!(stage.problems().len(), 1, "once");
    stage.write(&task_file("b", "completed", 2002));
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.tasks(), "a=running b=completed");
}

#[test]
fn what_was_torn_long_before_is_reported_at_once_and_what_vanishes_is_not() {
    let mut stage = Stage::new();
    let (name, text) = task_file("a", "running", 2000);
    write_old(&stage.path.join(&name), &text.replace("running", "skipped"));
    let gone = task_file("b", "running", 2001);
    stage.write(&(gone.0.clone(), gone.1[..50].to_owned()));
    stage.open().unwrap();
    assert_eq!(stage.problems().len(), 1);
    assert!(stage.problems()[0].starts_with(&name), "{:?}", stage.problems());
    fs::remove_file(stage.path.join(gone.0)).unwrap();
    stage.pass(Duration::from_secs(1));
    stage.pass(Duration::from_secs(9));
    assert_eq!(stage.problems().len(), 1);
}

#[test]
fn a_directory_that_is_deleted_and_made_again_is_read_as_a_whole() {
    let mut stage = Stage::new();
    stage.write(&task_file("a", "running", 2000));
    stage.open().unwrap();
    fs::remove_dir_all(&stage.path).unwrap();
    stage.pass(Duration::from_secs(1));
    assert!(stage.status.unavailable_since.is_some());
    fs::create_dir(&stage.path).unwrap();
    stage.write(&task_file("a", "completed", 2001));
    stage.write(&task_file("b", "running", 2002));
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.tasks(), "a=completed b=running");
    assert_eq!(stage.status.unavailable_since, None);
    assert_eq!(stage.notices, [OPENED, DELETED, APPEARED]);
}

#[test]
fn a_path_at_which_nothing_is_becomes_a_directory() {
    let mut stage = Stage::new();
    fs::remove_dir(&stage.path).unwrap();
    stage.open().unwrap();
    fs::create_dir(&stage.path).unwrap();
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.notices, [WAITING]);
    stage.write(&task_file("a", "running", 2000));
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.tasks(), "a=running");
    assert_eq!(stage.notices, [WAITING, APPEARED, OPENED]);
}

#[test]
fn a_file_with_line_ends_is_one_line() {
    let mut stage = Stage::new();
    let (name, text) = task_file("a", "running", 2000);
    stage.write(&(name, text.replacen(",", ",\r\n ", 2) + "\n"));
    stage.open().unwrap();
    assert_eq!((stage.tasks().as_str(), stage.store.tally().lines), ("a=running", 3));
}
