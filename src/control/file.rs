//! A file that commands are appended to, one line in one write, and the dangers of its neighborhood.
//!
//! Others read the file, append to it, and may replace it; so it is opened afresh for each command, never
//! truncated, and never trusted to be what it was. Nothing here blocks on a pipe or a device.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{self, Access, AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::model::text;

/// Why commands cannot be sent to a file.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its directory is not fit.
    #[error("commands cannot go to {}: {unfit}", shown(path))]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        unfit: Unfit,
    },
    /// The system starts no more threads.
    #[error("no thread could be started to send commands")]
    Thread(#[source] io::Error),
}

impl OpenError {
    /// What the user may do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unfit { unfit, .. } => unfit.hint(),
            Self::Thread(_) => "look at the limit of processes: ulimit -u",
        }
    }
}

/// What makes a place unfit for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The directory does not exist.
    NoDirectory,
    /// What should be the directory is something else.
    DirectoryIsNone,
    /// Anybody may replace the file.
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
    const fn hint(self) -> &'static str {
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

/// Why a command was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Too many wait already.
    #[error("not sent: too many commands wait already; ask again later")]
    Busy,
    /// The thread that sends is gone.
    #[error("not sent: the sender has died; start runwatch again")]
    Dead,
    /// The file or its directory is not what it was.
    #[error("not sent to {}: {unfit}; {}", shown(path), unfit.hint())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        unfit: Unfit,
    },
    /// It is a pipe, and nobody reads it.
    #[error("not sent: nobody reads the pipe {}", shown(path))]
    NoReader {
        /// The pipe.
        path: PathBuf,
    },
    /// The system took nothing.
    #[error("not sent to {}: {}", shown(path), error)]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The system took a part. The next command starts on a line of its own.
    #[error("not sent: {} took only {written} of {length} bytes; is the disk full?", shown(path))]
    Partial {
        /// The file.
        path: PathBuf,
        /// What it took.
        written: usize,
        /// What it should have taken.
        length: usize,
    },
    /// The command is in the file, and may be lost if the machine stops.
    #[error("written to {}, but the disk did not confirm it: {}", shown(path), error)]
    NotSynced {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// A file for commands.
#[derive(Debug)]
pub(super) struct CommandFile {
    path: PathBuf,
    /// Whether we have left half a line behind, in a file whose end we may not read.
    torn: bool,
}

impl CommandFile {
    /// Finds out whether commands can be appended to `path`. Creates and opens nothing.
    pub(super) fn check(path: &Path) -> Result<Self, OpenError> {
        match survey(path) {
            Ok(_) => Ok(Self { path: path.to_owned(), torn: false }),
            Err(unfit) => Err(OpenError::Unfit { path: path.to_owned(), unfit }),
        }
    }

    /// Appends `line` and its newline in one write, and sees it to the disk.
    pub(super) fn append(&mut self, line: &str) -> Result<(), SendError> {
        let path = self.path.clone();
        let survey = survey(&path).map_err(|unfit| SendError::Unfit { path: path.clone(), unfit })?;
        let (file, is_pipe) = match survey.open(&path) {
            Ok(file) => file,
            Err(Unfit::System(Errno::NXIO)) => return Err(SendError::NoReader { path }),
            Err(unfit) => return Err(SendError::Unfit { path, unfit }),
        };

        let torn = !is_pipe && self.is_torn(&file);
        let bytes = [if torn { "\n" } else { "" }, line, "\n"].concat();
        match write_once(&file, bytes.as_bytes()) {
            Ok(written) if written == bytes.len() => self.torn = false,
            Ok(written) => {
                self.torn |= written > 0;
                return Err(SendError::Partial { path, written, length: bytes.len() });
            }
            Err(Errno::PIPE) => return Err(SendError::NoReader { path }),
            Err(error) => return Err(SendError::Write { path, error: error.into() }),
        }
        match fs::fsync(&file) {
            // A pipe has no disk, and some file systems cannot tell.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(SendError::NotSynced { path, error: error.into() }),
        }
    }

    /// Whether the file ends within a line. One whose end we may not read is taken at our own word.
    fn is_torn(&self, file: &OwnedFd) -> bool {
        let Ok(stat) = fs::fstat(file) else { return self.torn };
        let Some(last) = u64::try_from(stat.st_size).ok().and_then(|size| size.checked_sub(1)) else {
            return false;
        };
        let mut end = [0];
        match rustix::io::pread(file, &mut end, last) {
            Ok(1) => end != *b"\n",
            _ => self.torn,
        }
    }
}

/// What stands at a path that is fit for commands.
struct Survey {
    /// The type of what is there; none when nothing is.
    kind: Option<FileType>,
    /// Whether it is reached through a symbolic link, which has been found to be ours.
    linked: bool,
    /// Whether other users may put files beside it.
    shared: bool,
}

impl Survey {
    /// Opens what was surveyed, and says whether it is a pipe.
    fn open(&self, path: &Path) -> Result<(OwnedFd, bool), Unfit> {
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

/// Looks at a path and its directory, without opening anything.
fn survey(path: &Path) -> Result<Survey, Unfit> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let shared = match fs::stat(directory) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) != FileType::Directory => {
            return Err(Unfit::DirectoryIsNone);
        }
        Ok(stat) => is_shared(&stat)?,
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

/// Whether other users may put files into a directory; refused if they may replace ours as well.
fn is_shared(directory: &Stat) -> Result<bool, Unfit> {
    let mode = Mode::from_raw_mode(directory.st_mode);
    if !mode.contains(Mode::WOTH) {
        return Ok(false);
    }
    if mode.contains(Mode::SVTX) { Ok(true) } else { Err(Unfit::OpenDirectory) }
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

/// Whether a file belongs to us, or to root, who needs no trick.
fn is_ours(stat: &Stat) -> bool {
    stat.st_uid == geteuid().as_raw() || stat.st_uid == 0
}

fn ends_in_slash(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(b"/")
}

/// One write: what it does not take is not written.
fn write_once(file: impl AsFd, bytes: &[u8]) -> Result<usize, Errno> {
    loop {
        match rustix::io::write(&file, bytes) {
            // A signal came before the first byte.
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

fn shown(path: impl AsRef<OsStr>) -> String {
    text::clean_bytes(path.as_ref().as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

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

        let nobody = !geteuid().is_root();
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
            (at("locked/new"), nobody.then_some(Unfit::NotCreatable)),
            (at("sealed"), nobody.then_some(Unfit::NotWritable)),
        ] {
            match CommandFile::check(&path) {
                Ok(_) => assert_eq!(unfit, None, "{}", path.display()),
                Err(OpenError::Unfit { unfit: found, .. }) => {
                    assert_eq!(Some(found), unfit, "{}", path.display());
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert!(!at("new").exists() && !at("sticky/new").exists());
        let error = CommandFile::check(&at("missing/new\x1b")).unwrap_err();
        let place = at("missing/new");
        assert_eq!(
            error.to_string(),
            format!("commands cannot go to {}\\x1b: its directory does not exist", place.display())
        );
        assert_eq!(error.hint(), "make the directory, or name a file in one that exists");
    }

    #[test]
    fn a_link_or_a_shared_file_of_somebody_else_is_refused() {
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
        assert!(survey(&file).is_ok(), "nobody else puts files here");
    }

    #[test]
    fn a_line_starts_on_a_line_of_its_own_and_the_file_is_private() {
        let dir = tempfile::tempdir().unwrap();
        for (name, before, expected) in [
            ("new", None, "{}\n"),
            ("empty", Some(""), "{}\n"),
            ("whole", Some("a\n"), "a\n{}\n"),
            ("torn", Some("a\n{\"v\""), "a\n{\"v\"\n{}\n"),
        ] {
            let path = dir.path().join(name);
            if let Some(before) = before {
                fs::write(&path, before).unwrap();
            }
            CommandFile::check(&path).unwrap().append("{}").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected, "{name}");
            if before.is_none() {
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
            }
        }
    }

    #[test]
    fn a_file_that_became_something_else_is_refused_and_one_that_was_removed_is_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands");
        let mut file = CommandFile::check(&path).unwrap();
        file.append("1").unwrap();
        fs::remove_file(&path).unwrap();
        file.append("2").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "2\n");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(file.append("3"), Err(SendError::Unfit { unfit: Unfit::NotAFile(_), .. })));
        fs::remove_dir(&path).unwrap();

        // Between the look and the opening.
        let before = survey(&path).unwrap();
        symlink("/dev/null", &path).unwrap();
        assert_eq!(before.open(&path).unwrap_err(), Unfit::Replaced);
    }

    #[test]
    fn a_full_disk_takes_nothing() {
        let full = fs::File::options().append(true).open("/dev/full").unwrap();
        assert_eq!(write_once(&full, b"{}\n"), Err(Errno::NOSPC));
    }
}
