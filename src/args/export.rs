//! Arguments of `runwatch export`.

use clap::Args;

use super::GivenArgs;
use crate::source::origin::Origin;

/// Arguments of `runwatch export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The log to copy: a data directory, a file; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// Go on as the log grows, until a signal comes
    #[arg(long, short)]
    pub follow: bool,
}

/// Help text on what is copied.
pub(super) const COPYING: &str = "\
Each record becomes one line of JSON, as the engine's own program would write it; a log of lines comes out as it is. The \
log is never written to, and not locked. Exits 0 when every record was copied, 1 when some were damaged and are left out, \
which standard error tells, and 2 when the log cannot be read.";
