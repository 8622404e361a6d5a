//! Facts of a run that only its engine has, for the run's page. Must not know how they are drawn.

use crate::store::{Name, RunKey};

/// A fact of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFact {
    /// Name of the fact.
    pub label: &'static str,
    /// Its value.
    pub value: FactValue,
}

/// Maximum number of other runs that a fact names.
pub const MAX_NAMED_RUNS: usize = 12;

/// Value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// Words that explain.
    Note(String),
    /// Words that warn.
    Warning(String),
    /// An instant, in the unit of the log.
    Instant(u64),
    /// Other runs, each with its depth below the first ones, and how many there are: at least as many as are named.
    Runs(Vec<(usize, RunKey)>, usize),
    /// A text, as the log has it.
    Text(Name),
    /// A text of JSON.
    Json(Name),
    /// Nothing that the log shows.
    Unknown,
}
