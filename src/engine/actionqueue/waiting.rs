//! Causes for which a run of ActionQueue waits, and the detection of stuck runs.
//!
//! The engine has few causes to leave a run in its state, and the log shows most of them. A cause that the log does
//! not show is reported as unknown, and no run is called stuck for it. The limits on delays come from the latest that
//! the engines themselves would act; each constant gives its derivation.

mod case;
mod holders;
mod recent;

use super::Registry;
use super::states::RunState;
use crate::engine::actionqueue::UNIT;
use crate::engine::cause::Waiting;
use crate::engine::waiting::Judge;
use crate::store::{RunKey, Store};
use case::Case;
use holders::Holders;
use recent::Recent;

/// Maximum delay of an engine with work that is due, in seconds: an engine looks every tick, no ActionQueue takes a
/// tick of more than a minute, and clocks differ.
pub const GRACE_SECS: u64 = 60 + UNIT.skew();

/// Minimum grace of a lease, in seconds. Otherwise the grace is the lease's own length, at most [`GRACE_SECS`]: an
/// engine extends a lease when a third of it is left, so that by then it has been silent for almost twice as long as
/// it may.
pub const MIN_LEASE_GRACE_SECS: u64 = UNIT.skew();

/// Minimum lead of a run over one that became ready later and yet was taken first, in seconds. An engine selects by
/// priority, creation and id in one step, so one second would do; selections over a network take longer.
pub const MIN_PASSED_SECS: u64 = 10;

/// Maximum delay of a retry, in seconds, where the log shows none: the delay is the engine's own setting, and
/// exponential ones are commonly capped at an hour.
pub const MAX_RETRY_DELAY_SECS: u64 = 3600;

/// Interval in seconds until a judgment that depends on other runs is repeated.
pub const RECHECK_SECS: u64 = 3;

/// State of the whole queue that judgments need, computed once for many runs. Constant cost at any number of runs.
#[derive(Debug, Clone, Default)]
pub struct WaitingScene {
    is_timeless: bool,
    is_paused: bool,
    /// Instant of the engine's last resume; 0 if there was none or it is unknown.
    resumed_at: u64,
    recent: Recent,
    holders: Holders,
}

impl WaitingScene {
    /// Scene of the current queue. It holds no instant, so that it stays valid until the store changes.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        Self { recent: Recent::of(store), holders: Holders::of(store), ..Self::alone(store) }
    }

    /// Scene for the judgment of this one run, which for most needs less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        if Self::hangs_on_others(store, run) { Self::of(store) } else { Self::alone(store) }
    }

    /// Returns true for a run whose judgment hangs on other runs.
    pub(in crate::engine) fn hangs_on_others(store: &Store, run: RunKey) -> bool {
        matches!(RunState::of(store.state_of(run).id()), RunState::Ready | RunState::RetryWait)
    }

    /// Scene without other runs.
    fn alone(store: &Store) -> Self {
        let engine = store.engine();
        Self {
            is_timeless: store.is_timeless(),
            is_paused: engine.paused,
            resumed_at: engine.resumed_at.filter(|at| UNIT.is_believed(*at)).unwrap_or(0),
            ..Self::default()
        }
    }
}

impl Judge for WaitingScene {
    fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        if store.state_of(run).is_terminal() {
            return None;
        }
        let own = Registry::of(store);
        Case { scene: self, store, own, key: run, now }.judge()
    }
}
