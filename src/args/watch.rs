//! Arguments of the dashboard, and those that it shares with a replay.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{GivenArgs, ProgramLine, RetainArgs, duration, number, program, query};
use crate::control::target::Target;
use crate::query::QueryText;
use crate::source::origin::Origin;
use crate::ui::theme::ThemeChoice;

/// Arguments of `runwatch LOG`.
#[derive(Debug, Default, Args)]
pub struct WatchArgs {
    /// The log to follow: ActionQueue's data directory or its write-ahead log, dag-executor's state directory, or a file of
    /// JSON lines; `-` reads standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Option<Origin>,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// Where cancels go: `file:PATH`, to which each is appended as a JSON line for the queue's host to read;
    /// `exec:PROGRAM`, which is run for each; `exec:PROGRAM ARGUMENT...`, where `{run}`, `{task}` and `{parent}` are
    /// replaced by the id of the run, the name of its task and the id of its parent, and `{{` and `}}` are braces, as in
    /// 'exec:celery -A app control revoke {run}'; ActionQueue's daemon, `http://HOST:PORT` on this machine, else
    /// `https://HOST:PORT`; or `signal:PID`, the host of dag-executor, which cancels its whole execution at SIGINT
    #[arg(long, value_name = "WHERE")]
    pub control: Option<Target>,
    /// The file that holds the token for the daemon, readable to you alone [default: the token in RUNWATCH_TOKEN]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Number of cancels sent in a second when there are many [default: 50]
    #[arg(long, value_name = "N", value_parser = number::above_zero, allow_negative_numbers = true)]
    pub control_rate: Option<NonZeroU32>,
    /// Send nothing, even if a target is given
    #[arg(long)]
    pub read_only: bool,
    /// Time that a sent cancel waits for the log to prove it: `30`, `30s`, `2m` [default: 30s]
    #[arg(long, value_name = "LENGTH", value_parser = duration::above_zero)]
    pub evidence_timeout: Option<Duration>,
    /// Number of the last events that can be gone back to; at 0 there is no past, and less memory is used
    /// [default: 10000000]
    #[arg(long, value_name = "EVENTS", value_parser = number::whole, allow_negative_numbers = true)]
    pub history: Option<u64>,
    /// Number of ended runs to keep.
    #[command(flatten)]
    pub retain: RetainArgs,
    /// Tell of runs that come to answer this query; may be given more than once [default, where one is told at all:
    /// state:failure]
    #[arg(long, value_name = "QUERY", value_parser = query)]
    pub on: Vec<QueryText>,
    /// Run a program for the --on before it, without a shell; it finds RUNWATCH_QUERY, RUNWATCH_COUNT and RUNWATCH_RUNS
    #[arg(long, value_name = "COMMAND", value_parser = program::program, requires = "on")]
    pub exec: Vec<ProgramLine>,
    /// Ring the terminal's bell
    #[arg(long)]
    pub bell: bool,
    /// Let the terminal show a notice beside its window
    #[arg(long)]
    pub notify: bool,
    /// The preferences of the user.
    #[command(flatten)]
    pub own: OwnArgs,
}

/// Arguments for the preferences of the user.
#[derive(Debug, Clone, Default, Args)]
pub struct OwnArgs {
    /// The config file to use in place of one's own; /dev/null for none
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The colors: auto, dark, light, high-contrast or color-blind [default: auto]
    #[arg(long, value_name = "NAME", value_parser = wanted, hide_possible_values = true)]
    pub theme: Option<ThemeChoice>,
    /// Draw with ASCII alone, as is done where the locale is not UTF-8
    #[arg(long)]
    pub ascii: bool,
}

fn wanted(name: &str) -> Result<ThemeChoice, String> {
    ThemeChoice::named(name)
        .ok_or_else(|| format!("the themes are {}", ThemeChoice::ALL.map(ThemeChoice::name).join(", ")))
}
