//! The question on the screen, fitted into its room: its text, and the answers of its keys.

use super::Dialog;
use super::cancel::{AskedWhole, DialogKind};
use super::outgoing::command_names;
use super::preferences::Preferences;
use super::sending::Sending;
use crate::control::command::CommandKind;
use crate::input::{Action, Key, Mode};
use crate::store::Store;
use crate::view::detail::DetailLine;
use crate::view::dialog::{CommandRoute, DialogQuestion, Questions, Sheet, WholeQuestion, why_not};
use crate::view::format::counted;
use crate::view::screen::Question;
use crate::view::summary::Summary;
use crate::view::{Layout, LogClock};

/// Facts that a question is asked with.
pub(super) struct Asking<'a> {
    pub(super) store: &'a Store,
    pub(super) view_at: u64,
    pub(super) summary: Summary<'a>,
    pub(super) clock: LogClock<'a>,
    pub(super) frozen_for: Option<u64>,
    pub(super) sending: &'a Sending,
    pub(super) taste: &'a Preferences,
    pub(super) mode: Mode,
}

impl Asking<'_> {
    /// The question as it is drawn.
    pub(super) fn question(&self, dialog: &Dialog, layout: &Layout) -> Question {
        Question {
            sheet: self.sheet(dialog, layout),
            is_asked: !matches!(dialog.kind, DialogKind::Off(_)),
            remark: self.remark(dialog),
        }
    }

    /// The remark on a yes that came too soon.
    fn remark(&self, dialog: &Dialog) -> Option<String> {
        dialog.was_hurried.then(|| match &dialog.kind {
            kind if !kind.is_typed() => "type the number first".to_owned(),
            _ => {
                let key = self.taste.keymap.label(Action::Confirm, self.mode).unwrap_or_default();
                format!("that was fast: press {key} again")
            }
        })
    }

    fn sheet(&self, dialog: &Dialog, layout: &Layout) -> Sheet {
        let room = layout.dialog_room();
        let (title, forms) = self.words(&dialog.kind, Sheet::columns(room));
        let mut sheet = Sheet::of(title.to_owned(), forms, self.answers(dialog), room);
        sheet.is_whole &= !layout.is_too_small();
        sheet
    }

    fn words(&self, kind: &DialogKind, width: usize) -> (&'static str, Vec<Vec<DetailLine>>) {
        let route = &self.route(kind);
        let Self { store, view_at, ref summary, clock, frozen_for, .. } = *self;
        match kind {
            DialogKind::Off(why) => ("Nothing can be sent", vec![why_not(*why, width)]),
            DialogKind::Many(many) => {
                let questions = Questions {
                    n_marked: many.n_marked,
                    eligible: many.eligible,
                    ended_since: many.ended.len(),
                    why: &many.why,
                    by_task: &many.by_task,
                    n_tasks: many.n_tasks,
                    by_state: &many.by_state,
                    typed: &many.typed,
                    frozen_for,
                    summary,
                    clock,
                    route,
                    rate: self.taste.control_rate,
                    whole: many.whole.map(called),
                };
                let title = match many.whole {
                    None => "Cancel these runs?",
                    Some(AskedWhole::Task(_)) => "Cancel this task?",
                    Some(AskedWhole::ParentOf(_)) => "Cancel everything in this parent?",
                };
                (title, questions.forms(width))
            }
            DialogKind::Everything { process, spares, sent_ago, typed } => {
                let sent_ago = sent_ago.map(|ago| ago.as_secs());
                let question =
                    WholeQuestion { store, process, spares, sent_ago, typed, frozen_for, summary, clock };
                ("Cancel the whole execution?", question.forms(width))
            }
            DialogKind::Cancel { run } => {
                let (run, now) = (*run, view_at);
                let question = DialogQuestion { store, run, now, frozen_for, summary, clock, route };
                ("Cancel this run?", question.forms(width))
            }
        }
    }

    /// The way that the commands of a question go.
    fn route(&self, kind: &DialogKind) -> CommandRoute {
        let Sending::To(target, _) = self.sending else { return CommandRoute::To(String::new()) };
        let Some(call) = target.call() else { return CommandRoute::To(target.to_string()) };
        let kind = match kind {
            DialogKind::Cancel { run } => Some(CommandKind::Cancel { run: *run }),
            DialogKind::Many(many) => many.whole.map(AskedWhole::kind),
            DialogKind::Everything { .. } | DialogKind::Off(_) => None,
        };
        let line = kind.and_then(|kind| call.line(kind, &command_names(self.store, kind)).ok());
        CommandRoute::Runs(line.unwrap_or_else(|| call.to_string()))
    }

    /// The keys of the question and their answers.
    fn answers(&self, dialog: &Dialog) -> Vec<(String, String)> {
        let (keymap, mode) = (&self.taste.keymap, self.mode);
        let mut answers = Vec::new();
        for binding in keymap.in_mode(mode) {
            let Some(hint) = binding.hint else { continue };
            let words = match (&dialog.kind, binding.action) {
                (DialogKind::Off(_), Action::Confirm) => continue,
                (DialogKind::Off(_), _) => {
                    let esc = Key::named("Esc").filter(|esc| keymap.lookup(*esc, mode) == Some(Action::Keep));
                    return vec![(esc.unwrap_or(binding.key).label().into_owned(), "back".to_owned())];
                }
                (DialogKind::Many(many), Action::Confirm) => {
                    format!("Cancel {}", counted(many.number(), "run", "runs"))
                }
                (DialogKind::Many(_), Action::Keep) => "Keep them".to_owned(),
                (DialogKind::Everything { .. }, Action::Confirm) => "Cancel everything".to_owned(),
                (DialogKind::Everything { .. }, Action::Keep) => "Keep it".to_owned(),
                _ => hint.to_owned(),
            };
            answers.push((binding.key.label().into_owned(), words));
        }
        answers
    }
}

/// The word for what one command cancels.
const fn called(whole: AskedWhole) -> &'static str {
    match whole {
        AskedWhole::Task(_) => "task",
        AskedWhole::ParentOf(_) => "parent",
    }
}
