//! The `runwatch` program: reads what was typed, runs one command, and turns its end into an exit code.

use std::io;
use std::process::ExitCode;

use runwatch::args::{self, Args, CliCommand, Environment};
use runwatch::commands::{self, FAILED, Failure};
use runwatch::terminal::output::guard::TerminalGuard;
use runwatch::terminal::panics;

fn main() -> color_eyre::Result<ExitCode> {
    let gate = panics::install()?;
    let args = Args::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    Ok(run(&args, &gate).unwrap_or_else(|failure| {
        // No reader is left when this fails too.
        let _ = failure.write(&mut io::stderr().lock());
        ExitCode::from(FAILED)
    }))
}

fn run(args: &Args, gate: &TerminalGuard) -> Result<ExitCode, Failure> {
    let surroundings = Environment::read()?;
    commands::formats::register_own(surroundings.config_home.as_deref());
    match &args.command {
        Some(CliCommand::Replay(replay)) => commands::replay::run(replay, surroundings, gate),
        Some(CliCommand::Stats(stats)) => commands::stats::run(stats),
        Some(CliCommand::Check(check)) => commands::check::run(check),
        Some(CliCommand::Runs(asked)) => commands::runs::run(asked),
        Some(CliCommand::Diff(diff)) => commands::diff::run(diff),
        Some(CliCommand::Screenshot(shot)) => commands::screenshot::run(shot),
        Some(CliCommand::Cancel(cancel)) => commands::cancel::run(cancel, &surroundings),
        Some(CliCommand::Wait(wait)) => commands::wait::run(wait),
        Some(CliCommand::Follow(follow)) => commands::follow::run(follow, surroundings.faults),
        Some(CliCommand::Export(export)) => commands::export::run(export),
        Some(CliCommand::Config(question)) => {
            commands::config::run(question, surroundings.config_home.as_deref())
        }
        Some(CliCommand::Formats(question)) => commands::formats::run(question),
        Some(CliCommand::Gen(plan)) => commands::sample::run(plan),
        None if args.print_man => commands::print(args::man),
        None => match args.print_completions {
            Some(shell) => commands::print(|out| args::completions(shell, out)),
            None => commands::watch::run(&args.watch, surroundings, gate),
        },
    }
}
