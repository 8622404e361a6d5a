//! Going about in time, key by key and beat by beat.

use super::*;
use crate::app::Step;
use crate::app::page::Page;
use crate::app::testing::{SECOND, Stage, id, short};
use crate::control::command::CommandKind;
use crate::control::outcome::Outcome;
use crate::engine::actionqueue::states::RunState::{Canceled, Ready, Running, Scheduled};
use crate::input::Mode;
use crate::view::detail::DetailLines;
use crate::view::screen::PageView as Shown;
use crate::view::summary::Flow;

/// A log that is looked back on, with an event at each of these seconds.
fn replay(seconds: &[u64]) -> Stage {
    let mut stage = Stage::read_only(Why::Replay);
    grow(&mut stage, SECOND, seconds);
    stage
}

/// The log says one event at each of these seconds after `begin`: the engine pauses, and goes on.
fn grow(stage: &mut Stage, begin: u64, seconds: &[u64]) {
    for at in seconds {
        let sequence = stage.app.session.history.edge() + 1;
        let kind = if sequence % 2 == 1 { "EnginePaused" } else { "EngineResumed" };
        let at = begin + at;
        stage.log(&format!("{{\"sequence\":{sequence},\"event\":{{\"{kind}\":{{\"timestamp\":{at}}}}}}}\n"));
    }
    assert_eq!(stage.app.store().tally().applied, stage.app.session.history.edge());
}

fn position(stage: &Stage) -> u64 {
    stage.app.session.history.position()
}

/// Lets time pass in beats, as the loop does; returns the position after each second.
fn play(stage: &mut Stage, milliseconds: u64) -> Vec<u64> {
    const BEAT_MILLISECONDS: u64 = 20;
    let mut positions = Vec::new();
    for beat in 1..=milliseconds / BEAT_MILLISECONDS {
        stage.pass(BEAT_MILLISECONDS);
        stage.tick();
        stage.finish();
        if (beat * BEAT_MILLISECONDS).is_multiple_of(1000) {
            positions.push(position(stage));
        }
    }
    positions
}

#[test]
fn steps_that_are_pressed_faster_than_they_are_gone_add_up() {
    let seconds: Vec<u64> = (0..40).collect();
    for (keys, expected) in [
        (",,,", 37),
        (",,,.", 38),
        (",,,....", 40),
        ("<home>...", 3),
        ("<home>..,", 1),
        ("bline:20<enter>,,", 18),
        ("b#20<enter>,,", 18),
        ("b#20<enter>.", 21),
        ("<home>,,,", 0),
    ] {
        let mut stage = replay(&seconds);
        stage.press(keys);
        assert_eq!(position(&stage), 40, "no step is gone yet");
        stage.finish();
        assert_eq!(position(&stage), expected, "{keys}");
    }
}

#[test]
fn an_instant_beyond_the_log_is_reported_on_arrival() {
    for (typed, expected, words) in [
        ("#99", 40, "#99 is after the end of the log: this is its end, line 40, #40, "),
        ("line:99", 40, "line 99 is after the end of the log"),
        ("+1h", 40, "is after the end of the log"),
        ("-1h", 0, "is before the start of the log: this is its start"),
        ("2026-11-01 00:00:00", 0, "2026-11-01 00:00:00 is before the start of the log"),
        ("#40", 40, ""),
        ("end", 40, ""),
        ("start", 0, ""),
        ("-5s", 35, ""),
    ] {
        let mut stage = replay(&(0..40).collect::<Vec<_>>());
        stage.press(&format!("b{typed}<enter>"));
        stage.finish();
        assert_eq!(position(&stage), expected, "{typed}");
        let notice = stage.notice();
        assert_eq!(notice.contains("of the log"), !words.is_empty(), "{typed}: {notice}");
        assert!(notice.contains(words), "{typed}: {notice}");
    }
}

#[test]
fn no_time_is_gone_to_in_a_log_that_has_none() {
    let mut stage = Stage::read_only(Why::Replay);
    grow(&mut stage, 7, &[0, 1, 2]);
    stage.press("b#1<enter>");
    stage.finish();
    for typed in ["17:37", "-5m", "2026-11-21 14:03:10"] {
        stage.press(&format!("b{typed}<enter>"));
        stage.finish();
        assert_eq!(position(&stage), 1, "{typed}");
        assert!(stage.notice().contains("no time that can be believed"), "{}", stage.notice());
    }
}

#[test]
fn a_minute_leaps_over_a_stretch_without_events_to_the_next_one() {
    // Two events, an hour of nothing, two events two minutes apart.
    let mut stage = replay(&[0, 30, 3700, 3820]);
    for (keys, expected) in [
        ("[", 3),
        ("[", 2),
        ("[", 0),
        ("[", 0),
        // Before the first event there is no time.
        ("]", 1),
        ("]", 2),
        ("]", 3),
        ("]", 4),
        ("]", 4),
        // As many minutes as are pressed.
        ("[[", 3),
        ("]]", 4),
    ] {
        stage.press(keys);
        stage.finish();
        assert_eq!(position(&stage), expected, "{keys}");
    }
}

/// A live log of which run 1 was to be canceled, while the past is shown.
fn wished() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=1);
    stage.press("jc");
    stage.draw();
    stage.pass(200);
    let Step::Send(command) = stage.step("y") else { panic!("nothing was sent") };
    let now = stage.now();
    stage
        .app
        .answered(&Outcome { id: command.id, kind: CommandKind::Cancel { run: id(1) }, result: Ok(()) }, now);
    stage.press(",");
    stage.finish();
    assert_eq!(stage.app.summary().flow, Flow::Past { behind: 1 });
    stage
}

fn catch_up(stage: &mut Stage) {
    let now = stage.now();
    while stage.app.is_behind() {
        stage.app.catch_up(now);
    }
}

#[test]
fn the_evidence_of_a_cancel_waits_in_the_past_and_is_found_on_return() {
    let mut stage = wished();
    stage.walk(1, &[Scheduled, Canceled]);
    stage.pass(60_000);
    stage.tick();
    assert_eq!(stage.notice(), "", "it may be among what waits");
    stage.press("f");
    stage.finish();
    stage.tick();
    assert_eq!(stage.notice(), "", "what waited is still to be read");
    catch_up(&mut stage);
    assert_eq!(stage.notice(), format!("cancel of {} proved at #2", short(1)));
}

#[test]
fn a_cancel_without_evidence_is_reported_on_return_and_not_before() {
    let mut stage = wished();
    stage.pass(60_000);
    stage.tick();
    assert_eq!(stage.notice(), "");
    assert_eq!(stage.app.next_wake(), None, "nothing is waited for in the past");
    stage.press("f");
    stage.finish();
    stage.tick();
    assert!(
        stage.notice().starts_with(&format!("cancel of {}: no evidence", short(1))),
        "{}",
        stage.notice()
    );
}

#[test]
fn the_events_of_a_run_are_gone_along_over_those_of_others() {
    let mut stage = Stage::read_only(Why::Replay);
    stage.create(1..=3);
    stage.walk(1, &[Scheduled, Ready]);
    stage.walk(2, &[Scheduled, Ready]);
    stage.walk(1, &[Ready, Canceled]);
    stage.create(4..=5);
    // Run 1, which is the only one that was canceled.
    stage.press("G<enter>");
    assert_eq!(stage.app.detail().unwrap().0.store.id_of(stage.app.detail().unwrap().0.key), id(1));
    for (keys, expected, words) in [
        ("{", 6, ""),
        ("{", 4, ""),
        ("{", 1, ""),
        ("{", 1, "this is the first event of the run that is kept"),
        ("}}", 6, ""),
        ("}", 6, "this is the last event of the run"),
        // From between its events.
        (",{", 4, ""),
        // From before its page has anything to say.
        ("<home>}", 1, ""),
    ] {
        stage.pass(60_000);
        stage.press(keys);
        stage.finish();
        assert_eq!((position(&stage), stage.notice().as_str()), (expected, words), "{keys}");
    }
    assert_eq!(stage.app.mode(), Mode::Detail);
}

#[test]
fn playing_spreads_the_events_of_a_second_evenly_over_it() {
    let mut seconds = vec![0];
    seconds.extend([1; 100]);
    seconds.push(2);
    let mut stage = replay(&seconds);
    stage.press("<home><space>");
    stage.finish();
    let mut most = 0;
    let mut positions = Vec::new();
    for _ in 0..150 {
        let before = position(&stage);
        play(&mut stage, 20);
        most = most.max(position(&stage) - before);
        positions.push(position(&stage));
    }
    // Fifty beats a second, in one of which a hundred events came.
    assert!((2..=5).contains(&most), "{most} at once: {positions:?}");
    let moving = positions.iter().filter(|place| (2..100).contains(*place)).count();
    assert!((40..=60).contains(&moving), "{positions:?}");
}

#[test]
fn playing_passes_a_second_in_a_second_and_an_idle_hour_in_one_too() {
    let seconds = [0, 1, 2, 3, 4, 3600, 3601, 3602, 3603, 3604];
    let mut stage = replay(&seconds);
    stage.press("<home><space>");
    stage.finish();
    let positions = play(&mut stage, 12_000);
    assert!(positions.windows(2).all(|pair| pair[1] - pair[0] <= 2), "{positions:?}");
    assert_eq!(positions.last(), Some(&10), "{positions:?}");
    assert!(positions[6] < 10, "ten events of ten busy seconds: {positions:?}");
    // Ten times as fast.
    let mut stage = replay(&(0..100).collect::<Vec<_>>());
    stage.press("+++<home><space>");
    stage.finish();
    let positions = play(&mut stage, 5000);
    for (second, place) in (1..).zip(&positions) {
        assert!(place.abs_diff(second * 10) <= 3, "{positions:?}");
    }
}

#[test]
fn playing_stops_at_the_end_and_by_a_key() {
    let mut stage = replay(&(0..20).collect::<Vec<_>>());
    // From the end it begins again.
    stage.press("<space>");
    stage.finish();
    assert_eq!((position(&stage), stage.app.travel.course()), (0, TimelineCourse::Playing(Some(1))));
    assert!(stage.app.next_wake().is_some());
    play(&mut stage, 5000);
    let place = position(&stage);
    assert!((3..=8).contains(&place), "{place}");
    stage.press("<space>");
    assert_eq!(stage.app.travel.course(), TimelineCourse::Still);
    play(&mut stage, 5000);
    assert_eq!(position(&stage), place);
    // A step stops it too.
    stage.press("<space>");
    play(&mut stage, 100);
    stage.press(",");
    stage.finish();
    assert_eq!(stage.app.travel.course(), TimelineCourse::Still);
    stage.press("<space>");
    play(&mut stage, 30_000);
    assert_eq!((position(&stage), stage.app.travel.course()), (20, TimelineCourse::Still));
    assert_eq!(stage.app.travel.next_beat(stage.now().instant), None, "at the end there is no next beat");
}

#[test]
fn playing_in_the_past_of_a_live_log_leads_back_to_its_edge() {
    let mut stage = Stage::new();
    grow(&mut stage, SECOND, &[0, 1, 2, 3]);
    stage.press(",,<space>");
    assert_eq!(stage.app.travel.course(), TimelineCourse::Playing(Some(1)));
    stage.finish();
    play(&mut stage, 10_000);
    assert_eq!((position(&stage), stage.app.travel.course()), (4, TimelineCourse::Live));
    assert_eq!(stage.app.summary().flow, Flow::Live);
}

#[test]
fn as_fast_as_it_goes_is_over_in_a_few_beats() {
    let mut stage = replay(&(0..3000).map(|n| n * 3600).collect::<Vec<_>>());
    stage.press("++++++++++++++++++++");
    assert_eq!(stage.notice(), "plays as fast as it goes");
    stage.press("<home><space>");
    stage.finish();
    play(&mut stage, 60);
    assert_eq!((position(&stage), stage.app.travel.course()), (3000, TimelineCourse::Still));
}

#[test]
fn a_log_whose_clocks_lie_is_played_and_leapt_through_by_its_lines() {
    let mut stage = Stage::read_only(Why::Replay);
    // Of a host whose clock was never set.
    grow(&mut stage, 1, &(0..1000).collect::<Vec<_>>());
    assert!(stage.app.travel.timeline(&stage.app.session.history).by_sequence);
    stage.press("[");
    stage.finish();
    assert_eq!(position(&stage), 990);
    stage.press("<home><space>");
    stage.finish();
    let positions = play(&mut stage, 4000);
    for (second, place) in (1..).zip(&positions) {
        assert!(place.abs_diff(second * 10) <= 2, "ten lines a second: {positions:?}");
    }
}

#[test]
fn where_there_is_no_past_it_is_said_and_a_live_view_is_frozen_not_played() {
    let mut stage = Stage::new();
    stage.press(",");
    assert_eq!(stage.notice(), "nothing has been read yet: there is no past");
    assert_eq!(stage.app.summary().flow, Flow::Live);
    grow(&mut stage, SECOND, &[0, 1, 2]);
    stage.press("<space>");
    assert_eq!(
        (stage.app.travel.course(), stage.app.summary().paused.is_some()),
        (TimelineCourse::Live, true)
    );
}

#[test]
fn what_is_typed_that_is_no_text_is_kept_from_the_screen() {
    let mut stage = replay(&[0, 1]);
    stage.press("b");
    assert_eq!(stage.app.mode(), Mode::Prompt);
    // No key gives these, but a terminal may.
    for letter in ['\u{1b}', '[', '2', 'J', '\u{202e}', '\u{9b}'] {
        let now = stage.now();
        let _ = stage.app.update(Action::Type(letter), now);
    }
    stage.press("<enter>");
    let said = stage.app.typing.prompt().unwrap().wrong.clone().unwrap().1;
    assert!(said.contains("is no instant"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{said:?}");
    // There is an end to what is typed, and a way back.
    let typed = |stage: &Stage| stage.app.typing.prompt().map(|prompt| prompt.text().len());
    stage.press(&format!("<esc>b{}", "x".repeat(1100)));
    assert_eq!(typed(&stage), Some(1000));
    stage.press("<backspace><backspace>");
    assert_eq!(typed(&stage), Some(998));
    stage.press("<esc>");
    assert_eq!((typed(&stage), position(&stage)), (None, 2));
}

#[test]
fn the_running_runs_of_an_instant_are_those_of_then() {
    let mut stage = Stage::new();
    stage.create(1..=2);
    stage.walk(
        1,
        &[Scheduled, Ready, crate::engine::actionqueue::states::RunState::Leased, Running, Canceled],
    );
    let running = |stage: &Stage| stage.app.store().lane(Running).len();
    for (keys, expected) in [("", 0), (",", 1), (",", 0), ("..", 0), (",", 1), ("f", 0)] {
        stage.press(keys);
        stage.finish();
        assert_eq!(running(&stage), expected, "{keys}");
    }
}

#[test]
fn the_page_of_changes_keeps_up_with_the_instant() {
    let seconds: Vec<u64> = (0..40).collect();
    let mut stage = replay(&seconds);
    stage.press("bline:10<enter>");
    stage.finish();
    stage.press("D.");
    stage.finish();
    stage.press("d");
    let lines = |stage: &Stage| {
        let Some(Page::Changes(page)) = stage.app.board.pages.top() else { panic!("the page is open") };
        let page = page.page(&stage.app.context());
        (page.changes.from.line, page.changes.to.line)
    };
    assert_eq!(lines(&stage), (10, 11));
    for (keys, line) in [("..", 13), (",", 12), ("<home>", 0)] {
        stage.press(keys);
        stage.finish();
        assert_eq!(lines(&stage), (10, line), "{keys}");
    }
    stage.press("<esc>");
    assert!(stage.app.board.pages.top().is_none());
}

#[test]
fn a_page_reads_its_lines_also_at_an_instant_before_its_run() {
    let mut stage = Stage::new();
    stage.create(1..=1);
    stage.walk(1, &[Scheduled, Ready]);
    let absent = |stage: &Stage| match stage.app.screen().page {
        Shown::Absent(run) => Some(run),
        _ => None,
    };
    stage.press("G<enter>b#0<enter>");
    assert!(stage.app.wants_moments());
    stage.finish();
    assert_eq!((position(&stage), absent(&stage)), (0, Some(id(1))));
    stage.press("}}");
    stage.finish();
    assert_eq!((position(&stage), absent(&stage)), (2, None));
    let (detail, ..) = stage.app.detail().unwrap();
    assert_eq!((detail.moments.len(), detail.lines), (2, DetailLines::Whole));
}
