//! The log's time as one line: where there was trouble, and where one stands.
//!
//! Read off samples, so that it costs the same however long the log is. Must not know cells.

use crate::history::Sample;

/// What the line is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// By ascending position.
    pub samples: &'a [Sample],
    /// Lines that are folded, and the log's own time there.
    pub here: (u64, u64),
    /// Lines that were read, and the log's own time there.
    pub edge: (u64, u64),
    /// Whether the line is one of lines and not of time, because the log's clocks cannot be believed.
    pub by_sequence: bool,
}

/// One column of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Column {
    /// How much trouble there was, from 0 for none to [`Column::MOST`]: problems, failures and timeouts.
    pub trouble: u8,
    /// Whether it is before the instant at hand.
    pub is_past: bool,
    /// Whether it is the instant at hand.
    pub is_here: bool,
}

impl Column {
    /// The most trouble that is told apart.
    pub const MOST: u8 = 8;
}

impl Timeline<'_> {
    /// The line in `width` columns.
    #[must_use]
    pub fn columns(&self, width: usize) -> Vec<Column> {
        let mut columns = vec![Column::default(); width];
        if width == 0 {
            return columns;
        }
        let mut trouble = vec![0_u64; width];
        let mut before = 0;
        for sample in self.samples {
            let so_far = sample.failed + sample.problems;
            trouble[self.column_of((sample.position, sample.at), width)] += so_far.saturating_sub(before);
            before = so_far;
        }
        let most = trouble.iter().copied().max().unwrap_or(0).max(1);
        let here = self.column_of(self.here, width);
        for (index, column) in columns.iter_mut().enumerate() {
            let share = (trouble[index] * u64::from(Column::MOST)).div_ceil(most);
            column.trouble = u8::try_from(share).unwrap_or(Column::MOST);
            column.is_past = index < here;
            column.is_here = index == here;
        }
        columns
    }

    /// The instant of the first line, in seconds.
    #[must_use]
    pub fn begins_at(&self) -> u64 {
        let believed = self.samples.iter().map(|sample| sample.at).find(|at| *at > 0);
        believed.unwrap_or(self.edge.1)
    }

    fn column_of(&self, (position, at): (u64, u64), width: usize) -> usize {
        let (part, whole) = if self.by_sequence {
            (position, self.edge.0)
        } else {
            let begin = self.begins_at();
            (at.saturating_sub(begin), self.edge.1.saturating_sub(begin))
        };
        let last = width - 1;
        let column = u128::from(part) * last as u128 / u128::from(whole.max(1));
        usize::try_from(column).unwrap_or(last).min(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::RunState;

    fn sample(position: u64, at: u64, failed: u64) -> Sample {
        Sample { position, at, states: [0; RunState::COUNT], finished: failed, failed, problems: 0 }
    }

    fn drawn(samples: &[Sample], here: (u64, u64), edge: (u64, u64), by_sequence: bool) -> String {
        let line = Timeline { samples, here, edge, by_sequence };
        let sign = |column: &Column| match column {
            Column { is_here: true, .. } => '^',
            Column { trouble: 0, is_past: true, .. } => '=',
            Column { trouble: 0, .. } => '-',
            Column { trouble, .. } => char::from(b'0' + trouble),
        };
        line.columns(10).iter().map(sign).collect()
    }

    #[test]
    fn the_line_is_one_of_time_unless_clocks_lie() {
        let samples = [sample(1, 1000, 0), sample(50, 1045, 4), sample(90, 1090, 5), sample(100, 1090, 5)];
        for (here, by_sequence, expected) in [
            ((0, 0), false, "^---8----2"),
            ((50, 1045), false, "====^----2"),
            ((100, 1090), false, "====8====^"),
            ((50, 1045), true, "====^---2-"),
            ((1, 1000), true, "^---8---2-"),
        ] {
            assert_eq!(drawn(&samples, here, (100, 1090), by_sequence), expected, "{here:?}");
        }
        assert_eq!(drawn(&[], (0, 0), (0, 0), false), "^---------");
        assert_eq!(drawn(&[sample(1, 7, 1)], (1, 7), (1, 7), false), "^---------");
        assert!(
            Timeline { samples: &[], here: (0, 0), edge: (0, 0), by_sequence: true }.columns(0).is_empty()
        );
    }
}
