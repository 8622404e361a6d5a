//! Arguments for what a log does not have, and its user does.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;

use super::number;

/// Facts beside a log.
#[derive(Debug, Clone, Default, Args)]
pub struct GivenArgs {
    /// The graph of a dag-executor, as JSON: {"tasks":[{"id":"a","deps":["b"]}]}
    #[arg(long, value_name = "FILE")]
    pub dag: Option<PathBuf>,
    /// Number of tasks that a dag-executor executes at once; the others that run wait for a worker
    #[arg(long, value_name = "N", value_parser = number::above_zero, allow_negative_numbers = true)]
    pub concurrency: Option<NonZeroU32>,
    /// The format of the log: a name of `runwatch formats`, or a file with a table of one's own [default: the format
    /// that the first lines show]
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["dag", "concurrency"])]
    pub format: Option<String>,
}
