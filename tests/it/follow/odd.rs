//! Paths that are no plain file of whole lines: a directory, a file without permission, a pipe, lines without
//! bounds.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;

use super::stage::Stage;

const ROTATED: &str = "the log was rotated";
const REPLACED: &str = "the log was replaced";
const APPEARED: &str = "the log has appeared";

#[test]
fn a_directory_or_a_packed_file_in_its_place_is_told_once() {
    let mut stage = Stage::with("1\n");
    stage.rename("log", "log.1");
    fs::create_dir(stage.path("log")).unwrap();
    stage.settle();
    stage.append("log.1", "2\n");
    stage.settle();
    fs::remove_dir(stage.path("log")).unwrap();
    fs::write(stage.path("log"), b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\n").unwrap();
    stage.settle();
    fs::write(stage.path("log"), "3\n").unwrap();
    stage.settle();
    stage.check("1 2 3");
    assert!(stage.notices[0].ends_with("is a directory"));
    let told = "what is at the log's path now is compressed with gzip; not read";
    assert_eq!(stage.notices[1..], [APPEARED, ROTATED, told, REPLACED]);
}

#[test]
fn a_path_that_cannot_be_looked_at_is_told_once_and_regained() {
    let mut stage = Stage::with("1\n");
    stage.rename("log", "log.1");
    symlink("log", stage.path("log")).unwrap();
    stage.settle();
    stage.append("log.1", "2\n");
    stage.settle();
    stage.check("1 2");
    assert!(stage.status.unavailable_since.is_some());
    fs::remove_file(stage.path("log")).unwrap();
    stage.append("log", "3\n");
    stage.settle();
    stage.check("1 2 3");
    assert!(stage.notices[0].starts_with("the log cannot be read: "), "{}", stage.notices[0]);
    assert_eq!(stage.notices[1..], [APPEARED, ROTATED]);
}

#[test]
fn a_permission_that_is_taken_from_what_we_hold_changes_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let mut stage = Stage::with("1\n");
    for (mode, number) in [(0o000, 2), (0o644, 3)] {
        fs::set_permissions(stage.path("log"), fs::Permissions::from_mode(mode)).unwrap();
        let writer = fs::OpenOptions::new().append(true).open(stage.path("log"));
        // Refused to everybody but root.
        if let Ok(mut writer) = writer {
            writeln!(writer, "{number}").unwrap();
        }
        stage.settle();
    }
    assert_eq!(stage.lines.first().map(String::as_str), Some("1"));
    assert_eq!(stage.lines.last().map(String::as_str), Some("3"));
    stage.check_notices(&[]);
}

#[test]
fn a_line_over_the_limit_is_one_line_however_it_arrives() {
    let mut stage = Stage::with("1\n");
    for _ in 0..5 {
        stage.append("log", &"x".repeat(300_000));
        stage.settle();
        assert_eq!(stage.status.pending % 300_000, 0);
    }
    stage.append("log", "\r\n2\n");
    stage.settle();
    stage.check("1 (1500000 bytes) 2");
}

#[test]
fn a_mark_at_the_start_of_each_generation_is_skipped() {
    let mut stage = Stage::with("\u{feff}1\n");
    stage.rename("log", "log.1");
    stage.append("log", "\u{feff}");
    stage.settle();
    stage.append("log", "2\n");
    stage.settle();
    stage.check("1 2");
}

#[test]
fn a_named_pipe_is_followed_while_writers_come_and_go() {
    let mut stage = Stage::new();
    let path = stage.path("log");
    let made = rustix::fs::mknodat(
        rustix::fs::CWD,
        &path,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    );
    made.unwrap();
    stage.settle();
    for number in 0..3 {
        let mut writer = stage.writer("log");
        write!(writer, "{number}\nto").unwrap();
        stage.settle();
        assert_eq!(stage.status.pending, 2);
        write!(writer, "rn\nlast").unwrap();
        drop(writer);
        stage.settle();
        assert_eq!(stage.status.pending, 0);
    }
    stage.check("0 torn last 1 torn last 2 torn last");
    stage.check_archive();
    stage.check_notices(&[]);
}
