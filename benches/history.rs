//! Cost of the past: to keep, in memory, and to go to, in time.
//!
//! `RUNWATCH_BENCH_LOG` names a log to read instead of a generated one of a million events of 100,000 runs. Goals are
//! chosen at random by one seed, so that two builds go the same ways.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use runwatch::app::{App, Now, Sending, Setup};
use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::control::Why;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::batch::Decoder;
use runwatch::history::{Goal, Grain, History, Keep};
use runwatch::input::Action;
use runwatch::runtime;
use runwatch::source::archive::Archive;
use runwatch::source::delivery::Delivery;
use runwatch::source::origin::Origin;
use runwatch::source::read_once::Once;
use runwatch::store::Rules;
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;

/// Instants that are gone to.
const GOALS: usize = 200;
/// Events of the run whose page is opened.
const EVENTS: usize = 10_000;
/// 2026-11-20.
const SECOND: u64 = 1_795_196_261;
/// Steps in a row, in each direction.
const STEPS: u64 = 2000;

/// Time limit of a frame.
const FRAME: Duration = Duration::from_millis(16);

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(log) = env::var_os("RUNWATCH_BENCH_KEEP") {
        let keep = if env::var_os("RUNWATCH_BENCH_NOTHING").is_some() {
            Keep::Nothing
        } else {
            Keep::Lines(u64::MAX)
        };
        let (history, took) = read(Path::new(&log), keep)?;
        println!("{} {} {}", history.edge(), most_resident()?, took.as_millis());
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    let log = match env::var_os("RUNWATCH_BENCH_LOG") {
        Some(path) => PathBuf::from(path),
        None => {
            let path = dir.path().join("log");
            let plan = Gen {
                events: 1_000_000,
                runs: Some(100_000),
                vocabulary: Vocabulary::Aq01,
                seed: 1,
                scattered: false,
            };
            sample::write(&plan, &mut BufWriter::new(File::create(&path)?))?;
            path
        }
    };
    memory(&log)?;
    travel(&log)?;
    page(&dir.path().join("retries"))
}

fn row(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<58} {figure:>24}");
}

/// Reads and folds the whole log on one thread.
fn read(log: &Path, keep: Keep) -> Result<(History, Duration), Box<dyn Error>> {
    let mut history = History::new(Rules::Lenient, keep);
    let mut once = Once::open(&Origin::Path(log.to_owned()), runwatch::engine::options())?;
    let mut decoder = Decoder::default();
    let start = Instant::now();
    while let Some(block) = once.read()? {
        history.fold(&decoder.decode(block));
    }
    Ok((history, start.elapsed()))
}

/// Measures the memory of the past over what the store needs, each in a process of its own.
fn memory(log: &Path) -> Result<(), Box<dyn Error>> {
    let mut found = Vec::new();
    for without in [true, false] {
        let mut command = Command::new(env::current_exe()?);
        command.env("RUNWATCH_BENCH_KEEP", log);
        if without {
            command.env("RUNWATCH_BENCH_NOTHING", "1");
        }
        let text = String::from_utf8(command.output()?.stdout)?;
        let figures: Result<Vec<u64>, _> = text.split_whitespace().map(str::parse).collect();
        found.push(figures?);
    }
    let (nothing, everything) = (&found[0], &found[1]);
    let each = (everything[1] as f64 - nothing[1] as f64) / everything[0] as f64;
    row("events", everything[0]);
    row(
        "memory without the past, with it",
        format!("{} / {} MB", nothing[1] / 1_000_000, everything[1] / 1_000_000),
    );
    row("bytes an event for the past", format!("{each:.1}"));
    row(
        "reading and folding on one thread, without and with it",
        format!("{} / {} ms", nothing[2], everything[2]),
    );
    Ok(())
}

/// Going to instants at random, steps, and going from end to end piece by piece.
fn travel(log: &Path) -> Result<(), Box<dyn Error>> {
    let (mut history, _) = read(log, Keep::Lines(u64::MAX))?;
    let mut archive = Archive::new(runwatch::engine::options().framing);
    archive.keep(0, &Arc::new(File::open(log)?));
    let edge = history.edge();
    fastrand::seed(1);

    let mut seeks = Vec::new();
    let mut pieces = Vec::new();
    for _ in 0..GOALS {
        let goal = Goal::Position(fastrand::u64(0..=edge));
        let start = Instant::now();
        loop {
            let piece = Instant::now();
            let there = history.seek(goal, &archive)?;
            pieces.push(piece.elapsed());
            if there {
                break;
            }
        }
        seeks.push(start.elapsed());
    }
    row("going to an instant (p50 / p99 / max)", spread(&mut seeks));
    let over = pieces.iter().filter(|piece| **piece > FRAME).count();
    row("its pieces, for which a frame waits (p50 / p99 / max)", spread(&mut pieces));
    row("pieces that are longer than a frame", format!("{over} of {}", pieces.len()));

    for (name, back) in [("back", true), ("forward", false)] {
        let mut steps = Vec::new();
        history.go(Goal::Position(edge / 2 + 777), &archive)?;
        for _ in 0..STEPS {
            let to = if back { history.position() - 1 } else { history.position() + 1 };
            let start = Instant::now();
            history.go(Goal::Position(to), &archive)?;
            steps.push(start.elapsed());
        }
        row(&format!("a step {name} (p50 / p99 / max of {STEPS})"), spread(&mut steps));
    }

    let lines = Grain::default().epoch_lines;
    let mut borders = Vec::new();
    for epoch in (1..edge / lines).take(50) {
        history.go(Goal::Position(epoch * lines + 1), &archive)?;
        for to in [epoch * lines, epoch * lines - 1] {
            let start = Instant::now();
            history.go(Goal::Position(to), &archive)?;
            borders.push(start.elapsed());
        }
    }
    row(&format!("one step in {lines}, over a border (p50 / p99 / max)"), spread(&mut borders));

    for (name, to) in [("start", 0), ("end", edge)] {
        let (start, mut pieces) = (Instant::now(), Vec::new());
        loop {
            let piece = Instant::now();
            let there = history.seek(Goal::Position(to), &archive)?;
            pieces.push(piece.elapsed());
            if there {
                break;
            }
        }
        let whole = format!("{:.0?}, {} pieces", start.elapsed(), pieces.len());
        row(
            &format!("to the {name}, and its longest piece"),
            format!("{whole}, {:.1?}", pieces.iter().max().copied().unwrap_or_default()),
        );
    }
    Ok(())
}

/// The page of a run of ten thousand events, from the key to the frame that has all of them.
fn page(log: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(log, retries(EVENTS))?;
    let mut archive = Archive::new(runwatch::engine::options().framing);
    archive.keep(0, &Arc::new(File::open(log)?));
    let now = Now { unix_ms: SECOND * 1000, instant: Instant::now() };
    let setup = Setup {
        name: "retries".to_owned(),
        given: runwatch::engine::Given::default(),
        clock: Clock::utc(),
        sending: Sending::Off(Why::Replay),
        evidence_timeout: Duration::from_secs(30),
        keep: Keep::Lines(u64::MAX),
        retain: runwatch::store::Retain::default(),
        taste: runwatch::app::Preferences::default(),
        opens_at: None,
    };
    let mut app = App::new(setup, (200, 60), now);
    let mut once = Once::open(&Origin::Path(log.to_owned()), runwatch::engine::options())?;
    let mut decoder = Decoder::default();
    while let Some(block) = once.read()? {
        app.ingest(Delivery::Block(decoder.decode(block)), now);
    }
    let mut terminal = Terminal::new(TestBackend::new(200, 60))?;
    let mut opened = Vec::new();
    for _ in 0..20 {
        let _ = app.update(Action::Down, now);
        let start = Instant::now();
        let _ = app.update(Action::Open, now);
        runtime::finish(&mut app, &archive);
        terminal.draw(|frame| ui::draw(&app, Theme::default(), frame))?;
        opened.push(start.elapsed());
        assert!(
            app.detail().is_some_and(|(detail, ..)| detail.moments.len() >= EVENTS - 3),
            "the page has them all"
        );
        let _ = app.update(Action::Back, now);
    }
    row(&format!("the page of a run of {EVENTS} events opens in (p50 / p99 / max)"), spread(&mut opened));
    let _ = app.update(Action::Open, now);
    runtime::finish(&mut app, &archive);
    let mut frames = Vec::new();
    for _ in 0..200 {
        let _ = app.update(Action::PageDown, now);
        let start = Instant::now();
        app.draw_life();
        terminal.draw(|frame| ui::draw(&app, Theme::default(), frame))?;
        frames.push(start.elapsed());
    }
    row("and a frame of it takes (p50 / p99 / max)", spread(&mut frames));
    Ok(())
}

/// Generates a log of one run that fails and is tried again until it has `events` events.
fn retries(events: usize) -> String {
    let (task, run) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
    let mut log = String::new();
    let mut n = 0;
    let mut add = |log: &mut String, event: &str| {
        n += 1;
        *log += &format!("{{\"sequence\":{n},\"event\":{event}}}\n");
        n
    };
    let created = format!(
        r#"{{"TaskCreated":{{"task_spec":{{"id":"{task}","payload":{{"bytes":[],"content_type":null}},"run_policy":"Once","constraints":{{"max_attempts":100000,"timeout_secs":null,"concurrency_key":null,"concurrency_key_hold_policy":"HoldDuringRetry","safety_level":"Pure","required_capabilities":null}},"metadata":{{"tags":[],"priority":0,"description":"call payments"}},"parent_task_id":null,"tenant_id":null}},"timestamp":{SECOND}}}}}"#
    );
    add(&mut log, &created);
    let born = format!(
        r#"{{"RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,"created_at":{SECOND},"scheduled_at":{SECOND},"effective_priority":0,"last_state_change_at":{SECOND}}}}}}}"#
    );
    add(&mut log, &born);
    let mut from = "Scheduled";
    for attempt in 0.. {
        let at = SECOND + attempt * 30;
        let id = format!("00000000-0000-4000-9000-{attempt:012x}");
        let (later, expiry) = (at + 5, at + 60);
        let moved = |from: &str, to: &str, at: u64| {
            format!(
                r#"{{"RunStateChanged":{{"run_id":"{run}","previous_state":"{from}","new_state":"{to}","timestamp":{at}}}}}"#
            )
        };
        let lease = |step: &str, at: u64| {
            format!(
                r#"{{"Lease{step}":{{"run_id":"{run}","owner":"worker-1","expiry":{expiry},"timestamp":{at}}}}}"#
            )
        };
        for event in [
            moved(from, "Ready", at),
            moved("Ready", "Leased", at),
            lease("Acquired", at),
            moved("Leased", "Running", at),
            format!(r#"{{"AttemptStarted":{{"run_id":"{run}","attempt_id":"{id}","timestamp":{at}}}}}"#),
            lease("Heartbeat", at + 2),
            format!(
                r#"{{"AttemptFinished":{{"run_id":"{run}","attempt_id":"{id}","result":"Failure","error":"payments: 503","output":null,"timestamp":{later}}}}}"#
            ),
            lease("Released", later),
            moved("Running", "RetryWait", later),
        ] {
            if add(&mut log, &event) >= events {
                return log;
            }
        }
        from = "RetryWait";
    }
    log
}

fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    format!("{:.2?} / {:.2?} / {:.2?}", at(50), at(99), at(100))
}

/// The most memory that this process has had in use, in bytes.
fn most_resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse::<u64>()? * 1024)
}
