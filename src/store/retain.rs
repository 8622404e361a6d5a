//! Retention of ended runs: the policy, and the decision when to evict.
//!
//! Runs that have not ended are always kept, and copied when others are evicted; so a pass waits until the evicted
//! runs pay for the copy. The eviction itself is in `evict`.

use std::fmt;
use std::str::FromStr;

use super::{Eviction, Store};

/// Policy for the number of ended runs to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ended {
    /// As many as the memory holds.
    #[default]
    Fitting,
    /// At least this many of the latest, within the memory.
    Latest(usize),
    /// All, regardless of memory.
    All,
}

impl FromStr for Ended {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        match typed {
            "auto" => Ok(Self::Fitting),
            "all" => Ok(Self::All),
            number => {
                number.replace([',', '_'], "").parse().map(Self::Latest).map_err(|_| {
                    "give `auto`, `all`, or how many of the latest ended runs to keep".to_owned()
                })
            }
        }
    }
}

/// Formatted as the user types it.
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fitting => f.write_str("auto"),
            Self::All => f.write_str("all"),
            Self::Latest(n) => write!(f, "{n}"),
        }
    }
}

/// Retention policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retain {
    /// The ended runs to keep.
    pub ended: Ended,
    /// Memory bound in bytes for runs and the kept past; also holds while an eviction copies the store.
    pub memory: usize,
}

impl Default for Retain {
    fn default() -> Self {
        Self { ended: Ended::default(), memory: 2 << 30 }
    }
}

/// Share of the memory at which runs are evicted: during the copy, old and new store coexist.
const FULL_SHARE: (usize, usize) = (1, 2);

/// Minimum number of runs above [`Ended::Latest`] before any is evicted.
const MIN_SURPLUS_RUNS: usize = 1000;

/// Maximum ratio of all runs to evictable runs at which a pass pays for itself, since the others are copied.
const MAX_RUNS_PER_EVICTABLE: usize = 3;

/// Share of evictable runs from which on the copy is small, in time and in memory.
const NEARLY_ALL_SHARE: (usize, usize) = (7, 8);

/// Minimum growth since the last pass, as a ratio, for a large copy.
const MIN_GROWTH_SHARE: (usize, usize) = (5, 4);

/// Size in bytes below which a copy is negligible.
const SMALL_COPY_BYTES: usize = 1 << 20;

/// Maximum number of rows copied per evicted row. After a more expensive pass, the next one waits for more ended
/// runs.
const MAX_COPIED_PER_EVICTED: usize = 8;

/// Number of runs kept for other reasons, such as pins, that do not trigger a pass.
const MAX_IGNORED_PINS: usize = 8;

/// Minimum size in bytes of a run that has not ended, with its task.
const MIN_LIVE_RUN_BYTES: usize = 200;

/// Urgency of an eviction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// More lines follow at once: an early pass costs more than it frees.
    Reading,
    /// No line is pending: the bound is enforced now.
    AtRest,
}

/// Cost of eviction in rows: runs, tasks, state changes and attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Kept rows that were copied.
    pub copied: usize,
    /// Rows that were evicted.
    pub evicted: usize,
}

/// Reason why a store exceeds the memory bound though no more ended runs can be evicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Live runs exceed it by themselves.
    Live,
    /// Live runs together with tasks and the kept past exceed it.
    Shared,
    /// Tasks and the kept past exceed it: every run has ended.
    Rest,
}

impl Excess {
    /// Sentence for the user.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Live => "runs that have not ended take more than --memory: they are kept all the same",
            Self::Shared => {
                "runs that have not ended, tasks and the last lines take more than --memory: they are kept all the same"
            }
            Self::Rest => "tasks and the last lines take more than --memory: they are kept all the same",
        }
    }
}

/// Applies the policy to one store.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    retain: Retain,
    /// Minimum number of evictable runs for a pass, from the cost of the last one.
    least: usize,
    /// Bytes after the last pass, or the largest size at which hardly any run could be evicted.
    left: usize,
    /// Cost of all passes.
    work: Work,
}

impl Retention {
    /// Begins to apply a policy.
    #[must_use]
    pub const fn new(retain: Retain) -> Self {
        Self { retain, least: 0, left: 0, work: Work { copied: 0, evicted: 0 } }
    }

    /// The policy.
    #[must_use]
    pub const fn rule(&self) -> Retain {
        self.retain
    }

    /// Cost of all passes so far.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.work
    }

    /// True if a size in bytes calls for eviction. Never true if all runs are kept.
    #[must_use]
    pub fn is_full(&self, bytes: usize) -> bool {
        self.retain.ended != Ended::All && bytes > self.full()
    }

    const fn full(&self) -> usize {
        self.retain.memory / FULL_SHARE.1 * FULL_SHARE.0
    }

    /// Number of ended runs to keep, if a pass is due. `beside` is the size in bytes of other data kept per run.
    #[must_use]
    pub fn due(&mut self, store: &mut Store, beside: usize, pace: Pace) -> Option<usize> {
        let (runs, ended, bytes) = (store.runs.len(), store.n_ended(), store.bytes() + beside);
        let evictable = ended - self.wanted(store, bytes)?.min(ended);
        if evictable == 0 || evictable < self.least {
            return None;
        }
        if evictable < runs / NEARLY_ALL_SHARE.1 {
            // The growth is mostly live runs, which no eviction would have prevented.
            self.left = self.left.max(bytes);
        }
        let is_worth_it = evictable >= runs.div_ceil(MAX_RUNS_PER_EVICTABLE);
        let has_grown = bytes >= self.left / MIN_GROWTH_SHARE.1 * MIN_GROWTH_SHARE.0;
        let copy = (bytes / runs.max(1)).saturating_mul(runs - evictable);
        let is_cheap = evictable >= runs / NEARLY_ALL_SHARE.1 * NEARLY_ALL_SHARE.0 || copy < SMALL_COPY_BYTES;
        (is_worth_it && (is_cheap || has_grown || pace == Pace::AtRest)).then_some(ended - evictable)
    }

    /// Number of ended runs to keep in a store of this size; `None` for all.
    fn wanted(&self, store: &Store, bytes: usize) -> Option<usize> {
        let ended = store.n_ended();
        let latest = match self.retain.ended {
            Ended::All => return None,
            Ended::Latest(n) => (ended > n + (n / 2).max(MIN_SURPLUS_RUNS)).then_some(n),
            Ended::Fitting => None,
        };
        let fitting = self.is_full(bytes).then(|| {
            let runs = store.runs.len();
            // Half of the full size leaves time before the next pass.
            let room = (self.full() / 2).saturating_mul(runs) / bytes.max(1);
            room.saturating_sub(runs - ended).min(ended / 2)
        });
        latest.into_iter().chain(fitting).min()
    }

    /// Evicts runs at once if a pass is due, for a caller that keeps no past and may block.
    pub fn apply(&mut self, store: &mut Store, pace: Pace) {
        while let Some(n_ended) = self.due(store, 0, pace) {
            let mut eviction = Eviction::begin(store, n_ended, [], []);
            while !eviction.advance(store, usize::MAX) {}
            let work = eviction.work(store);
            let ended = store.n_ended();
            drop(eviction.finish(store));
            self.done(work, ended - store.n_ended(), store.bytes());
        }
    }

    /// Records the outcome of a pass: its cost, the number of evicted runs, and the remaining bytes.
    pub fn done(&mut self, work: Work, n_evicted: usize, bytes: usize) {
        self.work.copied += work.copied;
        self.work.evicted += work.evicted;
        self.least =
            match work.copied.saturating_mul(n_evicted).checked_div(MAX_COPIED_PER_EVICTED * work.evicted) {
                // As many as would pay for the rows copied this time.
                Some(least) if n_evicted > 0 => least,
                _ => 2 * self.least.max(MAX_IGNORED_PINS),
            };
        self.left = bytes;
    }

    /// Reason why a store exceeds the memory bound and will continue to, if it does.
    #[must_use]
    pub fn excess(&self, store: &mut Store, beside: usize) -> Option<Excess> {
        let bytes = store.bytes() + beside;
        let (runs, ended) = (store.runs.len(), store.n_ended());
        if self.retain.ended == Ended::All || bytes <= self.retain.memory {
            return None;
        }
        let live = runs - ended;
        if live.saturating_mul(MIN_LIVE_RUN_BYTES) > self.retain.memory {
            return Some(Excess::Live);
        }
        // A pass follows soon.
        let rest = if live == 0 { Excess::Rest } else { Excess::Shared };
        (ended < runs.div_ceil(MAX_RUNS_PER_EVICTABLE).max(self.least).max(1)).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_as_it_is_typed() {
        for (typed, expected) in [
            ("auto", Ended::Fitting),
            ("all", Ended::All),
            ("0", Ended::Latest(0)),
            ("250000", Ended::Latest(250_000)),
        ] {
            assert_eq!((typed.parse(), expected.to_string()), (Ok(expected), typed.to_owned()));
        }
        assert_eq!("1,000".parse(), Ok(Ended::Latest(1000)));
        for wrong in ["", "some", "-1", "24h"] {
            assert!(wrong.parse::<Ended>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_is_evicted_of_a_store_without_ended_runs() {
        let retain = |ended, memory| Retention::new(Retain { ended, memory });
        let mut store = Store::of_no_engine();
        for (ended, memory) in [(Ended::Fitting, 0), (Ended::Latest(0), 0), (Ended::All, 0)] {
            assert_eq!(retain(ended, memory).due(&mut store, 1 << 40, Pace::AtRest), None, "{ended:?}");
        }
    }
}
