//! Digest of a store: two stores with the same digest answer every question alike, now and after any further event.
//!
//! The tests use it to compare time travel with a fresh fold. Slow and complete: it covers all that a rule or a
//! reader can see, the order of lanes included.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hasher};

use super::Store;

impl Store {
    /// Digest of the store at the current instant. Costs as much as printing all of it.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut digest = Digest(DefaultHasher::new());
        digest.add(&self.rules);
        digest.add(&self.head.value);
        for key in self.keys() {
            digest.add(&self.run(key));
            digest.add(&self.life(key));
            digest.add(&self.rare(key).near_lane);
            for (link, _) in self.attempts.latest(self.record(key).attempt) {
                digest.add(&(self.attempts.end(link), self.attempts.rest(link)));
            }
            digest.add(&self.find(self.record(key).id));
        }
        for lane in self.lanes.iter().chain(&self.near_cap) {
            digest.add(&lane.latest(0).collect::<Vec<_>>());
        }
        for key in self.task_keys() {
            digest.add(&self.task(key));
            digest.add(&self.find_task(self.task(key).id));
        }
        digest.add(&self.names.known());
        digest.add(&self.attempts.n_indexed());
        self.side.digest(&mut |what| digest.add(what));
        digest.add(&self.problems.kept());
        digest.add(&super::ProblemKind::ALL.iter().map(|kind| self.problems.of(*kind)).collect::<Vec<_>>());
        digest.0.finish()
    }
}

struct Digest(DefaultHasher);

impl Digest {
    fn add(&mut self, what: &dyn Debug) {
        self.0.write(format!("{what:?}").as_bytes());
        self.0.write_u8(0xFF);
    }
}
