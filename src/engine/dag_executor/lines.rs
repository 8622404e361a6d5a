//! Lines of dag-executor, decoded: the content of each of a block. Must not know what a line does.

use super::decode::{DagContent, decode};
use crate::engine::record::LogRecord;
use crate::engine::unframed::unframed;
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::source::block::Block;
use crate::source::line::{Line, Raw};
use crate::store::{RunKey, Store};

/// Lines of a block.
#[derive(Debug)]
pub struct DagLines<'a> {
    /// One entry a line.
    pub entries: Vec<DagEntry<'a>>,
}

/// One line.
#[derive(Debug)]
pub struct DagEntry<'a> {
    /// Its place.
    pub place: Position,
    /// NUL bytes before its text.
    pub nuls: u64,
    /// The task that it is about, where it is about one.
    pub run: Option<RunId>,
    /// Its content.
    pub content: DagContent<'a>,
}

impl DagContent<'_> {
    /// Name of the task that it is about.
    #[must_use]
    pub fn task(&self) -> Option<&str> {
        match self {
            Self::Record(saved) => Some(&saved.id),
            Self::DeadLetter(letter) => Some(&letter.task),
            Self::AttemptStart(start) => Some(&start.task),
            Self::AttemptEnd(end) => Some(&end.task),
            _ => None,
        }
    }

    /// The instant that it tells, in milliseconds since the Unix epoch; may lie.
    #[must_use]
    pub const fn at(&self) -> Option<u64> {
        match self {
            Self::Record(saved) => Some(saved.updated_at),
            Self::DeadLetter(letter) => Some(letter.at),
            Self::AttemptStart(start) => Some(start.at),
            Self::AttemptEnd(end) => Some(end.at),
            Self::Graph(header) => header.at,
            Self::Control(control) => control.at,
            Self::RunEnd(end) => end.at,
            _ => None,
        }
    }

    /// Is true of what takes a place in the order of the log.
    #[must_use]
    pub const fn is_event(&self) -> bool {
        !matches!(self, Self::Blank | Self::Unreadable(_) | Self::OverLong { .. })
    }
}

impl LogRecord for DagEntry<'_> {
    fn place(&self) -> Position {
        self.place
    }

    fn nuls(&self) -> u64 {
        self.nuls
    }

    /// The engine does not number its records.
    fn sequence(&self) -> Option<u64> {
        None
    }

    fn at(&self) -> Option<u64> {
        self.content.at()
    }

    fn may_be_about(&self, run: RunId) -> bool {
        match &self.content {
            DagContent::Graph(_) => true,
            _ => self.run == Some(run),
        }
    }

    fn run(&self, store: &Store) -> Option<RunKey> {
        store.find(self.run?)
    }
}

/// Decodes every line of a block.
#[must_use]
pub fn decode_block(block: &Block) -> DagLines<'_> {
    let mut entries: Vec<DagEntry<'_>> = Vec::with_capacity(block.len_lines());
    for Line { place, nuls, text } in block.lines() {
        let content = match text {
            Raw::Whole(text) => decode(unframed(text)),
            Raw::Damaged(reason) => DagContent::Unreadable(reason.to_owned()),
            Raw::OverLong { bytes } => DagContent::OverLong { bytes },
        };
        let run = content.task().map(RunId::of_text);
        entries.push(DagEntry { place, nuls, run, content });
    }
    DagLines { entries }
}

/// True if a line holds a record of the engine, or an event that a host writes between records.
#[must_use]
pub fn is_record(line: &[u8]) -> bool {
    !matches!(
        decode(line),
        DagContent::Blank | DagContent::Unknown | DagContent::Beside | DagContent::Unreadable(_)
    )
}
