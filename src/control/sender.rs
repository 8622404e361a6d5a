//! The thread that sends: one command after the other to a file, several at a time to programs and daemons.
//!
//! The caller waits for none of it. What is not in a file of its own is put on record first.

use std::io;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc as blocking;
use std::thread;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};

use super::command::{Command, MAX_LINE};
use super::exec::Exec;
use super::file::CommandFile;
use super::http::Http;
use super::interrupt::Interrupt;
use super::outcome::Outcome;
use super::record::CommandRecord;
use super::refusal::SendError;
use crate::fault::{Fault, Faults};

/// Number of requests under way at one time: a daemon takes them one by one, so more would only wait there.
const MAX_REQUESTS: usize = 8;

/// Number of programs that run at one time where the number of cores is not known.
const DEFAULT_PROGRAMS: usize = 4;

/// Destination of commands.
#[derive(Debug)]
pub(super) enum Sink {
    /// A file, which is its own record.
    File(CommandFile),
    /// A program or server that may take long.
    Remote(Remote, CommandRecord),
}

/// A destination that may take long, and may be asked several things at one time.
#[derive(Debug, Clone)]
pub(super) enum Remote {
    Exec(Arc<Exec>),
    Http(Arc<Http>),
    Signal(Arc<Interrupt>),
}

/// Progress of the sender.
#[derive(Debug, Default)]
pub(super) struct SenderProgress {
    /// Number of commands taken from the caller that have no outcome yet.
    pub(super) open: AtomicUsize,
    /// Number of these that are on their way.
    pub(super) on_their_way: AtomicUsize,
    /// The caller waits no more, and is told what was not sent: nothing leaves after that.
    pub(super) is_over: AtomicBool,
}

impl SenderProgress {
    /// Notes that `n` commands are about to leave; returns true if they still may.
    fn may_leave(&self, n: usize) -> bool {
        // In this order: a caller that ends it either sees them on their way, or is seen.
        self.on_their_way.fetch_add(n, Ordering::SeqCst);
        let may_leave = !self.is_over.load(Ordering::SeqCst);
        if !may_leave {
            self.has_left(n);
        }
        may_leave
    }

    /// Notes that `n` are not on their way any more.
    fn has_left(&self, n: usize) {
        self.on_their_way.fetch_sub(n, Ordering::SeqCst);
    }
}

impl Remote {
    fn at_once(&self) -> usize {
        match self {
            Self::Exec(_) => thread::available_parallelism()
                .map_or(DEFAULT_PROGRAMS, |cores| cores.get().min(DEFAULT_PROGRAMS)),
            Self::Http(_) => MAX_REQUESTS,
            Self::Signal(_) => 1,
        }
    }

    async fn send(self, command: Command) -> Outcome {
        let result = match self {
            Self::Exec(exec) => exec.send(&command).await,
            Self::Http(http) => http.send(&command).await,
            Self::Signal(interrupt) => interrupt.send(&command),
        };
        Outcome { id: command.id, kind: command.kind, result }
    }
}

/// State of the thread.
pub(super) struct Sender {
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) outcomes: mpsc::Sender<Outcome>,
    pub(super) progress: Arc<SenderProgress>,
    pub(super) faults: Faults,
}

impl Sender {
    /// Sends what is queued, until no sender can queue any more. Reports first if it can.
    pub(super) fn run(self, sink: Sink, ready: &blocking::Sender<io::Result<()>>) {
        match sink {
            Sink::File(mut file) => {
                let _ = ready.send(Ok(()));
                self.append(|line| file.append(line));
            }
            Sink::Remote(remote, record) => {
                let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => runtime,
                    Err(error) => return drop(ready.send(Err(error))),
                };
                let _ = ready.send(Ok(()));
                runtime.block_on(self.ask(remote, record));
                // A name that is still looked up is not waited for.
                runtime.shutdown_background();
            }
        }
    }

    /// Hands each line to `append` in the order in which it was asked, and waits for the disk as long as that takes.
    pub(super) fn append(mut self, mut append: impl FnMut(&str) -> Result<(), SendError>) {
        while let Some(command) = self.commands.blocking_recv() {
            if self.is_to_die() || !self.progress.may_leave(1) {
                break;
            }
            let line = command.to_line();
            let result = if line.len() < MAX_LINE { append(&line) } else { Err(SendError::LongId) };
            self.progress.has_left(1);
            self.progress.open.fetch_sub(1, Ordering::SeqCst);
            // At the end the receiver is gone; what was queued is sent all the same.
            let _ = self.outcomes.blocking_send(Outcome { id: command.id, kind: command.kind, result });
        }
    }

    /// Asks several things at one time, each after it was put on record.
    async fn ask(mut self, remote: Remote, mut record: CommandRecord) {
        let at_once = remote.at_once();
        let mut asking = JoinSet::new();
        let mut next = Vec::with_capacity(at_once);
        let mut is_open = true;
        while is_open || !asking.is_empty() {
            let room = at_once.saturating_sub(asking.len());
            tokio::select! {
                biased;
                Some(outcome) = asking.join_next() => {
                    let outcome: Outcome = outcome.unwrap_or_else(|error| die(error));
                    record.ended(outcome.id, &outcome.result);
                    self.progress.has_left(1);
                    self.tell(outcome).await;
                }
                n_taken = self.commands.recv_many(&mut next, room), if is_open && room > 0 => {
                    if n_taken == 0 || self.is_to_die() || !self.progress.may_leave(n_taken) {
                        is_open = false;
                        continue;
                    }
                    let words = record.asked(&next).err().map(|error| error.to_string());
                    for command in next.drain(..) {
                        if let Some(words) = &words {
                            self.progress.has_left(1);
                            self.tell(unrecorded(&command, words)).await;
                        } else {
                            asking.spawn(remote.clone().send(command));
                        }
                    }
                }
            }
        }
    }

    /// Returns true if it is to end now because that was asked for; a panic of it happens here.
    fn is_to_die(&self) -> bool {
        self.faults.strike(Fault::PanicSender);
        self.faults.has(Fault::DeadSender)
    }

    async fn tell(&self, outcome: Outcome) {
        self.progress.open.fetch_sub(1, Ordering::SeqCst);
        // At the end the receiver is gone; what was queued is sent all the same.
        let _ = self.outcomes.send(outcome).await;
    }
}

fn unrecorded(command: &Command, words: &str) -> Outcome {
    Outcome { id: command.id, kind: command.kind, result: Err(SendError::Unrecorded(words.to_owned())) }
}

/// A panic of one is the end of all, as everywhere: the loop sees it and says so.
fn die(error: JoinError) -> ! {
    panic::resume_unwind(error.into_panic())
}
