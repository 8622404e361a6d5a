//! One line of the drawing, cell by cell: later strokes cover earlier ones.
//!
//! Knows columns and strokes; must not know what they mean.

use super::line::{DetailLine, Stroke, Tone};
use crate::model::text;

/// The minimum room for the beginning of a note beside a drawing, in columns.
const MIN_NOTE_COLUMNS: usize = 16;

/// Columns that remain of a bar on either side of a text in it, the blank included.
const BAR_MARGIN_COLUMNS: usize = 3;

/// The content of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Stroke(Stroke),
    Char(char),
}

/// One line of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DetailLane {
    cells: Vec<Option<(Ink, Tone)>>,
    /// A text to the right of the drawing, not yet safe for a screen.
    note: String,
}

impl DetailLane {
    pub(super) fn new(width: usize) -> Self {
        Self { cells: vec![None; width], note: String::new() }
    }

    /// Draws a stroke from a column to before another, and over one column at least.
    pub(super) fn fill(&mut self, from: usize, to: usize, stroke: Stroke, tone: Tone) {
        let last = self.cells.len().saturating_sub(1);
        let from = from.min(last);
        let end = to.max(from + 1).min(self.cells.len());
        for cell in self.cells.iter_mut().take(end).skip(from) {
            *cell = Some((Ink::Stroke(stroke), tone));
        }
    }

    /// Draws a stroke in one column.
    pub(super) fn put(&mut self, column: usize, stroke: Stroke, tone: Tone) {
        self.fill(column, column, stroke, tone);
    }

    /// Writes a text that is safe for a screen, and has a column for each character.
    pub(super) fn write(&mut self, column: usize, words: &str, tone: Tone) {
        for (cell, c) in self.cells.iter_mut().skip(column).zip(words.chars()) {
            *cell = Some((Ink::Char(c), tone));
        }
    }

    /// Writes a text of the log into a bar, if that leaves something of the bar on both sides; returns true if it did.
    pub(super) fn write_within(&mut self, from: usize, to: usize, words: &str, tone: Tone) -> bool {
        let room = to.saturating_sub(from + 2 * BAR_MARGIN_COLUMNS);
        let words = text::clean_fit(words, room);
        let is_whole = !words.ends_with('…');
        // A text whose width is not its number of characters would shift what follows.
        let is_even = text::width(&words) == words.chars().count();
        let fits = is_even && room > 0 && (is_whole || room >= MIN_NOTE_COLUMNS);
        if fits {
            self.write(from + BAR_MARGIN_COLUMNS - 1, &format!(" {words} "), tone);
        }
        fits
    }

    /// Sets the text of the log to the right of the drawing.
    pub(super) fn note(&mut self, words: &str) {
        words.clone_into(&mut self.note);
    }

    /// The tone of a column; none where nothing is drawn.
    pub(super) fn tone(&self, column: usize) -> Option<Tone> {
        self.cells.get(column).copied().flatten().map(|(_, tone)| tone)
    }

    /// True if nothing is drawn in these columns, nor beside them.
    pub(super) fn is_free(&self, from: usize, to: usize) -> bool {
        to <= self.cells.len()
            && self.cells[from.saturating_sub(1)..self.cells.len().min(to + 1)].iter().all(Option::is_none)
    }

    /// Appends the lane to a line.
    pub(super) fn add_to(&self, mut line: DetailLine) -> DetailLine {
        let end = self.cells.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for run in self.cells[..end].chunk_by(|a, b| is_one_part(*a, *b)) {
            let columns = u16::try_from(run.len()).unwrap_or(u16::MAX);
            line = match run[0] {
                Some((Ink::Stroke(stroke), tone)) => line.drawn(tone, stroke, columns),
                Some((Ink::Char(_), tone)) => {
                    line.with(tone, run.iter().filter_map(char_of).collect::<String>())
                }
                None => line.with(Tone::Plain, " ".repeat(run.len())),
            };
        }
        let room = self.cells.len().saturating_sub(end + 1);
        let note = text::clean_fit(&self.note, room);
        let is_whole = !note.ends_with('…');
        if !note.is_empty() && (is_whole || room >= MIN_NOTE_COLUMNS) {
            line = line.with(Tone::Dim, format!(" {note}"));
        }
        line
    }
}

fn is_one_part(a: Option<(Ink, Tone)>, b: Option<(Ink, Tone)>) -> bool {
    match (a, b) {
        (Some((Ink::Char(_), a)), Some((Ink::Char(_), b))) => a == b,
        (a, b) => a == b,
    }
}

fn char_of(cell: &Option<(Ink, Tone)>) -> Option<char> {
    match cell {
        Some((Ink::Char(c), _)) => Some(*c),
        _ => None,
    }
}
