//! A line of JSON on many lines, for people: nothing but white space is added or taken away.
//!
//! Parsing and writing again would round numbers, drop repeated keys and spell strings otherwise. Here every token is
//! copied as it is. Must not know what an event is.

pub mod ascii;
pub mod error;

use serde::de::IgnoredAny;

/// The spaces of one step to the right.
const STEP: usize = 2;

/// Deeper texts are not moved further to the right, so that what is written stays in proportion to what is read.
const DEEPEST: usize = 24;

/// The text of `line` broken and indented as its nesting says; nothing when it is not one whole JSON value.
///
/// Lists of numbers stay on one line.
#[must_use]
pub fn pretty(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?;
    serde_json::from_slice::<IgnoredAny>(line).ok()?;
    let mut page = Page { text: String::with_capacity(text.len() * 2), depth: 0 };
    let mut rest = text.trim_ascii_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '{' | '[' => page.open(rest),
            '}' | ']' => page.close(first),
            ',' => page.next(),
            ':' => page.write(": ", 1),
            '"' => page.copy(&rest[..string_len(rest)]),
            _ => page.copy(&rest[..scalar_len(rest)]),
        };
        rest = rest[len..].trim_ascii_start();
    }
    Some(page.text)
}

/// Text written so far. Each method returns the number of bytes of the line it has used.
struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn open(&mut self, rest: &str) -> usize {
        if let Some(len) = flat_len(rest) {
            for (index, item) in rest[1..len - 1].split(',').enumerate() {
                self.text.push_str(if index == 0 { "[" } else { ", " });
                self.text.push_str(item.trim_ascii());
            }
            self.text.push(']');
            return len;
        }
        let inner = rest[1..].trim_ascii_start();
        if inner.starts_with(['}', ']']) {
            self.text.push_str(&rest[..1]);
            self.text.push_str(&inner[..1]);
            return rest.len() - inner.len() + 1;
        }
        self.text.push_str(&rest[..1]);
        self.depth += 1;
        self.line();
        1
    }

    fn close(&mut self, sign: char) -> usize {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.text.push(sign);
        1
    }

    fn next(&mut self) -> usize {
        self.text.push(',');
        self.line();
        1
    }

    fn write(&mut self, text: &str, used: usize) -> usize {
        self.text.push_str(text);
        used
    }

    fn copy(&mut self, token: &str) -> usize {
        self.write(token, token.len())
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', STEP * self.depth.min(DEEPEST)));
    }
}

/// Returns the length of the list of numbers and words at the front, if there is one.
fn flat_len(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let end = inner.find(['[', '{', '"', ']'])?;
    let is_list = inner[end..].starts_with(']') && !inner[..end].trim_ascii().is_empty();
    is_list.then_some(end + 2)
}

/// The bytes of the string at the front, quotes included.
fn string_len(rest: &str) -> usize {
    let mut is_escaped = false;
    let end = rest.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(rest.len(), |end| end + 2)
}

/// The bytes of the number or word at the front, at least one.
fn scalar_len(rest: &str) -> usize {
    let ends = |c: char| matches!(c, ',' | ':' | ']' | '}' | '[' | '{' | '"') || c.is_ascii_whitespace();
    rest.find(ends).unwrap_or(rest.len()).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_broken_as_its_nesting_says() {
        for (line, expected) in [
            ("{}", "{}"),
            (" [ ] ", "[]"),
            ("[1,2, 3]", "[1, 2, 3]"),
            (r#"{"a":1,"b":[]}"#, "{\n  \"a\": 1,\n  \"b\": []\n}"),
            (
                r#"{"a":{"b":[{"c":null}]}}"#,
                "{\n  \"a\": {\n    \"b\": [\n      {\n        \"c\": null\n      }\n    ]\n  }\n}",
            ),
            (r#"["a,]","\"}\\"]"#, "[\n  \"a,]\",\n  \"\\\"}\\\\\"\n]"),
            // Neither digits nor keys nor spellings are lost.
            ("18446744073709551616.000", "18446744073709551616.000"),
            (r#"{"a":1e400,"a":-0.0}"#, "{\n  \"a\": 1e400,\n  \"a\": -0.0\n}"),
            (r#""\u00e9\/""#, r#""\u00e9\/""#),
        ] {
            assert_eq!(pretty(line.as_bytes()).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_is_not_whole_stays_as_it_is() {
        for line in ["", "{", "{\"a\":", "[1,]", "{} {}", "nothing", "\"\\x\""] {
            assert_eq!(pretty(line.as_bytes()), None, "{line}");
        }
        assert_eq!(pretty(b"\"\xff\""), None);
    }

    #[test]
    fn a_deep_line_does_not_grow_without_bounds() {
        let depth = 20_000;
        let line = "[".repeat(depth) + &"]".repeat(depth);
        assert!(pretty(line.as_bytes()).unwrap().len() < 60 * line.len());
    }

    /// Returns a text without the white space outside of its strings.
    fn squeezed(text: &str) -> String {
        let (mut is_in, mut is_escaped) = (false, false);
        let keep = |c: &char| {
            if *c == '"' && !is_escaped {
                is_in = !is_in;
            }
            is_escaped = *c == '\\' && !is_escaped;
            is_in || !c.is_ascii_whitespace()
        };
        text.chars().filter(keep).collect()
    }

    fn json() -> impl Strategy<Value = String> {
        let string = r#"([a-z ,:{}\[\]é]|\\n|\\"|\\\\|\\u00e9){0,8}"#.prop_map(|text| format!("\"{text}\""));
        let scalar = prop_oneof![
            "null|true|false",
            "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
            string.clone()
        ];
        let gap = "[ \t]{0,2}";
        scalar.prop_recursive(6, 64, 6, move |inner| {
            let list = (prop::collection::vec((gap, inner.clone()), 0..6), gap).prop_map(|(items, gap)| {
                let items: Vec<String> = items.into_iter().map(|(gap, item)| gap + &item).collect();
                format!("[{}{gap}]", items.join(","))
            });
            let pairs = prop::collection::vec((string.clone(), gap, inner), 0..6).prop_map(|pairs| {
                let pairs: Vec<String> =
                    pairs.into_iter().map(|(key, gap, value)| format!("{key}{gap}:{gap}{value}")).collect();
                format!("{{{}}}", pairs.join(","))
            });
            prop_oneof![list, pairs]
        })
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_changes(line in json()) {
            let page = pretty(line.as_bytes()).expect("a whole value");
            prop_assert_eq!(squeezed(&page), squeezed(&line));
            prop_assert_eq!(pretty(page.as_bytes()), Some(page));
        }
    }
}
