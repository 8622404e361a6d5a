//! A format: the table that describes the lines of a log, as a value that is copied like the name of an engine.

use std::hash::{Hash, Hasher};
use std::ptr;

use super::table::MappedTable;

/// A table in use. Tables are kept for the life of the program, so that a format is as small as a name.
#[derive(Debug, Clone, Copy)]
pub struct Format(&'static MappedTable);

impl Format {
    /// Format of a table, which is kept for the life of the program.
    #[must_use]
    pub const fn of(table: &'static MappedTable) -> Self {
        Self(table)
    }

    /// The table.
    #[must_use]
    pub const fn table(self) -> &'static MappedTable {
        self.0
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Format {}

impl Hash for Format {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ptr::from_ref(self.0).hash(state);
    }
}
