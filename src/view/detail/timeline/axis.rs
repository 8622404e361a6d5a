//! The time axis below the lanes: a line, with the clock times of as many changes as have room, of the chosen event,
//! and of now.

use super::Drawing;
use crate::view::detail::events::number;
use crate::view::detail::lane::DetailLane;
use crate::view::detail::line::{Stroke, Tone};

/// Columns of the shortest time, and of the blanks beside it.
const MIN_LABEL_COLUMNS: usize = 10;

/// The end of a time that the clock cannot format.
const UNKNOWN_TIME: &str = "?";

/// A time below the axis.
struct Label {
    column: usize,
    words: String,
    tone: Tone,
    /// True if it ends at its column, rather than beginning there.
    is_left_of: bool,
}

impl Drawing<'_> {
    /// The line, and the labels below it.
    pub(super) fn axis(&self) -> (DetailLane, DetailLane) {
        let (mut axis, mut labels) = (DetailLane::new(self.width), DetailLane::new(self.width));
        let end = self.end_column();
        axis.fill(0, end + 1, Stroke::Thin, Tone::Dim);
        if !self.ahead.is_empty() {
            axis.fill(
                end + 1,
                self.scale.column(self.end() + self.ahead.len()) + 1,
                Stroke::Ahead,
                Tone::Dim,
            );
        }
        let mut has_tick = vec![false; self.width];
        let mut written = Vec::new();
        for label in self.labels().filter(|label| !label.words.ends_with(UNKNOWN_TIME)) {
            let room = label.words.len();
            let from = if label.is_left_of || label.column + room > self.width {
                (label.column + 1).saturating_sub(room)
            } else {
                label.column
            };
            let is_taken = has_tick.get(label.column) != Some(&false) || !labels.is_free(from, from + room);
            if is_taken || written.contains(&label.words) {
                continue;
            }
            has_tick[label.column] = true;
            let stroke = if label.tone == Tone::Chosen { Stroke::Here } else { Stroke::Tick };
            axis.put(label.column, stroke, label.tone);
            labels.write(from, &label.words, label.tone);
            written.push(label.words);
        }
        (axis, labels)
    }

    /// Yields the labels, the most important first. Those that find no room are skipped.
    fn labels(&self) -> impl Iterator<Item = Label> + '_ {
        let form = self.detail.form();
        let clock = move |at| self.detail.listed_exactly(at, form);
        let knots = &self.course.knots;
        let chosen = self.detail.selected.and_then(|index| {
            let (moment, knot) = (self.detail.moments.get(index)?, self.course.moments.get(index)?);
            let at = moment.at.unwrap_or(knots[*knot].at);
            let words = format!("{} {}", number(moment), clock(at));
            Some(Label { column: self.scale.column(*knot), words, tone: Tone::Chosen, is_left_of: false })
        });
        let (end, at) = (self.end_column(), knots[self.end()].at);
        let now = if self.is_over() { clock(at) } else { format!("now {}", clock(at)) };
        let now = Label { column: end, words: now, tone: Tone::Plain, is_left_of: true };
        let dim = move |column, at| Label { column, words: clock(at), tone: Tone::Dim, is_left_of: false };
        let ahead = (1..).zip(&self.ahead).map(move |(place, at)| {
            let column = self.scale.column(self.end() + place);
            Label { is_left_of: true, ..dim(column, *at) }
        });
        // Formatting a time costs more than drawing a change: only those that may have room are formatted.
        let mut free = 0;
        let changes = self.detail.life.changes.iter().zip(&self.course.changes);
        let changes = changes.filter_map(move |(change, knot)| {
            let column = self.scale.column(*knot);
            let has_room = column >= free;
            free = if has_room { column + MIN_LABEL_COLUMNS } else { free };
            has_room.then(|| dim(column, change.at))
        });
        chosen.into_iter().chain([now]).chain(ahead).chain(changes)
    }
}
