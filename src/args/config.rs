//! Arguments of `runwatch config`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `runwatch config`; exactly one is given.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct ConfigQuestion {
    /// Print a config file with every setting at its default
    #[arg(long)]
    pub default: bool,
    /// Print where the config file is looked for
    #[arg(long)]
    pub path: bool,
    /// Say whether a config file is right: FILE, or one's own
    #[arg(long, value_name = "FILE")]
    pub check: Option<Option<PathBuf>>,
}
