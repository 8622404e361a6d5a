//! Texts in a language that no log of events is written in. Must not know what events look like inside.

use std::fmt;

use crate::source::shape::RecordShape;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A page of the web, most often an error of a server.
    Html,
    /// XML of any kind.
    Xml,
    /// A table of events, with their fields in columns.
    Csv,
    /// Events, or anything else behind the mark of a document.
    Yaml,
    /// Tables of keys and values.
    Toml,
}

/// Says which language a text is written in that begins with `head`; nothing in doubt.
pub(super) fn language(shape: &RecordShape, head: &[u8]) -> Option<Language> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |word: &str| {
        let start = head.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    if begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body") {
        return Some(Language::Html);
    }
    if begins("<?xml") || begins("<!doctype") || is_element(head) {
        return Some(Language::Xml);
    }
    // A line without its end may become anything.
    let whole = &head[..=head.iter().rposition(|byte| *byte == b'\n')?];
    let lines: Vec<&[u8]> = whole.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).collect();
    if is_yaml(shape, &lines) {
        return Some(Language::Yaml);
    }
    if is_csv(&lines) {
        return Some(Language::Csv);
    }
    is_toml(&lines).then_some(Language::Toml)
}

/// `<events>`, and not the priority of syslog: `<14>1 `.
fn is_element(head: &[u8]) -> bool {
    let Some(name) = head.strip_prefix(b"<") else { return false };
    let len = name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-:".contains(byte)).count();
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic);
    let close = [b"</", &name[..len]].concat();
    let is_closed = head.windows(close.len()).any(|window| window == close);
    is_name && matches!(name.get(len), Some(b'>' | b' ' | b'\n')) && is_closed
}

/// A key of every event at the start of a line as YAML writes it, or a key behind the mark of a document.
fn is_yaml(shape: &RecordShape, lines: &[&[u8]]) -> bool {
    let mark = shape.mark();
    let is_mark = |line: &&[u8]| {
        let line = line.strip_prefix(b"- ").unwrap_or(line);
        [format!("{mark}: "), format!("\"{mark}\": ")].iter().any(|key| line.starts_with(key.as_bytes()))
    };
    let is_key = |line: &[u8]| {
        let line = line.strip_prefix(b"- ").unwrap_or(line);
        let len = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        len > 0 && (line[len..] == *b":" || line[len..].starts_with(b": "))
    };
    let is_document = matches!(lines, [b"---", key, ..] if is_key(key));
    let has_json = lines.iter().any(|line| line.starts_with(b"{"));
    !has_json && (lines.iter().any(is_mark) || is_document)
}

/// A line of names, and another line of as many cells or more.
fn is_csv(lines: &[&[u8]]) -> bool {
    let [names, cells, ..] = lines else { return false };
    [b',', b';', b'\t'].into_iter().any(|separator| {
        let n_names = names.split(|byte| *byte == separator).count();
        let is_name = |name: &[u8]| {
            let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
            !name.is_empty()
                && !name[0].is_ascii_digit()
                && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
        };
        n_names > 1
            && names.split(|byte| *byte == separator).all(is_name)
            && cells.split(|byte| *byte == separator).count() >= n_names
    })
}

/// The name of a table, and a key with its value behind it.
fn is_toml(lines: &[&[u8]]) -> bool {
    let is_table = |line: &[u8]| {
        let name = line.strip_prefix(b"[").and_then(|line| line.strip_suffix(b"]")).unwrap_or_default();
        let name = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]")).unwrap_or(name);
        name.first().is_some_and(u8::is_ascii_alphabetic)
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
    };
    let is_pair = |line: &[u8]| {
        line.first().is_some_and(u8::is_ascii_alphabetic)
            && line.split(|byte| *byte == b'=').nth(1).is_some_and(|value| !value.trim_ascii().is_empty())
    };
    matches!(lines, [table, pair, ..] if is_table(table) && is_pair(pair))
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Html => "a page of HTML",
            Self::Xml => "XML",
            Self::Csv => "a table of CSV",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::shape::SAMPLES;

    fn check(head: &str, expected: Option<Language>) {
        assert_eq!(language(&SAMPLES[0], head.as_bytes()), expected, "{head}");
    }

    #[test]
    fn other_languages_are_told_by_their_first_lines() {
        for head in ["<!DOCTYPE html>\n<html>", "<html lang=\"en\">", "\n<!doctype HTML>"] {
            check(head, Some(Language::Html));
        }
        for head in ["<?xml version='1.0'?>\n<a/>", "<events>\n<event/></events>\n", "\u{feff}<?xml"] {
            check(head, Some(Language::Xml));
        }
        for head in [
            "sequence,event,timestamp\n0,RunCreated,179520\n",
            "sequence,event\r\n1,\"{\"\"a\"\":1}\"\r\n",
            "\"sequence\";\"event\"\n1;RunCreated\n",
            "sequence\tevent\n1\tRunCreated\n",
        ] {
            check(head, Some(Language::Csv));
        }
        for head in [
            "- sequence: 1\n  event:\n    EnginePaused: {}\n",
            "---\nrun: 1\n",
            "sequence: 1\nevent: x\n---\n",
        ] {
            check(head, Some(Language::Yaml));
        }
        check("[events]\nsequence = 1\n", Some(Language::Toml));
        for head in [
            "",
            "<14>1 2026-11-20T17:00:00Z host app 1 - - started\n",
            "<unknown>: started\n",
            "hello, hello\nhello, hello\n",
            "hello,hello\nwhat is this\n",
            "sequence,event",
            "{\"sequence\":1,\"event\":{}}\nsequence: 1\n",
            "---\n{\"sequence\":1,\"event\":{}}\n",
            "[error]\nit failed\n",
            "event: message\ndata: {\"sequence\":1}\n\n",
        ] {
            check(head, None);
        }
    }
}
