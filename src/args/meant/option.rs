//! Options that a command does not have: what they are called, and which commands have them.

use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory as _};

use super::{Args, error};
use crate::model::nearest::nearest;

/// The fewest letters of an option that are taken for a shortening of its name.
const FEWEST_LETTERS: usize = 3;

/// An error of an option that the command does not have, if there are better words for it than the parser's.
pub(super) fn unknown(option: &str, sub: Option<&Command>) -> Option<clap::Error> {
    let command = Args::command();
    let here = sub.unwrap_or(&command);
    let told = |tip: String| {
        let what = format!("unexpected argument '{option}' found\n\n  tip: {tip}");
        error(sub.map(Command::get_name), ErrorKind::UnknownArgument, what)
    };
    if sub.is_none() && ["-v", "-version", "-ver"].contains(&option) {
        return Some(told("the version is printed by '--version' or '-V'".to_owned()));
    }
    let Some(long) = option.strip_prefix("--") else {
        let letter = option.chars().nth(1)?;
        if let Some(name) = longs(here).find(|it| it.starts_with(letter)) {
            return Some(told(format!("it has no short form; use '--{name}'")));
        }
        let name = command.get_subcommands().flat_map(longs).find(|it| it.starts_with(letter))?;
        return elsewhere(name, sub, &command).map(told);
    };
    let long = long.split('=').next()?;
    if let Some(tip) = elsewhere(long, sub, &command) {
        return Some(told(tip));
    }
    if let Some(name) = similar(long, here) {
        return Some(told(format!("a similar argument exists: '--{name}'")));
    }
    let name = std::iter::once(&command).chain(command.get_subcommands()).find_map(|it| similar(long, it))?;
    elsewhere(name, sub, &command).map(told)
}

fn longs(command: &Command) -> impl Iterator<Item = &str> {
    command.get_arguments().filter_map(Arg::get_long)
}

/// The option of a command that is called nearly so, or that a name shortens: `--ctrl`.
fn similar<'a>(typed: &str, command: &'a Command) -> Option<&'a str> {
    nearest(typed, longs(command)).or_else(|| {
        let shortened = longs(command).filter(|name| typed.len() >= FEWEST_LETTERS && shortens(typed, name));
        shortened.min_by_key(|name| name.len())
    })
}

/// Is true where the letters of one name are in another one, in their order and from the first on.
fn shortens(typed: &str, name: &str) -> bool {
    let mut rest = name.chars();
    typed.chars().next() == name.chars().next() && typed.chars().all(|letter| rest.any(|it| it == letter))
}

/// Tells which commands have an option, if any does.
fn elsewhere(long: &str, sub: Option<&Command>, command: &Command) -> Option<String> {
    let has = |command: &Command| longs(command).any(|it| it == long);
    let mut owners: Vec<String> = command
        .get_subcommands()
        .filter(|owner| has(owner))
        .map(|owner| format!("'runwatch {}'", owner.get_name()))
        .collect();
    if has(command) {
        owners.insert(0, "the dashboard, 'runwatch LOG'".to_owned());
    }
    if owners.is_empty() {
        return None;
    }
    let here = sub.map_or("the dashboard".to_owned(), |sub| format!("'{}'", sub.get_name()));
    Some(format!("{here} has no '--{long}'; it is an option of {}", owners.join(", ")))
}
