//! Arguments of `runwatch formats`.

use clap::{Args, Subcommand};

use crate::source::origin::Origin;

/// Arguments of `runwatch formats`.
#[derive(Debug, Args)]
pub struct FormatsQuestion {
    /// Say more of one format; without this, all formats are listed.
    #[command(subcommand)]
    pub of: Option<FormatsCommand>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// Questions about one format.
#[derive(Debug, Subcommand)]
pub enum FormatsCommand {
    /// Read a log by a table, and tell what the table makes of its lines
    Check(FormatCheck),
    /// Print the table of a format, to begin one's own with
    Show {
        /// The name of the format
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Arguments of `runwatch formats check`.
#[derive(Debug, Args)]
pub struct FormatCheck {
    /// The name of a format, or a file with a table
    #[arg(value_name = "NAME|FILE")]
    pub table: String,
    /// The log to read; `-` reads it from standard input
    #[arg(value_name = "LOG")]
    pub log: Origin,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}
