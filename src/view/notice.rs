//! Notices: messages of the dashboard, the latest of them in the footer. One lasts until the next action.
//!
//! Texts are safe for a screen: their author cleans what came from outside.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::model::id::RunId;

/// The maximum number of notices: no more are read, and a broken log may cause many.
const MAX_NOTICES: usize = 100;
/// Minimum time on the screen before an action dismisses news. An answer to a key needs no such time.
const MIN_READING_TIME: Duration = Duration::from_secs(2);

/// The severity of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Information.
    Note,
    /// A success.
    Success,
    /// A warning.
    Warning,
    /// A failure.
    Failure,
}

/// The subject of a notice: a later notice about the same one replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The cancel of a run.
    Cancel(RunId),
    /// A jump to another instant.
    Way,
    /// The path of the log, and whether it can be read.
    Path,
    /// A scan through the runs.
    Search,
    /// Memory beyond the limit.
    Memory,
    /// A log of which nothing was read.
    Emptiness,
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its severity.
    pub severity: Severity,
    /// The message, in one line.
    pub text: String,
    subject: Option<Subject>,
    /// True if it answers a key. Every other notice is news.
    is_answer: bool,
    /// The instant at which it was first on the screen.
    seen_at: Option<Instant>,
}

/// The notices that no action has dismissed, the latest last.
#[derive(Debug, Default)]
pub struct Notices {
    kept: VecDeque<Notice>,
    /// The instant of the latest action: a notice of this instant answers it.
    acted_at: Option<Instant>,
}

impl Notices {
    /// Adds a notice. The same text again only renews it.
    pub fn push(&mut self, severity: Severity, text: impl Into<String>, now: Instant) {
        let (is_answer, text) = (self.acted_at == Some(now), text.into());
        self.kept.retain(|kept| kept.text != text);
        self.kept.push_back(Notice { severity, text, subject: None, is_answer, seen_at: None });
        while self.kept.len() > MAX_NOTICES {
            self.kept.pop_front();
        }
    }

    /// Adds a notice that replaces those about its subject.
    pub fn push_about(
        &mut self,
        subject: Subject,
        severity: Severity,
        text: impl Into<String>,
        now: Instant,
    ) {
        self.withdraw_about(subject);
        self.push(severity, text, now);
        self.kept.back_mut().into_iter().for_each(|notice| notice.subject = Some(subject));
    }

    /// Removes the notices about a subject, as they are no longer true; returns true if there was one.
    pub fn withdraw_about(&mut self, subject: Subject) -> bool {
        let before = self.kept.len();
        self.kept.retain(|notice| notice.subject != Some(subject));
        self.kept.len() < before
    }

    /// Yields the notices about a subject.
    pub fn about(&self, subject: Subject) -> impl Iterator<Item = &Notice> {
        self.kept.iter().filter(move |notice| notice.subject == Some(subject))
    }

    /// Dismisses the notices before an action: answers to earlier keys, and news that could be read.
    pub fn begin_action(&mut self, now: Instant) {
        self.acted_at = Some(now);
        if self.kept.is_empty() {
            return;
        }
        let was_read = |notice: &Notice| notice.seen_at.is_some_and(|seen| now >= seen + MIN_READING_TIME);
        let was_current_read = self.current().is_some_and(was_read);
        // A failure that was hidden by another one is yet to be read.
        self.kept.retain(|notice| {
            let is_gone = was_read(notice) || was_current_read && notice.severity < Severity::Failure;
            !notice.is_answer && !is_gone
        });
    }

    /// Records that the current notice is on the screen.
    pub fn seen(&mut self, now: Instant) {
        if let Some(index) = self.current_index() {
            self.kept[index].seen_at.get_or_insert(now);
        }
    }

    /// The notice in the footer: the latest, unless a failure is among them.
    #[must_use]
    pub fn current(&self) -> Option<&Notice> {
        self.kept.get(self.current_index()?)
    }

    fn current_index(&self) -> Option<usize> {
        (0..self.kept.len()).max_by_key(|index| self.kept[*index].severity >= Severity::Failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes steps of `(milliseconds, step)` and yields what is shown after each: `+text` is an answer to a key, `!text` a
    /// failure that comes by itself, `.text` other news, `k` a key that says nothing, `s` a frame.
    fn shown(steps: &[(u64, &str)]) -> Vec<String> {
        let start = Instant::now();
        let mut notices = Notices::default();
        let mut all = Vec::new();
        for (at, step) in steps {
            let now = start + Duration::from_millis(*at);
            match step.split_at(1) {
                ("+", text) => {
                    notices.begin_action(now);
                    notices.push(Severity::Note, text, now);
                }
                (".", text) => notices.push(Severity::Note, text, now),
                ("!", text) => notices.push(Severity::Failure, text, now),
                ("k", _) => notices.begin_action(now),
                _ => notices.seen(now),
            }
            all.push(notices.current().map(|notice| notice.text.clone()).unwrap_or_default());
        }
        all
    }

    #[test]
    fn a_notice_lasts_until_the_next_action_and_no_longer() {
        assert_eq!(
            shown(&[(0, "+one"), (1, "s"), (900_000, "s"), (900_001, "k")]),
            ["one", "one", "one", ""]
        );
        assert_eq!(shown(&[(0, "+one"), (1, "k")]), ["one", ""]);
        assert_eq!(shown(&[(0, "+one"), (1, "+two"), (2, "k")]), ["one", "two", ""]);
    }

    #[test]
    fn news_is_read_before_an_action_takes_it_away() {
        assert_eq!(shown(&[(0, ".one"), (9_000, "k"), (9_000, "s")]), ["one"; 3], "it was not seen");
        assert_eq!(shown(&[(0, ".one"), (1, "s"), (1_900, "k")]), ["one"; 3]);
        assert_eq!(shown(&[(0, ".one"), (1, "s"), (2_001, "k")]), ["one", "one", ""]);
        assert_eq!(
            shown(&[(0, ".one"), (1, "s"), (5_000, ".two"), (9_000, "k")]),
            ["one", "one", "two", "two"]
        );
    }

    #[test]
    fn a_failure_is_not_hidden_by_what_comes_later() {
        let steps = [(0, "!one"), (1, "s"), (2, ".two"), (3, "+three"), (5_000, "k")];
        assert_eq!(shown(&steps), ["one", "one", "one", "one", ""]);
        let steps = [(0, "!one"), (1, "s"), (2, "!two"), (3, "s"), (5_000, "k")];
        assert_eq!(shown(&steps), ["one", "one", "two", "two", ""]);
    }

    #[test]
    fn a_notice_replaces_those_about_its_subject() {
        let now = Instant::now();
        let mut notices = Notices::default();
        notices.push_about(Subject::Path, Severity::Failure, "unreadable", now);
        notices.push_about(Subject::Path, Severity::Note, "there again", now);
        assert_eq!(notices.current().map(|notice| notice.text.as_str()), Some("there again"));
        assert!(notices.withdraw_about(Subject::Path) && notices.current().is_none());
    }

    #[test]
    fn history_is_bounded() {
        let mut notices = Notices::default();
        let now = Instant::now();
        (0..1000).for_each(|n| notices.push(Severity::Note, n.to_string(), now));
        notices.push(Severity::Note, "999", now);
        assert_eq!(notices.kept.len(), MAX_NOTICES);
        assert_eq!(notices.current().map(|notice| notice.text.as_str()), Some("999"));
    }
}
