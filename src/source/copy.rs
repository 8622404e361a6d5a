//! Copies of a log: each of its records as a line of JSON, in order, one to one.
//!
//! Must not know what a record says.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::block::Block;
use super::delivery::{Delivery, SourceNotice};
use super::line::Raw;
use super::lines::Limits;
use super::open::OpenError;
use super::options::Options;
use super::origin::Origin;
use super::read_once::read_once;
use super::{SourceStep, follow};
use crate::model::position::Position;

/// Longest wait before a copy asks if it is over.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// Results of a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopiedRecords {
    /// Records that were copied.
    pub records: u64,
    /// Records without a line: their bytes are damaged.
    pub damaged: u64,
    /// The first of those, and what is wrong with it.
    pub first_damaged: Option<(Position, String)>,
    /// Bytes of a torn last record, which was not copied.
    pub pending: u64,
}

/// Why a copy could not go on.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The log could not be read.
    #[error(transparent)]
    Read(#[from] OpenError),
    /// A line could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl CopiedRecords {
    fn write(&mut self, block: &Block, out: &mut impl Write) -> io::Result<()> {
        for line in block.lines() {
            let damage = match line.text {
                Raw::Whole(text) => {
                    out.write_all(text)?;
                    out.write_all(b"\n")?;
                    self.records += 1;
                    continue;
                }
                Raw::Damaged(reason) => reason.to_owned(),
                Raw::OverLong { bytes } => format!("a record of {bytes} bytes is too long"),
            };
            self.damaged += 1;
            self.first_damaged.get_or_insert((line.place, damage));
        }
        Ok(())
    }
}

/// Options under which nothing is left out of a record that is long.
fn whole(options: Options) -> Options {
    Options { limits: Limits { line: usize::MAX / 4, ..options.limits }, keep_pipes: false, ..options }
}

/// Copies a log to its present end.
///
/// # Errors
/// When it cannot be read, or a line not be written.
pub fn copy_once(
    origin: &Origin,
    options: Options,
    out: &mut impl Write,
) -> Result<CopiedRecords, CopyError> {
    let (mut copied, mut written) = (CopiedRecords::default(), Ok(()));
    let ending = read_once(origin, whole(options), |block| {
        if written.is_ok() {
            written = copied.write(&block, out);
        }
    })?;
    written?;
    out.flush()?;
    copied.pending = ending.pending;
    Ok(copied)
}

/// Copies a log as it grows, until it has ended, or `is_over` and all that was there before is copied. What happens to the
/// log is told to `tell`. Lines are flushed whenever there are no more for now.
///
/// # Errors
/// As [`copy_once`].
pub fn copy_live(
    origin: &Origin,
    options: Options,
    out: &mut impl Write,
    is_over: impl Fn() -> bool,
    mut tell: impl FnMut(&SourceNotice),
) -> Result<CopiedRecords, CopyError> {
    let mut source = follow(origin, whole(options))?;
    let (wake, woken) = sync_channel(1);
    source.watch(Arc::new(move || {
        // Full: a wake is already pending.
        let _ = wake.try_send(());
    }));
    let mut copied = CopiedRecords::default();
    let mut is_last_look = false;
    loop {
        match source.step(Instant::now()) {
            SourceStep::Deliver(Delivery::Block(block)) => copied.write(&block, out)?,
            SourceStep::Deliver(Delivery::Notice(notice)) => tell(&notice),
            SourceStep::Deliver(Delivery::Status(status)) => copied.pending = status.pending,
            SourceStep::Wait(_) if is_last_look => break,
            SourceStep::Wait(until) => {
                out.flush()?;
                if is_over() {
                    is_last_look = true;
                    source.hint();
                } else if woken
                    .recv_timeout(until.saturating_duration_since(Instant::now()).min(MAX_WAIT))
                    .is_ok()
                {
                    source.hint();
                }
            }
            SourceStep::Ended => break,
            SourceStep::Failed(error) => return Err(error.into()),
        }
    }
    out.flush()?;
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs::OpenOptions;

    use super::*;
    use crate::source::shape::SAMPLES;

    #[test]
    fn a_copy_has_every_whole_line_and_says_what_it_has_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, "{\"a\":1}\r\n\0\0{\"b\":2}\n\n{\"c\"").unwrap();
        let origin = Origin::Path(path);
        let mut copy = Vec::new();
        let copied = copy_once(&origin, Options::of(SAMPLES), &mut copy).unwrap();
        assert_eq!(copy, b"{\"a\":1}\n{\"b\":2}\n\n");
        assert_eq!((copied.records, copied.damaged, copied.pending), (3, 0, 4));
    }

    #[test]
    fn a_live_copy_ends_with_all_that_was_written_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, "{\"a\":1}\n").unwrap();
        let (mut copy, n_asked) = (Vec::new(), Cell::new(0));
        let is_over = || {
            let mut log = OpenOptions::new().append(true).open(&path).unwrap();
            writeln!(log, "{{\"b\":{}}}", n_asked.get()).unwrap();
            n_asked.set(n_asked.get() + 1);
            n_asked.get() == 3
        };
        let copied =
            copy_live(&Origin::Path(path.clone()), Options::of(SAMPLES), &mut copy, is_over, |_| ()).unwrap();
        assert_eq!(copied.records, 4);
        assert_eq!(copy, std::fs::read(&path).unwrap());
    }
}
