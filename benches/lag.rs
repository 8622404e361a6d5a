//! Lag from an engine's write to the store: its frames are appended one by one at a steady pace, and followed live.
//!
//! The reader is that of the dashboard and of `follow`, without a screen; `--bench session` has the screen. A number as an
//! argument says for how many seconds, 10 if nothing does.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::{self, Given};
use runwatch::session::{Came, Follower};
use runwatch::source::origin::Origin;
use runwatch::store::Retain;
use storage03::wal::codec;
use storage03::wal::event::WalEvent;

/// Events a second.
const RATE: u32 = 1000;

/// Events that are there before the first that counts.
const BEFORE: usize = 1000;

/// Time after which an event that was not folded never will be.
const PATIENCE: Duration = Duration::from_secs(10);

/// An event, or all up to it, and the time of its write, or of the fold.
type Seen = (Instant, u64);

/// An event by its sequence, and its frame.
type Frame = (u64, Vec<u8>);

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(10);
    let n_events = BEFORE + (seconds * RATE) as usize;
    let frames = frames(n_events)?;
    let dir = tempfile::tempdir()?;
    fs::create_dir(dir.path().join("wal"))?;
    let mut wal = File::create(dir.path().join("wal/actionqueue.wal"))?;
    for (_, frame) in &frames[..BEFORE] {
        wal.write_all(frame)?;
    }

    let origin = Origin::Path(dir.path().to_owned());
    let mut follower = Follower::open(&origin, engine::options(), &Given::Nothing, Retain::default())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let all = frames[n_events - 1].0;
    let later = frames[BEFORE..].to_vec();
    runtime.block_on(folded(&mut follower, frames[BEFORE - 1].0))?;
    let writer = thread::spawn(move || written(&mut wal, &later));
    let folded = runtime.block_on(folded(&mut follower, all))?;
    let written = writer.join().map_err(|_| "the writer panicked")??;
    let store = follower.store();
    assert_eq!((store.tally().lines, store.problems().total()), (n_events as u64, 0));

    let mut lags = Vec::new();
    let mut folds = folded.iter().peekable();
    for (at, sequence) in &written {
        while folds.next_if(|(_, up_to)| up_to < sequence).is_some() {}
        let (fold, _) = folds.peek().ok_or("an event was not folded")?;
        lags.push(fold.saturating_duration_since(*at));
    }
    lags.sort_unstable();
    let at = |share: usize| lags[(lags.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "{} events at {RATE}/s, from the write to the store: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        lags.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    );
    Ok(())
}

/// Frames of generated events.
fn frames(n_events: usize) -> Result<Vec<Frame>, Box<dyn Error>> {
    let plan = Gen {
        events: n_events as u64,
        runs: Some(n_events as u64 / 10),
        vocabulary: Vocabulary::Aq02,
        seed: 1,
        scattered: false,
    };
    let mut lines = Vec::new();
    sample::write(&plan, &mut lines)?;
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let frame = |line| {
        let event: WalEvent = serde_json::from_slice(line)?;
        Ok((event.sequence(), codec::encode(&event).map_err(|error| error.to_string())?))
    };
    lines.map(frame).collect()
}

/// Appends each frame when it is due.
fn written(wal: &mut File, frames: &[Frame]) -> std::io::Result<Vec<Seen>> {
    let (start, mut written) = (Instant::now(), Vec::with_capacity(frames.len()));
    for (n, (sequence, frame)) in (0..).zip(frames) {
        let due = start + Duration::from_secs(1) * n / RATE;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        written.push((Instant::now(), *sequence));
        wal.write_all(frame)?;
    }
    Ok(written)
}

/// Folds until this event has come.
async fn folded(follower: &mut Follower, sequence: u64) -> Result<Vec<Seen>, Box<dyn Error>> {
    let mut folded = Vec::new();
    while follower.store().latest_sequence() < sequence {
        if let Came::Lines { .. } = tokio::time::timeout(PATIENCE, follower.recv()).await?? {
            folded.push((Instant::now(), follower.store().latest_sequence()));
        }
    }
    Ok(folded)
}
