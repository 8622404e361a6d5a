//! The past beyond what is kept: the log folded again from its first line on, beside the store of the present.
//!
//! It costs what reading the log costs, and a second store while somebody is there.

use super::{Goal, Grain, History, Keep, Start};
use crate::engine::reread::Batches;
use crate::source::reread::{Gone, Reread};
use crate::store::{Retain, Rules};

/// The log from its first line to as far as somebody wanted to look.
#[derive(Debug)]
pub(super) struct Older {
    pub(super) history: Box<History>,
    /// The epoch whose lines are read, by its number in the history that this one is older than.
    epoch: usize,
    again: Option<Batches>,
    /// The highest sequence and the latest instant that were folded.
    reached: (u64, u64),
}

impl Older {
    pub(super) fn new(rules: Rules, retain: Retain, grain: Grain) -> Self {
        let history = History::new(rules, Keep::Lines(u64::MAX)).with_grain(grain).retaining(retain);
        Self { history: Box::new(history), epoch: 0, again: None, reached: (0, 0) }
    }

    /// Goes some way to an instant, and says whether it is there. `starts` are the epochs of the whole log, which has
    /// `edge` lines.
    pub(super) fn seek(
        &mut self,
        goal: Goal,
        (starts, edge): (&[Start], u64),
        log: &dyn Reread,
    ) -> Result<bool, Gone> {
        if self.history.is_forgotten(goal) {
            // It let go of runs on the way; so the way begins anew.
            *self = Self::new(self.history.store.rules(), self.history.retention.rule(), self.history.grain);
        }
        let is_folded = match goal {
            Goal::Position(position) => self.history.edge() >= position,
            Goal::Sequence(sequence) => self.reached.0 >= sequence,
            Goal::Time(at) => self.reached.1 > at,
        };
        if is_folded {
            return self.history.seek(goal, log);
        }
        if !self.history.is_at_edge() {
            return self.history.seek(Goal::Position(self.history.edge()), log).map(|_| false);
        }
        if self.history.is_thinning() {
            self.history.thin(&[]);
        } else {
            self.fold_more((starts, edge), log)?;
        }
        Ok(false)
    }

    /// Folds the next lines. Only at the edge.
    fn fold_more(&mut self, (starts, edge): (&[Start], u64), log: &dyn Reread) -> Result<(), Gone> {
        let Some(start) = starts.get(self.epoch) else { return Err(Gone::Closed) };
        let end = starts.get(self.epoch + 1).map_or(edge, |next| next.position);
        let again = match &mut self.again {
            Some(again) => again,
            None => self.again.insert(Batches::open(log, start.place, start.vocabulary)?),
        };
        let batch = again.read()?.ok_or(Gone::Overwritten)?;
        let left = end - self.history.edge();
        let is_first = self.history.edge() == start.position;
        if is_first
            && let Some(first) = batch.content().entries.first()
            && !first.place.before_hole(first.nuls).is_same(start.place)
        {
            return Err(Gone::Overwritten);
        }
        self.history.fold_first(&batch, usize::try_from(left).unwrap_or(usize::MAX));
        let store = self.history.store();
        self.reached = (store.highest_sequence(), store.latest_at());
        if self.history.edge() == end {
            self.epoch += 1;
            self.again = None;
        }
        Ok(())
    }
}
