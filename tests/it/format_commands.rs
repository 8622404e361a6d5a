//! `runwatch formats`, and the ways in which a log finds its format: by its first lines, by name, by a table of the user.

use std::fs;

use runwatch::engine::mapped::catalog;
use runwatch::engine::mapped::table::MappedTable;
use serde_json::Value;

use crate::common::lines_of;
use crate::common::program::{Log, runwatch, text};

const TABLE: &str = "name = \"jobs\"\ndetect = [{ \"/job/id\" = { exists = true } }]\n[words.event]\nbegin = \"Running\"\n\
    [[rule]]\nid = \"/job/id\"\nstate = { at = \"/event\", words = \"event\" }\n";
const LINES: &str = "{\"job\":{\"id\":7},\"event\":\"begin\"}\n{\"job\":{\"id\":7},\"event\":\"later\"}\nno json\n{\"other\":1}\n";

fn said(args: &[&str]) -> (Option<i32>, String, String) {
    let output = runwatch(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn formats_are_listed_and_their_tables_are_shown() {
    let listed = text(&runwatch(&["formats", "--json"]).output().unwrap());
    let names: Vec<String> = listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<&str> = catalog::built_in().iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, expected);
    for name in names {
        let shown = text(&runwatch(&["formats", "show", &name]).output().unwrap());
        assert_eq!(MappedTable::parse(&shown).unwrap().name, name);
    }
}

#[test]
fn a_table_is_tried_on_a_log() {
    let (table, log) = (Log::named("jobs.toml", TABLE.as_bytes()), Log::new(LINES.as_bytes()));
    let told = text(&runwatch(&["formats", "check", table.path(), log.path(), "--json"]).output().unwrap());
    let told: Value = serde_json::from_str(&told).unwrap();
    for (key, expected) in [
        ("lines", Value::from(4)),
        ("matched", 2.into()),
        ("passed_over", 1.into()),
        ("unreadable", 1.into()),
        ("runs", 1.into()),
        ("without_time", 2.into()),
        ("words", serde_json::json!({"Running": {"begin": 1}})),
        ("unknown_words", serde_json::json!({"later": 1})),
    ] {
        assert_eq!(told[key], expected, "{key}");
    }
    let told = text(&runwatch(&["formats", "check", table.path(), log.path()]).output().unwrap());
    for words in
        ["unknown word \"later\", 1 time:", "unreadable, line 3:", "passed over, line 4: {\"other\":1}"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_format_that_is_none_is_told_with_the_next_step() {
    let log = Log::new(LINES.as_bytes());
    let wrong = Log::named("wrong.toml", b"name = \"x\"\nlatte = \"sticky\"\n");
    for (format, expected) in [
        ("dbtt", "no format is called dbtt\n  did you mean dbt?"),
        ("nothing-like-it", "no format is called nothing-like-it\n  `runwatch formats` lists all of them"),
        ("/no/such/table.toml", "failed to read the table /no/such/table.toml"),
        (wrong.path(), "wrong.toml:2:1: latte: nothing is called so here; did you mean `late`?"),
        ("docker", "the format docker makes nothing of the log: none of its 4 lines is about a run"),
    ] {
        let (code, _, err) = said(&["stats", log.path(), "--format", format]);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(expected), "{expected}: {err}");
    }
}

#[test]
fn a_log_that_fits_two_formats_says_which() {
    let both = r#"{"type":"task-sent","uuid":"a","timestamp":1795269789,"jid":"1","job_status":"start","class":"c"}"#;
    let log = Log::new(format!("{both}\n").as_bytes());
    let (code, _, err) = said(&["stats", log.path()]);
    assert_eq!(code, Some(2));
    assert!(err.contains("the log fits the formats celery and sidekiq: name one with --format"), "{err}");
    let stats: Value =
        serde_json::from_str(&text(&log.run(&["stats", "--json", "--format", "celery"]))).unwrap();
    assert_eq!((&stats["vocabulary"], &stats["runs"]), (&"celery".into(), &1.into()));
}

#[test]
fn tables_of_the_user_are_known_and_a_wrong_one_is_left_out_and_told() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/runwatch/formats");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("jobs.toml"), TABLE).unwrap();
    fs::write(folder.join("wrong.toml"), "name = \"x\"\n").unwrap();
    let log = Log::new(LINES.as_bytes());
    let mut command = runwatch(&["stats", "--json", log.path()]);
    let output = command.env("HOME", home.path()).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["vocabulary"], "jobs");
    assert!(err.contains("wrong.toml:") && err.ends_with("; the table is left out\n"), "{err}");
    // Without the folder it is no log.
    assert_eq!(said(&["stats", log.path()]).0, Some(2));
}

#[test]
fn a_pipe_is_recognized_as_a_file_is() {
    let lines = lines_of("tests/logs/formats/hyperqueue.jsonl.gz");
    let log = Log::new(&lines);
    let mut command = runwatch(&["stats", "--json", "-"]);
    let output = command.stdin(fs::File::open(&log.path).unwrap()).output().unwrap();
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&stats["vocabulary"], &stats["runs"]), (&"hyperqueue".into(), &47.into()));
}
