//! Queries over runs, and the reasons why one waits.
//!
//! ```text
//! query   = all { "or" all }
//! all     = one { ["and"] one }
//! one     = ("-" | "not") one | "(" query ")" | field compare value | word | text | "@" name
//! compare = ":" "=" "!=" ">" ">=" "<" "<=" "~" "!~"
//! ```
//!
//! One rule for what the log does not know (no owner, no error, an age that a lying clock would make up): it matches no
//! comparison, not even `!=` and `!~`. So `owner!=a` finds runs that have another owner, and `-owner:a` these and
//! those that have none.
//!
//! A query is parsed once ([`Query`]), made ready for a store ([`QueryMatcher`]) and asked of each run. Must not know rows, cells
//! or keys.

mod cache;
mod cause;
mod compare;
mod complete;
mod composed;
mod digits;
mod error;
mod eval;
pub mod field;
mod letters;
mod live_query;
mod matcher;
mod parse;
mod pattern;
mod state;
mod text;
mod token;
mod tree;
mod value;

pub use compare::Compare;
pub use complete::{Candidate, Completions, complete};
pub use error::QueryError;
pub use live_query::LiveQuery;
pub use matcher::{MatchVerdict, QueryMatcher};

use state::States;
use tree::Tree;

use crate::engine;
use crate::model::states::StateTable;

/// A query, parsed for the states of one engine. Knows no store.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    tree: Tree,
}

impl Default for Query {
    /// A query that finds every run.
    fn default() -> Self {
        Self { text: String::new(), tree: Tree::All(vec![]) }
    }
}

impl Query {
    /// Reads a query about runs that have these states. An empty one finds every run.
    ///
    /// # Errors
    /// When it is none: where, why, and what may have been meant.
    pub fn parse(text: &str, states: &'static StateTable) -> Result<Self, QueryError> {
        Self::parse_with(text, states, &|_| None)
    }

    /// Reads a query in which `@name` means the text that `named` knows by that name.
    ///
    /// # Errors
    /// As [`Query::parse`]; and when a name is not known, or leads back to itself.
    pub fn parse_with(
        text: &str,
        states: &'static StateTable,
        named: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, QueryError> {
        Ok(Self { text: text.to_owned(), tree: parse::parse(text, States::of(states), named)? })
    }

    /// Returns the text as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns true if it finds every run.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        matches!(&self.tree, Tree::All(trees) if trees.is_empty())
    }

    /// Returns true if time alone may change what it finds.
    #[must_use]
    pub fn uses_time(&self) -> bool {
        self.tree.uses_time()
    }
}

/// The text of a query about a log whose engine is not known yet. It is right for some engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryText(String);

impl QueryText {
    /// Reads a text in which the states of any engine may be named.
    ///
    /// # Errors
    /// As [`Query::parse`], where no engine has its states.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Self::parse_with(text, &|_| None)
    }

    /// Reads a text in which `@name` means the text that `named` knows by that name.
    ///
    /// # Errors
    /// As [`Query::parse_with`], where no engine has its states.
    pub fn parse_with(text: &str, named: &dyn Fn(&str) -> Option<String>) -> Result<Self, QueryError> {
        let mut first = None;
        for states in engine::state_tables() {
            match Query::parse_with(text, states, named) {
                Ok(_) => return Ok(Self(text.to_owned())),
                Err(wrong) => first = first.or(Some(wrong)),
            }
        }
        first.map_or_else(|| Ok(Self(text.to_owned())), Err)
    }

    /// The query, once the engine is known.
    ///
    /// # Errors
    /// When the engine has no such state.
    pub fn with(&self, states: &'static StateTable) -> Result<Query, QueryError> {
        Query::parse(&self.0, states)
    }

    /// The text as it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}
