//! Many cancels of one intent, on their way: sent at a pace, stopped by a key, and counted as the log proves them.

use super::Now;
use super::outgoing::command_names;
use super::sending::Sending;
use crate::control::command::{Command, CommandKind};
use crate::control::pacer::Pacer;
use crate::model::id::CommandId;
use crate::model::states::CancelProof;
use crate::store::{Renumbering, RunKey, Store};

/// Cancels on their way.
#[derive(Debug)]
pub(super) struct Bulk {
    pub(super) pacer: Pacer<RunKey>,
    pub(super) total: usize,
    /// Runs that ended before their cancel was sent.
    pub(super) ended: usize,
    /// Runs whose cancel was asked for a moment ago.
    pub(super) again: usize,
    /// Runs that were left alone, because the rest was stopped.
    pub(super) stopped: usize,
}

impl Bulk {
    /// Takes in the new keys of runs. Those that were evicted have ended.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        self.ended += self.pacer.rename(|run| renumbering.now(run));
    }
}

/// Inputs of a command: the log as it is, the target, and the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dispatch<'a> {
    pub(super) store: &'a Store,
    pub(super) sending: &'a Sending,
    pub(super) now: Now,
}

impl Dispatch<'_> {
    /// Makes a command as it is sent now, in the name of the operator; none where nothing is sent.
    pub(super) fn command(&self, id: CommandId, kind: CommandKind) -> Option<Command> {
        let Sending::To(_, by) = self.sending else { return None };
        let (at_ms, seen) = (self.now.unix_ms, self.store.latest_sequence());
        Some(by.command(id, kind, at_ms, seen).about(command_names(self.store, kind)))
    }

    /// The proof that the log can give of a cancel.
    pub(super) const fn proof(&self) -> CancelProof {
        self.store.states().cancel_proof()
    }

    /// Is true of a run that has ended, or is in another state in which the engine does not cancel it.
    pub(super) fn has_ended(&self, run: RunKey) -> bool {
        !self.store.has(run) || !self.store.standing(run).0.is_cancelable()
    }
}

#[cfg(test)]
mod tests;
