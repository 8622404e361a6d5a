//! Data of one engine alone, beside the store: waits, signals or budgets, for example.
//!
//! Versioned like every part of the store, so that time travel covers it. The store passes it to the rules of its
//! engine and does not know its content.

use std::any::Any;
use std::fmt::Debug;

use super::Store;
use super::evict::Kept;
use super::key::TaskKey;
use super::task::TaskEntry;
use super::versioned::epoch::{Composite, Versioned};
use crate::model::kind::KindId;

/// Data of one engine.
pub trait Side: Versioned + Any + Debug + Send {
    /// Empty data of the same engine.
    fn empty(&self) -> Box<dyn Side>;

    /// Name of an event kind in the log.
    fn kind_name(&self, kind: KindId) -> &'static str;

    /// True if there is data for a task that must not be lost.
    fn needs(&self, task: TaskKey) -> bool;

    /// True if a task may get runs that the log does not have yet.
    fn may_go_on(&self, task: &TaskEntry<'_>) -> bool;

    /// The data without evicted runs and tasks, under the new keys and names.
    fn evicted(&self, kept: &mut Kept<'_>) -> Box<dyn Side>;

    /// Feeds all data known at the current instant to `add`, in a deterministic order.
    fn digest(&self, add: &mut dyn FnMut(&dyn Debug));
}

impl Store {
    /// Passes the engine's data to the rules, with the rest of the store beside it.
    ///
    /// During the call, [`Store::side`] returns a placeholder.
    ///
    /// # Panics
    ///
    /// When the store was made for another engine.
    pub fn with_side<S: Side, R>(&mut self, rules: impl FnOnce(&mut Self, &mut S) -> R) -> R {
        let mut side = std::mem::replace(&mut self.side, Box::new(NoSide));
        let own: &mut dyn Any = &mut *side;
        let result = rules(self, own.downcast_mut().expect("the store was made for this engine"));
        self.side = side;
        result
    }

    /// An empty store for an engine without states.
    #[cfg(test)]
    pub(super) fn of_no_engine() -> Self {
        static NONE: crate::model::states::StateTable = crate::model::states::StateTable::new(&[]);
        Self::new(super::Rules::default(), &NONE, super::Unit::Seconds, Box::new(NoSide))
    }

    /// Data of this engine, if the store is of this engine.
    #[must_use]
    pub fn side_of<S: Side>(&self) -> Option<&S> {
        let side: &dyn Any = self.side();
        side.downcast_ref()
    }
}

/// Placeholder for the data while the rules hold it.
#[derive(Debug)]
struct NoSide;

impl Composite for NoSide {
    fn each(&mut self, _: &mut dyn FnMut(&mut dyn Versioned)) {}
}

impl Side for NoSide {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn kind_name(&self, _: KindId) -> &'static str {
        ""
    }

    fn needs(&self, _: TaskKey) -> bool {
        false
    }

    fn may_go_on(&self, _: &TaskEntry<'_>) -> bool {
        false
    }

    fn evicted(&self, _: &mut Kept<'_>) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn digest(&self, _: &mut dyn FnMut(&dyn Debug)) {}
}
