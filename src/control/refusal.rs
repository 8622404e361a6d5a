//! Why a command was not sent, in words for the person who asked.
//!
//! Must not know how anything is sent.

use std::io;
use std::path::PathBuf;

use super::command::MAX_LINE;
use super::place::Unfit;
use crate::model::text::clean_path;

/// Why a command was not sent, or why its fate cannot be known.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Too many wait already.
    #[error("not sent: too many commands wait already; ask again later")]
    Busy,
    /// The thread that sends is gone.
    #[error("not sent: the sender has died; start runwatch again")]
    Dead,
    /// Its id has too many odd letters for a line that is appended in one piece.
    #[error("not sent: its id takes more than a line of {MAX_LINE} bytes; cancel it where it runs")]
    LongId,
    /// The file or its directory is not what it was.
    #[error("not sent to {}: {unfit}; {}", clean_path(path), unfit.hint())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// Reason.
        unfit: Unfit,
    },
    /// It is a pipe, and no program reads it.
    #[error(
        "not sent: no program reads the pipe {}; start the one that does, and ask again",
        clean_path(path)
    )]
    NoReader {
        /// The pipe.
        path: PathBuf,
    },
    /// The system took nothing.
    #[error("not sent to {}: {}; {}", clean_path(path), error, step(error))]
    Write {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
    /// The system took a part. The next command starts on a line of its own.
    #[error(
        "not sent: {} took only {written} of {length} bytes; make room there, and ask again",
        clean_path(path)
    )]
    Partial {
        /// The file.
        path: PathBuf,
        /// Number of bytes it took.
        written: usize,
        /// Number of bytes it should have taken.
        length: usize,
    },
    /// The system took all but the newline. The next writer ends the line, and so the command may be obeyed
    /// yet.
    #[error(
        "written to {} without the end of its line, for which there was no room; make some",
        clean_path(path)
    )]
    Unended {
        /// The file.
        path: PathBuf,
    },
    /// The file was removed while it was written.
    #[error("written to {}, which was removed meanwhile", clean_path(path))]
    Removed {
        /// The file.
        path: PathBuf,
    },
    /// The command is in the file, and may be lost if the machine stops.
    #[error("written to {}, but the disk did not confirm it: {}", clean_path(path), error)]
    NotSynced {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
    /// It could not be put on record, and what is not on record is not sent.
    #[error("not sent, since it could not be put on record: {0}")]
    Unrecorded(String),
    /// The other side said no, or could not be asked.
    #[error("{target}: {words}")]
    Refused {
        /// Where it was to go.
        target: String,
        /// The answer, and the next step.
        words: String,
    },
    /// The other side was asked, and said nothing that can be relied upon.
    #[error("{target}: {words}; it may have been obeyed all the same: the log will tell")]
    Unanswered {
        /// Where it went.
        target: String,
        /// Description.
        words: String,
    },
}

impl SendError {
    /// Returns true if the command may have arrived all the same. Then the log, or its silence, shows it.
    #[must_use]
    pub const fn may_have_arrived(&self) -> bool {
        matches!(
            self,
            Self::Unended { .. } | Self::Removed { .. } | Self::NotSynced { .. } | Self::Unanswered { .. }
        )
    }
}

/// Suggests a step for a file that takes nothing.
fn step(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on its disk, and ask again",
        io::ErrorKind::FileTooLarge => "begin a new file, or raise the limit (ulimit -f), and ask again",
        io::ErrorKind::WouldBlock => "its reader is slow: ask again when it has read on",
        _ => "look at the file and its disk, and ask again",
    }
}
