//! A query in pieces, each with its place. Never fails: what is wrong with the pieces the parser says, and a query that
//! is still being typed is completed from the same pieces.

use std::borrow::Cow;
use std::ops::Range;

use super::compare::Compare;

/// One piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Its bytes.
    pub(super) at: Range<usize>,
    pub(super) what: What<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `-` before something.
    Minus,
    /// `@name`, without the `@`.
    Named(&'a str),
    /// A word or a quoted text.
    Text(QueryWord<'a>),
    /// A field, a comparison and a value; the field is empty where a comparison has none.
    Compared(Compared<'a>),
}

/// A word, or a text in quotes without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryWord<'a> {
    /// With its quotes.
    pub(super) at: Range<usize>,
    pub(super) text: Cow<'a, str>,
    pub(super) quotes: Quotes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Closed,
    /// The second one is missing.
    Open,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compared<'a> {
    pub(super) field: &'a str,
    pub(super) field_at: Range<usize>,
    pub(super) compare: Compare,
    pub(super) sign_at: Range<usize>,
    /// Nothing where it is missing.
    pub(super) value: Option<QueryWord<'a>>,
}

/// Takes a query to pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut scanner = Scanner { text, at: 0 };
    let mut found = vec![];
    while let Some(piece) = scanner.piece() {
        found.push(piece);
    }
    found
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes what comes up to the first character that `ends` it.
    fn take_until(&mut self, ends: impl FnMut(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn piece(&mut self) -> Option<Piece<'a>> {
        self.skip_space();
        let start = self.at;
        let first = self.rest().chars().next()?;
        let what = match first {
            '(' | ')' | '-' => {
                self.at += 1;
                match first {
                    '(' => What::Open,
                    ')' => What::Close,
                    _ => What::Minus,
                }
            }
            '@' => {
                self.at += 1;
                What::Named(self.take_until(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))))
            }
            '"' => What::Text(self.quoted()),
            _ => self.word(),
        };
        Some(Piece { at: start..self.at, what })
    }

    /// A word, and what it is compared to, if it is.
    fn word(&mut self) -> What<'a> {
        let start = self.at;
        self.take_until(ends_word);
        // A mark that begins no comparison belongs to the word.
        while self.rest().starts_with('!') && Compare::read(self.rest()).is_none() {
            self.at += 1;
            self.take_until(ends_word);
        }
        let (word, field_at) = (&self.text[start..self.at], start..self.at);
        self.skip_space();
        let Some((sign, compare)) = Compare::read(self.rest()) else {
            self.at = field_at.end;
            return What::Text(QueryWord { at: field_at, text: Cow::Borrowed(word), quotes: Quotes::None });
        };
        let sign_at = self.at..self.at + sign.len();
        self.at = sign_at.end;
        self.skip_space();
        let value = match self.rest().chars().next() {
            None | Some(')') => {
                self.at = sign_at.end;
                None
            }
            Some('"') => Some(self.quoted()),
            Some(_) => Some(self.value()),
        };
        What::Compared(Compared { field: word, field_at, compare, sign_at, value })
    }

    /// A value without quotes. Parentheses that are closed again belong to it, as a regular expression has them.
    fn value(&mut self) -> QueryWord<'a> {
        let start = self.at;
        let (mut depth, mut is_escaped) = (0_usize, false);
        let text = self.take_until(|c| {
            if std::mem::take(&mut is_escaped) && !c.is_whitespace() {
                return false;
            }
            match c {
                '\\' => is_escaped = true,
                '(' => depth += 1,
                ')' if depth == 0 => return true,
                ')' => depth -= 1,
                '"' => return true,
                _ => return c.is_whitespace(),
            }
            false
        });
        QueryWord { at: start..self.at, text: Cow::Borrowed(text), quotes: Quotes::None }
    }

    /// A text in quotes. In it `\"` is a quote and `\\` a backslash; before anything else a backslash is itself, so that
    /// regular expressions stay as they are.
    fn quoted(&mut self) -> QueryWord<'a> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        let (mut text, mut plain_from) = (Cow::Borrowed(""), 0);
        let mut chars = inner.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    append(&mut text, &inner[plain_from..at]);
                    self.at = start + 1 + at + 1;
                    return QueryWord { at: start..self.at, text, quotes: Quotes::Closed };
                }
                '\\' if inner[at + 1..].starts_with(['"', '\\']) => {
                    append(&mut text, &inner[plain_from..at]);
                    plain_from = at + 1;
                    chars.next();
                }
                _ => {}
            }
        }
        append(&mut text, &inner[plain_from..]);
        self.at = self.text.len();
        QueryWord { at: start..self.at, text, quotes: Quotes::Open }
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"' | ':' | '=' | '>' | '<' | '~' | '!')
}

fn append<'a>(text: &mut Cow<'a, str>, more: &'a str) {
    if text.is_empty() {
        *text = Cow::Borrowed(more);
    } else {
        text.to_mut().push_str(more);
    }
}

/// A text as a value, in quotes where it needs them.
pub(super) fn spelled(text: &str) -> String {
    let needs_quotes = text.is_empty()
        || text.chars().any(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '*' | '\\'));
    if !needs_quotes {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pieces in a form that is easily read: `field|sign|value`, quoted texts in `<>`.
    fn told(text: &str) -> String {
        let of_text = |it: &QueryWord<'_>| match it.quotes {
            Quotes::None => it.text.to_string(),
            Quotes::Closed => format!("<{}>", it.text),
            Quotes::Open => format!("<{}", it.text),
        };
        let of_piece = |piece: &Piece<'_>| match &piece.what {
            What::Open => "(".to_owned(),
            What::Close => ")".to_owned(),
            What::Minus => "-".to_owned(),
            What::Named(name) => format!("@{name}"),
            What::Text(text) => of_text(text),
            What::Compared(it) => {
                let value = it.value.as_ref().map_or_else(|| "?".to_owned(), of_text);
                format!("{}|{}|{value}", it.field, it.compare.sign())
            }
        };
        pieces(text).iter().map(of_piece).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_query_falls_into_these_pieces() {
        for (text, expected) in [
            ("", ""),
            ("  state:running  attempts>=3 ", "state|:|running attempts|>=|3"),
            ("attempts >= 3 state: run", "attempts|>=|3 state|:|run"),
            ("-tag:test -(a or b)", "- tag|:|test - ( a or b )"),
            ("worker-7 owner:worker-7", "worker-7 owner|:|worker-7"),
            ("task:\"nightly etl\"x", "task|:|<nightly etl> x"),
            (r#""a \"b\" \\ \d""#, r#"<a "b" \ \d>"#),
            ("\"open", "<open"),
            ("(error~(a|b)) c", "( error|~|(a|b) ) c"),
            (r"(error~\(a\)) c", r"( error|~|\(a\) ) c"),
            ("(error~a)", "( error|~|a )"),
            ("state:", "state|:|?"),
            ("(state:)", "( state|:|? )"),
            ("created>-10m", "created|>|-10m"),
            ("@mine -@theirs", "@mine - @theirs"),
            (":x", "|:|x"),
            ("wow! a!=b c!~d", "wow! a|!=|b c|!~|d"),
            ("größe:仕事", "größe|:|仕事"),
            ("a:b:c", "a|:|b:c"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn pieces_stand_in_order_and_leave_out_nothing_but_space(text in "[-a-z!:=<>~()\"\\\\@ \u{e9}]{0,24}") {
            let mut end = 0;
            for piece in pieces(&text) {
                prop_assert!(text[end..piece.at.start].trim().is_empty() && piece.at.end > piece.at.start);
                end = piece.at.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }

        #[test]
        fn a_text_that_is_spelled_is_read_as_it_was(text in "[-a-z\"\\\\ ()*:~\u{e9}]{0,12}") {
            let query = format!("task:{} x", spelled(&text));
            let found = pieces(&query);
            let What::Compared(it) = &found[0].what else { panic!() };
            prop_assert_eq!(it.value.as_ref().unwrap().text.as_ref(), text.as_str());
            prop_assert_eq!(found.len(), 2);
        }
    }
}
