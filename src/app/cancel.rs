//! Canceling runs: the question, the answer, and what the log says of it afterwards.
//!
//! The question holds the runs that it was asked about, whatever the cursor is on by then. Only `y`, pressed after the
//! whole question could be read on the screen as it is, sends anything, and for more than one run only behind their
//! number; what was sent is believed when the log proves it.

mod many;

use std::time::{Duration, Instant};

pub use many::Many;

use super::{App, Now, Step};
use crate::control::command::{Command, Kind, Operator};
use crate::control::ledger::{AlreadyAsked, HISTORY, Ledger, SLIP, Standing};
use crate::control::outcome::Outcome;
use crate::control::target::Target;
use crate::control::{Control, Why};
use crate::model::id::{CommandId, RunId, TaskId};
use crate::model::text;
use crate::store::{RunKey, RunSet};
use crate::view::format::{count, sequence};
use crate::view::notice::Subject;
use crate::view::{Pane, Severity};

/// How long the question must have been on the screen before a yes counts. What was typed ahead of it comes sooner.
pub const READING: Duration = Duration::from_millis(200);

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
}

/// A question on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// What is asked, or explained.
    pub kind: DialogKind,
    /// Whether it was painted whole at the size that the screen has.
    is_painted: bool,
    /// When the screen had taken that first.
    drawn_at: Option<Instant>,
    /// Whether a yes came too soon.
    pub was_hurried: bool,
}

/// What is asked, or explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialogKind {
    /// Whether to cancel this run.
    Cancel {
        /// The run, whatever the cursor is on by now.
        run: RunId,
    },
    /// Whether to cancel these runs.
    Many(Box<Many>),
    /// Why nothing can be sent.
    Off(Why),
}

/// What became of the wishes of this session.
#[derive(Debug)]
pub(super) struct Wishes {
    pub(super) ledger: Ledger,
    /// Runs that were canceled one by one and of which the log has yet to speak, and whether its silence has been told.
    watched: Vec<(RunId, bool)>,
}

impl Wishes {
    /// No wish yet; each will wait this long for the log to speak.
    pub(super) fn waiting(evidence_timeout: Duration) -> Self {
        Self { ledger: Ledger::new(evidence_timeout), watched: Vec::new() }
    }
}

impl App {
    /// The question on the screen.
    #[must_use]
    pub const fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    /// Where commands go.
    #[must_use]
    pub const fn sending(&self) -> &Sending {
        &self.setup.sending
    }

    /// What is known of the latest wish to cancel a run.
    #[must_use]
    pub fn standing(&self, run: RunId) -> Option<&Standing> {
        self.wishes.ledger.standing(run)
    }

    /// What became of each intent of this session.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.wishes.ledger
    }

    pub(super) fn ask(&mut self) {
        if self.refuses_to_send() {
            return;
        }
        if !self.marking.marks.is_empty() && self.detail.is_none() {
            let marks = std::mem::take(&mut self.marking.marks);
            self.ask_many(&marks, None);
            self.marking.marks = marks;
            return;
        }
        let selected = match &self.detail {
            Some(page) => Some(page.run),
            None => self.board.selected(self.history.store()),
        };
        let Some(run) = selected else {
            let words = match self.board.focus {
                Pane::Attempts => "this pane has no cursor: choose a run in pane 1 or 3",
                _ => "the cursor is on no run",
            };
            return self.notify(Severity::Note, words);
        };
        if let Sending::Off(why) = &self.setup.sending {
            return self.open_dialog(DialogKind::Off(*why));
        }
        if let Some(ended) = self.how_it_ended(run) {
            return self.notify(Severity::Note, format!("{} has ended: {ended}", self.called(run)));
        }
        if let Some(ago) = self.asked_ago(run) {
            return self.say_already_asked(run, ago);
        }
        self.open_dialog(DialogKind::Cancel { run });
    }

    /// Asks whether to cancel these runs, of which those that have ended are not sent; or the task whose runs they are.
    pub(super) fn ask_many(&mut self, marks: &RunSet, task: Option<TaskId>) {
        if let Sending::Off(why) = &self.setup.sending {
            return self.open_dialog(DialogKind::Off(*why));
        }
        if self.bulk.is_some() {
            let words = "cancels are on their way already: wait until they are sent, or Esc stops them";
            return self.notify(Severity::Warning, words);
        }
        let why = match task {
            Some(_) => "every run of the task under the cursor".to_owned(),
            None => self.why_marked(),
        };
        let many = Many::of(marks, task, why, self.history.store());
        match many.eligible {
            0 => self.notify(Severity::Note, "every marked run has ended: there is nothing to cancel"),
            1 if task.is_none() => {
                let store = self.history.store();
                if let Some(run) = many.pinned.iter().next().map(|key| store.id_of(key)) {
                    self.open_dialog(DialogKind::Cancel { run });
                }
            }
            1..=HISTORY => {
                self.history.watch_changes(true);
                self.open_dialog(DialogKind::Many(Box::new(many)));
            }
            _ => {
                let most = count(HISTORY);
                self.notify(Severity::Warning, format!("at most {most} runs at once: narrow the query"));
            }
        }
    }

    fn open_dialog(&mut self, kind: DialogKind) {
        self.dialog = Some(Dialog { kind, is_painted: false, drawn_at: None, was_hurried: false });
    }

    /// Takes a digit of the number that many are confirmed with, or takes one back. A digit that is typed before the
    /// question is seen counts for nothing.
    pub(super) fn type_count(&mut self, digit: Option<char>) {
        const LONGEST: usize = 7;
        let Some(Dialog { kind: DialogKind::Many(many), drawn_at, .. }) = &mut self.dialog else { return };
        match digit {
            Some(digit) if many.typed.len() < LONGEST && drawn_at.is_some() => many.typed.push(digit),
            Some(_) => (),
            None => drop(many.typed.pop()),
        }
    }

    /// Takes the whole number back.
    pub(super) fn clear_count(&mut self) {
        if let Some(Dialog { kind: DialogKind::Many(many), .. }) = &mut self.dialog {
            many.typed.clear();
        }
    }

    pub(super) fn keep(&mut self) {
        if self.dialog.take().is_none() {
            self.leave_prompt();
        }
    }

    /// Notes that the question has been painted. Where a part of it has no room, it has not been asked.
    pub(super) fn dialog_painted(&mut self) {
        let is_whole = self.question().is_some_and(|sheet| sheet.is_whole);
        if let Some(dialog) = &mut self.dialog {
            dialog.is_painted = is_whole;
            dialog.drawn_at = dialog.drawn_at.filter(|_| is_whole);
        }
    }

    /// Whether a question was painted and it is not known yet that the screen has taken it, as [`App::shown`] says.
    #[must_use]
    pub fn awaits_screen(&self) -> bool {
        self.dialog.as_ref().is_some_and(|dialog| dialog.is_painted && dialog.drawn_at.is_none())
    }

    /// Notes that the screen has taken all that was painted: the time to read a question begins.
    pub fn shown(&mut self, now: Now) {
        if let Some(dialog) = self.dialog.as_mut().filter(|dialog| dialog.is_painted) {
            dialog.drawn_at.get_or_insert(now.instant);
        }
    }

    /// Notes that the screen is another one: a question that was on it is to be painted again before a yes counts.
    pub(super) fn unsee_dialog(&mut self) {
        if let Some(dialog) = &mut self.dialog {
            (dialog.is_painted, dialog.drawn_at) = (false, None);
        }
    }

    pub(super) fn confirm(&mut self) -> Step {
        let Some(dialog) = &mut self.dialog else { return Step::Stay };
        let was_read = dialog.drawn_at.is_some_and(|drawn| self.now.instant >= drawn + READING);
        let is_counted = match &dialog.kind {
            DialogKind::Off(_) => return Step::Stay,
            DialogKind::Cancel { .. } => true,
            DialogKind::Many(many) => many.is_counted(),
        };
        if !was_read || !is_counted {
            dialog.was_hurried = true;
            return Step::Stay;
        }
        let Some(dialog) = self.dialog.take() else { return Step::Stay };
        let run = match dialog.kind {
            DialogKind::Cancel { run } => run,
            DialogKind::Many(many) => {
                if let Some(task) = many.task {
                    return self.cancel_task(task, &many.pinned);
                }
                self.cancel_many(&many.pinned);
                return Step::Stay;
            }
            DialogKind::Off(_) => return Step::Stay,
        };
        if let Some(ended) = self.how_it_ended(run) {
            self.notify(
                Severity::Warning,
                format!("{} ended meanwhile: {ended}; nothing was sent", self.called(run)),
            );
            return Step::Stay;
        }
        self.send(run)
    }

    fn send(&mut self, run: RunId) -> Step {
        match self.wishes.ledger.ask(run, self.now.instant) {
            Ok(id) => {
                self.wishes.watched.retain(|(watched, _)| *watched != run);
                self.wishes.watched.push((run, false));
                self.watch_changes();
                let words = format!("cancel of {} asked", self.called(run));
                self.notify_about(Subject::Cancel(run), Severity::Note, words);
                self.command(id, Kind::Cancel { run }).map_or(Step::Stay, Step::Send)
            }
            Err(AlreadyAsked { ago }) => {
                self.say_already_asked(run, ago);
                Step::Stay
            }
        }
    }

    fn say_already_asked(&mut self, run: RunId, ago: Duration) {
        let now = self.now.unix_ms / 1000;
        let at = self.clock().time(now.saturating_sub(ago.as_secs()), now);
        let words = format!("{}: already asked at {at}; again {} s later", self.called(run), SLIP.as_secs());
        self.notify(Severity::Warning, words);
    }

    /// A command as it is sent now, in the name of who sits here.
    pub(super) fn command(&self, id: CommandId, kind: Kind) -> Option<Command> {
        let Sending::To(_, by) = &self.setup.sending else { return None };
        Some(by.command(id, kind, self.now.unix_ms, self.history.store().latest_sequence()))
    }

    /// Takes in what became of a command on its way.
    pub fn answered(&mut self, outcome: &Outcome, now: Now) {
        self.now = now;
        self.wishes.ledger.record(outcome, now.instant);
        if self.bulk.is_some() && self.wishes.ledger.is_of_batch(outcome.id) {
            self.is_dirty = true;
            return self.look_whether_done();
        }
        let Some(id) = outcome.kind.run() else { return };
        let run = self.called(id);
        match self.wishes.ledger.standing(id) {
            Some(standing @ Standing::Refused { .. }) => {
                let words = format!("cancel of {run} {standing}");
                self.wishes.watched.retain(|(watched, _)| *watched != id);
                self.notify_about(Subject::Cancel(id), Severity::Failure, words);
            }
            Some(Standing::Sent) => match &outcome.result {
                Ok(()) => {
                    let words = format!("cancel of {run} sent");
                    self.notify_about(Subject::Cancel(id), Severity::Note, words);
                }
                Err(error) => {
                    let words = text::clean(&format!("cancel of {run}: {error}")).into_owned();
                    self.notify_about(Subject::Cancel(id), Severity::Warning, words);
                }
            },
            _ => (),
        }
    }

    /// Looks what the log says of the runs that were to be canceled, of those that it has changed.
    pub(super) fn look_for_evidence(&mut self, changed: &[RunKey]) {
        let store = self.history.store();
        if let Some(Dialog { kind: DialogKind::Many(many), .. }) = &mut self.dialog {
            many.note(changed, store);
            if many.number() == 0 {
                self.dialog = None;
                let words = "every run of the question has ended meanwhile: there is nothing to cancel";
                self.notify(Severity::Warning, words);
            }
        }
        let store = self.history.store();
        if !self.wishes.ledger.has_open() {
            return;
        }
        let mut told = Vec::new();
        for key in changed.iter().filter(|key| store.has(**key)) {
            let run = store.id_of(*key);
            if !self.wishes.ledger.is_watched(run) {
                continue;
            }
            let entry = store.run(*key);
            if self.wishes.ledger.observe(run, entry.state, entry.last.sequence)
                && let Some(index) = self.wishes.watched.iter().position(|(watched, _)| *watched == run)
            {
                self.wishes.watched.swap_remove(index);
                told.push(run);
            }
        }
        told.into_iter().for_each(|run| self.tell(run));
        self.look_whether_done();
        self.watch_changes();
    }

    fn tell(&mut self, run: RunId) {
        let Some(standing) = self.wishes.ledger.standing(run) else { return };
        let (id, run) = (run, self.called(run));
        let (severity, words) = match standing {
            Standing::Proved { at_sequence } => {
                (Severity::Success, format!("cancel of {run} proved at {}", sequence(*at_sequence)))
            }
            Standing::Overtaken { by, at_sequence } => {
                let at = sequence(*at_sequence);
                (Severity::Warning, format!("cancel of {run} overtaken: {} at {at}", by.name()))
            }
            other => (Severity::Warning, format!("cancel of {run} {other}")),
        };
        self.notify_about(Subject::Cancel(id), severity, words);
    }

    /// Lets the wishes wait, and says whose patience has run out.
    pub(super) fn tick_wishes(&mut self) {
        if !self.wishes.ledger.tick(self.now.instant) {
            return;
        }
        let Sending::To(target, _) = &self.setup.sending else { return };
        let mut told = Vec::new();
        for (run, was_told) in self.wishes.watched.iter_mut().filter(|(_, was_told)| !was_told) {
            if let Some(standing @ Standing::NoEvidence { .. }) = self.wishes.ledger.standing(*run) {
                *was_told = true;
                let called = self.naming.ids.run(*run);
                told.push((
                    *run,
                    format!("cancel of {called}: {standing}; the engine may not read {target}"),
                ));
            }
        }
        for (run, words) in told {
            self.notify_about(Subject::Cancel(run), Severity::Failure, words);
        }
    }

    fn asked_ago(&self, run: RunId) -> Option<Duration> {
        let intent = self.wishes.ledger.latest(run)?;
        let ago = self.now.instant.saturating_duration_since(intent.asked_at);
        let stands = !matches!(intent.standing, Standing::Refused { .. });
        (ago < SLIP && stands).then_some(ago)
    }

    /// How a run ended and when, if it did, or if the log does not have it any more.
    fn how_it_ended(&self, run: RunId) -> Option<String> {
        let store = self.history.store();
        let Some(key) = store.find(run) else {
            return Some("the log knows it no more".to_owned());
        };
        let run = store.run(key);
        let state = run.state;
        let at = self.clock().time(store.changed_at(key), self.now.unix_ms / 1000);
        state.is_terminal().then(|| format!("{} at {at}, {}", state.name(), sequence(run.last.sequence)))
    }
}

#[cfg(test)]
mod tests;
