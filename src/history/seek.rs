//! Going to an instant, a bounded piece at a time, so that a frame drawn in between shows an instant that
//! was.

use super::goal::{Goal, Point, fold_to};
use super::refold::Older;
use super::{CHUNK, History, Start};
use crate::engine::batch::{Batch, Decoder};
use crate::engine::reread::Batches;
use crate::source::reread::{Gone, Reread};
use crate::store::TravelDirection;

/// Lines that are folded again in one piece.
const PIECE_LINES: u64 = 8 * CHUNK as u64;
/// Cells that are changed in one piece by crossing epochs.
const PIECE_CELLS: usize = 1 << 16;

/// Where the store is among the epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SeekState {
    /// At the start of an epoch, which need not have begun; none is open.
    Before(usize),
    /// In an epoch, which is open.
    In(usize),
}

/// The lines of an epoch, read again.
#[derive(Debug)]
pub(super) struct Loaded {
    epoch: usize,
    again: Batches,
    /// Each with the position before its first line.
    batches: Vec<(u64, Batch)>,
    /// Lines that are there, and are what they were.
    until: u64,
}

impl History {
    /// Goes some way to an instant, and says whether it is there. Costs about a millisecond, wherever the goal is.
    ///
    /// # Errors
    /// When lines that would have to be folded again are gone. The instant at hand is then one of those between, and any
    /// other can be gone to.
    pub fn seek(&mut self, goal: Goal, log: &dyn Reread) -> Result<bool, Gone> {
        let goal = match goal {
            Goal::Position(position) => Goal::Position(position.min(self.edge)),
            other => other,
        };
        if self.is_forgotten(goal) {
            let (retain, grain) = (self.retention.rule(), self.grain);
            let older = self.older.get_or_insert_with(|| Older::new(&self.store, retain, grain));
            return older.seek(goal, (&self.starts, self.edge), log);
        }
        self.older = None;
        let Some(epoch) = self.epoch_of(goal) else { return Ok(self.seek_border(self.starts.len())) };
        if self.stand == SeekState::In(epoch) {
            return self.seek_inside(epoch, goal, log);
        }
        if goal == Goal::Position(self.starts[epoch].position) {
            return Ok(self.seek_border(epoch));
        }
        if self.stand != SeekState::Before(epoch) {
            self.seek_border(epoch);
            return Ok(false);
        }
        if !self.load(epoch, log)? {
            return Ok(false);
        }
        self.reopen(epoch);
        self.seek_inside(epoch, goal, log)
    }

    /// Goes all the way, for a caller that has nothing else to do.
    ///
    /// # Errors
    /// As [`History::seek`].
    pub fn go(&mut self, goal: Goal, log: &dyn Reread) -> Result<(), Gone> {
        while !self.seek(goal, log)? {}
        Ok(())
    }

    /// The epoch that has the instant, not as its end but for the last one; none for the edge, when no epoch is open
    /// there.
    fn epoch_of(&self, goal: Goal) -> Option<usize> {
        let kept = &self.starts[self.oldest..];
        let epoch = self.oldest + kept.partition_point(|start| !goal.is_past(start.point())).max(1) - 1;
        let at_edge = goal == Goal::Position(self.edge);
        let is_there = epoch < self.starts.len() && !(at_edge && self.stand != SeekState::In(epoch));
        is_there.then_some(epoch)
    }

    /// Returns true if the instant is before what is kept.
    pub(super) fn is_forgotten(&self, goal: Goal) -> bool {
        match self.starts.get(self.oldest) {
            Some(start) => goal.is_past(start.point()),
            // Nothing was kept before here.
            None => self.oldest > 0 && goal.is_past(Point::of(&self.store)),
        }
    }

    /// Where an epoch ends.
    fn end_of(&self, epoch: usize) -> u64 {
        self.starts.get(epoch + 1).map_or(self.edge, |start| start.position)
    }

    /// Goes some way to the start of an epoch, and says whether it is there.
    fn seek_border(&mut self, epoch: usize) -> bool {
        if let SeekState::In(open) = self.stand {
            // An epoch is closed at its end, where what it changed is known whole.
            if self.position < self.end_of(open) {
                self.fold_again(Goal::Position(self.end_of(open)));
                return false;
            }
            self.close();
        }
        let SeekState::Before(mut here) = self.stand else { return false };
        let mut cells = 0;
        while here != epoch && cells < PIECE_CELLS {
            let direction = if here > epoch { TravelDirection::Back } else { TravelDirection::Forward };
            let crossed = if direction == TravelDirection::Back { here - 1 } else { here };
            cells += self.store.cross(crossed, direction);
            here = if direction == TravelDirection::Back { crossed } else { crossed + 1 };
        }
        self.stand = SeekState::Before(here);
        self.position = self.starts.get(here).map_or(self.edge, |start| start.position);
        here == epoch
    }

    /// Goes some way inside the open epoch.
    fn seek_inside(&mut self, epoch: usize, goal: Goal, log: &dyn Reread) -> Result<bool, Gone> {
        if goal == Goal::Position(self.position) {
            return Ok(true);
        }
        let goes_back = goal.is_past(Point::of(&self.store));
        if !goes_back && self.position == self.end_of(epoch) {
            return Ok(true);
        }
        // What is at the edge was not read again yet.
        if !self.load(epoch, log)? {
            return Ok(false);
        }
        if goes_back {
            while self.saves.len() > 1 && self.saves.last().is_some_and(|save| goal.is_past(save.point())) {
                self.store.restore();
                self.store.release();
                self.saves.pop();
            }
            self.store.restore();
            self.position = self.saves.last().map_or(self.position, |save| save.position);
        }
        Ok(self.fold_again(goal))
    }

    /// Folds lines of the open epoch again, until the goal or the epoch's end, or for a piece. Says whether it is there.
    fn fold_again(&mut self, goal: Goal) -> bool {
        let SeekState::In(epoch) = self.stand else { return true };
        let end = self.end_of(epoch);
        let stop = (self.position + PIECE_LINES).min(end);
        while self.position < stop {
            if let Some(last) = self.saves.last()
                && self.position - last.position >= self.grain.stride
            {
                let here = self.here_in(epoch);
                self.save(here);
            }
            if self.fold_chunk(goal, stop).unwrap_or(true) {
                return true;
            }
        }
        self.position == end
    }

    /// Folds the next lines up to a savepoint's distance, and says whether the goal was reached; nothing when the lines
    /// are not there.
    fn fold_chunk(&mut self, goal: Goal, stop: u64) -> Option<bool> {
        let stride = self.grain.stride;
        let Self { store, loaded, position, saves, .. } = self;
        let batches = &loaded.as_ref()?.batches;
        let index = batches.partition_point(|(from, _)| *from <= *position).checked_sub(1)?;
        let (from, batch) = &batches[index];
        let content = batch.content();
        let to_save = saves.last().map_or(stride, |save| (save.position + stride).saturating_sub(*position));
        let mut n = to_save.max(1).min(stop - *position);
        if let Goal::Position(to) = goal {
            n = n.min(to.saturating_sub(*position));
            if n == 0 {
                return Some(true);
            }
        }
        let first = usize::try_from(*position - from).ok()?;
        let last = content.len().min(first + usize::try_from(n).ok()?);
        if first >= last {
            return None;
        }
        let flow = fold_to(store, content, first..last, goal);
        *position = store.tally().lines;
        Some(flow.is_break())
    }

    /// Reads some lines of an epoch again, and says whether all of them are there.
    fn load(&mut self, epoch: usize, log: &dyn Reread) -> Result<bool, Gone> {
        let end = self.end_of(epoch);
        if self.loaded.as_ref().is_none_or(|loaded| loaded.epoch != epoch) {
            let Start { place, position, engine, .. } = self.starts[epoch];
            let again = Batches::open(log, place, Decoder::of(&self.store, place.generation(), engine))?;
            self.loaded = Some(Loaded { epoch, again, batches: Vec::new(), until: position });
        }
        let Some(loaded) = &mut self.loaded else { return Ok(false) };
        if loaded.until >= end {
            return Ok(true);
        }
        let batch = loaded.again.read()?.ok_or(Gone::Overwritten);
        let batch = batch.inspect_err(|_| self.loaded = None)?;
        let Some(loaded) = &mut self.loaded else { return Ok(false) };
        let from = loaded.until;
        for (line, record) in (from..end).zip(batch.content().records()) {
            let is_same = self.rows.place(line).is_some_and(|place| place.is_same(record.place()))
                && self.rows.run(line).is_none_or(|run| {
                    let id = self.store.id_of(run);
                    record.may_be_about(id)
                });
            if !is_same {
                self.loaded = None;
                return Err(Gone::Overwritten);
            }
        }
        loaded.until = end.min(from + batch.content().len() as u64);
        loaded.batches.push((from, batch));
        Ok(self.loaded.as_ref().is_some_and(|loaded| loaded.until >= end))
    }

    /// Returns the start of an epoch here, inside an epoch.
    fn here_in(&self, epoch: usize) -> Start {
        let Start { place, engine, .. } = self.starts[epoch];
        self.here(place, engine)
    }

    /// Opens an epoch at its start, to fold its lines again.
    fn reopen(&mut self, epoch: usize) {
        self.store.forget(epoch);
        self.stand = SeekState::In(epoch);
        self.save(self.starts[epoch]);
    }
}
