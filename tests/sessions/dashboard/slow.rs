//! A terminal that is not read, one that says more than keys, and ones of every size.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{HELP, PROGRAM, QUESTION, Stage, WHOLE, ask, leave_by_keys, wait_for_count};
use crate::session::{LIMIT, Session};

/// Asks for whole frames until the terminal can hold no more of them.
pub(crate) fn fill(session: &mut Session) {
    for _ in 0..60 {
        session.press("\x0c");
        session.look(Duration::from_millis(20));
    }
}

/// Lines that were not applied before, and what they come to.
fn more(stage: &mut Stage, n: usize) -> usize {
    let text: String = (0..n)
        .map(|number| {
            format!(
                "{{\"sequence\":{},\"event\":{{\"BudgetConsumed\":{{\"task_id\":\"00000000-0000-4000-8000-000000000001\",\
                 \"dimension\":\"Token\",\"amount\":1,\"timestamp\":1}}}}}}\n",
                2000 + number
            )
        })
        .collect();
    stage.append_text(&text);
    text.len()
}

fn bytes_read(session: &Session) -> usize {
    let io = session.proc("io");
    io.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
}

/// A loop that waits for the terminal would stop the log with it; one that draws meanwhile would tear its frames.
#[test]
fn a_terminal_that_is_not_read_does_not_stop_the_log_and_is_right_when_it_is_read_again() {
    let mut stage = Stage::new(WHOLE);
    let mut session = stage.watch();
    session.wait_for("applied 1,230");
    let reading = session.reading();
    let held = reading.lock().unwrap();
    fill(&mut session);
    let before = bytes_read(&session);
    let length = more(&mut stage, 50_000);
    let deadline = Instant::now() + LIMIT;
    while bytes_read(&session) < before + length {
        assert!(
            Instant::now() < deadline,
            "the log is not read: {} of {length}",
            bytes_read(&session) - before
        );
        session.look(Duration::from_millis(20));
    }
    let written = session.raw().len();
    drop(held);
    session.wait_for("#51,999");
    // What the system and the reader of the terminal hold, and a frame: no more was made meanwhile.
    let waited = session.raw().len() - written;
    assert!(waited < 200_000, "{waited} bytes waited");
    wait_for_count(&mut session, "Running", 11);
    leave_by_keys(&mut session);
}

/// A way out that waits for the terminal would have to be killed.
#[test]
fn a_signal_ends_it_soon_although_the_terminal_is_not_read() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.watch();
    let reading = session.reading();
    let held = reading.lock().unwrap();
    fill(&mut session);
    let sent_at = Instant::now();
    session.signal(Signal::TERM);
    let status = session.ended();
    assert_eq!(status.exit_code(), 143);
    assert!(sent_at.elapsed() < Duration::from_secs(3), "{:?}", sent_at.elapsed());
    session.check_modes();
    drop(held);
}

/// The letters of an answer would open, move or cancel something.
#[test]
fn late_answers_of_the_terminal_are_no_keys_and_swallow_none() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.watch();
    session
        .press("\x1b]11;rgb:1d1d/1f1f/2121\x1b\\\x1b[24;80R\x1b[?62;4c\x1b[?2026;2$y\x1b[?1u\x1b]10;rgb:ff/");
    session.look(Duration::from_millis(100));
    session.press("ff/qq\x07");
    session.press("?");
    session.wait_for(HELP);
    // What begins like a sequence and never ends.
    session.press("\x1b[");
    session.look(Duration::from_millis(700));
    session.press("q");
    session.wait_until_gone(HELP);
    session.press("q");
    session.end(0);
}

/// A program that asks the terminal for its background gives up soon, and has read half of the answer by
/// then.
#[test]
fn half_of_an_answer_that_comes_too_late_is_no_row_of_keys() {
    let stage = Stage::new(WHOLE);
    let mut session = Session::start(&[PROGRAM, stage.log.to_str().unwrap()], &[]);
    session.wait_for_raw(b"\x1b]11;?");
    session.press("\x1b]11;rgb:1d1d/1f");
    session.wait_for("LIVE");
    session.press("1f/2121\x1b\\\x1b[?62;4c");
    session.look(Duration::from_millis(50));
    leave_by_keys(&mut session);
}

/// A frame that is drawn for another size than the terminal has would panic, or leave something behind.
#[test]
fn every_size_is_lived_through_and_the_last_frame_is_whole() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.control();
    ask(&mut session);
    let random = |n: u32, most: u32| u16::try_from((n.wrapping_mul(2_654_435_761) >> 7) % most).unwrap();
    let sizes = [(0, 0), (1, 1), (1, 500), (300, 1), (500, 300), (40, 10)];
    for (columns, rows) in sizes.into_iter().chain((0..200).map(|n| (random(n, 200), random(n + 7000, 80)))) {
        session.resize(columns, rows);
        session.look(Duration::from_millis(3));
    }
    session.resize(110, 32);
    session.wait_for(QUESTION);
    session.press("n");
    session.wait_until_gone(QUESTION);
    wait_for_count(&mut session, "Running", 11);
    session.resize(0, 0);
    session.wait("frame of a common size", |screen| screen.contents().lines().count() == 24);
    session.press("q");
    session.end(0);
    assert_eq!(stage.commands(), "");
}
