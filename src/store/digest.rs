//! A store in one number: two stores of one number answer every question alike, now and after any further event.
//!
//! By this the tests hold going back in time to a fresh fold. Slow, and honest: nothing that a rule or a reader could
//! see is left out, the order of lanes included.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hasher};

use super::Store;

impl Store {
    /// The digest of everything that the store knows at the instant at hand. Costs what writing all of it would.
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
