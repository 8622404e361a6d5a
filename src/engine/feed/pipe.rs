//! The standard input, read to its end as it comes.
//!
//! Its end is final, so its last line counts without a newline. Must not know files that change.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use tokio::sync::mpsc::Sender;

use crate::engine::batch::{Batch, Decoder};
use crate::source::block::Block;
use crate::source::delivery::{Delivery, Notice, Status};
use crate::source::fault_injection::Mishaps;
use crate::source::file::Options;
use crate::source::lines::Lines;
use crate::source::open::{OpenError, Sniffer, reason};
use crate::source::read_once::{is_passing, stdin};
use crate::source::spool::Spool;

/// What a pipe holds: a read of less has emptied it.
const PIPE: usize = 64 << 10;

/// A status is sent after so many reads, so that progress is seen and costs nothing.
const READS_A_STATUS: u64 = 64;

/// Reads the standard input and sends what it says, until its end or until nobody listens.
pub(super) fn read(options: &Options, send: &Sender<Delivery<Batch>>) -> Result<(), OpenError> {
    match stdin() {
        Ok(input) => read_from(input, options, send),
        Err(error) => Err(OpenError::Unreadable { path: PathBuf::from("stdin"), error }),
    }
}

/// Nobody listens any more.
struct Unheard;

struct Pipe<'a> {
    lines: Lines,
    next_line: u64,
    send: &'a Sender<Delivery<Batch>>,
    decoder: Decoder,
}

fn read_from(mut input: File, options: &Options, send: &Sender<Delivery<Batch>>) -> Result<(), OpenError> {
    let mut mishaps = Mishaps::new(options.faults);
    let mut pipe =
        Pipe { lines: Lines::new(options.limits, 0), next_line: 1, send, decoder: Decoder::default() };
    let mut sniffer = Sniffer::default();
    let mut spool = options.keep_pipes.then(Spool::new).transpose();
    let handle = spool.as_ref().ok().and_then(Option::as_ref).map(Spool::handle);
    let mut told = pipe.say(Notice::Opened { generation: 0, first_line: 1, handle });
    if let Err(error) = &spool {
        told = pipe.say(Notice::NotKept(reason(error)));
    }
    let mut n_reads = 0_u64;
    while told.is_ok() {
        let offset = pipe.lines.end();
        let space = pipe.lines.space();
        let n = match mishaps.read(space, |space| input.read(space)) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if is_passing(&error) => continue,
            Err(error) => {
                return Err(OpenError::Broken { path: PathBuf::from("stdin"), offset, error });
            }
        };
        // The pipe was emptied: whoever looks may be told so. Else only now and then.
        let is_drained = n < PIPE;
        let new = &space[..n];
        if let Some(kind) = sniffer.look(new) {
            return Err(OpenError::NotALog { path: PathBuf::from("stdin"), kind });
        }
        let kept = match &mut spool {
            Ok(Some(spool)) => spool.keep(new),
            _ => Ok(()),
        };
        pipe.lines.commit(n);
        if let Err(error) = kept {
            told = pipe.say(Notice::NotKept(reason(&error)));
        }
        let block = pipe.lines.take(pipe.next_line);
        n_reads += 1;
        let is_due = is_drained || n_reads.is_multiple_of(READS_A_STATUS);
        told = told.and_then(|()| pipe.give(block));
        if is_due {
            told = told.and_then(|()| pipe.tell(is_drained));
        }
    }
    let block = pipe.lines.finish(pipe.next_line);
    // Unheard at the very end is no matter.
    let _ = pipe.give(block).and_then(|()| pipe.tell(true)).and_then(|()| pipe.say(Notice::Ended));
    Ok(())
}

impl Pipe<'_> {
    fn give(&mut self, block: Option<Block>) -> Result<(), Unheard> {
        let Some(block) = block else { return Ok(()) };
        self.next_line += block.len_lines() as u64;
        let batch = self.decoder.decode(block);
        self.deliver(Delivery::Block(batch))
    }

    fn tell(&self, caught_up: bool) -> Result<(), Unheard> {
        let (offset, pending) = (self.lines.end(), self.lines.pending());
        let status = Status { offset, size: offset, pending, caught_up, unavailable_since: None };
        self.deliver(Delivery::Status(status))
    }

    fn say(&self, notice: Notice) -> Result<(), Unheard> {
        self.deliver(Delivery::Notice(notice))
    }

    fn deliver(&self, delivery: Delivery<Batch>) -> Result<(), Unheard> {
        self.send.blocking_send(delivery).map_err(|_| Unheard)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::OwnedFd;

    use tokio::sync::mpsc;

    use super::*;

    fn check(chunks: &[&str], expected: &str) {
        let (from, mut to) = std::io::pipe().unwrap();
        let (send, mut deliveries) = mpsc::channel(1000);
        for chunk in chunks {
            to.write_all(chunk.as_bytes()).unwrap();
        }
        drop(to);
        let fate = read_from(OwnedFd::from(from).into(), &Options::default(), &send);
        let mut found = Vec::new();
        while let Ok(delivery) = deliveries.try_recv() {
            match delivery {
                Delivery::Block(block) => found.push(format!("{} lines", block.block().len_lines())),
                Delivery::Status(status) => found.push(format!("{} of them pending", status.pending)),
                Delivery::Notice(notice) => found.push(notice.to_string()),
            }
        }
        if let Err(error) = fate {
            found.push(error.to_string());
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
