//! A set of runs as a bitmap: 125 kB for a million runs.

use crate::store::evict::Renumbering;
use crate::store::key::RunKey;

/// A set of runs, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSet {
    bits: Vec<u64>,
    /// Invariant: the number of set bits.
    len: usize,
}

impl RunSet {
    /// Number of runs in the set.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True if the set is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// True if the set contains a run.
    #[must_use]
    pub fn has(&self, run: RunKey) -> bool {
        self.bits.get(run.index() / 64).is_some_and(|word| word >> (run.index() % 64) & 1 == 1)
    }

    /// Inserts or removes a run; returns true if the set has changed.
    pub fn set(&mut self, run: RunKey, is_in: bool) -> bool {
        let (word, bit) = (run.index() / 64, 1 << (run.index() % 64));
        if is_in && word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        let Some(word) = self.bits.get_mut(word).filter(|word| (**word & bit != 0) != is_in) else {
            return false;
        };
        *word ^= bit;
        self.len = if is_in { self.len + 1 } else { self.len - 1 };
        true
    }

    /// Runs of the set, in order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = RunKey> + '_ {
        let words = self.bits.iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(index, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| RunKey::from_index(index * 64 + bit))
        })
    }

    /// Applies the new keys of runs. Evicted runs are removed.
    pub fn renumber(&mut self, renumbering: &Renumbering) {
        let before = std::mem::take(self);
        for run in before.iter().filter_map(|run| renumbering.now(run)) {
            self.set(run, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_is_a_set(steps in prop::collection::vec((0_usize..300, any::<bool>()), 0..200)) {
            let (mut set, mut model) = (RunSet::default(), BTreeSet::new());
            for (run, is_in) in steps {
                let was_new = if is_in { model.insert(run) } else { model.remove(&run) };
                prop_assert_eq!(set.set(RunKey::from_index(run), is_in), was_new);
                prop_assert_eq!((set.len(), set.is_empty()), (model.len(), model.is_empty()));
            }
            prop_assert!(set.iter().map(RunKey::index).eq(model.iter().copied()));
            prop_assert!((0..400).all(|run| set.has(RunKey::from_index(run)) == model.contains(&run)));
        }
    }
}
