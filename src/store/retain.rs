//! How many runs that have ended are kept: the rule, and when it is time to apply it.
//!
//! Runs that have not ended are always kept. Must not know how runs are let go of.

use super::Store;

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
const FULL: (usize, usize) = (5, 8);

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
    fn nothing_is_let_go_of_before_it_is_due() {
        let retain = |ended, memory| Retention::new(Retain { ended, memory });
        let mut store = Store::default();
        for (ended, memory) in [(Ended::Fitting, 0), (Ended::Latest(0), 0), (Ended::All, 0)] {
            assert_eq!(retain(ended, memory).due(&mut store, 1 << 40), None, "{ended:?}");
        }
    }

    #[test]
    fn live_runs_that_take_all_memory_do_not_have_it_done_again_and_again() {
        let mut retention = Retention::new(Retain { ended: Ended::Fitting, memory: 800 });
        assert_eq!((retention.full, retention.is_exceeded()), (500, false));
        retention.done(300);
        assert_eq!((retention.full, retention.is_exceeded()), (500, false));
        retention.done(800);
        assert_eq!((retention.full, retention.is_exceeded()), (1000, true));
        retention.done(40);
        assert_eq!((retention.full, retention.is_exceeded()), (500, false));
    }
}
