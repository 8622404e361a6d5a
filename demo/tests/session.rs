//! The whole round, on a terminal: a real engine works, the user cancels a run, and the engine's own log
//! proves it.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../tests/common/session.rs"]
mod session;

use std::fs;
use std::time::{Duration, Instant};

use session::Session;

/// The title of the question.
const QUESTION: &str = "Cancel this run?";

/// A user who reads the question takes longer than the program asks for.
const READING_TIME: Duration = Duration::from_millis(300);

/// Time limit until a run can be canceled that does not end by itself meanwhile.
const PATIENCE: Duration = Duration::from_secs(90);

/// Texts that may be seen after a yes.
const ENDS: [&str; 4] = ["proved at #", "overtaken: ", "ended meanwhile", "has ended"];

/// Goes to a run that is shown as Running, and asks to cancel it. The list moves meanwhile, so it may take a few goes.
fn ask(session: &mut Session, deadline: Instant) {
    loop {
        assert!(Instant::now() < deadline, "no run to cancel; the screen is\n{}", session.text());
        session.wait("running run", |screen| n_sections_before(&screen.contents(), "Running").is_some());
        let Some(n) = n_sections_before(&session.text(), "Running") else { continue };
        session.press(&format!("g{}jc", "l".repeat(n)));
        session.look(READING_TIME);
        let text = session.text();
        if text.contains(QUESTION) && text.contains("Running for") {
            return;
        }
        session.press("n");
    }
}

/// Returns the number of sections of the list above that of a state, if it is shown.
fn n_sections_before(text: &str, state: &str) -> Option<usize> {
    let headings = text.lines().filter(|line| line.starts_with(" ▾ ") || line.starts_with("▌▾ "));
    headings.map(|line| line.split_whitespace().nth(2)).position(|name| name == Some(state))
}

fn confirm(session: &mut Session) {
    while session.text().contains(QUESTION) {
        session.look(READING_TIME);
        session.press("y");
        session.wait("answer", |screen| {
            let text = screen.contents();
            !text.contains(QUESTION) || text.contains("that was fast")
        });
    }
}

#[test]
fn a_run_that_is_canceled_from_the_keyboard_is_proved_canceled_by_the_engine() {
    let tmp = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_demo");
    let mut session = Session::start(&[program, "--seed", "3", "--rate", "6"], &[("TMPDIR", tmp.path())]);
    session.wait_for("LIVE");
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 1, "the store is where it goes away");
    let deadline = Instant::now() + PATIENCE;
    loop {
        ask(&mut session, deadline);
        confirm(&mut session);
        session.wait("word of the log", |screen| ENDS.iter().any(|end| screen.contents().contains(end)));
        if session.text().contains(ENDS[0]) {
            break;
        }
        // The run ended by itself first: the next one.
        session
            .wait("room for the next word", |screen| ENDS.iter().all(|end| !screen.contents().contains(end)));
    }
    session.press("q");
    session.end(0);
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 0, "nothing stays behind");
}

#[test]
fn a_stop_signal_gives_the_terminal_back_and_leaves_nothing_behind() {
    use rustix::process::Signal;
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let tmp = tempfile::tempdir().unwrap();
        let program = env!("CARGO_BIN_EXE_demo");
        let mut session = Session::start(&[program, "--seed", "3"], &[("TMPDIR", tmp.path())]);
        session.wait_for("LIVE");
        session.signal(signal);
        session.end(code);
        assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 0, "nothing stays behind");
    }
}
