//! The mouse on a real terminal: what is asked of the terminal while it is used, and what clicks and the wheel do.

use rustix::process::Signal;

use crate::common;
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");
const F2: &str = "\x1bOQ";
const TAKEN: &[u8] = b"\x1b[?1002h\x1b[?1006h";
const GIVEN_BACK: &[u8] = b"\x1b[?1006l\x1b[?1002l";

fn watch() -> Session {
    let log = common::file("tests/logs/live-small-mid.jsonl");
    let mut session = Session::start(&[PROGRAM, log.to_str().unwrap()], &[]);
    session.wait_for("LIVE");
    session
}

/// A click of the left button at a column and a line, from 0, as terminals tell it.
fn click(x: u16, y: u16) -> String {
    format!("\x1b[<0;{0};{1}M\x1b[<0;{0};{1}m", x + 1, y + 1)
}

fn wheel_down(x: u16, y: u16, notches: usize) -> String {
    format!("\x1b[<65;{};{}M", x + 1, y + 1).repeat(notches)
}

/// The line of the screen that starts with these words, if one does.
fn line_of(session: &Session, words: &str) -> Option<u16> {
    let at = session.text().lines().position(|line| line.trim_start().starts_with(words))?;
    u16::try_from(at).ok()
}

#[test]
fn the_mouse_is_taken_by_f2_and_given_back_on_every_way_out() {
    for signal in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let mut session = watch();
        assert!(!session.raw().windows(TAKEN.len()).any(|window| window == TAKEN), "not before it is asked");
        session.press(F2);
        session.wait_for("MOUSE");
        session.wait_for_raw(TAKEN);
        match signal {
            None => {
                session.press("q");
                session.end(0);
            }
            Some(signal) => {
                session.signal(signal);
                session.end(128 + u32::try_from(signal.as_raw()).unwrap());
            }
        }
        session.wait_for_raw(GIVEN_BACK);
    }
    let mut session = watch();
    session.press(F2);
    session.wait_for("MOUSE");
    session.press(F2);
    session.wait_for_raw(GIVEN_BACK);
    session.wait_until_gone("MOUSE");
    session.press("q");
    session.end(0);
}

#[test]
fn a_click_opens_what_is_selected_and_the_wheel_scrolls_in_one_move() {
    let mut session = watch();
    // While it is left to the terminal, what looks like it means nothing.
    session.press(&click(10, 6));
    session.press(F2);
    session.wait_for("MOUSE");
    let header = line_of(&session, "▾ ◦ Scheduled").unwrap();
    session.press(&click(10, header + 1));
    session.press(&click(10, header + 1));
    session.wait_for("state         Scheduled");
    session.press("\x1b");
    session.wait_until_gone("state         Scheduled");
    session.press("?");
    session.wait_for("half a page down");
    session.press(&wheel_down(10, 10, 4));
    session.wait_until_gone("half a page down");
    session.press("q");
    session.wait_until_gone("Ctrl-z");
    session.press("q");
    session.end(0);
}
