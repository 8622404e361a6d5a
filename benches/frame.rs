//! What a frame costs with a thousand runs and with a million: the same, since it costs the height of the pane.

#![allow(missing_docs, reason = "criterion makes the functions")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use runwatch::app::{App, Now, Sending, Setup};
use runwatch::control::Why;
use runwatch::input::Action;
use runwatch::model::event::{Body, Event, EventKind};
use runwatch::model::id::{RunId, TaskId};
use runwatch::model::place::Place;
use runwatch::model::run::RunInstance;
use runwatch::model::state::RunState::{
    self, Canceled, Completed, Failed, Leased, Ready, RetryWait, Running, Scheduled, Suspended,
};
use runwatch::store::Store;
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;
use uuid::Uuid;

const FEW: u32 = 1_000;
const MANY: u32 = 1_000_000;
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

/// Deep in a section that is wholly open, which is where a list would cost most if its length cost anything.
const DEEP: [Action; 5] =
    [Action::NextSection, Action::Open, Action::Bottom, Action::PreviousSection, Action::PageUp];

fn store(n_runs: u32) -> Store {
    let mut store = Store::default();
    let mut sequence = 0;
    let mut apply = |kind, body| {
        sequence += 1;
        store.apply(Place::default(), &Event { sequence, kind, body }).expect("the events are legal");
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

fn app(n_runs: u32, actions: &[Action]) -> App {
    let setup = Setup {
        name: "orders.jsonl".to_owned(),
        clock: Clock::utc(),
        sending: Sending::Off(Why::NoTarget),
        evidence_timeout: Duration::from_secs(30),
    };
    let mut app = App::with_store(setup, store(n_runs), (200, 60), now());
    for action in actions {
        let _ = app.update(*action, now());
    }
    app
}

fn frame(terminal: &mut Terminal<TestBackend>, app: &App) {
    terminal.draw(|frame| ui::draw(app, Theme::default(), frame)).expect("a test backend takes everything");
}

fn draw(criterion: &mut Criterion) {
    for (name, actions) in [("every state", &[][..]), ("deep in one state", &DEEP)] {
        let mut group = criterion.benchmark_group(format!("frame, {name}"));
        let mut terminal =
            Terminal::new(TestBackend::new(200, 60)).expect("a test backend can always be made");
        let mut medians = Vec::new();
        for n_runs in [FEW, MANY] {
            let app = app(n_runs, actions);
            group.bench_function(format!("{n_runs} runs"), |bencher| {
                bencher.iter(|| frame(&mut terminal, black_box(&app)));
            });
            medians.push(median(&mut terminal, &app));
        }
        group.finish();
        report(name, &medians);
    }
}

/// The median of some frames, for the ratio.
fn median(terminal: &mut Terminal<TestBackend>, app: &App) -> f64 {
    let mut times: Vec<Duration> = (0..401)
        .map(|_| {
            let start = Instant::now();
            frame(terminal, black_box(app));
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

#[allow(clippy::print_stdout, reason = "the ratio is what the bench is for")]
fn report(name: &str, medians: &[f64]) {
    if let [few, many] = medians {
        let (few_us, many_us, ratio) = (few * 1e6, many * 1e6, many / few);
        println!("{name}: {FEW} runs {few_us:.0} us, {MANY} runs {many_us:.0} us, ratio {ratio:.2}");
    }
}

criterion_group!(benches, draw);
criterion_main!(benches);
