//! Instants that do not count the log's unit since 1970: a problem, reported once per log.

use super::tally::OddTally;
use super::{ProblemKind, Store};
use crate::model::position::Position;
use crate::model::time::look::{self, Coarser, Look};

/// Number of unset instants, before the first believed one, from which on they are reported.
const MIN_REPORTED_ZEROS: u32 = 4;

impl Store {
    /// Examines an instant that is not believed. Small numbers are legal: an engine stamps operator actions with
    /// sequences.
    #[cold]
    pub(super) fn look_at_time(&mut self, place: Position, sequence: u64, at: u64) {
        let time = &mut self.head.time;
        if time.is_odd_reported || at == sequence {
            return;
        }
        let Some(look) = Look::of(at, self.unit) else { return };
        // A counter may be the only clock of a queue. A counter of events is never ahead of their sequence.
        if look == Look::Zero || (look == Look::Counter && at > sequence.saturating_add(1)) {
            time.first_odd.get_or_insert(OddTally { place, sequence, at });
        }
        if look == Look::Counter {
            return;
        }
        if look == Look::Zero {
            time.zeros += 1;
            if time.latest() == 0 && time.zeros < MIN_REPORTED_ZEROS {
                return;
            }
        }
        self.report_odd_time(place, sequence, &format!("the time {at}"), look);
    }

    /// Examines an instant in the future, such as a due time or the expiry of a lease; only another unit is a
    /// problem.
    #[cold]
    pub fn look_at_time_ahead(&mut self, place: Position, sequence: u64, at: u64) {
        if !self.head.time.is_odd_reported
            && let Some(finer) = look::finer(at, self.unit)
        {
            self.report_odd_time(place, sequence, &format!("the time {at}"), Look::Other(finer));
        }
    }

    /// Reports, at the end of a log, that none of its instants is believed. Counters of the log's own events are
    /// legal.
    pub fn end_times(&mut self) {
        let time = self.head.time;
        let Some(OddTally { place, sequence, at }) = time.first_odd.filter(|_| time.latest() == 0) else {
            return;
        };
        if time.is_odd_reported {
            return;
        }
        self.head.time.is_odd_reported = true;
        let unit = self.unit.name();
        let looks = match (at, Coarser::of(at)) {
            (0, _) => "was never set".to_owned(),
            (_, Some(coarser)) => format!("may be in {coarser} since 1970, or in {unit} since a start"),
            (_, None) => format!("may be in {unit} since a start"),
        };
        let reason = format!(
            "no time of the log is in {unit} since 1970: the first, {at}, {looks}. Ages and lengths are not known"
        );
        self.note(ProblemKind::Time, place, Some(sequence), None, reason);
    }

    fn report_odd_time(&mut self, place: Position, sequence: u64, which: &str, looks: Look) {
        self.head.time.is_odd_reported = true;
        let unit = self.unit.name();
        let reason = format!(
            "{which} is not in {unit} since 1970: it {looks}. Ages and lengths by such times are not known. Only \
             the first is told"
        );
        self.note(ProblemKind::Time, place, Some(sequence), None, reason);
    }
}
