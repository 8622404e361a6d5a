//! Counts in a row, each behind its sign: what a section holds, how attempts ended.
//!
//! Where there is no room the words go first, then the blanks, then the digits of every count alike, and at last the
//! least counts with their signs. A count is never cut.

use super::line_writer::LineWriter;
use super::theme::Meaning;
use crate::view::format::{MAX_SHORT_COLUMNS, squeezed, thousands};

/// One count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountCell {
    pub(super) sign: &'static str,
    pub(super) meaning: Meaning,
    pub(super) count: u64,
    /// Name of the count; empty where the sign is enough.
    pub(super) word: &'static str,
}

/// A row of counts, as it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CountRow {
    tallies: Vec<CountCell>,
    /// Columns that no count exceeds.
    digits: usize,
    /// Blanks between a sign and its count.
    inner: usize,
    /// Blanks between two counts.
    gap: usize,
    has_words: bool,
}

/// No count is longer: `18,446,744,073,709,551,615`.
const MAX_COUNT_COLUMNS: usize = 26;

impl CountRow {
    /// As many of the counts as fit in `room` columns, as exactly as they fit. `inner` is the number of blanks between a
    /// sign and its count where there is room.
    pub(super) fn of(tallies: Vec<CountCell>, inner: usize, room: usize) -> Self {
        let mut row = Self { tallies, digits: MAX_COUNT_COLUMNS, inner, gap: 2, has_words: true };
        if row.columns() <= room {
            return row;
        }
        row.has_words = false;
        let longest = row.tallies.iter().map(|tally| thousands(tally.count).len()).max().unwrap_or(0);
        for (digits, gap) in (MAX_SHORT_COLUMNS..=longest.max(MAX_SHORT_COLUMNS))
            .rev()
            .flat_map(|digits| [(digits, 2), (digits, 1)])
        {
            (row.digits, row.gap) = (digits, gap);
            row.inner = if gap > 1 { inner } else { 0 };
            if row.columns() <= room {
                return row;
            }
        }
        while row.columns() > room {
            let least = (0..row.tallies.len()).rev().min_by_key(|index| row.tallies[*index].count);
            let Some(least) = least else { break };
            row.tallies.remove(least);
        }
        row
    }

    /// The columns that it takes.
    pub(super) fn columns(&self) -> usize {
        let one = |tally: &CountCell| {
            let word = if self.has_words && !tally.word.is_empty() { 1 + tally.word.len() } else { 0 };
            1 + self.inner + squeezed(tally.count, self.digits).len() + word
        };
        let gaps = self.gap * self.tallies.len().saturating_sub(1);
        self.tallies.iter().map(one).sum::<usize>() + gaps
    }

    /// Writes it.
    pub(super) fn write(&self, pen: &mut LineWriter<'_>) {
        for (index, tally) in self.tallies.iter().enumerate() {
            pen.skip(if index > 0 { self.gap } else { 0 });
            let (sign, number) = match tally.count {
                0 => (Meaning::Dim, Meaning::Dim),
                _ => (tally.meaning, Meaning::Title),
            };
            pen.own(sign, tally.sign);
            pen.skip(self.inner);
            pen.own(number, &squeezed(tally.count, self.digits));
            if self.has_words && !tally.word.is_empty() {
                pen.skip(1);
                pen.own(Meaning::Dim, tally.word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;
    use crate::ui::theme::Theme;

    fn row(counts: &[u64], room: usize) -> String {
        let words = ["success", "failure", "timeout", "suspended", "awaiting"];
        let tallies = counts.iter().zip(words);
        let tallies =
            tallies.map(|(count, word)| CountCell { sign: "*", meaning: Meaning::Text, count: *count, word });
        let row = CountRow::of(tallies.collect(), 1, room);
        let mut buf = Buffer::empty(Rect::new(0, 0, 120, 1));
        row.write(&mut LineWriter::at(&mut buf, Theme::default(), Rect::new(0, 0, 120, 1), 0));
        let text: String = buf.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text.trim_end().len(), row.columns());
        text.trim_end().to_owned()
    }

    #[test]
    fn counts_are_shortened_together_and_the_least_goes() {
        let counts = [14_402, 1_893, 202, 164, 164];
        for (room, expected) in [
            (81, "* 14,402 success  * 1,893 failure  * 202 timeout  * 164 suspended  * 164 awaiting"),
            (80, "* 14,402  * 1,893  * 202  * 164  * 164"),
            (38, "* 14,402  * 1,893  * 202  * 164  * 164"),
            (37, "*14,402 *1,893 *202 *164 *164"),
            (28, "*14.4k *1,893 *202 *164 *164"),
            (27, "*14k *1.8k *202 *164 *164"),
            (24, "*14k *1.8k *202 *164"),
            (10, "*14k *1.8k"),
            (4, "*14k"),
            (3, ""),
        ] {
            assert_eq!(row(&counts, room.min(120)), expected, "{room}");
        }
    }
}
