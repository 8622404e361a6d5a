//! The difference between two instants of a log: the runs at one of them, compared with those at the other.
//!
//! A change that a run undid in between is no difference. Keeping an instant costs four bytes a run, and comparing
//! costs a read of each run: must not be done for a frame.

pub mod page;

use super::instant::Here;
use crate::history::Sample;
use crate::model::states::{State, StateId, StateTable};
use crate::store::{RunKey, Store};

/// Bits of a [`Packed`] that count attempts.
const ATTEMPT_BITS: u32 = 28;
/// The largest number of attempts that fits; more are reported as this many.
const MAX_ATTEMPTS: u32 = (1 << ATTEMPT_BITS) - 1;

/// The part of an instant that is kept for a comparison: four bytes a run.
#[derive(Debug, Clone)]
pub struct Snapshot {
    here: Here,
    sample: Sample,
    /// The state and attempts of each run, by its key.
    runs: Vec<Packed>,
}

/// A [`RunStanding`] in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packed(u32);

/// The state and attempts of a run at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunStanding {
    /// Its state.
    pub state: State,
    /// Attempts that it has begun, as the engine counts them.
    pub attempt_count: u32,
}

/// A run that differs between the two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunChange {
    /// The run.
    pub key: RunKey,
    /// The run at the earlier side; `None` when it did not exist.
    pub before: Option<RunStanding>,
    /// The run at the later side; `None` when it does not exist.
    pub after: Option<RunStanding>,
    /// The sequence of its last event at the later instant, where the store is or was there.
    pub sequence: Option<u64>,
}

/// The kind of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// The run exists only after.
    New,
    /// The run exists before and after, in another state or with other attempts.
    Changed,
    /// The run exists only before: the comparison goes backward in time.
    Gone,
}

/// The differences between two instants.
#[derive(Debug, Clone)]
pub struct RunChanges {
    /// The instant compared from.
    pub from: Here,
    /// The instant compared to, which may be earlier.
    pub to: Here,
    /// The figures of the queue at `from`.
    pub before: Sample,
    /// The figures of the queue at `to`.
    pub after: Sample,
    /// The runs that differ, in order of arrival.
    pub runs: Vec<RunChange>,
}

impl Snapshot {
    /// Copies the instant that a store is at.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        let here = Here::of(store);
        let runs = store.keys().map(|key| Packed::of(store, key)).collect();
        Self { here, sample: Sample::of(here.line, store), runs }
    }

    /// The instant of the copy.
    #[must_use]
    pub const fn here(&self) -> Here {
        self.here
    }
}

impl RunChanges {
    /// Compares a kept instant with the one that a store of the same log is at. Costs a read of each run.
    #[must_use]
    pub fn between(before: &Snapshot, after: &Store) -> Self {
        let to = Here::of(after);
        let n_after = after.len();
        let n_runs = n_after.max(before.runs.len());
        let standing = |packed: Packed| packed.standing(after.states());
        let runs = (0..n_runs).filter_map(|index| {
            let key = RunKey::from_index(index);
            let was = before.runs.get(index).copied();
            let is = (index < n_after).then(|| Packed::of(after, key));
            (was != is).then(|| RunChange {
                key,
                before: was.map(standing),
                after: is.map(standing),
                sequence: is.map(|_| after.run(key).last.sequence),
            })
        });
        Self {
            from: before.here,
            to,
            before: before.sample,
            runs: runs.collect(),
            after: Sample::of(to.line, after),
        }
    }

    /// The same differences, compared from the other instant.
    #[must_use]
    pub fn reversed(self) -> Self {
        let Self { from, to, before, after, mut runs } = self;
        for run in &mut runs {
            std::mem::swap(&mut run.before, &mut run.after);
        }
        Self { from: to, to: from, before: after, after: before, runs }
    }

    /// The number of runs with a kind of difference.
    #[must_use]
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.runs.iter().filter(|run| run.kind() == kind).count()
    }
}

impl RunChange {
    /// The kind of the difference.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        match (self.before, self.after) {
            (None, _) => ChangeKind::New,
            (_, None) => ChangeKind::Gone,
            _ => ChangeKind::Changed,
        }
    }
}

impl ChangeKind {
    /// Its name, one word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

impl Packed {
    fn of(store: &Store, key: RunKey) -> Self {
        let (state, attempt_count) = store.standing(key);
        Self(u32::from(state.id().nibble()) << ATTEMPT_BITS | attempt_count.min(MAX_ATTEMPTS))
    }

    fn standing(self, states: &'static StateTable) -> RunStanding {
        let state = states.state(StateId::new((self.0 >> ATTEMPT_BITS) as usize));
        RunStanding { state, attempt_count: self.0 & MAX_ATTEMPTS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::actionqueue::states::RunState::{
        Canceled, Completed, Leased, Ready, Running, Scheduled,
    };
    use crate::engine::actionqueue::states::STATES;
    use crate::view::testing::{TestField, id};

    /// The changes as texts, each run by its number.
    fn described(changes: &RunChanges, store: &Store) -> Vec<String> {
        let side = |standing: Option<RunStanding>| {
            standing.map_or("-".to_owned(), |it| format!("{:?}/{}", it.state, it.attempt_count))
        };
        let described = changes.runs.iter().map(|run| {
            let number = (1..9).find(|number| id(*number) == store.id_of(run.key)).unwrap();
            format!("{} {number} {} {}", run.kind().label(), side(run.before), side(run.after))
        });
        described.collect()
    }

    #[test]
    fn new_and_changed_runs_are_listed_and_undone_changes_are_not() {
        let mut field = TestField::default().with([1, 2, 3], Scheduled).with([4], Running);
        field.fail(4, 1, "no");
        let before = Snapshot::of(&field.store);
        field.to(1, Completed);
        field.to(2, Leased);
        field.move_to(2, Leased, Ready);
        field.fail(4, 2, "no again");
        let mut field = field.with([5], Canceled).with([6], Scheduled);
        let changes = RunChanges::between(&before, &field.store);
        assert_eq!(
            described(&changes, &field.store),
            [
                "changed 1 Scheduled/0 Completed/0",
                "changed 2 Scheduled/0 Ready/0",
                "changed 4 Running/1 Running/2",
                "new 5 - Canceled/0",
                "new 6 - Scheduled/0",
            ]
        );
        let kinds = [ChangeKind::New, ChangeKind::Changed, ChangeKind::Gone];
        assert_eq!(kinds.map(|kind| changes.count(kind)), [2, 3, 0]);
        assert_eq!((changes.before.failed, changes.after.failed), (1, 2));
        assert_eq!(changes.runs[4].sequence, Some(field.store.latest_sequence()));

        let leased = Snapshot::of(&field.store);
        field.to(6, Leased);
        field.move_to(6, Leased, Ready);
        field.move_to(6, Ready, Leased);
        let later = Snapshot::of(&field.store);
        field.move_to(6, Leased, Ready);
        field.move_to(6, Ready, Leased);
        assert_eq!(RunChanges::between(&later, &field.store).runs, [], "what was undone is no difference");
        assert_eq!(described(&RunChanges::between(&leased, &field.store), &field.store).len(), 1);
    }

    #[test]
    fn a_look_backward_is_the_look_forward_reversed() {
        let early = TestField::default().with([1, 2], Scheduled);
        let (first, mut late) = (Snapshot::of(&early.store), TestField::default().with([1, 2], Scheduled));
        late.to(1, Completed);
        let late = late.with([3], Ready);
        let last = Snapshot::of(&late.store);
        let forward = RunChanges::between(&first, &late.store).reversed();
        let backward = RunChanges::between(&last, &early.store);
        assert_eq!((forward.from, forward.to), (backward.from, backward.to));
        assert_eq!((forward.before, forward.after), (backward.before, backward.after));
        assert_eq!(
            described(&forward, &late.store),
            ["changed 1 Completed/0 Scheduled/0", "gone 3 Ready/0 -"]
        );
        let sides = |changes: &RunChanges| {
            changes.runs.iter().map(|run| (run.key, run.before, run.after)).collect::<Vec<_>>()
        };
        assert_eq!(sides(&forward), sides(&backward));
        assert_eq!(backward.runs[1].sequence, None);
    }

    #[test]
    fn every_state_and_every_number_of_attempts_survives_packing() {
        for state in STATES.all() {
            for (attempts, expected) in
                [(0, 0), (7, 7), (MAX_ATTEMPTS, MAX_ATTEMPTS), (u32::MAX, MAX_ATTEMPTS)]
            {
                let packed =
                    Packed(u32::from(state.id().nibble()) << ATTEMPT_BITS | attempts.min(MAX_ATTEMPTS));
                assert_eq!(packed.standing(&STATES), RunStanding { state, attempt_count: expected });
            }
        }
    }
}
