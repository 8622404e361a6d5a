//! Where commands go, as it is typed after `--control`.
//!
//! Only says what was meant; whether commands can go there is found out by the channel.

use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::model::text;

/// Where commands go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a file of JSON lines, which the engine's side reads.
    File(PathBuf),
}

/// Why a text names no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// There is no `file:` in front.
    #[error("{:?} does not say what kind of place it is; use file:{}", text::clean(.0), text::clean(.0))]
    NoScheme(String),
    /// There is something else in front.
    #[error("{}: is no kind of place that commands can go to; use file:PATH", text::clean(.0))]
    UnknownScheme(String),
    /// A kind that a later version may know.
    #[error("{0}: is not supported yet by this version; use file:PATH")]
    NotYet(&'static str),
    /// Nothing after the scheme.
    #[error("file: needs a path after it; use file:PATH")]
    NoPath,
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("file", "")) => Err(TargetError::NoPath),
            Some(("file", path)) => Ok(Self::File(PathBuf::from(path))),
            Some(("exec", _)) => Err(TargetError::NotYet("exec")),
            Some(("http", _)) => Err(TargetError::NotYet("http")),
            Some(("https", _)) => Err(TargetError::NotYet("https")),
            Some((scheme, _)) if is_scheme(scheme) => Err(TargetError::UnknownScheme(scheme.to_owned())),
            _ => Err(TargetError::NoScheme(text.to_owned())),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", text::clean_bytes(path.as_os_str().as_bytes())),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_says_what_kind_of_place_it_is() {
        for (text, expected) in [
            ("file:/run/q/commands.jsonl", Ok("file:/run/q/commands.jsonl")),
            ("file:a b:c\x1b", Ok("file:a b:c\\x1b")),
            ("file:", Err("file: needs a path after it; use file:PATH")),
            ("exec:./cancel", Err("exec: is not supported yet by this version; use file:PATH")),
            ("http://localhost:1", Err("http: is not supported yet by this version; use file:PATH")),
            ("https://host", Err("https: is not supported yet by this version; use file:PATH")),
            ("ftp:x", Err("ftp: is no kind of place that commands can go to; use file:PATH")),
            ("cmds", Err("\"cmds\" does not say what kind of place it is; use file:cmds")),
            ("", Err("\"\" does not say what kind of place it is; use file:")),
        ] {
            let found = text.parse::<Target>().map(|target| target.to_string()).map_err(|e| e.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned));
        }
    }
}
