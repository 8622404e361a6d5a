//! Causes that keep a run, by the names that queries have for them.

use super::compare::Compare;
use super::value::{Wrong, wrong};
use crate::engine::cause::Cause;
use crate::model::nearest::nearest;

/// Every name, in the order of a run's life.
pub(super) const NAMES: [&str; 15] = [
    "time",
    "dependency",
    "worker",
    "passed",
    "key",
    "budget",
    "paused",
    "lease",
    "orphaned",
    "overtime",
    "retry",
    "suspended",
    "signal",
    "children",
    "unknown",
];

/// The name of what keeps a run; none for one that executes.
fn name(cause: &Cause) -> Option<&'static str> {
    Some(match cause {
        Cause::Works => return None,
        Cause::Lease(_) | Cause::NoLease => "lease",
        Cause::Orphaned => "orphaned",
        Cause::Overtime { .. } => "overtime",
        Cause::Time { .. } => "time",
        Cause::Retry { .. } => "retry",
        Cause::Paused => "paused",
        Cause::Budget(_) => "budget",
        Cause::Dependency { .. } => "dependency",
        Cause::Key { .. } => "key",
        Cause::Worker => "worker",
        Cause::Passed { .. } => "passed",
        Cause::Suspended { .. } => "suspended",
        Cause::Signal { .. } => "signal",
        Cause::Children { .. } => "children",
        Cause::Unknown => "unknown",
    })
}

/// Some of the causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Causes(Vec<&'static str>);

impl Causes {
    /// Parses the causes that a word means. `:` takes the beginning of a name, unless the word is a whole
    /// one.
    pub(super) fn read(text: &str, compare: Compare) -> Result<Self, Wrong> {
        let typed = text.to_lowercase();
        let begins = compare == Compare::Fits && !typed.is_empty() && !NAMES.contains(&typed.as_str());
        let is_meant = |name: &&str| if begins { name.starts_with(&typed) } else { **name == typed };
        let meant: Vec<&'static str> = NAMES.into_iter().filter(is_meant).collect();
        if meant.is_empty() {
            let hint = match nearest(text, NAMES.into_iter()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("a run waits for one of {}", NAMES.join(", ")),
            };
            return Err(wrong(format!("nothing that a run waits for is called `{text}`"), hint));
        }
        let others = || NAMES.into_iter().filter(|name| !meant.contains(name)).collect();
        Ok(Self(if compare == Compare::Differs { others() } else { meant }))
    }

    /// Returns all causes.
    pub(super) fn any() -> Self {
        Self(NAMES.to_vec())
    }

    /// Returns true if a run's cause is among them.
    pub(super) fn has(&self, cause: &Cause) -> bool {
        name(cause).is_some_and(|name| self.0.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_meant_by_its_name_or_how_that_begins() {
        for (text, compare, expected) in [
            ("key", Compare::Fits, &["key"][..]),
            ("KEY", Compare::Same, &["key"]),
            ("wor", Compare::Fits, &["worker"]),
            ("o", Compare::Fits, &["orphaned", "overtime"]),
        ] {
            assert_eq!(Causes::read(text, compare), Ok(Causes(expected.to_vec())), "{text}");
        }
        let others = Causes::read("key", Compare::Differs).unwrap();
        assert!(
            others.0.len() + 1 == NAMES.len() && others.has(&Cause::Worker) && !others.has(&Cause::Works)
        );
        assert!(Causes::read("wor", Compare::Same).is_err() && Causes::read("", Compare::Fits).is_err());
        assert_eq!(Causes::read("buget", Compare::Fits).unwrap_err().hint, "did you mean `budget`?");
    }
}
