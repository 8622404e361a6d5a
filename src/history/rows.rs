//! What is kept of each line that was read: where it stands, its run, and the line before it of the same run.

use std::collections::VecDeque;

use crate::model::place::Place;
use crate::store::RunKey;

/// Rows in a piece.
const PIECE: u64 = 1 << 14;

/// No line: where a run's chain ends.
const NO_ROW: u32 = u32::MAX;

/// What is kept of one line, in twelve bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    /// The run that it is about, if it is about one that is known.
    run: RunKey,
    /// The line before it that is about the same run.
    before: u32,
    /// How far its text begins behind that of the first line of its span.
    offset: u32,
}

/// Lines of one generation, one after another.
#[derive(Debug, Clone, Copy)]
struct Span {
    line: u64,
    place: Place,
}

/// What is kept of all lines.
#[derive(Debug)]
pub(super) struct Rows {
    pieces: VecDeque<Vec<Row>>,
    /// Where the first piece begins; not below that there is anything.
    begin: u64,
    end: u64,
    spans: Vec<Span>,
    /// The last line of each run, by its key.
    last: Vec<u32>,
    /// The lines that somebody who looks for trouble stops at, in order. All of them: they are few, and the way to one
    /// that is not kept otherwise is known all the same.
    trouble: Vec<u32>,
}

impl Rows {
    /// No rows; the first line is that after so many others.
    pub(super) fn from(line: u64) -> Self {
        let begin = line / PIECE * PIECE;
        let mut pieces = VecDeque::new();
        // Lines that were read before this began are not known.
        if line > begin {
            let unknown = Row { run: RunKey::NONE, before: NO_ROW, offset: u32::MAX };
            let n = usize::try_from(line - begin).unwrap_or_default();
            pieces.push_back(vec![unknown; n]);
        }
        Self { pieces, begin, end: line, spans: Vec::new(), last: Vec::new(), trouble: Vec::new() }
    }

    pub(super) fn push(&mut self, place: Place, run: Option<RunKey>, is_trouble: bool) {
        let line = short(self.end);
        let offset = self.offset_of(place);
        let mut before = NO_ROW;
        if let Some(run) = run {
            if self.last.len() <= run.index() {
                self.last.resize(run.index() + 1, NO_ROW);
            }
            before = std::mem::replace(&mut self.last[run.index()], line);
        }
        if is_trouble {
            self.trouble.push(line);
        }
        let capacity = usize::try_from(PIECE).unwrap_or_default();
        if self.pieces.back().is_none_or(|piece| piece.len() == capacity) {
            self.pieces.push_back(Vec::with_capacity(capacity));
        }
        if let Some(piece) = self.pieces.back_mut() {
            piece.push(Row { run: run.unwrap_or(RunKey::NONE), before, offset });
        }
        self.end += 1;
    }

    fn offset_of(&mut self, place: Place) -> u32 {
        let behind = self.spans.last().and_then(|span| {
            let same = span.place.generation == place.generation;
            let behind = place.offset.checked_sub(span.place.offset).filter(|_| same)?;
            u32::try_from(behind).ok().filter(|behind| *behind < u32::MAX)
        });
        behind.unwrap_or_else(|| {
            self.spans.push(Span { line: self.end, place });
            0
        })
    }

    /// The run that a line is about.
    pub(super) fn run(&self, line: u64) -> Option<RunKey> {
        self.get(line).map(|row| row.run).filter(|run| *run != RunKey::NONE)
    }

    fn get(&self, line: u64) -> Option<Row> {
        let behind = line.checked_sub(self.begin)?;
        let piece = self.pieces.get(usize::try_from(behind / PIECE).ok()?)?;
        piece.get(usize::try_from(behind % PIECE).ok()?).copied()
    }

    pub(super) fn place(&self, line: u64) -> Option<Place> {
        let row = self.get(line).filter(|row| row.offset != u32::MAX)?;
        let span = self.spans[..self.spans.partition_point(|span| span.line <= line)].last()?;
        Some(Place {
            line: span.place.line + (line - span.line),
            offset: span.place.offset + u64::from(row.offset),
            len: 0,
            generation: span.place.generation,
        })
    }

    pub(super) fn lines_of(&self, run: RunKey) -> impl Iterator<Item = u64> + '_ {
        let mut next = self.last.get(run.index()).copied().unwrap_or(NO_ROW);
        std::iter::from_fn(move || {
            let line = u64::from(next);
            let row = (next != NO_ROW).then(|| self.get(line)).flatten()?;
            next = row.before;
            Some(line)
        })
    }

    pub(super) fn is_first_of_run(&self, line: u64) -> bool {
        self.get(line).is_some_and(|row| row.before == NO_ROW)
    }

    pub(super) fn trouble_from(&self, line: u64) -> Option<u64> {
        let index = self.trouble.partition_point(|it| u64::from(*it) < line);
        self.trouble.get(index).copied().map(u64::from)
    }

    pub(super) fn trouble_before(&self, line: u64) -> Option<u64> {
        let index = self.trouble.partition_point(|it| u64::from(*it) < line);
        self.trouble.get(index.checked_sub(1)?).copied().map(u64::from)
    }

    /// Lets go of what is before a line, a piece at a time.
    pub(super) fn forget_before(&mut self, line: u64) {
        while self.begin + PIECE <= line && !self.pieces.is_empty() {
            self.pieces.pop_front();
            self.begin += PIECE;
        }
        let n = self.spans.partition_point(|span| span.line <= line).saturating_sub(1);
        self.spans.drain(..n);
    }
}

fn short(line: u64) -> u32 {
    u32::try_from(line).ok().filter(|line| *line < NO_ROW).expect("fewer than 2^32 lines fit in memory")
}
