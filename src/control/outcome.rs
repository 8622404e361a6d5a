//! The outcome of a command: it was taken, or why not. Must not know how it went there.

use super::command::CommandKind;
use super::refusal::SendError;
use crate::model::id::CommandId;

/// Outcome of a command.
#[derive(Debug)]
pub struct Outcome {
    /// The command.
    pub id: CommandId,
    /// The request.
    pub kind: CommandKind,
    /// The reason why it was not taken, if it was not.
    pub result: Result<(), SendError>,
}
