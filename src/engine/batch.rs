//! A block of records and their decoded content in one value: decoded on the reader's thread, folded on another.
//!
//! The records borrow their texts from the block.

use self_cell::self_cell;

use super::Engine;
use super::actionqueue::lines::{Entry, EventLines, LineDecoder};
use super::record::LogRecord;
use crate::source::block::Block;

self_cell!(
    /// Whole records, decoded.
    pub struct Batch {
        owner: Block,
        #[covariant]
        dependent: Content,
    }

    impl { Debug }
);

/// Decoded records of a batch, by engine.
#[derive(Debug)]
pub enum Content<'a> {
    /// Lines of ActionQueue's events.
    ActionQueue(EventLines<'a>),
}

impl Content<'_> {
    /// Number of records.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::ActionQueue(lines) => lines.entries.len(),
        }
    }

    /// True if there is no record.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at an index.
    ///
    /// # Panics
    ///
    /// When the index is out of bounds.
    #[must_use]
    pub fn record(&self, index: usize) -> &dyn LogRecord {
        match self {
            Self::ActionQueue(lines) => &lines.entries[index],
        }
    }

    /// Every record, in the order of the log.
    pub fn records(&self) -> impl Iterator<Item = &dyn LogRecord> {
        (0..self.len()).map(|index| self.record(index))
    }

    /// Engine that wrote a record, if it or an earlier one has shown it.
    #[must_use]
    pub fn engine_at(&self, index: usize) -> Option<Engine> {
        match self {
            Self::ActionQueue(lines) => {
                lines.vocabulary.filter(|_| index >= lines.shown_by).map(Engine::ActionQueue)
            }
        }
    }
}

impl Batch {
    /// Decoded records.
    #[must_use]
    pub fn content(&self) -> &Content<'_> {
        self.borrow_dependent()
    }

    /// Block that the records borrow from.
    #[must_use]
    pub fn block(&self) -> &Block {
        self.borrow_owner()
    }

    /// Memory of the batch in bytes, without heap memory of rare records.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        let each = match self.content() {
            Content::ActionQueue(_) => size_of::<Entry<'_>>(),
        };
        self.block().len_bytes() + self.content().len() * each
    }

    /// Sequence of the first event, if there is one.
    #[must_use]
    pub fn first_sequence(&self) -> Option<u64> {
        self.sequences().next()
    }

    /// Sequences of the events, in the order of the records.
    pub fn sequences(&self) -> impl Iterator<Item = u64> {
        self.content().records().filter_map(LogRecord::sequence)
    }
}

/// Decodes the records of one log, block after block.
#[derive(Debug, Clone)]
pub struct Decoder {
    /// Generation of the log in which the engine was found: another may be of another engine.
    generation: u32,
    of: EngineDecoder,
}

/// Decoder of one engine; ActionQueue's until another is shown.
#[derive(Debug, Clone)]
enum EngineDecoder {
    ActionQueue(LineDecoder),
}

impl Default for EngineDecoder {
    fn default() -> Self {
        Self::ActionQueue(LineDecoder::default())
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::with_engine(0, None)
    }
}

impl Decoder {
    /// A decoder that continues in a generation, with the engine if it is known already.
    #[must_use]
    pub fn with_engine(generation: u32, engine: Option<Engine>) -> Self {
        let of = match engine {
            Some(Engine::ActionQueue(vocabulary)) => {
                EngineDecoder::ActionQueue(LineDecoder::with_vocabulary(Some(vocabulary)))
            }
            None => EngineDecoder::default(),
        };
        Self { generation, of }
    }

    /// Decodes every record of a block. A function of its own, so that its cost can be counted.
    #[inline(never)]
    #[must_use]
    pub fn decode(&mut self, block: Block) -> Batch {
        if block.generation() != self.generation {
            *self = Self::with_engine(block.generation(), None);
        }
        Batch::new(block, |block| match &mut self.of {
            EngineDecoder::ActionQueue(decoder) => Content::ActionQueue(decoder.decode(block)),
        })
    }

    /// Engine of the records, once it is found.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        match &self.of {
            EngineDecoder::ActionQueue(decoder) => decoder.vocabulary().map(Engine::ActionQueue),
        }
    }
}
