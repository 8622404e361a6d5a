//! Canceling runs: the question, the answer, and the evidence of the log afterwards.
//!
//! The question holds the runs that it was asked about, even after the cursor has moved. Only `y`, pressed after the
//! whole question could be read on the screen as it is, sends anything, and for more than one run only behind their
//! number; a sent cancel counts as done when the log proves it.

mod ask;
mod dispatch;
mod many;

use std::time::{Duration, Instant};

pub(super) use ask::AskedRuns;
pub use many::{AskedWhole, Many};

use super::bulk::Bulk;
use super::remark::Remark;
use super::sending::Sending;
use crate::control::Why;
use crate::control::command::CommandKind;
use crate::control::ledger::{AlreadyAsked, Ledger, SLIP, Standing, UNCONFIRMED, ended_as};
use crate::control::outcome::Outcome;
use crate::control::target::SignalTarget;
use crate::input::Action;
use crate::model::id::{CommandId, RunId};
use crate::model::states::CancelProof;
use crate::model::text;
use crate::store::{Renumbering, RunKey, Store};
use crate::view::format::sequence;
use crate::view::notice::Subject;
use crate::view::{Ids, Severity};

/// Minimum time for which a question is on the screen before a yes counts. Keys typed ahead of it come sooner.
pub const MIN_READING_TIME: Duration = Duration::from_millis(200);

/// A question on the screen, or an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// The question or the explanation.
    pub kind: DialogKind,
    /// Is true once it was painted whole at the present size of the screen.
    is_painted: bool,
    /// The instant at which the screen had first taken that.
    drawn_at: Option<Instant>,
    /// Is true when a yes came too soon.
    pub was_hurried: bool,
}

/// The kinds of questions and explanations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialogKind {
    /// Asks to cancel this run.
    Cancel {
        /// The run under the cursor when the question was opened.
        run: RunId,
    },
    /// Asks to cancel these runs.
    Many(Box<Many>),
    /// A cancel of everything, by a signal to a process.
    Everything {
        /// The process, whose number is to be typed.
        process: SignalTarget,
        /// The part of the work that the engine leaves alone.
        spares: &'static str,
        /// Time since a signal was sent to it before.
        sent_ago: Option<Duration>,
        /// The number, as far as it is typed.
        typed: String,
    },
    /// Explains why nothing can be sent.
    Off(Why),
}

/// The cancels of this session: the question on the screen, those that are on their way, and the outcome of each.
#[derive(Debug)]
pub(super) struct Cancels {
    pub(super) ledger: Ledger,
    /// Many of one intent, while they are on their way.
    pub(super) bulk: Option<Bulk>,
    dialog: Option<Dialog>,
    /// When a signal was sent to cancel everything.
    interrupted_at: Option<Instant>,
    /// Runs that were canceled one by one and of which the log has yet to speak, and whether its silence has been reported.
    watched: Vec<(RunId, bool)>,
}

impl Dialog {
    /// Is true when a yes counts: the question could be read, and the number is typed where one is asked for.
    fn is_answered(&self, now: Instant) -> bool {
        let was_read = self.drawn_at.is_some_and(|drawn| now >= drawn + MIN_READING_TIME);
        was_read && self.kind.is_typed()
    }
}

impl DialogKind {
    /// The number that is to be typed; none where there is none.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        match self {
            Self::Many(many) => Some(many.number().to_string()),
            Self::Everything { process, .. } => Some(process.pid().to_string()),
            Self::Cancel { .. } | Self::Off(_) => None,
        }
    }

    fn typed_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Many(many) => Some(&mut many.typed),
            Self::Everything { typed, .. } => Some(typed),
            Self::Cancel { .. } | Self::Off(_) => None,
        }
    }

    /// Is true where the number is typed, or none is to be.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        match self {
            Self::Many(many) => many.is_counted(),
            Self::Everything { process, typed, .. } => *typed == process.pid().to_string(),
            Self::Cancel { .. } | Self::Off(_) => true,
        }
    }
}

impl Cancels {
    /// No cancel yet; each will wait this long for the log to speak.
    pub(super) fn waiting(evidence_timeout: Duration) -> Self {
        Self {
            ledger: Ledger::new(evidence_timeout),
            bulk: None,
            dialog: None,
            interrupted_at: None,
            watched: Vec::new(),
        }
    }

    /// The question on the screen.
    pub(super) const fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    /// The run that the question is about, where it is about one.
    pub(super) fn asked_run(&self) -> Option<RunId> {
        match self.dialog.as_ref()?.kind {
            DialogKind::Cancel { run } => Some(run),
            DialogKind::Many(_) | DialogKind::Everything { .. } | DialogKind::Off(_) => None,
        }
    }

    fn many_mut(&mut self) -> Option<&mut Many> {
        match &mut self.dialog.as_mut()?.kind {
            DialogKind::Many(many) => Some(many),
            DialogKind::Cancel { .. } | DialogKind::Everything { .. } | DialogKind::Off(_) => None,
        }
    }

    pub(super) fn open(&mut self, kind: DialogKind) {
        self.dialog = Some(Dialog { kind, is_painted: false, drawn_at: None, was_hurried: false });
    }

    /// Takes the question away; says whether there was one.
    pub(super) fn close(&mut self) -> bool {
        self.dialog.take().is_some()
    }

    /// Forgets the question and the cancels on their way: the log is another one.
    pub(super) fn leave_log(&mut self) {
        self.dialog = None;
        self.bulk = None;
    }

    /// Does what a key means to the number that a question is confirmed with. A digit that is typed before the question is
    /// seen counts for nothing.
    pub(super) fn type_count(&mut self, action: Action) {
        const MAX_DIGITS: usize = 7;
        let is_seen = self.dialog.as_ref().is_some_and(|dialog| dialog.drawn_at.is_some());
        let Some(typed) = self.dialog.as_mut().and_then(|dialog| dialog.kind.typed_mut()) else { return };
        match action {
            Action::Type(digit) if typed.len() < MAX_DIGITS && is_seen => typed.push(digit),
            Action::Erase => drop(typed.pop()),
            Action::EraseWord | Action::ErasePart | Action::EraseLine => typed.clear(),
            _ => (),
        }
    }

    /// Counts the runs of a question that have changed, before it is painted.
    pub(super) fn refresh(&mut self, store: &Store) {
        self.many_mut().into_iter().for_each(|many| many.refresh(store));
    }

    /// Notes that the question has been painted. Where a part of it has no room, it has not been asked.
    pub(super) fn painted(&mut self, is_whole: bool) {
        if let Some(dialog) = &mut self.dialog {
            dialog.is_painted = is_whole;
            dialog.drawn_at = dialog.drawn_at.filter(|_| is_whole);
        }
    }

    /// Is true from the paint of a question until the screen has taken it.
    pub(super) fn awaits_screen(&self) -> bool {
        self.dialog.as_ref().is_some_and(|dialog| dialog.is_painted && dialog.drawn_at.is_none())
    }

    /// Notes that the screen has taken all that was painted: the time to read a question begins.
    pub(super) fn shown(&mut self, now: Instant) {
        if let Some(dialog) = self.dialog.as_mut().filter(|dialog| dialog.is_painted) {
            dialog.drawn_at.get_or_insert(now);
        }
    }

    /// Notes that the screen is another one: a question that was on it is to be painted again before a yes counts.
    pub(super) fn unsee(&mut self) {
        if let Some(dialog) = &mut self.dialog {
            (dialog.is_painted, dialog.drawn_at) = (false, None);
        }
    }

    /// Takes the question away for a yes that counts, and hands out what was asked. An explanation stays, and so does a
    /// question whose yes came too soon.
    fn take_answered(&mut self, now: Instant) -> Option<DialogKind> {
        let dialog = self.dialog.as_mut().filter(|dialog| !matches!(dialog.kind, DialogKind::Off(_)))?;
        if !dialog.is_answered(now) {
            dialog.was_hurried = true;
            return None;
        }
        self.dialog.take().map(|dialog| dialog.kind)
    }

    /// Puts the cancel of a run on record, and waits for the log to speak of it.
    fn ask(&mut self, run: RunId, proof: CancelProof, now: Instant) -> Result<CommandId, AlreadyAsked> {
        let id = self.ledger.ask(run, proof, now)?;
        self.watched.retain(|(watched, _)| *watched != run);
        self.watched.push((run, false));
        Ok(id)
    }

    /// The time since the cancel of a run was asked for, while another would be a slip of the finger.
    fn asked_ago(&self, run: RunId, now: Instant) -> Option<Duration> {
        let intent = self.ledger.latest(run)?;
        let ago = now.saturating_duration_since(intent.asked_at);
        let is_valid = !matches!(intent.standing, Standing::Refused { .. });
        (ago < SLIP && is_valid).then_some(ago)
    }

    /// Takes in the outcome of a command on its way, and returns the remark on it.
    fn answered(&mut self, outcome: &Outcome, now: Instant, ids: Ids<'_>) -> Option<Remark> {
        self.ledger.record(outcome, now);
        if outcome.kind == CommandKind::CancelAll && outcome.result.is_err() {
            self.interrupted_at = None;
        }
        if self.bulk.is_some() && self.ledger.is_of_batch(outcome.id) {
            let done = self.take_done();
            return match &outcome.result {
                // The one command for all of them: its reason is worth more than their number.
                Err(error) if outcome.kind.run().is_none() && done.is_some() && !error.may_have_arrived() => {
                    Some(Remark::of(
                        Severity::Failure,
                        text::clean(&format!("nothing was canceled: {error}")),
                    ))
                }
                _ => done,
            };
        }
        self.outcome_of_one(outcome, ids)
    }

    /// The outcome of the command for one run, in words.
    fn outcome_of_one(&mut self, outcome: &Outcome, ids: Ids<'_>) -> Option<Remark> {
        let id = outcome.kind.run()?;
        let run = ids.run(id);
        let remark = match self.ledger.standing(id)? {
            standing @ Standing::Refused { .. } => {
                let remark = Remark::of(Severity::Failure, format!("cancel of {run} {standing}"));
                self.watched.retain(|(watched, _)| *watched != id);
                remark
            }
            Standing::Sent => match &outcome.result {
                Ok(()) => Remark::note(format!("cancel of {run} sent")),
                Err(error) => Remark::warning(text::clean(&format!("cancel of {run}: {error}"))),
            },
            Standing::Unconfirmed => {
                self.watched.retain(|(watched, _)| *watched != id);
                match &outcome.result {
                    Ok(()) => Remark::note(format!("cancel of {run} {UNCONFIRMED}")),
                    Err(error) => {
                        let words =
                            format!("cancel of {run}: {error}, but this log does not confirm cancels");
                        Remark::warning(text::clean(&words))
                    }
                }
            }
            _ => return None,
        };
        Some(remark.about(Subject::Cancel(id)))
    }

    /// Takes in which runs the log has changed: those of a question, and those that were to be canceled.
    pub(super) fn note_changes(&mut self, changed: &[RunKey], store: &Store, ids: Ids<'_>) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = self.note(changed, store).into_iter().collect();
        if self.ledger.has_open() {
            remarks.extend(self.look_for_evidence(changed, store, ids));
            remarks.extend(self.take_done());
        }
        remarks
    }

    /// Is true while a question counts the runs that it is about, so that their changes matter.
    fn is_counting(&self) -> bool {
        self.dialog.as_ref().is_some_and(|dialog| matches!(dialog.kind, DialogKind::Many(_)))
    }

    /// Counts the runs of a question that have changed; says so when none is left, and takes it away.
    fn note(&mut self, changed: &[RunKey], store: &Store) -> Option<Remark> {
        let many = self.many_mut()?;
        many.note(changed, store);
        if many.number() > 0 {
            return None;
        }
        self.dialog = None;
        let words = "every run of the question has ended meanwhile: there is nothing to cancel";
        Some(Remark::warning(words))
    }

    /// Checks the runs that the log has changed for evidence of their cancels.
    fn look_for_evidence(&mut self, changed: &[RunKey], store: &Store, ids: Ids<'_>) -> Vec<Remark> {
        let mut settled = Vec::new();
        for key in changed.iter().filter(|key| store.has(**key)) {
            let run = store.id_of(*key);
            if !self.ledger.is_watched(run) {
                continue;
            }
            let entry = store.run(*key);
            if self.ledger.observe(run, entry.state, entry.last.sequence)
                && let Some(index) = self.watched.iter().position(|(watched, _)| *watched == run)
            {
                self.watched.swap_remove(index);
                settled.push(run);
            }
        }
        settled.into_iter().filter_map(|run| self.result(run, ids)).collect()
    }

    fn result(&self, run: RunId, ids: Ids<'_>) -> Option<Remark> {
        let called = ids.run(run);
        let (severity, words) = match self.ledger.standing(run)? {
            Standing::Proved { by, at_sequence } => {
                let words = format!("cancel of {called} proved at {}", sequence(*at_sequence));
                (Severity::Success, words + &ended_as(*by))
            }
            Standing::Overtaken { by, at_sequence } => {
                let at = sequence(*at_sequence);
                (Severity::Warning, format!("cancel of {called} overtaken: {} at {at}", by.name()))
            }
            other => (Severity::Warning, format!("cancel of {called} {other}")),
        };
        Some(Remark::of(severity, words).about(Subject::Cancel(run)))
    }

    /// Lets time pass; says of which runs the log has been silent for too long, and where commands go.
    pub(super) fn tick(&mut self, now: Instant, sending: &Sending, ids: Ids<'_>) -> Vec<Remark> {
        let mut remarks = Vec::new();
        if !self.ledger.tick(now) {
            return remarks;
        }
        let Sending::To(target, _) = sending else { return remarks };
        for (run, was_reported) in self.watched.iter_mut().filter(|(_, was_reported)| !was_reported) {
            if let Some(standing @ Standing::NoEvidence { .. }) = self.ledger.standing(*run) {
                *was_reported = true;
                let called = ids.run(*run);
                let words = format!("cancel of {called}: {standing}; the engine may not read {target}");
                remarks.push(Remark::of(Severity::Failure, words).about(Subject::Cancel(*run)));
            }
        }
        remarks
    }

    /// Takes in the new keys of runs.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        // The ledger and those that are watched hold ids.
        let Self { ledger: _, bulk, dialog, interrupted_at: _, watched: _ } = self;
        bulk.iter_mut().for_each(|bulk| bulk.renumber(renumbering));
        if let Some(DialogKind::Many(many)) = dialog.as_mut().map(|dialog| &mut dialog.kind) {
            many.renumber(renumbering);
        }
    }
}

#[cfg(test)]
mod tests;
