//! The real program on a real terminal, with cancels that go to ActionQueue's own daemon: from the key to the proof.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;
#[path = "control_http/daemons.rs"]
mod daemons;
#[path = "common/session.rs"]
mod session;

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use common::read_text;
use daemons::{Controls, TOKEN, any_port, start_01};
use session::Session;

/// The title of the question.
const QUESTION: &str = "Cancel this run?";

/// Asks about the first running run and says yes, as a person does who has read the question; returns the run's id.
fn cancel(session: &mut Session, target: &str) -> String {
    session.press("gllljc");
    session.wait_for(QUESTION);
    let text = session.text();
    assert!(text.contains(target), "{text}");
    let run = text.split_once("run           ").unwrap().1[..36].to_owned();
    while session.text().contains(QUESTION) {
        session.look(Duration::from_millis(300));
        session.press("y");
        session.wait("answer", |screen| {
            let text = screen.contents();
            !text.contains(QUESTION) || text.contains("that was fast")
        });
    }
    run
}

#[test]
fn a_cancel_goes_to_the_daemon_and_is_believed_when_the_log_proves_it() {
    let text = read_text("tests/logs/live-small-mid.jsonl");
    let daemon = start_01(&text, Controls::Enabled, any_port());
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("log.jsonl"), &text).unwrap();
    fs::write(at("token"), TOKEN).unwrap();
    fs::set_permissions(at("token"), fs::Permissions::from_mode(0o600)).unwrap();
    let (log, token, origin) = (at("log.jsonl"), at("token"), daemon.origin());
    let argv = [
        env!("CARGO_BIN_EXE_runwatch"),
        log.to_str().unwrap(),
        "--control",
        &origin,
        "--token-file",
        token.to_str().unwrap(),
    ];
    let mut session = Session::start(&argv, &[("HOME", dir.path())]);
    session.wait_for("LIVE");
    let run = cancel(&mut session, &origin);
    session.wait_for(&format!("cancel of {} sent", &run[..8]));

    // Whoever mirrors the daemon's log brings the proof.
    let written = String::from_utf8(daemon.log()).unwrap();
    let new: Vec<&str> = written.lines().skip(text.lines().count()).collect();
    let [event] = &new[..] else { panic!("{new:?}") };
    assert!(event.contains(&run) && event.contains("Canceled"), "{event}");
    writeln!(File::options().append(true).open(&log).unwrap(), "{event}").unwrap();
    session.wait_for(&format!("cancel of {} proved at #1,231", &run[..8]));

    drop(daemon);
    let other = cancel(&mut session, &origin);
    session.wait_for(&format!("cancel of {} refused: {origin}: it cannot be reached", &other[..8]));
    session.press("q");
    session.end(0);
    let record = fs::read_to_string(at(".local/state/runwatch/commands.jsonl")).unwrap();
    assert_eq!(record.lines().count(), 4, "{record}");
    assert!(record.contains("\"user\":\"ada\"") && !record.contains(TOKEN));
}
