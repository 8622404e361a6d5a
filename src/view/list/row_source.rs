//! The source of a list's rows: the lanes of the store, or an arrangement.

use crate::model::states::{MAX_STATES, State, StateId, StateList};
use crate::store::{RunKey, Store};
use crate::view::arrange::{Arrangement, Direction, GroupId, Grouping, Sort};

/// Sections of runs, in order; a section has at least one run.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    store: &'a Store,
    /// The states of the sections, where runs are grouped by state.
    states: StateList,
    order: RowOrder<'a>,
}

#[derive(Debug, Clone, Copy)]
enum RowOrder<'a> {
    Lanes,
    Arranged(&'a Arrangement, Direction),
}

impl<'a> Shelf<'a> {
    /// All runs of these states, newest first.
    #[must_use]
    pub const fn lanes(store: &'a Store, states: StateList) -> Self {
        Self { store, states, order: RowOrder::Lanes }
    }

    /// The runs of an arrangement, of these states alone where it is grouped by state.
    #[must_use]
    pub const fn arranged(
        store: &'a Store,
        states: StateList,
        arrangement: &'a Arrangement,
        direction: Direction,
    ) -> Self {
        Self { store, states, order: RowOrder::Arranged(arrangement, direction) }
    }

    /// The store of the runs.
    #[must_use]
    pub const fn store(&self) -> &'a Store {
        self.store
    }

    /// The grouping of the runs.
    #[must_use]
    pub const fn grouping(&self) -> Grouping {
        match self.order {
            RowOrder::Lanes => Grouping::State,
            RowOrder::Arranged(arrangement, _) => arrangement.grouping(),
        }
    }

    /// The number of sections.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.order {
            RowOrder::Arranged(arrangement, _) if arrangement.grouping() != Grouping::State => {
                arrangement.n_groups()
            }
            _ => self.filled().count(),
        }
    }

    /// True if there is no section.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The section at an index, from 0.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<GroupId> {
        match self.order {
            RowOrder::Arranged(arrangement, _) if arrangement.grouping() != Grouping::State => {
                arrangement.group_at(place)
            }
            _ => self.filled().nth(place).map(GroupId::State),
        }
    }

    /// The index of a section; nothing for one without a run.
    #[must_use]
    pub fn place_of(&self, section: GroupId) -> Option<usize> {
        match (self.order, section) {
            (_, GroupId::State(state)) => self.filled().position(|own| own == state),
            (RowOrder::Arranged(arrangement, _), _) => arrangement.place_of_group(self.store, section),
            (RowOrder::Lanes, _) => None,
        }
    }

    /// The number of runs in a section.
    #[must_use]
    pub fn count(&self, section: GroupId) -> usize {
        match (self.order, section) {
            (RowOrder::Lanes, GroupId::State(state)) => self.store.lane(state).len(),
            (RowOrder::Lanes, _) => 0,
            (RowOrder::Arranged(arrangement, _), _) => arrangement.len_of(section),
        }
    }

    /// The number of runs of a section in each state.
    #[must_use]
    pub fn states_of(&self, section: GroupId) -> [u32; MAX_STATES] {
        match self.order {
            RowOrder::Lanes => [0; MAX_STATES],
            RowOrder::Arranged(arrangement, _) => arrangement.states_of(section),
        }
    }

    /// Yields the runs of a section in order, after the first `offset`.
    pub fn runs(&self, section: GroupId, offset: usize) -> Box<dyn Iterator<Item = RunKey> + 'a> {
        match (self.order, section) {
            (RowOrder::Lanes, GroupId::State(state)) => Box::new(self.store.lane(state).latest(offset)),
            (RowOrder::Lanes, _) => Box::new(std::iter::empty()),
            (RowOrder::Arranged(arrangement, direction), _) => {
                Box::new(arrangement.runs(section, direction, offset))
            }
        }
    }

    /// The section of a run, if the run is in one.
    #[must_use]
    pub fn section_of(&self, run: RunKey) -> Option<GroupId> {
        let section = match self.order {
            RowOrder::Lanes => self.store.has(run).then(|| GroupId::State(self.store.state_of(run)))?,
            RowOrder::Arranged(arrangement, _) => arrangement.group_of(run)?,
        };
        let is_here = match section {
            GroupId::State(state) => self.states.iter().any(|own| own == state.id()),
            _ => true,
        };
        is_here.then_some(section)
    }

    /// The number of runs of its section that come before a run.
    #[must_use]
    pub fn place_in_section(&self, run: RunKey) -> usize {
        match self.order {
            RowOrder::Lanes => self.store.place_in_lane(run),
            RowOrder::Arranged(arrangement, direction) => {
                arrangement.place_of(self.store, run, direction).unwrap_or(0)
            }
        }
    }

    /// The run that has been in its section longest, where the order is by entry.
    #[must_use]
    pub fn oldest(&self, section: GroupId) -> Option<RunKey> {
        match (self.order, section) {
            (RowOrder::Lanes, GroupId::State(state)) => self.store.lane(state).oldest(),
            (RowOrder::Lanes, _) => None,
            (RowOrder::Arranged(arrangement, _), _) => {
                let tells = arrangement.sort() == Sort::Entry;
                arrangement.runs(section, Direction::Down, 0).next().filter(|_| tells)
            }
        }
    }

    /// The run that entered its section last, where the order is by entry.
    #[must_use]
    pub fn newest(&self, section: GroupId) -> Option<RunKey> {
        match (self.order, section) {
            (RowOrder::Lanes, GroupId::State(state)) => self.store.lane(state).latest(0).next(),
            (RowOrder::Lanes, _) => None,
            (RowOrder::Arranged(arrangement, _), _) => {
                let tells = arrangement.sort() == Sort::Entry;
                arrangement.runs(section, Direction::Up, 0).next().filter(|_| tells)
            }
        }
    }

    /// The section nearest to that of a state, or the first one.
    #[must_use]
    pub fn nearest(&self, state: Option<State>) -> Option<GroupId> {
        let at = self.states.iter().position(|own| Some(own) == state.map(State::id));
        if self.grouping() != Grouping::State {
            return self.at(0);
        }
        let (before, after) = (self.states.iter().take(at?), self.states.iter().skip(at?));
        let mut sections = after.chain(before.rev()).map(|state| GroupId::State(self.state(state)));
        sections.find(|section| self.count(*section) > 0)
    }

    const fn state(&self, id: StateId) -> State {
        self.store.states().state(id)
    }

    /// The states that have a run.
    fn filled(&self) -> impl Iterator<Item = State> + '_ {
        self.states
            .iter()
            .map(|state| self.state(state))
            .filter(|state| self.count(GroupId::State(*state)) > 0)
    }
}
