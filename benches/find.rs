//! Cost of finding: a key in a query, the counts, an order, an event while a query is in force, and ten
//! thousand cancels.
//!
//! `RUNWATCH_BENCH_LOG` names a log to read instead of a generated one of three million events of a million runs. The loop
//! of the program is played as it is, and the parts `keys`, `orders`, `events` and `cancels` can be asked for: slices of four milliseconds, and frames between them.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use runwatch::app::{App, Now, Preferences, Sending, Setup};
use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::control::command::Operator;
use runwatch::control::outcome::Outcome;
use runwatch::control::target::Target;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::actionqueue::states::{RunState, STATES};
use runwatch::engine::batch::{Batch, Decoder};
use runwatch::history::Keep;
use runwatch::input::Action;
use runwatch::query::Query;
use runwatch::source::delivery::{Delivery, Status};
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::origin::Origin;
use runwatch::source::read_once::Once;
use runwatch::source::splitter::Splitter as _;
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;

/// For so long runs are judged between two looks at what else is due, as in the loop.
const SLICE: Duration = Duration::from_millis(4);
/// Minimum interval between two frames, as in the loop while the user types.
const FRAME: Duration = Duration::from_millis(16);
type Screen = Terminal<TestBackend>;

fn main() -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let log = match env::var_os("RUNWATCH_BENCH_LOG") {
        Some(path) => PathBuf::from(path),
        None => {
            let path = dir.path().join("log");
            let plan = Gen {
                events: 3_000_000,
                runs: Some(1_000_000),
                vocabulary: Vocabulary::Aq01,
                seed: 1,
                scattered: false,
            };
            sample::write(&plan, &mut BufWriter::new(File::create(&path)?))?;
            path
        }
    };
    let mut screen = Terminal::new(TestBackend::new(200, 60))?;
    let mut app = app();
    read(&mut app, &log, usize::MAX, &mut screen)?;
    row("runs", app.store().len());
    let asked: Vec<String> = env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_asked = |part: &str| asked.is_empty() || asked.iter().any(|asked| asked == part);
    if is_asked("keys") {
        keys(&mut app, &mut screen)?;
    }
    if is_asked("orders") {
        orders(&mut app, &mut screen)?;
    }
    drop(app);
    if is_asked("events") {
        events(&log)?;
    }
    if is_asked("cancels") {
        cancels(&log, &mut screen)?;
    }
    Ok(())
}

fn row(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<66} {figure:>30}");
}

fn now() -> Now {
    runwatch::runtime::now()
}

fn app() -> App {
    let by = Operator { user: "ann".to_owned(), host: "desk".to_owned(), pid: 7 };
    let setup = Setup {
        given: runwatch::engine::Given::default(),
        name: "log".to_owned(),
        clock: Clock::utc(),
        sending: Sending::To(Target::File("/q/commands".into()), by),
        evidence_timeout: Duration::from_secs(600),
        keep: Keep::Nothing,
        retain: runwatch::store::Retain::default(),
        taste: Preferences { control_rate: 1_000_000, ..Preferences::default() },
        opens_at: None,
    };
    App::new(setup, (200, 60), now())
}

/// Folds the first `n` lines of a log, about; returns how many and how long that took without reading and decoding.
fn read(
    app: &mut App,
    log: &Path,
    n: usize,
    screen: &mut Screen,
) -> Result<(usize, Duration), Box<dyn Error>> {
    let mut once = Once::open(&Origin::Path(log.to_owned()), runwatch::engine::options())?;
    let mut decoder = Decoder::default();
    let (mut lines, mut took, mut drawn) = (0, Duration::ZERO, Instant::now());
    while lines < n
        && let Some(block) = once.read()?
    {
        let batch = decoder.decode(block);
        lines += batch.block().len_lines();
        let start = Instant::now();
        app.ingest(Delivery::Block(batch), now());
        // A frame every 25 ms, and a quarter of the time for judging, as in the loop.
        if drawn.elapsed() > Duration::from_millis(25) {
            let slice = Instant::now();
            while app.is_arranging() && slice.elapsed() < Duration::from_millis(6) {
                app.arrange();
            }
            app.arrange_changed();
            screen.draw(|frame| ui::draw(app, Theme::default(), frame))?;
            drawn = Instant::now();
        }
        took += start.elapsed();
    }
    app.ingest(Delivery::Status(Status { caught_up: true, ..Status::default() }), now());
    Ok((lines, took))
}

/// A frame; how long it took.
fn frame(app: &mut App, screen: &mut Screen) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    app.arrange_changed();
    screen.draw(|frame| ui::draw(app, Theme::default(), frame))?;
    app.drawn(now());
    // A test's screen takes what is painted at once.
    app.shown(now());
    Ok(start.elapsed())
}

/// Goes on until everything is found; how long that took, and the longest time without a frame.
fn settle(app: &mut App, screen: &mut Screen) -> Result<(Duration, Duration), Box<dyn Error>> {
    let (start, mut drawn, mut longest) = (Instant::now(), Instant::now(), Duration::ZERO);
    while app.is_arranging() {
        let slice = Instant::now();
        while app.is_arranging() && slice.elapsed() < SLICE {
            app.arrange();
        }
        if drawn.elapsed() > FRAME || !app.is_arranging() {
            frame(app, screen)?;
            longest = longest.max(drawn.elapsed());
            drawn = Instant::now();
        }
    }
    Ok((start.elapsed(), longest))
}

/// Each key of some queries: until the first frame with what was found so far, and until all counts are exact.
fn keys(app: &mut App, screen: &mut Screen) -> Result<(), Box<dyn Error>> {
    println!("\n{:<66} {:>30}", "each key of a query: the worst", "first frame / exact / between two");
    for query in [
        "state:running attempts>=2",
        "error~timeout",
        "worker-7",
        "in_state>10m -state:live",
        "stuck",
        "7ef1",
    ] {
        let (mut first, mut exact, mut longest) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        let _ = app.update(Action::Find, now());
        for letter in query.chars() {
            let start = Instant::now();
            let _ = app.update(Action::Type(letter), now());
            frame(app, screen)?;
            first = first.max(start.elapsed());
            let (_, wait) = settle(app, screen)?;
            exact = exact.max(start.elapsed());
            longest = longest.max(wait);
        }
        let found: usize = RunState::ALL.into_iter().map(|state| app.shelves().count(state)).sum();
        let _ = app.update(Action::Accept, now());
        let _ = app.update(Action::Back, now());
        settle(app, screen)?;
        row(&format!("{query} ({found} runs)"), format!("{first:.1?} / {exact:.1?} / {longest:.1?}"));
    }
    Ok(())
}

/// Each order and each grouping.
fn orders(app: &mut App, screen: &mut Screen) -> Result<(), Box<dyn Error>> {
    println!("\n{:<66} {:>30}", "sorted, grouped", "first frame / done / between two");
    let commands = [
        "sort run",
        "sort task",
        "sort attempts",
        "sort in_state",
        "sort owner",
        "sort created",
        "sort error",
        "sort waiting",
        "sort newest",
        "group task",
        "group owner",
        "group nothing",
        "group state",
    ];
    for command in commands {
        let _ = app.update(Action::Command, now());
        for letter in command.chars() {
            let _ = app.update(Action::Type(letter), now());
        }
        let start = Instant::now();
        let _ = app.update(Action::Accept, now());
        frame(app, screen)?;
        let first = start.elapsed();
        let (_, longest) = settle(app, screen)?;
        row(command, format!("{first:.1?} / {:.1?} / {longest:.1?}", start.elapsed()));
    }
    Ok(())
}

/// Measures the cost of an event with a query in force, over the cost without; by turns, the median of five.
fn events(log: &Path) -> Result<(), Box<dyn Error>> {
    println!("\n{:<66} {:>30}", "an event, folded and shown", "ns, and over none");
    let queries = ["", "state:running", "error~timeout", "attempts>=2 in_state>10m"];
    let mut found = vec![Vec::new(); queries.len()];
    for _ in 0..5 {
        for (query, found) in queries.iter().zip(&mut found) {
            let mut screen = Terminal::new(TestBackend::new(200, 60))?;
            let mut app = app();
            app.narrow(Query::parse(query, &STATES)?);
            let (lines, took) = read(&mut app, log, 3_000_000, &mut screen)?;
            found.push(took.as_nanos() as f64 / lines as f64);
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_unstable_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let base = median(&mut found[0]);
    for (query, mut times) in queries.iter().zip(found) {
        let took = median(&mut times);
        row(if query.is_empty() { "no query" } else { query }, format!("{took:.0} / {:.2}", took / base));
    }
    Ok(())
}

/// Ten thousand cancels: the longest turn of the loop while they are sent, answered and proved by the log.
fn cancels(log: &Path, screen: &mut Screen) -> Result<(), Box<dyn Error>> {
    let mut app = app();
    read(&mut app, log, usize::MAX, screen)?;
    app.narrow(Query::parse("live (id:00 or id:01 or id:02)", &STATES)?);
    settle(&mut app, screen)?;
    let mut longest = Duration::ZERO;
    let mut turn = |start: Instant| longest = longest.max(start.elapsed());
    let start = Instant::now();
    let _ = app.update(Action::MarkAll, now());
    frame(&mut app, screen)?;
    turn(start);
    row("\nlive runs, marked by one key in", format!("{} / {:.1?}", app.marks().len(), start.elapsed()));
    let start = Instant::now();
    let _ = app.update(Action::CancelRun, now());
    frame(&mut app, screen)?;
    turn(start);
    let n = app.marks().len().to_string();
    let later = || Now { instant: Instant::now() + Duration::from_secs(1), ..now() };
    for digit in n.chars() {
        let _ = app.update(Action::Type(digit), later());
    }
    let begun = Instant::now();
    let start = Instant::now();
    let _ = app.update(Action::Confirm, later());
    frame(&mut app, screen)?;
    turn(start);
    let (mut commands, mut sequence) = (Vec::new(), app.store().latest_sequence());
    while app.next_send().is_some() {
        let start = Instant::now();
        let due = app.send_due(256, later());
        for command in &due {
            app.answered(&Outcome { id: command.id, kind: command.kind, result: Ok(()) }, now());
        }
        commands.extend(due);
        frame(&mut app, screen)?;
        turn(start);
    }
    let sent = begun.elapsed();
    if commands.len().to_string() != n {
        return Err(format!("{n} runs are marked, and {} cancels were sent", commands.len()).into());
    }
    let proofs = proofs(&app, &commands, &mut sequence);
    for batch in proofs {
        let start = Instant::now();
        app.ingest(Delivery::Block(batch), now());
        frame(&mut app, screen)?;
        turn(start);
    }
    let proved = app.progress().map_or(commands.len(), |progress| progress.counts.proved);
    row("cancels sent, and proved in the frame of their event", format!("{} / {proved}", commands.len()));
    row("all of it, and until the last was sent", format!("{:.1?} / {sent:.1?}", begun.elapsed()));
    row("the longest turn of the loop with its frame", format!("{longest:.1?}"));
    Ok(())
}

/// Returns the events that the engine writes of these commands, by blocks.
fn proofs(app: &App, commands: &[runwatch::control::command::Command], sequence: &mut u64) -> Vec<Batch> {
    let (mut decoder, mut batches, mut given) = (Decoder::default(), Vec::new(), app.store().tally().lines);
    for some in commands.chunks(100) {
        let mut text = String::new();
        for run in some.iter().filter_map(|command| command.kind.run()) {
            let Some(key) = app.store().find(run) else { continue };
            let from = app.store().standing(key).0.name();
            *sequence += 1;
            text += &format!(
                "{{\"sequence\":{sequence},\"event\":{{\"RunStateChanged\":{{\"run_id\":\"{run}\",\"previous_state\":\"{from}\",\
                 \"new_state\":\"Canceled\",\"timestamp\":1795196261}}}}}}\n"
            );
        }
        let mut lines = Lines::new(runwatch::engine::RECORDS, Limits::default(), 0);
        lines.space()[..text.len()].copy_from_slice(text.as_bytes());
        lines.commit(text.len());
        if let Some(block) = lines.take(given + 1) {
            given += block.len_lines() as u64;
            batches.push(decoder.decode(block));
        }
    }
    batches
}
