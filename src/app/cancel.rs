//! Canceling a run: the question, the answer, and what the log says of it afterwards.
//!
//! The question holds the id of the run that the cursor was on when it was asked. Only `y`, pressed after the
//! question could be read, sends anything; and what was sent is believed when the log proves it.

use std::time::{Duration, Instant};

use super::{App, Now, Step};
use crate::control::channel::Outcome;
use crate::control::command::{Command, Kind, Operator};
use crate::control::ledger::{AlreadyAsked, Ledger, SLIP, Standing};
use crate::control::target::Target;
use crate::control::{Control, Why};
use crate::model::id::RunId;
use crate::model::{text, time};
use crate::view::format::sequence;
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
    /// When it was painted first.
    drawn_at: Option<Instant>,
    /// Whether a yes came too soon.
    pub was_hurried: bool,
}

/// What is asked, or explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogKind {
    /// Whether to cancel this run.
    Cancel {
        /// The run, whatever the cursor is on by now.
        run: RunId,
    },
    /// Why nothing can be sent.
    Off(Why),
}

/// What became of the wishes of this session.
#[derive(Debug)]
pub(super) struct Wishes {
    pub(super) ledger: Ledger,
    /// Runs of which the log has yet to speak, and whether its silence has been told.
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

    pub(super) fn ask(&mut self) {
        if self.refuses_to_send() {
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
            return self.notify(Severity::Note, format!("{} has ended: {ended}", run.short()));
        }
        if let Some(ago) = self.asked_ago(run) {
            return self.notify(Severity::Warning, format!("{}: {}", run.short(), AlreadyAsked { ago }));
        }
        self.open_dialog(DialogKind::Cancel { run });
    }

    const fn open_dialog(&mut self, kind: DialogKind) {
        self.dialog = Some(Dialog { kind, drawn_at: None, was_hurried: false });
    }

    pub(super) fn keep(&mut self) {
        self.dialog = None;
        self.leave_prompt();
    }

    /// Notes that the question has been painted. On a screen that has no room for it, it has not.
    pub(super) fn dialog_drawn(&mut self) {
        let is_visible = !self.layout().is_too_small();
        if let Some(dialog) = self.dialog.as_mut().filter(|_| is_visible) {
            dialog.drawn_at.get_or_insert(self.now.instant);
        }
    }

    pub(super) fn confirm(&mut self) -> Step {
        let Some(dialog) = &mut self.dialog else { return Step::Stay };
        let DialogKind::Cancel { run } = dialog.kind else { return Step::Stay };
        let was_read = dialog.drawn_at.is_some_and(|drawn| self.now.instant >= drawn + READING);
        if !was_read {
            dialog.was_hurried = true;
            return Step::Stay;
        }
        self.dialog = None;
        if let Some(ended) = self.how_it_ended(run) {
            self.notify(
                Severity::Warning,
                format!("{} ended meanwhile: {ended}; nothing was sent", run.short()),
            );
            return Step::Stay;
        }
        self.send(run)
    }

    fn send(&mut self, run: RunId) -> Step {
        let Sending::To(_, operator) = &self.setup.sending else { return Step::Stay };
        let by = operator.clone();
        match self.wishes.ledger.ask(run, self.now.instant) {
            Ok(id) => {
                self.wishes.watched.retain(|(watched, _)| *watched != run);
                self.wishes.watched.push((run, false));
                let at_ms = self.now.unix_ms;
                let seen = self.history.store().latest_sequence();
                self.notify(Severity::Note, format!("cancel of {} asked", run.short()));
                Step::Send(Command { id, kind: Kind::Cancel { run }, reason: None, at_ms, by, seen })
            }
            Err(again) => {
                self.notify(Severity::Warning, format!("{}: {again}", run.short()));
                Step::Stay
            }
        }
    }

    /// Takes in what became of a command on its way.
    pub fn answered(&mut self, outcome: &Outcome, now: Now) {
        self.now = now;
        self.wishes.ledger.record(outcome, now.instant);
        let Some(id) = outcome.kind.run() else { return };
        let run = id.short();
        match self.wishes.ledger.standing(id) {
            Some(standing @ Standing::Refused { .. }) => {
                let words = format!("cancel of {run} {standing}");
                self.wishes.watched.retain(|(watched, _)| *watched != id);
                self.notify(Severity::Failure, words);
            }
            Some(Standing::Sent) => match &outcome.result {
                Ok(()) => self.notify(Severity::Note, format!("cancel of {run} sent")),
                Err(error) => {
                    let words = text::clean(&format!("cancel of {run}: {error}")).into_owned();
                    self.notify(Severity::Warning, words);
                }
            },
            _ => (),
        }
    }

    /// Looks what the log says of the runs that were to be canceled, and of no others.
    pub(super) fn look_for_evidence(&mut self) {
        for index in (0..self.wishes.watched.len()).rev() {
            let (run, _) = self.wishes.watched[index];
            let Some(key) = self.history.store().find(run) else { continue };
            let entry = self.history.store().run(key);
            if self.wishes.ledger.observe(run, entry.instance.state(), entry.last.sequence) {
                self.wishes.watched.swap_remove(index);
                self.tell(run);
            }
        }
    }

    fn tell(&mut self, run: RunId) {
        let Some(standing) = self.wishes.ledger.standing(run) else { return };
        let run = run.short();
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
        self.notify(severity, words);
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
                told.push(format!("cancel of {}: {standing}; the engine may not read {target}", run.short()));
            }
        }
        told.into_iter().for_each(|words| self.notify(Severity::Failure, words));
    }

    fn asked_ago(&self, run: RunId) -> Option<Duration> {
        let intent = self.wishes.ledger.latest(run)?;
        let ago = self.now.instant.saturating_duration_since(intent.asked_at);
        let stands = !matches!(intent.standing, Standing::Refused { .. });
        (ago < SLIP && stands).then_some(ago)
    }

    /// How a run ended and when, if it did, or if the log does not have it any more.
    fn how_it_ended(&self, run: RunId) -> Option<String> {
        let Some(key) = self.history.store().find(run) else {
            return Some("the log knows it no more".to_owned());
        };
        let run = self.history.store().run(key);
        let state = run.instance.state();
        let ago = time::age_words(run.instance.last_state_change_at(), self.now.unix_ms / 1000);
        state.is_terminal().then(|| format!("{} {ago} ago, at {}", state.name(), sequence(run.last.sequence)))
    }
}
