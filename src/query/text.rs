//! Tests of a text. The only door of regular expressions.

use regex::{Regex, RegexBuilder};

use super::compare::Compare;
use super::composed::composed;
use super::pattern::{Pattern, Reach};
use super::value::{Wrong, wrong};

/// Maximum size of a compiled regular expression, in bytes.
const LARGEST: usize = 1 << 20;

/// Test of a text.
#[derive(Debug, Clone)]
pub(super) struct TextTest {
    matcher: Matcher,
    /// Asks for texts that are not so.
    is_negative: bool,
}

#[derive(Debug, Clone)]
enum Matcher {
    Same(String),
    Pattern(Pattern),
    Regex(Regex),
}

/// A value as it was typed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed<'a> {
    pub(super) text: &'a str,
    pub(super) is_quoted: bool,
}

impl TextTest {
    /// Makes the test of a comparison and a value; `reach` is that of `:`.
    pub(super) fn new(compare: Compare, typed: Typed<'_>, reach: Reach) -> Result<Self, Wrong> {
        let matcher = match compare {
            Compare::Like | Compare::Unlike => {
                let text = &*composed(typed.text.into());
                Matcher::Regex(regex(Typed { text, ..typed })?)
            }
            Compare::Fits => Matcher::Pattern(Pattern::new(typed.text, reach, typed.is_quoted)),
            _ => Matcher::Same(composed(typed.text.into()).into_owned()),
        };
        Ok(Self { matcher, is_negative: compare.is_negative() })
    }

    /// Returns true if a text fits.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.finds(text) != self.is_negative
    }

    /// Returns true if a text is what is named, before it is asked whether that is meant or anything else.
    pub(super) fn finds(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Same(same) => *composed(text.into()) == **same,
            Matcher::Pattern(pattern) => pattern.matches(text),
            Matcher::Regex(regex) => regex.is_match(&composed(text.into())),
        }
    }

    pub(super) const fn is_negative(&self) -> bool {
        self.is_negative
    }
}

fn regex(typed: Typed<'_>) -> Result<Regex, Wrong> {
    let compiled = RegexBuilder::new(typed.text)
        .case_insensitive(!has_capitals(typed.text))
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build();
    compiled.map_err(|error| {
        let hint = if typed.is_quoted {
            "quote texts that are meant as they are: `:` looks for them without regular expressions"
        } else {
            "put it in quotes where it holds spaces or parentheses"
        };
        match error {
            regex::Error::CompiledTooBig(_) => {
                wrong("this regular expression is too large", "repeat less in it")
            }
            // The last line is the reason; those before show the place.
            error => {
                let told = error.to_string();
                let reason = told.lines().last().unwrap_or_default().trim_start_matches("error: ");
                wrong(format!("this regular expression is wrong: {reason}"), hint)
            }
        }
    })
}

/// Returns true if a regular expression has a capital letter that is a letter of the text, by which it tells
/// cases apart. Those after a backslash are no letters of the text, `\S` for example, nor is what their
/// braces hold.
fn has_capitals(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            let is_class = matches!(chars.next(), Some('p' | 'P'));
            if chars.peek() == Some(&'{') {
                chars.by_ref().find(|c| *c == '}');
            } else if is_class {
                chars.next();
            }
        } else if c.is_uppercase() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_compared_in_five_ways() {
        use Compare::{Differs, Fits, Like, Same, Unlike};
        for (compare, typed, text, expected) in [
            (Fits, "timeout", "Timeout after 3s", true),
            (Same, "timeout", "Timeout", false),
            (Same, "timeout", "timeout", true),
            (Differs, "timeout", "Timeout", true),
            (Like, "time.?out", "TIME-OUT", true),
            (Like, "Time", "time", false),
            (Like, r"\S\W\pL\p{Lu}time", "a-aatime", true),
            (Like, r"^\D+$", "ABC", true),
            (Like, "^b", "ab", false),
            (Unlike, "^b", "ab", true),
            (Like, "", "x", true),
            (Like, "r.sum[é]$", "re\u{301}sume\u{301}", true),
            (Like, "^re\u{301}", "résumé", true),
            (Unlike, "é", "e\u{301}", false),
            (Same, "é", "e\u{301}", true),
            (Same, "e\u{301}", "é", true),
            (Differs, "e\u{301}", "é", false),
            (Same, "é", "É", false),
        ] {
            let test = TextTest::new(compare, Typed { text: typed, is_quoted: false }, Reach::Part).unwrap();
            assert_eq!(test.holds(text), expected, "{compare:?} {typed} {text}");
        }
    }

    #[test]
    fn a_wrong_or_huge_regular_expression_says_why() {
        for (typed, reason) in
            [("(a", "unclosed group"), ("a{1000}{1000}{1000}", "too large"), ("*", "repetition")]
        {
            let wrong = TextTest::new(Compare::Like, Typed { text: typed, is_quoted: false }, Reach::Part)
                .unwrap_err();
            assert!(wrong.what.contains(reason), "{wrong:?}");
        }
    }
}
