//! Lines of ActionQueue's events, decoded block by block. Must not know the effect of an event.

use super::decode::shape::{InstantCache, recognize};
use super::decode::{Decoded, decode, vocabulary_of};
use super::event::{Body, CancelTarget, Cancellation, Event, Vocabulary};
use crate::engine::record::LogRecord;
use crate::engine::unframed::unframed;
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::model::task::Text;
use crate::source::block::Block;
use crate::source::kept::KeptText;
use crate::source::line::{Line, Raw};
use crate::store::{RunKey, Store};

/// Decoded lines of a block.
#[derive(Debug)]
pub struct EventLines<'a> {
    /// One entry per line.
    pub entries: Vec<Entry<'a>>,
    /// Vocabulary of the lines, if one of them or an earlier one has shown it.
    pub vocabulary: Option<Vocabulary>,
    /// Index of the entry that has shown it; 0 if an earlier line had.
    pub shown_by: usize,
}

/// One line.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Position of the line.
    pub place: Position,
    /// Number of NUL bytes before its text.
    pub nuls: u64,
    /// Content of the line.
    pub content: LineContent<'a>,
}

/// Content of one line.
#[derive(Debug)]
pub enum LineContent<'a> {
    /// An event.
    Event(Event<'a>),
    /// An event of a kind that the vocabulary does not have.
    Unknown {
        /// Sequence of the event.
        sequence: u64,
        /// Name of its kind.
        name: Text<'a>,
    },
    /// A blank line.
    Blank,
    /// Not an event, with the reason.
    Unreadable(String),
    /// A line over the length limit, whose text was not kept.
    OverLong {
        /// Length in bytes.
        bytes: u64,
    },
}

impl LogRecord for Entry<'_> {
    fn place(&self) -> Position {
        self.place
    }

    fn nuls(&self) -> u64 {
        self.nuls
    }

    fn sequence(&self) -> Option<u64> {
        match &self.content {
            LineContent::Event(event) => Some(event.sequence),
            LineContent::Unknown { sequence, .. } => Some(*sequence),
            _ => None,
        }
    }

    fn at(&self) -> Option<u64> {
        match &self.content {
            LineContent::Event(event) => event.body.at(),
            _ => None,
        }
    }

    fn may_be_about(&self, run: RunId) -> bool {
        matches!(&self.content, LineContent::Event(event) if event.body.run().is_none_or(|own| own == run))
    }

    fn run(&self, store: &Store) -> Option<RunKey> {
        let LineContent::Event(event) = &self.content else { return None };
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
}

impl<'a> EventLines<'a> {
    /// The lines of a block of which none is an event, and why.
    pub(in crate::engine) fn refused(block: &'a Block, reason: &str) -> Self {
        let entry = |Line { place, nuls, text }: Line<'a>| {
            let is_blank = matches!(text, Raw::Whole(text) if text.iter().all(u8::is_ascii_whitespace));
            let content =
                if is_blank { LineContent::Blank } else { LineContent::Unreadable(reason.to_owned()) };
            Entry { place, nuls, content }
        };
        Self { entries: block.lines().map(entry).collect(), vocabulary: None, shown_by: 0 }
    }
}

/// Decodes the lines of one log, block after block.
#[derive(Debug, Clone, Default)]
pub struct LineDecoder {
    vocabulary: Option<Vocabulary>,
    memory: InstantCache,
}

impl LineDecoder {
    /// A decoder for a vocabulary that is known already, or for one to be found.
    #[must_use]
    pub fn with_vocabulary(vocabulary: Option<Vocabulary>) -> Self {
        Self { vocabulary, ..Self::default() }
    }

    /// The vocabulary, once it is found.
    #[must_use]
    pub const fn vocabulary(&self) -> Option<Vocabulary> {
        self.vocabulary
    }

    /// Decodes every line of a block.
    #[must_use]
    pub fn decode<'a>(&mut self, block: &'a Block) -> EventLines<'a> {
        let mut shown_by = 0;
        let mut entries = Vec::with_capacity(block.len_lines());
        let mut lines = block.lines();
        loop {
            // Most lines are of a usual shape, whose recognizer finds the line end itself.
            if let Some(vocabulary) = self.vocabulary
                && let Some(ahead) = lines.ahead()
                && let Some((event, len)) = recognize(ahead, vocabulary, &mut self.memory)
                && let Some(place) = lines.take_ahead(len)
            {
                entries.push(Entry { place, nuls: 0, content: LineContent::Event(event) });
                continue;
            }
            let Some(line) = lines.next() else { break };
            if self.vocabulary.is_none() {
                shown_by = entries.len();
            }
            let mut entry = self.entry(line);
            if entries.is_empty()
                && let Some((bytes, kept)) = block.long()
                && let LineContent::Unreadable(reason) = &entry.content
            {
                entry.content = of_long(kept, bytes, reason);
            }
            entries.push(entry);
        }
        EventLines { entries, vocabulary: self.vocabulary, shown_by }
    }

    fn entry<'a>(&mut self, line: Line<'a>) -> Entry<'a> {
        let Line { place, nuls, text } = line;
        let content = match text {
            Raw::Whole(text) => self.decode_line(text),
            Raw::Damaged(reason) => LineContent::Unreadable(reason.to_owned()),
            Raw::OverLong { bytes } => LineContent::OverLong { bytes },
        };
        Entry { place, nuls, content }
    }

    /// Decodes one line. The first event shows the vocabulary of the log; until then a line is read as the oldest.
    pub fn decode_line<'a>(&mut self, text: &'a [u8]) -> LineContent<'a> {
        let text = unframed(text);
        if self.vocabulary.is_none() {
            self.vocabulary = vocabulary_of(text);
        }
        match decode(text, self.vocabulary.unwrap_or(Vocabulary::Aq01)) {
            Ok(Decoded::Event(event)) => LineContent::Event(event),
            Ok(Decoded::Unknown { sequence, name }) => LineContent::Unknown { sequence, name },
            Err(_) if text.iter().all(u8::is_ascii_whitespace) => LineContent::Blank,
            Err(error) => LineContent::Unreadable(error.to_string()),
        }
    }
}

/// Reason why an overlong line is not an event, from the reason found in its kept part.
fn of_long<'a>(kept: &KeptText, bytes: u64, reason: &str) -> LineContent<'a> {
    // The line does not end there: the supposed error is only the cut.
    if kept.is_cut && reason.starts_with("the line ends") {
        return LineContent::OverLong { bytes };
    }
    LineContent::Unreadable(kept.reason(reason))
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
            let mut decoder = LineDecoder::default();
            let content = decoder.decode_line(line.as_bytes());
            assert_eq!(matches!(content, LineContent::Event(_)), is_event, "{line}: {content:?}");
            let vocabulary = is_event.then_some(Vocabulary::Aq02);
            assert_eq!(decoder.vocabulary(), vocabulary, "{line}");
        }
        assert!(matches!(LineDecoder::default().decode_line(b"\x1e"), LineContent::Blank));
    }
}
