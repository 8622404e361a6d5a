//! The app's rules, key by key: a stage with a log, and what is pressed and said on it.

use super::stage::{SECOND, Stage, id, short};
use super::*;
use crate::control::Why;
use crate::control::channel::{Outcome, SendError};
use crate::control::command::Kind;
use crate::control::ledger::Standing;
use crate::log::delivery::{Delivery, Notice, Status};
use crate::model::state::RunState::{self, Canceled, Completed, Leased, Ready, Running, Scheduled};
use crate::view::summary::{Backlog as Waiting, Flow};

const TO_RUNNING: &[RunState] = &[Scheduled, Ready, Leased, Running];

/// Three scheduled runs, with the cursor on the newest, number 3.
fn three() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=3);
    stage.press("j");
    stage
}

/// [`three`], with the question about run 3 on the screen long enough to be read.
fn asked() -> Stage {
    let mut stage = three();
    stage.press("c");
    stage.draw();
    stage.pass(200);
    stage
}

fn sent(step: &Step) -> Option<crate::model::id::RunId> {
    match step {
        Step::Send(command) => command.kind.run(),
        _ => None,
    }
}

#[test]
fn a_yes_that_was_read_sends_one_command_for_the_run() {
    let mut stage = asked();
    stage.pass(50);
    let Step::Send(command) = stage.step("y") else { panic!("nothing was sent") };
    assert_eq!(command.kind, Kind::Cancel { run: id(3) });
    assert_eq!((command.seen, command.at_ms), (3, SECOND * 1000 + 250));
    assert_eq!(command.by.user, "ann");
    assert_eq!(stage.app.mode(), Mode::Board);
    assert_eq!(stage.app.standing(id(3)), Some(&Standing::Asked));
    // The key changed no run.
    assert_eq!(stage.app.store().lane(Scheduled).len(), 3);
    assert_eq!(sent(&stage.step("y")), None);
}

#[test]
fn nothing_but_a_yes_sends() {
    for keys in
        ["n", "<esc>", "<enter>", "q", "c", "<space>", "Y", "j", "?", "ccc", "<enter>y", "ny", "<tab>"]
    {
        let mut stage = asked();
        assert_eq!(sent(&stage.step(keys)), None, "{keys}");
        assert_eq!(stage.app.standing(id(3)), None, "{keys}");
    }
    for (keys, stays) in
        [("n", false), ("<esc>", false), ("<enter>", false), ("c", true), ("<space>", true), ("j", true)]
    {
        let mut stage = asked();
        stage.press(keys);
        assert_eq!(stage.app.dialog().is_some(), stays, "{keys}");
    }
}

#[test]
fn a_yes_that_comes_before_the_question_could_be_read_does_not_count() {
    // Typed ahead, before anything was painted.
    let mut stage = three();
    assert_eq!(stage.step("cy"), Step::Stay);
    assert!(stage.app.dialog().unwrap().was_hurried);
    // However long ago it was opened: it is on the screen only since now.
    stage.pass(5000);
    assert_eq!(stage.step("y"), Step::Stay);
    stage.draw();
    stage.pass(199);
    assert_eq!(stage.step("y"), Step::Stay);
    // Further frames do not start the time again.
    stage.draw();
    stage.pass(1);
    assert_eq!(sent(&stage.step("y")), Some(id(3)));
}

#[test]
fn a_question_that_has_no_room_on_the_screen_has_not_been_asked() {
    let mut stage = three();
    stage.press("c");
    stage.app.resize(39, 9);
    stage.draw();
    stage.pass(1000);
    assert_eq!(stage.step("y"), Step::Stay);
}

#[test]
fn the_question_keeps_its_run_whatever_becomes_of_the_list() {
    let mut stage = asked();
    stage.create(4..=60);
    stage.walk(2, TO_RUNNING);
    assert_eq!(sent(&stage.step("y")), Some(id(3)));
}

#[test]
fn a_run_that_ended_meanwhile_is_not_sent() {
    let mut stage = asked();
    stage.walk(3, &[Scheduled, Canceled]);
    assert_eq!(stage.step("y"), Step::Stay);
    assert_eq!(
        stage.notice(),
        format!("{} ended meanwhile: Canceled 0s ago, at #4; nothing was sent", short(3))
    );
    assert_eq!(stage.app.standing(id(3)), None);
}

#[test]
fn a_run_that_has_ended_is_not_asked_about() {
    let mut stage = three();
    stage.walk(3, &[Scheduled, Canceled]);
    stage.press("c");
    assert!(stage.app.dialog().is_none());
    assert_eq!(stage.notice(), format!("{} has ended: Canceled 0s ago, at #4", short(3)));
    stage.press("gc");
    assert_eq!(stage.notice(), "the cursor is on no run");
}

#[test]
fn a_second_wish_within_five_seconds_is_a_slip() {
    let mut stage = asked();
    assert_eq!(sent(&stage.step("y")), Some(id(3)));
    stage.pass(3000);
    stage.press("c");
    assert!(stage.app.dialog().is_none());
    assert_eq!(stage.notice(), format!("{}: already asked 3s ago", short(3)));
    stage.pass(2000);
    stage.press("c");
    assert!(stage.app.dialog().is_some());
}

#[test]
fn without_a_way_to_send_the_question_is_an_explanation() {
    for why in [Why::NoTarget, Why::Asked, Why::Replay] {
        let mut stage = Stage::read_only(why);
        stage.create(1..=3);
        stage.press("jc");
        assert_eq!(stage.app.dialog().unwrap().kind, DialogKind::Off(why));
        stage.draw();
        stage.pass(1000);
        assert_eq!(stage.step("y"), Step::Stay);
        assert!(stage.app.dialog().is_some());
        stage.press("<esc>");
        assert!(stage.app.dialog().is_none());
    }
}

#[test]
fn the_page_of_a_run_asks_about_that_run() {
    let mut stage = three();
    stage.press("<enter>");
    stage.create(4..=9);
    stage.press("c");
    assert_eq!(stage.app.dialog().unwrap().kind, DialogKind::Cancel { run: id(3) });
}

fn outcome(stage: &Stage, result: Result<(), SendError>) -> Outcome {
    let intent = stage.app.wishes.ledger.latest(id(3)).unwrap();
    Outcome { id: intent.id, kind: Kind::Cancel { run: id(3) }, result }
}

#[test]
fn what_becomes_of_a_wish_is_said_by_the_log() {
    let short = short(3);
    type After = fn(&mut Stage);
    let cases: [(&str, After); 4] = [
        ("cancel of SHORT sent", |_| ()),
        ("cancel of SHORT proved at #4", |stage| stage.walk(3, &[Scheduled, Canceled])),
        ("cancel of SHORT overtaken: Completed at #7", |stage| {
            stage.walk(3, &[Scheduled, Ready, Leased, Running, Completed]);
        }),
        ("cancel of SHORT: no evidence after 30s; the engine may not read file:/q/commands", |stage| {
            stage.pass(30_000);
            stage.tick();
        }),
    ];
    for (expected, after) in cases {
        let mut stage = asked();
        stage.press("y");
        let outcome = outcome(&stage, Ok(()));
        let now = stage.now();
        stage.app.answered(&outcome, now);
        after(&mut stage);
        assert_eq!(stage.notice(), expected.replace("SHORT", &short));
    }
}

#[test]
fn a_command_that_was_not_taken_is_said_to_be_refused() {
    let mut stage = asked();
    stage.press("y");
    let outcome = outcome(&stage, Err(SendError::Busy));
    let now = stage.now();
    stage.app.answered(&outcome, now);
    assert!(stage.notice().starts_with(&format!("cancel of {} refused: ", short(3))), "{}", stage.notice());
}

#[test]
fn a_command_that_nobody_answered_is_waited_for_as_one_that_was_sent() {
    let mut stage = asked();
    stage.press("y");
    let (target, words) = ("http://localhost:1".to_owned(), "no answer within 10 s".to_owned());
    let outcome = outcome(&stage, Err(SendError::Unanswered { target, words }));
    let now = stage.now();
    stage.app.answered(&outcome, now);
    let expected =
        "http://localhost:1: no answer within 10 s; it may have been obeyed all the same: the log will tell";
    assert_eq!(stage.notice(), format!("cancel of {}: {expected}", short(3)));
    assert_eq!(stage.app.standing(id(3)), Some(&Standing::Sent));
}

/// Else somebody who sets the clock is told that a cancel worked, or that it did not.
#[test]
fn a_clock_that_jumps_settles_nothing() {
    let mut stage = asked();
    stage.press("y");
    let outcome = outcome(&stage, Ok(()));
    let now = stage.now();
    stage.app.answered(&outcome, now);
    for unix_ms in [0, now.unix_ms + 86_400_000, u64::MAX, now.unix_ms] {
        stage.app.tick(Now { unix_ms, ..now });
        assert_eq!(stage.app.standing(id(3)), Some(&Standing::Sent), "{unix_ms}");
    }
    stage.app.tick(Now { unix_ms: 0, instant: now.instant + Duration::from_secs(30) });
    let silent = Standing::NoEvidence { after: Duration::from_secs(30) };
    assert_eq!(stage.app.standing(id(3)), Some(&silent));
    // Whatever is known of the wish, the run is what the log says.
    assert_eq!(stage.app.store().lane(Scheduled).len(), 3);
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
    assert_eq!(stage.app.second(), SECOND + 1);
    assert_eq!(stage.app.frozen_for(), Some(3));
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
    stage.app.ingest(Delivery::Notice(Notice::Waiting), now);
    assert_eq!(flow(&stage), Flow::Waiting);
    stage.app.ingest(Delivery::Notice(Notice::Appeared), now);
    let since = std::time::UNIX_EPOCH + Duration::from_secs(SECOND);
    let gone = Status { unavailable_since: Some(since), ..Status::default() };
    stage.app.ingest(Delivery::Status(gone), now);
    assert_eq!(flow(&stage), Flow::Unavailable { since: SECOND });
    stage.app.ingest(Delivery::Notice(Notice::Ended), now);
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
    stage.press("<enter>");
    assert_eq!(stage.notice(), "this problem names no run that is known");
    stage.press("e");
    assert_eq!(selected(&stage), 1);
    stage.press("ee");
    assert_eq!(selected(&stage), 1);
    stage.press("<enter>");
    assert_eq!(stage.app.detail.as_ref().unwrap().run, id(2));
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
    let run = stage.app.detail_key().unwrap();
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

/// What is told of where one stands: the header's word, the position, and how many runs there are.
fn stand(stage: &Stage) -> (Flow, u64, usize) {
    (stage.app.summary().flow, stage.app.history().position(), stage.app.store().len())
}

#[test]
fn a_step_leads_into_the_past_of_a_live_log_and_f_back() {
    let mut stage = three();
    let edge = stage.app.history().edge();
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
fn what_comes_while_somebody_is_in_the_past_waits_and_is_counted() {
    let mut stage = three();
    let edge = stage.app.history().edge();
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
