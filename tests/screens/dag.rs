//! Whole screens of a recorded execution of dag-executor: with its graph, and from its records alone.

use insta::assert_snapshot;

use crate::common::lines_of;
use crate::stage::Stage;

/// An execution of 500 tasks whose host tells attempts and the graph.
fn kit() -> Vec<u8> {
    lines_of("tests/logs/dag/kit-500.kit.jsonl.gz")
}

/// Records alone.
fn records() -> Vec<u8> {
    lines_of("tests/logs/dag/etl-100.jsonl.gz")
}

/// Lines up to the middle of an execution.
fn half(lines: &[u8]) -> Vec<u8> {
    let all: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    all[..all.len() / 2].concat()
}

/// A second after the end of a recording.
const KIT: u64 = 1_795_194_610;
const ETL: u64 = 1_795_193_600;

#[test]
fn the_board_has_the_words_and_the_progress_of_the_engine() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = Stage::new(width, height, KIT).read(&half(&kit()));
        assert_snapshot!(format!("dag_board_{width}x{height}"), stage.text());
    }
    assert_snapshot!("dag_records_120x40", Stage::new(120, 40, ETL).read(&half(&records())).text());
}

#[test]
fn a_page_tells_causes_and_dependencies() {
    let page = |log: &[u8], query: &str| {
        let keys = format!("/{query}<enter>j<enter>");
        Stage::new(100, 60, KIT).read(log).press(&keys).text()
    };
    assert_snapshot!("dag_dead_letter", page(&kit(), "clicks.0013.validate"));
    assert_snapshot!("dag_skipped", page(&kit(), "clicks.0013.report"));
    assert_snapshot!("dag_running", page(&half(&kit()), "state:running"));
    assert_snapshot!("dag_skipped_without_graph", page(&records(), "state:skipped"));
}

#[test]
fn a_page_claims_nothing_of_attempts_that_records_do_not_tell() {
    let keys = "/state:running<enter>j<enter>";
    for (log, second, expected) in [
        (half(&records()), ETL, "The log tells their number when the run has ended."),
        (half(&kit()), KIT, "None has started."),
    ] {
        let text = Stage::new(100, 60, second).read(&log).press(keys).text();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn names_of_states_are_whole_in_the_charts_where_there_is_room() {
    for (width, height) in [(120, 40), (200, 60)] {
        let text = Stage::new(width, height, KIT).read(&kit()).press("5").text();
        let legend = text.lines().find(|line| line.trim_start().starts_with("☒ dead_lettered   ")).unwrap();
        assert_eq!(legend.split_whitespace().nth(2), Some("5"), "{text}");
    }
}

#[test]
fn a_question_names_a_task_once() {
    let keys = "/state:running<enter>jc";
    let text = Stage::with_control(120, 40, KIT).read(&half(&kit())).press(keys).text();
    assert!(text.contains("│  run  ") && !text.contains("│  task  "), "{text}");
    let text = Stage::with_control(40, 12, KIT).read(&half(&kit())).press(keys).text();
    let named = text.lines().filter(|line| line.contains("billing.0011.aggregate.1 ")).count();
    assert!(text.contains("Cancel") && named <= 1, "{text}");
}
