//! The program that commands go to, looked at before it is run: is it one, and could others have changed it?
//!
//! Runs nothing. It is named by its whole path from the start on, so that no directory and no `PATH` can put
//! another one in its place.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{self, Access, AtFlags, CWD, FileType};
use rustix::io::Errno;

use crate::trust::{self, Distrust, TrustedGroups};

/// Reasons why a program is unfit for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    /// No file has this name, there or in any directory of `PATH`.
    NotFound,
    /// It is a directory, a device or the like.
    NotAFile,
    /// It may not be run.
    NotExecutable,
    /// Its group, or everybody, may write it.
    Writable,
    /// It, or the link to it, belongs to another user.
    Foreign,
    /// Every user may replace it.
    OpenDirectory,
    /// The system says so.
    System(Errno),
}

impl Untrusted {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::NotFound | Self::NotAFile => "name a program by its whole path: --control exec:/PATH",
            Self::NotExecutable => "make it executable: chmod u+x PROGRAM",
            Self::Writable => "let only its owner write it: chmod go-w PROGRAM",
            Self::Foreign => "use a program that belongs to you, or to root",
            Self::OpenDirectory => "put it into a directory that only its owner may write to",
            Self::System(_) => "look at the path, or use --read-only",
        }
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "it was not found",
            Self::NotAFile => "it is not a file",
            Self::NotExecutable => "it may not be run",
            Self::Writable => "others than its owner may write it",
            Self::Foreign => "it belongs to another user",
            Self::OpenDirectory => "everybody may replace files in its directory",
            Self::System(error) => return write!(f, "{}", io::Error::from(*error)),
        })
    }
}

impl From<Distrust> for Untrusted {
    fn from(distrust: Distrust) -> Self {
        match distrust {
            Distrust::Foreign => Self::Foreign,
            Distrust::Writable => Self::Writable,
            Distrust::OpenDirectory => Self::OpenDirectory,
        }
    }
}

/// A program by its whole path.
#[derive(Debug)]
pub(super) struct ProgramFile {
    path: PathBuf,
}

impl ProgramFile {
    /// Finds a program, by its path or in the directories of `search`. It is not fit before it was inspected.
    pub(super) fn find(name: &Path, search: Option<&OsStr>) -> Result<Self, Untrusted> {
        let whole = name.is_absolute().then(|| name.to_owned());
        let path = whole.or_else(|| looked_up(name, search)).ok_or(Untrusted::NotFound)?;
        Ok(Self { path })
    }

    /// Its whole path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Finds out whether it is fit, now.
    pub(super) fn inspect(&self) -> Result<(), Untrusted> {
        let system = |error| match error {
            Errno::NOENT | Errno::NOTDIR => Untrusted::NotFound,
            error => Untrusted::System(error),
        };
        let link = fs::lstat(&self.path).map_err(system)?;
        let stat = fs::stat(&self.path).map_err(system)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Untrusted::NotAFile);
        }
        if !trust::is_ours(&link) {
            return Err(Untrusted::Foreign);
        }
        trust::check(&stat, TrustedGroups::None)?;
        // A link leads to a directory of its own.
        let real = std::fs::canonicalize(&self.path).map_err(|_| Untrusted::NotFound)?;
        for directory in [self.path.parent(), real.parent()].into_iter().flatten() {
            let stat = fs::stat(directory).map_err(system)?;
            trust::is_shared(&stat)?;
        }
        fs::accessat(CWD, &self.path, Access::EXEC_OK, AtFlags::EACCESS).map_err(|_| Untrusted::NotExecutable)
    }
}

/// The first directory of `search` that has the program. Those that depend on where we are do not count.
fn looked_up(name: &Path, search: Option<&OsStr>) -> Option<PathBuf> {
    if name.as_os_str().as_bytes().contains(&b'/') || matches!(name.as_os_str().as_bytes(), b"." | b"..") {
        return None;
    }
    env::split_paths(search?).filter(|directory| directory.is_absolute()).find_map(|directory| {
        let path = directory.join(name);
        let may_run = || fs::accessat(CWD, &path, Access::EXEC_OK, AtFlags::EACCESS).is_ok();
        (path.is_file() && may_run()).then_some(path)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn program(path: &Path, mode: u32) {
        fs::write(path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn found(name: &Path, search: Option<&OsStr>) -> Result<PathBuf, Untrusted> {
        let program = ProgramFile::find(name, search)?;
        program.inspect().map(|()| program.path)
    }

    #[test]
    fn a_program_that_others_could_have_changed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for (name, mode) in
            [("fit", 0o755), ("mine", 0o700), ("group", 0o775), ("all", 0o757), ("plain", 0o644)]
        {
            program(&at(name), mode);
        }
        for (name, mode) in [("open", 0o777), ("sticky", 0o1777)] {
            fs::create_dir(at(name)).unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
            program(&at(name).join("p"), 0o755);
        }
        symlink(at("fit"), at("link")).unwrap();
        symlink(at("open/p"), at("away")).unwrap();
        symlink(at("none"), at("dangling")).unwrap();
        for (name, expected) in [
            ("fit", None),
            ("mine", None),
            ("link", None),
            ("sticky/p", None),
            ("group", Some(Untrusted::Writable)),
            ("all", Some(Untrusted::Writable)),
            ("plain", Some(Untrusted::NotExecutable)),
            ("open", Some(Untrusted::NotAFile)),
            ("open/p", Some(Untrusted::OpenDirectory)),
            ("away", Some(Untrusted::OpenDirectory)),
            ("none", Some(Untrusted::NotFound)),
            ("dangling", Some(Untrusted::NotFound)),
            ("fit/p", Some(Untrusted::NotFound)),
        ] {
            assert_eq!(found(&at(name), None).err(), expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_looked_for_in_whole_directories_of_the_path_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        for directory in [&one, &two] {
            fs::create_dir(directory).unwrap();
            program(&directory.join("cancel"), 0o755);
        }
        program(&one.join("plain"), 0o644);
        program(&two.join("plain"), 0o755);
        let search = env::join_paths([Path::new(""), Path::new("."), Path::new("src"), &one, &two]).unwrap();
        for (name, expected) in [
            ("cancel", Ok(one.join("cancel"))),
            ("plain", Ok(two.join("plain"))),
            ("lib.rs", Err(Untrusted::NotFound)),
            ("src", Err(Untrusted::NotFound)),
            ("..", Err(Untrusted::NotFound)),
        ] {
            assert_eq!(found(Path::new(name), Some(&search)), expected, "{name}");
        }
        assert_eq!(found(Path::new("cancel"), None), Err(Untrusted::NotFound));
    }
}
