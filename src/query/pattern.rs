//! A text that is looked for without regard to case, in which `*` stands for any text.

use super::composed::composed;

/// Pattern of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// In small letters, in order; any text may be between two.
    parts: Vec<String>,
    reach: Reach,
}

/// Extent of a text that must fit the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of it.
    Whole,
    /// A part of it.
    Part,
}

impl Pattern {
    /// Compiles a typed pattern; in quotes, a `*` is one.
    pub(super) fn new(typed: &str, reach: Reach, is_quoted: bool) -> Self {
        let typed = composed(typed.to_lowercase().into()).into_owned();
        let parts = if is_quoted { vec![typed] } else { typed.split('*').map(str::to_owned).collect() };
        Self { parts, reach }
    }

    /// A text that has these parts in order: the first at its beginning and the last at its end, each of which may be
    /// empty.
    pub(super) fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let part = |part: &str| composed(part.to_lowercase().into()).into_owned();
        Self { parts: parts.into_iter().map(part).collect(), reach: Reach::Whole }
    }

    /// The text, when it is looked for as it is.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [part] => Some(part),
            _ => None,
        }
    }

    /// Returns true if a text is it, or holds it.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text = composed(text.to_lowercase().into());
        let [first, middle @ .., last] = self.parts.as_slice() else {
            let part = self.parts.first().map_or("", String::as_str);
            return if self.reach == Reach::Whole { *text == *part } else { text.contains(part) };
        };
        let mut rest = &*text;
        if self.reach == Reach::Whole {
            let inner = rest.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
            let Some(inner) = inner else { return false };
            rest = inner;
        }
        let ends = [first, last].map(|part| (self.reach == Reach::Part).then_some(part));
        // The first place that each fits in leaves the most for those that follow.
        ends[0].into_iter().chain(middle).chain(ends[1]).all(|part| match rest.find(part.as_str()) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (typed, text, whole, part) in [
            ("worker-7", "worker-7", true, true),
            ("worker-7", "Worker-70", false, true),
            ("worker-*", "worker-70", true, true),
            ("*-70", "worker-70", true, true),
            ("w*r*0", "worker-70", true, true),
            ("*", "", true, true),
            ("*", "x", true, true),
            ("", "x", false, true),
            ("a*a", "a", false, false),
            ("a*a", "aa", true, true),
            ("b*a", "a b", false, false),
            ("a**b", "ab", true, true),
            ("ab*ba", "xaby", false, false),
            ("ÉT*", "été", true, true),
            ("résumé", "re\u{301}sume\u{301}", true, true),
            ("re\u{301}sume\u{301}", "RÉSUMÉ", true, true),
            ("re\u{301}*", "Résumé", true, true),
            ("resume", "résumé", false, false),
        ] {
            for (reach, expected) in [(Reach::Whole, whole), (Reach::Part, part)] {
                assert_eq!(
                    Pattern::new(typed, reach, false).matches(text),
                    expected,
                    "{typed} {text} {reach:?}"
                );
            }
        }
        assert!(!Pattern::new("a*", Reach::Part, true).matches("ab"));
        assert!(Pattern::new("a*", Reach::Part, true).matches("xA*b"));
    }
}
