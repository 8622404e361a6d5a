//! The past beyond what is kept: the log folded again from its first line on, beside the store of the present.
//!
//! It costs what reading the log costs, and a second store while the user is there.

use super::goal::{Goal, Point};
use super::{Grain, History, Keep, Start};
use crate::engine;
use crate::engine::batch::Decoder;
use crate::engine::reread::Batches;
use crate::source::reread::{Gone, Reread};
use crate::store::{Retain, Store};

/// The log from its first line to the line that the user wanted to see.
#[derive(Debug)]
pub(super) struct Older {
    pub(super) history: Box<History>,
    /// The epoch whose lines are read, by its number in the history that this one is older than.
    epoch: usize,
    again: Option<Batches>,
    /// The furthest that was folded.
    reached: Point,
}

impl Older {
    /// A history of the log of `store`, which knows the texts of its ids.
    pub(super) fn new(store: &Store, retain: Retain, grain: Grain) -> Self {
        let history = History::of(engine::store_like(store), Keep::Lines(u64::MAX)).with_grain(grain);
        let mut history = history.retaining(retain);
        history.store.adopt_id_texts(store);
        Self { history: Box::new(history), epoch: 0, again: None, reached: Point::default() }
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
            // It evicted runs on the way; so the way begins again.
            *self = Self::new(&self.history.store, self.history.retention.rule(), self.history.grain);
        }
        if goal.is_reached(self.reached) {
            return self.history.seek(goal, log);
        }
        if !self.history.is_at_edge() {
            return self.history.seek(Goal::Position(self.history.edge()), log).map(|_| false);
        }
        if self.history.is_thinning() {
            self.history.thin(&[], []);
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
            None => {
                let decoder = Decoder::of(self.history.store(), start.place.generation(), start.engine);
                self.again.insert(Batches::open(log, start.place, decoder)?)
            }
        };
        let batch = again.read()?.ok_or(Gone::Overwritten)?;
        let left = end - self.history.edge();
        let is_first = self.history.edge() == start.position;
        if is_first
            && let Some(first) = batch.content().records().next()
            && !first.place().before_hole(first.nuls()).is_same(start.place)
        {
            return Err(Gone::Overwritten);
        }
        self.history.fold_first(&batch, usize::try_from(left).unwrap_or(usize::MAX));
        self.reached = Point::of(self.history.store());
        if self.history.edge() == end {
            self.epoch += 1;
            self.again = None;
        }
        Ok(())
    }
}
