//! Cost of a frame with a thousand runs and with ten million: the same, since it costs the height of the
//! pane.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use runwatch::app::{App, Now, Sending, Setup};
use runwatch::control::Why;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::{Body, Event, EventKind};
use runwatch::engine::actionqueue::run_instance::RunInstance;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::actionqueue::states::RunState::{
    Canceled, Completed, Failed, Leased, Ready, RetryWait, Running, Scheduled, Suspended,
};
use runwatch::history::Keep;
use runwatch::input::Action;
use runwatch::model::id::{RunId, TaskId};
use runwatch::model::position::Position;
use runwatch::store::Store;
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;
use uuid::Uuid;

const RUNS: [u32; 3] = [1_000, 1_000_000, 10_000_000];
const FRAMES: usize = 1000;
const SECOND: u64 = 1_795_196_261;

/// One way a state, so that every section has its share of the runs, and the lanes that runs left have holes.
const WAYS: [&[RunState]; 9] = [
    &[],
    &[Ready],
    &[Ready, Leased],
    &[Ready, Leased, Running],
    &[Ready, Leased, Running, RetryWait],
    &[Ready, Leased, Running, Suspended],
    &[Ready, Leased, Running, Completed],
    &[Ready, Leased, Running, Failed],
    &[Ready, Canceled],
];

/// Views: the name of each, the keys that lead there from the one before, and the key that is typed before
/// each frame, so that every frame is another place.
const VIEWS: [(&str, &[Action], Action); 5] = [
    ("every state", &[], Action::Down),
    // A section that is wholly open is where a list would cost most if its length cost anything.
    ("the end of a state", &[Action::NextSection, Action::Open, Action::Bottom], Action::Up),
    ("up a page from there", &[Action::PageUp], Action::PageUp),
    ("the beginning", &[Action::Top], Action::PageDown),
    ("a run's detail", &[Action::Open], Action::Down),
];

fn store(n_runs: u32) -> Store {
    let mut store = actionqueue::store(runwatch::store::Rules::default());
    let mut sequence = 0;
    let mut apply = |kind, body| {
        sequence += 1;
        actionqueue::fold::event(&mut store, Position::default(), &Event { sequence, kind, body })
            .expect("the events are legal");
    };
    for number in 0..n_runs {
        let run = RunId::from_uuid(Uuid::from_u128(u128::from(number) << 96 | 1));
        let task = TaskId::from_uuid(Uuid::from_u128(u128::from(number / 10) << 96 | 2));
        let instance =
            RunInstance::new_scheduled_with_id(run, task, SECOND, SECOND).expect("ids are not nil");
        apply(EventKind::RunCreated, Body::RunCreated { run: instance });
        let mut from = Scheduled;
        for to in WAYS[number as usize % WAYS.len()] {
            apply(EventKind::RunStateChanged, Body::RunStateChanged { run, from, to: *to, at: SECOND });
            from = *to;
        }
    }
    store
}

fn now() -> Now {
    Now { unix_ms: SECOND * 1000 + 60_000, instant: Instant::now() }
}

fn app(n_runs: u32) -> App {
    let setup = Setup {
        given: runwatch::engine::Given::default(),
        name: "orders.jsonl".to_owned(),
        clock: Clock::utc(),
        sending: Sending::Off(Why::NoTarget),
        evidence_timeout: Duration::from_secs(30),
        keep: Keep::Nothing,
        retain: runwatch::store::Retain::default(),
        taste: runwatch::app::Preferences::default(),
        opens_at: None,
    };
    App::with_store(setup, store(n_runs), (200, 60), now())
}

fn frame(terminal: &mut Terminal<TestBackend>, app: &mut App) {
    app.arrange_changed();
    terminal.draw(|frame| ui::draw(app, Theme::default(), frame)).expect("a test backend takes everything");
}

/// The times of some frames, each after a key.
fn frames(app: &mut App, terminal: &mut Terminal<TestBackend>, key: Action) -> Vec<Duration> {
    let one = |_| {
        let _ = app.update(key, now());
        let start = Instant::now();
        frame(terminal, black_box(&mut *app));
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..FRAMES).map(one).collect();
    times.sort();
    times
}

fn main() {
    println!("{:<24} {:>12} {:>12} {:>12} {:>8}", "200x60", "runs", "p50", "p99", "ratio");
    let mut few = Vec::new();
    for n_runs in RUNS {
        let mut app = app(n_runs);
        let mut terminal =
            Terminal::new(TestBackend::new(200, 60)).expect("a test backend can always be made");
        for (index, (name, actions, key)) in VIEWS.iter().enumerate() {
            for action in *actions {
                let _ = app.update(*action, now());
            }
            let times = frames(&mut app, &mut terminal, *key);
            let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e3;
            if few.len() == index {
                few.push(at(50));
            }
            let ratio = at(50) / few[index];
            println!("{name:<24} {n_runs:>12} {:>9.2} ms {:>9.2} ms {ratio:>8.2}", at(50), at(99));
        }
    }
}
