//! Arguments of `runwatch follow`.

use std::time::Duration;

use clap::Args;

use super::{GivenArgs, RetainArgs};
use crate::source::origin::Origin;

/// Arguments of `runwatch follow`.
#[derive(Debug, Args)]
pub struct FollowArgs {
    /// The log to follow; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// Interval between lines: `1`, `1s`, `500ms`, `5m`
    #[arg(long, value_name = "LENGTH", default_value = "1s", value_parser = super::duration::above_zero)]
    pub every: Duration,
    /// Number of ended runs to keep.
    #[command(flatten)]
    pub retain: RetainArgs,
    /// Print JSON instead of a sentence
    #[arg(long)]
    pub json: bool,
}

/// Help text on when following ends.
pub(super) const ENDING: &str = "\
The log is read, followed and folded by what the dashboard does it with, so that both always say the same. A last line is \
printed when standard input has ended, which exits 0, and on a signal, which exits with 128 and its number. Nothing more is \
printed once its reader has gone. A log that is not there is waited for; exits 2 when one cannot be read.";
