//! Parts of the program that die, on demand: the terminal comes back, or the screen says what died and what to do next.

use std::path::Path;

use crate::session::Session;
use crate::{PROGRAM, Stage, wait_for_count};

fn start(stage: &Stage, fault: &str) -> Session {
    let args = [PROGRAM, stage.log.to_str().unwrap(), "--theme", "dark"];
    Session::start(&args, &[("RUNWATCH_FAULT", Path::new(fault))])
}

/// A panic of a thread that the loop does not wait for would leave a shell with a dashboard that nobody sees.
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
        let status = session.ended();
        let raw = String::from_utf8_lossy(session.raw()).into_owned();
        assert_eq!(status.exit_code(), 101, "{fault}: {raw}");
        assert!(raw.contains("runwatch panicked: Panic"), "{fault}: {raw}");
        session.check_restored();
        let report = raw.rsplit("\x1b[?1049l").next().unwrap();
        assert!(!report.contains('\x1b'), "{fault}: painted over the report: {report:?}");
    }
}

/// A live screen on a log that nobody reads would be believed.
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
