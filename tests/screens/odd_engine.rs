//! An engine that no file of runwatch knows: five states of its own, fed through the store's door, and shown, charted,
//! queried and counted like any other.

use std::fmt::Debug;

use runwatch::commands::stats::StatsReport;
use runwatch::history::Sample;
use runwatch::model::id::{RunId, TaskId};
use runwatch::model::kind::KindId;
use runwatch::model::position::Position;
use runwatch::model::states::{Phase, State, StateRow, StateSet, StateTable};
use runwatch::model::time::Unit;
use runwatch::query::{Query, QueryMatcher};
use runwatch::source::read_once::LogEnd;
use runwatch::store::versioned::epoch::{Composite, Versioned};
use runwatch::store::write::NewRun;
use runwatch::store::{Kept, Last, Rules, Side, Store, TaskEntry, TaskKey};
use serde_json::json;
use uuid::Uuid;

use crate::charts;
use crate::stage::Stage;

const NOW: u64 = 1_795_196_272;

const fn row(name: &'static str, [glyph, ascii, short]: [&'static str; 3], phase: Phase) -> StateRow {
    StateRow { name, label: name, short, glyph, ascii, phase, cancelable: false, next: StateSet::NONE }
}

/// In the engine's own order, which is not that of a run's life.
static ODD: StateTable = StateTable::new(&[
    row("Vanished", ["∅", "0", "Vanish"], Phase::Skipped),
    row("Humming", ["≈", "~", "Hum"], Phase::Running),
    row("Dreaming", ["☾", "z", "Dream"], Phase::Pending),
    row("Queued", ["□", "q", "Queue"], Phase::Ready),
    row("Blooming", ["❀", "b", "Bloom"], Phase::Succeeded),
]);

/// Data of such an engine itself: nothing.
#[derive(Debug)]
struct Own;

impl Composite for Own {
    fn each(&mut self, _: &mut dyn FnMut(&mut dyn Versioned)) {}
}

impl Side for Own {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn kind_name(&self, _: KindId) -> &'static str {
        "Moved"
    }

    fn needs(&self, _: TaskKey) -> bool {
        false
    }

    fn may_go_on(&self, _: &TaskEntry<'_>) -> bool {
        false
    }

    fn evicted(&self, _: &mut Kept<'_>) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn digest(&self, _: &mut dyn FnMut(&dyn Debug)) {}
}

fn state(name: &str) -> State {
    ODD.named(name).unwrap()
}

/// A log of such an engine: run `n` goes through as many of its states as `n` says, four seconds each.
fn log() -> Store {
    log_with_samples().0
}

/// The same, with what its charts are drawn of.
fn log_with_samples() -> (Store, Vec<Sample>) {
    let mut samples = Vec::new();
    let mut store = Store::new(Rules::Lenient, &ODD, Unit::Seconds, Box::new(Own));
    let mut sequence = 0;
    for number in 0_u64..24 {
        let begun = NOW - 300 + number;
        let ways = ["Dreaming", "Queued", "Humming", if number % 3 == 0 { "Vanished" } else { "Blooming" }];
        let mut key = None;
        for (step, name) in ways.iter().take(1 + number as usize % 5).enumerate() {
            sequence += 1;
            let (place, at) = (Position::default(), begun + 4 * step as u64);
            let (kind, id) =
                (KindId::new(0), RunId::from_uuid(Uuid::from_u128(u128::from(number + 1) << 96)));
            store.begin_event();
            store.take_sequence(place, sequence).unwrap();
            let last = Last::new(kind, sequence, place);
            match key {
                None => {
                    let run = NewRun {
                        id,
                        task: TaskId::from_uuid(Uuid::from_u128(u128::from(number / 6) + 7)),
                        state: state(name).id(),
                        attempt_count: 0,
                        failure_count: 0,
                        created_at: at,
                        scheduled_at: at,
                        priority: 0,
                        changed_at: at,
                        joined: false,
                    };
                    let new = store.insert_run(&run, last);
                    store.begin_history(new);
                    key = Some(new);
                }
                Some(key) => store.enter_state(key, state(name).id(), at, last),
            }
            store.applied_event(kind, place, sequence, Some(at));
            samples.push(Sample::of(sequence, &store));
        }
    }
    (store, samples)
}

fn screen(width: u16, height: u16, keys: &str) -> String {
    Stage::of_store(width, height, NOW, log()).press(keys).text()
}

#[test]
fn the_board_lists_its_states_by_phase_and_by_their_own_names() {
    let board = screen(120, 40, "");
    let at = |name: &str| board.find(name).unwrap_or_else(|| panic!("{name} is not in\n{board}"));
    let listed = ["Dreaming", "Queued", "Humming", "Blooming", "Vanished"].map(at);
    assert!(listed.is_sorted(), "{listed:?}\n{board}");
    assert!(["☾", "□", "≈", "❀", "∅"].into_iter().all(|glyph| board.contains(glyph)), "{board}");
    for foreign in ["Scheduled", "Leased", "RetryWait", "Completed", "Canceled"] {
        assert!(!board.contains(foreign), "{foreign}\n{board}");
    }
    insta::assert_snapshot!("board_120x40", board);
}

#[test]
fn the_charts_and_a_runs_page_show_them() {
    let (store, samples) = log_with_samples();
    let charts = charts::Stage::showing(store, samples, NOW).text((120, 40), 0);
    assert!(["Dreaming", "Humming"].into_iter().all(|name| charts.contains(name)), "{charts}");
    assert!(!charts.contains("Scheduled"), "{charts}");
    let page = screen(120, 40, "jj<enter>");
    assert!(page.contains("Vanished") || page.contains("Blooming") || page.contains("Dreaming"), "{page}");
    insta::assert_snapshot!("charts_120x40", charts);
}

#[test]
fn queries_ask_for_them_and_for_their_phases() {
    let store = log();
    for (text, expected) in [
        ("state:hum", store.count(state("Humming"))),
        ("state:Blooming", store.count(state("Blooming"))),
        ("state:parked", 0),
        ("state:running", store.count(state("Humming"))),
        ("ended", store.count(state("Blooming")) + store.count(state("Vanished"))),
    ] {
        match Query::parse(text, &ODD) {
            Ok(query) => {
                let mut sieve = QueryMatcher::new(&query);
                sieve.prepare(&store);
                let found = store.keys().filter(|key| sieve.judge(&store, *key, NOW).matches).count();
                assert_eq!(found as u64, expected, "{text}");
            }
            Err(error) => assert_eq!((expected, error.to_string().contains("parked")), (0, true), "{error}"),
        }
    }
    assert!(Query::parse("state:Scheduled", &ODD).is_err());
    let narrowed = screen(120, 40, "/state:hum<enter>");
    assert!(narrowed.contains("Humming"), "{narrowed}");
}

#[test]
fn reports_count_them() {
    let store = log();
    let report = serde_json::to_value(StatsReport::of("odd", &store, &LogEnd::default())).unwrap();
    let counts = |name| store.count(state(name));
    assert_eq!(
        report["states"],
        json!({
            "Vanished": counts("Vanished"), "Humming": counts("Humming"), "Dreaming": counts("Dreaming"),
            "Queued": counts("Queued"), "Blooming": counts("Blooming"),
        })
    );
    assert!(report["states"].as_object().unwrap().values().all(|count| *count != 0));
}
