//! Arguments of `runwatch replay`.

use clap::Args;

use super::{GivenArgs, OwnArgs, RetainArgs};
use crate::source::origin::Origin;
use crate::view::instant::When;

/// Arguments of `runwatch replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// The log to look back on; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// Begin at this instant: `#182233`, `14:03:10`, `-5m`, `start` [default: the end]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<When>,
    /// Number of ended runs to keep.
    #[command(flatten)]
    pub retain: RetainArgs,
    /// The preferences of the user.
    #[command(flatten)]
    pub own: OwnArgs,
}
