//! Why a run does not go on, and whether anything will move it.

use crate::store::{RunKey, Store};

/// What a judgment needs to know of the whole queue, looked up once for many runs.
#[derive(Debug, Clone, Default)]
pub struct Scene;

/// Why a run does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whether nothing will move it, as far as the log tells.
    pub is_stuck: bool,
    /// The second at which this may be otherwise though the log says nothing new.
    pub until: Option<u64>,
}

impl Scene {
    /// The queue at the instant `now`, in seconds.
    #[must_use]
    pub fn of(_store: &Store, _now: u64) -> Self {
        Self
    }

    /// Why a run does not go on; nothing for one that does, or has ended.
    #[must_use]
    pub fn why(&self, _store: &Store, _run: RunKey, _now: u64) -> Option<Waiting> {
        None
    }
}
