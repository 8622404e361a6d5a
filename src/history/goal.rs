//! An instant that is asked for: the one rule that tells where it is, and the one walk that folds lines up to it.
//!
//! The dashboard and the reports go by it, so that they cannot disagree. Must not know how lines are read.

use std::ops::{ControlFlow as Flow, Range};

use crate::engine::batch::Content;
use crate::engine::fold;
use crate::engine::record::LogRecord;
use crate::model::time::Unit;
use crate::store::Store;

/// Where to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// After this number of lines.
    Position(u64),
    /// After the first line whose event has this sequence or a later one.
    Sequence(u64),
    /// After the last line before the log's time goes past this instant.
    Time(u64),
}

/// The coordinates of an instant, which goals are compared to. Each of them only grows along the log.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Point {
    /// Lines before it.
    pub(super) position: u64,
    /// [`Store::highest_sequence`].
    pub(super) sequence: u64,
    /// [`Store::latest_at`].
    pub(super) at: u64,
}

impl Point {
    /// The coordinates of the instant at which a store is.
    pub(super) fn of(store: &Store) -> Self {
        let position = store.tally().lines;
        Self { position, sequence: store.highest_sequence(), at: store.latest_at() }
    }
}

impl Goal {
    /// Returns true if the goal is before an instant, or no line from there on can lead to it.
    pub(super) const fn is_past(self, here: Point) -> bool {
        match self {
            Self::Position(position) => here.position > position,
            // Whichever line showed it is behind, so it is found from an instant before.
            Self::Sequence(sequence) => here.position > 0 && here.sequence >= sequence,
            Self::Time(at) => here.at > at,
        }
    }

    /// Returns true if the goal is an instant or before it: no line behind has to be folded to know it.
    pub(super) const fn is_reached(self, here: Point) -> bool {
        match self {
            Self::Position(position) => here.position >= position,
            Self::Sequence(_) | Self::Time(_) => self.is_past(here),
        }
    }
}

/// Folds lines that follow on those in a store, up to a goal that is not before it; breaks off there.
///
/// A goal of a time is known by the line behind it, which is folded on trial: whether it tells that time depends on
/// whether the rules refuse it.
pub fn fold_to(store: &mut Store, content: &Content<'_>, range: Range<usize>, goal: Goal) -> Flow<()> {
    let Goal::Time(at) = goal else {
        return fold::records(store, content, range, |store, _| {
            if goal.is_reached(Point::of(store)) { Flow::Break(()) } else { Flow::Continue(()) }
        });
    };
    let fold = |store: &mut Store, range| fold::records(store, content, range, |_, _| Flow::Continue(()));
    let Range { mut start, end } = range;
    let unit = store.unit();
    while let Some(late) = (start..end).find(|index| is_late(content.record(*index), at, unit)) {
        let _ = fold(store, start..late);
        store.save();
        let _ = fold(store, late..late + 1);
        let is_past = goal.is_past(Point::of(store));
        if is_past {
            store.restore();
        }
        store.release();
        if is_past {
            return Flow::Break(());
        }
        start = late + 1;
    }
    fold(store, start..end)
}

/// Is true of a record that tells of a later instant than `at`.
fn is_late(record: &dyn LogRecord, at: u64, unit: Unit) -> bool {
    record.at().is_some_and(|then| then > at && then < unit.latest_believed())
}
