//! Status of an intent, and counts by status.

use std::fmt;
use std::time::Duration;

use crate::model::states::{Phase, State};
use crate::model::{text, time};

/// Words for a cancel of which the log will say no more.
pub const UNCONFIRMED: &str = "sent, this log does not confirm cancels";

/// Status of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The operator wants it; the channel has not answered yet.
    Asked,
    /// The channel took it.
    Sent,
    /// The channel took it, and the log is silent.
    NoEvidence {
        /// Time that it has been waited for.
        after: Duration,
    },
    /// The channel took it, and the log will not say more.
    Unconfirmed,
    /// The log says that the run is canceled, or that it has ended where no more can be said.
    Proved {
        /// State in which it ended.
        by: State,
        /// The event that says so.
        at_sequence: u64,
    },
    /// The run ended otherwise first.
    Overtaken {
        /// State in which it ended.
        by: State,
        /// The event that says so.
        at_sequence: u64,
    },
    /// The channel did not take it.
    Refused {
        /// Reason given by the channel.
        reason: String,
    },
}

impl Standing {
    /// Returns true if the log may still change it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Asked | Self::Sent | Self::NoEvidence { .. })
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("asked"),
            Self::Sent => f.write_str("sent"),
            Self::NoEvidence { after } => write!(f, "no evidence after {}", time::words(after.as_secs())),
            Self::Unconfirmed => f.write_str(UNCONFIRMED),
            Self::Proved { by, at_sequence } => write!(f, "proved at #{at_sequence}{}", ended_as(*by)),
            Self::Overtaken { by, at_sequence } => write!(f, "overtaken: {} at #{at_sequence}", by.name()),
            Self::Refused { reason } => write!(f, "refused: {}", text::clean(reason)),
        }
    }
}

/// Words after a proof, for a run that has ended in another state than that of a canceled one; else none.
#[must_use]
pub fn ended_as(state: State) -> String {
    if state.phase() == Phase::Canceled { String::new() } else { format!(": ended as {}", state.name()) }
}

/// Counts of intents by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Asked, and not answered yet.
    pub asked: usize,
    /// Sent, and the log has said nothing yet.
    pub sent: usize,
    /// Sent, and the log is silent for long.
    pub silent: usize,
    /// Sent, and the log will not say more.
    pub unconfirmed: usize,
    /// Proved by the log.
    pub proved: usize,
    /// Overtaken by another end.
    pub overtaken: usize,
    /// Refused by the channel.
    pub refused: usize,
}

impl Counts {
    /// Returns the number that the log or the channel may still change.
    #[must_use]
    pub const fn open(&self) -> usize {
        self.asked + self.sent + self.silent
    }

    /// Returns the count for a status.
    pub(super) const fn of(&mut self, standing: &Standing) -> &mut usize {
        match standing {
            Standing::Asked => &mut self.asked,
            Standing::Sent => &mut self.sent,
            Standing::NoEvidence { .. } => &mut self.silent,
            Standing::Unconfirmed => &mut self.unconfirmed,
            Standing::Proved { .. } => &mut self.proved,
            Standing::Overtaken { .. } => &mut self.overtaken,
            Standing::Refused { .. } => &mut self.refused,
        }
    }
}
