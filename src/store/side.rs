//! Data that only one engine has, beside the store: waits, signals or budgets, for example.
//!
//! It is versioned like every part of the store, so that going to another instant covers it. The store hands it to the
//! rules of its engine and knows nothing of what is in it.

use std::any::Any;
use std::fmt::Debug;

use super::Store;
use super::evict::Kept;
use super::key::TaskKey;
use super::task::TaskEntry;
use super::versioned::epoch::{Composite, Versioned};
use crate::model::kind::KindId;

/// The data of one engine.
pub trait Side: Versioned + Any + Debug + Send {
    /// Nothing of the same engine.
    fn empty(&self) -> Box<dyn Side>;

    /// The log's name for a kind of event.
    fn kind_name(&self, kind: KindId) -> &'static str;

    /// Is true of a task of which there is data here that must not be lost.
    fn needs(&self, task: TaskKey) -> bool;

    /// Is true of a task that may have runs that the log does not have yet.
    fn may_go_on(&self, task: &TaskEntry<'_>) -> bool;

    /// What is left of the data when runs and tasks were evicted.
    fn evicted(&self, kept: &mut Kept<'_>) -> Box<dyn Side>;

    /// Hands out all that is known at the instant at hand, in an order that is always the same.
    fn digest(&self, add: &mut dyn FnMut(&dyn Debug));
}

impl Store {
    /// Hands the data of its engine to the rules, with the rest of the store beside it.
    ///
    /// Until they come back, [`Store::side`] holds nothing.
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

    /// A store of an engine without states.
    #[cfg(test)]
    pub(super) fn of_no_engine() -> Self {
        static NONE: crate::model::states::StateTable = crate::model::states::StateTable::new(&[]);
        Self::new(super::Rules::default(), &NONE, super::Unit::Seconds, Box::new(NoSide))
    }

    /// The data of its engine, if it is this one.
    #[must_use]
    pub fn side_of<S: Side>(&self) -> Option<&S> {
        let side: &dyn Any = self.side();
        side.downcast_ref()
    }
}

/// No data, in the place of what rules have at hand.
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
