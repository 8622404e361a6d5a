//! What somebody likes: keys, named queries, columns, the pace of cancels, and what may be done unasked. Must not know where that is written.

use super::prompt::CompletionRow;
use crate::input::Keymap;
use crate::model::states::StateTable;
use crate::query::{self, Completions, Query, QueryError};
use crate::store::Store;
use crate::view::Column;

/// Commands of one intent that are sent in a second, unless somebody says otherwise.
pub const CONTROL_RATE: u32 = 50;

/// What somebody likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Queries by their names, in the order in which they were written.
    pub queries: Vec<(String, String)>,
    /// The columns of the list of runs; those that fit on the screen, when nobody chose.
    pub columns: Option<Vec<Column>>,
    /// Commands of one intent that are sent in a second.
    pub control_rate: u32,
    /// What the keys mean.
    pub keymap: Keymap,
    /// Whether the mouse is used from the start.
    pub mouse: bool,
    /// Whether the terminal's bell tells of a failure while nobody looks.
    pub bell: bool,
    /// Whether the desktop is told of a failure while nobody looks.
    pub notify: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            queries: Vec::new(),
            columns: None,
            control_rate: CONTROL_RATE,
            keymap: Keymap::default(),
            mouse: false,
            bell: false,
            notify: false,
        }
    }
}

impl Preferences {
    /// Reads a query about runs that have these states, with the names that stand for others.
    ///
    /// # Errors
    /// When it is no query.
    pub fn parse(&self, text: &str, states: &'static StateTable) -> Result<Query, QueryError> {
        Query::parse_with(text, states, &|name| self.named(name).map(str::to_owned))
    }

    /// The text of a query that has a name.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.queries.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }

    /// What may be meant by a query that was begun.
    pub(super) fn complete(&self, text: &str, caret: usize, store: &Store) -> Vec<CompletionRow> {
        let names: Vec<String> = self.queries.iter().map(|(name, _)| name.clone()).collect();
        let Completions { candidates, .. } = query::complete(text, caret, store, &names);
        let candidate = |candidate: query::Candidate| CompletionRow {
            at: candidate.replaces,
            label: candidate.with.trim().to_owned(),
            text: candidate.with,
        };
        candidates.into_iter().map(candidate).collect()
    }
}
