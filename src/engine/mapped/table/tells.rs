//! The facts that a log tells and those that it does not, in one line for people.

use super::rule::FieldName;
use super::{CancelUnit, MappedTable};
use crate::engine::mapped::states::MappedState;
use crate::model::states::CancelProof;

/// Columns of a line, which a screen of 80 has.
const LINE_COLUMNS: usize = 74;

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
        let of = |wanted: bool| told.iter().filter(move |(_, is)| *is == wanted).map(|(word, _)| *word);
        let mut lines = listed("tells", of(true));
        lines.extend(listed("does not tell", of(false)));
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

/// Lines with a list; none without words.
fn listed<'w>(verb: &str, words: impl Iterator<Item = &'w str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            None => lines.push(format!("{verb} {word}")),
            Some(line) if line.len() + word.len() + 2 <= LINE_COLUMNS => *line += &format!(", {word}"),
            Some(line) => {
                line.push(',');
                lines.push(format!("  {word}"));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::engine::mapped::catalog::named;

    #[test]
    fn a_log_says_what_it_tells_in_lines_that_fit() {
        for (format, expected) in [
            (
                "plain",
                &[
                    "tells queue, lease, running, retry, suspended, ended, canceled, skipped,",
                    "  attempts, worker",
                    "transitions not judged",
                ][..],
            ),
            (
                "dbt",
                &[
                    "tells running, ended, canceled, skipped, worker",
                    "does not tell queue, lease, retry, suspended, attempts",
                    "transitions not judged",
                ],
            ),
        ] {
            let tells = &named(format).unwrap().tells;
            assert_eq!(tells[..expected.len()], *expected, "{format}");
        }
    }
}
