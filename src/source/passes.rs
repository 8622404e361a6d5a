//! A log that is read in several passes, each from its first line: an instant that is told by the log's end takes two.
//!
//! Input from a pipe comes once, and is kept in a spool first. Must not follow, nor know lines.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};

use super::open::OpenError;
use super::options::Options;
use super::origin::Origin;
use super::passing::is_passing;
use super::read_once::{Named, Once, open_origin};
use super::spool::Spool;

/// Bytes that are taken from a pipe at once.
const READ_BYTES: usize = 1 << 18;

/// A log that can be read several times, one pass at a time.
#[derive(Debug)]
pub struct Passes {
    name: PathBuf,
    file: File,
    is_final: bool,
    foreign: u64,
    options: Options,
}

impl Passes {
    /// Opens the log, and reads a pipe to its end.
    ///
    /// # Errors
    /// When it is missing or cannot be opened, and when a pipe cannot be read or kept.
    pub fn open(origin: &Origin, options: Options) -> Result<Self, OpenError> {
        let Named { name, file, is_final, foreign } = open_origin(origin, &options)?;
        let file = if is_final { spooled(file, &name)? } else { file };
        Ok(Self { name, file, is_final, foreign, options })
    }

    /// Reads the log from its first line. Earlier readers must be done.
    ///
    /// # Errors
    /// When the system fails to go back.
    pub fn once(&self) -> Result<Once, OpenError> {
        let rewound = self.file.try_clone().and_then(|mut file| file.rewind().map(|()| file));
        let file = rewound.map_err(|error| OpenError::Unreadable { path: self.name.clone(), error })?;
        let named = Named { name: self.name.clone(), file, is_final: self.is_final, foreign: self.foreign };
        Ok(Once::of(named, self.options))
    }
}

/// Everything that comes through a pipe.
fn spooled(mut pipe: File, name: &Path) -> Result<File, OpenError> {
    let mut offset = 0;
    let mut keep_all = || -> io::Result<File> {
        let mut spool = Spool::whole()?;
        let mut piece = vec![0; READ_BYTES];
        loop {
            match pipe.read(&mut piece) {
                Ok(0) => return spool.file().try_clone(),
                Ok(n) => {
                    spool.keep(&piece[..n])?;
                    offset += n as u64;
                }
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
    };
    let kept = keep_all();
    kept.map_err(|error| OpenError::Broken { path: name.to_owned(), offset, error })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_log_is_read_again_from_its_first_line_wherever_a_pass_stopped() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&b"{\"sequence\":1}\n".repeat(200_000)).unwrap();
        let log =
            Passes::open(&Origin::Path(file.path().to_owned()), Options::of(crate::source::shape::SAMPLES))
                .unwrap();
        for lines in [3, 150_000, u64::MAX] {
            let mut once = log.once().unwrap().until(lines);
            while once.read().unwrap().is_some() {}
            assert_eq!(once.ending().lines, lines.min(200_000));
        }
    }

    #[test]
    fn a_pipe_is_kept_to_its_end() {
        let (reader, mut writer) = io::pipe().unwrap();
        let content = b"one\ntwo\nlast".repeat(50_000);
        let expected = content.clone();
        let thread = std::thread::spawn(move || writer.write_all(&content));
        let mut file = spooled(File::from(std::os::fd::OwnedFd::from(reader)), Path::new("stdin")).unwrap();
        thread.join().unwrap().unwrap();
        let mut kept = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut kept).unwrap();
        assert!(kept == expected);
    }
}
