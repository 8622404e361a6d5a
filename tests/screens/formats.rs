//! Whole screens of logs that tables describe: boards, pages and the help page, in the engines' own words.

use insta::assert_snapshot;

use crate::common::lines_of;
use crate::stage::Stage;

/// A minute after the recordings.
const NOW: u64 = 1_796_069_000;

fn log(name: &str) -> Vec<u8> {
    lines_of(&format!("tests/logs/formats/{name}.jsonl.gz"))
}

#[test]
fn a_board_has_the_states_and_columns_that_the_log_can_fill() {
    for (name, width, height) in [
        ("celery", 80, 24),
        ("celery", 120, 40),
        ("dbt", 120, 40),
        ("hyperqueue", 200, 60),
        ("spark", 120, 40),
    ] {
        let text = Stage::new(width, height, NOW).read(&log(name)).text();
        assert_snapshot!(format!("format_{name}_{width}x{height}"), text);
    }
}

#[test]
fn a_page_has_the_engines_own_words() {
    for (name, query) in [("celery", "app.refund"), ("dbt", "state:skipped"), ("prefect", "state:failed")] {
        let keys = format!("/{query}<enter>j<enter>");
        let text = Stage::new(100, 50, NOW).read(&log(name)).press(&keys).text();
        assert_snapshot!(format!("format_page_{name}"), text);
    }
}

#[test]
fn the_help_page_says_what_the_log_tells_and_what_it_does_not() {
    let text = Stage::new(100, 24, NOW).read(&log("dbt")).press("?").text();
    for words in ["This log", "does not tell queue, lease, retry", "transitions not judged", "cancel: none"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = Stage::new(100, 24, NOW).read(&lines_of("tests/logs/live-small.jsonl.gz")).press("?").text();
    assert!(!text.contains("This log"), "{text}");
}
