//! `runwatch gen`: a log of any size to measure with, the same for the same seed.
//!
//! Every line has the exact form that the engine's own types print, and the engine's reducer accepts each of them:
//! the tests hold the published crates to that. Lives are interleaved as on a busy queue, or scattered over the log.

use std::io::Write;
use std::process::ExitCode;

use fastrand::Rng;

use super::{Failure, report};
use crate::args::Gen;
use crate::engine::actionqueue::sample::SampleLife;
use crate::view::format::thousands;

/// Number of runs alive at a time, unless lives are scattered.
const ALIVE: u64 = 512;

/// Events in one second of the log's time.
const EVENTS_A_SECOND: u64 = 2000;

/// Events of one run where only the number of events is said.
const EVENTS_A_RUN: u64 = 10;

/// Runs at most, where only the number of events is said.
const RUNS: u64 = 100_000;

/// Runs at most whose lives are scattered: all of them are in memory together, and each takes some 250 bytes.
const SCATTERED: u64 = 8_000_000;

/// The instant of the first event.
const START: u64 = 1_770_000_000;

/// Prints the log.
///
/// # Errors
/// When there is no such log, or it cannot be written.
pub fn run(plan: &Gen) -> Result<ExitCode, Failure> {
    check(plan)?;
    report(|out| {
        write(plan, out)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes the log to `out`.
///
/// # Errors
/// When `out` does not take it.
pub fn write(plan: &Gen, out: &mut dyn Write) -> std::io::Result<()> {
    // A run without an event is none.
    let n_runs = n_runs(plan).min(plan.events);
    let mut rng = Rng::with_seed(plan.seed);
    let alive = if plan.scattered { n_runs } else { n_runs.min(ALIVE) };
    let mut born = 0;
    let mut lives: Vec<SampleLife> = Vec::new();
    let mut line = String::with_capacity(1024);
    for sequence in 1..=plan.events {
        while (lives.len() as u64) < alive && born < n_runs {
            lives.push(SampleLife::new(share(plan, n_runs, born), plan.vocabulary, &mut rng));
            born += 1;
        }
        let at = START + sequence / EVENTS_A_SECOND;
        if lives.is_empty() {
            break;
        }
        let picked = rng.usize(..lives.len());
        line.clear();
        lives[picked].print(sequence, at, &mut rng, &mut line);
        out.write_all(line.as_bytes())?;
        if lives[picked].is_over() {
            lives.swap_remove(picked);
        }
    }
    Ok(())
}

/// The number of runs that a log is about.
fn n_runs(plan: &Gen) -> u64 {
    plan.runs.unwrap_or_else(|| (plan.events / EVENTS_A_RUN).clamp(1, RUNS))
}

/// Refuses what no log can be, and what would take all memory.
fn check(plan: &Gen) -> Result<(), Failure> {
    let (events, runs) = (plan.events, n_runs(plan));
    let refuse = |what: String, hint: String| Err(Failure { what, hint: Some(hint) });
    if events < runs && events > 0 {
        return refuse(
            format!("{} events are too few for {} runs", thousands(events), thousands(runs)),
            format!("give at least one event a run: --runs {events} or fewer, or --events {runs} or more"),
        );
    }
    if plan.scattered && runs > SCATTERED {
        return refuse(
            format!("{} scattered runs are too many: all of them are in memory together", thousands(runs)),
            format!("give --runs {SCATTERED} or fewer, or leave out --scattered"),
        );
    }
    Ok(())
}

/// Returns the number of events of the run `n`, so that all runs together have all of them. Two by two, what
/// one has less the other has more: some lives stop early, and some are tried several times.
fn share(plan: &Gen, n_runs: u64, n: u64) -> u64 {
    let up_to = |n: u64| {
        let events = u128::from(plan.events) * u128::from(n) / u128::from(n_runs);
        u64::try_from(events).unwrap_or(u64::MAX)
    };
    let pair = n & !1;
    if pair + 1 >= n_runs {
        return up_to(n + 1) - up_to(n);
    }
    let both = up_to(pair + 2) - up_to(pair);
    let less = Rng::with_seed(plan.seed ^ pair).u64(1..=(both / 2).max(1));
    // Half of the pairs are even: most lives of a queue are plain ones.
    let first = if pair & 2 == 0 { both / 2 } else { less };
    if n == pair { first } else { both.saturating_sub(first) }
}
