//! A log read once, to its present end, for the commands that report and leave.
//!
//! The same splitter as the feed's: on a file that was never rotated both see the same lines. Must not follow.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;

use super::archive::Archive;
use super::block::Block;
use super::directory::scan_once;
use super::file::hole::{LONG, end_of_hole};
use super::framing::Framing;
use super::inside::log_inside;
use super::open::{OpenError, Sniffer, open_waiting};
use super::options::Options;
use super::origin::Origin;
use super::passing::is_passing;
use super::reread::Reread;
use super::splitter::Splitter;

/// End of a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogEnd {
    /// Lines that were handed out.
    pub lines: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Bytes of the torn last line, which was not handed out. Never any for a pipe, whose end is final.
    pub pending: u64,
    /// Files of a directory that are none of the engine's.
    pub foreign: u64,
}

/// A log that was opened to be read to its end.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: PathBuf,
    pub(super) file: File,
    /// Its end is the end: no line waits for its newline.
    pub(super) is_final: bool,
    /// Files of a directory that are none of the engine's.
    pub(super) foreign: u64,
}

/// Opens a log. A directory is read to its end for that.
pub(super) fn open_origin(origin: &Origin, options: &Options) -> Result<Named, OpenError> {
    match origin {
        Origin::Path(path) if path.is_dir() => {
            if let Some(log) = log_inside(path, options) {
                return open_origin(&Origin::Path(log), options);
            }
            let (name, scanned) = (path.clone(), scan_once(path, options)?);
            match scanned.spool.file().try_clone() {
                Ok(file) => Ok(Named { name, file, is_final: false, foreign: scanned.n_foreign }),
                Err(error) => Err(OpenError::Unreadable { path: name, error }),
            }
        }
        Origin::Path(path) => {
            let opened = open_waiting(path)?;
            let is_final = opened.is_pipe;
            Ok(Named { name: path.clone(), file: opened.file, is_final, foreign: 0 })
        }
        Origin::Stdin => {
            let name = PathBuf::from(origin.label());
            match stdin() {
                Ok(file) => Ok(Named { name, file, is_final: true, foreign: 0 }),
                Err(error) => Err(OpenError::Unreadable { path: name, error }),
            }
        }
    }
}

/// A log that is being read once.
#[derive(Debug)]
pub struct Once {
    name: PathBuf,
    file: File,
    /// Its end is the end: no line waits for its newline.
    is_final: bool,
    framing: Framing,
    lines: Box<dyn Splitter>,
    sniffer: Sniffer,
    ending: LogEnd,
    is_over: bool,
    /// The lines after which it ends all the same.
    until: u64,
}

impl Once {
    /// Opens the log.
    ///
    /// # Errors
    /// When it is missing or cannot be opened.
    pub fn open(origin: &Origin, options: Options) -> Result<Self, OpenError> {
        Ok(Self::of(open_origin(origin, &options)?, options))
    }

    /// Begins at the position of the file that was opened.
    pub(super) fn of(opened: Named, options: Options) -> Self {
        let Named { name, file, is_final, foreign } = opened;
        let lines = options.framing.splitter(options.limits, 0);
        let sniffer = Sniffer::new(options.framing);
        let ending = LogEnd { foreign, ..LogEnd::default() };
        Self {
            name,
            file,
            is_final,
            framing: options.framing,
            lines,
            sniffer,
            ending,
            is_over: false,
            until: u64::MAX,
        }
    }

    /// Ends after this number of lines as if no more had been written yet.
    #[must_use]
    pub fn until(self, lines: u64) -> Self {
        Self { until: lines, ..self }
    }

    /// Reads the next lines; none at the end that the log has when it is reached.
    ///
    /// # Errors
    /// When the log cannot be read, or is none.
    pub fn read(&mut self) -> Result<Option<Block>, OpenError> {
        if self.is_cut() {
            return Ok(None);
        }
        while !self.is_over {
            if self.read_some()? == 0 {
                self.is_over = true;
            } else if !self.lines.is_full() {
                continue;
            }
            if let Some(block) = self.lines.take(self.ending.lines + 1) {
                return Ok(Some(self.counted(block)));
            }
        }
        // A pipe's last line, and then nothing.
        if !self.is_final {
            return Ok(None);
        }
        let rest = self.lines.finish(self.ending.lines + 1);
        Ok(rest.map(|block| self.counted(block)))
    }

    /// Reader of its records; of none where they come through a pipe.
    #[must_use]
    pub fn rereader(&self) -> Box<dyn Reread> {
        let mut archive = Archive::new(self.framing);
        if !self.is_final
            && let Ok(file) = self.file.try_clone()
        {
            archive.keep(0, &Arc::new(file));
        }
        Box::new(archive)
    }

    /// Returns the end of the log, once it has come.
    #[must_use]
    pub fn ending(&self) -> LogEnd {
        if self.is_cut() {
            return self.ending;
        }
        LogEnd { pending: self.lines.pending(), ..self.ending }
    }

    const fn is_cut(&self) -> bool {
        self.ending.lines == self.until
    }

    fn counted(&mut self, mut block: Block) -> Block {
        let left = self.until - self.ending.lines;
        block.cut(usize::try_from(left).unwrap_or(usize::MAX));
        self.ending.lines += block.len_lines() as u64;
        if self.is_cut() {
            self.ending.bytes = block.end_offset();
        }
        block
    }

    /// Reads until there is something, and says how much; nothing at the end.
    fn read_some(&mut self) -> Result<usize, OpenError> {
        if !self.is_final
            && self.lines.hole() >= LONG
            && let Some(end) = end_of_hole(&self.file, self.lines.end())
        {
            self.ending.bytes = end;
            self.lines.skip_nuls(end - self.lines.end());
        }
        loop {
            let space = self.lines.space();
            let n = match self.file.read(space) {
                Ok(n) => n,
                Err(error) if is_passing(&error) => continue,
                Err(error) => {
                    return Err(OpenError::Broken {
                        path: self.name.clone(),
                        offset: self.ending.bytes,
                        error,
                    });
                }
            };
            if let Some(kind) = self.sniffer.look(&space[..n]) {
                return Err(OpenError::NotALog { path: self.name.clone(), kind });
            }
            self.lines.commit(n);
            self.ending.bytes += n as u64;
            return Ok(n);
        }
    }
}

/// Reads the log to the end that it has when it is reached, and hands its lines to `sink` in blocks.
///
/// # Errors
/// When it is missing, cannot be read, or is no log.
pub fn read_once(
    origin: &Origin,
    options: Options,
    mut sink: impl FnMut(Block),
) -> Result<LogEnd, OpenError> {
    let mut once = Once::open(origin, options)?;
    while let Some(block) = once.read()? {
        sink(block);
    }
    Ok(once.ending())
}

/// The standard input without a buffer of its own.
pub fn stdin() -> io::Result<File> {
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::source::lines::Limits;
    use crate::source::shape::SAMPLES;

    fn check(content: &[u8], expected: Result<(u64, u64), &str>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        let origin = Origin::Path(file.path().to_owned());
        let mut n_lines = 0;
        let found = read_once(&origin, Options::of(SAMPLES), |block| n_lines += block.lines().count() as u64);
        match (found, expected) {
            (Ok(ending), Ok((lines, pending))) => {
                assert_eq!(ending, LogEnd { lines, pending, bytes: content.len() as u64, foreign: 0 });
                assert_eq!(n_lines, lines);
            }
            (Err(error), Err(text)) => assert!(error.to_string().ends_with(text), "{error}"),
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn a_file_is_read_to_its_last_newline() {
        check(b"", Ok((0, 0)));
        check(b"{}\n{}\r\n\n", Ok((3, 0)));
        check(b"{}\n{}", Ok((1, 2)));
        check(&b"{\"sequence\":1}\n".repeat(100_000), Ok((100_000, 0)));
        check(b"\x1f\x8b\x08\0\0\0\0\0\0", Err("is compressed with gzip"));
    }

    #[test]
    fn a_log_that_ends_early_is_the_log_before_more_was_written() {
        let content = b"\xef\xbb\xbfone\r\n\n\0\0three\na line over the limit\nfive\ntorn";
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        let origin = Origin::Path(file.path().to_owned());
        let ends = content.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        for (n, end) in std::iter::once(0).chain(ends).enumerate() {
            for block in [8, 12, 1 << 10] {
                let options = Options { limits: Limits { line: 10, block }, ..Options::of(SAMPLES) };
                let mut once = Once::open(&origin, options).unwrap().until(n as u64);
                let mut n_lines = 0;
                while let Some(block) = once.read().unwrap() {
                    assert_eq!(block.len_lines(), block.lines().count());
                    n_lines += block.len_lines();
                }
                assert_eq!(n_lines, n);
                let expected = LogEnd { lines: n as u64, bytes: end as u64, ..LogEnd::default() };
                assert_eq!(once.ending(), expected, "{n} by {block}");
            }
        }
        let mut once = Once::open(&origin, Options::of(SAMPLES)).unwrap().until(6);
        while once.read().unwrap().is_some() {}
        let expected = LogEnd { lines: 5, bytes: content.len() as u64, pending: 4, foreign: 0 };
        assert_eq!(once.ending(), expected);
    }

    #[test]
    fn what_cannot_be_read_is_one_error_with_a_next_step() {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in [
            (dir.path().to_owned(), "is a directory"),
            (dir.path().join("none"), "does not exist"),
            (PathBuf::from("/dev/null"), "is a device"),
        ] {
            let error = read_once(&Origin::Path(path), Options::of(SAMPLES), |_| ()).unwrap_err();
            assert!(error.to_string().ends_with(text), "{error}");
            assert!(error.hint().is_some());
        }
    }
}
