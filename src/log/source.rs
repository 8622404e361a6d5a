//! Where a log comes from: a path, or the standard input.
//!
//! Must not open anything, nor know what is in it.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a log comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The file, pipe or link at this path, whatever it is at the moment.
    Path(PathBuf),
    /// The standard input, to its end.
    Stdin,
}

impl Source {
    /// What the header calls it: the last part of the path, or `stdin`. Not yet safe for a screen.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::Stdin => "stdin".to_owned(),
        }
    }
}

/// `-` is the standard input; `./-` is the file of that name.
impl From<OsString> for Source {
    fn from(typed: OsString) -> Self {
        if typed == "-" { Self::Stdin } else { Self::Path(typed.into()) }
    }
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(typed: &str) -> Result<Self, Infallible> {
        Ok(OsString::from(typed).into())
    }
}

/// As it was typed; `stdin` for the standard input. May hold anything that a file name can.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
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
            let source: Source = typed.parse().unwrap();
            assert_eq!(source.label(), label);
            assert_eq!(source == Source::Stdin, typed == "-");
        }
    }
}
