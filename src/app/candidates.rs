//! Completions of the commands that are typed.

use super::preferences::Preferences;
use super::prompt::CompletionRow;
use crate::input::{COMMANDS, CommandRow, Takes};
use crate::model::theme::ThemeChoice;
use crate::store::Store;
use crate::view::Column;
use crate::view::arrange::{Grouping, Sort};

/// Completions of a command that was begun.
pub(super) fn candidates(
    typed: &str,
    caret: usize,
    taste: &Preferences,
    store: &Store,
) -> Vec<CompletionRow> {
    let before = typed.get(..caret).unwrap_or(typed);
    let Some((name, rest)) = before.split_once(' ') else {
        let names = COMMANDS.iter().filter(|row| row.name.starts_with(before));
        return names
            .map(|row| {
                let gap = if row.takes == Takes::Nothing { "" } else { " " };
                let label = format!("{} {}", row.name, row.argument()).trim().to_owned();
                CompletionRow { at: 0..caret, text: format!("{}{gap}", row.name), label }
            })
            .collect();
    };
    let begun = rest.rsplit([' ', ',']).next().unwrap_or(rest);
    let at = caret - begun.len()..caret;
    let of = |names: &[&str]| -> Vec<CompletionRow> {
        let names = names.iter().filter(|name| name.starts_with(begun));
        names
            .map(|name| CompletionRow { at: at.clone(), text: (*name).to_owned(), label: (*name).to_owned() })
            .collect()
    };
    match CommandRow::named(name).map(|row| row.takes) {
        Some(Takes::Query) => {
            let from = caret - rest.len();
            let mut candidates = taste.complete(rest, rest.len(), store);
            for candidate in &mut candidates {
                candidate.at = candidate.at.start + from..candidate.at.end + from;
            }
            candidates
        }
        Some(Takes::Sort) => of(&Sort::ALL.map(Sort::name)),
        Some(Takes::Grouping) => of(&Grouping::ALL.map(Grouping::name)),
        Some(Takes::Columns) => of(&Column::ALL.map(Column::name)),
        Some(Takes::Theme) => of(&ThemeChoice::ALL.map(ThemeChoice::name)),
        Some(Takes::Nothing | Takes::Instant | Takes::File) | None => Vec::new(),
    }
}
