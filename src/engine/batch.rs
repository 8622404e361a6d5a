//! A block of lines and what they say, together: decoded on the reader's thread, folded on another.
//!
//! The events borrow their texts from the block, so a batch carries both.

use self_cell::self_cell;

use super::Engine;
use super::actionqueue::decode::shape::{Memory, recognize};
use super::actionqueue::decode::{Decoded, decode, vocabulary_of};
use super::actionqueue::event::Event;
use super::actionqueue::event::{Body, CancelTarget, Cancellation, Vocabulary};
use crate::model::position::Position;
use crate::model::task::Text;
use crate::source::block::Block;
use crate::source::kept::KeptText;
use crate::source::line::{Line, Raw};
use crate::store::{RunKey, Store};

self_cell!(
    /// Whole lines, decoded.
    pub struct Batch {
        owner: Block,
        #[covariant]
        dependent: Content,
    }

    impl { Debug }
);

/// What the lines of a batch say.
#[derive(Debug)]
pub struct Content<'a> {
    /// One entry a line.
    pub entries: Vec<Entry<'a>>,
    /// Which engine's events they are, if one of these lines or an earlier one has shown it.
    pub engine: Option<Engine>,
    /// The entry that has shown it; 0 when an earlier line had.
    pub shown_by: usize,
}

/// One line.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Where it stands.
    pub place: Position,
    /// NUL bytes before its text.
    pub nuls: u64,
    /// What it says.
    pub said: Said<'a>,
}

/// What one line says.
#[derive(Debug)]
pub enum Said<'a> {
    /// An event.
    Event(Event<'a>),
    /// An event of a kind that the vocabulary does not have.
    Unknown {
        /// Its sequence.
        sequence: u64,
        /// The name of its kind.
        name: Text<'a>,
    },
    /// Nothing but blanks.
    Blank,
    /// No event, and why.
    Unreadable(String),
    /// More than was kept.
    OverLong {
        /// How many bytes.
        bytes: u64,
    },
}

impl Batch {
    /// What its lines say.
    #[must_use]
    pub fn content(&self) -> &Content<'_> {
        self.borrow_dependent()
    }

    /// The lines themselves.
    #[must_use]
    pub fn block(&self) -> &Block {
        self.borrow_owner()
    }

    /// The memory that it takes, in bytes, but for what rare lines keep beside.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        self.block().len_bytes() + self.content().entries.len() * size_of::<Entry<'_>>()
    }

    /// The sequence of the first event, if there is one.
    #[must_use]
    pub fn first_sequence(&self) -> Option<u64> {
        self.sequences().next()
    }

    /// The sequences of its events, in the order of its lines.
    pub fn sequences(&self) -> impl Iterator<Item = u64> {
        self.content().entries.iter().filter_map(Entry::sequence)
    }
}

impl Entry<'_> {
    /// The run that a line is about, if the store has it now; the first one, where it is about several.
    #[must_use]
    pub fn run(&self, store: &Store) -> Option<RunKey> {
        let Said::Event(event) = &self.said else { return None };
        let run = match &event.body {
            Body::AdmissionCommitted(admission) => admission.runs.first()?.id(),
            Body::CancellationCommitted(Cancellation { target: CancelTarget::Run(run), .. }) => *run,
            Body::CancellationCommitted(Cancellation { target: CancelTarget::Task(task), .. })
            | Body::TaskCanceled { task, .. } => {
                return store.task(store.find_task(*task)?).runs.first().copied();
            }
            body => body.run()?,
        };
        store.find(run)
    }

    /// The sequence of the event that the line is, if it is one.
    #[must_use]
    pub const fn sequence(&self) -> Option<u64> {
        match &self.said {
            Said::Event(event) => Some(event.sequence),
            Said::Unknown { sequence, .. } => Some(*sequence),
            _ => None,
        }
    }
}

/// Decodes the lines of one log, block after block.
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    vocabulary: Option<Vocabulary>,
    /// The content of the path that the vocabulary was found in: another one may speak another.
    generation: u32,
    memory: Memory,
}

impl Decoder {
    /// Decodes every line of a block.
    #[must_use]
    pub fn decode(&mut self, block: Block) -> Batch {
        if block.generation() != self.generation {
            self.generation = block.generation();
            self.vocabulary = None;
        }
        Batch::new(block, |block| {
            let mut shown_by = 0;
            let mut entries = Vec::with_capacity(block.len_lines());
            let mut lines = block.lines();
            loop {
                // Most lines are of a usual shape, whose reader finds their end as it goes.
                if let Some(vocabulary) = self.vocabulary
                    && let Some(ahead) = lines.ahead()
                    && let Some((event, len)) = recognize(ahead, vocabulary, &mut self.memory)
                    && let Some(place) = lines.take_ahead(len)
                {
                    entries.push(Entry { place, nuls: 0, said: Said::Event(event) });
                    continue;
                }
                let Some(line) = lines.next() else { break };
                if self.vocabulary.is_none() {
                    shown_by = entries.len();
                }
                let mut entry = self.entry(line);
                if entries.is_empty()
                    && let Some((bytes, kept)) = block.long()
                    && let Said::Unreadable(reason) = &entry.said
                {
                    entry.said = of_long(kept, bytes, reason);
                }
                entries.push(entry);
            }
            Content { entries, engine: self.engine(), shown_by }
        })
    }

    fn entry<'a>(&mut self, line: Line<'a>) -> Entry<'a> {
        let Line { place, nuls, text } = line;
        let said = match text {
            Raw::Whole(text) => self.said(text),
            Raw::OverLong { bytes } => Said::OverLong { bytes },
        };
        Entry { place, nuls, said }
    }

    /// What one line says. The first line that is an event shows which vocabulary the log speaks; until then a line
    /// is read as the oldest.
    pub fn said<'a>(&mut self, text: &'a [u8]) -> Said<'a> {
        let text = unframed(text);
        if self.vocabulary.is_none() {
            self.vocabulary = vocabulary_of(text);
        }
        match decode(text, self.vocabulary.unwrap_or(Vocabulary::Aq01)) {
            Ok(Decoded::Event(event)) => Said::Event(event),
            Ok(Decoded::Unknown { sequence, name }) => Said::Unknown { sequence, name },
            Err(_) if text.iter().all(u8::is_ascii_whitespace) => Said::Blank,
            Err(error) => Said::Unreadable(error.to_string()),
        }
    }

    /// A decoder that goes on in a generation, and knows its vocabulary already or not.
    #[must_use]
    pub fn speaking(generation: u32, engine: Option<Engine>) -> Self {
        let vocabulary = engine.map(|Engine::ActionQueue(vocabulary)| vocabulary);
        Self { vocabulary, generation, ..Self::default() }
    }

    /// Which engine's events were found.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        self.vocabulary.map(Engine::ActionQueue)
    }
}

/// The reason why a long line is no event, by the one that was found in what is kept of it.
fn of_long<'a>(kept: &KeptText, bytes: u64, reason: &str) -> Said<'a> {
    // The line does not end there: what looked like a fault was none.
    if kept.is_cut && reason.starts_with("the line ends") {
        return Said::OverLong { bytes };
    }
    Said::Unreadable(kept.reason(reason))
}

/// A line without what other formats put around each: a record separator before it, as in JSON text sequences, a comma
/// before or behind it, as in a list that was cut into lines, and a semicolon behind it. The one recognized by its exact
/// shape never has any.
fn unframed(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\x1e").unwrap_or(text);
    let text = match text.trim_ascii_start().strip_prefix(b",") {
        Some(inner) if inner.trim_ascii_start().starts_with(b"{") => inner,
        _ => text,
    };
    let end = text.trim_ascii_end();
    match end.strip_suffix(b",").or_else(|| end.strip_suffix(b";")) {
        Some(inner) if inner.trim_ascii_end().ends_with(b"}") => inner,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_separator_and_a_comma_around_a_line_are_no_matter() {
        let one = r#"{"control":null,"sequence":7,"event":{"EnginePaused":{"timestamp":5}}}"#;
        for (line, is_event) in [
            (one.to_owned(), true),
            (format!("\u{1e}{one}"), true),
            (format!("{one},"), true),
            (format!("\u{1e}{one} , "), true),
            (format!("{one},,"), false),
            (format!("\u{1e}\u{1e}{one}"), false),
            (format!(",{one}"), true),
            (format!(" , {one}"), true),
            (format!(",{one},"), true),
            (format!("{one};"), true),
            (format!(",,{one}"), false),
            (format!("{one};;"), false),
        ] {
            let mut decoder = Decoder::default();
            let said = decoder.said(line.as_bytes());
            assert_eq!(matches!(said, Said::Event(_)), is_event, "{line}: {said:?}");
            let vocabulary = is_event.then_some(Vocabulary::Aq02);
            assert_eq!(decoder.engine(), vocabulary.map(Engine::ActionQueue), "{line}");
        }
        assert!(matches!(Decoder::default().said(b"\x1e"), Said::Blank));
    }
}
