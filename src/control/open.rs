//! Why commands could not go where they were to go, found out before the first one.
//!
//! Must not know how anything is sent.

use std::io;
use std::path::PathBuf;

use super::interrupt::UnfitProcess;
use super::place::Unfit;
use super::program::Untrusted;
use super::token::TokenError;
use crate::model::text::clean_path;

/// Why commands cannot be sent to a target.
#[derive(Debug, thiserror::Error)]
pub enum ChannelOpenError {
    /// The file or its directory is not fit.
    #[error("commands cannot go to {}: {unfit}", clean_path(path))]
    Unfit {
        /// The file.
        path: PathBuf,
        /// Reason.
        unfit: Unfit,
    },
    /// The program is not fit.
    #[error("commands cannot go to the program {}: {untrusted}", clean_path(path))]
    Untrusted {
        /// The program.
        path: PathBuf,
        /// Reason.
        untrusted: Untrusted,
    },
    /// The process is not fit.
    #[error("commands cannot go to process {pid}: {unfit}")]
    Process {
        /// Its number.
        pid: i32,
        /// Reason.
        unfit: UnfitProcess,
    },
    /// The token cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// There is no place for the record of commands.
    #[error("there is no place for the record of the commands: no home directory is known")]
    NoRecord,
    /// Commands cannot be put on record.
    #[error("commands cannot be put on record in {}: {unfit}", clean_path(path))]
    Record {
        /// The file of the record.
        path: PathBuf,
        /// Reason.
        unfit: Unfit,
    },
    /// The client of HTTP cannot be made.
    #[error("no HTTP client could be made: {0}")]
    Client(String),
    /// The system does not give the resources that a thread needs to wait for others.
    #[error("nothing could be set up to send commands: {0}")]
    Runtime(#[source] io::Error),
    /// The system starts no more threads.
    #[error("no thread could be started to send commands")]
    Thread(#[source] io::Error),
}

impl ChannelOpenError {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unfit { unfit, .. } => unfit.hint(),
            Self::Untrusted { untrusted, .. } => untrusted.hint(),
            Self::Process { unfit, .. } => unfit.hint(),
            Self::Token(error) => error.hint(),
            Self::NoRecord | Self::Record { .. } => {
                "set XDG_STATE_HOME to a directory of your own, or use --read-only"
            }
            Self::Client(_) => "look whether the system's certificates are there, or use --read-only",
            Self::Runtime(_) => "look at the limit of open files: ulimit -n",
            Self::Thread(_) => "look at the limit of processes: ulimit -u",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_clean_and_the_hint_is_that_of_what_is_wrong() {
        let (path, unfit) = ("/tmp/missing/new\x1b".into(), Unfit::NoDirectory);
        let error = ChannelOpenError::Unfit { path, unfit };
        assert_eq!(
            error.to_string(),
            "commands cannot go to /tmp/missing/new\\x1b: its directory does not exist"
        );
        assert_eq!(error.hint(), "make the directory, or name a file in one that exists");
    }
}
