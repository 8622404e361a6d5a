//! The shell's terminal afterwards: a screen to write on, what is typed to it, and no answer that was for the
//! dashboard.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::{HELP, PROGRAM, Stage, WHOLE, wait_for_count};
use crate::session::Session;

/// A shell that waits for commands.
fn shell() -> Session {
    let mut session = Session::start(&["bash", "--norc", "--noprofile", "-i"], &[]);
    session.press("PS1='ready> '; bind 'set enable-bracketed-paste off'\n");
    session.wait_for("ready> ");
    session
}

/// The dashboard that the shell has started, by its number.
fn dashboard(session: &mut Session) -> Pid {
    let path = format!("task/{}/children", session.id());
    let id = session.proc(&path).split_whitespace().last().unwrap().parse().unwrap();
    Pid::from_raw(id).unwrap()
}

fn wait_for_shell(session: &mut Session) {
    session.wait("shell", |screen| !screen.alternate_screen() && screen.contents().contains("Stopped"));
}

/// From the moment when the screen is the shell's, so is what is typed.
#[test]
fn what_is_typed_once_the_screen_was_given_back_belongs_to_the_shell() {
    let stage = Stage::new(WHOLE);
    let mut session = shell();
    session.press(&format!("{PROGRAM} {} --theme dark\n", stage.log.display()));
    session.wait_for("LIVE");
    let dashboard = dashboard(&mut session);
    let stops: [&dyn Fn(); 4] = [
        &|| kill_process(dashboard, Signal::TSTP).unwrap(),
        &|| kill_process_group(dashboard, Signal::TSTP).unwrap(),
        &|| kill_process(dashboard, Signal::TTIN).unwrap(),
        &|| kill_process(dashboard, Signal::TTOU).unwrap(),
    ];
    for (number, stop) in stops.iter().cycle().take(8).enumerate() {
        session.press("\x0c");
        session.look(Duration::from_millis(5));
        stop();
        session.wait("screen of the shell", |screen| !screen.alternate_screen());
        session.press(&format!("echo typed-$(({number} + 40))?\n"));
        session.wait_for(&format!("typed-{}?", number + 40));
        session.press("clear; fg\n");
        session.wait("dashboard", |screen| screen.alternate_screen() && screen.contents().contains("LIVE"));
        wait_for_count(&mut session, "Running", 11);
        assert!(!session.text().contains(HELP), "what was for the shell was a key: {}", session.text());
    }
    // What came with the key that stops it was typed ahead of a screen that is not there any more.
    session.press("\x1a?");
    wait_for_shell(&mut session);
    session.press("clear; fg\n");
    session.wait("dashboard", |screen| screen.alternate_screen() && screen.contents().contains("LIVE"));
    wait_for_count(&mut session, "Running", 11);
    session.press("j");
    session.look(Duration::from_millis(300));
    assert!(!session.text().contains(HELP), "{}", session.text());
    session.press("q");
    session.wait("prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
    });
    session.press("exit\n");
    session.end(0);
}

/// GNU screen as it comes, and the Linux console.
#[test]
fn without_another_screen_to_come_back_to_the_prompt_is_on_an_empty_one() {
    let stage = Stage::new(WHOLE);
    for signal in [None, Some(Signal::TERM), Some(Signal::INT), Some(Signal::HUP)] {
        let args = [PROGRAM, stage.log.to_str().unwrap(), "--theme", "dark"];
        let mut session = Session::start(&args, &[]);
        session.wait_for("LIVE");
        session.press("jjj");
        session.look(Duration::from_millis(50));
        match signal {
            None => session.press("q"),
            Some(signal) => session.signal(signal),
        }
        session.ended();
        let (rows, row) = session.on_one_screen();
        assert_eq!(row, 0);
        assert!(rows.iter().all(|row| row.trim().is_empty()), "{rows:?}");
    }
    let mut session = shell();
    session.press(&format!("{PROGRAM} {} --theme dark\n", stage.log.display()));
    session.wait_for("LIVE");
    session.press("\x1a");
    wait_for_shell(&mut session);
    session.wait("prompt", |screen| screen.contents().trim_end().ends_with("ready>"));
    let (rows, row) = session.on_one_screen();
    assert!(rows[usize::from(row)].contains("ready>"), "{rows:?}");
    assert!(rows.iter().all(|row| !row.contains("Running")), "{rows:?}");
    session.press("kill -9 %1; exit\nexit\n");
    session.ended();
}

/// An answer that comes to the shell is typed into it.
#[test]
fn an_answer_that_is_late_never_reaches_the_shell() {
    let stage = Stage::new(WHOLE);
    for (key, wait) in [("q", 0), ("q", 300), ("\x1a", 300), ("\x03", 700)] {
        let mut session = shell();
        session.press(&format!("{PROGRAM} {}\n", stage.log.display()));
        session.wait_for_raw(b"\x1b]11;?");
        session.press(key);
        session.look(Duration::from_millis(wait));
        session.press("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
        session.press("\x1b[?62;4c");
        session.wait("prompt", |screen| {
            !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
        });
        session.press("echo over-$((40 + 2))\n");
        session.wait_for("over-42");
        let text = session.text();
        assert!(!text.contains("rgb") && !text.contains("62;4c") && !text.contains("^["), "{text}");
        session.press("kill -9 %1 2>&-; exit\nexit\n");
        session.ended();
    }
}

/// Over a long line the answer comes when the dashboard is there already.
#[test]
fn a_white_background_is_taken_from_the_moment_of_the_answer() {
    let stage = Stage::new(WHOLE);
    let light = b"38;5;24;";
    for wait in [0, 60, 150, 800, 2500] {
        let mut session = Session::start(&[PROGRAM, stage.log.to_str().unwrap()], &[]);
        session.wait_for_raw(b"\x1b]11;?");
        session.look(Duration::from_millis(wait));
        assert!(!session.has_written("38;5;24;"));
        session.press("\x1b]11;rgb:ffff/ff");
        session.look(Duration::from_millis(20));
        session.press("ff/ffff\x1b\\\x1b[?62;4c");
        session.wait_for_raw(light);
        session.press("q");
        session.end(0);
    }
    // Who has chosen a theme keeps it.
    let mut session = Session::start(&[PROGRAM, stage.log.to_str().unwrap()], &[]);
    session.wait_for("LIVE");
    session.press(":theme color-blind\r");
    session.wait_for_raw(b"38;5;159;");
    session.press("\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;4c?");
    session.wait_for(HELP);
    let written = session.raw().len();
    session.press("\x0c");
    session.look(Duration::from_millis(300));
    let again = String::from_utf8_lossy(&session.raw()[written..]).into_owned();
    assert!(again.contains("38;5;159;"), "{again:?}");
    session.press("\x03");
    session.end(0);
}
