//! Words that a command cannot use in their place, and the option behind which they belong.

use std::path::Path;

use clap::Command;
use clap::error::ErrorKind;

use super::{error, is_file, one_log, takes_log};
use crate::args::Condition;
use crate::model::nearest::nearest;
use crate::view::instant::When;

/// An error of a surplus word, if there are better words for it than the parser's.
pub(super) fn told(sub: &Command, words: &[String], word: &str) -> Option<clap::Error> {
    match sub.get_name() {
        _ if takes_log(sub) => Some(after_log(sub, words, word)),
        "config" => {
            let name = nearest(word, sub.get_arguments().filter_map(clap::Arg::get_long))?;
            let file = words.get(2).filter(|_| name == "check").map(|file| format!(" {}", shown(file)));
            Some(belongs(sub, word, &format!("config --{name}{}", file.unwrap_or_default())))
        }
        "gen" if word.parse::<u64>().is_ok() => Some(belongs(sub, word, &format!("gen --events {word}"))),
        _ => None,
    }
}

/// An error of a word after the log.
pub(super) fn after_log(sub: &Command, words: &[String], word: &str) -> clap::Error {
    let name = sub.get_name();
    let has = |long: &str| sub.get_arguments().any(|it| it.get_long() == Some(long));
    let log = words.get(1).map(String::as_str).unwrap_or_default();
    let ending = Path::new(word).extension().map(std::ffi::OsStr::to_ascii_lowercase);
    let log_name = shown(log);
    match ending.as_ref().and_then(|it| it.to_str()) {
        Some("svg" | "html" | "htm") if name == "screenshot" => {
            return belongs(sub, word, &format!("screenshot {log_name} -o {}", shown(word)));
        }
        Some("png" | "pdf" | "jpg" | "jpeg") if name == "screenshot" => {
            let picture = Path::new(word).with_extension("svg");
            return belongs(
                sub,
                word,
                &format!("screenshot {log_name} -o {}", shown(&picture.to_string_lossy())),
            );
        }
        _ => (),
    }
    if name == "diff" && is_file(word) && !is_instant(word) {
        let what = format!(
            "'diff' compares two instants of one log, and '{word}' is a second one\n\n  tip: use 'runwatch diff {log_name} --from start --to end'"
        );
        return error(Some(name), ErrorKind::UnknownArgument, what);
    }
    if is_instant(word) && has("from") {
        // Both may have been given.
        let second = words.get(3).filter(|to| words.get(2).is_some_and(|it| it == word) && is_instant(to));
        let to = second.map(|to| format!(" --to {}", shown(to))).unwrap_or_default();
        return belongs(sub, word, &format!("diff {log_name} --from {}{to}", shown(word)));
    }
    if is_instant(word) && has("at") {
        return belongs(sub, word, &format!("{name} {log_name} --at {}", shown(word)));
    }
    if word.parse::<Condition>().is_ok() && has("for") {
        return belongs(sub, word, &format!("{name} {log_name} --for {}", shown(word)));
    }
    if is_file(word) && log != word {
        return one_log(&format!("runwatch {name}"), log, word);
    }
    let tip = if has("query") { "\n\n  tip: a query comes after --query, between quotes" } else { "" };
    let what = format!("'{word}' is one word too many after the log '{log}'{tip}");
    error(Some(name), ErrorKind::UnknownArgument, what)
}

/// Is true of a word that can be meant as an instant of a log.
pub(super) fn is_instant(word: &str) -> bool {
    When::parse(word).is_ok()
}

fn belongs(sub: &Command, word: &str, right: &str) -> clap::Error {
    let what = format!("'{word}' is one word too many\n\n  tip: use 'runwatch {right}'");
    error(Some(sub.get_name()), ErrorKind::UnknownArgument, what)
}

/// A word as a shell takes it.
fn shown(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
