//! `runwatch export LOG`: the records of a log as lines of JSON, to keep or to send.

use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use super::{Failure, PROBLEMS, given};
use crate::args::ExportArgs;
use crate::engine;
use crate::model::text;
use crate::source::copy::{CopiedRecords, CopyError, copy_live, copy_once};
use crate::source::delivery::SourceNotice;
use crate::view::format::plural;

/// Copies the log to standard output.
///
/// # Errors
/// When the log cannot be read, or a line not be written.
pub fn run(export: &ExportArgs) -> Result<ExitCode, Failure> {
    let ExportArgs { source, given, follow } = export;
    let options = engine::options_given(&given::read(given)?);
    let mut out = BufWriter::new(io::stdout().lock());
    let copied = if *follow {
        copy_live(source, options, &mut out, || false, tell)
    } else {
        copy_once(source, options, &mut out)
    };
    match copied {
        Ok(copied) => report(&copied, &source.to_string()),
        Err(CopyError::Read(error)) => Err(error.into()),
        // Its reader has seen enough.
        Err(CopyError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(CopyError::Write(error)) => Err(error.into()),
    }
}

/// Says on standard error what is not in the copy.
fn report(copied: &CopiedRecords, name: &str) -> Result<ExitCode, Failure> {
    let mut err = io::stderr().lock();
    let name = text::clean(name);
    if copied.pending > 0 {
        let bytes = plural(copied.pending, "byte of a record", "bytes of a record");
        writeln!(err, "runwatch: {name}: {} {bytes} that is not whole are left out", copied.pending)?;
    }
    let Some((place, reason)) = &copied.first_damaged else { return Ok(ExitCode::SUCCESS) };
    let records =
        plural(copied.damaged, "record is damaged and left out", "records are damaged and left out");
    let reason = text::clean(reason);
    writeln!(
        err,
        "runwatch: {name}: {} {records}; the first one at byte {}: {reason}",
        copied.damaged,
        place.byte()
    )?;
    Ok(ExitCode::from(PROBLEMS))
}

/// Tells what happens to a log that is followed, where lines may be missing or come again.
fn tell(notice: &SourceNotice) {
    let is_told =
        notice.is_warning() || matches!(notice, SourceNotice::Truncated(_) | SourceNotice::Replaced(_));
    if is_told {
        // There is no one left to tell when this fails.
        let _ = writeln!(io::stderr(), "runwatch: {}", text::clean(&notice.to_string()));
    }
}
