//! What somebody likes to have otherwise: their keys, their columns, and what the dashboard may do unasked.
//!
//! A value of it comes from wherever preferences are kept; nothing here knows where that is.

use crate::input::Keymap;
use crate::view::column::Column;

/// What somebody likes to have otherwise. The default is what nobody has asked to be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The keys.
    pub keymap: Keymap,
    /// The columns of the list of runs, from left to right.
    pub columns: Vec<Column>,
    /// Queries by their names, in the order in which they were written. Their texts have been found right.
    pub queries: Vec<(String, String)>,
    /// Whether the mouse is used from the start.
    pub mouse: bool,
    /// Whether the terminal's bell tells of a failure while nobody looks.
    pub bell: bool,
    /// Whether the desktop is told of a failure while nobody looks.
    pub notify: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            keymap: Keymap::default(),
            columns: vec![
                Column::Run,
                Column::Task,
                Column::Attempts,
                Column::InState,
                Column::Owner,
                Column::Priority,
            ],
            queries: Vec::new(),
            mouse: false,
            bell: false,
            notify: false,
        }
    }
}
