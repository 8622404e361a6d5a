//! A text of words: split as a shell splits plain words, and by no shell.
//!
//! Must not know what the words mean.

use std::borrow::Cow;

/// Characters of a word that is written without quotes, besides letters and digits.
const PLAIN: &str = "_-./:=@%+,{}";

/// The reason why a text has no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// It ends in a backslash.
    #[error("a backslash ends it; write \\\\ for one")]
    Backslash,
    /// A quote has no end.
    #[error("a quote is not closed: {0}")]
    OpenQuote(char),
}

/// Splits a text into words at blanks. Quotes of both kinds keep blanks, a backslash keeps the next character; nothing is
/// expanded.
///
/// # Errors
/// When a quote or a backslash has no end.
pub fn split(text: &str) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, quote) {
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => {
                let kept = letters.next().ok_or(SplitError::Backslash)?;
                word.get_or_insert_default().push(kept);
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(SplitError::OpenQuote(open));
    }
    words.extend(word);
    Ok(words)
}

/// Writes words as one text, from which [`split`] takes the same ones. Not safe for a screen.
#[must_use]
pub fn join<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| quoted(word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// A word in quotes, where it would not be one without them.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || PLAIN.contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', "'\\''")).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_split_as_plain_ones_and_nothing_is_expanded() {
        for (text, expected) in [
            ("", &[][..]),
            ("page", &["page"]),
            ("  page  --to ops ", &["page", "--to", "ops"]),
            ("page 'a b' \"c d\"e", &["page", "a b", "c de"]),
            (r#"page a\ b "\"" '\'"#, &["page", "a b", "\"", "\\"]),
            ("page '' $HOME *.log ; true", &["page", "", "$HOME", "*.log", ";", "true"]),
        ] {
            assert_eq!(split(text).unwrap(), expected, "{text}");
        }
        for (wrong, expected) in [
            ("page 'a", "a quote is not closed: '"),
            ("page \"", "a quote is not closed: \""),
            ("page \\", "a backslash ends it; write \\\\ for one"),
        ] {
            assert_eq!(split(wrong).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn words_that_are_no_plain_ones_are_written_in_quotes() {
        for (words, expected) in [
            (&["celery", "-A", "app", "--id={run}"][..], "celery -A app --id={run}"),
            (&["a b", "", "it's", "$x"], r"'a b' '' 'it'\''s' '$x'"),
        ] {
            assert_eq!(join(words), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_joined_is_split_into_the_same_words(words in proptest::collection::vec(any::<String>(), 0..5)) {
            prop_assert_eq!(split(&join(&words)).unwrap(), words);
        }
    }
}
