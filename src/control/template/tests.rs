//! Templates as they are typed, and the values of logs that mean harm.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::id::{RunId, TaskId};

fn names(run: &str, task: Option<&str>, parent: Option<&str>) -> CommandNames {
    CommandNames { text: Some(run.into()), task: task.map(Arc::from), parent: parent.map(Arc::from) }
}

fn cancel() -> CommandKind {
    CommandKind::Cancel { run: RunId::nil() }
}

fn template(text: &str) -> CallTemplate {
    match ProgramText::of(text) {
        Ok(ProgramText::Template(template)) => template,
        Ok(ProgramText::Alone(path)) => panic!("{text} is the program {}", path.display()),
        Err(error) => panic!("{text}: {error}"),
    }
}

fn error(text: &str) -> String {
    match ProgramText::of(text) {
        Ok(_) => panic!("{text} is read"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_value_is_one_argument_or_a_part_of_one() {
    let names = names("3f2c", Some("send.receipt"), Some("wf-1"));
    for (text, program, expected) in [
        ("celery -A app control revoke {run}", "celery", &["-A", "app", "control", "revoke", "3f2c"][..]),
        ("/opt/q/cancel --id={run}", "/opt/q/cancel", &["--id=3f2c"]),
        ("q {parent}/{run} {task}", "q", &["wf-1/3f2c", "send.receipt"]),
        ("'/opt/my tools/q' \"a b\" '' {run}", "/opt/my tools/q", &["a b", "", "3f2c"]),
        ("q $HOME *.log ; true {run}", "q", &["$HOME", "*.log", ";", "true", "3f2c"]),
        (r#"q '{{"id":"{run}"}}'"#, "q", &[r#"{"id":"3f2c"}"#]),
        ("{{q}} {{{run}}}", "{q}", &["{3f2c}"]),
    ] {
        let template = template(text);
        assert_eq!(template.program(), Path::new(program), "{text}");
        assert_eq!(template.arguments(cancel(), &names).unwrap(), expected, "{text}");
    }
    let uuid = CommandNames::default();
    let run = RunId::random();
    assert_eq!(template("q {run}").arguments(CommandKind::Cancel { run }, &uuid), Ok(vec![run.to_string()]));
}

#[test]
fn a_program_without_a_value_is_named_by_the_whole_text() {
    for (text, expected) in
        [("/opt/q/can cel", "/opt/q/can cel"), ("it's", "it's"), ("/opt/{{q}}", "/opt/{q}"), ("", "")]
    {
        let Ok(ProgramText::Alone(path)) = ProgramText::of(text) else { panic!("{text}") };
        assert_eq!(path, Path::new(expected));
    }
}

#[test]
fn what_is_no_template_says_why_and_what_to_write() {
    for (text, expected) in [
        (
            "q {id}",
            "{id} is no value of a run; there are {run}, {task} and {parent}, and {{ and }} are braces",
        ),
        ("q {}", "{} is no value of a run"),
        ("q {Run}", "{Run} is no value of a run"),
        ("q {\u{1b}}", "{\\x1b} is no value of a run"),
        ("q {run", "a brace without its counterpart; write {{ and }} for braces, or {run}, {task}, {parent}"),
        ("q run}", "a brace without its counterpart"),
        ("q {run} }", "a brace without its counterpart"),
        ("q 'a {run}", "a quote is not closed: '"),
        ("q {run} \\", "a backslash ends it"),
        ("{run} now", "the program cannot be a value of a run"),
        ("/opt/{task} {run}", "the program cannot be a value of a run"),
    ] {
        let found = error(text);
        assert!(found.starts_with(expected), "{text}: {found}");
    }
}

#[test]
fn it_is_shown_as_it_could_be_typed() {
    for (text, expected) in [
        ("celery  -A app control revoke {run}", "celery -A app control revoke {run}"),
        ("q 'a b' --id={run} '{{' it\\'s", "q 'a b' --id={run} {{ 'it'\\''s'"),
        ("q \u{1b}[2J {run}", "q '\\x1b[2J' {run}"),
    ] {
        assert_eq!(template(text).to_string(), expected, "{text}");
    }
    let line = template("q 'a b' --id={run}").at("/opt/q".into()).line(cancel(), &names("x/1", None, None));
    assert_eq!(line.unwrap(), "/opt/q 'a b' --id=x/1");
}

/// Each of these is an option, a command, a second argument or a lie on the screen to some program.
#[test]
fn a_value_that_is_no_plain_word_is_refused() {
    let long = "x".repeat(MAX_VALUE_BYTES + 1);
    for (id, expected) in [
        ("", "the id of the run is empty, and {run} would be no argument; cancel it where it runs"),
        ("-rf", "the id of the run, -rf, begins with -, as an option does; cancel it where it runs"),
        ("--help", "begins with -"),
        (&long, "the id of the run takes 201 bytes, and {run} may take 200; cancel it where it runs"),
        (
            "a b",
            "the id of the run, a b, has a blank, and {run} may have letters and digits of ASCII and ._:/@+=- alone; \
             cancel it where it runs",
        ),
        ("$(x)", "has $, and"),
        ("`x`", "has `, and"),
        ("a;b", "has ;, and"),
        ("a&b", "has &, and"),
        ("a|b", "has |, and"),
        ("*", "has *, and"),
        ("~root", "has ~, and"),
        ("a\0b", "a\\x00b, has \\x00, and"),
        ("a\nb", "has \\n, and"),
        ("a\tb", "has \\t, and"),
        ("\u{1b}[2J", "has \\x1b, and"),
        ("'a'", "has ', and"),
        ("a\\", "has \\, and"),
        ("{run}", "has {, and"),
        ("仕事", "has 仕, and"),
        ("а", "has а, and"),
        ("a\u{202e}b", "has \\u{202e}, and"),
    ] {
        let names = names(id, Some("task"), None);
        for text in ["q {run}", "q --id={run}", "q {task}{run}"] {
            let found = template(text).arguments(cancel(), &names).unwrap_err().to_string();
            assert!(found.contains(expected), "{text} of {id:?}: {found}");
        }
        assert!(template("q {task}").arguments(cancel(), &names).is_ok());
    }
    for id in ["a", "A.b_c:d/e@f+g=h-i", "=", "/etc/passwd", "a-", &"x".repeat(MAX_VALUE_BYTES)] {
        let names = names(id, None, None);
        assert_eq!(template("q {run}").arguments(cancel(), &names).unwrap(), [id]);
    }
}

#[test]
fn a_value_that_is_not_known_is_said_to_be_so() {
    let task = CommandKind::CancelTask { task: TaskId::nil() };
    let parent = CommandKind::CancelParent { run: RunId::nil() };
    let none = names("run", None, None);
    for (text, kind, expected) in [
        ("q {run}", task, "{run} has no value, since no single run is canceled"),
        ("q {run}", CommandKind::CancelAll, "{run} has no value, since no single run is canceled"),
        (
            "q {run}",
            parent,
            "{run} has no value, since its engine cancels the parent of a run; use {parent} in",
        ),
        (
            "q {task}",
            cancel(),
            "{task} has no value, since the log does not tell the name of the task; use {run} in",
        ),
        (
            "q {parent}",
            cancel(),
            "{parent} has no value, since the log does not tell the id of the parent; use",
        ),
    ] {
        let found = template(text).arguments(kind, &none).unwrap_err().to_string();
        assert!(found.starts_with(expected), "{found}");
    }
    let known = names("run", Some("etl"), Some("wf"));
    assert_eq!(template("q {task} {parent}").arguments(task, &known).unwrap(), ["etl", "wf"]);
    assert_eq!(template("q {parent}").arguments(parent, &known).unwrap(), ["wf"]);
}

proptest! {
    #[test]
    fn an_argument_holds_the_value_as_it_is_or_none_is_made(id in any::<String>()) {
        let template = template("q {run} --id={run}");
        match template.arguments(cancel(), &names(&id, None, None)) {
            Ok(arguments) => {
                prop_assert_eq!(arguments, [id.clone(), format!("--id={id}")]);
                prop_assert!((1..=MAX_VALUE_BYTES).contains(&id.len()) && !id.starts_with('-'));
                prop_assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || PLAIN.as_bytes().contains(&byte)));
            }
            Err(error) => {
                let error = error.to_string();
                prop_assert_eq!(&*text::clean(&error), &error);
            }
        }
    }

    #[test]
    fn a_plain_word_is_put_in(id in "[A-Za-z0-9._:/@+=][A-Za-z0-9._:/@+=-]{0,199}") {
        let found = template("q {run}").arguments(cancel(), &names(&id, None, None));
        prop_assert_eq!(found, Ok(vec![id]));
    }

    #[test]
    fn any_text_is_read_or_refused_and_shown_clean(text in "([a-z {}'\"\\\\]|\\{run\\}|\\PC){0,20}") {
        match ProgramText::of(&text) {
            Ok(ProgramText::Template(template)) => {
                let shown = template.to_string();
                prop_assert_eq!(&*text::clean(&shown), &shown);
                prop_assert!(TemplateValue::ALL.into_iter().any(|value| template.has(value)));
            }
            Ok(ProgramText::Alone(path)) => {
                let is_plain = text.contains("{{run}}") || !path.to_string_lossy().contains("{run}");
                prop_assert!(is_plain);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
