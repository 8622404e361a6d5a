//! The question and its answer, key by key: what must be seen before a yes, and what the log says afterwards.

use std::time::Duration;

use super::super::*;
use crate::app::testing::{SECOND, Stage, id, short};
use crate::control::Why;
use crate::control::command::CommandKind;
use crate::control::ledger::Standing;
use crate::control::outcome::Outcome;
use crate::control::refusal::SendError;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::states::RunState::{Canceled, Completed, Leased, Ready, Running, Scheduled};

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
    assert_eq!(command.kind, CommandKind::Cancel { run: id(3) });
    assert_eq!((command.seen, command.at_ms), (3, SECOND * 1000 + 250));
    assert_eq!(command.by.user, "ann");
    assert_eq!(stage.app.mode(), Mode::Board);
    assert_eq!(stage.app.cancels.ledger.standing(id(3)), Some(&Standing::Asked));
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
        assert_eq!(stage.app.cancels.ledger.standing(id(3)), None, "{keys}");
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
fn a_question_that_is_not_whole_on_the_screen_has_not_been_asked() {
    for size in [(39, 9), (39, 24), (80, 9), (1, 1), (0, 0), (20, 5)] {
        // Too small from the beginning.
        let mut stage = three();
        stage.press("c");
        stage.app.resize(size.0, size.1);
        stage.draw();
        stage.pass(1000);
        assert_eq!(stage.step("y"), Step::Stay, "{size:?}");
        // Read, and then gone from the screen.
        let mut stage = asked();
        stage.pass(1000);
        stage.app.resize(size.0, size.1);
        assert_eq!(stage.step("y"), Step::Stay, "{size:?} before a frame");
        stage.draw();
        stage.pass(1000);
        assert_eq!(stage.step("y"), Step::Stay, "{size:?}");
        // On the screen again, the time to read it starts again.
        stage.app.resize(80, 24);
        assert_eq!(stage.step("y"), Step::Stay);
        stage.draw();
        stage.pass(199);
        assert_eq!(stage.step("y"), Step::Stay);
        stage.pass(1);
        assert_eq!(sent(&stage.step("y")), Some(id(3)));
    }
}

#[test]
fn a_question_is_read_once_the_screen_has_taken_it() {
    let mut stage = three();
    stage.press("c");
    let now = stage.now();
    stage.app.drawn(now);
    assert!(stage.app.awaits_screen());
    stage.pass(5000);
    assert_eq!(stage.step("y"), Step::Stay, "the terminal has not taken it");
    let now = stage.now();
    stage.app.shown(now);
    stage.pass(199);
    assert_eq!(stage.step("y"), Step::Stay);
    stage.pass(1);
    assert_eq!(sent(&stage.step("y")), Some(id(3)));
}

#[test]
fn the_question_keeps_its_run_when_the_list_changes() {
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
        format!("{} ended meanwhile: Canceled at 17:37:41, #4; nothing was sent", short(3))
    );
    assert_eq!(stage.app.cancels.ledger.standing(id(3)), None);
}

#[test]
fn a_run_that_has_ended_is_not_asked_about() {
    let mut stage = three();
    stage.walk(3, &[Scheduled, Canceled]);
    stage.press("c");
    assert!(stage.app.dialog().is_none());
    assert_eq!(stage.notice(), format!("{} has ended: Canceled at 17:37:41, #4", short(3)));
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
    assert_eq!(stage.notice(), format!("{}: already asked at 17:37:41; again 5 s later", short(3)));
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
    let intent = stage.app.cancels.ledger.latest(id(3)).unwrap();
    Outcome { id: intent.id, kind: CommandKind::Cancel { run: id(3) }, result }
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
fn a_command_without_an_answer_is_waited_for_as_one_that_was_sent() {
    let mut stage = asked();
    stage.press("y");
    let (target, words) = ("http://localhost:1".to_owned(), "no answer within 10 s".to_owned());
    let outcome = outcome(&stage, Err(SendError::Unanswered { target, words }));
    let now = stage.now();
    stage.app.answered(&outcome, now);
    let expected =
        "http://localhost:1: no answer within 10 s; it may have been obeyed all the same: the log will tell";
    assert_eq!(stage.notice(), format!("cancel of {}: {expected}", short(3)));
    assert_eq!(stage.app.cancels.ledger.standing(id(3)), Some(&Standing::Sent));
}

/// Otherwise a change of the clock would be reported as the outcome of a cancel.
#[test]
fn a_clock_that_jumps_settles_nothing() {
    let mut stage = asked();
    stage.press("y");
    let outcome = outcome(&stage, Ok(()));
    let now = stage.now();
    stage.app.answered(&outcome, now);
    for unix_ms in [0, now.unix_ms + 86_400_000, u64::MAX, now.unix_ms] {
        stage.app.tick(Now { unix_ms, ..now });
        assert_eq!(stage.app.cancels.ledger.standing(id(3)), Some(&Standing::Sent), "{unix_ms}");
    }
    stage.app.tick(Now { unix_ms: 0, instant: now.instant + Duration::from_secs(30) });
    let silent = Standing::NoEvidence { after: Duration::from_secs(30) };
    assert_eq!(stage.app.cancels.ledger.standing(id(3)), Some(&silent));
    // The log alone decides the state of the run, not the standing of its cancel.
    assert_eq!(stage.app.store().lane(Scheduled).len(), 3);
}

#[test]
fn a_message_lasts_until_the_next_key_and_says_what_is_so() {
    let mut stage = asked();
    stage.press("yjM");
    assert!(stage.notice().contains("are marked"));
    stage.pass(3_600_000);
    stage.draw();
    assert!(stage.notice().contains("are marked"));
    stage.press("k");
    assert_eq!(stage.notice(), "");
    // What was said of a cancel gives way to what is so now, though it was a failure.
    let mut stage = asked();
    stage.press("y");
    let outcome = outcome(&stage, Ok(()));
    let now = stage.now();
    stage.app.answered(&outcome, now);
    stage.pass(30_000);
    stage.tick();
    assert!(stage.notice().contains("no evidence"), "{}", stage.notice());
    stage.walk(3, &[Scheduled, Canceled]);
    assert!(stage.notice().contains("proved"), "{}", stage.notice());
}
