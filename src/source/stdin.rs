//! The standard input, read to its end as it comes.
//!
//! Its end is final, so its last line counts without a newline. Must not know files that change.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use super::archive::Archive;
use super::block::Block;
use super::delivery::{Delivery, SourceNotice, Status};
use super::fault_injection::FaultInjector;
use super::framing::Framing;
use super::open::{OpenError, Sniffer, reason};
use super::options::Options;
use super::passing::is_passing;
use super::read_once::stdin;
use super::reread::Reread;
use super::splitter::Splitter;
use super::spool::Spool;
use super::{Source, SourceStep};

/// Capacity of a pipe, in bytes: a read of less has emptied it.
const PIPE: usize = 64 << 10;

/// Reads between two statuses, so that progress is seen and costs nothing.
const READS_A_STATUS: u64 = 64;

/// The standard input as a source.
#[derive(Debug)]
pub(super) struct Stdin {
    input: File,
    lines: Box<dyn Splitter>,
    next_line: u64,
    sniffer: Sniffer,
    mishaps: FaultInjector,
    framing: Framing,
    spool: Option<Spool>,
    n_reads: u64,
    queue: VecDeque<Delivery>,
    has_ended: bool,
}

impl Stdin {
    /// Begins with what comes next.
    pub(super) fn open(options: Options) -> Result<Self, OpenError> {
        match stdin() {
            Ok(input) => Ok(Self::of(input, options)),
            Err(error) => Err(OpenError::Unreadable { path: PathBuf::from("stdin"), error }),
        }
    }

    fn of(input: File, options: Options) -> Self {
        let spool = options.keep_pipes.then(Spool::new).transpose();
        let handle = spool.as_ref().ok().and_then(Option::as_ref).map(Spool::handle);
        let mut queue = VecDeque::new();
        queue.push_back(Delivery::Notice(SourceNotice::Opened { generation: 0, first_line: 1, handle }));
        if let Err(error) = &spool {
            queue.push_back(Delivery::Notice(SourceNotice::NotKept(reason(error))));
        }
        Self {
            input,
            lines: options.framing.splitter(options.limits, 0),
            next_line: 1,
            sniffer: Sniffer::new(options.framing),
            mishaps: FaultInjector::new(options.faults),
            framing: options.framing,
            spool: spool.ok().flatten(),
            n_reads: 0,
            queue,
            has_ended: false,
        }
    }

    /// Waits for the next bytes, and queues what comes of them.
    fn read(&mut self) -> Result<(), OpenError> {
        let path = || PathBuf::from("stdin");
        let mut input = &self.input;
        let offset = self.lines.end();
        let space = self.lines.space();
        let n = match self.mishaps.read(space, |space| input.read(space)) {
            Ok(0) => {
                self.end();
                return Ok(());
            }
            Ok(n) => n,
            Err(error) if is_passing(&error) => return Ok(()),
            Err(error) => return Err(OpenError::Broken { path: path(), offset, error }),
        };
        let new = &space[..n];
        if let Some(kind) = self.sniffer.look(new) {
            return Err(OpenError::NotALog { path: path(), kind });
        }
        let kept = self.spool.as_mut().map_or(Ok(()), |spool| spool.keep(new));
        self.lines.commit(n);
        if let Err(error) = kept {
            self.queue.push_back(Delivery::Notice(SourceNotice::NotKept(reason(&error))));
        }
        let block = self.lines.take(self.next_line);
        self.give(block);
        self.n_reads += 1;
        // The pipe was emptied: the user may be told so. Else only now and then.
        let is_drained = n < PIPE;
        if is_drained || self.n_reads.is_multiple_of(READS_A_STATUS) {
            self.tell(is_drained);
        }
        Ok(())
    }

    fn end(&mut self) {
        let block = self.lines.finish(self.next_line);
        self.give(block);
        self.tell(true);
        self.queue.push_back(Delivery::Notice(SourceNotice::Ended));
        self.has_ended = true;
    }

    fn give(&mut self, block: Option<Block>) {
        let Some(block) = block else { return };
        self.next_line += block.len_lines() as u64;
        self.queue.push_back(Delivery::Block(block));
    }

    fn tell(&mut self, caught_up: bool) {
        let (offset, pending) = (self.lines.end(), self.lines.pending());
        let status = Status { offset, size: offset, pending, caught_up, unavailable_since: None };
        self.queue.push_back(Delivery::Status(status));
    }
}

impl Source for Stdin {
    fn step(&mut self, _: Instant) -> SourceStep {
        loop {
            if let Some(delivery) = self.queue.pop_front() {
                return SourceStep::Deliver(delivery);
            }
            if self.has_ended {
                return SourceStep::Ended;
            }
            if let Err(error) = self.read() {
                return SourceStep::Failed(error);
            }
        }
    }

    fn rereader(&self) -> Box<dyn Reread> {
        Box::new(Archive::new(self.framing))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::OwnedFd;

    use super::*;

    fn check(chunks: &[&str], expected: &str) {
        let (from, mut to) = std::io::pipe().unwrap();
        for chunk in chunks {
            to.write_all(chunk.as_bytes()).unwrap();
        }
        drop(to);
        let mut source = Stdin::of(OwnedFd::from(from).into(), Options::of(crate::source::shape::SAMPLES));
        let mut found = Vec::new();
        loop {
            match source.step(Instant::now()) {
                SourceStep::Deliver(Delivery::Block(block)) => {
                    found.push(format!("{} lines", block.len_lines()));
                }
                SourceStep::Deliver(Delivery::Status(status)) => {
                    found.push(format!("{} of them pending", status.pending));
                }
                SourceStep::Deliver(Delivery::Notice(notice)) => found.push(notice.to_string()),
                SourceStep::Wait(_) => panic!("a pipe is waited for inside"),
                SourceStep::Ended => break,
                SourceStep::Failed(error) => {
                    found.push(error.to_string());
                    break;
                }
            }
        }
        assert_eq!(found.join("; "), expected);
    }

    #[test]
    fn the_end_of_a_pipe_is_final() {
        const BEGIN: &str = "reading the log from line 1; ";
        const END: &str = "the pipe was closed; this is all";
        check(&[], &format!("{BEGIN}0 of them pending; {END}"));
        check(
            &["{}\n{", "}"],
            &format!("{BEGIN}1 lines; 2 of them pending; 1 lines; 0 of them pending; {END}"),
        );
        check(&["\x7fELF\x02\x01\x01\0\0"], &format!("{BEGIN}stdin is binary"));
    }
}
