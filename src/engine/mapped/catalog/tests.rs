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
