//! Notices: what the dashboard has to say for a while, the latest of them in the footer.
//!
//! Texts are safe for a screen: whoever makes one cleans what came from outside.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many are kept. Nobody reads further back, and an upset log may cause many.
const KEPT: usize = 100;

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

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// What it says, in one line.
    pub text: String,
    /// When it leaves the footer.
    pub until: Instant,
}

/// The notices there were, the latest last.
#[derive(Debug, Default)]
pub struct Notices {
    kept: VecDeque<Notice>,
}

impl Severity {
    /// How long a notice stays in the footer.
    const fn stays_for(self) -> Duration {
        Duration::from_secs(match self {
            Self::Note => 5,
            Self::Success => 8,
            Self::Warning => 12,
            Self::Failure => 20,
        })
    }
}

impl Notices {
    /// Adds one. The same text again only renews it.
    pub fn push(&mut self, severity: Severity, text: impl Into<String>, now: Instant) {
        let notice = Notice { severity, text: text.into(), until: now + severity.stays_for() };
        match self.kept.back_mut() {
            Some(last) if last.text == notice.text => *last = notice,
            _ => self.kept.push_back(notice),
        }
        while self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    /// Takes one out of the footer that is no longer so.
    pub fn withdraw(&mut self, text: &str, now: Instant) {
        for notice in self.kept.iter_mut().filter(|notice| notice.text == text) {
            notice.until = notice.until.min(now);
        }
    }

    /// The one that the footer shows: the latest, unless an unexpired one matters more.
    #[must_use]
    pub fn current(&self, now: Instant) -> Option<&Notice> {
        let shown = self.kept.iter().filter(|notice| now < notice.until);
        shown.max_by_key(|notice| notice.severity >= Severity::Failure)
    }

    /// When the footer changes next, if nothing else happens.
    #[must_use]
    pub fn next_expiry(&self, now: Instant) -> Option<Instant> {
        self.current(now).map(|notice| notice.until)
    }

    /// All that are kept, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &Notice> {
        self.kept.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_is_shown_until_it_expires_and_a_failure_is_not_hidden() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut notices = Notices::default();
        let shown = |notices: &Notices, seconds| notices.current(at(seconds)).map(|it| it.text.clone());
        assert_eq!(shown(&notices, 0), None);
        notices.push(Severity::Note, "one", at(0));
        notices.push(Severity::Note, "two", at(1));
        assert_eq!(shown(&notices, 2).as_deref(), Some("two"));
        assert_eq!(notices.next_expiry(at(2)), Some(at(6)));
        assert_eq!(shown(&notices, 6), None);
        notices.push(Severity::Failure, "refused", at(10));
        notices.push(Severity::Note, "three", at(11));
        assert_eq!(shown(&notices, 12).as_deref(), Some("refused"));
        assert_eq!(shown(&notices, 30), None);
    }

    #[test]
    fn history_is_bounded() {
        let mut notices = Notices::default();
        let now = Instant::now();
        (0..1000).for_each(|n| notices.push(Severity::Note, n.to_string(), now));
        notices.push(Severity::Note, "999", now);
        assert_eq!(notices.latest().count(), KEPT);
        assert_eq!(notices.latest().next().unwrap().text, "999");
    }
}
