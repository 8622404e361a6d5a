//! Who has which concurrency key. Engines of 0.1 keep that to themselves, so it is read off what their runs do.

use std::collections::HashMap;

use crate::engine::actionqueue;
use crate::engine::actionqueue::event::Vocabulary;
use crate::engine::actionqueue::states::RunState;
use crate::store::{Name, RunKey, Store};

/// How many of the newest runs of each state are looked at.
const MAX_RUNS_PER_STATE: usize = 256;

/// The states in which a run may have its key, most surely first.
const STATES: [RunState; 5] =
    [RunState::Running, RunState::Leased, RunState::RetryWait, RunState::Suspended, RunState::Ready];

/// Who has which key.
#[derive(Debug, Clone, Default)]
pub(super) struct Holders {
    by_key: HashMap<Name, RunKey>,
    /// Some runs were not looked at.
    has_gaps: bool,
}

impl Holders {
    pub(super) fn of(store: &Store) -> Self {
        let mut holders = Self::default();
        // The store of a later version knows.
        if actionqueue::vocabulary(store) == Some(Vocabulary::Aq02) {
            return holders;
        }
        for state in STATES {
            let lane = store.lane(state);
            holders.has_gaps |= lane.len() > MAX_RUNS_PER_STATE;
            for run in lane.latest(0).take(MAX_RUNS_PER_STATE) {
                if let Some(key) = held(store, run, state) {
                    holders.by_key.entry(key).or_insert(run);
                }
            }
        }
        holders
    }

    /// Who has a key, if somebody has.
    pub(super) fn holder(&self, store: &Store, key: Name) -> Option<RunKey> {
        actionqueue::key_owner(store, key).or_else(|| self.by_key.get(&key).copied())
    }

    /// Whether somebody may have a key and was not seen.
    pub(super) const fn has_gaps(&self) -> bool {
        self.has_gaps
    }
}

/// The key that a run has (`try_release_concurrency_key` of actionqueue-runtime 0.1): it takes it with the lease, and keeps
/// it between attempts if its task says so.
fn held(store: &Store, run: RunKey, state: RunState) -> Option<Name> {
    let spec = store.spec(run)?;
    let key = spec.concurrency_key?;
    let has_it = match state {
        RunState::Running | RunState::Leased => true,
        RunState::Ready => !spec.releases_key_on_retry && store.standing(run).1 > 0,
        _ => !spec.releases_key_on_retry,
    };
    has_it.then_some(key)
}
