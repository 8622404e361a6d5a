//! The `demo` program: starts the engine, opens the dashboard on its log, and leaves nothing behind.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use color_eyre::Result;
use color_eyre::eyre::{Report, WrapErr};
use demo::args::Args;
use demo::dashboard;
use demo::engine::Engine;
use demo::plan::Plan;
use demo::stop::Stop;
use runwatch::terminal::output::guard::TerminalGuard;
use runwatch::terminal::panics;

fn main() -> ExitCode {
    run(&Args::parse()).unwrap_or_else(|report| fail(&report))
}

fn run(args: &Args) -> Result<ExitCode> {
    let gate = panics::install()?;
    // In this order: from the first file on, a stop signal ends the program in good order.
    let stop = Stop::on_signals()?;
    let dir =
        tempfile::Builder::new().prefix("runwatch-demo-").tempdir().wrap_err("make a place for the store")?;
    let plan = args.plan(dir.path())?;
    let engine = Engine::start(plan.clone(), stop.clone())?;
    if args.is_headless() { produce(engine, &plan, &stop) } else { show(engine, &plan, &stop, &gate) }
}

/// Writes the log until the plan is done, and says how much it is.
fn produce(engine: Engine, plan: &Plan, stop: &Stop) -> Result<ExitCode> {
    let tally = engine.wait()?;
    let log = plan.log.as_ref().map(|log| format!(" -> {}", log.display())).unwrap_or_default();
    writeln!(io::stdout(), "{} events, {} runs{log}", tally.events, tally.runs)?;
    Ok(stop.exit_code().map_or(ExitCode::SUCCESS, ExitCode::from))
}

/// Shows the dashboard. An engine that died is told of only then: until then the screen is not ours.
fn show(engine: Engine, plan: &Plan, stop: &Stop, gate: &TerminalGuard) -> Result<ExitCode> {
    let shown = dashboard::open(plan, gate);
    engine.stop()?;
    let code = shown?;
    Ok(stop.exit_code().map_or(code, ExitCode::from))
}

fn fail(report: &Report) -> ExitCode {
    // Standard error may be closed; there is no one left to report to.
    let _ = writeln!(io::stderr(), "Error: {report:?}");
    ExitCode::from(2)
}
