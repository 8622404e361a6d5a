//! The ways to group runs, and the order of the groups.

use std::cmp::Ordering;

use crate::model::states::State;
use crate::store::{Name, RunKey, Store};

/// A property that the runs of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Grouping {
    /// The state.
    #[default]
    State,
    /// The description of the task.
    Task,
    /// The worker that holds the lease.
    Owner,
    /// No property: one group of all runs.
    Nothing,
}

/// One group of a grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupId {
    /// The runs of a state.
    State(State),
    /// The runs of a task with this description, or of an owner with this name; those without a name are together.
    Named(Option<Name>),
    /// All runs.
    All,
}

impl Grouping {
    /// Every grouping, in the order in which a key cycles through them.
    pub const ALL: [Self; 4] = [Self::State, Self::Task, Self::Owner, Self::Nothing];

    /// Its name in a config file and in a command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Task => "task",
            Self::Owner => "owner",
            Self::Nothing => "nothing",
        }
    }

    /// The next grouping of the cycle.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The current group of a run.
    pub(super) fn group(self, store: &Store, run: RunKey) -> GroupId {
        match self {
            Self::State => GroupId::State(store.state_of(run)),
            Self::Task => GroupId::Named(store.spec(run).and_then(|spec| spec.description)),
            Self::Owner => GroupId::Named(store.owner(run)),
            Self::Nothing => GroupId::All,
        }
    }
}

/// A small number that is unique among the groups of a grouping.
pub(super) fn index(id: GroupId) -> usize {
    match id {
        GroupId::State(state) => state.index(),
        GroupId::Named(name) => name.map_or(0, |name| name.number() as usize),
        GroupId::All => 0,
    }
}

/// Compares groups: states in the order of a run's life, names by their letters, and the group without a name last.
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

/// The numbers of the groups that have a run, in the order of the screen.
#[derive(Debug, Default)]
pub(super) struct Groups(Vec<u32>);

impl Groups {
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn at(&self, place: usize) -> Option<u32> {
        self.0.get(place).copied()
    }

    /// The place of the group for which `compare` returns `Equal`.
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
