//! The line above a pane: the names of the panes with their numbers, and the columns of each name.

use super::format::fitted;
use super::found::Shelves;
use super::{Pane, suspended};

/// The number of a pane's items, where its title has one, in at most `width` columns.
#[must_use]
pub fn counted(shelves: Shelves<'_>, pane: Pane, width: usize) -> Option<String> {
    let count = |state| shelves.count(state) as u64;
    let number = match pane {
        Pane::Runs => shelves.store.states().all().map(count).sum(),
        Pane::Attempts | Pane::Charts => return None,
        Pane::Suspended => suspended::states(shelves.store).map(count).sum(),
        Pane::Problems => Some(shelves.store.problems().total()).filter(|total| *total > 0)?,
    };
    fitted(number, width)
}

/// Columns that every count fits in.
const MAX_COUNT_COLUMNS: usize = 60;

/// The columns of a pane's name, with its number, its count and the blanks round it.
#[must_use]
pub fn columns(shelves: Shelves<'_>, pane: Pane) -> usize {
    let counted = counted(shelves, pane, MAX_COUNT_COLUMNS).map_or(0, |words| 1 + words.len());
    5 + pane.label().len() + counted
}

/// True if a line of this width has room for the names of all panes.
#[must_use]
pub fn has_all(shelves: Shelves<'_>, width: usize) -> bool {
    width >= 2 + Pane::ALL.iter().map(|pane| columns(shelves, *pane)).sum::<usize>()
}

/// The pane whose name is in this column of a line that has all of them.
#[must_use]
pub fn named_at(shelves: Shelves<'_>, column: usize) -> Option<Pane> {
    let mut end = 1;
    Pane::ALL.into_iter().find(|pane| {
        end += columns(shelves, *pane);
        // The last column of each is the rule between them.
        (end - columns(shelves, *pane)..end - 1).contains(&column)
    })
}
