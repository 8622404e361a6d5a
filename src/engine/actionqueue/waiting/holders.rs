//! Holders of concurrency keys. Engines of 0.1 do not log them, so they are derived from the state changes of runs.

use std::collections::HashMap;

use crate::engine::actionqueue;
use crate::engine::actionqueue::event::Vocabulary;
use crate::engine::actionqueue::states::RunState;
use crate::store::{Name, RunKey, Store};

/// Maximum number of runs scanned in each state, newest first.
const MAX_RUNS_PER_STATE: usize = 256;

/// States in which a run may hold its key, most certain first.
const STATES: [RunState; 5] =
    [RunState::Running, RunState::Leased, RunState::RetryWait, RunState::Suspended, RunState::Ready];

/// Holders of concurrency keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Holders {
    by_key: HashMap<Name, RunKey>,
    /// True if some runs were not scanned.
    has_gaps: bool,
}

impl Holders {
    pub(super) fn of(store: &Store) -> Self {
        let mut holders = Self::default();
        // A store of a later version has the holders.
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

    /// Run that holds a key, if any was found.
    pub(super) fn holder(&self, store: &Store, key: Name) -> Option<RunKey> {
        actionqueue::key_owner(store, key).or_else(|| self.by_key.get(&key).copied())
    }

    /// True if a key may have a holder that was not scanned.
    pub(super) const fn has_gaps(&self) -> bool {
        self.has_gaps
    }
}

/// Key that a run holds (`try_release_concurrency_key` of actionqueue-runtime 0.1): it acquires the key with the
/// lease, and keeps it between attempts if its task says so.
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
