//! The end of a reader before that of its log.

use std::sync::Arc;

use crate::engine::feed::Fate;
use crate::model::text;
use crate::source::open::OpenError;

/// Why nothing more is heard of a log that has not ended.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The reader met an error.
    #[error("failed to read the log: {0}")]
    Failed(Arc<OpenError>),
    /// The reader has ended for an unknown reason.
    #[error("the reader of the log has ended; what it read is not all")]
    Died,
    /// The reader panicked, with these words.
    #[error("the reader of the log has died: {}", text::clean(.0))]
    Panicked(String),
}

impl Lost {
    /// The reason that a reader's fate gives, if it is none that was to be expected.
    pub(super) fn of(fate: Fate) -> Option<Self> {
        match fate {
            Fate::Alive | Fate::Ended => None,
            Fate::Failed(error) => Some(Self::Failed(error)),
            Fate::Died => Some(Self::Died),
            Fate::Panicked(words) => Some(Self::Panicked(words)),
        }
    }

    /// Suggests a remedy, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Failed(error) => error.hint(),
            Self::Died | Self::Panicked(_) => None,
        }
    }
}
