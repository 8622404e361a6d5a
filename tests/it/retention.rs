//! Cost of eviction, and its result: rows are counted, not time.

use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::position::{Parts, Position};
use runwatch::store::{Ended, Excess, Pace, Retain, Retention, Store, Work};

/// A queue and a rule that is looked at after every 100 lines, as reports do.
struct Stage {
    store: Store,
    retention: Retention,
    line: u64,
}

impl Stage {
    fn new(ended: Ended, memory: usize) -> Self {
        Self {
            store: actionqueue::store(runwatch::store::Rules::default()),
            retention: Retention::new(Retain { ended, memory }),
            line: 0,
        }
    }

    fn fold(&mut self, event: &str) {
        self.line += 1;
        let text = format!(r#"{{"sequence":{},"event":{event}}}"#, self.line);
        let place = Position::new(Parts { line: self.line, offset: 0, len: 0, generation: 0 });
        actionqueue::fold::line(&mut self.store, place, text.as_bytes());
        if self.line.is_multiple_of(100) {
            self.retention.apply(&mut self.store, Pace::Reading);
        }
    }

    fn create(&mut self, runs: std::ops::Range<usize>) {
        for run in runs {
            self.fold(&format!(
                r#"{{"RunCreated":{{"run_instance":{{"id":"00000000-0000-4000-8000-{run:012x}","task_id":"10000000-0000-4000-8000-{run:012x}","state":"Scheduled","attempt_count":0,"created_at":1795196261,"scheduled_at":1795196261,"effective_priority":0}}}}}}"#
            ));
        }
    }

    fn end(&mut self, runs: std::ops::Range<usize>) {
        for run in runs {
            self.fold(&format!(
                r#"{{"RunStateChanged":{{"run_id":"00000000-0000-4000-8000-{run:012x}","previous_state":"Scheduled","new_state":"Canceled","timestamp":1795196262}}}}"#
            ));
        }
    }

    /// The log is at its end: how many ended runs are left, how many live ones, and all that there were.
    fn rest(&mut self) -> (usize, usize) {
        self.retention.apply(&mut self.store, Pace::AtRest);
        assert_eq!(self.store.count(RunState::Canceled), self.store.n_gone() + self.store.n_ended() as u64);
        (self.store.n_ended(), self.store.len() - self.store.n_ended())
    }
}

/// Runs that live together and then end: each that goes pays for three rows that stay, however few are wanted.
#[test]
fn eviction_costs_what_is_evicted_and_holds_its_bound_once_runs_have_ended() {
    const RUNS: usize = 20_000;
    for (ended, memory) in [
        (Ended::Latest(100), 1 << 30),
        (Ended::Latest(0), 1 << 30),
        (Ended::Fitting, 1 << 18),
        (Ended::Fitting, 1),
        (Ended::Latest(5000), 1 << 10),
    ] {
        let mut stage = Stage::new(ended, memory);
        stage.create(0..RUNS);
        stage.end(0..RUNS / 2);
        let case = format!("{ended:?} in {memory}");
        let half = stage.rest();
        assert!(half.0 < RUNS / 8 && half.1 == RUNS / 2, "{case}: {half:?}");
        stage.end(RUNS / 2..RUNS);
        let (left, live) = stage.rest();
        assert!(left <= 1100 && live == 0, "{case}: {left}");
        assert!(!stage.retention.is_full(stage.store.bytes()) || left == 0, "{case}: {left}");
        let Work { copied, evicted } = stage.retention.work();
        assert!(copied < 3 * evicted, "{case}: {copied} rows copied, {evicted} evicted");
        assert_eq!(stage.retention.excess(&mut stage.store, 0).is_some(), memory < 1 << 16, "{case}");
    }
}

/// A queue of which most runs never end, and some do all the time.
#[test]
fn many_live_runs_are_not_copied_for_each_few_that_end() {
    for (ended, memory) in [(Ended::Latest(0), 1 << 30), (Ended::Fitting, 1)] {
        let mut stage = Stage::new(ended, memory);
        stage.create(0..5000);
        for from in (5000..40_000).step_by(500) {
            stage.create(from..from + 500);
            stage.end(from..from + 500);
            assert!(stage.store.n_ended() <= 4000, "{}", stage.store.n_ended());
        }
        let Work { copied, evicted } = stage.retention.work();
        assert!(copied < 3 * evicted && evicted > 90_000, "{copied} rows copied, {evicted} evicted");
        assert!(stage.rest().0 <= 4000);
    }
}

/// A run with more attempts than all others together is copied with all of them.
#[test]
fn what_is_dear_to_keep_is_copied_for_more_runs_each_time() {
    let mut stage = Stage::new(Ended::Latest(0), 1 << 30);
    stage.fold(
        r#"{"RunCreated":{"run_instance":{"id":"20000000-0000-4000-8000-000000000000","task_id":"20000000-0000-4000-8000-000000000001","state":"Ready","attempt_count":0,"created_at":1795196261,"scheduled_at":1795196261,"effective_priority":0}}}"#,
    );
    for _ in 0..50_000 {
        for (from, to) in [("Ready", "Leased"), ("Leased", "Ready")] {
            stage.fold(&format!(
                r#"{{"RunStateChanged":{{"run_id":"20000000-0000-4000-8000-000000000000","previous_state":"{from}","new_state":"{to}","timestamp":1795196262}}}}"#
            ));
        }
    }
    for from in (0..40_000).step_by(1000) {
        stage.create(from..from + 1000);
        stage.end(from..from + 1000);
    }
    let Work { copied, evicted } = stage.retention.work();
    assert!(copied < 10 * evicted && evicted > 60_000, "{copied} rows copied, {evicted} evicted");
}

#[test]
fn what_takes_more_than_the_memory_is_named_only_while_it_does() {
    let mut stage = Stage::new(Ended::Fitting, 1 << 20);
    stage.create(0..20_000);
    assert_eq!(stage.retention.excess(&mut stage.store, 0), Some(Excess::Live));
    stage.end(0..20_000);
    stage.rest();
    assert_eq!(stage.retention.excess(&mut stage.store, 0), None);
}
