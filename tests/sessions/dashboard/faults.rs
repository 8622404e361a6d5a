//! Parts of the program that die, on demand: the terminal comes back, or the screen says what died and what to do next.

use std::path::Path;

use runwatch::app::MIN_READING_TIME;

use super::{PROGRAM, QUESTION, Stage, WHOLE, ask, wait_for_count};
use crate::session::Session;

fn start(stage: &Stage, fault: &str) -> Session {
    let args = [PROGRAM, stage.log.to_str().unwrap(), "--theme", "dark"];
    Session::start(&args, &[("RUNWATCH_FAULT", Path::new(fault))])
}

/// With a way to cancel.
fn start_with_control(stage: &Stage, fault: &str) -> Session {
    let target = format!("file:{}", stage.control.display());
    let args = [PROGRAM, stage.log.to_str().unwrap(), "--control", &target, "--theme", "dark"];
    let mut session = Session::start(&args, &[("RUNWATCH_FAULT", Path::new(fault))]);
    session.wait_for("LIVE");
    session
}

fn check_reported(session: &mut Session, fault: &str) {
    let status = session.ended();
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    assert_eq!(status.exit_code(), 101, "{fault}: {raw}");
    session.check_restored();
    let report = raw.rsplit("\x1b[?1049l").next().unwrap();
    assert!(report.contains("runwatch panicked: Panic"), "{fault}: it is on the screen that is gone: {raw}");
    assert!(!report.contains('\x1b'), "{fault}: painted over the report: {report:?}");
}

/// A panic of a thread that the loop does not wait for would leave a shell with an invisible dashboard.
#[test]
fn a_panic_of_any_thread_gives_the_terminal_back_and_ends_the_program() {
    for fault in ["panic:loop", "panic:keys", "panic:writer", "panic:reader", "panic:watcher"] {
        let mut stage = Stage::new(500);
        let mut session = start(&stage, fault);
        if fault != "panic:writer" {
            session.wait_for("LIVE");
            stage.append(1);
        }
        if !matches!(fault, "panic:reader" | "panic:watcher" | "panic:writer") {
            session.press("j");
        }
        check_reported(&mut session, fault);
    }
}

/// The question is in the way of nothing: neither of the report, nor of the modes.
#[test]
fn a_panic_while_a_question_is_open_gives_the_terminal_back_and_sends_nothing() {
    for fault in ["panic:reader", "panic:watcher"] {
        let stage = Stage::new(WHOLE);
        let mut session = start_with_control(&stage, fault);
        ask(&mut session);
        stage.append_text("{}\n");
        check_reported(&mut session, fault);
        assert_eq!(stage.commands(), "");
    }
    let stage = Stage::new(WHOLE);
    let mut session = start_with_control(&stage, "dead:reader");
    ask(&mut session);
    stage.append_text("{}\n");
    session.wait_for("LOG UNAVAILABLE since");
    session.press("n");
    session.wait_until_gone(QUESTION);
    session.press("q");
    session.end(0);
    assert_eq!(stage.commands(), "");
}

#[test]
fn a_panic_of_the_sender_gives_the_terminal_back() {
    let stage = Stage::new(WHOLE);
    let mut session = start_with_control(&stage, "panic:sender");
    ask(&mut session);
    session.look(MIN_READING_TIME + MIN_READING_TIME / 2);
    session.press("y");
    check_reported(&mut session, "panic:sender");
    assert_eq!(stage.commands(), "");
}

/// The user would believe for half a minute that a cancel is on its way which is not sent.
#[test]
fn a_dead_sender_is_told_and_so_is_what_it_did_not_send() {
    let stage = Stage::new(WHOLE);
    let mut session = start_with_control(&stage, "dead:sender");
    ask(&mut session);
    session.confirm(QUESTION);
    session.wait_for("the sender of commands has ended: nothing can be sent any more");
    session.press("jc");
    session.wait_for(QUESTION);
    session.confirm(QUESTION);
    session.wait_for("not sent: the sender has died");
    session.press("q");
    session.end(2);
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    assert!(raw.contains("1 command was not sent"), "{raw}");
    assert_eq!(stage.commands(), "");
}

/// A live screen on a log that is not read would be believed.
#[test]
fn a_dead_reader_is_told_and_the_screen_does_not_go_on_as_live() {
    let mut stage = Stage::new(500);
    let mut session = start(&stage, "dead:reader");
    session.wait_for("LIVE");
    stage.append(100);
    session.wait_for("the log cannot be read any more: its reader has ended");
    session.wait_for("LOG UNAVAILABLE since");
    assert!(!session.text().contains("LIVE") && session.text().contains("applied 500"), "{}", session.text());
    session.press("q");
    session.end(0);
}

/// A screen that takes no keys could not be left.
#[test]
fn dead_keys_end_the_program_with_a_reason() {
    let stage = Stage::new(500);
    let mut session = start(&stage, "dead:keys");
    session.wait_for("LIVE");
    session.press("j");
    session.end(2);
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    assert!(raw.contains("failed to go on: the keys cannot be read any more"), "{raw}");
    assert!(raw.contains("start runwatch again"), "{raw}");
}

/// The watcher only shortens the wait.
#[test]
fn a_dead_watcher_is_told_and_the_log_is_followed_all_the_same() {
    let mut stage = Stage::new(500);
    let mut session = start(&stage, "dead:watcher");
    session.wait_for("its thread has ended");
    stage.append(730);
    wait_for_count(&mut session, "Running", 11);
    session.press("q");
    session.end(0);
}

/// A screen that was taken already would be left half entered.
#[test]
fn a_thread_that_cannot_be_started_is_told_before_the_screen_is_taken() {
    let stage = Stage::new(500);
    for fault in ["start:reader", "start:keys", "start:writer"] {
        let said = start(&stage, fault).end_untouched(2);
        assert!(said.starts_with("runwatch: failed to "), "{fault}: {said}");
    }
}
