//! Queries that have names. They are kept as they were written, once they have been found right.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigFault;
use crate::query::QueryText;

/// The queries of the section, in the order in which they are written. `source` is the text of the whole file.
pub(super) fn read(
    table: &DeTable<'_>,
    source: &str,
    faults: &mut Vec<ConfigFault>,
) -> Vec<(String, String)> {
    let mut queries: Vec<(usize, String, String)> = Vec::new();
    for (name, value) in table {
        let key = format!("queries.{}", name.get_ref());
        let text = value.get_ref().as_str();
        if !is_word(name.get_ref()) {
            faults.push(ConfigFault::new(name.span(), key, "the name of a query is one word"));
        } else if let Some(text) = text {
            match check(table, text) {
                Ok(()) => queries.push((name.span().start, name.get_ref().to_string(), text.to_owned())),
                Err((at, what)) => {
                    let span = value.span();
                    // Behind the quote, if the text is written as it is.
                    let begin = span.start + 1;
                    let is_plain = source.get(begin..).is_some_and(|rest| rest.starts_with(text));
                    let start = if is_plain { begin + at } else { span.start };
                    faults.push(ConfigFault::new(start..span.end, key, what));
                }
            }
        } else {
            faults.push(ConfigFault::new(value.span(), key, "a query is a text in quotes"));
        }
    }
    queries.sort();
    queries.into_iter().map(|(_, name, text)| (name, text)).collect()
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Checks that a text is a query, in which others of the section may be named; else from which byte on it is none, and
/// why. The states that it names are checked when it is used: each log has those of its engine.
fn check(table: &DeTable<'_>, text: &str) -> Result<(), (usize, String)> {
    let named = |name: &str| {
        let value: &Spanned<DeValue<'_>> = table.get(name)?;
        value.get_ref().as_str().map(str::to_owned)
    };
    match QueryText::parse_with(text, &named) {
        Ok(_) => Ok(()),
        Err(error) => {
            let hint = error.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            Err((error.at.start, format!("{}{hint}", error.what)))
        }
    }
}
