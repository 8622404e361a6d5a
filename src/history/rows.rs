//! Rows of history: for each line its place, its run, and the line before it of the same run.

use std::collections::VecDeque;

use crate::model::position::Position;
use crate::store::{Renumbering, RunKey};

/// Rows in a piece.
const ROWS_PER_PIECE: u64 = 1 << 14;

/// Number of lines with trouble that are known at least; of more, the latest.
const TROUBLE: usize = 1 << 20;

/// No line is so far: where a run's chain ends.
const NO_ROW: u32 = 0;

/// Data of one line, in twelve bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LineRow {
    /// The run that it is about, by its [`Births`]; [`NO_BIRTH`] if it is about none that is known.
    birth: u32,
    /// Distance to the line before it that is about the same run.
    before: u32,
    /// Offset of its text from that of the first line of its span.
    offset: u32,
}

/// Not a run.
const NO_BIRTH: u32 = u32::MAX;

/// The numbers of runs that an eviction leaves as they are: all runs, in order, with those that are gone.
///
/// Keys change with each eviction, and there are ten lines a run. So lines have births, and only these are looked up.
#[derive(Debug, Default)]
struct Births {
    /// The birth of each run that the last eviction kept, by its key. They ascend. Nothing before the first eviction.
    kept: Vec<u32>,
    /// By how much the birth of a later run is above its key.
    shift: u32,
}

impl Births {
    fn of(&self, run: RunKey) -> u32 {
        self.kept.get(run.index()).copied().unwrap_or_else(|| number(run.index()).saturating_add(self.shift))
    }

    fn run(&self, birth: u32) -> Option<RunKey> {
        if birth == NO_BIRTH {
            return None;
        }
        let later = birth.checked_sub(self.shift).filter(|key| *key as usize >= self.kept.len());
        match later {
            Some(key) => Some(RunKey::from_index(key as usize)),
            None => self.kept.binary_search(&birth).ok().map(RunKey::from_index),
        }
    }

    /// Takes in the new keys of `n` runs.
    fn renumber(&mut self, renumbering: &Renumbering, n: usize) {
        let runs = (0..n).map(RunKey::from_index);
        let kept: Vec<u32> =
            runs.filter(|run| renumbering.now(*run).is_some()).map(|run| self.of(run)).collect();
        let gone = n - kept.len();
        self.shift = self.shift.saturating_add(number(gone));
        self.kept = kept;
    }

    fn bytes(&self) -> usize {
        self.kept.capacity() * size_of::<u32>()
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NO_BIRTH)
}

/// Lines of one generation, one after another.
#[derive(Debug, Clone, Copy)]
struct Span {
    line: u64,
    place: Position,
}

/// Data of all lines.
#[derive(Debug)]
pub(super) struct LineRows {
    pieces: VecDeque<Vec<LineRow>>,
    /// Where the first piece begins; not below that there is anything.
    begin: u64,
    end: u64,
    spans: Vec<Span>,
    births: Births,
    /// The last line of each run, by its key; [`NO_LINE`] for none.
    last: Vec<u64>,
    /// Lines at which a search for trouble stops, in order. Also those of lines that are not kept otherwise:
    /// they are few, and the way to them is known all the same.
    trouble: Vec<u64>,
}

/// Not a line.
const NO_LINE: u64 = u64::MAX;

impl LineRows {
    /// No rows; the first line is that after `line` others.
    pub(super) fn from(line: u64) -> Self {
        let begin = line / ROWS_PER_PIECE * ROWS_PER_PIECE;
        let mut pieces = VecDeque::new();
        // Lines that were read before this began are not known.
        if line > begin {
            let unknown = LineRow { birth: NO_BIRTH, before: NO_ROW, offset: u32::MAX };
            let n = usize::try_from(line - begin).unwrap_or_default();
            pieces.push_back(vec![unknown; n]);
        }
        Self {
            pieces,
            begin,
            end: line,
            spans: Vec::new(),
            births: Births::default(),
            last: Vec::new(),
            trouble: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, place: Position, run: Option<RunKey>, is_trouble: bool) {
        let line = self.end;
        let offset = self.offset_of(place);
        let mut before = NO_ROW;
        if let Some(run) = run {
            if self.last.len() <= run.index() {
                self.last.resize(run.index() + 1, NO_LINE);
            }
            let last = std::mem::replace(&mut self.last[run.index()], line);
            // Who is further behind than that is not kept.
            before = line.checked_sub(last).and_then(|by| u32::try_from(by).ok()).unwrap_or(NO_ROW);
        }
        if is_trouble {
            self.trouble.push(line);
            if self.trouble.len() > 2 * TROUBLE {
                self.trouble.drain(..TROUBLE);
            }
        }
        let capacity = usize::try_from(ROWS_PER_PIECE).unwrap_or_default();
        if self.pieces.back().is_none_or(|piece| piece.len() == capacity) {
            self.pieces.push_back(Vec::with_capacity(capacity));
        }
        if let Some(piece) = self.pieces.back_mut() {
            piece.push(LineRow { birth: run.map_or(NO_BIRTH, |run| self.births.of(run)), before, offset });
        }
        self.end += 1;
    }

    fn offset_of(&mut self, place: Position) -> u32 {
        let behind = self.spans.last().and_then(|span| {
            u32::try_from(place.bytes_since(span.place)?).ok().filter(|behind| *behind < u32::MAX)
        });
        behind.unwrap_or_else(|| {
            self.spans.push(Span { line: self.end, place });
            0
        })
    }

    /// The run that a line is about.
    pub(super) fn run(&self, line: u64) -> Option<RunKey> {
        self.births.run(self.get(line)?.birth)
    }

    fn get(&self, line: u64) -> Option<LineRow> {
        let behind = line.checked_sub(self.begin)?;
        let piece = self.pieces.get(usize::try_from(behind / ROWS_PER_PIECE).ok()?)?;
        piece.get(usize::try_from(behind % ROWS_PER_PIECE).ok()?).copied()
    }

    pub(super) fn place(&self, line: u64) -> Option<Position> {
        let row = self.get(line).filter(|row| row.offset != u32::MAX)?;
        let span = self.spans[..self.spans.partition_point(|span| span.line <= line)].last()?;
        Some(span.place.ahead(line - span.line, u64::from(row.offset)))
    }

    pub(super) fn lines_of(&self, run: RunKey) -> impl Iterator<Item = u64> + '_ {
        let mut next = self.last.get(run.index()).copied().unwrap_or(NO_LINE);
        std::iter::from_fn(move || {
            let line = next;
            let row = self.get(line)?;
            next = if row.before == NO_ROW { NO_LINE } else { line - u64::from(row.before) };
            Some(line)
        })
    }

    pub(super) fn is_first_of_run(&self, line: u64) -> bool {
        self.get(line).is_some_and(|row| row.before == NO_ROW)
    }

    pub(super) fn trouble_from(&self, line: u64) -> Option<u64> {
        let index = self.trouble.partition_point(|it| *it < line);
        self.trouble.get(index).copied()
    }

    pub(super) fn trouble_before(&self, line: u64) -> Option<u64> {
        let index = self.trouble.partition_point(|it| *it < line);
        self.trouble.get(index.checked_sub(1)?).copied()
    }

    /// Takes in the new keys of all `n` runs, at a cost of the runs and not of the lines. Lines of runs that are gone are
    /// about none from now on.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering, n: usize) {
        self.births.renumber(renumbering, n);
        let mut last = Vec::new();
        for (before, line) in self.last.iter().enumerate() {
            if let Some(now) = renumbering.now(RunKey::from_index(before)) {
                last.resize(now.index() + 1, NO_LINE);
                last[now.index()] = *line;
            }
        }
        self.last = last;
    }

    /// The bytes that they take, about.
    pub(super) fn bytes(&self) -> usize {
        let kept = usize::try_from(self.end - self.begin).unwrap_or_default() * size_of::<LineRow>();
        kept + self.births.bytes() + (self.last.capacity() + self.trouble.capacity()) * size_of::<u64>()
    }

    /// Drops what is before a line, a piece at a time.
    pub(super) fn forget_before(&mut self, line: u64) {
        while self.begin + ROWS_PER_PIECE <= line && !self.pieces.is_empty() {
            self.pieces.pop_front();
            self.begin += ROWS_PER_PIECE;
        }
        let n = self.spans.partition_point(|span| span.line <= line).saturating_sub(1);
        self.spans.drain(..n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that change again and again, and births that do not: of those that are gone, and of those that come later.
    #[test]
    fn a_birth_leads_to_its_run_through_every_eviction() {
        let mut births = Births::default();
        // Each run by its birth, which is its place in the order in which all runs came.
        let mut runs: Vec<u32> = (0..20).collect();
        let mut n_born = 20;
        for round in 1..8_u32 {
            let is_kept = |birth: u32| !birth.is_multiple_of(round + 1);
            let kept: Vec<u32> = runs.iter().copied().filter(|birth| is_kept(*birth)).collect();
            let now = |birth: u32| kept.iter().position(|it| *it == birth);
            let keys = runs.iter().map(|birth| now(*birth).map(RunKey::from_index));
            births.renumber(&Renumbering::from_keys(keys), runs.len());
            runs = kept;
            runs.extend(n_born..n_born + 5);
            n_born += 5;
            for (index, birth) in runs.iter().enumerate() {
                assert_eq!(births.of(RunKey::from_index(index)), *birth, "round {round}");
            }
            for birth in (0..n_born).chain([NO_BIRTH]) {
                let expected = runs.iter().position(|it| *it == birth).map(RunKey::from_index);
                assert_eq!(births.run(birth), expected, "{birth} in round {round}");
            }
        }
    }
}
