//! The words for what was probably meant, where what was typed makes no sense.
//!
//! The parser knows the arguments of one command at a time; here all of them are known, and other tools' words for them.

mod option;
mod surplus;

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};

use super::Args;
use crate::model::nearest::nearest;
use crate::source::origin::Origin;

/// Words that other tools have for what is called otherwise here.
const OTHERWISE: &[(&str, &str)] = &[
    ("completions", "--print-completions bash (or zsh, fish, elvish, powershell)"),
    ("completion", "--print-completions bash (or zsh, fish, elvish, powershell)"),
    ("generate-completion", "--print-completions bash (or zsh, fish, elvish, powershell)"),
    ("generate-completions", "--print-completions bash (or zsh, fish, elvish, powershell)"),
    ("man", "--print-man"),
    ("version", "--version"),
    ("watch", "LOG"),
    ("dashboard", "LOG"),
    ("open", "LOG"),
    ("show", "LOG"),
    ("view", "LOG"),
    ("top", "LOG"),
    ("tui", "LOG"),
    ("tail", "follow LOG"),
    ("list", "runs LOG"),
    ("ls", "runs LOG"),
    ("query", "runs LOG --query QUERY"),
    ("grep", "runs LOG --query QUERY"),
    ("search", "runs LOG --query QUERY"),
    ("find", "runs LOG --query QUERY"),
    ("filter", "runs LOG --query QUERY"),
    ("summary", "stats LOG"),
    ("status", "stats LOG"),
    ("validate", "check LOG"),
    ("verify", "check LOG"),
    ("lint", "check LOG"),
    ("kill", "cancel LOG RUN --control WHERE"),
    ("compare", "diff LOG"),
    ("generate", "gen"),
    ("dump", "export LOG"),
    ("convert", "export LOG"),
];

/// Words that are as likely the name of a log: what they are where a log follows.
const NOUNS: [&str; 6] = ["jobs", "job", "run", "tasks", "task", "attempts"];

/// Suggests the command that a word in the place of a command was probably meant to be, as it is typed behind
/// `runwatch`.
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

/// Returns true if a word can be meant as a file: it looks like a path, or there is one.
fn is_file(word: &str) -> bool {
    word == "-" || word.contains(['/', '.']) || Path::new(word).exists()
}

/// A log that is not there, with the name of a command or nearly so, is no log to wait for.
pub(super) fn refuse_near_command(args: &Args) -> Result<(), clap::Error> {
    let Some(Origin::Path(path)) = &args.watch.source else { return Ok(()) };
    let Some(word) = path.to_str() else { return Ok(()) };
    match meant(word).filter(|_| args.command.is_none() && !is_file(word)) {
        Some(right) => Err(no_command(word, &right)),
        None => Ok(()),
    }
}

fn no_command(word: &str, right: &str) -> clap::Error {
    let what = format!(
        "there is no command and no log '{word}'\n\n  tip: use 'runwatch {right}'; a log of this name is './{word}'"
    );
    error(None, ErrorKind::InvalidSubcommand, what)
}

/// An error of a word before a log that is the name of neither a command nor a file.
fn neither(word: &str) -> clap::Error {
    let is_noun = NOUNS.contains(&word.to_ascii_lowercase().as_str());
    match meant(word).or_else(|| is_noun.then(|| "runs LOG".to_owned())) {
        Some(right) => no_command(word, &right),
        None => {
            let what = format!(
                "there is no command and no log '{word}'\n\n  tip: 'runwatch --help' lists the commands; a log of this name is './{word}'"
            );
            error(None, ErrorKind::InvalidSubcommand, what)
        }
    }
}

/// An error of a word behind `help` that is no command.
fn no_help(word: &str) -> clap::Error {
    let command = Args::command();
    let name = nearest(word, command.get_subcommands().map(Command::get_name));
    let tip = match (meant(word), name) {
        (Some(right), Some(name)) if right.starts_with(name) => {
            format!("use 'runwatch {right}'; 'runwatch help {name}' tells of it")
        }
        (Some(right), _) => format!("use 'runwatch {right}'"),
        (None, _) => "'runwatch --help' lists the commands".to_owned(),
    };
    let what = format!("there is no command '{word}'\n\n  tip: {tip}");
    error(None, ErrorKind::InvalidSubcommand, what)
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
        ErrorKind::InvalidSubcommand => {
            text(parsers.get(ContextKind::InvalidSubcommand)).map(|word| no_help(&word))
        }
        ErrorKind::UnknownArgument => match text(parsers.get(ContextKind::InvalidArg)) {
            Some(option) if option.starts_with('-') => {
                let instant = typed.iter().map(|it| it.to_string_lossy());
                let instant = instant.filter(|it| it.starts_with(&option)).find(|it| surplus::is_instant(it));
                match (instant, sub) {
                    (Some(instant), Some(sub)) if takes_log(sub) => {
                        Some(surplus::after_log(sub, &words, &instant))
                    }
                    _ => option::unknown(&option, sub),
                }
            }
            Some(word) => sub.and_then(|sub| surplus::told(sub, &words, &word)),
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
    if is_file(first) { one_log("runwatch", first, second) } else { neither(first) }
}

fn one_log(command: &str, first: &str, second: &str) -> clap::Error {
    let what = format!(
        "one log is read at a time, and '{second}' is a second one\n\n  tip: if they are parts of one log, the older first: 'cat {first} {second} | {command} -'"
    );
    let sub = command.strip_prefix("runwatch ");
    error(sub, ErrorKind::UnknownArgument, what)
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
        // The text is an option with its value.
        Some(ContextValue::String(text)) if text.starts_with('-') => {
            Some(text.split([' ', '=']).next().unwrap_or_default().to_owned())
        }
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Returns the typed words without the options of the dashboard and their values: a command and a log, or two
/// logs.
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

    /// Returns the error of usage for a typed line.
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
            ("show g.jsonl", "there is no command and no log 'show'"),
            ("show g.jsonl", "use 'runwatch LOG'; a log of this name is './show'"),
            ("jobs g.jsonl", "use 'runwatch runs LOG'; a log of this name is './jobs'"),
            ("grep x g.jsonl", "use 'runwatch runs LOG --query QUERY'"),
            ("generate-completion bash", "use 'runwatch --print-completions bash"),
            ("sort task", "there is no command and no log 'sort'"),
            ("sort task", "'runwatch --help' lists the commands; a log of this name is './sort'"),
            ("help stat", "there is no command 'stat'"),
            ("help stat", "use 'runwatch stats LOG'; 'runwatch help stats' tells of it"),
            ("help completions", "use 'runwatch --print-completions bash"),
            ("help me", "'runwatch --help' lists the commands"),
            ("diff a.jsonl b.jsonl", "'diff' compares two instants of one log"),
            ("diff a.jsonl b.jsonl", "use 'runwatch diff a.jsonl --from start --to end'"),
            ("diff a.jsonl start end", "use 'runwatch diff a.jsonl --from start --to end'"),
            ("diff a.jsonl #5", "use 'runwatch diff a.jsonl --from '#5''"),
            ("diff a.jsonl -5m", "use 'runwatch diff a.jsonl --from -5m'"),
            ("replay a.jsonl end", "use 'runwatch replay a.jsonl --at end'"),
            ("replay a.jsonl 14:03", "use 'runwatch replay a.jsonl --at 14:03'"),
            ("stats a.jsonl -5m", "use 'runwatch stats a.jsonl --at -5m'"),
            ("runs a.jsonl start", "use 'runwatch runs a.jsonl --at start'"),
            ("screenshot a.jsonl a.svg", "use 'runwatch screenshot a.jsonl -o a.svg'"),
            ("screenshot a.jsonl a.HTML", "use 'runwatch screenshot a.jsonl -o a.HTML'"),
            ("screenshot a.jsonl a.png", "use 'runwatch screenshot a.jsonl -o a.svg'"),
            ("screenshot a.jsonl b.jsonl -o a.svg", "'cat a.jsonl b.jsonl | runwatch screenshot -'"),
            ("wait a.jsonl count=0", "use 'runwatch wait a.jsonl --for count=0'"),
            ("config default", "use 'runwatch config --default'"),
            ("config path", "use 'runwatch config --path'"),
            ("config check", "use 'runwatch config --check'"),
            ("config check a.toml", "use 'runwatch config --check a.toml'"),
            ("config defaults", "use 'runwatch config --default'"),
            ("gen 1000", "use 'runwatch gen --events 1000'"),
            ("gen --events x", "give a whole number"),
            ("gen --events -1", "give a whole number"),
            ("gen --runs 0", "give a whole number above 0"),
            ("a.jsonl --history x", "give a whole number"),
            ("a.jsonl --control-rate 0", "give a whole number above 0"),
            ("runs a.jsonl -q live", "use '--query'"),
            ("stats a.jsonl -j", "use '--json'"),
            ("a.jsonl -q live", "the dashboard has no '--query'; it is an option of 'runwatch stats'"),
            ("a.jsonl -j", "the dashboard has no '--json'"),
            ("a.jsonl --ctrl file:x", "a similar argument exists: '--control'"),
            ("cancel a.jsonl x --ctrl file:x", "a similar argument exists: '--control'"),
            ("stats a.jsonl --ctrl file:x", "'stats' has no '--control'"),
            ("runs a.jsonl --qery live", "a similar argument exists: '--query'"),
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
            for words in ["cannot be used with", "digit found", "non-zero type", "integer", "use '-- "] {
                assert!(!told.contains(words), "{line}: {told}");
            }
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
