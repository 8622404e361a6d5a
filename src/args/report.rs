//! Arguments of the reports: those that all of them take, and those of each.

use clap::Args;

use super::{GivenArgs, RetainArgs};
use crate::source::origin::Origin;
use crate::view::instant::When;

/// Arguments that every report takes.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The log to read; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// Arguments of a report of one instant; those of `runwatch runs`.
#[derive(Debug, Args)]
pub struct InstantArgs {
    /// Arguments that every report takes.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The instant that is told of [default: end]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<When>,
    /// Only runs that a query finds: 'state:failed error~timeout'; the README has its words
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
}

/// Arguments of `runwatch stats`.
#[derive(Debug, Args)]
pub struct Stats {
    /// Arguments of a report of one instant.
    #[command(flatten)]
    pub instant: InstantArgs,
    /// Number of ended runs to keep. All are where an instant or a query is asked for.
    #[command(flatten)]
    pub retain: RetainArgs,
}

/// Arguments of `runwatch check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Arguments that every report takes.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Judge every line exactly as its engine does: no run is joined late, and none is followed over lost lines
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `runwatch diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Arguments that every report takes.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The one instant
    #[arg(long, value_name = "WHEN", default_value = "start", allow_hyphen_values = true)]
    pub from: When,
    /// The other; when it is earlier, the report goes backward
    #[arg(long, value_name = "WHEN", default_value = "end", allow_hyphen_values = true)]
    pub to: When,
}

/// The forms of an instant.
pub(super) const INSTANTS: &str = "\
WHEN is an instant of the log: start, end, #1234 (its sequence), line:1234, 14:03 or 14:03:10 (of the log's last day), \
\"2026-11-21 14:03:10\" or 2026-11-21T14:03:10Z, or -5m, -1h30m, -2d (before the log's last event). A time is the \
instant after the last event that happened at that second or before it.";
