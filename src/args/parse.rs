//! Reading what was typed. What makes no sense is told with what was typed, which may hold anything that a terminal obeys.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use clap::Parser as _;

use super::{Args, meant};
use crate::model::text;

impl Args {
    /// Reads what was typed.
    ///
    /// # Errors
    /// When it makes no sense, or asks for help. What an error shows of it is clean.
    pub fn read(typed: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let typed: Vec<OsString> = typed.into_iter().collect();
        Self::parse_and_explain(&typed).map_err(|error| {
            let clean = |it: &OsString| OsString::from(text::clean_bytes(it.as_bytes()).into_owned());
            let shown: Vec<OsString> = typed.iter().map(clean).collect();
            if shown == typed {
                return error;
            }
            // The same mistake, made with what can be shown, is told by the same words in all their places.
            let again = Self::parse_and_explain(&shown).err();
            again.unwrap_or_else(|| clap::Error::raw(error.kind(), text::clean_lines(&error.to_string())))
        })
    }

    fn parse_and_explain(typed: &[OsString]) -> Result<Self, clap::Error> {
        let args = Self::try_parse_from(typed).map_err(|error| meant::explain(typed, error))?;
        meant::refuse_near_command(&args)?;
        Ok(args)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    /// Returns the help or error text as a terminal gets it, but for the parser's own colors.
    fn told(typed: &[&str]) -> String {
        let typed = std::iter::once("runwatch").chain(typed.iter().copied()).map(OsString::from);
        let error = Args::read(typed).err().unwrap_or_else(|| panic!("something was read"));
        let mut told = error.render().ansi().to_string();
        for own in ["0", "1", "4", "31", "32", "33", "1m\x1b[31", "1m\x1b[4", "1m\x1b[32"] {
            told = told.replace(&format!("\x1b[{own}m"), "");
        }
        told
    }

    #[test]
    fn no_argument_reaches_the_terminal_as_it_is() {
        const HOSTILE: &str = "\x1b]0;title\x07\u{9b}2J\u{202e}\u{200b}\r";
        let mut checked = 0;
        let mut check = |typed: &[&str]| {
            let told = told(typed);
            assert_eq!(told, text::clean_lines(&told), "{typed:?}");
            checked += 1;
        };
        check(&[&format!("--{HOSTILE}")]);
        check(&[&format!("-{HOSTILE}")]);
        check(&["log", HOSTILE]);
        check(&["stats", "log", HOSTILE]);
        check(&["stats", &format!("--{HOSTILE}=1")]);
        let mut command = Args::command();
        command.build();
        let all = std::iter::once(&command).chain(command.get_subcommands());
        for (name, option) in all.flat_map(|sub| sub.get_arguments().map(move |it| (sub.get_name(), it))) {
            let Some(long) = option.get_long() else { continue };
            let (equal, apart) = (format!("--{long}={HOSTILE}"), [&format!("--{long}"), HOSTILE]);
            for typed in [vec![equal.as_str()], vec![apart[0], apart[1]]] {
                let sub = (name != "runwatch").then_some(name);
                let typed: Vec<&str> = sub.into_iter().chain(typed).chain(["log", "log"]).collect();
                // Many take anything; then something else must be wrong, or nothing is told.
                if Args::read(std::iter::once("runwatch").chain(typed.iter().copied()).map(OsString::from))
                    .is_err()
                {
                    check(&typed);
                }
            }
        }
        assert!(checked > 30, "{checked}");
    }
}
