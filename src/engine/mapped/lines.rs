//! Lines that a table describes, decoded: the statements of each line of a block. Must not know what a statement does.

use super::decode::StatementDecoder;
use super::format::Format;
use super::statement::MappedContent;
use crate::engine::record::LogRecord;
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::source::block::Block;
use crate::source::line::{Line, Raw};
use crate::store::{RunKey, Store};

/// Lines of a block.
#[derive(Debug)]
pub struct MappedLines<'a> {
    /// The table that describes them.
    pub format: Format,
    /// One entry a line.
    pub entries: Vec<MappedEntry<'a>>,
}

/// One line.
#[derive(Debug)]
pub struct MappedEntry<'a> {
    /// Its place.
    pub place: Position,
    /// NUL bytes before its text.
    pub nuls: u64,
    /// Its content.
    pub content: MappedContent<'a>,
}

impl LogRecord for MappedEntry<'_> {
    fn place(&self) -> Position {
        self.place
    }

    fn nuls(&self) -> u64 {
        self.nuls
    }

    /// No format numbers its lines without gaps.
    fn sequence(&self) -> Option<u64> {
        None
    }

    fn at(&self) -> Option<u64> {
        self.content.at()
    }

    fn may_be_about(&self, run: RunId) -> bool {
        match &self.content {
            MappedContent::One(statement) => statement.run.is_none_or(|own| own == run),
            MappedContent::Many(many) => many.list.iter().any(|it| it.run.is_none_or(|own| own == run)),
            _ => false,
        }
    }

    fn run(&self, store: &Store) -> Option<RunKey> {
        self.content.statements().iter().find_map(|statement| store.find(statement.run?))
    }
}

/// Decodes every line of a block.
#[must_use]
pub fn decode_block(block: &Block, format: Format) -> MappedLines<'_> {
    let mut entries = Vec::with_capacity(block.len_lines());
    let mut decoder = StatementDecoder::new(format.table());
    for Line { place, nuls, text } in block.lines() {
        let content = match text {
            Raw::Whole(text) => decoder.decode(text),
            Raw::Damaged(reason) => MappedContent::Unreadable(reason.to_owned()),
            Raw::OverLong { bytes } => MappedContent::OverLong { bytes },
        };
        entries.push(MappedEntry { place, nuls, content });
    }
    MappedLines { format, entries }
}
