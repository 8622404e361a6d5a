//! Control: what may be asked of the engine, where it goes, and what is known of each request.
//!
//! Asking changes no run. The log alone does, and [`ledger::Ledger`] waits for it to say so. Must not know the
//! screen, the keys, or how a log is read.

mod answer;
pub mod channel;
pub mod command;
mod exec;
mod file;
mod http;
pub mod interrupt;
pub mod ledger;
pub mod open;
pub mod outcome;
pub mod pacer;
pub mod place;
pub mod program;
mod record;
pub mod refusal;
mod sender;
pub mod target;
pub mod template;
pub mod token;

use std::fmt;

use channel::{Channel, ChannelConfig, Outcomes};
use open::ChannelOpenError;
use target::Target;

/// The state of the command channel. Only [`Control::Ready`] holds something that sends.
#[derive(Debug)]
pub enum Control {
    /// Nothing can be sent.
    ReadOnly {
        /// The reason, which is shown when the user tries.
        why: Why,
    },
    /// Commands go to this channel.
    Ready(Channel),
}

/// Why nothing can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `--read-only` was given, which wins over everything.
    Asked,
    /// No `--control` was given.
    NoTarget,
    /// A recorded log is shown, and its runs are over.
    Replay,
}

impl Control {
    /// Sends to `target` from now on, once it has been found fit, with what it needs.
    ///
    /// # Errors
    ///
    /// When commands could not be sent there.
    pub fn open(target: Target, means: &ChannelConfig) -> Result<(Self, Outcomes), ChannelOpenError> {
        let (channel, outcomes) = Channel::open(target, means)?;
        Ok((Self::Ready(channel), outcomes))
    }

    /// Sends nothing, ever.
    #[must_use]
    pub fn read_only(why: Why) -> (Self, Outcomes) {
        (Self::ReadOnly { why }, Outcomes::never())
    }
}

/// Text of the screen for a user who wants to cancel.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Asked => "runwatch is read-only: it was started with --read-only",
            Self::NoTarget => {
                "runwatch is read-only until it is told where commands go: start it with --control file:PATH"
            }
            Self::Replay => "a replay is read-only: its runs are history",
        })
    }
}
