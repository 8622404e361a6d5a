//! A task as its creation states it, and a text of a log. Must not know any event.

use std::borrow::Cow;

use super::id::{TaskId, TenantId};

/// A text of a log, borrowed while it is not kept.
pub type Text<'a> = Cow<'a, str>;

/// Schedule of a task's runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunPolicy {
    /// Once.
    Once,
    /// `count` times.
    Repeat {
        /// Number of runs.
        count: u32,
        /// Seconds between two runs.
        interval_secs: u64,
    },
    /// At the instants of a cron expression.
    Cron {
        /// The expression, seconds first.
        expression: Box<str>,
        /// Maximum number of runs.
        max_occurrences: Option<u32>,
    },
}

/// Number of attempts of a task of which no limit is known.
pub const NO_LIMIT: u32 = u32::MAX;

/// A task as its creation states it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the engine's task spec")]
pub struct Task<'a> {
    pub id: TaskId,
    pub description: Option<Text<'a>>,
    pub tags: Vec<Text<'a>>,
    pub priority: i32,
    pub policy: RunPolicy,
    pub max_attempts: u32,
    pub timeout_secs: Option<u64>,
    pub concurrency_key: Option<Text<'a>>,
    /// Frees the key while a run waits for a retry.
    pub releases_key_on_retry: bool,
    /// Frees the key while a run awaits (0.2 and later).
    pub releases_key_while_awaiting: bool,
    pub parent: Option<TaskId>,
    /// Lets the parent complete without it (0.2 and later).
    pub detached: bool,
    pub tenant: Option<TenantId>,
}
