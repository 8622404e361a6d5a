//! The outcome of a command: it was taken, or why not. Must not know how it went there.

use crate::control::command::Kind;
use crate::control::refusal::SendError;
use crate::model::id::CommandId;

/// Outcome of a command.
#[derive(Debug)]
pub struct Outcome {
    /// The command.
    pub id: CommandId,
    /// What it asked for.
    pub kind: Kind,
    /// Whether it was taken.
    pub result: Result<(), SendError>,
}
