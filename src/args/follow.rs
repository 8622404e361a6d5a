//! Arguments of `runwatch follow`.

use std::time::Duration;

use clap::Args;

use super::RetainArgs;
use crate::source::origin::Source;

/// Arguments of `runwatch follow`.
#[derive(Debug, Args)]
pub struct Follow {
    /// The log to follow; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Source,
    /// How often a line is printed, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = super::seconds)]
    pub every: Duration,
    /// How many runs that have ended are kept.
    #[command(flatten)]
    pub retain: RetainArgs,
    /// Print JSON instead of a sentence
    #[arg(long)]
    pub json: bool,
}

/// How following ends.
pub(super) const ENDING: &str = "\
The log is read, followed and folded by what the dashboard does it with, so that both always say the same. A last line is \
printed when standard input has ended, which exits 0, and on a signal, which exits with 128 and its number. Nothing more is \
printed once nobody reads it. A log that is not there is waited for; exits 2 when one cannot be read.";
