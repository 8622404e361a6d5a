//! Many cancels of one intent, on their way: sent at a pace, stopped by a key, and counted as the log proves them.

use std::time::Instant;

use super::{App, Now, Step};
use crate::control::command::{Command, CommandKind};
use crate::control::pacer::Pacer;
use crate::model::id::TaskId;
use crate::store::{Renumbering, RunKey, RunSet};
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
    /// Runs that were left alone, because somebody stopped.
    stopped: usize,
}

impl Bulk {
    /// Takes in the new keys of runs. Those that were let go of have ended.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        self.ended += self.pacer.rename(|run| renumbering.now(run));
    }
}

impl App {
    /// How far many cancels have come, while they are on their way.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        let bulk = self.cancels.bulk.as_ref()?;
        Some(Progress {
            total: bulk.total,
            unsent: bulk.pacer.len(),
            skipped: bulk.ended + bulk.again,
            stopped: bulk.stopped,
            counts: self.cancels.ledger.counts(),
            is_held: self.is_held_back(),
        })
    }

    /// Begins to cancel the runs of `pinned` that have not ended.
    pub(super) fn cancel_many(&mut self, pinned: &RunSet) {
        let store = self.history.store();
        let live = |key: &RunKey| store.has(*key) && !store.standing(*key).0.is_terminal();
        let rate = self.setup.taste.control_rate;
        let pacer = Pacer::new(pinned.iter().filter(live), rate, self.now.instant);
        self.cancels.ledger.begin_batch();
        let (total, ended) = (pinned.len(), pinned.len() - pacer.len());
        self.cancels.bulk = Some(Bulk { pacer, total, ended, again: 0, stopped: 0 });
        self.marking.clear();
    }

    /// Sends the one command that cancels a task, and waits for the log to prove it of each of its runs.
    pub(super) fn cancel_task(&mut self, task: TaskId, pinned: &RunSet) -> Step {
        self.cancel_many(pinned);
        let Some(bulk) = &mut self.cancels.bulk else { return Step::Stay };
        let store = self.history.store();
        let runs: Vec<_> = bulk.pacer.drain().map(|key| store.id_of(key)).collect();
        let id = self.cancels.ledger.ask_together(runs, self.now.instant);
        self.watch_changes();
        self.look_whether_done();
        self.command(id, CommandKind::CancelTask { task }).map_or(Step::Stay, Step::Send)
    }

    /// When the next of many commands is due.
    #[must_use]
    pub fn next_send(&self) -> Option<Instant> {
        self.cancels.bulk.as_ref().filter(|_| !self.is_held_back())?.pacer.next_due()
    }

    /// Whether it is not known what has become of runs meanwhile, so that none is canceled.
    const fn is_held_back(&self) -> bool {
        self.is_past() || self.backlog.paused_at().is_some()
    }

    /// The commands of many whose turn has come, at most `room` of them.
    #[must_use]
    pub fn send_due(&mut self, room: usize, now: Now) -> Vec<Command> {
        self.now = now;
        let Some(mut bulk) = self.cancels.bulk.take_if(|_| room > 0) else { return Vec::new() };
        self.is_dirty = true;
        let commands = bulk.pacer.take_due(room, now.instant, |key| {
            let store = self.history.store();
            let run = store.id_of(key);
            if !store.has(key) || store.standing(key).0.is_terminal() {
                bulk.ended += 1;
                return None;
            }
            match self.cancels.ledger.ask(run, now.instant) {
                Ok(id) => self.command(id, CommandKind::Cancel { run }),
                Err(_) => {
                    bulk.again += 1;
                    None
                }
            }
        });
        self.cancels.bulk = Some(bulk);
        self.watch_changes();
        self.look_whether_done();
        commands
    }

    /// Leaves alone what was not sent yet, or stops telling of what was; says whether there was anything.
    pub(super) fn stop_sending(&mut self) -> bool {
        let Some(bulk) = &mut self.cancels.bulk else { return false };
        let n = bulk.pacer.drain().count();
        if n == 0 {
            self.cancels.bulk = None;
            return true;
        }
        bulk.stopped += n;
        let words = format!("stopped: {} not sent; what was sent cannot be taken back", were(n));
        self.notify(Severity::Warning, words);
        self.look_whether_done();
        true
    }

    /// Says what became of many cancels, once everything is known.
    pub(super) fn look_whether_done(&mut self) {
        let Some(progress) = self.progress() else { return };
        if progress.unsent > 0 || progress.counts.open() > 0 {
            return;
        }
        self.cancels.bulk = None;
        let Progress { counts, skipped, stopped, .. } = progress;
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
        self.notify(severity, format!("cancels: {words}"));
    }
}

/// So many cancels, as the subject of what became of them.
fn were(n: usize) -> String {
    format!("{} {}", counted(n, "cancel", "cancels"), if n == 1 { "was" } else { "were" })
}

#[cfg(test)]
mod tests;
