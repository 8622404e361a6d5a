//! Time travel of the store: moves all of its parts to another instant together.
//!
//! The caller knows which events lie between; the store knows only which cells they changed.

use super::Store;
use super::versioned::epoch::{Composite, TravelDirection, Versioned};

impl Store {
    /// Sets a savepoint; the first one opens an epoch. From then on, changes record before-images.
    pub fn save(&mut self) {
        Versioned::save(self);
    }

    /// Restores the state at the last savepoint, which stays.
    pub fn restore(&mut self) {
        Versioned::restore(self);
        self.forget_what_was_found();
    }

    /// Drops the last savepoint, so that [`Store::restore`] goes to the one before it.
    pub fn release(&mut self) {
        Versioned::release(self);
    }

    /// Closes the open epoch under the number `epoch`, and replaces the epoch that had it: the same events have been
    /// folded again.
    pub fn close(&mut self, epoch: usize) {
        Versioned::close(self, epoch);
    }

    /// Moves to the other end of a closed epoch, from one of its ends. Returns the number of changed cells, which is
    /// the cost.
    pub fn cross(&mut self, epoch: usize, direction: TravelDirection) -> usize {
        self.forget_what_was_found();
        Versioned::cross(self, epoch, direction)
    }

    /// Drops a closed epoch, which cannot be crossed after that.
    pub fn forget(&mut self, epoch: usize) {
        Versioned::forget(self, epoch);
    }

    /// Approximate size in bytes, before-images included. Cheap at any number of runs.
    pub fn bytes(&mut self) -> usize {
        let task_runs = self.task_runs.capacity() * size_of::<(super::TaskKey, Vec<super::RunKey>)>()
            + self.cold_records.len() * size_of::<super::RunKey>();
        let found = self.index.bytes() + self.task_index.bytes() + self.attempts.index_bytes();
        Versioned::bytes(self)
            + self.names.bytes()
            + self.id_texts.bytes()
            + self.specs.bytes()
            + found
            + task_runs
    }

    fn forget_what_was_found(&mut self) {
        self.end_prefetch();
        self.attempts.forget_firsts();
    }
}

impl Composite for Store {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        // All parts that an event may change; a part missing here would stay in the future.
        let Self {
            rules: _,
            states: _,
            unit: _,
            terminal: _,
            succeeded: _,
            running: _,
            parked: _,
            head,
            runs,
            cold_records,
            rare_fields,
            workers,
            prefetched: _,
            changes,
            attempts,
            leases,
            stamps,
            index,
            lanes,
            near_cap,
            tasks,
            task_rests,
            specs,
            task_index,
            task_runs: _,
            names,
            // The text of a digest is the same at every instant.
            id_texts: _,
            side,
            problems,
        } = self;
        let parts: [&mut dyn Versioned; 15] = [
            head,
            runs,
            cold_records,
            rare_fields,
            workers,
            changes,
            attempts,
            leases,
            stamps,
            index,
            tasks,
            task_rests,
            specs,
            task_index,
            names,
        ];
        parts.into_iter().for_each(&mut *of);
        lanes.iter_mut().chain(near_cap).for_each(|lane| of(lane));
        of(&mut **side);
        of(problems);
    }
}
