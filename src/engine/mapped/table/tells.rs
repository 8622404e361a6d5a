//! The facts that a log tells and those that it does not, in one line for people.

use super::rule::FieldName;
use super::{CancelUnit, MappedTable};
use crate::engine::mapped::states::MappedState;
use crate::model::states::CancelProof;

impl MappedTable {
    /// True if a rule gives this field.
    #[must_use]
    pub const fn has_field(&self, name: FieldName) -> bool {
        self.fields & (1 << name as u32) != 0
    }

    /// True if attempts are given or counted.
    #[must_use]
    pub const fn tells_attempts(&self) -> bool {
        self.counts_attempts || self.gives_attempts
    }

    /// Looks up once what the rules give: it is asked for each row of the screen.
    pub(super) fn look_up_fields(&mut self) {
        let fields = self.rules.iter().flat_map(|rule| rule.fields.all());
        self.fields = fields.fold(0, |fields, (name, _)| fields | 1 << *name as u32);
        self.gives_attempts = self.rules.iter().any(|rule| rule.attempt.is_some());
    }

    /// Facts that the log tells and those that it does not, a line each: `tells running, ended, skipped`.
    pub(super) fn told_lines(&self) -> Vec<String> {
        let has = |states: &[MappedState]| states.iter().any(|state| self.ids[*state as usize].is_some());
        let told = [
            ("queue", has(&[MappedState::Scheduled, MappedState::Ready])),
            ("lease", has(&[MappedState::Leased])),
            ("running", has(&[MappedState::Running])),
            ("retry", has(&[MappedState::RetryWait])),
            ("suspended", has(&[MappedState::Suspended, MappedState::Awaiting])),
            ("ended", has(&[MappedState::Completed, MappedState::Failed])),
            ("canceled", has(&[MappedState::Canceled])),
            ("skipped", has(&[MappedState::Skipped])),
            ("attempts", self.tells_attempts()),
            ("worker", self.has_field(FieldName::Worker)),
        ];
        let of = |wanted: bool| {
            let words: Vec<&str> =
                told.iter().filter(|(_, is)| *is == wanted).map(|(word, _)| *word).collect();
            words.join(", ")
        };
        let mut lines = vec![format!("tells {}", of(true))];
        if told.iter().any(|(_, is)| !is) {
            lines.push(format!("does not tell {}", of(false)));
        }
        let judged =
            if self.transitions.is_some() { "transitions by the table" } else { "transitions not judged" };
        lines.push(judged.to_owned());
        lines.push("order as written, gaps not detectable".to_owned());
        lines.push(format!("cancel: {}", self.cancel_words()));
        lines
    }

    fn cancel_words(&self) -> String {
        let Some(cancel) = &self.cancel else { return "none".to_owned() };
        let unit = match cancel.unit {
            CancelUnit::Run => "of a run",
            CancelUnit::Parent => "of a whole parent",
        };
        let proof = match cancel.proof {
            CancelProof::Canceled => "proved by Canceled",
            CancelProof::End => "proved by any end",
            CancelProof::Unconfirmed => "not confirmed by the log",
        };
        format!("{unit}, {proof}")
    }
}
