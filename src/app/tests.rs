//! The app's rules, key by key: a stage with a log, and what is pressed and said on it.

use super::page::Page;
use super::testing::{SECOND, Stage, id};
use super::*;
use crate::engine::actionqueue::states::RunState::{Completed, Ready, Scheduled};
use crate::source::delivery::{Delivery, SourceNotice, Status};
use crate::view::summary::{Backlog as Waiting, Flow};

/// Three scheduled runs, with the cursor on the newest, number 3.
fn three() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=3);
    stage.press("j");
    stage
}

#[test]
fn a_frozen_view_stays_while_the_log_is_read_and_catches_up_afterwards() {
    let mut stage = three();
    stage.pass(1000);
    stage.press("<space>");
    stage.pass(3000);
    stage.create(4..=10);
    assert_eq!(stage.app.store().len(), 3);
    assert_eq!(stage.app.summary().paused, Some(Waiting { lines: 7, is_full: false }));
    assert_eq!(stage.app.view_at(), SECOND + 1);
    assert_eq!(stage.app.intake.backlog.frozen_for(stage.app.now()), Some(3));
    assert!(stage.app.wants_more() && !stage.app.is_behind());
    stage.press("<space>");
    assert!(stage.app.is_behind() && !stage.app.wants_more());
    assert_eq!(stage.app.summary().paused, None);
    // What comes meanwhile keeps its place in the order.
    stage.create(11..=11);
    while stage.app.is_behind() {
        let now = stage.now();
        stage.app.catch_up(now);
    }
    assert_eq!((stage.app.store().len(), stage.app.store().tally().rejected), (11, 0));
    assert!(stage.app.wants_more());
}

#[test]
fn a_frozen_view_keeps_a_bounded_part_of_the_log() {
    let mut stage = three();
    stage.press("<space>");
    let line = "x".repeat(200_000) + "\n";
    let mut n_lines = 0;
    while stage.app.wants_more() {
        stage.log(&line);
        n_lines += 1;
        assert!(n_lines < 400, "the memory is not bounded");
    }
    assert_eq!(stage.app.summary().paused, Some(Waiting { lines: n_lines, is_full: true }));
}

#[test]
fn another_log_at_the_path_starts_the_view_afresh_and_the_same_one_goes_on() {
    let mut stage = three();
    stage.begin_log(10);
    stage.create(4..=4);
    assert_eq!(stage.app.store().len(), 4);
    stage.begin_log(1);
    stage.create(5..=6);
    assert_eq!(stage.app.store().len(), 2);
    assert!(stage.notice().starts_with("this is another log"));
    assert_eq!(stage.app.store().tally().rejected, 0);
}

#[test]
fn the_header_says_how_the_log_is() {
    let mut stage = Stage::new();
    let now = stage.now();
    let flow = |stage: &Stage| stage.app.summary().flow;
    assert_eq!(flow(&stage), Flow::Live);
    stage.status(false);
    assert_eq!(flow(&stage), Flow::Loading { percent: 37, left: None, behind: 63 });
    let so_far = Status { offset: 74, size: 100, ..Status::default() };
    stage.pass(4000);
    let later = stage.now();
    stage.app.ingest(Delivery::Status(so_far), later);
    assert_eq!(flow(&stage), Flow::Loading { percent: 74, left: Some(3), behind: 26 });
    stage.app.ingest(Delivery::Status(Status { offset: 10, ..so_far }), later);
    assert_eq!(flow(&stage), Flow::Loading { percent: 10, left: None, behind: 90 });
    stage.app.ingest(Delivery::Notice(SourceNotice::Waiting), now);
    assert_eq!(flow(&stage), Flow::Waiting);
    stage.app.ingest(Delivery::Notice(SourceNotice::Appeared), now);
    let since = std::time::UNIX_EPOCH + Duration::from_secs(SECOND);
    let gone = Status { unavailable_since: Some(since), ..Status::default() };
    stage.app.ingest(Delivery::Status(gone), now);
    assert_eq!(flow(&stage), Flow::Unavailable { since: SECOND });
    stage.app.ingest(Delivery::Notice(SourceNotice::Ended), now);
    assert_eq!(flow(&stage), Flow::Ended);
}

#[test]
fn back_never_quits_and_leave_quits_only_where_there_is_no_back() {
    for (keys, quits) in [
        ("<esc>", false),
        ("<esc><esc><esc>", false),
        ("q", true),
        ("?q", false),
        ("?qq", true),
        ("<enter>q", false),
        ("<enter>?qq", false),
        ("<enter>?qqq", true),
        ("4q", false),
        ("4qq", true),
        ("3q", false),
        ("zq", false),
        ("cq", false),
    ] {
        let mut stage = three();
        assert_eq!(stage.step(keys) == Step::Quit, quits, "{keys}");
    }
}

#[test]
fn panes_pages_and_zoom_lead_where_they_say() {
    for (keys, mode, focus) in [
        ("", Mode::Board, Pane::Runs),
        ("<tab>", Mode::Board, Pane::Attempts),
        ("<tab><tab><tab>", Mode::Problems, Pane::Problems),
        ("<tab><tab><tab><tab>", Mode::Charts, Pane::Charts),
        ("<tab><tab><tab><tab><tab>", Mode::Board, Pane::Runs),
        ("5", Mode::Charts, Pane::Charts),
        ("5<esc>", Mode::Board, Pane::Runs),
        ("b", Mode::Prompt, Pane::Runs),
        ("b<esc>", Mode::Board, Pane::Runs),
        ("3", Mode::Board, Pane::Suspended),
        ("<enter>", Mode::Detail, Pane::Runs),
        ("<enter>2", Mode::Board, Pane::Attempts),
        ("<enter>?", Mode::Help, Pane::Runs),
        ("<enter>?<esc>", Mode::Detail, Pane::Runs),
        ("??", Mode::Board, Pane::Runs),
        ("e", Mode::Board, Pane::Runs),
        ("c", Mode::Dialog, Pane::Runs),
    ] {
        let mut stage = three();
        stage.press(keys);
        assert_eq!((stage.app.mode(), stage.app.board.focus), (mode, focus), "{keys}");
    }
}

#[test]
fn problems_are_gone_through_and_lead_to_their_runs() {
    let mut stage = three();
    stage.log("no event\n");
    stage.walk(2, &[Scheduled, Completed]);
    let selected = |stage: &Stage| stage.app.board.problems.selected();
    stage.press("e");
    assert_eq!((stage.app.mode(), selected(&stage)), (Mode::Problems, 0));
    let page = |stage: &Stage| {
        let Some(Page::Problem(page)) = stage.app.board.pages.top() else { panic!("the page is open") };
        let lines = page.lines(&stage.app.context()).unwrap();
        let words = lines.iter().flat_map(|line| line.parts.iter().map(|part| part.text.as_str()));
        words.collect::<String>()
    };
    // A line that is no event has no run, and is shown all the same.
    stage.press("<enter>");
    let place = stage.app.wanted_line().unwrap();
    assert_eq!((stage.app.mode(), place.line()), (Mode::Line, 4));
    stage.app.give_line(place, "no event".to_owned());
    assert_eq!(stage.app.wanted_line(), None);
    assert!(page(&stage).contains("unreadable") && page(&stage).ends_with("no event"), "{}", page(&stage));
    stage.press("<enter>");
    assert_eq!(stage.notice(), "this problem names no run that is known");
    // The next one is gone to on the page, and has another line.
    stage.press("e");
    assert_eq!((stage.app.mode(), selected(&stage)), (Mode::Line, 1));
    assert_eq!(stage.app.wanted_line().unwrap().line(), 5);
    assert!(page(&stage).contains(&id(2).to_string()), "{}", page(&stage));
    stage.press("ee");
    assert_eq!(selected(&stage), 1);
    stage.press("<enter>");
    assert_eq!(stage.app.board.pages.detail().unwrap().run(), id(2));
    stage.press("<esc>");
    assert_eq!(stage.app.mode(), Mode::Line);
    stage.press("<esc>E");
    assert_eq!((stage.app.mode(), selected(&stage)), (Mode::Problems, 0));
}

#[test]
fn an_idle_app_without_runs_sleeps_and_one_with_runs_wakes_by_the_second() {
    let mut stage = Stage::new();
    stage.draw();
    assert!(!stage.app.is_dirty());
    assert_eq!(stage.app.next_wake(), None);
    stage.create(1..=1);
    assert!(stage.app.is_dirty());
    stage.pass(300);
    stage.draw();
    assert_eq!(stage.app.next_wake(), Some(stage.now().instant + Duration::from_millis(700)));
    stage.pass(10_000);
    stage.press("<space>");
    assert_eq!(stage.app.next_wake(), None);
}

#[test]
fn a_page_asks_for_the_line_of_its_last_event() {
    let mut stage = three();
    assert_eq!(stage.app.wanted_line(), None);
    stage.press("<enter>");
    let place = stage.app.wanted_line().unwrap();
    let run = stage.app.detail().unwrap().0.key;
    assert_eq!(place, stage.app.store().run(run).last.place);
    stage.app.give_line(place, "{\"sequence\":3}".to_owned());
    assert_eq!(stage.app.wanted_line(), None);
    let text = |stage: &Stage| stage.app.detail().unwrap().0.raw.map(str::to_owned);
    assert_eq!(text(&stage).as_deref(), Some("{\"sequence\":3}"));
    // The run goes on: the line is an old one.
    stage.walk(3, &[Scheduled, Ready]);
    assert_ne!(stage.app.wanted_line().unwrap(), place);
    assert_eq!(text(&stage), None);
}

#[test]
fn no_size_and_no_key_upsets_it() {
    let mut stage = three();
    for (width, height) in [(0, 0), (1, 1), (40, 10), (80, 24), (300, 100), (5, 200), (200, 5)] {
        stage.app.resize(width, height);
        stage.press("jkGgdulhz<tab>jk<tab>jk<tab>jeE<enter><esc>1<enter>jjGgk?jGgk<esc><esc>f<space>c<esc>");
    }
    assert_eq!(stage.app.store().len(), 3);
}

/// The present place in the log: the header's word, the position, and the number of runs.
fn stand(stage: &Stage) -> (Flow, u64, usize) {
    (stage.app.summary().flow, stage.app.session.history.position(), stage.app.store().len())
}

#[test]
fn a_step_leads_into_the_past_of_a_live_log_and_f_back() {
    let mut stage = three();
    let edge = stage.app.session.history.edge();
    for (keys, flow, position) in [
        (",", Flow::Past { behind: 1 }, edge - 1),
        (",,", Flow::Past { behind: 3 }, edge - 3),
        (".", Flow::Past { behind: 2 }, edge - 2),
        ("........", Flow::Past { behind: 0 }, edge),
        (",f", Flow::Live, edge),
        ("b#3<enter>", Flow::Past { behind: edge - 3 }, 3),
        ("b#0<enter>", Flow::Past { behind: edge }, 0),
        (",", Flow::Past { behind: edge }, 0),
        ("f", Flow::Live, edge),
    ] {
        stage.press(keys);
        stage.finish();
        assert_eq!(stand(&stage).0, flow, "{keys}");
        assert_eq!(stand(&stage).1, position, "{keys}");
        assert_eq!(stage.app.store().tally().lines, position, "{keys}");
    }
}

#[test]
fn an_event_that_comes_while_the_past_is_shown_waits_and_is_counted() {
    let mut stage = three();
    let edge = stage.app.session.history.edge();
    stage.press(",");
    stage.finish();
    stage.walk(1, &[Scheduled, Ready]);
    assert_eq!(stand(&stage).0, Flow::Past { behind: 2 });
    assert!(stage.app.wants_more() && !stage.app.is_behind());
    stage.press("c");
    assert!(stage.app.dialog().is_none());
    assert_eq!(stage.notice(), "this is the past, where nothing can be canceled: f returns to now");
    stage.press("f");
    stage.finish();
    assert!(stage.app.is_behind());
    let now = stage.now();
    while stage.app.is_behind() {
        stage.app.catch_up(now);
    }
    assert_eq!(stand(&stage), (Flow::Live, edge + 1, 3));
}
