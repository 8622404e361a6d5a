//! The log's time as one line: the places of trouble, and the instant of the view.
//!
//! Computed from samples, so that it costs the same however long the log is. Must not know cells.

use super::LogClock;
use super::format::squeezed;
use crate::history::{Goal, Sample};
use crate::model::clock::TimeForm;
use crate::model::text;

/// The movement of the view through a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineCourse {
    /// It follows the edge of a live log.
    Live,
    /// It rests at an instant.
    Still,
    /// It is on the way to another instant.
    Going,
    /// It plays, at this number of seconds a second; at full speed without a number.
    Playing(Option<u32>),
}

/// The data of the line.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// By ascending position.
    pub samples: &'a [Sample],
    /// Lines folded at the instant of the view, and the log's own time there.
    pub here: (u64, u64),
    /// Lines that were read, and the log's own time at the last.
    pub edge: (u64, u64),
    /// True if the line counts lines rather than time, because the log's clocks cannot be believed.
    pub by_sequence: bool,
}

/// One column of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimelineColumn {
    /// The amount of trouble, from 0 for none to [`TimelineColumn::MAX_TROUBLE`]: problems, failures and timeouts.
    pub trouble: u8,
    /// True if it is before the instant of the view.
    pub is_past: bool,
    /// True if it is the instant of the view.
    pub is_here: bool,
}

/// The parts of the line and their columns, from its left end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Its first instant, in words.
    pub begin: String,
    /// Its last instant, in words.
    pub end: String,
    /// The first of its columns.
    pub x: usize,
    /// The number of its columns.
    pub width: usize,
}

/// The minimum columns of a line between two long instants.
const MIN_LINE_COLUMNS: usize = 30;

impl TimelineColumn {
    /// The highest level of trouble.
    pub const MAX_TROUBLE: u8 = 8;
}

impl Timeline<'_> {
    /// The line in `width` columns.
    #[must_use]
    pub fn columns(&self, width: usize) -> Vec<TimelineColumn> {
        let mut columns = vec![TimelineColumn::default(); width];
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
            let share = (trouble[index] * u64::from(TimelineColumn::MAX_TROUBLE)).div_ceil(most);
            column.trouble = u8::try_from(share).unwrap_or(TimelineColumn::MAX_TROUBLE);
            column.is_past = index < here;
            column.is_here = index == here;
        }
        columns
    }

    /// The instant of the first line.
    #[must_use]
    pub fn begins_at(&self) -> u64 {
        let believed = self.samples.iter().map(|sample| sample.at).find(|at| *at > 0);
        believed.unwrap_or(self.edge.1)
    }

    /// The parts of a line of `width` columns.
    #[must_use]
    pub fn bar(&self, clock: LogClock<'_>, width: usize) -> Bar {
        let (begin, end) = if self.by_sequence {
            ("1".to_owned(), squeezed(self.edge.0, width / 4))
        } else {
            let ends = [self.begins_at(), self.edge.1];
            let form = clock.form(ends, self.edge.1);
            // The year has no place beside a line that is to be drawn.
            let form = if width < 2 * form.columns() + MIN_LINE_COLUMNS {
                form.min(TimeForm::DayAndSecond)
            } else {
                form
            };
            let [begin, end] = ends.map(|at| clock.listed(at, form));
            (begin, end)
        };
        let x = text::width(&begin) + 2;
        let width = width.saturating_sub(x + text::width(&end) + 2);
        Bar { begin, end, x, width }
    }

    /// The goal of a click on a column of `width`; columns beyond the line mean its ends.
    #[must_use]
    pub fn goal(&self, column: usize, width: usize) -> Goal {
        let last = width.saturating_sub(1);
        if column >= last {
            return Goal::Position(self.edge.0);
        }
        let share = |whole: u64| {
            let part = (u128::from(whole) * column as u128).div_ceil(last as u128);
            u64::try_from(part).unwrap_or(whole)
        };
        match self.begins_at() {
            _ if self.by_sequence => Goal::Position(share(self.edge.0)),
            _ if column == 0 => Goal::Position(0),
            begin => Goal::Time(begin + share(self.edge.1.saturating_sub(begin))),
        }
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
    use crate::model::clock::Clock;
    use crate::model::states::MAX_STATES;
    use crate::model::time::Unit;

    fn sample(position: u64, at: u64, failed: u64) -> Sample {
        Sample { position, at, states: [0; MAX_STATES], finished: failed, failed, problems: 0 }
    }

    fn drawn(samples: &[Sample], here: (u64, u64), edge: (u64, u64), by_sequence: bool) -> String {
        let line = Timeline { samples, here, edge, by_sequence };
        let sign = |column: &TimelineColumn| match column {
            TimelineColumn { is_here: true, .. } => '^',
            TimelineColumn { trouble: 0, is_past: true, .. } => '=',
            TimelineColumn { trouble: 0, .. } => '-',
            TimelineColumn { trouble, .. } => char::from(b'0' + trouble),
        };
        line.columns(10).iter().map(sign).collect()
    }

    #[test]
    fn a_column_stands_for_an_instant_that_is_drawn_in_it() {
        let samples = [sample(1, 1000, 0), sample(100, 1900, 5)];
        for by_sequence in [false, true] {
            let line = Timeline { samples: &samples, here: (0, 0), edge: (100, 1900), by_sequence };
            for column in 0..30 {
                let place = match line.goal(column, 30) {
                    Goal::Position(0) => (0, 1000),
                    Goal::Position(position) => (position, 1900),
                    Goal::Time(at) => (0, at),
                    Goal::Sequence(_) => panic!("a line is one of time or of lines"),
                };
                assert_eq!(line.column_of(place, 30), column);
            }
            assert_eq!(line.goal(99, 30), Goal::Position(100));
            assert_eq!(line.goal(0, 0), Goal::Position(100));
            let bar = line.bar(Clock::utc().of(Unit::Seconds), 40);
            assert_eq!(bar.x + bar.width + bar.end.len() + 2, 40);
        }
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
