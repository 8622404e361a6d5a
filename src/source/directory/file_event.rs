//! Events of the files in a directory, as any watcher tells them.

/// Event of a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum FileEvent<'a> {
    /// The file of this name was written to its end, or moved to it.
    Written(&'a str),
    /// Events were lost.
    Lost,
}
