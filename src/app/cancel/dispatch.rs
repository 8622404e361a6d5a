//! Sending of many cancels: which are due, which were stopped, and their outcome.

use std::time::Instant;

use super::Cancels;
use crate::app::bulk::{Bulk, Dispatch};
use crate::app::remark::Remark;
use crate::control::command::{Command, CommandKind};
use crate::control::ledger::UNCONFIRMED;
use crate::control::pacer::Pacer;
use crate::store::RunSet;
use crate::view::Severity;
use crate::view::format::{count, counted};
use crate::view::sending::Progress;

impl Cancels {
    /// Progress of many cancels, while they are on their way.
    pub(in crate::app) fn progress(&self, is_held: bool) -> Option<Progress> {
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
    pub(in crate::app) fn begin_many(&mut self, pinned: &RunSet, rate: u32, dispatch: Dispatch<'_>) {
        let live = pinned.iter().filter(|key| !dispatch.has_ended(*key));
        let pacer = Pacer::new(live, rate, dispatch.now.instant);
        self.ledger.begin_batch();
        let (total, ended) = (pinned.len(), pinned.len() - pacer.len());
        self.bulk = Some(Bulk { pacer, total, ended, again: 0, stopped: 0 });
    }

    /// Sends the one command that cancels a task or everything, and waits for the log to prove it of each run that was
    /// begun with.
    pub(in crate::app) fn send_once(&mut self, kind: CommandKind, dispatch: Dispatch<'_>) -> Option<Command> {
        let bulk = self.bulk.as_mut()?;
        let runs: Vec<_> = bulk.pacer.drain().map(|key| dispatch.store.id_of(key)).collect();
        let id = self.ledger.ask_together(runs, dispatch.proof(), dispatch.now.instant);
        dispatch.command(id, kind)
    }

    /// The instant at which the next of many commands is due.
    pub(in crate::app) fn next_send(&self) -> Option<Instant> {
        self.bulk.as_ref()?.pacer.next_due()
    }

    /// The commands of many whose turn has come, at most `room` of them; nothing where none is on its way.
    pub(in crate::app) fn take_due(&mut self, room: usize, dispatch: Dispatch<'_>) -> Option<Vec<Command>> {
        let Self { ledger, bulk, .. } = self;
        let Bulk { pacer, ended, again, .. } = bulk.as_mut().filter(|_| room > 0)?;
        let now = dispatch.now.instant;
        Some(pacer.take_due(room, now, |key| {
            if dispatch.has_ended(key) {
                *ended += 1;
                return None;
            }
            let run = dispatch.store.id_of(key);
            match ledger.ask(run, dispatch.proof(), now) {
                Ok(id) => dispatch.command(id, CommandKind::Cancel { run }),
                Err(_) => {
                    *again += 1;
                    None
                }
            }
        }))
    }

    /// Drops the unsent cancels, and reports it; or forgets the sent ones. Nothing where none is on its way.
    pub(in crate::app) fn stop_sending(&mut self) -> Option<Vec<Remark>> {
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
    pub(in crate::app) fn take_done(&mut self) -> Option<Remark> {
        let Progress { unsent, counts, skipped, stopped, .. } = self.progress(false)?;
        if unsent > 0 || counts.open() > 0 {
            return None;
        }
        self.bulk = None;
        let is_unproved = counts.proved == 0 && counts.unconfirmed > 0;
        let mut words = if is_unproved { String::new() } else { format!("{} proved", count(counts.proved)) };
        for (n, word) in [
            (counts.unconfirmed, UNCONFIRMED),
            (counts.overtaken, "overtaken"),
            (counts.refused, "refused"),
            (skipped, "had ended or were asked before"),
            (stopped, "not sent"),
        ] {
            if n > 0 {
                let gap = if words.is_empty() { "" } else { ", " };
                words += &format!("{gap}{} {word}", count(n));
            }
        }
        let is_good = counts.refused == 0 && stopped == 0;
        let severity = match is_good {
            true if counts.unconfirmed > 0 => Severity::Note,
            true => Severity::Success,
            false => Severity::Warning,
        };
        Some(Remark::of(severity, format!("cancels: {words}")))
    }
}

/// `n` cancels with their verb, as the subject of a sentence.
fn were(n: usize) -> String {
    format!("{} {}", counted(n, "cancel", "cancels"), if n == 1 { "was" } else { "were" })
}
