//! Preferences of the user: keys, named queries, columns, the rate of cancels, and notifications. Must not know where they
//! are stored.

use super::prompt::CompletionRow;
use crate::input::Keymap;
use crate::model::states::StateTable;
use crate::query::{self, Completions, Query, QueryError};
use crate::store::Store;
use crate::view::Column;

/// Commands of one intent that are sent in a second, unless the user chooses another rate.
pub const DEFAULT_CONTROL_RATE: u32 = 50;

/// Preferences of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Queries by their names, in the order in which they were written.
    pub queries: Vec<(String, String)>,
    /// The columns of the list of runs; none for those that fit on the screen.
    pub columns: Option<Vec<Column>>,
    /// Commands of one intent that are sent in a second.
    pub control_rate: u32,
    /// The bindings of keys.
    pub keymap: Keymap,
    /// Turns the mouse on at the start.
    pub mouse: bool,
    /// Rings the terminal's bell on a failure while the terminal is not focused.
    pub bell: bool,
    /// Sends a desktop notification on a failure while the terminal is not focused.
    pub notify: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            queries: Vec::new(),
            columns: None,
            control_rate: DEFAULT_CONTROL_RATE,
            keymap: Keymap::default(),
            mouse: false,
            bell: false,
            notify: false,
        }
    }
}

impl Preferences {
    /// Parses a query about runs that have these states, with named queries in it expanded.
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

    /// Completions of a query that was begun.
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
