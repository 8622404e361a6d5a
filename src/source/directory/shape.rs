//! The shape of a directory in which an engine keeps each record in a file of its own, as that engine gives it: what a
//! source goes by where it must recognize files that it does not read.
//!
//! Must not hold the words of any engine.

/// Shape of such a directory.
#[derive(Debug)]
pub struct DirectoryShape {
    /// Its files, in words that complete "looked for ...".
    pub files: &'static str,
    /// Is true of the name of a file that may hold a record. No other file is opened.
    pub is_named: fn(&str) -> bool,
    /// Is true of the name that a file of the engine has while it is written.
    pub is_temporary: fn(&str) -> bool,
    /// Finds the content of a file, by its name and its bytes.
    pub judge: fn(&str, &[u8]) -> FileContent,
    /// Lines before and behind those of a directory that is read as a whole: between them is no order of saves.
    pub scan: [&'static str; 2],
    /// The line about a file that stays torn, by its name, the reason and its bytes.
    pub torn: fn(&str, &str, &[u8]) -> String,
}

/// A shape is a table of its own: two are the same when they are one.
impl PartialEq for DirectoryShape {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for DirectoryShape {}

/// Content of a file. Instants only order files of one engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// A whole record, saved at this instant.
    Record {
        /// The instant.
        at: u64,
    },
    /// A whole note on a record, made at this instant. Of a directory that is read as a whole, notes come last.
    Note {
        /// The instant.
        at: u64,
    },
    /// The engine's, and about no run: not read any further.
    Beside,
    /// Nothing of the engine's.
    Foreign,
    /// Not whole, and why. It may be whole in a moment.
    Torn(String),
}
