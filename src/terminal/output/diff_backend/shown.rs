//! The cells that the terminal shows, kept for the rows that are to be repainted.
//!
//! A row with a letter on whose width terminals differ cannot be changed cell by cell: what the terminal drew of it may be
//! wider than we think, and stays when only our cells are overwritten. From the first such letter on, such a row is painted
//! as a whole. Must not know what is drawn.

use ratatui::buffer::{Cell, CellWidth as _};

use crate::model::text;

/// The cells of the terminal, as far as it was told.
#[derive(Debug)]
pub(super) struct Shown {
    rows: Vec<Row>,
    /// The rows to be repainted, with the column from which that is.
    due: Vec<(u16, u16)>,
}

/// A row of the terminal.
#[derive(Debug)]
struct Row {
    /// Invariant: what is right of them is blank.
    cells: Vec<Cell>,
    /// The column of the first letter of uncertain width that is shown, or was until this frame.
    uncertain_from: u16,
    is_due: bool,
}

impl Default for Row {
    fn default() -> Self {
        Self { cells: Vec::new(), uncertain_from: u16::MAX, is_due: false }
    }
}

impl Shown {
    pub(super) const fn new() -> Self {
        Self { rows: Vec::new(), due: Vec::new() }
    }

    /// Takes in that nothing is shown any more.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.due.clear();
    }

    /// Takes in a changed cell, and says whether it may be drawn alone; else its row becomes due.
    pub(super) fn takes(&mut self, x: u16, y: u16, cell: &Cell) -> bool {
        let at = usize::from(y);
        if self.rows.len() <= at {
            self.rows.resize_with(at + 1, Row::default);
        }
        let row = &mut self.rows[at];
        let end = row.put(x, cell);
        if !text::has_certain_width(cell.symbol()) {
            row.uncertain_from = row.uncertain_from.min(x);
        }
        if end <= row.uncertain_from {
            return true;
        }
        // A wide letter may have begun before.
        row.uncertain_from = row.uncertain_from.min(x);
        row.is_due = true;
        if self.due.last().is_none_or(|(last, _)| *last != y) {
            self.due.push((y, 0));
        }
        false
    }

    /// Takes the rows that are due, each with the column from which it is to be painted.
    pub(super) fn take_due(&mut self) -> Vec<(u16, u16)> {
        let mut due = std::mem::take(&mut self.due);
        due.retain_mut(|(y, from)| {
            let row = &mut self.rows[usize::from(*y)];
            *from = row.uncertain_from;
            row.settle(*from);
            std::mem::take(&mut row.is_due)
        });
        due
    }

    /// The cells of a row from a column on, up to the last that is not blank. Those behind a wide letter are left out.
    pub(super) fn cells(&self, y: u16, from: u16) -> impl Iterator<Item = (u16, u16, &Cell)> {
        let cells = self.rows.get(usize::from(y)).map_or(&[][..], |row| &row.cells);
        let end = cells.iter().rposition(|cell| *cell != Cell::EMPTY).map_or(0, |last| last + 1);
        let mut x = from;
        std::iter::from_fn(move || {
            let (at, cell) = (x, cells[..end].get(usize::from(x))?);
            x = x.saturating_add(width(cell));
            Some((at, y, cell))
        })
    }

    /// Is true where a terminal may think that a letter of a row goes past `columns`: it takes two for each
    /// character at most.
    pub(super) fn may_wrap(&self, y: u16, from: u16, columns: u16) -> bool {
        self.cells(y, from).any(|(x, _, cell)| {
            let symbol = cell.symbol();
            !text::has_certain_width(symbol)
                && usize::from(x) + 2 * symbol.chars().count() > usize::from(columns)
        })
    }
}

impl Row {
    /// Puts a cell, and yields the column after it.
    fn put(&mut self, x: u16, cell: &Cell) -> u16 {
        let end = x.saturating_add(width(cell));
        if self.cells.len() < usize::from(end) {
            self.cells.resize(end.into(), Cell::EMPTY);
        }
        self.cells[usize::from(x)].clone_from(cell);
        for behind in &mut self.cells[usize::from(x) + 1..end.into()] {
            // It has the letter's colors, and nothing of its own.
            behind.clone_from(cell);
            behind.set_symbol(" ");
        }
        end
    }

    /// Looks for the first letter of uncertain width from a column on.
    fn settle(&mut self, from: u16) {
        let is_uncertain = |cell: &Cell| !text::has_certain_width(cell.symbol());
        let first = (from..).zip(self.cells.iter().skip(from.into())).find(|(_, cell)| is_uncertain(cell));
        self.uncertain_from = first.map_or(u16::MAX, |(x, _)| x);
    }
}

fn width(cell: &Cell) -> u16 {
    if cell.symbol().len() == 1 { 1 } else { cell.symbol().cell_width().max(1) }
}
