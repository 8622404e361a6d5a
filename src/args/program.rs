//! A program and its arguments, in one text: split as a shell splits plain words, and by no shell.

/// A program and its arguments; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramLine(pub Vec<String>);

pub(super) fn program(text: &str) -> Result<ProgramLine, String> {
    words(text).map(ProgramLine)
}

/// Splits a text into words at blanks. Quotes of both kinds keep blanks, a backslash keeps the next character; nothing is
/// expanded.
fn words(text: &str) -> Result<Vec<String>, String> {
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
                let kept = letters.next().ok_or("a backslash ends it; write \\\\ for one")?;
                word.get_or_insert_default().push(kept);
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(format!("a quote is not closed: {open}"));
    }
    words.extend(word);
    if words.first().is_none_or(String::is_empty) {
        return Err("name a program: --exec \"notify-send 'runs failed'\"".to_owned());
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_plain_ones_and_nothing_is_expanded() {
        for (text, expected) in [
            ("page", &["page"][..]),
            ("  page  --to ops ", &["page", "--to", "ops"]),
            ("page 'a b' \"c d\"e", &["page", "a b", "c de"]),
            (r#"page a\ b "\"" '\'"#, &["page", "a b", "\"", "\\"]),
            ("page '' $HOME *.log ; true", &["page", "", "$HOME", "*.log", ";", "true"]),
        ] {
            assert_eq!(words(text).unwrap(), expected, "{text}");
        }
        for wrong in ["", "  ", "''", "page 'a", "page \"", "page \\"] {
            assert!(words(wrong).is_err(), "{wrong}");
        }
    }
}
