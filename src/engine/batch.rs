//! A block of records and their decoded content in one value: decoded on the reader's thread, folded on another.
//!
//! The records borrow their texts from the block.

use self_cell::self_cell;

use super::actionqueue::lines::{Entry, EventLines, LineDecoder};
use super::dag_executor::lines::{DagEntry, DagLines, decode_block};
use super::mapped;
use super::mapped::Format;
use super::mapped::lines::{MappedEntry, MappedLines};
use super::record::LogRecord;
use super::{Engine, Given, Recognized};
use crate::source::block::Block;
use crate::store::Store;

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
    /// Lines of dag-executor's records.
    DagExecutor(DagLines<'a>),
    /// Lines that a table describes.
    Mapped(MappedLines<'a>),
}

impl Content<'_> {
    /// Number of records.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::ActionQueue(lines) => lines.entries.len(),
            Self::DagExecutor(lines) => lines.entries.len(),
            Self::Mapped(lines) => lines.entries.len(),
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
            Self::DagExecutor(lines) => &lines.entries[index],
            Self::Mapped(lines) => &lines.entries[index],
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
            Self::DagExecutor(_) => Some(Engine::DagExecutor),
            Self::Mapped(lines) => Some(Engine::Mapped(lines.format)),
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
            Content::DagExecutor(_) => size_of::<DagEntry<'_>>(),
            Content::Mapped(_) => size_of::<MappedEntry<'_>>(),
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
    /// False until a record of this generation has shown its engine.
    is_shown: bool,
    /// A user has named the engine, so that no record shows another.
    is_given: bool,
    of: EngineDecoder,
}

/// Decoder of one engine; ActionQueue's until another is shown.
#[derive(Debug, Clone)]
enum EngineDecoder {
    ActionQueue(LineDecoder),
    DagExecutor,
    Mapped(Format),
}

impl EngineDecoder {
    fn of(engine: Option<Engine>) -> Self {
        match engine {
            Some(Engine::ActionQueue(vocabulary)) => {
                Self::ActionQueue(LineDecoder::with_vocabulary(Some(vocabulary)))
            }
            Some(Engine::DagExecutor) => Self::DagExecutor,
            Some(Engine::Mapped(format)) => Self::Mapped(format),
            None => Self::ActionQueue(LineDecoder::default()),
        }
    }

    /// A decoder of an engine of which no line was decoded.
    fn begin(engine: Engine) -> Self {
        match engine {
            Engine::ActionQueue(_) => Self::of(None),
            Engine::DagExecutor => Self::DagExecutor,
            Engine::Mapped(format) => Self::Mapped(format),
        }
    }

    fn is_of(&self, engine: Engine) -> bool {
        match self {
            Self::ActionQueue(_) => matches!(engine, Engine::ActionQueue(_)),
            Self::DagExecutor => matches!(engine, Engine::DagExecutor),
            Self::Mapped(format) => engine == Engine::Mapped(*format),
        }
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
        Self { generation, is_shown: engine.is_some(), is_given: false, of: EngineDecoder::of(engine) }
    }

    /// A decoder of a log from its beginning, with what was given beside it.
    #[must_use]
    pub fn given(given: &Given) -> Self {
        let engine = given.engine();
        Self { is_given: engine.is_some(), ..Self::with_engine(0, engine) }
    }

    /// A decoder that goes on in a generation of the log of a store, with the engine that was known there.
    #[must_use]
    pub fn of(store: &Store, generation: u32, engine: Option<Engine>) -> Self {
        match super::given(store).engine() {
            Some(given) => Self { is_given: true, ..Self::with_engine(generation, Some(given)) },
            None => Self::with_engine(generation, engine),
        }
    }

    /// Decodes every record of a block. A function of its own, so that its cost can be counted.
    #[inline(never)]
    #[must_use]
    pub fn decode(&mut self, block: Block) -> Batch {
        if block.generation() != self.generation && !self.is_given {
            self.generation = block.generation();
            self.is_shown = false;
            // Until a record shows another engine, it is taken for the same, in any vocabulary.
            if let EngineDecoder::ActionQueue(decoder) = &mut self.of {
                *decoder = LineDecoder::default();
            }
        }
        if !self.is_shown {
            match super::recognize(&block) {
                Recognized::Nothing => (),
                Recognized::Engine(engine) => {
                    self.is_shown = true;
                    if !self.of.is_of(engine) {
                        self.of = EngineDecoder::begin(engine);
                    }
                }
                Recognized::Ambiguous(names) => {
                    let names = names.join(" and ");
                    let reason = format!("the log fits the formats {names}: name one with --format");
                    return Batch::new(block, |block| {
                        Content::ActionQueue(EventLines::refused(block, &reason))
                    });
                }
            }
        }
        Batch::new(block, |block| match &mut self.of {
            EngineDecoder::ActionQueue(decoder) => Content::ActionQueue(decoder.decode(block)),
            EngineDecoder::DagExecutor => Content::DagExecutor(decode_block(block)),
            EngineDecoder::Mapped(format) => Content::Mapped(mapped::lines::decode_block(block, *format)),
        })
    }

    /// Engine of the records, once it is found.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        match &self.of {
            EngineDecoder::ActionQueue(decoder) => decoder.vocabulary().map(Engine::ActionQueue),
            EngineDecoder::DagExecutor => Some(Engine::DagExecutor),
            EngineDecoder::Mapped(format) => Some(Engine::Mapped(*format)),
        }
    }
}
