//! The tables of the program, and the logs that they recognize.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::*;

/// Lines of a fixture.
fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs/formats").join(name);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    if name.ends_with(".gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_table_of_the_program_is_one() {
    for text in TEXTS {
        let table = MappedTable::parse(text).unwrap_or_else(|problems| {
            let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}\n{text}", list.join("\n"))
        });
        assert!(
            !table.title.is_empty() && !table.command.is_empty() && !table.source.is_empty(),
            "{}",
            table.name
        );
        assert!(!table.detect.is_empty(), "{}", table.name);
        for key in ["late", "left_open", "noise", "attempts"] {
            let is_told = text.lines().any(|line| line.split('=').next().unwrap_or_default().trim() == key);
            assert!(is_told, "{} does not say {key}", table.name);
        }
    }
    assert_eq!(built_in().len(), TEXTS.len());
}

#[test]
fn a_log_fits_one_table() {
    for (name, expected) in [
        ("dbt-build.jsonl.gz", "dbt"),
        ("openlineage-airflow.jsonl.gz", "openlineage"),
        ("gotest.jsonl.gz", "gotest"),
        ("gotest-nonjson.jsonl", "gotest"),
        ("spark-eventlog-local.jsonl.gz", "spark"),
        ("snakemake.jsonl.gz", "snakemake"),
        ("github-workflow-job.jsonl.gz", "github-actions"),
        ("nextflow-weblog.jsonl", "nextflow"),
        ("prefect-flow-run.jsonl", "prefect"),
        ("docker-events.jsonl", "docker"),
    ] {
        let mut fitting = Fitting::default();
        for line in lines(name) {
            fitting.add(line.as_bytes());
        }
        let names: Vec<&str> = fitting.tables().iter().map(|table| &*table.name).collect();
        assert_eq!(names, [expected], "{name}");
    }
}

/// Lines of engines whose logs are not among the fixtures.
#[test]
fn a_line_fits_the_table_of_its_engine() {
    for (line, expected) in [
        (r#"{"run":"job-17","state":"running"}"#, &["plain"][..]),
        (r#"{"run":17,"state":"done","time":1}"#, &["plain"]),
        (r#"{"run":null,"state":"done"}"#, &[]),
        (r#"{"type":"task-sent","uuid":"ad62","name":"a","timestamp":1.5}"#, &["celery"]),
        (r#"{"type":"worker-heartbeat","hostname":"w@h"}"#, &[]),
        (r#"{"severity":"INFO","jid":"a24a","job_status":"start","class":"A"}"#, &["sidekiq"]),
        (
            r#"{"ts":"t","pid":1,"tid":"o","lvl":"INFO","msg":"start","ctx":{"class":"H","jid":"j"}}"#,
            &["sidekiq"],
        ),
        (r#"{"ts":"t","pid":1,"tid":"o","lvl":"INFO","msg":"hello","ctx":{"class":"H","jid":"j"}}"#, &[]),
        (
            r#"{"level":"info","uuid":"u","connection":"redis","queue":"q","job":"J","status":"starting"}"#,
            &["laravel"],
        ),
        (r#"{"level":"warning","queue":"default","status":"paused"}"#, &[]),
        (r#"{"source":"oban","event":"job:stop","id":123,"state":"success"}"#, &["oban"]),
        (r#"14:03:10.250 [info] {"source":"oban","event":"job:start","id":123}"#, &["oban"]),
        (
            r#"{"severity":"info","message":"{\"source\":\"oban\",\"event\":\"job:start\",\"id\":1}"}"#,
            &["oban"],
        ),
        (r#"{"source":"oban","event":"notifier:switch"}"#, &[]),
        (
            r#"{"event":{"type":"server-start","server_uid":"x"},"time":"2026-11-30T19:44:57.621Z"}"#,
            &["hyperqueue"],
        ),
        (r#"{"Index":1002,"Events":[{"Topic":"Allocation"}]}"#, &["nomad"]),
        (r#"{"id":1,"run_id":2,"run_attempt":1,"status":"queued","steps":[]}"#, &["github-actions"]),
        // A line of two engines fits both; the plain table gives way.
        (r#"{"run":"a","state":"b","jid":"j","job_status":"start"}"#, &["sidekiq"]),
        (r#"{"type":"task-sent","uuid":"u","jid":"j","job_status":"start"}"#, &["celery", "sidekiq"]),
        ("", &[]),
        ("null", &[]),
        ("no JSON", &[]),
        (r#"{"run":"a","state":"b""#, &[]),
    ] {
        let names: Vec<&str> = fitting(line.as_bytes()).iter().map(|table| &*table.name).collect();
        assert_eq!(names, expected, "{line}");
    }
}

#[test]
fn a_log_fits_what_all_its_lines_fit() {
    let both = r#"{"type":"task-sent","uuid":"u","jid":"j","job_status":"start"}"#;
    let one = r#"{"jid":"j","job_status":"start"}"#;
    for (lines, expected) in [
        (&[both][..], &["celery", "sidekiq"][..]),
        (&["no JSON", both, "{}", one], &["sidekiq"]),
        (&[one, both], &["sidekiq"]),
        // Lines of another engine within a log leave it as it is.
        (&[one, r#"{"run":"a","state":"b"}"#, one], &["sidekiq"]),
        (&["{}", ""], &[]),
    ] {
        let mut log = Fitting::default();
        lines.iter().for_each(|line| log.add(line.as_bytes()));
        let names: Vec<&str> = log.tables().iter().map(|table| &*table.name).collect();
        assert_eq!(names, expected, "{lines:?}");
    }
}

#[test]
fn a_table_of_the_user_comes_first_and_hides_one_of_its_name() {
    let table = |name: &str| {
        let text = format!("name = \"{name}\"\ntitle = \"own\"\n[[rule]]\nid = \"/a\"\nstate = \"/b\"");
        MappedTable::parse(&text).unwrap()
    };
    let own: &'static [MappedTable] = vec![table("mine"), table("dbt")].leak();
    let names: Vec<(&str, &str)> = with_own(own).map(|table| (&*table.name, &*table.title)).take(3).collect();
    assert_eq!(names, [("mine", "own"), ("dbt", "own"), ("plain", "plain log, one JSON object a line")]);
    assert_eq!(with_own(own).filter(|table| table.name == "dbt").count(), 1);
    assert_eq!(with_own(own).count(), built_in().len() + 1);
    assert_eq!(named("gotest").map(|table| &*table.name), Some("gotest"));
    assert!(named("mine").is_none());
}
