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

/// Goes to a run that is shown as running, by the engine's word, and asks to cancel it. The list moves meanwhile, so it
/// may take a few goes.
fn ask(session: &mut Session, running: &str, deadline: Instant) {
    loop {
        assert!(Instant::now() < deadline, "no run to cancel; the screen is\n{}", session.text());
        session.wait("running run", |screen| n_sections_before(&screen.contents(), running).is_some());
        let Some(n) = n_sections_before(&session.text(), running) else { continue };
        session.press(&format!("g{}jc", "l".repeat(n)));
        session.look(READING_TIME);
        let text = session.text();
        if text.contains(QUESTION) && text.contains(&format!("{running} for")) {
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

/// Cancels a run of an engine, whose word for the state of one that runs is this.
fn check(engine: &str, running: &str) {
    let tmp = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_demo");
    let args = [program, "--engine", engine, "--seed", "3", "--rate", "6"];
    let mut session = Session::start(&args, &[("TMPDIR", tmp.path())]);
    session.wait_for("LIVE");
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 1, "the store is where it goes away");
    let deadline = Instant::now() + PATIENCE;
    loop {
        ask(&mut session, running, deadline);
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
fn a_run_that_is_canceled_from_the_keyboard_is_proved_canceled_by_the_engine() {
    check("actionqueue", "Running");
}

#[test]
fn a_task_of_a_graph_is_proved_canceled_by_its_record() {
    check("dag", "running");
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
