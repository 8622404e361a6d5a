//! Errors of a config file: the place, the reason, and a suggestion.

use std::fmt::Write as _;
use std::ops::Range;

use crate::model::nearest::nearest;
use crate::model::text;

/// Number of faults shown at most; a user corrects no more at once.
const MAX_SHOWN: usize = 20;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The line, from 1.
    pub line: usize,
    /// The column, in letters, from 1.
    pub column: usize,
    /// The key, with those that it is under; none where the text is no TOML.
    pub key: Option<String>,
    /// Reason, safe for a screen.
    pub what: String,
}

/// The same while the file is read: by its place in the text.
#[derive(Debug)]
pub(super) struct ConfigFault {
    pub(super) span: Range<usize>,
    pub(super) key: Option<String>,
    pub(super) what: String,
}

impl ConfigFault {
    pub(super) fn new(span: Range<usize>, key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { span, key: Some(key.into()), what: what.into() }
    }

    /// With what may have been meant by `typed`, if anything comes near it.
    pub(super) fn near<'a>(mut self, typed: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        if let Some(name) = nearest(typed, names.into_iter()) {
            let _ = write!(self.what, "; did you mean `{name}`?");
        }
        self
    }

    /// With its line and column in the text.
    pub(super) fn placed(self, text: &str) -> ConfigProblem {
        let (line, column) = text::place(text, self.span.start);
        let clean = |words: &str| text::clean(words).into_owned();
        ConfigProblem { line, column, key: self.key.as_deref().map(clean), what: clean(&self.what) }
    }
}

/// All that is wrong, a line each: the file, the place, the key, and what it is.
pub(super) fn list(path: &str, faults: &[ConfigProblem]) -> String {
    let mut lines = Vec::new();
    for ConfigProblem { line, column, key, what } in faults.iter().take(MAX_SHOWN) {
        let key = key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
        lines.push(format!("{path}:{line}:{column}: {key}{what}"));
    }
    if faults.len() > MAX_SHOWN {
        lines.push(format!("and {} more", faults.len() - MAX_SHOWN));
    }
    lines.join("\n")
}
