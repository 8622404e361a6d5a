//! A directory read once, for the commands that report and leave: one full scan, as a file of lines.
//!
//! Must not follow.

use std::path::Path;
use std::thread;
use std::time::Instant;

use super::known::{MAX_TORN, RETRY_INTERVAL, is_old};
use super::read::FileReader;
use super::scan::{Scan, recognize};
use super::shape::FileContent;
use crate::source::open::OpenError;
use crate::source::options::Options;
use crate::source::spool::Spool;

/// Lines of a directory that was read as a whole.
#[derive(Debug)]
pub(in crate::source) struct Scanned {
    /// The lines.
    pub(in crate::source) spool: Spool,
    /// Number of files that are not the engine's.
    pub(in crate::source) n_foreign: u64,
}

/// Reads a directory as it is now. Files that are torn are waited for as long as one is while a directory is followed.
///
/// # Errors
/// When it cannot be read, and when no file in it is an engine's.
pub(in crate::source) fn scan_once(dir: &Path, options: &Options) -> Result<Scanned, OpenError> {
    let failed = |error| OpenError::Unreadable { path: dir.to_owned(), error };
    let (reader, first) = recognize(dir, options)?;
    if !first.is_recognized() {
        return Err(first.refusal(dir, reader.shape, options));
    }
    let mut scan = Scan::of(&reader, |_, _| false).map_err(failed)?;
    let since = Instant::now();
    while since.elapsed() < MAX_TORN && scan.torn.iter().any(|read| !is_old(read.modified)) {
        thread::sleep(RETRY_INTERVAL);
        read_torn_again(&mut scan, &reader);
    }
    let n_foreign = scan.n_foreign as u64;
    let mut spool = Spool::whole().map_err(failed)?;
    spool.keep(&lines(scan, &reader)).map_err(failed)?;
    Ok(Scanned { spool, n_foreign })
}

fn read_torn_again(scan: &mut Scan, reader: &FileReader) {
    for torn in std::mem::take(&mut scan.torn) {
        if let Some(read) = reader.read(&torn.name) {
            scan.sort_in(read);
        }
    }
}

/// The lines of a scan: its files in order, then what is wrong with the others.
fn lines(mut scan: Scan, reader: &FileReader) -> Vec<u8> {
    let [begin, end] = reader.shape.scan;
    let torn = std::mem::take(&mut scan.torn);
    let mut lines = Vec::with_capacity(scan.whole.iter().map(|read| read.line.len() + 1).sum());
    let mut add = |line: &[u8]| {
        lines.extend_from_slice(line);
        lines.push(b'\n');
    };
    add(begin.as_bytes());
    scan.in_order().iter().for_each(|read| add(&read.line));
    for read in &torn {
        if let FileContent::Torn(reason) = &read.content {
            add((reader.shape.torn)(&read.name, reason, &read.line).as_bytes());
        }
    }
    add(end.as_bytes());
    lines
}
