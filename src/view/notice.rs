//! Notices: what the dashboard has to say, the latest of them in the footer. One lasts until the next action.
//!
//! Texts are safe for a screen: whoever makes one cleans what came from outside.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::model::id::RunId;

/// How many are kept: no more are read, and an upset log may cause many.
const KEPT: usize = 100;
/// How long news must have been on the screen before an action takes it away. An answer to a key needs no such time.
const MIN_READING: Duration = Duration::from_secs(2);

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is so.
    Note,
    /// It went well.
    Success,
    /// It may need a look.
    Warning,
    /// It went wrong.
    Failure,
}

/// The thing that a notice tells the state of: a later notice about the same takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The cancel of a run.
    Cancel(RunId),
    /// The way to another instant.
    Way,
    /// The path of the log, and whether it can be read.
    Path,
    /// Runs that are still being looked through.
    Search,
    /// Memory that is taken beyond what is allowed.
    Memory,
    /// A log of which nothing has been read.
    Emptiness,
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// What it says, in one line.
    pub text: String,
    subject: Option<Subject>,
    /// Whether it answers a key. All else is news.
    is_answer: bool,
    /// When it was on the screen first.
    seen_at: Option<Instant>,
}

/// The notices that no action has taken away, the latest last.
#[derive(Debug, Default)]
pub struct Notices {
    kept: VecDeque<Notice>,
    /// When the latest action was taken: what is said at this instant answers it.
    acted_at: Option<Instant>,
}

impl Notices {
    /// Adds one. The same text again only renews it.
    pub fn push(&mut self, severity: Severity, text: impl Into<String>, now: Instant) {
        let (is_answer, text) = (self.acted_at == Some(now), text.into());
        self.kept.retain(|kept| kept.text != text);
        self.kept.push_back(Notice { severity, text, subject: None, is_answer, seen_at: None });
        while self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    /// Adds one that takes the place of what was said of its subject before.
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

    /// Takes away what was said of a subject, as it is no longer so; says whether there was anything.
    pub fn withdraw_about(&mut self, subject: Subject) -> bool {
        let before = self.kept.len();
        self.kept.retain(|notice| notice.subject != Some(subject));
        self.kept.len() < before
    }

    /// Those that are kept of a subject.
    pub fn about(&self, subject: Subject) -> impl Iterator<Item = &Notice> {
        self.kept.iter().filter(move |notice| notice.subject == Some(subject))
    }

    /// Takes away what was said before an action: answers to keys before it, and news that could be read.
    pub fn begin_action(&mut self, now: Instant) {
        self.acted_at = Some(now);
        if self.kept.is_empty() {
            return;
        }
        let was_read = |notice: &Notice| notice.seen_at.is_some_and(|seen| now >= seen + MIN_READING);
        let was_current_read = self.current().is_some_and(was_read);
        // A failure that hid behind another one has yet to be seen.
        self.kept.retain(|notice| {
            let is_gone = was_read(notice) || was_current_read && notice.severity < Severity::Failure;
            !notice.is_answer && !is_gone
        });
    }

    /// Notes that the current one is on the screen.
    pub fn seen(&mut self, now: Instant) {
        if let Some(index) = self.current_index() {
            self.kept[index].seen_at.get_or_insert(now);
        }
    }

    /// The one that the footer shows: the latest, unless another one matters more.
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
    fn what_is_said_of_a_subject_takes_the_place_of_what_was() {
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
        assert_eq!(notices.kept.len(), KEPT);
        assert_eq!(notices.current().map(|notice| notice.text.as_str()), Some("999"));
    }
}
