//! Directories that are not what they should be, as the program tells of them.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::stage::{SECOND, state_file, task_file, write_old};
use crate::common::program::{runwatch, text};

fn run(command: &str, path: &Path) -> Output {
    runwatch(&[command, path.to_str().unwrap()]).output().unwrap()
}

/// The error of a report, which is a fact and a next step.
fn refused(path: &Path) -> (String, String) {
    let mut all = Vec::new();
    for command in ["stats", "check", "runs", "diff"] {
        let output = run(command, path);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        all.push(String::from_utf8(output.stderr).unwrap());
    }
    assert!(all.windows(2).all(|two| two[0] == two[1]), "{all:?}");
    let (fact, step) = all[0].split_once('\n').unwrap();
    (fact.to_owned(), step.to_owned())
}

#[test]
fn a_directory_without_a_record_is_one_error_with_what_was_looked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (fact, step) = refused(&dir.path().join("none/"));
    assert!(fact.ends_with("does not exist") && step.contains("check the path"), "{fact} {step}");
    let (fact, step) = refused(dir.path());
    assert!(fact.ends_with("is a directory with no record in it"), "{fact}");
    assert!(step.contains("looked for the state files of dag-executor"), "{step}");
    fs::write(dir.path().join("notes.txt"), "a note").unwrap();
    let (fact, _) = refused(dir.path());
    assert!(fact.ends_with("with no record in it: 1 file is something else"), "{fact}");
    // The name is one of the engine's, and the content is not.
    fs::write(dir.path().join(task_file("a", "running", 1).0), "{\"name\":1}\n").unwrap();
    fs::write(dir.path().join(".tmp-6f1b"), "").unwrap();
    let (fact, step) = refused(dir.path());
    assert!(fact.ends_with("with no record in it: 2 files are something else"), "{fact}");
    assert!(step.contains("looked for the state files of dag-executor"), "{step}");
}

#[test]
fn files_of_others_are_counted_and_what_the_engine_keeps_beside_is_not_told() {
    let dir = tempfile::tempdir().unwrap();
    let write = |(name, text): (String, String)| write_old(&dir.path().join(name), &text);
    write(task_file("a", "dead_lettered", 2000));
    let letter = format!(r#"{{"attempts":3,"error":"x","task_id":"a","timestamp":{}}}"#, SECOND + 1999);
    write(state_file("dlq:a", &letter));
    write(state_file("state:a", r#"{"page":7}"#));
    for name in [".tmp-0b7e", "notes.txt", "backup.json"] {
        fs::write(dir.path().join(name), "{}").unwrap();
    }
    let stats = text(&run("stats", dir.path()));
    assert!(stats.contains("foreign files                 2\n"), "{stats}");
    assert!(
        stats.contains("lines                         4\n")
            && stats.contains("ignored                     0")
    );
    let checked = text(&run("check", dir.path()));
    assert!(
        checked.ends_with("no problems in 4 lines; 2 files that are none of the engine's are not read\n")
    );
    let runs = text(&runwatch(&["runs", "--json", dir.path().to_str().unwrap()]).output().unwrap());
    assert!(runs.contains(&format!("\"dead_letter_at\":{}", SECOND + 1999)), "{runs}");
}

#[test]
fn a_file_that_stays_torn_is_a_problem_with_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let write = |(name, text): &(String, String)| write_old(&dir.path().join(name), text);
    write(&task_file("a", "running", 2000));
    let (bad, text_of_b) = task_file("b", "running", 2001);
    write(&(bad.clone(), text_of_b.replace("running", "skipped")));
    let (cut, text_of_c) = task_file("c", "running", 2002);
    write(&(cut.clone(), text_of_c[..100].to_owned()));
    let empty = task_file("d", "running", 2003).0;
    write(&(empty.clone(), String::new()));
    let output = run("check", dir.path());
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    for words in [
        format!("{bad}: the checksum of `record:b` is not that of its data"),
        format!("{cut}: the line ends inside a text"),
        format!("{empty}: the file is empty"),
    ] {
        assert!(said.contains(&words), "{said}");
    }
    assert!(said.ends_with("3 problems in 6 lines\n"), "{said}");
    // What is whole is read all the same.
    let stats = text(&run("stats", dir.path()));
    assert!(stats.contains("running                     1\n"), "{stats}");
}

#[test]
fn a_directory_of_nothing_but_a_torn_file_is_the_engines() {
    let dir = tempfile::tempdir().unwrap();
    write_old(&dir.path().join(task_file("a", "running", 1).0), "{\"key\":\"rec");
    let output = run("stats", dir.path());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no line of the log can be read") || output.status.success(), "{said}");
    assert_eq!(run("check", dir.path()).status.code(), Some(1));
}
