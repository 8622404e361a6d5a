//! Which users may write a file, or put another one in its place: by its owner, its mode and its directory.
//!
//! Judges what the caller has looked at, and opens nothing. Must not know what the file is for.

use std::path::Path;

use rustix::fs::{Mode, Stat};
use rustix::process::{getegid, geteuid};

/// A way in which another user may have written a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It belongs to another user.
    Foreign,
    /// Others than its owner may write it.
    Writable,
    /// Everybody may replace files in its directory.
    OpenDirectory,
}

/// The groups whose right to write a file is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustedGroups {
    /// No group.
    None,
    /// The group of the user alone: many systems give each user one, of the same number, and files the right to write
    /// for it.
    Own,
}

/// Refuses a file that another user may have written.
///
/// # Errors
/// When it belongs to another user, or others may write it.
pub fn check(file: &Stat, groups: TrustedGroups) -> Result<(), Distrust> {
    if !is_ours(file) {
        return Err(Distrust::Foreign);
    }
    let mode = Mode::from_raw_mode(file.st_mode);
    let accepts_group = groups == TrustedGroups::Own && is_own_group(file);
    if mode.contains(Mode::WOTH) || mode.contains(Mode::WGRP) && !accepts_group {
        return Err(Distrust::Writable);
    }
    Ok(())
}

/// Returns true if other users may put files into a directory.
///
/// # Errors
/// When they may replace the files of others as well.
pub fn is_shared(directory: &Stat) -> Result<bool, Distrust> {
    let mode = Mode::from_raw_mode(directory.st_mode);
    if !mode.contains(Mode::WOTH) {
        return Ok(false);
    }
    if mode.contains(Mode::SVTX) { Ok(true) } else { Err(Distrust::OpenDirectory) }
}

/// Returns true if a file belongs to this user, or to root, who needs no trick.
#[must_use]
pub fn is_ours(file: &Stat) -> bool {
    file.st_uid == geteuid().as_raw() || file.st_uid == 0
}

/// Returns true if its owner alone may read or write a file.
#[must_use]
pub fn is_private(file: &Stat) -> bool {
    !Mode::from_raw_mode(file.st_mode).intersects(Mode::RWXG | Mode::RWXO)
}

/// The directory of a path, as it is written.
#[must_use]
pub fn directory(path: &Path) -> &Path {
    path.parent().filter(|it| *it != Path::new("")).unwrap_or(Path::new("."))
}

fn is_own_group(file: &Stat) -> bool {
    file.st_gid == getegid().as_raw() && file.st_gid == geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of this user and its group with a mode.
    fn file(mode: u32) -> Stat {
        let mut stat = rustix::fs::stat("/").unwrap();
        (stat.st_uid, stat.st_gid, stat.st_mode) = (geteuid().as_raw(), getegid().as_raw(), mode);
        stat
    }

    #[test]
    fn a_file_that_others_may_have_written_is_told_with_the_reason() {
        let own = if is_own_group(&file(0o600)) { Ok(()) } else { Err(Distrust::Writable) };
        for (mode, without_groups, with_own) in [
            (0o600, Ok(()), Ok(())),
            (0o644, Ok(()), Ok(())),
            (0o664, Err(Distrust::Writable), own),
            (0o646, Err(Distrust::Writable), Err(Distrust::Writable)),
        ] {
            assert_eq!(check(&file(mode), TrustedGroups::None), without_groups, "{mode:o}");
            assert_eq!(check(&file(mode), TrustedGroups::Own), with_own, "{mode:o}");
            assert_eq!(is_private(&file(mode)), mode == 0o600, "{mode:o}");
        }
        let mut foreign = file(0o600);
        foreign.st_uid = 12_345;
        assert_eq!(check(&foreign, TrustedGroups::Own), Err(Distrust::Foreign));
        let mut group = file(0o660);
        group.st_gid = 12_345;
        assert_eq!(check(&group, TrustedGroups::Own), Err(Distrust::Writable));
        foreign.st_uid = 0;
        assert_eq!(check(&foreign, TrustedGroups::None), Ok(()));
    }

    #[test]
    fn a_directory_in_which_everybody_may_replace_files_is_refused_and_a_sticky_one_is_shared() {
        for (mode, shared) in [
            (0o700, Ok(false)),
            (0o775, Ok(false)),
            (0o1777, Ok(true)),
            (0o777, Err(Distrust::OpenDirectory)),
        ] {
            assert_eq!(is_shared(&file(mode)), shared, "{mode:o}");
        }
        for (path, expected) in [("a/b", "a"), ("a", "."), ("/a", "/"), ("./a", ".")] {
            assert_eq!(directory(Path::new(path)), Path::new(expected));
        }
    }
}
