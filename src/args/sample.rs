//! Arguments of `runwatch gen`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::number;
use crate::engine::actionqueue::event::Vocabulary;

/// Arguments of `runwatch gen`: a plan of a generated log.
#[derive(Debug, Clone, Copy, Args)]
pub struct Gen {
    /// Number of lines
    #[arg(long, default_value_t = 1_000_000, value_parser = number::whole, allow_negative_numbers = true)]
    pub events: u64,
    /// Number of runs they are about [default: a tenth of the events, 100000 at most]
    #[arg(long, value_parser = number::at_least_one, allow_negative_numbers = true)]
    pub runs: Option<u64>,
    /// Which engine's events
    #[arg(
        long,
        default_value = "0.1",
        value_parser = PossibleValuesParser::new(["0.1", "0.3"]).map(|it| vocabulary(&it))
    )]
    pub vocabulary: Vocabulary,
    /// The same seed makes the same log
    #[arg(long, default_value_t = 1, value_parser = number::whole, allow_negative_numbers = true)]
    pub seed: u64,
    /// Spread each life over the whole log: the worst case for every cache
    #[arg(long)]
    pub scattered: bool,
}

/// The vocabulary of a version; there is no third.
fn vocabulary(version: &str) -> Vocabulary {
    if version == "0.1" { Vocabulary::Aq01 } else { Vocabulary::Aq02 }
}
