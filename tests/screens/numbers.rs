//! No screen cuts a number: every pane and page at every width, of logs with long numbers in them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use runwatch::view::format::fitted;

use crate::common::lines_of;
use crate::stage::{MID, Stage, V030};

/// Views: a name, and the keys that lead there.
const VIEWS: &[(&str, &str)] = &[
    ("the board", "jj"),
    ("by task", ":group task<enter>j"),
    ("by owner", ":group owner<enter>j"),
    ("not grouped", ":group nothing<enter>j"),
    ("every column", ":columns run task attempts in_state created priority owner<enter>j"),
    ("why", ":columns run waiting in_state<enter>j"),
    ("found", "/state:live<enter>j"),
    ("attempts", "2z"),
    ("suspended", "3j"),
    ("problems", "4j"),
    ("charts", "5"),
    ("a page", "lj<enter>"),
    ("the end of a page", "lj<enter>G"),
    ("help", "?"),
    ("the end of help", "?G"),
    ("frozen", "<space>j"),
    ("a question", "llljc"),
    ("many", "/state:live<enter>Mc"),
    ("typed", "/state:ready and attempts>=1"),
];

/// A log whose numbers are long: sequences, caps, priorities, and a thousand runs and more in a state.
fn long() -> Vec<u8> {
    let mut log = String::new();
    let mut sequence = 897_654_000;
    let mut event = |body: String| {
        sequence += 1;
        writeln!(log, r#"{{"sequence":{sequence},"event":{body}}}"#).unwrap();
    };
    let task = |number: u32| format!("0badcafe-0000-4000-8000-{number:012x}");
    for (number, name) in
        ["billing.invoices.send_receipt", "billing.invoices.send_reminder", "reports"].into_iter().enumerate()
    {
        event(format!(
            r#"{{"TaskCreated":{{"task_spec":{{"id":"{}","payload":{{"bytes":[1],"content_type":null}},"run_policy":"Once","constraints":{{"max_attempts":{},"timeout_secs":null,"concurrency_key":null,"concurrency_key_hold_policy":"HoldDuringRetry","safety_level":"Pure","required_capabilities":null}},"metadata":{{"tags":[],"priority":{},"description":"{name}"}},"parent_task_id":null,"tenant_id":null}},"timestamp":{MID}}}}}"#,
            task(u32::try_from(number).unwrap()),
            897_654_321,
            -1_987_654_321_i32 + i32::try_from(number).unwrap(),
        ));
    }
    for number in 0..1_300_u32 {
        let run = format!("01a1fa09-0000-7000-8000-{:012x}", 0xd4e5_f6a7_u32 + number);
        event(format!(
            r#"{{"RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,"created_at":{at},"scheduled_at":{at},"effective_priority":0,"last_state_change_at":{at}}}}}}}"#,
            task(number % 3),
            at = MID - 90_061 - u64::from(number),
        ));
        if number % 13 > 0 {
            event(format!(
                r#"{{"RunStateChanged":{{"run_id":"{run}","previous_state":"Scheduled","new_state":"Ready","timestamp":{}}}}}"#,
                MID - 45_296,
            ));
        }
    }
    log.into_bytes()
}

/// Numbers of the long log that no screen may be wide enough for.
const LONG: &str = "897,654,321 1,987,654,321";

/// The numbers of a line that are not parts of ids, names and times of the log.
fn numbers(line: &str) -> Vec<String> {
    let mut found = vec![];
    for word in line.split(|c: char| c.is_whitespace() || "│─┊━┬├┤╭╮╰╯╱┄╌".contains(c))
    {
        // An id, or what is shown of one.
        let is_id = word.contains('…') && word.chars().any(|c| c.is_ascii_alphabetic());
        let is_hex = word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        if is_id || (is_hex && (matches!(word.len(), 8 | 13 | 36) || word.contains(char::is_alphabetic))) {
            continue;
        }
        let mut rest = word;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let tail = &rest[start..];
            let end = tail.find(|c: char| !(c.is_ascii_digit() || ",.".contains(c))).unwrap_or(tail.len());
            let number = tail[..end].trim_end_matches([',', '.']);
            let unit = tail[number.len()..].chars().next().filter(|c| "kMGTPE".contains(*c));
            found.push(number.chars().chain(unit).collect());
            rest = &tail[end..];
        }
    }
    found
}

/// A row without what hangs on how many rows there are: `1-18 of 40` and `… 12 more`, where they are whole.
fn without_places(row: &str) -> String {
    let words: Vec<&str> = row.split(' ').collect();
    let is_number = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == ',');
    let is_place = |index: usize| {
        let word = |index: usize| words.get(index).copied().unwrap_or_default();
        let before = |back: usize| index.checked_sub(back).map_or("", word);
        let is_range = |word: &str| word.split_once('-').is_some_and(|(a, b)| is_number(a) && is_number(b));
        let is_range_here = is_range(word(index)) && word(index + 1) == "of" && is_number(word(index + 2));
        let is_last = before(1) == "of" && is_range(before(2));
        is_range_here || is_last || (is_number(word(index)) && word(index + 1) == "more")
    };
    let kept = words.iter().enumerate().filter(|(index, _)| !is_place(*index)).map(|(_, word)| *word);
    kept.collect::<Vec<_>>().join(" ")
}

/// Looks at one view of a log at every width, against what a very wide and high screen shows of it.
fn check(log: &[u8], second: u64, (view, keys): (&str, &str)) {
    let mut stage = Stage::with_control(600, 400, second).read(log).press(keys);
    let mut whole: BTreeSet<String> = BTreeSet::new();
    let mut gather = |text: &str| {
        for number in text.lines().flat_map(numbers) {
            let plain = number.trim_end_matches(char::is_alphabetic).replace(',', "");
            if let Ok(number) = plain.parse::<u64>() {
                whole.extend((1..30).filter_map(|width| fitted(number, width)));
                whole.insert(number.to_string());
            }
            whole.insert(number);
        }
    };
    gather(&stage.text());
    // The numbers of the panes are beside each other only where one of them is alone.
    gather("1 2 3 4 5");
    gather(LONG);
    for width in 40..=220 {
        stage.resize(width, 45);
        let text = stage.text();
        // The rows on both sides of a question are cut by its frame.
        let has_frame = text.contains('╭');
        for row in text.lines() {
            let row = match row.find('│').filter(|_| has_frame) {
                Some(start) => row[start..].split('│').nth(1).unwrap_or_default(),
                None if has_frame => continue,
                None => row,
            };
            for number in numbers(&without_places(row)) {
                assert!(whole.contains(&number), "{view}: `{number}` at width {width} in\n{row}\n{text}");
            }
        }
    }
}

#[test]
fn long_numbers_are_cut_nowhere() {
    let log = long();
    VIEWS.iter().for_each(|view| check(&log, MID, *view));
}

#[test]
fn the_numbers_of_recorded_logs_are_cut_nowhere() {
    let v030 = lines_of("tests/logs/v030-small.jsonl.gz");
    VIEWS.iter().for_each(|view| check(&v030, V030, *view));
    let samples = lines_of("tests/logs/samples-0.1.2.jsonl");
    VIEWS.iter().for_each(|view| check(&samples, MID, *view));
}

/// Dates in a row that do not end as a date does: `2025-10-19…`, `2025-10-19 17:3…`.
fn cut_dates(row: &str) -> Vec<&str> {
    let starts = row.match_indices("20").map(|(at, _)| &row[at..]);
    let is_digit = |c: char| c.is_ascii_digit();
    let dates = starts.filter(|rest| rest.chars().nth(4) == Some('-') && rest.chars().take(4).all(is_digit));
    let is_whole = |date: &str| {
        let end = date.find(|c: char| !(is_digit(c) || "-: ".contains(c))).unwrap_or(date.len());
        let shown = date[..end].trim_end_matches([' ', ':', '-']);
        let lengths = ["2025-10-19", "2025-10-19 17:37", "2025-10-19 17:37:41"].map(str::len);
        let first = shown.split("  ").next().unwrap_or_default();
        lengths.contains(&first.len()) && !date[first.len()..].starts_with('…')
    };
    dates.filter(|date| !is_whole(date)).collect()
}

#[test]
fn a_date_that_is_cut_is_found() {
    for (row, n) in [
        ("since 2025-10-19 17:37:41  Failed", 0),
        ("2025-10-19 17:37 2025-10-19", 0),
        ("2025-10-19…", 1),
        ("2025-1…", 1),
        ("a 2025-10-19 17:3…", 1),
    ] {
        let row = row.replace(" 2025-10-19", "  2025-10-19");
        assert_eq!(cut_dates(&row).len(), n, "{row}");
    }
}

#[test]
fn the_dates_of_another_day_are_cut_nowhere() {
    let v030 = lines_of("tests/logs/v030-small.jsonl.gz");
    for (view, keys) in VIEWS {
        let mut stage = Stage::with_control(220, 45, V030 + 40 * 86_400).read(&v030).press(keys);
        for width in 40..=220 {
            stage.resize(width, 45);
            let text = stage.text();
            for row in text.lines() {
                assert_eq!(cut_dates(row), Vec::<&str>::new(), "{view} at width {width}:\n{text}");
            }
        }
    }
}
