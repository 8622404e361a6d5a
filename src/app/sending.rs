//! Where commands go, for those who ask. Must not know how they are sent.

use crate::control::command::Operator;
use crate::control::target::{SignalTarget, Target};
use crate::control::template::CallTemplate;
use crate::control::{Control, Why};

/// Where commands go, if they go anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// Nothing is sent, and why.
    Off(Why),
    /// Commands go there, in this person's name.
    To(Target, Operator),
}

impl Sending {
    /// Where `control` sends, in the name of `operator`.
    #[must_use]
    pub fn of(control: &Control, operator: Operator) -> Self {
        match control {
            Control::ReadOnly { why } => Self::Off(*why),
            Control::Ready(channel) => Self::To(channel.target().clone(), operator),
        }
    }

    /// The command line that is run for each command.
    pub(super) const fn call(&self) -> Option<&CallTemplate> {
        match self {
            Self::To(target, _) => target.call(),
            Self::Off(_) => None,
        }
    }

    /// The process that a signal goes to, which cancels everything at once.
    pub(super) const fn process(&self) -> Option<&SignalTarget> {
        match self {
            Self::To(target, _) => target.process(),
            Self::Off(_) => None,
        }
    }
}
