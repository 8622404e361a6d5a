//! Arguments of `runwatch cancel`.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{GivenArgs, duration, number, query};
use crate::control::target::Target;
use crate::query::QueryText;
use crate::source::origin::Origin;

/// Arguments of `runwatch cancel`.
#[derive(Debug, Args)]
pub struct Cancel {
    /// The log that has the runs; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// Runs by their ids, by the first letters of those, or by what the screen shows of them
    #[arg(value_name = "RUN", required_unless_present_any = ["query", "all"])]
    pub runs: Vec<String>,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// And every live run that this query finds
    #[arg(long, value_name = "QUERY", value_parser = query)]
    pub query: Option<QueryText>,
    /// Every run that has not ended; the one choice that a signal has
    #[arg(long, conflicts_with_all = ["runs", "query"])]
    pub all: bool,
    /// Where cancels go: file:PATH, exec:PROGRAM, 'exec:PROGRAM ARGUMENT...' with {run}, {task} or {parent} in it,
    /// http://HOST:PORT, https://HOST or signal:PID
    #[arg(long, value_name = "WHERE")]
    pub control: Target,
    /// The file that holds the token for a daemon; RUNWATCH_TOKEN is used without it
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Number of cancels sent in a second
    #[arg(
        long,
        value_name = "N",
        default_value = "50",
        value_parser = number::above_zero,
        allow_negative_numbers = true
    )]
    pub control_rate: NonZeroU32,
    /// Time that the log may stay silent about a cancel: `30`, `30s`, `2m`
    #[arg(long, value_name = "LENGTH", default_value = "30s", value_parser = duration::above_zero)]
    pub evidence_timeout: Duration,
    /// Wait until the log has spoken of every run
    #[arg(long)]
    pub wait: bool,
    /// Print JSON, a line a run
    #[arg(long)]
    pub json: bool,
    /// Ask no question
    #[arg(long)]
    pub yes: bool,
}

/// The exit codes of a cancel.
pub(super) const CANCELING: &str = "\
Exit codes: 0 every cancel is proved by the log, or, without --wait, was sent; 3 some run ended otherwise first; 4 the log \
says nothing of some run, or confirms no cancels; 5 some cancel was refused, or its state is none that the engine cancels from; 2 nothing was sent. The worst of all runs counts.";
