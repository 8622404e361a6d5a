//! The `runwatch` program: reads what was typed, runs one command, and turns its end into an exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use runwatch::args::{Args, Command};
use runwatch::commands::{self, FAILED, Failure, check};
use runwatch::store::Rules;
use runwatch::terminal::panics;

fn main() -> color_eyre::Result<ExitCode> {
    let _gate = panics::install()?;
    let args = Args::parse();
    let outcome = match args.command {
        Some(Command::Stats(report)) => commands::stats::run(&report.source(), report.json),
        Some(Command::Check { report, strict }) => {
            let rules = if strict { Rules::Strict } else { Rules::Lenient };
            check::run(&report.source(), check::Style { rules, json: report.json })
        }
        Some(Command::Runs(report)) => commands::runs::run(&report.source(), report.json),
        None => Ok(ExitCode::SUCCESS),
    };
    Ok(outcome.unwrap_or_else(|failure| complain(&failure)))
}

/// Says what failed and what to do next.
fn complain(failure: &Failure) -> ExitCode {
    let mut err = io::stderr().lock();
    // Nobody is left to be told when this fails too.
    let _ = writeln!(err, "runwatch: {failure}");
    if let Some(hint) = &failure.hint {
        let _ = writeln!(err, "  {hint}");
    }
    ExitCode::from(FAILED)
}
