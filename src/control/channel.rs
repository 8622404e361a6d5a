//! The way of a command to where it goes: a queue, a thread that sends, and what became of each one.
//!
//! The caller never waits: a disk or a daemon may hang for minutes while the screen goes on. Must not know what a command's
//! outcome means to the user.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;

use super::command::Command;
use super::exec::{self, Exec};
use super::file::CommandFile;
use super::http::{self, Http};
use super::interrupt::Interrupt;
use super::open::ChannelOpenError;
use super::outcome::Outcome;
use super::place;
use super::program::ProgramFile;
use super::record::CommandRecord;
use super::refusal::SendError;
use super::sender::{Remote, Sender, SenderProgress, Sink};
use super::target::Target;
use super::token::Token;
use crate::fault::Faults;

/// Number of commands that may wait to be sent. More runs than a person marks, in a few MiB; a caller who
/// wants more gets an error, and loses nothing that was taken.
pub const WAITING: usize = 4096;

/// Number of outcomes that may wait for the loop. It takes them all at each turn; a sender that gets ahead
/// waits, and its own queue with it.
const OUTCOMES: usize = 64;

/// Settings that some targets need besides their name.
#[derive(Debug, Clone, Default)]
pub struct ChannelConfig {
    /// The secret that a daemon knows us by.
    pub token: Option<Token>,
    /// The file in which commands are noted that go to no file of their own.
    pub record: Option<PathBuf>,
    /// The directories that programs are looked for in, as in `PATH`.
    pub search: Option<OsString>,
    /// Faults to inject, for tests.
    pub faults: Faults,
}

/// Where commands go. Dropping it sends what is still queued, if the process lives long enough: see
/// [`Channel::finish`].
#[derive(Debug)]
pub struct Channel {
    target: Target,
    queue: mpsc::Sender<Command>,
    progress: Arc<SenderProgress>,
    /// Closes when the thread has ended.
    ended: blocking::Receiver<()>,
}

/// Some commands were not sent before patience ran out, or not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct Unsent {
    /// Number that have not left.
    pub waiting: usize,
    /// Number that were on their way, with no answer yet.
    pub unanswered: usize,
}

impl Unsent {
    fn words(self) -> String {
        let commands = |count| format!("{count} command{}", if count == 1 { "" } else { "s" });
        let verb = |count| if count == 1 { "was" } else { "were" };
        match (self.waiting, self.unanswered) {
            (waiting, 0) => format!("{} {} not sent", commands(waiting), verb(waiting)),
            (0, lost) => format!("{} had no answer yet; the log will tell", commands(lost)),
            (waiting, lost) => format!(
                "{} {} not sent, and {lost} had no answer yet; the log will tell",
                commands(waiting),
                verb(waiting)
            ),
        }
    }
}

/// The outcomes of the commands that were sent, as they come.
#[derive(Debug)]
pub struct Outcomes {
    outcomes: mpsc::Receiver<Outcome>,
    /// Is true once the death of the sender has been reported.
    keeps_still: bool,
    /// Keeps the queue open that never holds anything.
    _never: Option<mpsc::Sender<Outcome>>,
}

impl Channel {
    /// Finds out whether commands can be sent to `target`, and gets ready to. Touches nothing there.
    ///
    /// # Errors
    ///
    /// When the target is not fit, commands to it cannot be put on record, or no thread can be started.
    pub fn open(target: Target, means: &ChannelConfig) -> Result<(Self, Outcomes), ChannelOpenError> {
        let (target, sink) = sink(target, means)?;
        let (ready, is_ready) = blocking::channel();
        let opened = Self::start(target, means.faults, move |sender| sender.run(sink, &ready))?;
        // One that has died already had nothing to send with.
        is_ready
            .recv()
            .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
            .map_err(ChannelOpenError::Runtime)?;
        Ok(opened)
    }

    /// Starts the thread that sends.
    fn start(
        target: Target,
        faults: Faults,
        send: impl FnOnce(Sender) + Send + 'static,
    ) -> Result<(Self, Outcomes), ChannelOpenError> {
        let (queue, commands) = mpsc::channel(WAITING);
        let (sender, outcomes) = mpsc::channel(OUTCOMES);
        let (alive, ended) = blocking::channel();
        let progress = Arc::new(SenderProgress::default());
        let sender = Sender { commands, outcomes: sender, progress: Arc::clone(&progress), faults };
        thread::Builder::new()
            .name("control".to_owned())
            .spawn(move || {
                // Dropped when the thread ends, by a panic as well.
                let _alive: blocking::Sender<()> = alive;
                send(sender);
            })
            .map_err(ChannelOpenError::Thread)?;
        let channel = Self { target, queue, progress, ended };
        Ok((channel, Outcomes { outcomes, keeps_still: false, _never: None }))
    }

    /// Where commands go, to be shown before they do.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// Returns the number of commands that can be queued at this moment. There is room again when an outcome
    /// has come; so a caller with many to send fills the room at each outcome, and is never told that it is
    /// [`SendError::Busy`].
    #[must_use]
    pub fn room(&self) -> usize {
        self.queue.capacity()
    }

    /// Queues a command, and returns at once. What becomes of it is told by [`Outcomes`].
    ///
    /// # Errors
    ///
    /// When too many commands wait already, or the sender has died. This one has not been sent then.
    pub fn send(&self, command: Command) -> Result<(), SendError> {
        self.progress.open.fetch_add(1, Ordering::SeqCst);
        self.queue.try_send(command).map_err(|error| {
            self.progress.open.fetch_sub(1, Ordering::SeqCst);
            match error {
                mpsc::error::TrySendError::Full(_) => SendError::Busy,
                mpsc::error::TrySendError::Closed(_) => SendError::Dead,
            }
        })
    }

    /// Waits until everything queued has been sent and answered, at the end of the program.
    ///
    /// # Errors
    ///
    /// When that takes longer than `patience`.
    pub fn finish(self, patience: Duration) -> Result<(), Unsent> {
        let Self { queue, progress, ended, .. } = self;
        drop(queue);
        // It never says anything: either it has ended, or patience has.
        let _ = ended.recv_timeout(patience);
        progress.is_over.store(true, Ordering::SeqCst);
        let unanswered = progress.on_their_way.load(Ordering::SeqCst);
        match progress.open.load(Ordering::SeqCst) {
            0 => Ok(()),
            open => Err(Unsent { waiting: open.saturating_sub(unanswered), unanswered }),
        }
    }
}

/// Opens the sink that takes the commands to a target, and returns it with the target's full name.
fn sink(target: Target, means: &ChannelConfig) -> Result<(Target, Sink), ChannelOpenError> {
    let record = |target: &Target| CommandRecord::open(means.record.as_deref(), target);
    match target {
        Target::File(path) => {
            place::survey(&path).map_err(|unfit| ChannelOpenError::Unfit { path: path.clone(), unfit })?;
            let file = CommandFile::new(&path);
            Ok((Target::File(path), Sink::File(file)))
        }
        Target::Exec(name) => {
            let program = program(&name, means)?;
            let target = Target::Exec(program.path().to_owned());
            let exec = Remote::Exec(Arc::new(Exec::new(program, None, exec::PROGRAM_TIMEOUT)));
            let record = record(&target)?;
            Ok((target, Sink::Remote(exec, record)))
        }
        Target::Call(call) => {
            let program = program(call.program(), means)?;
            let call = call.at(program.path().to_owned());
            let exec = Exec::new(program, Some(call.clone()), exec::PROGRAM_TIMEOUT);
            let target = Target::Call(call);
            let record = record(&target)?;
            Ok((target, Sink::Remote(Remote::Exec(Arc::new(exec)), record)))
        }
        Target::Http(origin) => {
            let http = Http::new(&origin, means.token.as_ref(), http::REQUEST_TIMEOUT)?;
            let target = Target::Http(origin);
            let record = record(&target)?;
            Ok((target, Sink::Remote(Remote::Http(Arc::new(http)), record)))
        }
        Target::Signal(process) => {
            let pid = process.pid();
            let (interrupt, process) =
                Interrupt::open(&process).map_err(|unfit| ChannelOpenError::Process { pid, unfit })?;
            let target = Target::Signal(process);
            let record = record(&target)?;
            Ok((target, Sink::Remote(Remote::Signal(Arc::new(interrupt)), record)))
        }
    }
}

/// Finds a program, and finds out whether it is fit.
fn program(name: &Path, means: &ChannelConfig) -> Result<ProgramFile, ChannelOpenError> {
    let untrusted = |path: &Path, untrusted| ChannelOpenError::Untrusted { path: path.to_owned(), untrusted };
    let program = ProgramFile::find(name, means.search.as_deref()).map_err(|why| untrusted(name, why))?;
    program.inspect().map_err(|why| untrusted(program.path(), why))?;
    Ok(program)
}

impl Outcomes {
    /// Waits for the next outcome; none when the sender has died, which is reported once: a caller who asks
    /// again waits for ever. May be dropped while it waits, and loses none.
    pub async fn recv(&mut self) -> Option<Outcome> {
        if self.keeps_still {
            return std::future::pending().await;
        }
        let outcome = self.outcomes.recv().await;
        self.keeps_still = outcome.is_none();
        outcome
    }

    /// Takes an outcome that is there already.
    pub fn try_recv(&mut self) -> Option<Outcome> {
        self.outcomes.try_recv().ok()
    }

    /// Returns outcomes for a caller who sends nothing: to wait for one is to wait for ever.
    pub(super) fn never() -> Self {
        let (sender, outcomes) = mpsc::channel(1);
        Self { outcomes, keeps_still: false, _never: Some(sender) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Instant;

    use rustix::fs::{CWD, Mode, OFlags, mkfifoat, open};

    use super::super::command::CommandNames;
    use super::*;

    fn open_file(path: &Path) -> (Channel, Outcomes) {
        Channel::open(Target::File(path.to_owned()), &ChannelConfig::default()).unwrap()
    }

    /// Sends one command, and waits for what becomes of it.
    fn send(channel: &Channel, outcomes: &mut Outcomes) -> Result<Command, SendError> {
        send_this(channel, outcomes, Command::any())
    }

    fn send_this(channel: &Channel, outcomes: &mut Outcomes, command: Command) -> Result<Command, SendError> {
        channel.send(command.clone())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let limit = Duration::from_secs(20);
        let outcome =
            runtime.block_on(async { tokio::time::timeout(limit, outcomes.recv()).await }).unwrap().unwrap();
        assert_eq!((outcome.id, outcome.kind), (command.id, command.kind));
        outcome.result.map(|()| command)
    }

    #[test]
    fn commands_are_appended_line_by_line_and_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands.jsonl");
        let (channel, mut outcomes) = open_file(&path);
        assert!(!path.exists());
        let first = send(&channel, &mut outcomes).unwrap();
        let second = send(&channel, &mut outcomes).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("{}\n{}\n", first.to_line(), second.to_line()));
    }

    #[test]
    fn an_id_is_sent_as_it_is_written_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands.jsonl");
        let (channel, mut outcomes) = open_file(&path);
        let called = |text: String| {
            let names = CommandNames { text: Some(text.into()), ..CommandNames::default() };
            Command { names, ..Command::any() }
        };
        let error = send_this(&channel, &mut outcomes, called("\u{1}".repeat(1024))).unwrap_err();
        assert!(error.to_string().contains("more than a line of 4096 bytes"), "{error}");
        send_this(&channel, &mut outcomes, called("仕事\n\"1\"".to_owned())).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["run_id"], "仕事\n\"1\"");
    }

    #[test]
    fn what_was_queued_is_sent_before_the_end_without_a_receiver() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands.jsonl");
        let (channel, outcomes) = open_file(&path);
        for _ in 0..3 * OUTCOMES {
            channel.send(Command::any()).unwrap();
        }
        drop(outcomes);
        assert_eq!(channel.finish(Duration::from_secs(60)), Ok(()));
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3 * OUTCOMES);
    }

    #[test]
    fn a_loop_that_does_not_listen_is_told_that_the_queue_is_full() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("pipe");
        mkfifoat(CWD, &fifo, Mode::RUSR | Mode::WUSR).unwrap();
        let (channel, _outcomes) = open_file(&fifo);
        // Without a reader each one fails at once, until the outcomes are full and the sender has one more in its hand.
        let (mut taken, since) = (0, Instant::now());
        while taken < WAITING + OUTCOMES + 1 {
            taken += usize::from(channel.send(Command::any()).is_ok());
            assert!(since.elapsed() < Duration::from_secs(20), "{taken}");
        }
        assert!(matches!(channel.send(Command::any()), Err(SendError::Busy)));
        assert_eq!(channel.room(), 0);
        assert!(matches!(channel.finish(Duration::ZERO), Err(Unsent { waiting: WAITING.., unanswered: 0 })));
    }

    /// A disk that hangs in the middle of a command: else its command is told as not sent, and is obeyed all the same.
    #[test]
    fn what_is_on_its_way_to_the_disk_is_not_called_unsent_and_nothing_leaves_after_the_end() {
        let (begun, has_begun) = blocking::channel();
        let (resume, wait) = blocking::channel();
        let (channel, _outcomes) =
            Channel::start(Target::File("hung".into()), Faults::default(), move |sender| {
                sender.append(|line| {
                    begun.send(line.to_owned()).unwrap();
                    wait.recv().unwrap();
                    Ok(())
                });
            })
            .unwrap();
        for _ in 0..3 {
            channel.send(Command::any()).unwrap();
        }
        has_begun.recv().unwrap();
        let unsent = channel.finish(Duration::ZERO).unwrap_err();
        assert_eq!(unsent, Unsent { waiting: 2, unanswered: 1 });
        // The disk comes back: the other two have been told as not sent, and are not.
        resume.send(()).unwrap();
        assert!(has_begun.recv().is_err());
    }

    /// Else the loop, which asks for outcomes before it asks for lines, does nothing any more but to hear of a death.
    #[test]
    fn a_dead_sender_is_told_once() {
        let (_channel, mut outcomes) =
            Channel::start(Target::File("gone".into()), Faults::default(), drop).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            assert!(outcomes.recv().await.is_none());
            let again = tokio::time::timeout(Duration::from_millis(20), outcomes.recv()).await;
            assert!(again.is_err(), "{again:?}");
        });
    }

    #[test]
    fn a_pipe_takes_whole_commands_while_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("pipe");
        mkfifoat(CWD, &fifo, Mode::RUSR | Mode::WUSR).unwrap();
        let (channel, mut outcomes) = open_file(&fifo);
        assert!(matches!(send(&channel, &mut outcomes), Err(SendError::NoReader { .. })));
        let reader = open(&fifo, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()).unwrap();
        let sent = send(&channel, &mut outcomes).unwrap();
        let mut buffer = [0; 8192];
        let length = rustix::io::read(&reader, &mut buffer).unwrap();
        assert_eq!(buffer[..length], *format!("{}\n", sent.to_line()).as_bytes());
        // A reader that does not read fills it: what has no room for all of itself is not sent at all.
        let mut n_sent = 0;
        let error = loop {
            match send(&channel, &mut outcomes) {
                Ok(_) => n_sent += 1,
                Err(error) => break error,
            }
            assert!(n_sent < 10_000);
        };
        assert!(matches!(error, SendError::Write { .. }) && error.to_string().contains("slow"), "{error}");
        let mut text = vec![];
        while let Ok(length @ 1..) = rustix::io::read(&reader, &mut buffer) {
            text.extend_from_slice(&buffer[..length]);
        }
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        assert!(lines.len() == n_sent && lines.iter().all(|line| line.ends_with(b"}\n")));
        drop(reader);
        assert!(matches!(send(&channel, &mut outcomes), Err(SendError::NoReader { .. })));
    }
}
