//! What was typed, and what the environment says. Nobody else reads either.

mod condition;
mod environment;
mod follow;
mod generate;
mod meant;
mod number;
mod parse;
mod program;
mod retain;

pub use condition::{Condition, WaitArgs};
pub use environment::Surroundings;
pub use follow::FollowArgs;
pub use program::Program;
pub use retain::RetainArgs;

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;

pub use generate::{completions, man};

use crate::control::target::Target;
use crate::query::Query;
use crate::source::origin::Origin;
use crate::ui::theme::{Palette, Wanted};
use crate::view::instant::When;

/// A terminal dashboard for the lifecycle of runs in a durable task queue.
///
/// Follows a JSON-lines event log, rebuilds every run from it, and shows the runs grouped by state.
#[derive(Debug, Parser)]
#[command(name = "runwatch", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    /// Report without a terminal.
    #[command(subcommand)]
    pub command: Option<Command>,
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

/// What the dashboard is started with.
#[derive(Debug, ClapArgs)]
pub struct WatchArgs {
    /// The log to follow; `-` reads it from standard input
    #[arg(value_name = "LOG")]
    pub log: Option<OsString>,
    /// Where cancels go: `file:PATH`, to which each is appended as a JSON line for the queue's host to read;
    /// `exec:PROGRAM`, which is run for each; or ActionQueue's daemon, `http://HOST:PORT` on this machine, else
    /// `https://HOST:PORT`
    #[arg(long, value_name = "WHERE")]
    pub control: Option<Target>,
    /// The file that holds the token for the daemon, readable to you alone [default: the token in RUNWATCH_TOKEN]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// How many cancels a second are sent when there are many [default: 50]
    #[arg(long, value_name = "N", value_parser = number::above_zero, allow_negative_numbers = true)]
    pub control_rate: Option<NonZeroU32>,
    /// Send nothing, whatever else is given
    #[arg(long)]
    pub read_only: bool,
    /// How long a sent cancel waits for the log to prove it, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub evidence_timeout: Option<Duration>,
    /// How many of the last events can be gone back to; at 0 there is no past, and less memory is used [default:
    /// 10000000]
    #[arg(long, value_name = "EVENTS", value_parser = number::whole, allow_negative_numbers = true)]
    pub history: Option<u64>,
    /// How many runs that have ended are kept.
    #[command(flatten)]
    pub retain: RetainArgs,
    /// Tell of runs that come to answer this query; may be given more than once [default, where one is told at all:
    /// state:Failed]
    #[arg(long, value_name = "QUERY", value_parser = query)]
    pub on: Vec<Query>,
    /// Run a program for the --on before it, without a shell; it finds RUNWATCH_QUERY, RUNWATCH_COUNT and RUNWATCH_RUNS
    #[arg(long, value_name = "COMMAND", value_parser = program::program, requires = "on")]
    pub exec: Vec<Program>,
    /// Ring the terminal's bell
    #[arg(long)]
    pub bell: bool,
    /// Let the terminal show a notice beside its window
    #[arg(long)]
    pub notify: bool,
    /// What is somebody's own.
    #[command(flatten)]
    pub own: OwnArgs,
}

/// What makes a dashboard somebody's own.
#[derive(Debug, Clone, ClapArgs)]
pub struct OwnArgs {
    /// The config file to use in place of one's own; /dev/null for none
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The colors: auto, dark, light, high-contrast or color-blind [default: auto]
    #[arg(long, value_name = "NAME", value_parser = wanted, hide_possible_values = true)]
    pub theme: Option<Wanted>,
    /// Draw with ASCII alone, as is done where the locale is not UTF-8
    #[arg(long)]
    pub ascii: bool,
}

/// What is asked about the config file.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub struct ConfigArgs {
    /// Print a config file with every setting at its default
    #[arg(long)]
    pub default: bool,
    /// Print where the config file is looked for
    #[arg(long)]
    pub path: bool,
    /// Say whether a config file is right: FILE, or one's own
    #[arg(long, value_name = "FILE")]
    pub check: Option<Option<PathBuf>>,
}

/// What is looked back on, and from where.
#[derive(Debug, ClapArgs)]
pub struct ReplayArgs {
    /// The log to look back on; `-` reads it from standard input
    #[arg(value_name = "LOG")]
    pub log: OsString,
    /// Begin at this instant: `#182233`, `14:03:10`, `-5m`, `start` [default: the end]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<When>,
    /// How many runs that have ended are kept.
    #[command(flatten)]
    pub retain: RetainArgs,
    /// What is somebody's own.
    #[command(flatten)]
    pub own: OwnArgs,
}

/// The reports.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Go through a log in time: to any instant, event by event, forward and back
    Replay(ReplayArgs),
    /// Count the lines, runs, attempts and problems of a log
    #[command(after_help = INSTANTS)]
    Stats(StatsArgs),
    /// List what a log did that it may not do; exit 1 if there is anything
    Check {
        /// What every report takes.
        #[command(flatten)]
        report: ReportArgs,
        /// Judge every line exactly as its engine does: no run is joined late, and none is followed over lost lines
        #[arg(long)]
        strict: bool,
    },
    /// List every run of a log, or those that a query finds, in order of run id
    #[command(after_help = INSTANTS)]
    Runs(InstantArgs),
    /// Tell what is different between two instants of a log
    #[command(after_help = INSTANTS)]
    Diff(DiffArgs),
    /// Draw the dashboard's screen of a log as an SVG picture, or as a page where FILE ends in .html
    #[command(after_help = INSTANTS)]
    Screenshot(ScreenshotArgs),
    /// Cancel runs of a log from a script, and say what the log proves of each
    #[command(after_help = CANCELING)]
    Cancel(CancelArgs),
    /// Wait until as many runs of a log answer a query as are waited for
    #[command(after_help = condition::WAITING)]
    Wait(WaitArgs),
    /// Follow a log without a terminal, and account for it line by line once a second
    #[command(after_help = follow::ENDING)]
    Follow(FollowArgs),
    /// Tell about the config file: where it is, what may stand in it, whether it is right
    Config(ConfigArgs),
    /// Print a generated log, to measure with
    Gen(GenArgs),
}

/// What a picture is drawn of, and how.
#[derive(Debug, ClapArgs)]
pub struct ScreenshotArgs {
    /// The log to read; `-` reads it from standard input
    #[arg(value_name = "LOG")]
    pub log: OsString,
    /// The picture to write; `-` writes it to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: OsString,
    /// Columns and lines of the screen
    #[arg(long, value_name = "WxH", default_value = "120x40", value_parser = size)]
    pub size: (u16, u16),
    /// The instant at which the log ends for the picture; times are UTC where they do not say so [default: end]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<When>,
    /// Draw `runwatch replay`: the whole log is read, and `--at` gone back to
    #[arg(long, conflicts_with_all = ["control", "now"])]
    pub replay: bool,
    /// Show only the runs that this query finds
    #[arg(long, value_name = "QUERY", value_parser = query)]
    pub query: Option<Query>,
    /// Keys to press first, by their names on the help page: "l j Enter"
    #[arg(long, value_name = "KEYS", default_value = "")]
    pub keys: String,
    /// The second since the Unix epoch at which the screen is looked at [default: that of the log's last event]
    #[arg(long, value_name = "UNIX", value_parser = number::whole, allow_negative_numbers = true)]
    pub now: Option<u64>,
    /// Show where commands would go; none is sent
    #[arg(long, value_name = "WHERE")]
    pub control: Option<Target>,
    /// Draw with ASCII alone
    #[arg(long)]
    pub ascii: bool,
    /// Draw without colors
    #[arg(long)]
    pub no_color: bool,
    /// The colors, and the paper that they are made for: dark, light, high-contrast, color-blind, color-blind-light
    #[arg(long, value_name = "NAME", default_value = "dark", value_parser = palette, hide_possible_values = true)]
    pub theme: Palette,
}

/// What every report takes.
#[derive(Debug, ClapArgs)]
pub struct ReportArgs {
    /// The log to read; `-` reads it from standard input
    #[arg(value_name = "LOG")]
    pub log: OsString,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// What a report of one instant takes.
#[derive(Debug, ClapArgs)]
pub struct InstantArgs {
    /// What every report takes.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The instant that is told of [default: end]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<When>,
    /// Only runs that a query finds: 'state:failed error~timeout'; the README has its words
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
}

/// What the numbers of a log take.
#[derive(Debug, ClapArgs)]
pub struct StatsArgs {
    /// What a report of one instant takes.
    #[command(flatten)]
    pub instant: InstantArgs,
    /// How many runs that have ended are kept. All are where an instant or a query is asked for.
    #[command(flatten)]
    pub retain: RetainArgs,
}

/// What a report of two instants takes.
#[derive(Debug, ClapArgs)]
pub struct DiffArgs {
    /// What every report takes.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The one instant
    #[arg(long, value_name = "WHEN", default_value = "start", allow_hyphen_values = true)]
    pub from: When,
    /// The other; when it is earlier, the report goes backward
    #[arg(long, value_name = "WHEN", default_value = "end", allow_hyphen_values = true)]
    pub to: When,
}

/// What is canceled, and how.
#[derive(Debug, ClapArgs)]
pub struct CancelArgs {
    /// The log that has the runs; `-` reads it from standard input
    #[arg(value_name = "LOG")]
    pub log: OsString,
    /// Runs by their ids, by the first letters of those, or by what the screen shows of them
    #[arg(value_name = "RUN", required_unless_present = "query")]
    pub runs: Vec<String>,
    /// And every live run that this query finds
    #[arg(long, value_name = "QUERY", value_parser = query)]
    pub query: Option<Query>,
    /// Where cancels go: file:PATH, exec:PROGRAM, http://HOST:PORT or https://HOST
    #[arg(long, value_name = "WHERE")]
    pub control: Target,
    /// The file that holds the token for a daemon; RUNWATCH_TOKEN is used without it
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// How many are sent in a second
    #[arg(
        long,
        value_name = "N",
        default_value = "50",
        value_parser = number::above_zero,
        allow_negative_numbers = true
    )]
    pub control_rate: NonZeroU32,
    /// How long the log may stay silent about a cancel, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub evidence_timeout: Duration,
    /// Wait until the log has spoken of every run
    #[arg(long)]
    pub wait: bool,
    /// Print JSON, a line a run
    #[arg(long)]
    pub json: bool,
    /// Ask nobody
    #[arg(long)]
    pub yes: bool,
}

/// What the exit code of a cancel says.
const CANCELING: &str = "\
Exit codes: 0 every cancel is proved by the log, or, without --wait, was sent; 3 some run ended otherwise first; 4 the log \
says nothing of some run; 5 some cancel was refused; 2 nothing was sent. The worst of all runs counts.";

/// How an instant is said.
const INSTANTS: &str = "\
WHEN is an instant of the log: start, end, #1234 (its sequence), line:1234, 14:03 or 14:03:10 (of the log's last day), \
\"2026-11-21 14:03:10\" or 2026-11-21T14:03:10Z, or -5m, -1h30m, -2d (before the log's last event). A time is the \
instant after the last event that happened at that second or before it.";

impl ReportArgs {
    /// The log.
    #[must_use]
    pub fn source(&self) -> Origin {
        Origin::from(self.log.clone())
    }
}

/// What a generated log is like.
#[derive(Debug, ClapArgs)]
pub struct GenArgs {
    /// How many lines
    #[arg(long, default_value_t = 1_000_000, value_parser = number::whole, allow_negative_numbers = true)]
    pub events: u64,
    /// How many runs they are about [default: a tenth of the events, 100000 at most]
    #[arg(long, value_parser = number::at_least_one, allow_negative_numbers = true)]
    pub runs: Option<u64>,
    /// Which engine's events
    #[arg(long, default_value = "0.1", value_parser = ["0.1", "0.3"])]
    pub vocabulary: String,
    /// The same seed makes the same log
    #[arg(long, default_value_t = 1, value_parser = number::whole, allow_negative_numbers = true)]
    pub seed: u64,
    /// Spread each life over the whole log: the worst case for every cache
    #[arg(long)]
    pub scattered: bool,
}

fn query(text: &str) -> Result<Query, String> {
    Query::parse(text).map_err(|error| match &error.hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 =
        text.trim_end_matches('s').parse().map_err(|_| "give a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("give a number of seconds above 0".to_owned()),
    }
}

fn wanted(name: &str) -> Result<Wanted, String> {
    Wanted::named(name).ok_or_else(|| format!("the themes are {}", Wanted::ALL.map(Wanted::name).join(", ")))
}

fn palette(name: &str) -> Result<Palette, String> {
    Palette::named(name)
        .ok_or_else(|| format!("the themes are {}", Palette::ALL.map(Palette::name).join(", ")))
}

/// The largest screen that is drawn; no terminal comes near it.
const LARGEST: u16 = 1000;

fn size(text: &str) -> Result<(u16, u16), String> {
    let side = |text: &str| text.parse().ok().filter(|side| (1..=LARGEST).contains(side));
    let sides = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    sides.ok_or_else(|| format!("give columns and lines, up to {LARGEST} each: 120x40"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_log_alone_is_watched_and_a_report_has_its_name_first() {
        let args = Args::try_parse_from(["runwatch", "a.jsonl", "--control", "file:c.jsonl"]).unwrap();
        assert_eq!(args.watch.log, Some("a.jsonl".into()));
        assert_eq!(args.watch.evidence_timeout, None);
        let args = Args::try_parse_from(["runwatch", "check", "-", "--strict"]).unwrap();
        assert!(matches!(args.command, Some(Command::Check { strict: true, .. })));
        let line = ["runwatch", "runs", "a", "--at", "-1h30m", "--json"];
        let args = Args::try_parse_from(line).unwrap();
        assert!(matches!(args.command, Some(Command::Runs(InstantArgs { at: Some(When::Time(_)), .. }))));
        let args = Args::try_parse_from(["runwatch", "diff", "a", "--from", "#12"]).unwrap();
        let Some(Command::Diff(DiffArgs { from, to, .. })) = args.command else { panic!() };
        assert!(matches!((from, to), (When::Sequence(12), When::End)));
        let line = ["runwatch", "screenshot", "a", "-o", "b", "--size", "80x24"];
        let args = Args::try_parse_from(line).unwrap();
        let Some(Command::Screenshot(ScreenshotArgs { size, .. })) = args.command else { panic!() };
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
