//! Why a run of ActionQueue does not go on, and whether anything will move it.
//!
//! The engine has few reasons to leave a run where it is, and the log tells most of them. What it does not tell is not made
//! up: a cause says so then, and no run is called stuck for it. How long something may take before it is too long comes
//! from what the engines themselves do at the latest; each such grace says why it is what it is.

mod case;
mod holders;
mod recent;

use super::states::RunState;
use crate::engine::actionqueue::UNIT;
use crate::engine::cause::Waiting;
use crate::store::{RunKey, Store};
use case::Case;
use holders::Holders;
use recent::Recent;

/// How late an engine may be with what is due, in seconds: it looks every tick, no ActionQueue takes a tick of more than a
/// minute, and clocks differ.
pub const GRACE: u64 = 60 + UNIT.skew();

/// The shortest grace of a lease, in seconds. Else it is the lease's own length, but not more than [`GRACE`]: an engine
/// extends a lease when a third of it is left, so that by then it has been silent for almost twice as long as it may.
pub const LEAST_LEASE_GRACE: u64 = UNIT.skew();

/// How much later than a run another must have become ready to have passed it, in seconds. An engine chooses by priority,
/// creation and id in one go, so that one second would do; those that are handed out over a network take longer.
pub const PASSED: u64 = 10;

/// The longest wait before a retry, in seconds, where the log shows none: the delay is the engine's own setting, and an hour
/// is where exponential ones are commonly capped.
pub const LONGEST_RETRY: u64 = 3600;

/// In how many seconds to ask again about what hangs on other runs.
pub const AGAIN: u64 = 3;

/// What a judgment needs to know of the whole queue, looked up once for many runs. Costs the same however many there are.
#[derive(Debug, Clone, Default)]
pub struct WaitingScene {
    is_timeless: bool,
    is_paused: bool,
    /// When the engine was resumed last; 0 when it was not, or nobody knows when.
    resumed_at: u64,
    recent: Recent,
    holders: Holders,
}

impl WaitingScene {
    /// The queue as it stands. No instant is in it, so that it is the same until the store changes.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        Self { recent: Recent::of(store), holders: Holders::of(store), ..Self::alone(store) }
    }

    /// What a judgment of this one run needs, which for most is less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        if Self::hangs_on_others(store, run) { Self::of(store) } else { Self::alone(store) }
    }

    /// Returns true for a run whose judgment hangs on other runs.
    pub(in crate::engine) fn hangs_on_others(store: &Store, run: RunKey) -> bool {
        matches!(RunState::of(store.standing(run).0.id()), RunState::Ready | RunState::RetryWait)
    }

    /// Without other runs.
    fn alone(store: &Store) -> Self {
        let engine = store.engine();
        Self {
            is_timeless: store.is_timeless(),
            is_paused: engine.paused,
            resumed_at: engine.resumed_at.filter(|at| UNIT.is_believed(*at)).unwrap_or(0),
            ..Self::default()
        }
    }

    /// Why a run does not go on, at the instant `now` in seconds; nothing for one that has ended. One that executes has a
    /// cause too, [`Cause::Works`](crate::engine::cause::Cause::Works), since it may come to be stuck while the log is silent.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        if store.standing(run).0.is_terminal() {
            return None;
        }
        Case { scene: self, store, key: run, run: store.run(run), now }.judge()
    }
}
