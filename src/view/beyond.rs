//! A requested instant that the log does not reach: which instant is shown instead, and why.

use super::LogClock;
use super::instant::Here;
use crate::engine;
use crate::history::Goal;
use crate::store::Store;

/// A requested instant beyond the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// It is before the first event.
    Before(Goal),
    /// It is before the log was watched: of each run only the last record is there.
    Unwatched(Goal),
    /// It is after the last one.
    After(Goal),
}

impl Beyond {
    /// Compares a goal with the store that was wound to it; `is_end` when no line of the log is left.
    #[must_use]
    pub fn of(goal: Goal, store: &Store, is_end: bool) -> Option<Self> {
        let tally = store.tally();
        let (before, after) = (Some(Self::Before(goal)), Some(Self::After(goal)));
        let beyond = match goal {
            // The end itself is requested as the last possible line.
            Goal::Position(line) if line > tally.lines && line < u64::MAX => after.filter(|_| is_end),
            Goal::Position(_) => None,
            Goal::Sequence(sequence) if store.highest_sequence() < sequence => after.filter(|_| is_end),
            Goal::Sequence(sequence) => {
                let is_first = tally.applied + tally.rejected == 1;
                before.filter(|_| is_first && store.highest_sequence() > sequence)
            }
            Goal::Time(_) if store.latest_at() == 0 => before.filter(|_| !is_end),
            Goal::Time(at) => after.filter(|_| is_end && at > store.latest_at()),
        };
        beyond.or_else(|| engine::is_within_scan(store).then_some(Self::Unwatched(goal)))
    }

    /// The message about it, for a view at `here`.
    #[must_use]
    pub fn words(self, here: Here, clock: LogClock<'_>) -> String {
        let name = |goal| match goal {
            Goal::Position(line) => format!("line {line}"),
            Goal::Sequence(sequence) => format!("#{sequence}"),
            Goal::Time(at) => match clock.time(at, 0).as_str() {
                "?" => "that time".to_owned(),
                time => time.to_owned(),
            },
        };
        match self {
            Self::Before(goal @ Goal::Sequence(_)) => {
                format!(
                    "{} is before the start of the log: its first event is #{}",
                    name(goal),
                    here.sequence
                )
            }
            Self::Before(goal) => format!("{} is before the start of the log: this is its start", name(goal)),
            Self::Unwatched(goal) => format!(
                "{} was not watched: of what was before, only the last record of each task is known",
                name(goal)
            ),
            Self::After(goal) => {
                format!("{} is after the end of the log: this is its end, {}", name(goal), here.words(clock))
            }
        }
    }
}

/// The reason why a time leads nowhere in a log that has none.
pub const TIMELESS: &str = "the log has no time that can be believed";

/// A hint at the instants that can be named in such a log.
pub const TIMELESS_HINT: &str = "name an instant by its sequence or line: #300 or line:300";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::Clock;
    use crate::model::time::Unit;
    use crate::view::testing::TestField;

    #[test]
    fn an_instant_beyond_the_log_names_the_instant_that_is_shown() {
        let field = TestField::default();
        let here = Here { line: 16, sequence: 9, at: 1_795_196_270 };
        let store = &field.store;
        let check = |goal, is_end, expected: Option<&str>| {
            let found =
                Beyond::of(goal, store, is_end).map(|it| it.words(here, Clock::utc().of(Unit::Seconds)));
            assert_eq!(found.as_deref(), expected, "{goal:?}");
        };
        check(Goal::Position(0), false, None);
        check(Goal::Position(u64::MAX), true, None);
        let end = "is after the end of the log: this is its end, line 16, #9, 2026-11-20 17:37:50";
        check(Goal::Position(99), true, Some(&format!("line 99 {end}")));
        check(Goal::Sequence(99), true, Some(&format!("#99 {end}")));
        let start = "2026-11-20 17:37:41 is before the start of the log: this is its start";
        check(Goal::Time(1_795_196_261), false, Some(start));
        let first = Beyond::Before(Goal::Sequence(3)).words(here, Clock::utc().of(Unit::Seconds));
        assert_eq!(first, "#3 is before the start of the log: its first event is #9");
    }
}
