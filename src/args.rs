//! Arguments of the command line and the environment: the one place that reads either.
//!
//! Each command takes its own struct from here as it is. Must not know what a command does with it.

mod cancel;
mod condition;
mod config;
mod duration;
mod environment;
mod export;
mod follow;
mod formats;
mod generate;
mod given;
mod meant;
mod number;
mod parse;
mod program;
mod replay;
mod report;
mod retain;
mod sample;
mod screenshot;
mod watch;

pub use cancel::Cancel;
pub use condition::{Condition, WaitArgs};
pub use config::ConfigQuestion;
pub use environment::Environment;
pub use export::ExportArgs;
pub use follow::FollowArgs;
pub use formats::{FormatCheck, FormatsCommand, FormatsQuestion};
pub use generate::{completions, man};
pub use given::GivenArgs;
pub use program::ProgramLine;
pub use replay::Replay;
pub use report::{Check, Diff, InstantArgs, ReportArgs, Stats};
pub use retain::RetainArgs;
pub use sample::Gen;
pub use screenshot::{Picture, Screenshot};
pub use watch::{OwnArgs, WatchArgs};

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::query::QueryText;

/// A terminal dashboard for the lifecycle of runs in a durable task queue.
///
/// Follows the queue's own log, rebuilds every run from it, and shows the runs grouped by state. The log is a data directory of
/// ActionQueue (0.1, 0.2, 0.3) or its write-ahead log, a state directory of dag-executor, or JSON lines of any queue.
#[derive(Debug, Parser)]
#[command(name = "runwatch", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    /// Report without a terminal.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
    /// The dashboard.
    #[command(flatten)]
    pub watch: WatchArgs,
    /// Print what a shell completes these arguments by
    #[arg(long, value_name = "SHELL", exclusive = true, hide_short_help = true)]
    pub print_completions: Option<Shell>,
    /// Print the manual page
    #[arg(long, exclusive = true, hide_short_help = true)]
    pub print_man: bool,
}

/// The commands beside the dashboard.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Go through a log in time: to any instant, event by event, forward and back
    Replay(Replay),
    /// Count the lines, runs, attempts and problems of a log
    #[command(after_help = report::INSTANTS)]
    Stats(Stats),
    /// List what a log did that it may not do; exit 1 if there is anything
    Check(Check),
    /// List every run of a log, or those that a query finds, in order of run id
    #[command(after_help = report::INSTANTS)]
    Runs(InstantArgs),
    /// Tell what is different between two instants of a log
    #[command(after_help = report::INSTANTS)]
    Diff(Diff),
    /// Draw the dashboard's screen of a log as an SVG picture, or as a page where FILE ends in .html
    #[command(after_help = report::INSTANTS)]
    Screenshot(Screenshot),
    /// Cancel runs of a log from a script, and say what the log proves of each
    #[command(after_help = cancel::CANCELING)]
    Cancel(Cancel),
    /// Wait until as many runs of a log answer a query as are waited for
    #[command(after_help = condition::WAITING)]
    Wait(WaitArgs),
    /// Follow a log without a terminal, and account for it line by line once a second
    #[command(after_help = follow::ENDING)]
    Follow(FollowArgs),
    /// Print the records of a log as JSON lines, one to one: of ActionQueue's own files, too
    #[command(after_help = export::COPYING)]
    Export(ExportArgs),
    /// Report about the config file: where it is, which settings it takes, whether it is right
    Config(ConfigQuestion),
    /// List the formats of logs that are read, or try a table on a log
    Formats(FormatsQuestion),
    /// Print a generated log, to measure with
    Gen(Gen),
}

fn query(text: &str) -> Result<QueryText, String> {
    QueryText::parse(text).map_err(|error| match &error.hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::source::origin::Origin;
    use crate::view::instant::When;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_log_alone_is_watched_and_a_report_has_its_name_first() {
        let args = Args::try_parse_from(["runwatch", "a.jsonl", "--control", "file:c.jsonl"]).unwrap();
        assert_eq!(args.watch.source, Some(Origin::Path("a.jsonl".into())));
        assert_eq!(args.watch.evidence_timeout, None);
        let args = Args::try_parse_from(["runwatch", "check", "-", "--strict"]).unwrap();
        assert!(matches!(args.command, Some(CliCommand::Check(Check { strict: true, .. }))));
        let line = ["runwatch", "runs", "a", "--at", "-1h30m", "--json"];
        let args = Args::try_parse_from(line).unwrap();
        assert!(matches!(args.command, Some(CliCommand::Runs(InstantArgs { at: Some(When::Time(_)), .. }))));
        let args = Args::try_parse_from(["runwatch", "diff", "a", "--from", "#12"]).unwrap();
        let Some(CliCommand::Diff(Diff { from, to, .. })) = args.command else { panic!() };
        assert!(matches!((from, to), (When::Sequence(12), When::End)));
        let line = ["runwatch", "screenshot", "a", "-o", "b", "--size", "80x24"];
        let args = Args::try_parse_from(line).unwrap();
        let Some(CliCommand::Screenshot(Screenshot { size, .. })) = args.command else { panic!() };
        assert_eq!(size, (80, 24));
        for wrong in [
            vec!["runwatch"],
            vec!["runwatch", "a", "b"],
            vec!["runwatch", "a", "--control", "http://x"],
            vec!["runwatch", "a", "--control-rate", "0"],
            vec!["runwatch", "a", "--evidence-timeout", "0"],
            vec!["runwatch", "a", "--evidence-timeout", "-3"],
            vec!["runwatch", "stats"],
            vec!["runwatch", "screenshot", "a"],
            vec!["runwatch", "screenshot", "a", "-o", "b", "--size", "120"],
            vec!["runwatch", "screenshot", "a", "-o", "b", "--size", "0x40"],
            vec!["runwatch", "screenshot", "a", "-o", "b", "--replay", "--now", "1"],
        ] {
            assert!(Args::try_parse_from(&wrong).is_err(), "{wrong:?}");
        }
    }
}
