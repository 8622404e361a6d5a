//! The shapes of dag-executor's records and of its state directories, by which a source recognizes them.

use super::files;
use crate::source::directory::shape::DirectoryShape;
use crate::source::shape::RecordShape;

/// Shape of a record on a line, and of the events that a host writes between them.
pub const RECORDS: RecordShape = RecordShape {
    first: &["id", "attempts", "ev", "concurrency", "attempt"],
    every: &["updated_at", "attempts", "state"],
    shared: "id",
    spare: "output",
    is_line: None,
};

/// Shape of the directory in which the engine keeps a file a key.
pub const DIRECTORY: DirectoryShape = DirectoryShape {
    files: "the state files of dag-executor (64 hexadecimal digits and `.json`)",
    is_named: files::is_named,
    is_temporary: files::is_temporary,
    judge: files::judge,
    scan: [r#"{"ev":"scan"}"#, r#"{"ev":"scan_end"}"#],
    torn: files::torn,
};
