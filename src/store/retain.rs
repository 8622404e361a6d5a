//! How many runs that have ended are kept: the rule, and when it is time to apply it.
//!
//! Runs that have not ended are always kept, and copied when others are evicted; so a pass waits until those that it
//! evicts pay for the copy. How it is done is in `thin`.

use std::fmt;
use std::str::FromStr;

use super::{Eviction, Store};

/// Which runs that have ended are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ended {
    /// As many as there is memory for.
    #[default]
    Fitting,
    /// At least the latest so many, as far as there is memory for them.
    Latest(usize),
    /// All of them, whatever they take.
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

/// As it is typed.
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fitting => f.write_str("auto"),
            Self::All => f.write_str("all"),
            Self::Latest(n) => write!(f, "{n}"),
        }
    }
}

/// The rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retain {
    /// Which runs that have ended are kept.
    pub ended: Ended,
    /// What runs may take, in bytes, with what is kept of the past; also while the store is made anew with fewer runs.
    pub memory: usize,
}

impl Default for Retain {
    fn default() -> Self {
        Self { ended: Ended::default(), memory: 2 << 30 }
    }
}

/// The share of the memory that a store takes when runs are evicted: while the rest is copied, both are there.
const FULL_SHARE: (usize, usize) = (1, 2);

/// Runs beyond the wanted number before any is evicted for it.
const MIN_SURPLUS_RUNS: usize = 1000;

/// The runs of a store, by one that can be evicted, at which a pass pays for itself: the others are copied.
const MAX_RUNS_PER_EVICTABLE: usize = 3;

/// A store of which this share can be evicted is copied at small cost, in time and in memory.
const NEARLY_ALL_SHARE: (usize, usize) = (7, 8);

/// Growth since the last pass, as a share, from which on a copy is made though it takes much memory itself.
const MIN_GROWTH_SHARE: (usize, usize) = (5, 4);

/// Bytes of a copy that is small beside everything else that is in memory.
const SMALL_COPY_BYTES: usize = 1 << 20;

/// Rows that a pass may copy for each that it evicts. After one that copied more, more runs have to end before the next.
const MAX_COPIED_PER_EVICTED: usize = 8;

/// Runs that may be kept for other reasons, which a pass is not made for.
const MAX_IGNORED_PINS: usize = 8;

/// Bytes that a run which has not ended takes at least, with its task.
const MIN_LIVE_RUN_BYTES: usize = 200;

/// The situation in which it is asked whether runs are to be evicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// More lines follow at once: what is a little early costs more than it frees.
    Reading,
    /// No line waits: the bound is to hold now.
    AtRest,
}

/// Rows of a store that eviction copied, and those that it freed: runs, tasks, changes of state and attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Rows that were copied because they are kept.
    pub copied: usize,
    /// Rows that are gone.
    pub evicted: usize,
}

/// The reason why a store takes more than the memory, though no more ended runs can be evicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Runs that have not ended do by themselves.
    Live,
    /// They do together with tasks and what is kept of the past.
    Shared,
    /// Tasks and what is kept of the past do: every run has ended.
    Rest,
}

impl Excess {
    /// The sentence for the user.
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

/// The rule, as it is applied to one store.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    retain: Retain,
    /// The least number of runs that a pass is made for, by what the last one copied and evicted.
    least: usize,
    /// Bytes that the last pass left, or that were there while next to nothing could be evicted.
    left: usize,
    /// The work of all passes.
    work: Work,
}

impl Retention {
    /// Begins to apply a rule.
    #[must_use]
    pub const fn new(retain: Retain) -> Self {
        Self { retain, least: 0, left: 0, work: Work { copied: 0, evicted: 0 } }
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> Retain {
        self.retain
    }

    /// The work of all passes so far.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.work
    }

    /// Whether so many bytes are too many for all that could be kept.
    #[must_use]
    pub fn is_full(&self, bytes: usize) -> bool {
        self.retain.ended != Ended::All && bytes > self.full()
    }

    const fn full(&self) -> usize {
        self.retain.memory / FULL_SHARE.1 * FULL_SHARE.0
    }

    /// The number of ended runs to keep of a store, if it is time to evict others. `beside` is what else is kept of its
    /// runs, in bytes.
    #[must_use]
    pub fn due(&mut self, store: &mut Store, beside: usize, pace: Pace) -> Option<usize> {
        let (runs, ended, bytes) = (store.runs.len(), store.n_ended(), store.bytes() + beside);
        let evictable = ended - self.wanted(store, bytes)?.min(ended);
        if evictable == 0 || evictable < self.least {
            return None;
        }
        if evictable < runs / NEARLY_ALL_SHARE.1 {
            // What has come since is mostly live, and no eviction would have kept it small.
            self.left = self.left.max(bytes);
        }
        let is_worth_it = evictable >= runs.div_ceil(MAX_RUNS_PER_EVICTABLE);
        let has_grown = bytes >= self.left / MIN_GROWTH_SHARE.1 * MIN_GROWTH_SHARE.0;
        let copy = (bytes / runs.max(1)).saturating_mul(runs - evictable);
        let is_cheap = evictable >= runs / NEARLY_ALL_SHARE.1 * NEARLY_ALL_SHARE.0 || copy < SMALL_COPY_BYTES;
        (is_worth_it && (is_cheap || has_grown || pace == Pace::AtRest)).then_some(ended - evictable)
    }

    /// The number of ended runs to keep of a store of so many bytes; none when all are.
    fn wanted(&self, store: &Store, bytes: usize) -> Option<usize> {
        let ended = store.n_ended();
        let latest = match self.retain.ended {
            Ended::All => return None,
            Ended::Latest(n) => (ended > n + (n / 2).max(MIN_SURPLUS_RUNS)).then_some(n),
            Ended::Fitting => None,
        };
        let fitting = self.is_full(bytes).then(|| {
            let runs = store.runs.len();
            // Half of what is full leaves time until it is due again.
            let room = (self.full() / 2).saturating_mul(runs) / bytes.max(1);
            room.saturating_sub(runs - ended).min(ended / 2)
        });
        latest.into_iter().chain(fitting).min()
    }

    /// Evicts runs at once, if it is time, for a caller that keeps nothing of the past and may take long.
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

    /// Takes in the outcome of a pass: its work, the runs that it evicted, and the bytes that are left.
    pub fn done(&mut self, work: Work, n_evicted: usize, bytes: usize) {
        self.work.copied += work.copied;
        self.work.evicted += work.evicted;
        self.least =
            match work.copied.saturating_mul(n_evicted).checked_div(MAX_COPIED_PER_EVICTED * work.evicted) {
                // As many as pay for what was copied this time, if the next are like these.
                Some(least) if n_evicted > 0 => least,
                _ => 2 * self.least.max(MAX_IGNORED_PINS),
            };
        self.left = bytes;
    }

    /// The reason why a store takes more than the memory and will go on to, if it does.
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
        // A pass is made before long.
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
