//! How many runs that have ended are kept: the rule, and when it is time to apply it.
//!
//! Runs that have not ended are always kept. How runs are let go of is in `thin`.

use std::fmt;
use std::str::FromStr;

use super::{Store, Thinning};

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

/// Of a store that is at so much of the memory, a part is let go of: while the rest is made anew, both are there.
const FULL: (usize, usize) = (1, 2);

/// More than as many as wanted are let go of together, since it takes looking at every run.
const LEAST: usize = 1000;

/// The rule, as it is applied to one store.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    retain: Retain,
    /// The bytes at which there is too little memory left.
    full: usize,
}

impl Retention {
    /// Begins to apply a rule.
    #[must_use]
    pub const fn new(retain: Retain) -> Self {
        Self { retain, full: retain.memory / FULL.1 * FULL.0 }
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> Retain {
        self.retain
    }

    /// How many ended runs are to be kept of a store, if it is time to let go of some. `beside` is what else is kept of
    /// its runs, in bytes.
    #[must_use]
    pub fn due(&self, store: &mut Store, beside: usize) -> Option<usize> {
        let ended = store.n_ended();
        let latest = match self.retain.ended {
            Ended::All => return None,
            Ended::Latest(n) => (ended > n + (n / 2).max(LEAST)).then_some(n),
            Ended::Fitting => None,
        };
        // The half leaves time until it is due again.
        let fitting = (ended > 0 && store.bytes() + beside > self.full).then_some(ended / 2);
        latest.into_iter().chain(fitting).min()
    }

    /// Lets go of runs at once, if it is time, for who keeps nothing of the past and has nobody waiting.
    pub fn apply(&mut self, store: &mut Store) {
        let Some(n_ended) = self.due(store, 0) else { return };
        let mut thinning = Thinning::begin(store, n_ended, []);
        while !thinning.advance(store, usize::MAX) {}
        drop(thinning.finish(store));
        self.done(store.bytes());
    }

    /// Some were let go of, and this is what is left in bytes. Where runs that have not ended take most of the memory, it
    /// is due again only when there are many more.
    pub fn done(&mut self, bytes: usize) {
        self.full = (self.retain.memory / FULL.1 * FULL.0).max(bytes / 4 * 5);
    }

    /// Whether what is left after the last time takes more than the memory allows.
    #[must_use]
    pub const fn is_exceeded(&self) -> bool {
        self.full > self.retain.memory
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
    fn nothing_is_let_go_of_before_it_is_due() {
        let retain = |ended, memory| Retention::new(Retain { ended, memory });
        let mut store = Store::default();
        for (ended, memory) in [(Ended::Fitting, 0), (Ended::Latest(0), 0), (Ended::All, 0)] {
            assert_eq!(retain(ended, memory).due(&mut store, 1 << 40), None, "{ended:?}");
        }
    }

    #[test]
    fn live_runs_that_take_all_memory_do_not_have_it_done_again_and_again() {
        let mut retention = Retention::new(Retain { ended: Ended::Fitting, memory: 1000 });
        assert_eq!((retention.full, retention.is_exceeded()), (500, false));
        retention.done(300);
        assert_eq!((retention.full, retention.is_exceeded()), (500, false));
        retention.done(1000);
        assert_eq!((retention.full, retention.is_exceeded()), (1250, true));
        retention.done(40);
        assert_eq!((retention.full, retention.is_exceeded()), (500, false));
    }
}
