//! Runs in a chosen order and grouping, maintained as runs change, at the cost of the changes.
//!
//! The lanes of the store are the order that costs nothing: by state, newest first, all runs. An [`Arrangement`] holds
//! another order, or a part of the runs. A run is placed by the values that were true when it was placed, so that it is
//! found again there even after it has changed. Must not know which runs are wanted, nor what a row looks like.

mod grouping;
mod order;
mod ordered;
mod sorting;
#[cfg(test)]
mod tests;

pub use grouping::{GroupId, Grouping};
pub use order::{Direction, Sort};

use super::Column;
use crate::model::states::{MAX_STATES, StateId};
use crate::store::{Paged, RunKey, Store};
use grouping::Groups;
use ordered::{Ordered, OrderedRun};

/// The runs in groups, in order.
#[derive(Debug)]
pub struct Arrangement {
    grouping: Grouping,
    sort: Sort,
    groups: Vec<Group>,
    /// The number of each group, by [`grouping::index`] of its id; [`NO_GROUP`] for groups that never had a run.
    numbers: Vec<u32>,
    /// The groups that have a run, in the order of the screen.
    shown: Groups,
    /// The place of each run.
    placed: Paged<Placement>,
    by_state: [usize; MAX_STATES],
}

/// The runs of one group, in order.
#[derive(Debug)]
struct Group {
    id: GroupId,
    runs: Ordered,
    by_state: [u32; MAX_STATES],
}

/// The place of a run: its group, and the values by which it was sorted and counted there.
#[derive(Debug, Clone, Copy)]
struct Placement {
    value: u64,
    /// The number of its group; [`NO_GROUP`] when it is in none.
    group: u32,
    state: StateId,
}

const NO_GROUP: u32 = u32::MAX;

impl Placement {
    const NONE: Self = Self { value: 0, group: NO_GROUP, state: StateId::new(0) };
}

impl Arrangement {
    /// Creates an arrangement without runs.
    #[must_use]
    pub fn new(grouping: Grouping, sort: Sort) -> Self {
        Self {
            grouping,
            sort,
            groups: Vec::new(),
            numbers: Vec::new(),
            shown: Groups::default(),
            placed: Paged::new(Placement::NONE),
            by_state: [0; MAX_STATES],
        }
    }

    /// The grouping of its runs.
    #[must_use]
    pub const fn grouping(&self) -> Grouping {
        self.grouping
    }

    /// The order of the runs within a group.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        self.sort
    }

    /// Moves a run to where it belongs now, or adds it. `waits` is its weight where runs are sorted by why they wait.
    pub fn place(&mut self, store: &Store, run: RunKey, waits: u64) {
        let (id, state) = (self.grouping.group(store, run), store.state_of(run).id());
        let value = match self.sort {
            Sort::By(Column::Waiting) => waits,
            sort => sorting::value(sort.within(self.grouping), store, run),
        };
        let old = self.placement(run);
        if old.group != NO_GROUP {
            let same_group = self.groups[old.group as usize].id == id;
            if same_group && old.value == value && old.state == state {
                return;
            }
            self.take(store, run, old);
        }
        let number = self.number(id);
        let group = &mut self.groups[number as usize];
        let entry = OrderedRun { value, run };
        group.runs.insert(entry, |a, b| sorting::compare(self.sort, store, a, b));
        group.by_state[state.index()] += 1;
        self.by_state[state.index()] += 1;
        if group.runs.len() == 1 {
            self.shown.enter(number, |a, b| {
                let (a, b) = (self.groups[a as usize].id, self.groups[b as usize].id);
                grouping::compare(self.grouping, store, a, b)
            });
        }
        self.placed.set(run, Placement { value, group: number, state });
    }

    /// Removes a run, if it is arranged.
    pub fn remove(&mut self, store: &Store, run: RunKey) {
        let old = self.placement(run);
        if old.group != NO_GROUP {
            self.take(store, run, old);
            self.placed.set(run, Placement::NONE);
        }
    }

    /// True if the run is arranged.
    #[must_use]
    pub fn has(&self, run: RunKey) -> bool {
        self.placement(run).group != NO_GROUP
    }

    /// The number of runs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_state.iter().sum()
    }

    /// True if there is no run.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.len() == 0
    }

    /// The number of runs in a state.
    #[must_use]
    pub const fn count(&self, state: StateId) -> usize {
        self.by_state[state.index()]
    }

    /// The number of groups that have a run.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.shown.len()
    }

    /// The group at a place of the screen's order, from 0.
    #[must_use]
    pub fn group_at(&self, place: usize) -> Option<GroupId> {
        self.shown.at(place).map(|number| self.groups[number as usize].id)
    }

    /// The place of a group in the screen's order, from 0; nothing for one without a run.
    #[must_use]
    pub fn place_of_group(&self, store: &Store, id: GroupId) -> Option<usize> {
        self.group(id)?;
        self.shown.find(|number| grouping::compare(self.grouping, store, self.groups[number as usize].id, id))
    }

    /// The group of a run that is arranged.
    #[must_use]
    pub fn group_of(&self, run: RunKey) -> Option<GroupId> {
        let place = self.placement(run);
        (place.group != NO_GROUP).then(|| self.groups[place.group as usize].id)
    }

    /// The number of runs in a group.
    #[must_use]
    pub fn len_of(&self, id: GroupId) -> usize {
        self.group(id).map_or(0, |group| group.runs.len())
    }

    /// The number of runs of a group in each state.
    #[must_use]
    pub fn states_of(&self, id: GroupId) -> [u32; MAX_STATES] {
        self.group(id).map_or([0; MAX_STATES], |group| group.by_state)
    }

    /// Yields the runs of a group in their order, after the first `offset`.
    pub fn runs(
        &self,
        id: GroupId,
        direction: Direction,
        offset: usize,
    ) -> impl Iterator<Item = RunKey> + '_ {
        let runs = self.group(id).map(|group| group.runs.from(direction, offset));
        runs.into_iter().flatten()
    }

    /// The number of runs of its group that come before an arranged run.
    #[must_use]
    pub fn place_of(&self, store: &Store, run: RunKey, direction: Direction) -> Option<usize> {
        let Placement { value, group, .. } = self.placement(run);
        let group = self.groups.get(group as usize)?;
        let entry = OrderedRun { value, run };
        let place = group.runs.place(entry, |a, b| sorting::compare(self.sort, store, a, b))?;
        Some(match direction {
            Direction::Up => place,
            Direction::Down => group.runs.len() - 1 - place,
        })
    }

    fn take(&mut self, store: &Store, run: RunKey, old: Placement) {
        let group = &mut self.groups[old.group as usize];
        let entry = OrderedRun { value: old.value, run };
        let was_there = group.runs.remove(entry, |a, b| sorting::compare(self.sort, store, a, b));
        debug_assert!(was_there, "a run is where it was placed");
        group.by_state[old.state.index()] -= 1;
        self.by_state[old.state.index()] -= 1;
        if group.runs.len() == 0 {
            let id = group.id;
            let place = self
                .shown
                .find(|number| grouping::compare(self.grouping, store, self.groups[number as usize].id, id));
            place.into_iter().for_each(|place| self.shown.leave(place));
        }
    }

    fn placement(&self, run: RunKey) -> Placement {
        self.placed.get(run)
    }

    fn group(&self, id: GroupId) -> Option<&Group> {
        let number = self.numbers.get(grouping::index(id)).filter(|number| **number != NO_GROUP)?;
        Some(&self.groups[*number as usize])
    }

    fn number(&mut self, id: GroupId) -> u32 {
        let index = grouping::index(id);
        if index >= self.numbers.len() {
            self.numbers.resize(index + 1, NO_GROUP);
        }
        if self.numbers[index] == NO_GROUP {
            self.numbers[index] = u32::try_from(self.groups.len()).unwrap_or(NO_GROUP);
            self.groups.push(Group { id, runs: Ordered::default(), by_state: [0; MAX_STATES] });
        }
        self.numbers[index]
    }
}
