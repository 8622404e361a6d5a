//! Arguments for how many runs that have ended are kept.

use clap::Args;

use crate::store::{Ended, Retain};

/// Arguments for how many runs that have ended are kept. Those that have not always are.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct RetainArgs {
    /// The ended runs to keep: as many of the latest as --memory has room for (`auto`), a number of the latest, or `all`,
    /// at any size. Others are counted, and not listed or searched [default: auto]
    #[arg(long, value_name = "RUNS")]
    pub retain: Option<Ended>,
    /// Memory that runs and their past may take before the oldest ended ones are evicted and only counted
    /// [default: 2GiB]
    #[arg(long, value_name = "SIZE", value_parser = crate::model::size::read)]
    pub memory: Option<usize>,
}

impl RetainArgs {
    /// The limits that hold: those that were given, and `config` for the rest.
    #[must_use]
    pub fn over(self, config: Retain) -> Retain {
        Retain { ended: self.retain.unwrap_or(config.ended), memory: self.memory.unwrap_or(config.memory) }
    }
}
