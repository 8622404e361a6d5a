//! Times that are not whole seconds since 1970: a problem, which is told once a log.

use super::{ProblemKind, Store};
use crate::model::place::Place;
use crate::model::time::unit::{Finer, Unit};

/// As many times that were never set, before the first one that is believed, are no accident.
const ZEROS: u32 = 4;

impl Store {
    /// Looks at the time of an event that is not believed. Small numbers are legal: an engine stamps with sequences what
    /// an operator asks for.
    #[cold]
    pub(super) fn look_at_time(&mut self, place: Place, sequence: u64, at: u64) {
        let time = &mut self.head.time;
        if time.is_odd_told || at == sequence {
            return;
        }
        let Some(unit) = Unit::of(at) else { return };
        // A counter may be all the time that a queue has.
        if unit == Unit::Counter {
            return;
        }
        if unit == Unit::Zero {
            time.zeros += 1;
            if time.latest() == 0 && time.zeros < ZEROS {
                return;
            }
        }
        self.tell_odd_time(place, sequence, &format!("the time {at}"), &unit.to_string());
    }

    /// Looks at a time that lies ahead, which may be as far off as it likes: at when a run is due, or a lease lapses.
    #[cold]
    pub(super) fn look_at_time_ahead(&mut self, place: Place, sequence: u64, at: u64) {
        if !self.head.time.is_odd_told
            && let Some(unit) = Finer::of(at)
        {
            self.tell_odd_time(place, sequence, &format!("the time {at}"), &unit.to_string());
        }
    }

    fn tell_odd_time(&mut self, place: Place, sequence: u64, which: &str, looks: &str) {
        self.head.time.is_odd_told = true;
        let reason = format!(
            "{which} is not in seconds since 1970: it {looks}. Ages and lengths by such times are not known. Only \
             the first is told"
        );
        self.note(ProblemKind::Time, place, Some(sequence), None, reason);
    }
}
