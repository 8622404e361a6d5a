//! Arguments of `runwatch screenshot`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::{GivenArgs, number, query};
use crate::control::target::Target;
use crate::query::QueryText;
use crate::source::origin::Origin;
use crate::ui::Theme;
use crate::ui::theme::Palette;
use crate::view::instant::When;

/// Arguments of `runwatch screenshot`.
#[derive(Debug, Clone, Args)]
pub struct Screenshot {
    /// The log to read; `-` reads it from standard input
    #[arg(id = "log", value_name = "LOG")]
    pub source: Origin,
    /// The picture to write; `-` writes it to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Picture,
    /// Facts beside the log.
    #[command(flatten)]
    pub given: GivenArgs,
    /// Columns and lines of the screen
    #[arg(long, value_name = "WxH", default_value = "120x40", value_parser = size)]
    pub size: (u16, u16),
    /// The instant at which the log ends for the picture; times are UTC where they do not say so [default: end]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<When>,
    /// Draw `runwatch replay`: the whole log is read, and `--at` gone back to
    #[arg(long, conflicts_with_all = ["control", "now"])]
    pub replay: bool,
    /// Show only the runs that this query finds
    #[arg(long, value_name = "QUERY", value_parser = query)]
    pub query: Option<QueryText>,
    /// Keys to press first, by their names on the help page: "l j Enter"
    #[arg(long, value_name = "KEYS", default_value = "")]
    pub keys: String,
    /// The second since the Unix epoch at which the screen is looked at [default: that of the log's last event]
    #[arg(long, value_name = "UNIX", value_parser = number::whole, allow_negative_numbers = true)]
    pub now: Option<u64>,
    /// Show where commands would go; none is sent
    #[arg(long, value_name = "WHERE")]
    pub control: Option<Target>,
    /// Draw with ASCII alone
    #[arg(long)]
    pub ascii: bool,
    /// Draw without colors
    #[arg(long)]
    pub no_color: bool,
    /// The colors, and the paper that they are made for: dark, light, high-contrast, color-blind, color-blind-light
    #[arg(long, value_name = "NAME", default_value = "dark", value_parser = palette, hide_possible_values = true)]
    pub theme: Palette,
}

impl Screenshot {
    /// The theme of the picture.
    #[must_use]
    pub const fn look(&self) -> Theme {
        Theme { color: !self.no_color, unicode: !self.ascii, palette: self.theme }
    }
}

/// The place of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// This file; what is there is overwritten.
    Path(PathBuf),
    /// The standard output.
    Stdout,
}

/// `-` is the standard output; `./-` is the file of that name.
impl From<OsString> for Picture {
    fn from(typed: OsString) -> Self {
        if typed == "-" { Self::Stdout } else { Self::Path(typed.into()) }
    }
}

fn palette(name: &str) -> Result<Palette, String> {
    Palette::named(name)
        .ok_or_else(|| format!("the themes are {}", Palette::ALL.map(Palette::name).join(", ")))
}

/// Maximum number of columns, and of lines; no terminal comes near it.
const MAX_SIDE: u16 = 1000;

fn size(text: &str) -> Result<(u16, u16), String> {
    let side = |text: &str| text.parse().ok().filter(|side| (1..=MAX_SIDE).contains(side));
    let sides = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    sides.ok_or_else(|| format!("give columns and lines, up to {MAX_SIDE} each: 120x40"))
}
