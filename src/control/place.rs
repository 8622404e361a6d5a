//! The place that commands go to, looked at before it is opened: is it a file, and can others play tricks there?
//!
//! Opens what it has found fit, and nothing else. Must not know what is written.

use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fd::OwnedFd;
use rustix::fs::{self, Access, AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::trust::{self, is_ours};

/// Reasons why a place is unfit for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The directory does not exist.
    NoDirectory,
    /// The path of the directory leads to something else.
    DirectoryIsNone,
    /// Every user may replace the file.
    OpenDirectory,
    /// It is a directory, a device or a socket.
    NotAFile(&'static str),
    /// The symbolic link belongs to another user, who may point it elsewhere.
    ForeignLink,
    /// In a directory that everybody shares, the file belongs to another user.
    ForeignFile,
    /// The symbolic link points to nothing.
    DanglingLink,
    /// It may not be written.
    NotWritable,
    /// It does not exist, and may not be made.
    NotCreatable,
    /// It became something else at the moment at which it was opened.
    Replaced,
    /// The system says so.
    System(Errno),
}

impl Unfit {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::NoDirectory => "make the directory, or name a file in one that exists",
            Self::DirectoryIsNone | Self::NotAFile(_) => "name a file, new or old: --control file:PATH",
            Self::OpenDirectory => "use a directory that only its owner may write to, or set its sticky bit",
            Self::ForeignLink | Self::DanglingLink => "name the file itself",
            Self::ForeignFile | Self::Replaced => "name a file in a directory of your own",
            Self::NotWritable | Self::NotCreatable => {
                "ask its owner for the right to write, or use --read-only"
            }
            Self::System(_) => "look at the path, or use --read-only",
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoDirectory => "its directory does not exist",
            Self::DirectoryIsNone => "its directory is a file",
            Self::OpenDirectory => "everybody may replace files in its directory",
            Self::NotAFile(kind) => return write!(f, "it is a {kind}, not a file"),
            Self::ForeignLink => "it is a symbolic link of another user",
            Self::ForeignFile => "it is a file of another user in a directory that everybody shares",
            Self::DanglingLink => "it is a symbolic link to nothing",
            Self::NotWritable => "it may not be written",
            Self::NotCreatable => "it does not exist, and its directory may not be written",
            Self::Replaced => "it was replaced while it was opened",
            Self::System(error) => return write!(f, "{}", io::Error::from(*error)),
        })
    }
}

/// Result of a survey of a path that is fit for commands.
#[derive(Debug)]
pub(super) struct Survey {
    /// The type of what is there; none when nothing is.
    kind: Option<FileType>,
    /// Is true if it is reached through a symbolic link, which has been found to be ours.
    linked: bool,
    /// Is true if other users may put files beside it.
    shared: bool,
}

impl Survey {
    /// Opens what was surveyed, and says whether it is a pipe.
    pub(super) fn open(&self, path: &Path) -> Result<(OwnedFd, bool), Unfit> {
        let file = self.open_only(path).map_err(|error| match error {
            Errno::LOOP => Unfit::Replaced,
            error => Unfit::System(error),
        })?;
        let stat = fs::fstat(&file).map_err(Unfit::System)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        if kind != self.kind.unwrap_or(FileType::RegularFile) || (self.shared && !is_ours(&stat)) {
            return Err(Unfit::Replaced);
        }
        Ok((file, kind == FileType::Fifo))
    }

    fn open_only(&self, path: &Path) -> Result<OwnedFd, Errno> {
        // Non-blocking, since a pipe without a reader would wait for one.
        let mut flags = OFlags::APPEND | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        if !self.linked {
            flags |= OFlags::NOFOLLOW;
        }
        if self.kind.is_none() {
            flags |= OFlags::CREATE;
        }
        let mode = Mode::RUSR | Mode::WUSR;
        if self.kind == Some(FileType::Fifo) {
            // To open a pipe for both would make us its reader.
            return fs::open(path, flags | OFlags::WRONLY, mode);
        }
        // To see how the file ends it must be read; a drop box lets us write only.
        match fs::open(path, flags | OFlags::RDWR, mode) {
            Err(Errno::ACCESS) => fs::open(path, flags | OFlags::WRONLY, mode),
            opened => opened,
        }
    }
}

/// Finds out whether commands can be appended to `path`, by it and its directory. Creates and opens nothing.
pub(super) fn survey(path: &Path) -> Result<Survey, Unfit> {
    let directory = trust::directory(path);
    let shared = match fs::stat(directory) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) != FileType::Directory => {
            return Err(Unfit::DirectoryIsNone);
        }
        Ok(stat) => trust::is_shared(&stat).map_err(|_| Unfit::OpenDirectory)?,
        Err(Errno::NOENT) => return Err(Unfit::NoDirectory),
        Err(Errno::NOTDIR) => return Err(Unfit::DirectoryIsNone),
        Err(error) => return Err(Unfit::System(error)),
    };
    let (kind, linked) = match fs::lstat(path) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Symlink => {
            if !is_ours(&stat) {
                return Err(Unfit::ForeignLink);
            }
            let stat = fs::stat(path).map_err(|error| match error {
                Errno::NOENT => Unfit::DanglingLink,
                error => Unfit::System(error),
            })?;
            (Some(fit(&stat, shared)?), true)
        }
        Ok(stat) => (Some(fit(&stat, shared)?), false),
        Err(Errno::NOENT) => (None, false),
        Err(error) => return Err(Unfit::System(error)),
    };
    let may = |path: &Path, access| fs::accessat(CWD, path, access, AtFlags::EACCESS);
    match kind {
        Some(_) if may(path, Access::WRITE_OK).is_err() => Err(Unfit::NotWritable),
        None if ends_in_slash(path) => Err(Unfit::NotAFile("directory")),
        None if may(directory, Access::WRITE_OK | Access::EXEC_OK).is_err() => Err(Unfit::NotCreatable),
        kind => Ok(Survey { kind, linked, shared }),
    }
}

/// The type of a file that commands may go to.
fn fit(stat: &Stat, shared: bool) -> Result<FileType, Unfit> {
    let kind = FileType::from_raw_mode(stat.st_mode);
    match kind {
        FileType::RegularFile | FileType::Fifo if shared && !is_ours(stat) => Err(Unfit::ForeignFile),
        FileType::RegularFile | FileType::Fifo => Ok(kind),
        FileType::Directory => Err(Unfit::NotAFile("directory")),
        FileType::CharacterDevice | FileType::BlockDevice => Err(Unfit::NotAFile("device")),
        FileType::Socket => Err(Unfit::NotAFile("socket")),
        _ => Err(Unfit::NotAFile("special thing")),
    }
}

fn ends_in_slash(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(b"/")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use rustix::process::geteuid;

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn an_unfit_place_is_named_with_the_reason_before_anything_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("open")).unwrap();
        set_mode(&at("open"), 0o777);
        fs::create_dir(at("sticky")).unwrap();
        set_mode(&at("sticky"), 0o1777);
        fs::create_dir(at("locked")).unwrap();
        set_mode(&at("locked"), 0o500);
        fs::write(at("sealed"), "").unwrap();
        set_mode(&at("sealed"), 0o400);
        symlink(at("file"), at("link")).unwrap();
        symlink(at("nothing"), at("dangling")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();

        let is_user = !geteuid().is_root();
        for (path, unfit) in [
            (at("file"), None),
            (at("new"), None),
            (at("link"), None),
            (at("sticky/new"), None),
            (at("missing/new"), Some(Unfit::NoDirectory)),
            (at("file/new"), Some(Unfit::DirectoryIsNone)),
            (at("open/new"), Some(Unfit::OpenDirectory)),
            (at("dangling"), Some(Unfit::DanglingLink)),
            (at("socket"), Some(Unfit::NotAFile("socket"))),
            (at("new/"), Some(Unfit::NotAFile("directory"))),
            (at(""), Some(Unfit::NotAFile("directory"))),
            ("/".into(), Some(Unfit::NotAFile("directory"))),
            ("/dev/full".into(), Some(Unfit::NotAFile("device"))),
            // Root may write everywhere.
            (at("locked/new"), is_user.then_some(Unfit::NotCreatable)),
            (at("sealed"), is_user.then_some(Unfit::NotWritable)),
        ] {
            assert_eq!(survey(&path).err(), unfit, "{}", path.display());
        }
        assert!(!at("new").exists() && !at("sticky/new").exists());
        assert_eq!(survey(&at("missing/new\x1b")).err(), Some(Unfit::NoDirectory));
    }

    #[test]
    fn a_link_or_a_shared_file_of_another_user_is_refused() {
        if !geteuid().is_root() {
            return; // Only root can make files that belong to others.
        }
        let dir = tempfile::tempdir().unwrap();
        set_mode(dir.path(), 0o1777);
        let (link, file) = (dir.path().join("link"), dir.path().join("file"));
        fs::write(&file, "").unwrap();
        symlink(&file, &link).unwrap();
        std::os::unix::fs::lchown(&link, Some(12_345), None).unwrap();
        assert!(matches!(survey(&link), Err(Unfit::ForeignLink)));
        std::os::unix::fs::chown(&file, Some(12_345), None).unwrap();
        assert!(matches!(survey(&file), Err(Unfit::ForeignFile)));
        set_mode(dir.path(), 0o755);
        assert!(survey(&file).is_ok(), "no other user puts files here");
    }
}
