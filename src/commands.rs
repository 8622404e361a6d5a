//! The commands of the program, one file each; each only composes the floors below it.

pub mod asked;
pub mod cancel;
pub mod check;
pub mod config;
pub mod diff;
pub mod export;
pub mod follow;
pub mod formats;
mod given;
pub mod instant;
mod nothing_read;
mod preferences;
pub mod read;
pub mod replay;
pub mod runs;
pub mod sample;
pub mod screenshot;
pub mod stats;
pub mod wait;
pub mod watch;

use std::io;
use std::process::ExitCode;

use crate::fault::Unknown;
use crate::model::text;
use crate::session::Lost;
use crate::source::earlier::Earlier;
use crate::source::limit;
use crate::source::open::OpenError;
use crate::source::origin::Origin;
use crate::store::Store;

/// The exit code of `check` when there are problems.
pub const PROBLEMS: u8 = 1;
/// The exit code of `wait` when what was waited for did not come.
pub const IN_VAIN: u8 = 1;
/// The exit code for what cannot be read or shown.
pub const FAILED: u8 = 2;
/// The exit code of `cancel` when a run ended otherwise before it could be canceled.
pub const OVERTAKEN: u8 = 3;
/// The exit code of `cancel` when the log said nothing of a run.
pub const NO_EVIDENCE: u8 = 4;
/// The exit code of `cancel` when a command was refused.
pub const REFUSED: u8 = 5;

/// Why a command could not do what it was asked: the fact, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// Failure, as a fragment.
    pub what: String,
    /// Suggestion of the user's next step.
    pub hint: Option<String>,
}

impl Failure {
    /// Writes what failed, and beneath it what to do next.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "runwatch: {self}")?;
        self.hint.iter().flat_map(|hint| hint.lines()).try_for_each(|line| writeln!(out, "  {line}"))
    }
}

impl From<Unknown> for Failure {
    fn from(error: Unknown) -> Self {
        Self { what: format!("failed to read RUNWATCH_FAULT: {error}"), hint: Some(error.hint()) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self { what: format!("failed to read the log: {error}"), hint: error.hint() }
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        Self { what: lost.to_string(), hint: lost.hint() }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match limit::reached(&error) {
            Some(limit) => {
                Self { what: format!("failed to open what is needed: {limit}"), hint: limit::hint(&error) }
            }
            None => Self { what: format!("failed to write the report: {error}"), hint: None },
        }
    }
}

/// Where a report is written, by whichever thread has something to say.
type Out = dyn io::Write + Send;

/// Runs a report. A reader that has seen enough and closes the pipe is no error.
fn report(run: impl FnOnce(&mut Out) -> Result<ExitCode, Failure>) -> Result<ExitCode, Failure> {
    let mut out = Closable { out: io::BufWriter::new(io::stdout()), closed: false };
    let code = run(&mut out)?;
    io::Write::flush(&mut out)?;
    Ok(code)
}

/// Says below a report of a log that does not begin with its first event what lies beside it.
fn tell_earlier(out: &mut dyn io::Write, source: &Origin, store: &Store, command: &str) -> io::Result<()> {
    if store.first_sequence().is_none_or(|first| first <= 1) {
        return Ok(());
    }
    match Earlier::beside(source).notice(store.first_sequence(), command) {
        Some(text) => writeln!(out, "{}", text::clean(&text)),
        None => Ok(()),
    }
}

/// The same on standard error, for a report whose lines are read by programs.
fn warn_earlier(source: &Origin, store: &Store, command: &str) -> io::Result<()> {
    let mut told = Vec::new();
    tell_earlier(&mut told, source, store, command)?;
    if !told.is_empty() {
        let mut err = io::stderr().lock();
        io::Write::write_all(&mut err, b"runwatch: ")?;
        io::Write::write_all(&mut err, &told)?;
    }
    Ok(())
}

/// Prints a text that nothing is read for.
///
/// # Errors
/// When it cannot be written.
pub fn print(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<ExitCode, Failure> {
    report(|out| {
        write(out)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// An output that swallows what comes after its reader has left.
struct Closable<W> {
    out: W,
    closed: bool,
}

impl<W: io::Write> Closable<W> {
    fn keep<T>(&mut self, written: io::Result<T>, closed: T) -> io::Result<T> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(closed)
            }
            written => written,
        }
    }
}

impl<W: io::Write> io::Write for Closable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.keep(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.keep(flushed, ())
    }
}
