//! How many runs that have ended are kept.

use clap::Args;

use crate::store::Ended;

/// How many runs that have ended are kept. Those that have not always are.
#[derive(Debug, Clone, Copy, Args)]
pub struct RetainArgs {
    /// The ended runs to keep: as many of the latest as --memory has room for (`auto`), a number of the latest, or `all`,
    /// whatever they take. Others are counted, and not listed or searched [default: auto]
    #[arg(long, value_name = "RUNS")]
    pub retain: Option<Ended>,
    /// What runs and their past may take before the oldest ended ones are only counted [default: 2GiB]
    #[arg(long, value_name = "SIZE", value_parser = crate::model::size::read)]
    pub memory: Option<usize>,
}
