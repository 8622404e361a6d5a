//! The columns that fit into a row, and the width of each. Must not know what is written into them.

use super::Column;
use crate::engine::recorded::Recorded;
use crate::view::arrange::Sort;

/// Columns of a row before those of [`Column`]: cursor, flag, glyph, and the space after each.
pub const SIGN_COLUMNS: usize = 4;
/// Blank columns at the end of a row.
const MARGIN_COLUMNS: usize = 2;
/// Blank columns between two texts that would touch.
const GAP_COLUMNS: usize = 2;
/// The maximum width of ids where they are the only names.
const MAX_ID_COLUMNS: usize = 40;
/// The minimum width of the flexible column.
const MIN_FLEXIBLE_COLUMNS: usize = 10;

/// The columns that fit, in order, each with its width.
#[derive(Debug, Clone, Default)]
pub struct Fitted(Vec<(Column, usize)>);

impl Fitted {
    /// Fits columns into a row of `width`: the chosen ones, or the default ones, as far as there is room. The id of a
    /// run takes `run_columns`.
    #[must_use]
    pub fn of(
        width: u16,
        chosen: Option<&[Column]>,
        sort: Sort,
        (run_columns, recorded): (usize, Recorded),
    ) -> Self {
        let width = usize::from(width);
        let mut columns: Vec<(Column, usize)> = match chosen {
            Some(chosen) => chosen.iter().map(|column| (*column, own_width(*column, width))).collect(),
            None => default_columns(width, recorded),
        };
        // A run that its id alone names has a text for an id that says something.
        let run_columns =
            if recorded.names { run_columns } else { run_columns.max((width / 3).min(MAX_ID_COLUMNS)) };
        for (_, width) in columns.iter_mut().filter(|(column, _)| *column == Column::Run) {
            *width = run_columns;
        }
        // The column by which runs are sorted is always shown.
        if let Sort::By(column) = sort
            && !columns.iter().any(|(shown, _)| *shown == column)
        {
            let place = columns.len().min(2);
            columns.insert(place, (column, own_width(column, width)));
        }
        let flexible = flexible(&columns);
        let room = width.saturating_sub(SIGN_COLUMNS + MARGIN_COLUMNS);
        let width_of = |columns: &[(Column, usize)]| -> usize {
            let widths = columns.iter().enumerate().map(|(index, (column, width))| {
                gap(*column, index) + if *column == flexible { MIN_FLEXIBLE_COLUMNS } else { *width }
            });
            widths.sum()
        };
        while columns.len() > 1 && width_of(&columns) > room {
            let last = columns.iter().rposition(|(column, _)| {
                *column != flexible && Sort::By(*column) != sort && *column != Column::Run
            });
            match last {
                Some(last) => drop(columns.remove(last)),
                None => break,
            }
        }
        let rest = room.saturating_sub(width_of(&columns)) + MIN_FLEXIBLE_COLUMNS;
        for (column, width) in &mut columns {
            if *column == flexible {
                *width = rest;
            }
        }
        Self(columns)
    }

    /// Yields the columns, each with its width.
    pub fn iter(&self) -> impl Iterator<Item = (Column, usize)> + '_ {
        self.0.iter().copied()
    }

    /// True if a column is shown.
    #[must_use]
    pub fn has(&self, wanted: Column) -> bool {
        self.0.iter().any(|(column, _)| *column == wanted)
    }

    /// The column that takes the remaining width.
    #[must_use]
    pub fn flexible(&self) -> Column {
        flexible(&self.0)
    }

    /// The width of all columns after that of the age.
    #[must_use]
    pub fn after_age(&self) -> usize {
        let place = self.0.iter().position(|(column, _)| *column == Column::InState);
        let after = self.0.iter().enumerate().skip(place.map_or(self.0.len(), |place| place + 1));
        after.map(|(index, (column, width))| gap(*column, index) + width).sum::<usize>() + MARGIN_COLUMNS
    }
}

/// The columns that a user who chose none sees, by the width of the row.
fn default_columns(width: usize, recorded: Recorded) -> Vec<(Column, usize)> {
    let columns = [
        (Column::Run, 0, true),
        (Column::Task, 0, recorded.names),
        (Column::Attempts, 56, recorded.attempts),
        (Column::InState, 0, true),
        (Column::Owner, 70, recorded.owners),
        (Column::Priority, 84, recorded.priorities),
        (Column::Waiting, 140, recorded.tasks && recorded.causes),
        (Column::Error, 100, !recorded.tasks),
    ];
    let columns = columns.into_iter().filter(|(_, from, is_told)| *is_told && width >= *from);
    columns.map(|(column, ..)| (column, own_width(column, width))).collect()
}

/// The column that takes the remaining width.
fn flexible(columns: &[(Column, usize)]) -> Column {
    let has = |wanted: Column| columns.iter().any(|(column, _)| *column == wanted);
    [Column::Task, Column::Error, Column::Waiting, Column::Key, Column::Owner]
        .into_iter()
        .find(|column| has(*column))
        .unwrap_or(Column::Run)
}

const fn own_width(column: Column, width: usize) -> usize {
    match column {
        Column::Run => 8,
        Column::Task => 24,
        Column::Attempts | Column::InState => 9,
        Column::Owner if width >= 150 => 24,
        Column::Owner if width >= 104 => 16,
        Column::Owner => 10,
        Column::Priority if width >= 104 => 8,
        Column::Priority => 5,
        Column::Created if width >= 130 => 19,
        Column::Created if width >= 60 => 14,
        Column::Created => 11,
        Column::Key => 16,
        Column::Error => 28,
        Column::Waiting => 34,
    }
}

/// Blank columns before a column; right-aligned figures bring their own.
#[must_use]
pub const fn gap(column: Column, index: usize) -> usize {
    if index == 0 || is_right(column) { 0 } else { GAP_COLUMNS }
}

/// True if the text of a column is aligned to the right.
#[must_use]
pub const fn is_right(column: Column) -> bool {
    matches!(column, Column::InState | Column::Priority)
}
