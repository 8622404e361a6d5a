//! The secret that a daemon knows us by. It is shown nowhere: not in a message, nor in a record, nor to a debugger.
//!
//! Comes from a file or from the environment, and never from the arguments, which everybody may read.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs;

use crate::model::text;
use crate::trust;

/// The variable of the environment that may hold it. Programs that we start do not inherit it.
pub const VARIABLE: &str = "RUNWATCH_TOKEN";

/// A longer one fits into no header.
const MAX_TOKEN_BYTES: u64 = 4096;

/// A secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why something is no token. Says where it was looked for, and nothing of what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the token in {place} {fault}")]
pub struct TokenError {
    place: String,
    fault: Fault,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    #[error("can be read by others")]
    Public,
    #[error("is empty")]
    Empty,
    #[error("is not one word of printable ASCII")]
    NotAWord,
    #[error("is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
}

impl Token {
    /// Reads the token of a text, without the white space around it. `place` says where the text is from.
    ///
    /// # Errors
    /// When it holds none.
    pub fn new(text: &[u8], place: &str) -> Result<Self, TokenError> {
        let fault = |fault| TokenError { place: place.to_owned(), fault };
        let word = text.trim_ascii();
        if word.is_empty() {
            return Err(fault(Fault::Empty));
        }
        if !word.iter().all(u8::is_ascii_graphic) {
            return Err(fault(Fault::NotAWord));
        }
        if text.len() as u64 > MAX_TOKEN_BYTES {
            return Err(fault(Fault::TooLong));
        }
        Ok(Self(String::from_utf8_lossy(word).into_owned()))
    }

    /// Reads the token from a file of ours alone, or from a pipe.
    ///
    /// # Errors
    /// When others may read it as well, or it holds none.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let place = text::clean_path(path).into_owned();
        let fault = |fault| TokenError { place: place.clone(), fault };
        let unreadable = |error: io::Error| fault(Fault::Unreadable(error.kind()));
        let file = File::open(path).map_err(unreadable)?;
        if !trust::is_private(&fs::fstat(&file).map_err(|error| unreadable(error.into()))?) {
            return Err(fault(Fault::Public));
        }
        let mut text = vec![];
        file.take(MAX_TOKEN_BYTES + 1).read_to_end(&mut text).map_err(unreadable)?;
        Self::new(&text, &place)
    }

    /// Returns a foreign text without the secret.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.0, "(the token)")
    }

    /// The secret itself, for the one who sends it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl TokenError {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self.fault {
            Fault::Unreadable(_) => "name a file with --token-file, or set RUNWATCH_TOKEN",
            Fault::Public => "take the others' rights away, chmod 600 FILE, and think of a new token",
            Fault::Empty | Fault::NotAWord | Fault::TooLong => {
                "the file, or RUNWATCH_TOKEN, holds the token alone, on one line"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_token_is_one_word_and_no_message_holds_it() {
        let long = "x".repeat(5000);
        for (text, expected) in [
            (format!("{SECRET}\n"), Ok(())),
            (format!(" {SECRET}\r\n"), Ok(())),
            (" \n".to_owned(), Err("the token in RUNWATCH_TOKEN is empty")),
            (format!("{SECRET} and"), Err("the token in RUNWATCH_TOKEN is not one word of printable ASCII")),
            (format!("{SECRET}é"), Err("the token in RUNWATCH_TOKEN is not one word of printable ASCII")),
            (long, Err("the token in RUNWATCH_TOKEN is longer than 4096 bytes")),
        ] {
            let found = Token::new(text.as_bytes(), "RUNWATCH_TOKEN");
            assert!(!format!("{found:?}").contains(SECRET));
            match found {
                Ok(token) => assert_eq!((token.reveal(), expected), (SECRET, Ok(()))),
                Err(error) => assert_eq!(Err(error.to_string().as_str()), expected),
            }
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, SECRET).unwrap();
        for (mode, is_fit) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let found = Token::read(&path);
            assert_eq!(found.is_ok(), is_fit, "{mode:o}");
            if let Err(error) = found {
                assert!(error.to_string().ends_with("can be read by others") && error.hint().contains("600"));
            }
        }
        let error = Token::read(&dir.path().join("none\x1b")).unwrap_err().to_string();
        assert!(error.ends_with("none\\x1b cannot be read: entity not found"), "{error}");
    }
}
