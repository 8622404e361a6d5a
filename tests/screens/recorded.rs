//! Whole screens of recorded logs, at fixed times and sizes; and that no log can break one.

use std::time::Duration;

use insta::assert_snapshot;
use ratatui::style::Color;
use runwatch::app::Now;
use runwatch::model::text::{is_joiner, may_follow};
use runwatch::source::delivery::{Delivery, SourceNotice, Status};
use runwatch::ui::Theme;
use runwatch::ui::theme::Palette;

use crate::common::lines_of;
use crate::stage::{MID, Stage, V030};

const PLAIN: Theme = Theme { color: false, unicode: true, palette: Palette::Dark };
const ASCII: Theme = Theme { color: false, unicode: false, palette: Palette::Dark };

/// A recording of ActionQueue 0.1 with runs in each of its nine states.
fn mid() -> Vec<u8> {
    lines_of("tests/logs/live-small-mid.jsonl")
}

/// The first part of a recording of ActionQueue 0.3, with runs that await.
fn v030() -> Vec<u8> {
    let all = lines_of("tests/logs/v030-small.jsonl.gz");
    all.split_inclusive(|byte| *byte == b'\n').take(1100).collect::<Vec<_>>().concat()
}

/// A log in which much is wrong.
fn samples() -> Vec<u8> {
    lines_of("tests/logs/samples-0.1.2.jsonl")
}

#[test]
fn the_board_fits_every_size() {
    for (width, height) in [(40, 10), (60, 16), (80, 24), (120, 40), (200, 60)] {
        let mut stage = Stage::new(width, height, MID).read(&mid()).press("jjj");
        assert_snapshot!(format!("board_{width}x{height}"), stage.text());
    }
}

#[test]
fn the_tenth_state_has_its_place() {
    assert_snapshot!("v030_120x40", Stage::new(120, 40, V030).read(&v030()).text());
    assert_snapshot!("v030_80x24_suspended", Stage::new(80, 24, V030).read(&v030()).press("3j").text());
    assert_snapshot!("v030_80x24_attempts", Stage::new(80, 24, V030).read(&v030()).press("2").text());
}

#[test]
fn without_color_and_in_ascii_the_same_is_said() {
    let stage = |theme| Stage::new(120, 40, MID).theme(theme).read(&mid()).press("jjj");
    assert_eq!(stage(PLAIN).text(), stage(Theme::default()).text());
    let ascii = stage(ASCII).text();
    assert!(ascii.is_ascii());
    assert_snapshot!("board_120x40_ascii", ascii);
    for theme in [PLAIN, ASCII] {
        for keys in ["", "?", "4", "j<enter>", "jc"] {
            let styles = Stage::new(120, 40, MID).theme(theme).read(&mid()).press(keys).styles();
            let is_colored = |color| !matches!(color, None | Some(Color::Reset));
            assert!(styles.iter().all(|style| !is_colored(style.fg) && !is_colored(style.bg)), "{keys}");
        }
    }
}

#[test]
fn the_pages_of_runs_tell_their_lives() {
    // One that waits for its second attempt, and one whose attempts do not count.
    let page = |keys: &str| Stage::new(120, 40, MID).read(&mid()).press(keys).text();
    assert_snapshot!("detail_retry_wait", page("lllljj<enter>"));
    assert_snapshot!("detail_suspended", page("3jj<enter>"));
    assert_snapshot!("detail_awaiting", Stage::new(80, 24, V030).read(&v030()).press("3lj<enter>").text());
    let mut canceled = Stage::new(120, 40, MID).read(&mid()).press("G<enter>");
    let place = canceled.app.wanted_line().unwrap();
    canceled.app.give_line(place, "{\"sequence\":1,\"event\":{}}".to_owned());
    assert_snapshot!("detail_last", canceled.text());
    assert_snapshot!("detail_40x10", Stage::new(40, 10, MID).read(&mid()).press("lllljj<enter>jj").text());
}

#[test]
fn problems_name_the_line_and_the_reason() {
    assert_snapshot!("problems_120x40", Stage::new(120, 40, MID).read(&samples()).press("4jj").text());
    assert_snapshot!("problems_80x24", Stage::new(80, 24, MID).read(&samples()).press("ee").text());
    assert_snapshot!("problems_40x10", Stage::new(40, 10, MID).read(&samples()).press("4").text());
    assert_snapshot!("problems_none", Stage::new(80, 24, MID).read(&mid()).press("4").text());
    assert_snapshot!("flagged", Stage::new(80, 24, MID).read(&samples()).press("j<enter>").text());
}

#[test]
fn the_help_page_says_every_key() {
    assert_snapshot!("help_80x24", Stage::new(80, 24, MID).read(&mid()).press("?").text());
    assert_snapshot!("help_200x60", Stage::new(200, 60, MID).read(&mid()).press("?").text());
    assert_snapshot!("help_40x10_end", Stage::new(40, 10, MID).read(&mid()).press("?G").text());
}

#[test]
fn the_question_says_what_must_be_known() {
    for (width, height) in [(40, 10), (80, 24), (120, 40)] {
        let mut stage = Stage::with_control(width, height, MID).read(&mid()).press("llljc");
        assert_snapshot!(format!("dialog_{width}x{height}"), stage.text());
    }
    assert_snapshot!("dialog_no_control", Stage::new(80, 24, MID).read(&mid()).press("jc").text());
    let mut hurried = Stage::with_control(80, 24, MID).read(&mid()).press("jc");
    hurried.draw();
    assert_snapshot!("dialog_hurried", hurried.press("y").text());
    let mut frozen = Stage::with_control(80, 24, MID).read(&mid()).press("llljj<space>");
    frozen.pass(Duration::from_secs(75));
    frozen.append(&samples());
    assert_snapshot!("dialog_paused", frozen.press("c").text());
}

/// Else a user cancels a run that ended long ago, on the strength of a screen that is out of date.
#[test]
fn the_question_says_how_far_the_view_is_behind() {
    let second = |at| std::time::UNIX_EPOCH + Duration::from_secs(at);
    let behind = Status { offset: 1_000, size: 5_321, ..Status::default() };
    let gone = Status { unavailable_since: Some(second(MID - 3600)), ..Status::default() };
    for (status, expected) in [
        (Some(behind), ["4,321 bytes behind"; 2]),
        (Some(gone), ["old: unavailable since 16:37", "old: the log is unavailable since 16:37"]),
        (None, ["old: the log ended at #1,230"; 2]),
    ] {
        for ((width, height), expected) in [(40, 10), (80, 24)].into_iter().zip(expected) {
            let mut stage = Stage::with_control(width, height, MID).read(&mid());
            let now = stage.now();
            stage.app.ingest(status.map_or(Delivery::Notice(SourceNotice::Ended), Delivery::Status), now);
            let text = stage.press("llljc").text();
            assert!(text.contains(expected), "{expected}\n{text}");
        }
    }
    let mut late = Stage::with_control(80, 24, MID).read(&mid());
    for offset in [1_000, 1_500] {
        late.pass(Duration::from_secs(4));
        let now = late.now();
        late.app.ingest(Delivery::Status(Status { offset, ..behind }), now);
    }
    let text = late.press("llljc").text();
    assert!(text.contains("3,821 bytes behind, 31s of reading"), "{text}");
}

#[test]
fn a_cancel_is_marked_on_its_row() {
    let mut stage = Stage::with_control(80, 24, MID).read(&mid()).press("llljjc");
    stage.draw();
    stage.pass(Duration::from_millis(300));
    assert_snapshot!("cancel_asked", stage.press("y").text());
}

#[test]
fn the_header_says_how_the_log_is() {
    let header = |stage: &mut Stage| {
        stage.draw();
        stage.rows()[0].clone()
    };
    let mut headers = String::new();
    for width in [40, 60, 80, 120, 200] {
        headers += &format!("{}\n", header(&mut Stage::new(width, 24, MID).read(&samples())));
        let mut frozen = Stage::new(width, 24, MID).read(&mid()).press("<space>");
        frozen.append(&samples());
        headers += &format!("{}\n", header(&mut frozen));
        let mut loading = Stage::new(width, 24, MID);
        let now = loading.now();
        let status = Status { offset: 370, size: 1000, pending: 120, ..Status::default() };
        loading.app.ingest(Delivery::Status(status), now);
        headers += &format!("{}\n", header(&mut loading));
        let later = Now { instant: now.instant + Duration::from_secs(4), ..now };
        loading.app.ingest(Delivery::Status(Status { offset: 740, ..status }), later);
        headers += &format!("{}\n", header(&mut loading));
        let gone =
            Status { unavailable_since: Some(std::time::UNIX_EPOCH + Duration::from_secs(MID)), ..status };
        loading.app.ingest(Delivery::Status(gone), now);
        headers += &format!("{}\n", header(&mut loading));
        loading.app.ingest(Delivery::Notice(SourceNotice::Waiting), now);
        headers += &format!("{}\n", header(&mut loading));
    }
    assert_snapshot!("headers", headers);
}

#[test]
fn an_empty_screen_says_what_it_waits_for() {
    assert_snapshot!("empty_80x24", Stage::new(80, 24, MID).read(b"").text());
    assert_snapshot!("empty_120x40", Stage::new(120, 40, MID).read(b"").text());
    let mut waiting = Stage::new(40, 10, MID);
    let now = waiting.now();
    waiting.app.ingest(Delivery::Notice(SourceNotice::Waiting), now);
    assert_snapshot!("waiting_40x10", waiting.text());
    assert_snapshot!("too_small", Stage::new(39, 9, MID).read(&mid()).text());
}

#[test]
fn colors_and_weights_are_where_they_mean_something() {
    let mut stage = Stage::new(80, 24, MID).read(&mid()).press("jjj");
    let styles = stage.styles();
    let letters: String = styles.iter().map(letter).collect();
    let rows: Vec<&str> = (0..24).map(|y| letters[y * 80..(y + 1) * 80].trim_end_matches('.')).collect();
    assert_snapshot!("styles_80x24", rows.join("\n"));
}

/// A letter for a style: its color in capitals when bold, `d` for dim, `#` for reversed.
fn letter(style: &ratatui::style::Style) -> char {
    use ratatui::style::Modifier;
    let color = match style.fg {
        None | Some(Color::Reset) => '.',
        Some(Color::Cyan) => 'c',
        Some(Color::Green) => 'g',
        Some(Color::Yellow) => 'y',
        Some(Color::Magenta) => 'm',
        Some(Color::LightRed) => 'r',
        Some(Color::LightBlue) => 'b',
        Some(Color::LightMagenta) => 'w',
        Some(other) => panic!("{other} has no meaning"),
    };
    match style.add_modifier {
        it if it.contains(Modifier::REVERSED) => '#',
        it if it.contains(Modifier::BOLD) && color == '.' => 'o',
        it if it.contains(Modifier::BOLD) => color.to_ascii_uppercase(),
        it if it.contains(Modifier::DIM) => 'd',
        _ => color,
    }
}

/// Texts that would move the cursor, turn the reading order, fill other cells or hide.
const HOSTILE: &[&str] = &[
    "\\u001b[2J\\u001b[31mred\\u0007\\r\\nnext",
    "\\u202egnp.exe\\u2066\\u200b\\ufeff",
    "e\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301",
    "\\u4ed5\\u4e8b\\u4ed5\\u4e8b\\u4ed5\\u4e8b\\u4ed5\\u4e8b\\u4ed5\\u4e8b\\u4ed5\\u4e8b\\u4ed5\\u4e8b",
    "\\ud83d\\udc68\\u200d\\ud83d\\udc69\\u200d\\ud83d\\udc67 family \\ud83c\\udde9\\ud83c\\uddea",
    "\\u009b31m\\u0085\\u2028\\u00ad",
    "\\u0644\\u0627 \\u0e01\\u0e33\\u0e33 \\u1780\\u17d2\\u1780\\u17d2\\u1780",
    "\\t\\t\\t\\u0000",
];

/// A log that is being written.
#[derive(Default)]
struct Writer {
    log: String,
    sequence: u64,
}

impl Writer {
    fn event(&mut self, kind: &str, body: &str) {
        self.sequence += 1;
        let sequence = self.sequence;
        self.log += &format!("{{\"sequence\":{sequence},\"event\":{{\"{kind}\":{{{body}}}}}}}\n");
    }
}

fn hostile() -> Vec<u8> {
    let mut writer = Writer::default();
    for (number, text) in HOSTILE.iter().enumerate() {
        let id = |last: char| format!("{number:08x}-0000-4000-8000-00000000000{last}");
        let (task, run, attempt) = (id('a'), id('b'), id('c'));
        writer.event(
            "TaskCreated",
            &format!(
                r#""task_spec":{{"id":"{task}","payload":{{"bytes":[],"content_type":null}},"run_policy":"Once","constraints":{{"max_attempts":3,"timeout_secs":null,"concurrency_key":"{text}","concurrency_key_hold_policy":"HoldDuringRetry","safety_level":"Pure","required_capabilities":null}},"metadata":{{"tags":["{text}"],"priority":0,"description":"{text}"}},"parent_task_id":null,"tenant_id":null}},"timestamp":{MID}"#
            ),
        );
        writer.event(
            "RunCreated",
            &format!(
                r#""run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,"created_at":{MID},"scheduled_at":{MID},"effective_priority":0,"last_state_change_at":{MID}}}"#
            ),
        );
        let at = format!(r#""run_id":"{run}","timestamp":{MID}"#);
        let step = |from: &str, to: &str| format!(r#"{at},"previous_state":"{from}","new_state":"{to}""#);
        writer.event("RunStateChanged", &step("Scheduled", "Ready"));
        writer.event("LeaseAcquired", &format!(r#"{at},"owner":"{text}","expiry":{MID}"#));
        writer.event("RunStateChanged", &step("Ready", "Leased"));
        writer.event("RunStateChanged", &step("Leased", "Running"));
        writer.event("AttemptStarted", &format!(r#"{at},"attempt_id":"{attempt}""#));
        if number % 2 == 0 {
            let failure = r#""result":"Failure","output":null"#;
            writer.event(
                "AttemptFinished",
                &format!(r#"{at},"attempt_id":"{attempt}",{failure},"error":"{text}""#),
            );
        }
        if number % 4 == 0 {
            writer.event("RunSuspended", &format!(r#"{at},"reason":"{text}""#));
        }
        // A line that is no event, for its words.
        writer.log += &format!("{{\"{text}\":1}}\n");
    }
    writer.log.into_bytes()
}

#[test]
fn no_log_reaches_the_terminal_as_anything_but_text() {
    let log = hostile();
    for theme in [Theme::default(), ASCII] {
        for (width, height) in [(40, 10), (57, 17), (80, 24), (113, 35), (120, 40), (200, 60)] {
            for keys in ["", "3", "2", "4", "4jjjj", "j<enter>", "jjj<enter>GG", "jjjjj<enter>", "jc", "?"] {
                let mut stage = Stage::with_control(width, height, MID).theme(theme).read(&log).press(keys);
                let text = stage.text();
                let mut before = ' ';
                let bad = text.chars().find(|c| {
                    let before = std::mem::replace(&mut before, *c);
                    let is_in_place = is_joiner(*c) && may_follow(*c, before);
                    (c.is_control() && *c != '\n') || (is_hidden(*c) && !is_in_place)
                });
                assert_eq!(bad, None, "{keys} at {width}x{height}");
                for row in stage.rows() {
                    assert_eq!(
                        runwatch::model::text::width(&row),
                        usize::from(width),
                        "{keys} at {width}x{height}: {row:?}"
                    );
                }
            }
        }
    }
}

/// Returns true if a character shows nothing, or shows it in another order.
const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{80}'..='\u{9f}')
}

/// Else a task that is named like another one, but for an invisible mark, is canceled for it.
#[test]
fn the_question_says_that_a_name_is_not_as_it_seems() {
    let odd = "its name contains unusual characters";
    let mut stage = Stage::with_control(80, 24, MID).read(&hostile()).press("/task:exe<enter>jc");
    let text = stage.text();
    assert!(text.contains("Cancel this run?") && text.contains(odd), "{text}");
    let mut stage = Stage::with_control(80, 24, MID).read(&mid()).press("llljc");
    assert!(!stage.text().contains(odd));
}

#[test]
fn borders_stay_put_beside_wide_and_hostile_texts() {
    let mut stage = Stage::new(120, 40, MID).read(&hostile());
    assert_snapshot!("hostile_120x40", stage.text());
    let buffer = stage.draw();
    let column = (0..120).find(|x| buffer[(*x, 20)].symbol() == "│").unwrap();
    for y in 4..39 {
        assert!(matches!(buffer[(column, y)].symbol(), "│" | "├"), "line {y}");
    }
    assert_snapshot!(
        "hostile_detail_80x24",
        Stage::new(80, 24, MID).read(&hostile()).press("3j<enter>").text()
    );
}

#[test]
fn every_size_can_be_drawn() {
    let log = mid();
    for (width, height) in (0..=130).step_by(13).flat_map(|w| (0..=50).step_by(7).map(move |h| (w, h))) {
        for keys in ["", "?", "4", "3", "j<enter>", "jc"] {
            let mut stage = Stage::with_control(width.max(1), height.max(1), MID).read(&log).press(keys);
            stage.draw();
            // The screen has another size by now, and the resize has not been reported yet.
            stage.app.resize(80, 24);
            stage.draw();
        }
    }
}
