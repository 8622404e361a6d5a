//! Ids that are texts, compared by their letters: how they begin, what they hold, or what is shown of them.

use super::compare::Compare;
use super::pattern::Pattern;
use crate::model::text;

/// The marks of what is left out of an id, on screens with and without Unicode.
const MARKS: [char; 2] = ['…', '~'];

/// Ways in which an id may hold what is looked for.
#[derive(Debug, Clone)]
pub(super) struct Letters(Vec<Pattern>);

impl Letters {
    /// Makes the test of a comparison and a text. `:` finds ids that begin so, or from `fewest` letters on hold it; and those of
    /// which this is shown, with a mark for what is left out, or `*` unless that is in quotes. The others ask for the
    /// whole of it.
    pub(super) fn new(compare: Compare, typed: &str, is_quoted: bool, fewest: usize) -> Self {
        if compare != Compare::Fits {
            return Self(vec![Pattern::of_parts([typed])]);
        }
        let mut patterns = vec![Pattern::of_parts([typed, ""])];
        if typed.chars().count() >= fewest {
            patterns.push(Pattern::of_parts(["", typed, ""]));
        }
        if typed.contains(MARKS) {
            patterns.push(Pattern::of_parts(typed.split(MARKS)));
        }
        if !is_quoted && typed.contains('*') {
            patterns.push(Pattern::of_parts(typed.split('*')));
        }
        Self(patterns)
    }

    /// Returns true if an id fits, as it is written or as a screen shows it.
    pub(super) fn fit(&self, id: &str) -> bool {
        let shown = text::clean(id);
        self.0.iter().any(|pattern| pattern.matches(id) || (shown != id && pattern.matches(&shown)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_what_is_known_of_it() {
        for (typed, id, fits, same) in [
            ("job", "job-1", true, false),
            ("JOB-1", "job-1", true, true),
            ("ob-1", "job-1", false, false),
            ("import", "an-import-2", true, false),
            ("impo…-30", "import-2026-11-30", true, false),
            ("impo~-30", "import-2026-11-30", true, false),
            ("a~b", "a~b", true, true),
            ("j*1", "job-1", true, false),
            ("\\x1b[…", "\x1b[2J", true, false),
            ("", "x", true, false),
        ] {
            assert_eq!(Letters::new(Compare::Fits, typed, false, 6).fit(id), fits, "{typed} {id}");
            assert_eq!(Letters::new(Compare::Same, typed, false, 6).fit(id), same, "{typed} {id}");
        }
        assert!(!Letters::new(Compare::Fits, "j*1", true, 6).fit("job-1"));
    }
}
