//! A log whose instants are milliseconds, microseconds or nanoseconds: its rows, pages, charts and queries.

use std::fmt::Debug;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use runwatch::engine::waiting::Scene;
use runwatch::history::Sample;
use runwatch::model::facts::AttemptResult;
use runwatch::model::kind::KindId;
use runwatch::model::position::Position;
use runwatch::model::states::{Phase, StateId, StateRow, StateSet, StateTable};
use runwatch::model::time::Unit;
use runwatch::query::{LiveQuery, Query};
use runwatch::store::versioned::epoch::{Composite, Versioned};
use runwatch::store::write::{Ending, NewRun};
use runwatch::store::{Kept, Last, Lease, Rules, RunKey, Side, Store, TaskEntry, TaskKey};
use runwatch::ui::charts::ChartsPage;
use runwatch::ui::{RunPage, Theme};
use runwatch::view::attempts::Figures;
use runwatch::view::charts::{Axis, Charts};
use runwatch::view::detail::{Detail, DetailLines, Scroll};
use runwatch::view::{Clock, Ids, RunRow, Times};

const fn row(name: &'static str, phase: Phase) -> StateRow {
    let cancelable = !phase.is_terminal();
    StateRow {
        name,
        label: name,
        short: name,
        glyph: "*",
        ascii: "*",
        phase,
        cancelable,
        next: StateSet::NONE,
    }
}

const IDLE: StateId = StateId::new(0);
const BUSY: StateId = StateId::new(1);
const FINE: StateId = StateId::new(2);

static STATES: StateTable =
    StateTable::new(&[row("Idle", Phase::Ready), row("Busy", Phase::Running), row("Fine", Phase::Succeeded)]);

/// 2026-11-20 17:37:41 in UTC.
const SECOND: u64 = 1_795_196_261;

static CLOCK: Clock = Clock::utc();

/// An engine that has no data of its own.
#[derive(Debug)]
struct Plain;

impl Composite for Plain {
    fn each(&mut self, _: &mut dyn FnMut(&mut dyn Versioned)) {}
}

impl Side for Plain {
    fn empty(&self) -> Box<dyn Side> {
        Box::new(Self)
    }

    fn kind_name(&self, _: KindId) -> &'static str {
        "Changed"
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

/// A store of one unit, and its course.
struct Field {
    store: Store,
    samples: Vec<Sample>,
    sequence: u64,
}

impl Field {
    fn of(unit: Unit) -> Self {
        let store = Store::new(Rules::Lenient, &STATES, unit, Box::new(Plain));
        Self { store, samples: vec![], sequence: 0 }
    }

    /// An event at an instant.
    fn tell(&mut self, at: u64, change: impl FnOnce(&mut Store, Last)) {
        let (kind, place) = (KindId::new(1), Position::default());
        self.sequence += 1;
        self.store.begin_event();
        self.store.take_sequence(place, self.sequence).unwrap();
        change(&mut self.store, Last::new(kind, self.sequence, place));
        self.store.applied_event(kind, place, self.sequence, Some(at));
        self.samples.push(Sample::of(self.sequence, &self.store));
    }

    /// A run that is ready, executes and has ended at these instants, as far as there are instants.
    fn run(&mut self, number: u64, instants: &[u64]) -> RunKey {
        let id = |of: u64| format!("{:032x}", of << 16 | 1);
        let (id, task, attempt) = (id(number), id(number + 1_000), id(number + 2_000));
        let at = instants.first().copied().unwrap_or(0);
        let run = NewRun {
            id: id.parse().unwrap(),
            task: task.parse().unwrap(),
            state: IDLE,
            attempt_count: 0,
            failure_count: 0,
            created_at: at,
            scheduled_at: at,
            priority: 0,
            changed_at: at,
            joined: false,
        };
        self.tell(at, |store, last| {
            let key = store.insert_run(&run, last);
            store.begin_history(key);
        });
        let key = self.store.find(run.id).unwrap();
        let attempt = attempt.parse().unwrap();
        if let Some(at) = instants.get(1).copied() {
            self.tell(at, |store, last| {
                store.enter_state(key, BUSY, at, last);
                store.open_attempt(key, attempt, at, true);
                let owner = store.intern("worker-1");
                store.set_lease(
                    key,
                    Lease { owner, expiry: at, acquired_at: at, granted_at: 1, updated_at: at },
                );
            });
        }
        if let Some(at) = instants.get(2).copied() {
            self.tell(at, |store, last| {
                let link = store.first_attempt(key, attempt).unwrap();
                let result = AttemptResult::Failure;
                let ending = Ending { at, result, error: Some("no"), output: None, is_counted: true };
                store.close_attempt(key, link, ending, last);
                store.enter_state(key, FINE, at, last);
            });
        }
        key
    }

    fn page(&self, key: RunKey, now: u64) -> String {
        let detail = Detail {
            store: &self.store,
            key,
            life: self.store.life(key),
            now,
            clock: CLOCK.of(self.store.unit()),
            ids: Ids::default(),
            waiting: Scene::of(&self.store).why(&self.store, key, now),
            standing: None,
            moments: &[],
            lines: DetailLines::Whole,
            selected: None,
            raw: None,
            drawn: None,
            width: 98,
        };
        let (scroll, text) = (Scroll::default(), Rect::new(1, 1, 98, 39));
        let page = RunPage { detail: &detail, scroll, theme: Theme::default(), text };
        drawn(|frame| frame.render_widget(page, frame.area()))
    }

    fn charts(&self, now: u64) -> String {
        let times = Times::of(&self.store, now);
        let page = ChartsPage { charts: self.charted(&times, now), scroll: 0, theme: Theme::default() };
        drawn(|frame| frame.render_widget(page, frame.area()))
    }

    fn charted<'a>(&'a self, times: &'a Times, now: u64) -> Charts<'a> {
        Charts {
            samples: &self.samples,
            cursor: self.sequence,
            now,
            by_sequence: false,
            store: &self.store,
            times,
            clock: CLOCK.of(self.store.unit()),
        }
    }

    fn found(&self, query: &str, now: u64) -> usize {
        let mut found = LiveQuery::new(&Query::parse(query, &STATES).unwrap());
        found.judge_all(&self.store, now);
        found.len()
    }
}

fn drawn(paint: impl FnOnce(&mut ratatui::Frame<'_>)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(100, 40)).unwrap();
    terminal.draw(paint).unwrap();
    terminal.backend().to_string()
}

#[test]
fn a_row_and_a_page_tell_the_digits_of_the_unit() {
    for (unit, spent, so_far, exactly) in [
        (Unit::Milliseconds, "340ms", "4.2s", "17:37:41.340"),
        (Unit::Microseconds, "340ms", "4.2s", "17:37:41.340000"),
        (Unit::Nanoseconds, "340ms", "4.2s", "17:37:41.340000000"),
    ] {
        let mut field = Field::of(unit);
        let ms = |ms: u64| unit.of_unix_ms(SECOND * 1_000 + ms);
        let key = field.run(1, &[ms(0), ms(340)]);
        assert_eq!(RunRow::of(&field.store, key, ms(4_560)).age_words(), so_far, "{unit:?}");
        let page = field.page(key, ms(4_560));
        for words in [spent, so_far, exactly] {
            assert!(page.contains(words), "{words} in {unit:?}:\n{page}");
        }
        assert_eq!(field.store.changed_at(key), ms(340));
    }
}

#[test]
fn percentiles_and_charts_are_of_the_unit() {
    let mut field = Field::of(Unit::Milliseconds);
    let begin = SECOND * 1_000;
    for number in 0..100 {
        let at = begin + number * 7;
        field.run(number, &[at, at + 12, at + 12 + 40 + number]);
    }
    let now = begin + 1_000;
    let times = Times::of(&field.store, now);
    let closed = times.all(BUSY).closed;
    assert_eq!((closed.count, closed.p50, closed.p90, closed.max), (100, 89, 129, 139));
    let charts = field.charts(now);
    for words in ["12ms", "89ms", "129ms", "139ms", "at most 2 in 12ms"] {
        assert!(charts.contains(words), "{words}:\n{charts}");
    }
    let axis = Axis::of(&field.charted(&times, now), 90).unwrap();
    let ticks: Vec<String> =
        axis.ticks(&field.charted(&times, now)).into_iter().map(|tick| tick.label).collect();
    assert_eq!(ticks[..2], ["17:37:41.000", "17:37:41.200"]);
    let figures = Figures::of(&field.store, now);
    assert_eq!(figures.minute[AttemptResult::Failure as usize], 100);
    assert_eq!(Figures::of(&field.store, now + 61_000).minute[AttemptResult::Failure as usize], 0);
}

#[test]
fn queries_judge_by_ticks() {
    let mut field = Field::of(Unit::Milliseconds);
    let begin = SECOND * 1_000;
    field.run(1, &[begin]);
    field.run(2, &[begin + 250]);
    for (query, at, expected) in [
        ("age>500ms", 500, 0),
        ("age>500ms", 501, 1),
        ("age>500ms", 751, 2),
        ("age<1.5s", 1_499, 2),
        ("in_state>=0.5s", 500, 1),
        ("created>=2026-11-20T17:37:41.1Z", 0, 1),
        ("created=2026-11-20T17:37:41.250Z", 0, 1),
        ("created<-300ms", 400, 1),
    ] {
        assert_eq!(field.found(query, begin + at), expected, "{query} {at} ms later");
    }
    // When time alone changes an answer is known to the tick.
    let mut found = LiveQuery::new(&Query::parse("age>500ms", &STATES).unwrap());
    found.judge_all(&field.store, begin + 400);
    assert_eq!(found.next_due(), Some(begin + 501));
}

#[test]
fn a_log_of_milliseconds_whose_numbers_are_seconds_is_told_so() {
    for (at, looks) in [(SECOND, "looks like seconds"), (SECOND * 1_000_000, "looks like microseconds")] {
        let mut field = Field::of(Unit::Milliseconds);
        field.run(1, &[at]);
        let reasons: Vec<&str> =
            field.store.problems().kept().iter().map(|problem| &*problem.reason).collect();
        let expected = format!("the time {at} is not in milliseconds since 1970: it {looks}.");
        assert!(reasons.iter().any(|reason| reason.starts_with(&expected)), "{reasons:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_instant_of_any_unit_is_too_much_for_a_view(
        unit in 0..Unit::ALL.len(),
        lives in prop::collection::vec(prop::collection::vec(instants(), 1..4), 1..5),
        now in instants(),
    ) {
        let mut field = Field::of(Unit::ALL[unit]);
        let keys: Vec<RunKey> = (0..).zip(&lives).map(|(number, life)| field.run(number, life)).collect();
        for (key, life) in keys.iter().zip(&lives) {
            let changes: Vec<u64> = field.store.life(*key).changes.iter().map(|change| change.at).collect();
            prop_assert_eq!(&changes, life);
            prop_assert!(RunRow::of(&field.store, *key, now).age_words().len() <= 6);
            field.page(*key, now);
        }
        field.charts(now);
        for query in ["age>500ms", "in_state<2d", "lease>1s", "created>-5m", "scheduled<2026-11-20T17:37Z"] {
            field.found(query, now);
        }
        let _ = Figures::of(&field.store, now);
        field.store.end_times();
    }
}

fn instants() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..3_u64,
        (0..9_u64).prop_map(|below| u64::MAX - below),
        (0..4_usize, 0..9_u64).prop_map(|(unit, more)| Unit::ALL[unit].of_seconds(SECOND) + more),
    ]
}
