//! The course of a run's life: its changes of state and its other events in one sequence, with contradictions of
//! clocks.
//!
//! The store's record is the truth about states; the events add what happened in between, and in which order. Each
//! becomes a knot, to which the drawing assigns a column. Costs the length of the life. Must not know columns.

use crate::engine::run_event::RunEvent;
use crate::model::id::RunId;
use crate::model::states::State;
use crate::model::time::Unit;
use crate::store::{Life, StateChange};

/// The maximum number of consecutive changes without an event, before events are no longer matched with them.
const MAX_UNMATCHED_CHANGES: usize = 4;

/// A point of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Knot {
    /// Its instant; never before that of the previous knot while the clocks are believed.
    pub(super) at: u64,
    /// The state that it leads to, if it changes the state.
    pub(super) to: Option<State>,
}

/// The order and the instants of a life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Course {
    /// Every point in order. The last one is the end: now, or when the run ended.
    pub(super) knots: Vec<Knot>,
    /// The knot of each change of state.
    pub(super) changes: Vec<usize>,
    /// The knot of each event.
    pub(super) moments: Vec<usize>,
    /// True if the instants are believed.
    pub(super) is_timed: bool,
}

impl Course {
    /// Merges the changes and the events of a life. `now` is the instant of the view.
    pub(super) fn new(run: RunId, life: &Life<'_>, moments: &[RunEvent], now: u64, unit: Unit) -> Self {
        let changes = &life.changes;
        let made = matched(run, changes, moments);
        let mut course = Self {
            knots: Vec::with_capacity(changes.len() + moments.len() + 1),
            changes: Vec::with_capacity(changes.len()),
            moments: Vec::with_capacity(moments.len()),
            is_timed: are_believed(changes, now, unit),
        };
        // The events before the first that made a change belong to the state before that change.
        let known_from = made.iter().flatten().next().copied().unwrap_or(changes.len());
        course.pass(changes, known_from);
        for (moment, change) in moments.iter().zip(&made) {
            match change {
                Some(change) => {
                    course.pass(changes, change + 1);
                    course.moments.push(course.changes[*change]);
                }
                None => course.add(moment, changes),
            }
        }
        course.pass(changes, changes.len());
        course.finish(changes, now);
        course
    }

    /// Appends the changes before `end` that are not yet in the sequence.
    fn pass(&mut self, changes: &[StateChange], end: usize) {
        for change in changes.iter().take(end).skip(self.changes.len()) {
            self.changes.push(self.knots.len());
            self.knots.push(Knot { at: change.at, to: Some(change.to) });
        }
    }

    /// Appends an event within a state; an impossible instant is replaced by one that fits its order.
    fn add(&mut self, moment: &RunEvent, changes: &[StateChange]) {
        let before = self.knots.last().map_or(0, |knot| knot.at);
        let after = changes.get(self.changes.len()).map(|change| change.at);
        let is_between = |at: &u64| *at >= before && after.is_none_or(|after| *at <= after);
        let first = after.unwrap_or(0);
        let at = moment.at.filter(is_between).unwrap_or(if self.knots.is_empty() { first } else { before });
        self.moments.push(self.knots.len());
        self.knots.push(Knot { at, to: None });
    }

    fn finish(&mut self, changes: &[StateChange], now: u64) {
        let last = self.knots.last().map_or(now, |knot| knot.at);
        let is_over = changes.last().is_some_and(|change| change.to.is_terminal());
        let at = if is_over { last } else { now.max(last) };
        self.knots.push(Knot { at, to: None });
        // An event's clock that ran ahead would put the end before it.
        let mut latest = 0;
        for knot in &mut self.knots {
            latest = knot.at.max(latest);
            if self.is_timed {
                knot.at = latest;
            }
        }
        self.is_timed &= self.span() > 0;
    }

    /// The duration from the beginning to the end, in ticks.
    pub(super) fn span(&self) -> u64 {
        let (first, last) = (self.knots.first(), self.knots.last());
        first.zip(last).map_or(0, |(first, last)| last.at.saturating_sub(first.at))
    }

    /// The knot at which a change of state ends: the next one, or the end.
    pub(super) fn end_of(&self, change: usize) -> usize {
        self.changes.get(change + 1).copied().unwrap_or(self.knots.len() - 1)
    }
}

/// True if the instants of the changes may be true: of this century, in order, and not in the future.
pub(super) fn are_believed(changes: &[StateChange], now: u64, unit: Unit) -> bool {
    let latest = now.saturating_add(unit.skew());
    changes.is_sorted_by_key(|change| change.at)
        && changes.iter().all(|change| (unit.earliest_believed()..=latest).contains(&change.at))
}

/// The index of the change that each event made. Matches backward, since the beginning of a log may be gone.
fn matched(run: RunId, changes: &[StateChange], moments: &[RunEvent]) -> Vec<Option<usize>> {
    let mut made = vec![None; moments.len()];
    let mut left = changes.len();
    for (moment, made) in moments.iter().zip(&mut made).rev() {
        let near = left.saturating_sub(MAX_UNMATCHED_CHANGES)..left;
        if let Some(change) = near.rev().find(|change| moment.made(run, &changes[*change])) {
            *made = Some(change);
            left = change;
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::actionqueue::decode::{Decoded, decode};
    use crate::engine::actionqueue::describe::concerning;
    use crate::engine::actionqueue::event::Vocabulary;
    use crate::engine::actionqueue::states::RunState;
    use crate::engine::run_event::RunStep;
    use crate::model::position::Position;
    use crate::view::testing::id;

    const NOON: u64 = 1_795_176_000;

    fn changes(states: &[(RunState, u64)]) -> Vec<StateChange> {
        let mut from = None;
        let change = |(to, at): &(RunState, u64)| StateChange {
            from: from.replace(to.state()),
            to: to.state(),
            at: NOON + at,
        };
        states.iter().map(change).collect()
    }

    fn moment(step: RunStep, at: u64) -> RunEvent {
        let at = Some(NOON + at);
        RunEvent {
            place: Position::default(),
            sequence: Some(1),
            kind: "RunStateChanged",
            at,
            run: Some(id(1)),
            step,
        }
    }

    fn moved(from: RunState, to: RunState, at: u64) -> RunEvent {
        moment(RunStep::Moved { from: from.state(), to: to.state() }, at)
    }

    /// Says the knots by the states that they lead to, and those of moments.
    fn check(changes: &[StateChange], moments: &[RunEvent], knots: &str, of_moments: &[usize]) {
        let life = Life { changes: changes.to_vec(), attempts: Vec::new() };
        let course = Course::new(id(1), &life, moments, NOON + 100, Unit::Seconds);
        let sign = |knot: &Knot| knot.to.map_or('.', |to| to.name().chars().next().unwrap());
        let found: String = course.knots.iter().map(sign).collect();
        assert_eq!((found.as_str(), course.moments.as_slice()), (knots, of_moments));
        assert!(course.is_timed && course.knots.is_sorted_by_key(|knot| knot.at));
        assert!(
            course
                .changes
                .iter()
                .zip(changes)
                .all(|(knot, change)| course.knots[*knot].to == Some(change.to))
        );
    }

    #[test]
    fn events_are_placed_by_their_order() {
        use RunState::{Leased, Ready, RetryWait, Running, Scheduled};
        let life =
            changes(&[(Scheduled, 0), (Ready, 0), (Leased, 0), (Running, 0), (RetryWait, 5), (Ready, 9)]);
        let started = || moment(RunStep::Started { owner: None }, 0);
        check(&life, &[], "SRLRRR.", &[]);
        let whole = [
            moment(RunStep::Created, 0),
            moved(Scheduled, Ready, 0),
            moved(Ready, Leased, 0),
            moved(Leased, Running, 0),
            started(),
            moved(Running, RetryWait, 5),
            moved(RetryWait, Ready, 9),
        ];
        check(&life, &whole, "SRLR.RR.", &[0, 1, 2, 3, 4, 5, 6]);
        // The beginning of the log is gone.
        check(&life, &whole[4..], "SRLR.RR.", &[4, 5, 6]);
        // A line that the log may not hold has changed nothing.
        let refused =
            [started(), moved(Ready, Running, 4), moved(Running, RetryWait, 5), moved(RetryWait, Ready, 9)];
        check(&life, &refused, "SRLR..RR.", &[4, 5, 6, 7]);
        // An impossible instant stays within the state of its event.
        let odd = [moment(RunStep::Other, 900), moved(Running, RetryWait, 5), moment(RunStep::Other, 2)];
        check(&life, &odd, "SRLR.R.R.", &[4, 5, 6]);
    }

    #[test]
    fn every_change_of_a_recorded_run_was_made_by_a_moment() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/orders.jsonl");
        let log = std::fs::read(path).unwrap();
        let lines: Vec<&[u8]> = log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        let mut store = crate::engine::actionqueue::store(crate::store::Rules::default());
        for line in &lines {
            crate::engine::actionqueue::fold::line(&mut store, Position::default(), line);
        }
        for key in store.keys() {
            let run = store.run(key).id;
            let task = store.task(store.run(key).task).id;
            let moments = lines.iter().filter_map(|line| match decode(line, Vocabulary::Aq02).unwrap() {
                Decoded::Event(event) => concerning(run, task, Position::default(), &event),
                Decoded::Unknown { .. } => None,
            });
            let (moments, life) = (moments.collect::<Vec<_>>(), store.life(key));
            let made: Vec<usize> = matched(run, &life.changes, &moments).into_iter().flatten().collect();
            assert_eq!(made, (0..life.changes.len()).collect::<Vec<_>>(), "{run}");
        }
    }

    #[test]
    fn clocks_are_believed_while_they_may_be_true() {
        use RunState::{Ready, Scheduled};
        for (first, second, expected) in [
            (NOON, NOON + 1, true),
            (NOON, NOON, true),
            (NOON + 1, NOON, false),
            (7, NOON, false),
            (NOON, NOON + 100 + Unit::Seconds.skew(), true),
            (NOON, NOON + 101 + Unit::Seconds.skew(), false),
        ] {
            let change = |to, at| StateChange { from: None, to, at };
            let changes = [change(Scheduled.state(), first), change(Ready.state(), second)];
            assert_eq!(are_believed(&changes, NOON + 100, Unit::Seconds), expected, "{first} {second}");
        }
    }
}
