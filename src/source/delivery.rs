//! Messages of the reader to the folder: lines, progress, and what happened to the log.
//!
//! Must not know how it is found out, nor how it is shown.

use std::fmt;
use std::time::SystemTime;

use super::block::Block;
use super::earlier::Earlier;
use super::handle::Handle;
use super::sniff::FileKind;

/// One thing that the reader sends: lines as they were read, or decoded.
#[derive(Debug)]
pub enum Delivery<Lines = Block> {
    /// The next lines.
    Block(Lines),
    /// Progress; sent when it changed.
    Status(Status),
    /// Something happened to the log.
    Notice(SourceNotice),
}

/// Progress of the reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status {
    /// Bytes read of the generation at hand.
    pub offset: u64,
    /// Bytes that it had when it was looked at last.
    pub size: u64,
    /// Bytes of the torn last line.
    pub pending: u64,
    /// All that was there has been read.
    pub caught_up: bool,
    /// Since when nothing readable has been at the path.
    pub unavailable_since: Option<SystemTime>,
}

/// Something that happened to the log.
///
/// The sequences decide if the log goes on after new content, or is another one: the folder, which knows
/// them, decides when the first event of the new generation comes.
#[derive(Debug, Clone)]
pub enum SourceNotice {
    /// A generation begins: its first line will be number `first_line`.
    Opened {
        /// Its number, from 0.
        generation: u32,
        /// The number that its first line will have.
        first_line: u64,
        /// Reads its bytes back, also when the path leads elsewhere. None when a pipe could not be kept.
        handle: Option<Handle>,
    },
    /// Generations lie beside a log that is opened: what they are good for is told by its first sequence.
    Beside(Earlier),
    /// The bytes of a generation are read elsewhere now: a copy took the place of the log, and it goes on there.
    Moved {
        /// The generation.
        generation: u32,
        /// Reads its bytes back.
        handle: Handle,
    },
    /// There is nothing at the path yet.
    Waiting,
    /// There is something readable at the path, or there is again.
    Appeared,
    /// Another file is at the path, and the former has another name.
    Rotated {
        /// The generation that ended.
        finished: u32,
        /// Generations between the two that are read first.
        missed: usize,
    },
    /// The file was cut.
    Truncated(ContentChange),
    /// The file has other content, or was deleted and made again.
    Replaced(ContentChange),
    /// A generation ended in a line without newline, which will not come any more.
    Torn {
        /// The generation.
        generation: u32,
        /// The bytes of the line.
        bytes: u64,
    },
    /// Nothing is at the path any more.
    Deleted,
    /// The file at the path has no name any more, and nothing comes: a single file that was bound to this
    /// place and deleted where it came from.
    Nameless,
    /// The path cannot be read, and why.
    Unreadable(String),
    /// The file at the path now is no log, and is not read.
    NotALog(FileKind),
    /// Generations between two that were read could not be read themselves.
    MissedGenerations(Vec<String>),
    /// As many files of a directory are none of the engine's, and are not read.
    Foreign(usize),
    /// The watcher could not be set up, and why: the log is looked at each second.
    FellBack(String),
    /// Bytes of the pipe cannot be kept any more, and why: raw lines are not shown.
    NotKept(String),
    /// The pipe was closed.
    Ended,
}

/// New content where the old one was.
#[derive(Debug, Clone)]
pub struct ContentChange {
    /// The generation that ended.
    pub finished: u32,
    /// Generations between the two that are read first.
    pub missed: usize,
    /// Reads the finished generation back. Its place in the old file holds other bytes now, so without this it
    /// cannot be read back.
    pub kept: Option<Handle>,
}

impl SourceNotice {
    /// One word for it, for JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Beside(_) => "beside",
            Self::Moved { .. } => "moved",
            Self::Waiting => "waiting",
            Self::Appeared => "appeared",
            Self::Rotated { .. } => "rotated",
            Self::Truncated(_) => "truncated",
            Self::Replaced(_) => "replaced",
            Self::Torn { .. } => "torn",
            Self::Deleted => "deleted",
            Self::Nameless => "nameless",
            Self::Unreadable(_) => "unreadable",
            Self::NotALog(_) => "not_a_log",
            Self::MissedGenerations(_) => "missed",
            Self::Foreign(_) => "foreign",
            Self::FellBack(_) => "fell_back",
            Self::NotKept(_) => "not_kept",
            Self::Ended => "ended",
        }
    }

    /// Returns true if something may be lost, or may stay so.
    #[must_use]
    pub const fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::Torn { .. }
                | Self::Deleted
                | Self::Nameless
                | Self::Unreadable(_)
                | Self::NotALog(_)
                | Self::MissedGenerations(_)
                | Self::NotKept(_)
        )
    }
}

impl fmt::Display for SourceNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened { first_line, .. } => write!(f, "reading the log from line {first_line}"),
            Self::Beside(_) => f.write_str("older files of the log lie beside it"),
            Self::Moved { .. } => f.write_str("the log goes on in a copy of it"),
            Self::Waiting => f.write_str("waiting for the log to appear"),
            Self::Appeared => f.write_str("the log has appeared"),
            Self::Rotated { missed, .. } => write!(f, "the log was rotated{}", between(*missed)),
            Self::Truncated(change) => write!(f, "the log was truncated{}", between(change.missed)),
            Self::Replaced(change) => write!(f, "the log was replaced{}", between(change.missed)),
            Self::Torn { bytes, .. } => {
                let unit = if *bytes == 1 { "byte" } else { "bytes" };
                write!(f, "the old log ended in a torn line of {bytes} {unit}")
            }
            Self::Deleted => f.write_str("the log was deleted or moved away; waiting for it"),
            Self::Nameless => f.write_str(
                "the log was deleted where this file was bound from, and nothing comes here any more; bind its directory",
            ),
            Self::Unreadable(reason) => write!(f, "the log cannot be read: {reason}"),
            Self::NotALog(kind) => write!(f, "what is at the log's path now is {kind}; not read"),
            Self::MissedGenerations(names) => {
                write!(f, "missed what was rotated away meanwhile: {}", names.join(", "))
            }
            Self::Foreign(1) => f.write_str("1 other file is in the directory, and is not read"),
            Self::Foreign(n) => write!(f, "{n} other files are in the directory, and are not read"),
            Self::FellBack(reason) => write!(f, "looking at the log each second: {reason}"),
            Self::NotKept(reason) => write!(f, "raw lines are not kept: {reason}"),
            Self::Ended => f.write_str("the pipe was closed; this is all"),
        }
    }
}

fn between(missed: usize) -> String {
    match missed {
        0 => String::new(),
        1 => "; one generation between is read first".to_owned(),
        n => format!("; {n} generations between are read first"),
    }
}
