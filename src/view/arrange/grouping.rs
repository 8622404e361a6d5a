//! By what runs are put together, and in which order the groups stand.

use std::cmp::Ordering;

use crate::model::states::State;
use crate::store::{Name, RunKey, Store};

/// By what runs are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Grouping {
    /// By their state.
    #[default]
    State,
    /// By what their tasks are called.
    Task,
    /// By who holds the lease on them.
    Owner,
    /// All in one.
    Nothing,
}

/// One group of a grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupId {
    /// The runs of a state.
    State(State),
    /// The runs whose task is called so, or that an owner of this name holds; those without a name are together.
    Named(Option<Name>),
    /// All runs.
    All,
}

impl Grouping {
    /// Every grouping, in the order in which a key goes through them.
    pub const ALL: [Self; 4] = [Self::State, Self::Task, Self::Owner, Self::Nothing];

    /// What it is called where it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Task => "task",
            Self::Owner => "owner",
            Self::Nothing => "nothing",
        }
    }

    /// The one that comes after this one, round and round.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The group that a run belongs to now.
    pub(super) fn group(self, store: &Store, run: RunKey) -> GroupId {
        match self {
            Self::State => GroupId::State(store.state_of(run)),
            Self::Task => GroupId::Named(store.spec(run).and_then(|spec| spec.description)),
            Self::Owner => GroupId::Named(store.owner(run)),
            Self::Nothing => GroupId::All,
        }
    }
}

/// A small number that no other group of the same grouping has.
pub(super) fn index(id: GroupId) -> usize {
    match id {
        GroupId::State(state) => state.index(),
        GroupId::Named(name) => name.map_or(0, |name| name.number() as usize),
        GroupId::All => 0,
    }
}

/// The order of the groups: states in that of their lives, names in that of their letters, those without one last.
pub(super) fn compare(grouping: Grouping, store: &Store, a: GroupId, b: GroupId) -> Ordering {
    let rank = |state: State| (state.phase(), state.index());
    match (a, b) {
        (GroupId::State(a), GroupId::State(b)) => rank(a).cmp(&rank(b)),
        (GroupId::Named(a), GroupId::Named(b)) => match (a, b) {
            (Some(a), Some(b)) if a == b => Ordering::Equal,
            (Some(a), Some(b)) => store.text(a).cmp(store.text(b)),
            _ => a.is_none().cmp(&b.is_none()),
        },
        _ => {
            debug_assert!(a == b, "groups of one grouping are of one kind: {grouping:?}");
            Ordering::Equal
        }
    }
}

/// The numbers of the groups that have a run, in the order in which they are shown.
#[derive(Debug, Default)]
pub(super) struct Groups(Vec<u32>);

impl Groups {
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn at(&self, place: usize) -> Option<u32> {
        self.0.get(place).copied()
    }

    /// The place of the group for which `compare` says that it is the one.
    pub(super) fn find(&self, mut compare: impl FnMut(u32) -> Ordering) -> Option<usize> {
        self.0.binary_search_by(|number| compare(*number)).ok()
    }

    pub(super) fn enter(&mut self, number: u32, mut compare: impl FnMut(u32, u32) -> Ordering) {
        if let Err(place) = self.0.binary_search_by(|other| compare(*other, number)) {
            self.0.insert(place, number);
        }
    }

    pub(super) fn leave(&mut self, place: usize) {
        self.0.remove(place);
    }
}
