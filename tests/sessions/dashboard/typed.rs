//! Keys of other keyboards and terminals, and the place of the terminal's own cursor meanwhile.

use runwatch::app::MIN_READING_TIME;

use super::{HELP, PROGRAM, QUESTION, Stage, WHOLE, ask, leave_by_keys};
use crate::session::Session;

/// With an erase key as `stty` sets it.
fn start(stage: &Stage, erase: &str) -> Session {
    let script = format!("stty erase '{erase}'; \"$@\"; code=$?; stty erase '^?'; exit $code");
    let target = format!("file:{}", stage.control.display());
    let log = stage.log.to_str().unwrap();
    let args = ["sh", "-c", &script, "sh", PROGRAM, log, "--control", &target, "--theme", "dark"];
    let mut session = Session::start(&args, &[]);
    session.wait_for("LIVE");
    session
}

/// Types, and waits for what is there afterward.
fn type_and_see(session: &mut Session, keys: &str, seen: &str) {
    session.press(keys);
    session.wait_for(seen);
}

#[test]
fn backspace_takes_a_letter_back_in_all_its_forms_wherever_text_is_typed() {
    let stage = Stage::new(WHOLE);
    for (erase, backspace) in [
        ("^?", "\x7f"),
        ("^?", "\x08"),
        ("^H", "\x08"),
        ("^H", "\x7f"),
        ("^_", "\x1f"),
        ("^?", "\x1b[27;1;8~"),
    ] {
        let mut session = start(&stage, erase);
        type_and_see(&mut session, "/task:quxZ", "task:quxZ");
        session.press(backspace);
        session.wait_until_gone("quxZ");
        assert!(session.text().contains("task:qux"), "{erase} {backspace:?}\n{}", session.text());
        session.press("\x1b");
        session.wait_until_gone("task:qux");
        type_and_see(&mut session, ":sort tasZ", "sort tasZ");
        session.press(backspace);
        session.wait_until_gone("tasZ");
        session.press("\x1b");
        session.wait_until_gone(":sort tas");
        type_and_see(&mut session, "b14:0Z", "14:0Z");
        session.press(backspace);
        session.wait_until_gone("14:0Z");
        assert!(session.text().contains("14:0"), "{erase} {backspace:?}");
        session.press("\x1b");
        session.wait_until_gone("Go to");
        // The number that many are confirmed with.
        type_and_see(&mut session, "Mc", "to mean it:");
        type_and_see(&mut session, "987", "to mean it: 987");
        session.press(backspace);
        session.wait_until_gone("to mean it: 987");
        assert!(session.text().contains("to mean it: 98"), "{erase} {backspace:?}");
        session.press("4\x15");
        session.wait_until_gone("to mean it: 98");
        session.press("n");
        session.wait_until_gone("to mean it:");
        session.press("\x03");
        session.end(0);
    }
    assert_eq!(stage.commands(), "");
}

/// Else no query could hold it.
#[test]
fn a_printable_erase_character_is_typed() {
    let stage = Stage::new(WHOLE);
    let mut session = start(&stage, "#");
    type_and_see(&mut session, "/quxa#b", "quxa#b");
    session.press("\x7f");
    session.wait("what is left", |screen| screen.contents().contains("quxa# "));
    session.press("\x03");
    session.end(0);
}

/// rxvt, PuTTY and iTerm2 put an escape before the sequence of a key with Alt, and rxvt has letters of its own.
#[test]
fn words_are_gone_over_by_the_keys_of_every_terminal_and_nothing_is_closed() {
    let stage = Stage::new(WHOLE);
    let mut session = start(&stage, "^?");
    type_and_see(&mut session, "/quxa quxb", "quxa quxb");
    for (keys, seen) in [
        ("\x1b\x1b[Dk", "quxa kquxb"),
        ("\x1b\x1bOCl", "quxa kquxbl"),
        ("\x1bOdm", "quxa mkquxbl"),
        ("\x1bOcn", "quxa mkquxbln"),
        ("\x1b[5Do", "quxa omkquxbln"),
        ("\x1bFp", "quxa omkquxblnp"),
        ("\x1bBq", "quxa qomkquxblnp"),
        ("\x1b[0;;233u", "quxa qéomkquxblnp"),
        ("\x1b[dr", "quxa qréomkquxblnp"),
    ] {
        type_and_see(&mut session, keys, seen);
    }
    session.press("\x1b");
    session.wait_until_gone("quxa");
    // What is left of an answer whose escape was taken for the key.
    session.press("]11;rgb:ffff/ffff/ffff\x07");
    type_and_see(&mut session, "/quxc", "quxc");
    session.press("\x1b");
    session.wait_until_gone("quxc");
    type_and_see(&mut session, "Mc", "to mean it:");
    type_and_see(&mut session, "98\x1b\x1b[D7", "to mean it: 987");
    session.press("\x1b");
    session.wait_until_gone("to mean it:");
    session.press("\x03");
    session.end(0);
    assert_eq!(stage.commands(), "");
}

#[test]
fn what_a_shell_does_to_a_line_is_done_here() {
    let stage = Stage::new(WHOLE);
    let mut session = start(&stage, "^?");
    for (keys, seen, gone) in [
        ("/task:quxa quxb\x1b\x7f", "task:quxa", "quxb"),
        ("quxc\x1b[1;5D\x0b", "task:quxa", "quxc"),
        ("quxd\x1bbquxe\x1bfquxf", "quxequxdquxf", "quxa quxd"),
        ("\x17", "task:quxa", "quxd"),
        ("\x01quxg \x1bd", "quxg :quxa", "quxg task"),
        ("\x04\x04\x04\x04\x04", "quxg", "quxa"),
        ("\x05quxh\x15", "/", "quxg"),
    ] {
        session.press(keys);
        session.wait(seen, |screen| {
            let text = screen.contents();
            text.contains(seen) && !text.contains(gone)
        });
    }
    session.press("\x1b");
    session.wait_until_gone("Tab state:");
    leave_by_keys(&mut session);
}

/// A program that had the terminal before may have left a mode on in which keys are told otherwise.
#[test]
fn keys_in_the_form_of_another_mode_are_keys() {
    let stage = Stage::new(WHOLE);
    for quit in ["\x1b[27;5;99~", "\x1b[99;5u", "\x1b[1089::99;5u", "\x1b[1089;5u", "\x1b[99:67:99;6:1u"] {
        let mut session = start(&stage, "^?");
        for help in ["\x1b[27;2;63~", "\x1b[47:63;2u", "\x1b[63u", "\x1b[47;2;63u"] {
            type_and_see(&mut session, help, HELP);
            session.press("\x1b[113u");
            session.wait_until_gone(HELP);
        }
        session.press(quit);
        session.end(0);
    }
}

#[test]
fn a_letter_of_another_layout_is_the_key_at_its_place_but_for_a_yes() {
    let stage = Stage::new(WHOLE);
    let mut session = start(&stage, "^?");
    session.wait_for("▌");
    // As `gllljc`, on the keyboard of a Russian.
    session.press("пдддос");
    session.wait_for(QUESTION);
    session.look(MIN_READING_TIME * 2);
    for yes in ["н", "υ", "ｙ", "\x1b[1085::121u"] {
        session.press(yes);
        session.wait_for("only `y` answers yes");
        assert!(session.text().contains(QUESTION));
    }
    // As `n`.
    session.press("т");
    session.wait_until_gone(QUESTION);
    type_and_see(&mut session, "é", "`é` is no key: Latin letters are keys, ? shows them");
    // As `q`.
    session.press("й");
    session.end(0);
    assert_eq!(stage.commands(), "");
}

/// Waits until the terminal's cursor is there, and is seen or not.
fn wait_for_cursor(session: &mut Session, what: &str, at: (u16, u16), is_seen: bool) {
    session.wait(&format!("cursor at {at:?}, {what}"), |screen| {
        let (row, column) = screen.cursor_position();
        (column, row) == at && screen.hide_cursor() != is_seen
    });
}

/// The row on which a text is seen, and the column after it.
fn after(session: &Session, text: &str) -> (u16, u16) {
    let screen = session.text();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
    let column = line[..line.find(text).unwrap() + text.len()].chars().count();
    (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
}

/// Input methods draw at the terminal's cursor, and screen readers read there.
#[test]
fn the_cursor_of_the_terminal_is_at_the_caret_or_on_the_selected_row() {
    let stage = Stage::new(WHOLE);
    let mut session = start(&stage, "^?");
    session.press("g");
    session.wait("selected row", |screen| screen.hide_cursor() && screen.cursor_position().1 == 0);
    let ((_, top), _) = session.cursor();
    assert!(session.text().lines().nth(top.into()).unwrap().contains("Scheduled"), "{}", session.text());
    session.press("jj");
    wait_for_cursor(&mut session, "two rows below", (0, top + 2), false);
    session.press("?");
    session.wait_for(HELP);
    session.press("q");
    session.wait_until_gone(HELP);
    wait_for_cursor(&mut session, "back from the help", (0, top + 2), false);
    // The query.
    type_and_see(&mut session, "/task:qux", "/ task:qux");
    let (column, row) = after(&session, "/ task:qux");
    wait_for_cursor(&mut session, "after what is typed", (column, row), true);
    session.press("漢字");
    wait_for_cursor(&mut session, "after two wide letters", (column + 4, row), true);
    session.press("\x1b[D");
    wait_for_cursor(&mut session, "before the last of them", (column + 2, row), true);
    // A letter in two characters is one letter.
    session.press("e\u{301}");
    wait_for_cursor(&mut session, "after it", (column + 3, row), true);
    session.press("\x01");
    wait_for_cursor(&mut session, "at the start", (column - 8, row), true);
    // What parts two letters is seen by what it does to them alone.
    session.press("\x05\x15می\u{200c}خواهم");
    session.wait_for("/ می\u{200c}خواهم");
    wait_for_cursor(&mut session, "after it", (3 + 7, row), true);
    // A line that is longer than the screen.
    session.press(&format!("\x05{}", "漢".repeat(80)));
    session.wait("cursor near the end", |screen| screen.cursor_position().1 >= 107 && !screen.hide_cursor());
    session.press("\x1b");
    session.wait_until_gone("No run answers");
    session.press("gjj");
    wait_for_cursor(&mut session, "on the row again", (0, top + 2), false);
    // The command, the instant, and the number.
    for (opening, open, keys, shown) in [
        (":", "Tab find", "sort tas", ":sort tas"),
        ("b", "Go to", "14:0", "Go to 14:0"),
        ("Mc", "to mean it:", "98", "to mean it: 98"),
    ] {
        type_and_see(&mut session, opening, open);
        type_and_see(&mut session, keys, shown);
        let at = after(&session, shown);
        wait_for_cursor(&mut session, shown, at, true);
        session.press("\x1b");
        session.wait_until_gone(shown);
    }
    // Without marks it is asked about one.
    session.press("M");
    ask(&mut session);
    let (column, row) = after(&session, QUESTION);
    let length = u16::try_from(QUESTION.len()).unwrap();
    wait_for_cursor(&mut session, "on the question", (column - length, row), false);
    session.press("n");
    session.wait_until_gone(QUESTION);
    session.press("q");
    session.end(0);
}
