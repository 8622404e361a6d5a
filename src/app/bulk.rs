//! Many cancels of one intent, on their way: sent at a pace, stopped by a key, and counted as the log proves them.

use std::time::Instant;

use super::Now;
use super::cancel::{Cancels, Sending};
use super::remark::Remark;
use crate::control::command::{Command, CommandKind};
use crate::control::pacer::Pacer;
use crate::model::id::CommandId;
use crate::store::{Renumbering, RunKey, RunSet, Store};
use crate::view::Severity;
use crate::view::format::{count, counted};
use crate::view::sending::Progress;

/// Cancels on their way.
#[derive(Debug)]
pub(super) struct Bulk {
    pacer: Pacer<RunKey>,
    total: usize,
    /// Runs that ended before their cancel was sent.
    ended: usize,
    /// Runs whose cancel was asked for a moment ago.
    again: usize,
    /// Runs that were left alone, because the rest was stopped.
    stopped: usize,
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
        let (at_ms, seen, texts) = (self.now.unix_ms, self.store.latest_sequence(), self.store.id_texts());
        let text = match kind {
            CommandKind::Cancel { run } => texts.shared(run),
            CommandKind::CancelTask { task } => texts.shared(task),
            CommandKind::CancelAll => None,
        };
        Some(by.command(id, kind, at_ms, seen).about(text))
    }

    /// Is true of a run that has ended, or is in another state in which the engine does not cancel it.
    fn has_ended(&self, run: RunKey) -> bool {
        !self.store.has(run) || !self.store.standing(run).0.is_cancelable()
    }
}

impl Cancels {
    /// Progress of many cancels, while they are on their way.
    pub(super) fn progress(&self, is_held: bool) -> Option<Progress> {
        let bulk = self.bulk.as_ref()?;
        Some(Progress {
            total: bulk.total,
            unsent: bulk.pacer.len(),
            skipped: bulk.ended + bulk.again,
            stopped: bulk.stopped,
            counts: self.ledger.counts(),
            is_held,
        })
    }

    /// Begins to cancel the runs of `pinned` that have not ended.
    pub(super) fn begin_many(&mut self, pinned: &RunSet, rate: u32, dispatch: Dispatch<'_>) {
        let live = pinned.iter().filter(|key| !dispatch.has_ended(*key));
        let pacer = Pacer::new(live, rate, dispatch.now.instant);
        self.ledger.begin_batch();
        let (total, ended) = (pinned.len(), pinned.len() - pacer.len());
        self.bulk = Some(Bulk { pacer, total, ended, again: 0, stopped: 0 });
    }

    /// Sends the one command that cancels a task or everything, and waits for the log to prove it of each run that was
    /// begun with.
    pub(super) fn send_once(&mut self, kind: CommandKind, dispatch: Dispatch<'_>) -> Option<Command> {
        let bulk = self.bulk.as_mut()?;
        let runs: Vec<_> = bulk.pacer.drain().map(|key| dispatch.store.id_of(key)).collect();
        let id = self.ledger.ask_together(runs, dispatch.now.instant);
        dispatch.command(id, kind)
    }

    /// The instant at which the next of many commands is due.
    pub(super) fn next_send(&self) -> Option<Instant> {
        self.bulk.as_ref()?.pacer.next_due()
    }

    /// The commands of many whose turn has come, at most `room` of them; nothing where none is on its way.
    pub(super) fn take_due(&mut self, room: usize, dispatch: Dispatch<'_>) -> Option<Vec<Command>> {
        let Self { ledger, bulk, .. } = self;
        let Bulk { pacer, ended, again, .. } = bulk.as_mut().filter(|_| room > 0)?;
        let now = dispatch.now.instant;
        Some(pacer.take_due(room, now, |key| {
            if dispatch.has_ended(key) {
                *ended += 1;
                return None;
            }
            let run = dispatch.store.id_of(key);
            match ledger.ask(run, now) {
                Ok(id) => dispatch.command(id, CommandKind::Cancel { run }),
                Err(_) => {
                    *again += 1;
                    None
                }
            }
        }))
    }

    /// Drops the unsent cancels, and reports it; or forgets the sent ones. Nothing where none is on its way.
    pub(super) fn stop_sending(&mut self) -> Option<Vec<Remark>> {
        let bulk = self.bulk.as_mut()?;
        let n = bulk.pacer.drain().count();
        if n == 0 {
            self.bulk = None;
            return Some(Vec::new());
        }
        bulk.stopped += n;
        let words = format!("stopped: {} not sent; what was sent cannot be taken back", were(n));
        Some([Remark::warning(words)].into_iter().chain(self.take_done()).collect())
    }

    /// The outcome of many cancels, in words, once everything is known.
    pub(super) fn take_done(&mut self) -> Option<Remark> {
        let Progress { unsent, counts, skipped, stopped, .. } = self.progress(false)?;
        if unsent > 0 || counts.open() > 0 {
            return None;
        }
        self.bulk = None;
        let mut words = format!("{} proved", count(counts.proved));
        for (n, word) in [
            (counts.overtaken, "overtaken"),
            (counts.refused, "refused"),
            (skipped, "had ended or were asked before"),
            (stopped, "not sent"),
        ] {
            if n > 0 {
                words += &format!(", {} {word}", count(n));
            }
        }
        let is_good = counts.refused == 0 && stopped == 0;
        let severity = if is_good { Severity::Success } else { Severity::Warning };
        Some(Remark::of(severity, format!("cancels: {words}")))
    }
}

/// `n` cancels with their verb, as the subject of a sentence.
fn were(n: usize) -> String {
    format!("{} {}", counted(n, "cancel", "cancels"), if n == 1 { "was" } else { "were" })
}

#[cfg(test)]
mod tests;
