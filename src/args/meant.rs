//! The words for what was probably meant, where what was typed makes no sense.
//!
//! The parser knows the arguments of one command at a time; here all of them are known, and other tools' words for them.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};

use super::Args;
use crate::query::nearest;

/// Words that other tools have for what is called otherwise here.
const OTHERWISE: [(&str, &str); 18] = [
    ("completions", "--print-completions bash (or zsh, fish, elvish, powershell)"),
    ("completion", "--print-completions bash (or zsh, fish, elvish, powershell)"),
    ("man", "--print-man"),
    ("version", "--version"),
    ("watch", "LOG"),
    ("dashboard", "LOG"),
    ("open", "LOG"),
    ("tail", "follow LOG"),
    ("list", "runs LOG"),
    ("ls", "runs LOG"),
    ("query", "runs LOG --query QUERY"),
    ("validate", "check LOG"),
    ("verify", "check LOG"),
    ("lint", "check LOG"),
    ("kill", "cancel LOG RUN --control WHERE"),
    ("compare", "diff LOG"),
    ("generate", "gen"),
    ("export", "runs LOG --json"),
];

/// What a word in the place of a command was probably meant to be, as it is typed behind `runwatch`.
fn meant(word: &str) -> Option<String> {
    if let Some((_, right)) = OTHERWISE.iter().find(|(other, _)| *other == word.to_ascii_lowercase()) {
        return Some((*right).to_owned());
    }
    let command = Args::command();
    let names = command.get_subcommands().map(Command::get_name);
    let name = nearest(word, names)?;
    let has_log = command.find_subcommand(name).is_some_and(takes_log);
    Some(if has_log { format!("{name} LOG") } else { name.to_owned() })
}

fn takes_log(command: &Command) -> bool {
    command.get_positionals().any(|it| it.get_id() == "log")
}

/// Whether a word can be meant as a file: it looks like a path, or there is one.
fn is_file(word: &str) -> bool {
    word == "-" || word.contains(['/', '.']) || Path::new(word).exists()
}

/// A log that is not there, with the name of a command or nearly so, is no log to wait for.
pub(super) fn refuse_near_command(args: &Args) -> Result<(), clap::Error> {
    let Some(word) = args.watch.log.as_deref().and_then(|log| log.to_str()) else { return Ok(()) };
    match meant(word).filter(|_| args.command.is_none() && !is_file(word)) {
        Some(right) => Err(no_command(word, &right)),
        None => Ok(()),
    }
}

fn no_command(word: &str, right: &str) -> clap::Error {
    error(
        None,
        ErrorKind::InvalidSubcommand,
        format!(
            "there is no command and no log '{word}'\n\n  tip: use 'runwatch {right}'; a log of this name is './{word}'"
        ),
    )
}

/// The same error in the words that help, if there are better ones than the parser's.
pub(super) fn explain(typed: &[OsString], parsers: clap::Error) -> clap::Error {
    let words = words(typed);
    let first = words.first().map(String::as_str).unwrap_or_default();
    let command = Args::command();
    let sub = command.find_subcommand(first);
    let better = match parsers.kind() {
        ErrorKind::ArgumentConflict if parsers.get(ContextKind::InvalidSubcommand).is_some() => {
            Some(misplaced(&words))
        }
        ErrorKind::UnknownArgument => match text(parsers.get(ContextKind::InvalidArg)) {
            Some(option) if option.starts_with('-') => unknown_option(&option, sub),
            Some(word) => sub.filter(|sub| takes_log(sub)).map(|sub| surplus(sub, &words, &word)),
            None => None,
        },
        ErrorKind::MissingRequiredArgument => {
            let missing = match parsers.get(ContextKind::InvalidArg) {
                Some(ContextValue::Strings(missing)) => missing.as_slice(),
                _ => &[],
            };
            missing.iter().any(|it| it == "<LOG>").then(|| {
                let words = "\n\n  tip: name the file of the log, or '-' for standard input";
                let list = missing.join("\n  ");
                let what = format!("the following required arguments were not provided:\n  {list}{words}");
                error(sub.map(Command::get_name), ErrorKind::MissingRequiredArgument, what)
            })
        }
        _ => None,
    };
    better.unwrap_or(parsers)
}

/// An error of words that are each right, or nearly, and do not go together.
fn misplaced(words: &[String]) -> clap::Error {
    let command = Args::command();
    let is_command = |word: &str| command.find_subcommand(word).is_some();
    let [first, second, ..] = words else {
        return error(
            None,
            ErrorKind::ArgumentConflict,
            "options and a command do not go together".to_owned(),
        );
    };
    if is_command(first) {
        let what =
            format!("the options of '{first}' come after it\n\n  tip: use 'runwatch {first} LOG OPTIONS'");
        return error(Some(first), ErrorKind::ArgumentConflict, what);
    }
    if is_command(second) && (is_file(first) || meant(first).is_none()) {
        let what = format!("'{second}' comes first\n\n  tip: use 'runwatch {second} {first}'");
        return error(Some(second), ErrorKind::ArgumentConflict, what);
    }
    match meant(first).filter(|_| !is_file(first)) {
        Some(right) => no_command(first, &right),
        None => one_log("runwatch", first, second),
    }
}

fn one_log(command: &str, first: &str, second: &str) -> clap::Error {
    let what = format!(
        "one log is read at a time, and '{second}' is a second one\n\n  tip: if they are parts of one log, the older first: 'cat {first} {second} | {command} -'"
    );
    let sub = command.strip_prefix("runwatch ");
    error(sub, ErrorKind::UnknownArgument, what)
}

/// An error of a word that a report has no use for.
fn surplus(sub: &Command, words: &[String], word: &str) -> clap::Error {
    let name = sub.get_name();
    let log = words.get(1).map(String::as_str).unwrap_or_default();
    if is_file(word) && log != word {
        return one_log(&format!("runwatch {name}"), log, word);
    }
    let has_query = sub.get_arguments().any(|it| it.get_long() == Some("query"));
    let tip = if has_query { "\n\n  tip: a query comes after --query, between quotes" } else { "" };
    let what = format!("'{word}' is one word too many after the log '{log}'{tip}");
    error(Some(name), ErrorKind::UnknownArgument, what)
}

/// An error of an option that other commands have, if they do.
fn unknown_option(option: &str, sub: Option<&Command>) -> Option<clap::Error> {
    let here = sub.map(Command::get_name);
    let unknown = |tip: String| {
        Some(error(
            here,
            ErrorKind::UnknownArgument,
            format!("unexpected argument '{option}' found\n\n  tip: {tip}"),
        ))
    };
    if sub.is_none() && ["-v", "-version", "-ver"].contains(&option) {
        return unknown("the version is printed by '--version' or '-V'".to_owned());
    }
    let long = option.strip_prefix("--")?.split('=').next()?;
    let command = Args::command();
    let has = |command: &Command| command.get_arguments().any(|it| it.get_long() == Some(long));
    let mut owners: Vec<String> = command
        .get_subcommands()
        .filter(|owner| has(owner))
        .map(|owner| format!("'runwatch {}'", owner.get_name()))
        .collect();
    if has(&command) {
        owners.insert(0, "the dashboard, 'runwatch LOG'".to_owned());
    }
    if owners.is_empty() {
        return None;
    }
    let here = here.map_or("the dashboard".to_owned(), |here| format!("'{here}'"));
    unknown(format!("{here} has no '--{long}'; it is an option of {}", owners.join(", ")))
}

fn error(sub: Option<&str>, kind: ErrorKind, what: String) -> clap::Error {
    let mut command = Args::command();
    command.build();
    match sub.and_then(|sub| command.find_subcommand_mut(sub)) {
        Some(sub) => sub.error(kind, what),
        None => command.error(kind, what),
    }
}

fn text(value: Option<&ContextValue>) -> Option<String> {
    match value {
        Some(ContextValue::String(text)) => {
            Some(text.split([' ', '=']).next().unwrap_or_default().to_owned())
        }
        _ => None,
    }
}

/// What was typed without the options of the dashboard and their values: a command and a log, or two logs.
fn words(typed: &[OsString]) -> Vec<String> {
    let command = Args::command();
    let takes_value = |option: &str| {
        let long = option.strip_prefix("--");
        let found = command.get_arguments().find(|it| it.get_long() == long && long.is_some());
        found.is_some_and(|it| it.get_action().takes_values())
    };
    let mut words = Vec::new();
    let mut typed = typed.iter().skip(1).map(|it| it.to_string_lossy());
    while let Some(word) = typed.next() {
        if word == "-" || !word.starts_with('-') {
            words.push(word.into_owned());
        } else if takes_value(&word) {
            typed.next();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a line that is typed, and that it is an error of usage.
    fn told(line: &str) -> String {
        let typed = std::iter::once("runwatch").chain(line.split_whitespace()).map(OsString::from);
        let error = Args::read(typed).err().unwrap_or_else(|| panic!("'{line}' was read"));
        assert_eq!(error.exit_code(), 2, "{line}");
        error.render().to_string()
    }

    #[test]
    fn what_was_probably_meant_is_said() {
        for (line, expected) in [
            ("stat", "use 'runwatch stats LOG'; a log of this name is './stat'"),
            ("statz L.jsonl", "there is no command and no log 'statz'"),
            ("statz L.jsonl", "use 'runwatch stats LOG'"),
            ("statz L.jsonl --json", "'runwatch stats LOG'"),
            ("Stats L", "use 'runwatch stats LOG'"),
            ("chekc x.jsonl", "use 'runwatch check LOG'"),
            ("completions bash", "use 'runwatch --print-completions bash"),
            ("completions", "use 'runwatch --print-completions bash"),
            ("man", "use 'runwatch --print-man'"),
            ("version", "use 'runwatch --version'"),
            ("watch a.jsonl", "use 'runwatch LOG'"),
            ("tail a.jsonl", "use 'runwatch follow LOG'"),
            ("-v", "'--version' or '-V'"),
            ("a.jsonl b.jsonl", "one log is read at a time, and 'b.jsonl' is a second one"),
            ("a.jsonl b.jsonl", "'cat a.jsonl b.jsonl | runwatch -'"),
            ("a.jsonl b.jsonl c.jsonl", "one log is read at a time"),
            ("--control file:x a.jsonl b.jsonl", "'cat a.jsonl b.jsonl | runwatch -'"),
            ("stats a.jsonl b.jsonl", "'cat a.jsonl b.jsonl | runwatch stats -'"),
            ("diff a.jsonl b.jsonl", "'cat a.jsonl b.jsonl | runwatch diff -'"),
            ("runs a.jsonl state:Failed", "a query comes after --query"),
            ("check a.jsonl state:Failed", "'state:Failed' is one word too many"),
            ("a.jsonl stats", "use 'runwatch stats a.jsonl'"),
            ("queue stats", "use 'runwatch stats queue'"),
            ("--retain 5 stats a.jsonl", "use 'runwatch stats LOG OPTIONS'"),
            ("a.jsonl --json", "the dashboard has no '--json'; it is an option of 'runwatch stats'"),
            (
                "stats a.jsonl --control file:x",
                "'stats' has no '--control'; it is an option of the dashboard",
            ),
            ("stats a.jsonl --wait", "it is an option of 'runwatch cancel'"),
            ("stats a.jsonl --retian 5", "a similar argument exists: '--retain'"),
            ("stats", "name the file of the log, or '-' for standard input"),
            ("wait --for count>=1", "name the file of the log, or '-' for standard input"),
            ("screenshot a.jsonl -o x.svg --size 120", "give columns and lines"),
            ("stats a.jsonl --memory lots", "give a size"),
            ("wait a.jsonl --for count", "write count=0"),
        ] {
            let told = told(line);
            assert!(told.contains(expected), "{line}: {told}");
            assert!(!told.contains("cannot be used with"), "{line}: {told}");
        }
    }

    #[test]
    fn a_log_may_have_any_name_and_every_command_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("stat");
        std::fs::write(&log, "").unwrap();
        for log in [log.to_str().unwrap(), "./stat", "queue", "events", "not-yet-there", "a.stat", "-"] {
            assert!(Args::read(["runwatch", log].map(OsString::from)).is_ok(), "{log}");
        }
        let help = Args::read(["runwatch", "help", "stats"].map(OsString::from)).unwrap_err();
        assert_eq!((help.kind(), help.exit_code()), (ErrorKind::DisplayHelp, 0));
        // A word that is right already would be explained in vain.
        let command = Args::command();
        assert!(OTHERWISE.iter().all(|(other, _)| command.find_subcommand(other).is_none()));
    }
}
