//! Queries that have names. They are kept as they were written; what they mean is told elsewhere.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::wrong::Fault;

/// The queries of the section, in the order in which they are written.
pub(super) fn read(table: &DeTable<'_>, faults: &mut Vec<Fault>) -> Vec<(String, String)> {
    let mut queries: Vec<(usize, String, String)> = Vec::new();
    for (name, value) in table {
        let key = format!("queries.{}", name.get_ref());
        match query(name.get_ref(), value) {
            Ok(text) => queries.push((name.span().start, name.get_ref().to_string(), text.to_owned())),
            Err(what) => faults.push(Fault::new(value.span(), key, what)),
        }
    }
    queries.sort();
    queries.into_iter().map(|(_, name, text)| (name, text)).collect()
}

fn query<'a>(name: &str, value: &'a Spanned<DeValue<'_>>) -> Result<&'a str, String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || !name.chars().all(is_word) {
        return Err("the name of a query is one word".to_owned());
    }
    let text = value.get_ref().as_str().ok_or("a query is a text in quotes")?;
    check(text)?;
    Ok(text)
}

/// Whether a text is a query; else what is wrong with it.
fn check(text: &str) -> Result<(), String> {
    match text {
        _ if text.trim().is_empty() => Err("a query cannot be empty".to_owned()),
        _ if text.contains(char::is_control) => Err("a query is one line".to_owned()),
        _ => Ok(()),
    }
}
