//! One content of the log, held open from its first byte to its last.
//!
//! Reads by position through the descriptor, so it does not care what the path leads to meanwhile. Must not look at
//! the path.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use super::hole::{LONG, end_of_hole};
use super::marker::{Marker, TornMarker};
use crate::source::block::Block;
use crate::source::fault_injection::FaultInjector;
use crate::source::framing::Framing;
use crate::source::handle::Handle;
use crate::source::open::{FileId, Opened, Sniffer, path_of};
use crate::source::options::Options;
use crate::source::sniff::{FileKind, SNIFFED, sniff};
use crate::source::splitter::Splitter;
use crate::source::spool::Spool;

/// One content of the log.
#[derive(Debug)]
pub(super) struct Generation {
    pub(super) number: u32,
    pub(super) id: FileId,
    file: Arc<File>,
    lines: Box<dyn Splitter>,
    /// Before the last byte that was read.
    reached: Marker,
    /// Around the start of the torn last line.
    torn: TornMarker,
    /// The first bytes.
    head: Vec<u8>,
    framing: Framing,
    sniffer: Sniffer,
    mishaps: FaultInjector,
    /// It is a pipe, which has no positions.
    pipe: Option<Pipe>,
    /// When it was written last, as of the last look.
    modified: Option<SystemTime>,
    /// Another content took its place: no late writer can reach it.
    pub(super) is_over: bool,
}

#[derive(Debug)]
struct Pipe {
    spool: Option<Spool>,
}

/// Result of one read.
#[derive(Debug)]
pub(super) enum Bytes {
    /// Some, and perhaps more.
    Some,
    /// Some, but the pipe's copy of them failed.
    NotKept(io::Error),
    /// None for now.
    End,
    /// None, and no program has the pipe open for writing: what came is all of it, until the next writer.
    NoWriter,
    /// Bytes that were read before are not there any more.
    Changed,
    /// The first ones are not a log's.
    NotALog(FileKind),
}

/// Degree to which a file has the bytes that were read of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// All whole lines, in their places.
    Same,
    /// It begins alike and is shorter, with this number of bytes: it may be a copy that is being written.
    Begins(u64),
    /// It is another content.
    Other,
}

/// First bytes of a content that are compared with those of another. The first line has its sequence and its time in them.
const HEAD: usize = 256;

/// Metadata of a descriptor's file.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileMetadata {
    pub(super) size: u64,
    pub(super) is_linked: bool,
    /// It is told of the file that was opened. A file system that goes by paths tells of what has the name now, and reads
    /// what had it before.
    pub(super) is_own: bool,
    pub(super) modified: SystemTime,
}

impl Generation {
    pub(super) fn new(opened: Opened, options: &Options, number: u32) -> Self {
        let spool = || options.keep_pipes.then(Spool::new).and_then(Result::ok);
        let pipe = opened.is_pipe.then(|| Pipe { spool: spool() });
        Self::from_file(Arc::new(opened.file), opened.id, options, number, pipe)
    }

    /// Returns a reader of the same file from its start.
    pub(super) fn afresh(&self, options: &Options, number: u32) -> Self {
        Self::from_file(Arc::clone(&self.file), self.id, options, number, None)
    }

    fn from_file(file: Arc<File>, id: FileId, options: &Options, number: u32, pipe: Option<Pipe>) -> Self {
        Self {
            number,
            id,
            file,
            lines: options.framing.splitter(options.limits, number),
            mishaps: FaultInjector::new(options.faults),
            reached: Marker::default(),
            torn: TornMarker::default(),
            head: Vec::new(),
            framing: options.framing,
            sniffer: Sniffer::new(options.framing),
            pipe,
            modified: None,
            is_over: false,
        }
    }

    /// Reads what fits before the next block.
    pub(super) fn read(&mut self) -> io::Result<Bytes> {
        self.skip_hole();
        let at = self.lines.end();
        let space = self.lines.space();
        let (file, is_pipe) = (&*self.file, self.pipe.is_some());
        let read = self.mishaps.read(space, |space| match is_pipe {
            false => file.read_at(space, at),
            true => (&*file).read(space),
        });
        let n = match read {
            Ok(0) if self.pipe.is_some() => return Ok(Bytes::NoWriter),
            Ok(0) => return Ok(Bytes::End),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(Bytes::Some),
            // A pipe whose writers are there and silent.
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Bytes::End),
            Err(error) => return Err(error),
        };
        let (new, n_whole) = self.lines.fresh(n);
        // Compared after the read: bytes of new content are then never taken for the old one's.
        if self.pipe.is_none() && !self.has_all(&self.file)? {
            return Ok(Bytes::Changed);
        }
        if let Some(kind) = self.sniffer.look(new) {
            return Ok(Bytes::NotALog(kind));
        }
        let mut kept = Ok(());
        match &mut self.pipe {
            None => {
                self.torn.pass(&self.reached, new, n_whole);
                self.reached.pass(new);
                if self.head.len() < HEAD && self.head.len() as u64 == at {
                    self.head.extend_from_slice(&new[..new.len().min(HEAD - self.head.len())]);
                }
            }
            Some(pipe) => {
                if let Some(spool) = &mut pipe.spool {
                    kept = spool.keep(new);
                }
            }
        }
        self.lines.commit(n);
        self.follow_damage();
        Ok(kept.map_or_else(Bytes::NotKept, |()| Bytes::Some))
    }

    /// Skips bytes that were never written. What is written there later is noticed as other content.
    fn skip_hole(&mut self) {
        if self.pipe.is_none()
            && self.lines.hole() >= LONG
            && let Some(end) = end_of_hole(&self.file, self.lines.end())
        {
            let n = end - self.lines.end();
            self.lines.skip_nuls(n);
            self.reached.pass_nuls(n);
        }
    }

    /// Returns true if a block should be taken before the next read.
    pub(super) fn is_full(&self) -> bool {
        self.lines.is_full()
    }

    /// Takes the whole lines that were read.
    pub(super) fn take(&mut self, line: u64) -> Option<Block> {
        let block = self.lines.take(line);
        self.follow_damage();
        block
    }

    /// Moves the marker to the end of the last whole record, where that is behind a damaged one.
    fn follow_damage(&mut self) {
        if self.pipe.is_none() {
            // What cannot be read now is tried with the next read.
            let _ = self.torn.move_to(self.lines.committed(), &self.reached, &self.file);
        }
    }

    /// Returns true if `file` has all that was read, as far as it is compared.
    fn has_all(&self, file: &File) -> io::Result<bool> {
        Ok(self.reached.holds_in(file)? && self.torn.begins_in(file, &self.reached)?)
    }

    /// When the writers of a pipe have left: takes the torn last line, whose end will not come.
    pub(super) fn finish(&mut self, line: u64) -> Option<Block> {
        let block = self.lines.finish(line)?;
        // The next writer's first line is another one, also when it is read back.
        self.lines.stand_in_newline();
        if let Some(Pipe { spool: Some(spool) }) = &mut self.pipe {
            // A disk that is full is told with the next bytes.
            let _ = spool.keep(b"\n");
        }
        Some(block)
    }

    /// Returns true if the bytes that were read are still there.
    pub(super) fn is_same(&self) -> io::Result<bool> {
        Ok(self.pipe.is_some() || self.has_all(&self.file)?)
    }

    /// Returns true if the torn last line may have been written over in its place, by a writer that claims
    /// its space in advance. Then the line is longer than what is compared of it.
    pub(super) fn is_torn_stale(&mut self, look: &FileMetadata) -> io::Result<bool> {
        let is_written = self.modified.replace(look.modified).is_some_and(|seen| seen != look.modified);
        if self.pipe.is_some() || self.lines.pending() == 0 {
            return Ok(false);
        }
        if self.lines.hole() == 0 {
            return Ok(is_written && look.size == self.lines.end());
        }
        let mut first = [0];
        let n = self.file.read_at(&mut first, self.lines.committed())?;
        // A byte order mark may come before a hole.
        Ok(n == 1 && first[0] != 0 && (self.lines.committed() > 0 || first[0] != 0xef))
    }

    /// When only the torn last line was cut or written again: goes back to its start. A writer that was killed
    /// mends its log this way.
    pub(super) fn rewind(&mut self) -> io::Result<bool> {
        if self.pipe.is_some() || !self.torn.whole().holds_in(&self.file)? {
            return Ok(false);
        }
        self.forget_torn();
        Ok(true)
    }

    fn forget_torn(&mut self) {
        self.lines.forget_torn();
        self.torn.forget_torn();
        self.reached.clone_from(self.torn.whole());
        self.head.truncate(usize::try_from(self.reached.at()).unwrap_or(HEAD));
    }

    /// Compares `file` with the bytes that were read. The torn last line is not compared.
    pub(super) fn likeness(&self, file: &File) -> io::Result<Likeness> {
        // The torn last line may have been mended meanwhile.
        let committed = self.torn.whole();
        let whole = usize::try_from(committed.at()).unwrap_or(HEAD);
        let own = &self.head[..self.head.len().min(whole)];
        let mut head = [0; HEAD];
        let n = read_head(file, &mut head[..own.len()])?;
        if head[..n] != own[..n] {
            return Ok(Likeness::Other);
        }
        if n == own.len() && !own.is_empty() && committed.holds_in(file)? {
            return Ok(Likeness::Same);
        }
        let size = file.metadata()?.len();
        let is_part = !committed.is_empty() && size < committed.at();
        Ok(if is_part { Likeness::Begins(size) } else { Likeness::Other })
    }

    /// Goes on behind the last whole line in a file that has all lines that were read, or behind the torn one in a copy
    /// that has it, too.
    pub(super) fn go_on_in(&mut self, copy: Opened) -> io::Result<()> {
        if copy.id == self.id || !self.has_all(&copy.file)? {
            self.forget_torn();
        }
        self.move_to(copy);
        Ok(())
    }

    /// Returns true if there is more to read in `file`, which has all that was read.
    pub(super) fn has_more_in(&self, file: &File) -> bool {
        file.read_at(&mut [0], self.lines.end()).is_ok_and(|n| n > 0)
    }

    /// Returns true if the first bytes, which were not a log's, are others now.
    pub(super) fn has_become_a_log(&self) -> bool {
        let mut head = [0; SNIFFED];
        self.file.read_at(&mut head, 0).is_ok_and(|n| n > 0 && sniff(self.framing, &head[..n]).is_none())
    }

    /// Returns true if `opened` is the same file with the same content, through another descriptor.
    pub(super) fn is_again(&self, opened: &Opened) -> bool {
        opened.id == self.id && (self.reached.is_empty() || self.goes_on_in(&opened.file))
    }

    /// Returns true if `file` has all that was read, so that it can be read on there.
    pub(super) fn goes_on_in(&self, file: &File) -> bool {
        !self.reached.is_empty() && self.has_all(file).unwrap_or(false)
    }

    /// Reads on in a copy of the file.
    pub(super) fn move_to(&mut self, copy: Opened) {
        self.file = Arc::new(copy.file);
        self.id = copy.id;
        self.mishaps.renew();
    }

    pub(super) fn look(&self) -> io::Result<FileMetadata> {
        let meta = self.file.metadata()?;
        Ok(FileMetadata {
            size: if self.pipe.is_some() { self.lines.end() } else { meta.len() },
            is_linked: meta.nlink() > 0,
            is_own: self.pipe.is_some() || FileId::of(&meta) == self.id,
            modified: meta.modified()?,
        })
    }

    /// Returns the path of its file now, under any name.
    pub(super) fn path(&self) -> Option<PathBuf> {
        if self.pipe.is_some() { None } else { path_of(&self.file) }
    }

    /// Returns the handle that reads it back.
    pub(super) fn handle(&self) -> Option<Handle> {
        match &self.pipe {
            None => Some(Handle::of(&self.file)),
            Some(pipe) => pipe.spool.as_ref().map(Spool::handle),
        }
    }

    pub(super) const fn is_pipe(&self) -> bool {
        self.pipe.is_some()
    }

    pub(super) fn pending(&self) -> u64 {
        self.lines.pending()
    }

    pub(super) fn end(&self) -> u64 {
        self.lines.end()
    }
}

/// Reads the first bytes of a file, as many as there are and there is space for.
fn read_head(file: &File, space: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < space.len() {
        match file.read_at(&mut space[n..], n as u64) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(n)
}
