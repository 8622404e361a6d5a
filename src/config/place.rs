//! The config file itself: its owner, and its text.
//!
//! The opened file is judged, so that no other can be put in its place between the two.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs::{self, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::trust::{self, Distrust, TrustedGroups};

/// Maximum size of a config file; a longer file was not written by hand.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Why a file is not used as a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It is not there.
    Missing,
    /// It is a directory or the like.
    NotAFile,
    /// It belongs to another user.
    Foreign,
    /// Others may write to it.
    Writable,
    /// Others may put another in its place.
    OpenDirectory,
    /// It is longer than any config.
    TooLong,
    /// It is no text.
    NotText,
    /// The system says so.
    System(Errno),
}

impl Unusable {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Missing => "`runwatch config --default > FILE` writes one to begin with",
            Self::NotAFile | Self::TooLong | Self::NotText => "name a config file: --config FILE",
            Self::Foreign => "copy it, and use the copy: --config FILE",
            Self::Writable => "if it is as you left it, take the right away: chmod go-w FILE",
            Self::OpenDirectory => "keep it in a directory of your own",
            Self::System(_) => "look at the path, or start without one: --config /dev/null",
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "it does not exist",
            Self::NotAFile => "it is no file",
            Self::Foreign => "it belongs to another user",
            Self::Writable => "others may write to it",
            Self::OpenDirectory => "everybody may replace files in its directory",
            Self::TooLong => "it is longer than 1 MiB",
            Self::NotText => "it is no UTF-8 text",
            Self::System(error) => return write!(f, "{}", io::Error::from(*error)),
        })
    }
}

impl From<Distrust> for Unusable {
    fn from(distrust: Distrust) -> Self {
        match distrust {
            Distrust::Foreign => Self::Foreign,
            Distrust::Writable => Self::Writable,
            Distrust::OpenDirectory => Self::OpenDirectory,
        }
    }
}

/// The text of a file, if it is its user's own.
pub(super) fn read(path: &Path) -> Result<String, Unusable> {
    // Non-blocking, since a pipe would wait for a writer.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = fs::open(path, flags, Mode::empty()).map_err(|error| match error {
        Errno::NOENT | Errno::NOTDIR => Unusable::Missing,
        error => Unusable::System(error),
    })?;
    let stat = fs::fstat(&file).map_err(Unusable::System)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => judge(path, &stat)?,
        // /dev/null, by which users say that there is to be none.
        FileType::CharacterDevice if path == Path::new("/dev/null") => return Ok(String::new()),
        _ => return Err(Unusable::NotAFile),
    }
    let mut bytes = Vec::new();
    let read = File::from(file).take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Unusable::System(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Unusable::TooLong);
    }
    String::from_utf8(bytes).map_err(|_| Unusable::NotText)
}

fn judge(path: &Path, stat: &Stat) -> Result<(), Unusable> {
    trust::check(stat, TrustedGroups::Own)?;
    let directory = fs::stat(trust::directory(path)).map_err(Unusable::System)?;
    trust::is_shared(&directory)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use rustix::process::{getegid, geteuid};

    use super::*;

    #[test]
    fn a_file_that_others_may_have_written_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let write = |name: &str, mode: u32| {
            fs::write(at(name), "ascii = true\n").unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        for (name, mode) in [("own", 0o600), ("read", 0o644), ("world", 0o646), ("group", 0o664)] {
            write(name, mode);
        }
        fs::create_dir(at("open")).unwrap();
        write("open/own", 0o600);
        fs::set_permissions(at("open"), fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(at("bytes"), b"a = \"\xff\"").unwrap();
        fs::write(at("long"), vec![b'#'; (1 << 20) + 1]).unwrap();
        symlink(at("own"), at("link")).unwrap();
        symlink(at("nothing"), at("dangling")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), Mode::RUSR | Mode::WUSR).unwrap();
        let is_own_group = getegid().as_raw() == geteuid().as_raw();
        for (path, expected) in [
            (at("own"), Ok(())),
            (at("read"), Ok(())),
            (at("link"), Ok(())),
            (at("group"), if is_own_group { Ok(()) } else { Err(Unusable::Writable) }),
            (at("world"), Err(Unusable::Writable)),
            (at("open/own"), Err(Unusable::OpenDirectory)),
            (at("none"), Err(Unusable::Missing)),
            (at("own/below"), Err(Unusable::Missing)),
            (at("dangling"), Err(Unusable::Missing)),
            (at(""), Err(Unusable::NotAFile)),
            (at("pipe"), Err(Unusable::NotAFile)),
            (at("bytes"), Err(Unusable::NotText)),
            (at("long"), Err(Unusable::TooLong)),
            ("/dev/zero".into(), Err(Unusable::NotAFile)),
            ("/dev/null".into(), Ok(())),
        ] {
            assert_eq!(read(&path).map(drop), expected, "{}", path.display());
        }
        if geteuid().is_root() {
            // Only root can make files that belong to others.
            chown(at("own"), Some(12_345), None).unwrap();
            assert_eq!(read(&at("own")), Err(Unusable::Foreign));
            chown(at("group"), None, Some(12_345)).unwrap();
            assert_eq!(read(&at("group")), Err(Unusable::Writable));
        }
    }
}
