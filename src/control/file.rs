//! A file that commands are appended to, one line in one write.
//!
//! Others read the file, append to it, and may replace it; so it is opened afresh for each command, never
//! truncated, and never trusted to be what it was. Nothing here blocks on a pipe or a device.

use std::path::{Path, PathBuf};

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs;
use rustix::io::Errno;

use super::place::{Unfit, survey};
use super::refusal::SendError;

/// A file for commands.
#[derive(Debug)]
pub(super) struct CommandFile {
    path: PathBuf,
    /// Is true if we have left half a line behind, in a file whose end we may not read.
    torn: bool,
}

impl CommandFile {
    /// A file at `path`, which has been found fit, and is looked at again for each command.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), torn: false }
    }

    /// Appends `line` and its newline in one write, and sees it to the disk.
    pub(super) fn append(&mut self, line: &str) -> Result<(), SendError> {
        let file = self.write(line)?;
        match fs::fsync(&file) {
            // A pipe has no disk, and some file systems cannot tell.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(SendError::NotSynced { path: self.path.clone(), error: error.into() }),
        }
    }

    /// Appends `line` and its newline in one write, and leaves the rest to the system.
    pub(super) fn write(&mut self, line: &str) -> Result<OwnedFd, SendError> {
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
                let is_whole = written + 1 == bytes.len();
                return Err(if is_whole {
                    SendError::Unended { path }
                } else {
                    SendError::Partial { path, written, length: bytes.len() }
                });
            }
            Err(Errno::PIPE) => return Err(SendError::NoReader { path }),
            Err(error) => return Err(SendError::Write { path, error: error.into() }),
        }
        if is_removed(&file) { Err(SendError::Removed { path }) } else { Ok(file) }
    }

    /// Returns true if the file ends within a line. One whose end we may not read is taken at our own word.
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

/// Returns true if a file has no name any more: a program that opens the path now finds another one, or none.
fn is_removed(file: impl AsFd) -> bool {
    fs::fstat(file).is_ok_and(|stat| stat.st_nlink == 0)
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

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
            CommandFile::new(&path).append("{}").unwrap();
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
        let mut file = CommandFile::new(&path);
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

    /// Else a command that no program will ever read is reported as sent.
    #[test]
    fn a_file_that_is_removed_under_the_write_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands");
        let file = fs::File::create(&path).unwrap();
        assert!(!is_removed(&file));
        fs::rename(&path, dir.path().join("commands.1")).unwrap();
        assert!(!is_removed(&file), "another name is one");
        fs::remove_file(dir.path().join("commands.1")).unwrap();
        assert!(is_removed(&file));
    }

    #[test]
    fn a_full_disk_takes_nothing_and_the_next_step_is_said() {
        let full = fs::File::options().append(true).open("/dev/full").unwrap();
        let error = write_once(&full, b"{}\n").unwrap_err();
        assert_eq!(error, Errno::NOSPC);
        for (error, step) in [
            (error, "make room on its disk"),
            (Errno::DQUOT, "make room on its disk"),
            (Errno::FBIG, "ulimit -f"),
            (Errno::AGAIN, "when it has read on"),
            (Errno::IO, "look at the file and its disk"),
        ] {
            let said = SendError::Write { path: "f\n".into(), error: error.into() }.to_string();
            assert!(said.starts_with("not sent to f\\n: ") && said.contains(step), "{said}");
        }
    }

    /// The bytes at the end of the file are not ours: they are neither joined with nor cut.
    #[test]
    fn a_file_that_changes_between_two_commands_keeps_what_others_wrote() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands");
        let mut file = CommandFile::new(&path);
        let nuls = format!("{}{{}}\n", "\0".repeat(8) + "\n");
        for (between, expected) in
            [("", "{}\n"), ("half", "half\n{}\n"), ("\0\0\0\0\0\0\0\0", &nuls), ("whole\n", "whole\n{}\n")]
        {
            file.append("before").unwrap();
            // Another program cuts the file, and writes its own.
            fs::write(&path, between).unwrap();
            file.append("{}").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected, "{between:?}");
        }
    }

    /// A drop box lets us write and not look: its end is taken at our own word, and nothing is guessed.
    #[test]
    fn a_file_that_cannot_be_read_is_written_to_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o200)).unwrap();
        let mut file = CommandFile::new(&path);
        file.append("1").unwrap();
        file.torn = true;
        file.append("2").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        // Root may read it, and sees that no line is torn.
        assert!(matches!(text.as_str(), "1\n\n2\n" | "1\n2\n"), "{text:?}");
    }
}
