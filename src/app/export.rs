//! Requests to write runs or the screen to a file, in the format that the file's name says.
//!
//! Must not touch files.

use std::path::{Path, PathBuf};

use crate::model::text;
use crate::store::RunKey;
use crate::view::Shelf;

/// Format of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// A table of runs.
    Csv,
    /// Runs, each with all that is known of it.
    Jsonl,
    /// A picture of the screen.
    Svg,
    /// The screen as a page of text.
    Html,
}

/// Treatment of a file that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is kept, and nothing is written.
    Keep,
    /// The new one takes its place.
    Replace,
}

/// A request to write a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The file.
    pub path: PathBuf,
    /// The format.
    pub kind: ExportFormat,
    /// Treatment of a file that exists already.
    pub existing: Existing,
    /// The runs, in order. Not asked for where the screen is written.
    pub runs: Vec<RunKey>,
}

impl ExportFormat {
    /// The format of a file, by the ending of its name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "csv" => Self::Csv,
            "jsonl" | "ndjson" => Self::Jsonl,
            "svg" => Self::Svg,
            "html" | "htm" => Self::Html,
            _ => return None,
        })
    }

    /// Is true when the screen is written, and not runs.
    #[must_use]
    pub const fn is_screen(self) -> bool {
        matches!(self, Self::Svg | Self::Html)
    }
}

impl Export {
    /// A file of these runs, or of the screen, by what the file is called.
    ///
    /// # Errors
    /// When the name does not say what to write; the words say what to call it.
    pub fn named(file: &str, existing: Existing, runs: impl Iterator<Item = RunKey>) -> Result<Self, String> {
        let path = PathBuf::from(file);
        let kind = ExportFormat::of(&path).ok_or_else(|| {
            let why = match path.extension() {
                Some(ending) => format!("no .{} can be written", text::clean(&ending.to_string_lossy())),
                None => format!("{} does not say what to write", text::clean(file)),
            };
            why + ": call it .csv, .jsonl, .svg or .html"
        })?;
        let runs = if kind.is_screen() { Vec::new() } else { runs.collect() };
        Ok(Self { path, kind, existing, runs })
    }
}

/// The runs of a list, folded sections too, in their order.
pub(super) fn shown(shelf: Shelf<'_>) -> impl Iterator<Item = RunKey> + '_ {
    let sections = (0..shelf.len()).filter_map(move |place| shelf.at(place));
    sections.flat_map(move |section| shelf.runs(section, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_is_called() {
        for (file, expected) in [
            ("a.csv", Some(ExportFormat::Csv)),
            ("/tmp/x.y/a.JSONL", Some(ExportFormat::Jsonl)),
            ("a.b.svg", Some(ExportFormat::Svg)),
            ("a.html", Some(ExportFormat::Html)),
            ("a.json", None),
            ("csv", None),
            (".csv", None),
            ("a.csv/", Some(ExportFormat::Csv)),
            ("", None),
        ] {
            assert_eq!(ExportFormat::of(Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_written_is_refused_by_its_ending() {
        for (file, expected) in [
            ("a.png", "no .png can be written: call it .csv, .jsonl, .svg or .html"),
            ("a.b.txt", "no .txt can be written: "),
            ("runs", "runs does not say what to write: call it .csv, "),
        ] {
            let words = Export::named(file, Existing::Keep, std::iter::empty()).unwrap_err();
            assert!(words.starts_with(expected), "{file}: {words}");
        }
    }
}
