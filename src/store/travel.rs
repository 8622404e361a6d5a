//! Going to another instant: every part of the store at once.
//!
//! Whoever calls these knows which events lie between; the store knows only what they changed.

use super::Store;
use super::versioned::epoch::{Composite, TravelDirection, Versioned};

impl Store {
    /// Sets a savepoint here; the first one opens an epoch. From then on what events change is kept as it was.
    pub fn save(&mut self) {
        Versioned::save(self);
    }

    /// Becomes what it was at the last savepoint, which stays.
    pub fn restore(&mut self) {
        Versioned::restore(self);
        self.forget_what_was_found();
    }

    /// Forgets the last savepoint, so that [`Store::restore`] goes to the one before it.
    pub fn release(&mut self) {
        Versioned::release(self);
    }

    /// Ends the open epoch, as number `epoch`. What was the epoch of that number is forgotten: the same events have
    /// been folded again.
    pub fn close(&mut self, epoch: usize) {
        Versioned::close(self, epoch);
    }

    /// Goes to the other end of a closed epoch, at one of whose ends the store is. Says how many cells were changed,
    /// which is what it costs.
    pub fn cross(&mut self, epoch: usize, direction: TravelDirection) -> usize {
        self.forget_what_was_found();
        Versioned::cross(self, epoch, direction)
    }

    /// Lets go of a closed epoch: it cannot be crossed any more.
    pub fn forget(&mut self, epoch: usize) {
        Versioned::forget(self, epoch);
    }

    /// The bytes that it takes, about, with what it keeps of other instants. Costs little however many runs there are.
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
        // Everything that an event may change; a part that is left out here would stay in the future.
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
        let parts: [&mut dyn Versioned; 14] = [
            head,
            runs,
            cold_records,
            rare_fields,
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
