//! Where a log comes from: a path, or the standard input.
//!
//! Must not open anything, nor know what is in it.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::str::FromStr;

use crate::model::text;

/// Where a log comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The file, pipe or link at this path.
    Path(PathBuf),
    /// The standard input, to its end.
    Stdin,
}

impl Origin {
    /// Returns its name in the header: the last part of the path, or `stdin`. What is no UTF-8 is spelled
    /// out; not yet safe for a screen.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Path(path) => {
                text::spelled(path.file_name().unwrap_or(path.as_os_str()).as_bytes()).into_owned()
            }
            Self::Stdin => "stdin".to_owned(),
        }
    }
}

/// `-` is the standard input; `./-` is the file of that name.
impl From<OsString> for Origin {
    fn from(typed: OsString) -> Self {
        if typed == "-" { Self::Stdin } else { Self::Path(typed.into()) }
    }
}

impl FromStr for Origin {
    type Err = Infallible;

    fn from_str(typed: &str) -> Result<Self, Infallible> {
        Ok(OsString::from(typed).into())
    }
}

/// As it was typed, with what is no UTF-8 spelled out; `stdin` for the standard input. May hold anything that a file name can.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(&text::spelled(path.as_os_str().as_bytes())),
            Self::Stdin => f.write_str("stdin"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_the_standard_input_and_everything_else_a_path() {
        for (typed, label) in [
            ("-", "stdin"),
            ("./-", "-"),
            ("orders.jsonl", "orders.jsonl"),
            ("/var/log/a b/orders.jsonl", "orders.jsonl"),
            ("..", ".."),
            ("/", "/"),
        ] {
            let origin: Origin = typed.parse().unwrap();
            assert_eq!(origin.label(), label);
            assert_eq!(origin == Origin::Stdin, typed == "-");
        }
    }

    #[test]
    fn a_byte_that_is_no_text_is_spelled_out() {
        let typed = std::ffi::OsStr::from_bytes(b"logs \xff/q\xc3\xa9\xff.jsonl").to_owned();
        let origin = Origin::from(typed);
        assert_eq!(origin.label(), "q\u{e9}\\xff.jsonl");
        assert_eq!(origin.to_string(), "logs \\xff/q\u{e9}\\xff.jsonl");
    }
}
