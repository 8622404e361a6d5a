//! Commands as they are typed: what is wrong keeps its prompt, its text and its place.

use super::super::*;
use crate::app::testing::Stage;
use crate::model::theme::{Palette, ThemeChoice};

fn three() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=3);
    stage
}

#[test]
fn a_command_that_is_wrong_keeps_its_prompt_and_marks_what_is_wrong() {
    for (command, wrong, expected) in [
        ("nope", "nope", "there is no command `nope`"),
        ("sotr run", "sotr", "did you mean `sort`?"),
        ("sort nope", "nope", "`nope` is no column to sort by: newest, run"),
        ("sort run task", "task", "`task` is too much: sort takes one COLUMN"),
        ("group", "", "group needs a GROUPING: state, task"),
        ("sort", "", "sort needs a COLUMN: newest, run"),
        ("theme", "", "theme needs a THEME: auto, dark"),
        ("goto", "", "goto needs a WHEN: start, end, #1234"),
        ("group task owner", "owner", "`owner` is too much: group takes one GROUPING"),
        ("columns run,nope", "nope", "`nope` is no column: run, task"),
        ("find state:running  stat:x", "stat", "did you mean"),
        ("find tag:\"etl", "\"", "this quote is not closed"),
        ("goto nowhere", "nowhere", "is no instant"),
        ("goto 1837", "1837", "#1837"),
        ("theme dakr", "dakr", "`dakr` is no theme: auto, dark, light"),
        ("theme dark light", "light", "`light` is too much: theme takes one THEME"),
        ("quit now", "now", "`now` is too much: quit takes nothing"),
        ("cancel all of them", "all of them", "`all of them` is too much: cancel takes nothing"),
        ("cancel-task etl", "etl", "`etl` is too much"),
        ("stop 1", "1", "`1` is too much"),
        ("unmark all", "all", "`all` is too much"),
        ("ledger x", "x", "`x` is too much"),
        ("help me", "me", "`me` is too much"),
        ("export", "", "export needs a FILE"),
        ("export a.csv b.csv", "b.csv", "`b.csv` is too much: export takes one FILE"),
        ("export! a.csv b c", "b c", "`b c` is too much: export! takes one FILE; put a name with blanks"),
        ("export 'a b.csv", "'a b.csv", "this quote is not closed"),
        ("export \"a b.csv' x", "\"a b.csv' x", "this quote is not closed"),
        ("export a.csv\\", "\\", "a backslash ends it"),
        ("export x.pdf", "x.pdf", "no .pdf can be written: call it .csv"),
    ] {
        let mut stage = three();
        let step = stage.step(&format!(":{command}<enter>"));
        assert_eq!(step, Step::Stay, "{command}");
        assert_eq!((stage.app.dialog(), stage.notice()), (None, String::new()), "{command}");
        let prompt = stage.app.typing.prompt().unwrap_or_else(|| panic!("{command} is wrong"));
        let (at, why) = prompt.wrong.clone().unwrap();
        assert_eq!((prompt.text(), &prompt.text()[at.clone()]), (command, wrong), "{why}");
        assert!(why.contains(expected), "{command}: {why}");
        assert_eq!(prompt.caret(), at.end, "{command}");
        stage.press("x");
        assert_eq!(stage.app.typing.prompt().unwrap().wrong, None, "{command}: it is another one now");
        stage.press("<esc>");
        assert_eq!(stage.app.mode(), Mode::Board);
    }
}

#[test]
fn an_instant_that_is_none_keeps_its_prompt() {
    for (typed, expected) in [("soon", "is no instant"), ("1837", "#1837"), ("", "an instant is needed: ")] {
        let mut stage = three();
        stage.press(&format!("b{typed}<enter>"));
        let prompt = stage.app.typing.prompt().unwrap_or_else(|| panic!("{typed} is wrong"));
        assert_eq!(prompt.text(), typed);
        assert!(prompt.wrong.as_ref().unwrap().1.contains(expected), "{:?}", prompt.wrong);
        assert!(!stage.app.is_traveling());
        stage.press("<esc>b#1<enter>");
        assert!(stage.app.typing.prompt().is_none() && stage.app.is_traveling());
    }
}

#[test]
fn a_command_with_nothing_to_do_says_so_and_what_it_takes_is_taken() {
    let mut stage = three();
    for (command, expected) in
        [("stop", "no cancels are on their way"), ("ledger", "no cancel was asked for yet")]
    {
        stage.press(&format!(":{command}<enter>"));
        assert!(stage.app.typing.prompt().is_none());
        assert!(stage.notice().contains(expected), "{command}: {}", stage.notice());
    }
    stage.press(":columns run owner<enter>");
    let columns = stage.app.taste().columns.clone().unwrap();
    assert_eq!(columns, [crate::view::Column::Run, crate::view::Column::Owner]);
    assert_eq!(stage.step(":theme light<enter>"), Step::Theme(ThemeChoice::Palette(Palette::Light)));
    assert!(matches!(stage.step(": export x.svg <enter>"), Step::Export(_)));
    stage.app.refuse_command("there is a file already");
    let prompt = stage.app.typing.prompt().unwrap();
    assert_eq!(&prompt.text()[prompt.wrong.clone().unwrap().0], "x.svg");
    assert_eq!(stage.step("<esc>:quit<enter>"), Step::Quit);
}

#[test]
fn a_file_may_have_blanks_where_they_are_quoted() {
    for (typed, expected) in [
        ("a.csv", "a.csv"),
        ("'a b.csv'", "a b.csv"),
        ("\"a b.csv\"", "a b.csv"),
        ("a\\ b.csv", "a b.csv"),
        ("~/'my runs'/a.csv", "~/my runs/a.csv"),
        ("\"it's.csv\"", "it's.csv"),
        ("'a\\b.csv'", "a\\b.csv"),
        (" 'a b'.csv  ", "a b.csv"),
    ] {
        let Step::Export(export) = three().step(&format!(":export {typed}<enter>")) else {
            panic!("{typed}")
        };
        assert_eq!(export.path, std::path::Path::new(expected), "{typed}");
    }
}

#[test]
fn every_theme_that_an_argument_takes_is_one_of_the_command() {
    for wanted in ThemeChoice::ALL {
        assert_eq!(three().step(&format!(":theme {}<enter>", wanted.name())), Step::Theme(wanted));
    }
}
