//! A log that was joined after a rotation: the dashboard tells of what lies beside it.

use std::fs;

use super::{PROGRAM, Stage};
use crate::session::Session;

/// Words of the notice, which names the command behind them.
const TOLD: &str = "the log begins at #601; orders.jsonl.1 lies beside it";

#[test]
fn what_was_rotated_away_before_is_told_until_the_next_action_and_in_the_pane_of_problems() {
    for command in [&[][..], &["replay"]] {
        let stage = Stage::new(0);
        let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let (before, after) = stage.lines.split_at(600);
        fs::write(stage.log.with_extension("jsonl.1"), text(before)).unwrap();
        fs::write(&stage.log, text(after)).unwrap();
        let argv = [&[PROGRAM], command, &[stage.log.to_str().unwrap()]].concat();
        let mut session = Session::start(&argv, &[]);
        session.wait_for(TOLD);
        session.press("4z");
        session.wait_for("The log has done nothing that it may not do.");
        session.wait_for(TOLD);
        session.wait_for("| runwatch -`");
        session.press("q");
        session.press("q");
        session.end(0);
    }
}

/// The bytes by which the terminal is asked for its background.
const QUESTION: &[u8] = b"\x1b]11;?";

#[test]
fn the_theme_that_suits_the_background_can_be_chosen_while_it_runs() {
    let stage = Stage::new(10);
    let mut session = Session::start(&[PROGRAM, stage.log.to_str().unwrap(), "--theme", "light"], &[]);
    session.wait_for("LIVE");
    assert!(!session.raw().windows(QUESTION.len()).any(|bytes| bytes == QUESTION));
    session.press(":theme auto\r");
    session.wait_for_raw(QUESTION);
    session.wait_until_gone(":theme");
    session.press(":theme nope\r");
    session.wait_for("`nope` is no theme: auto, dark");
    session.press("\x03");
    session.end(0);
}
