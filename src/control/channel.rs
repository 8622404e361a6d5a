//! The way of a command to where it goes: a queue, a thread that sends, and what became of each one.
//!
//! The caller never waits: a disk may hang for minutes while the screen goes on. Must not know what a command's
//! outcome means to anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc as blocking;
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::control::command::Command;
use crate::control::file::CommandFile;
use crate::control::place;
use crate::control::target::Target;
use crate::model::id::{CommandId, RunId};

pub use crate::control::file::SendError;
pub use crate::control::place::{OpenError, Unfit};

/// How many commands may wait to be sent. More runs than a person marks, in a few MiB; whoever wants more is told,
/// and loses nothing that was taken.
pub const WAITING: usize = 4096;

/// How many outcomes may wait for the loop. It takes them all at each turn; a sender that gets ahead waits, and
/// its own queue with it.
const OUTCOMES: usize = 64;

/// What became of a command.
#[derive(Debug)]
pub struct Outcome {
    /// The command.
    pub id: CommandId,
    /// The run that it is about.
    pub run: RunId,
    /// Whether it was taken.
    pub result: Result<(), SendError>,
}

/// Where commands go. Dropping it sends what is still queued, if the process lives long enough: see
/// [`Channel::finish`].
#[derive(Debug)]
pub struct Channel {
    target: Target,
    queue: blocking::SyncSender<Command>,
    /// How many commands were taken from the caller and have not been tried yet.
    waiting: Arc<AtomicUsize>,
    /// Closes when the thread has ended.
    ended: blocking::Receiver<()>,
}

/// Some commands were not sent before patience ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} commands were not sent")]
pub struct Unsent(pub usize);

/// The outcomes of the commands that were sent, as they come.
#[derive(Debug)]
pub struct Outcomes {
    outcomes: mpsc::Receiver<Outcome>,
    /// Keeps the queue open that never holds anything.
    _never: Option<mpsc::Sender<Outcome>>,
}

impl Channel {
    /// Finds out whether commands can be sent to `target`, and gets ready to. Touches nothing there.
    ///
    /// # Errors
    ///
    /// When the target is not fit, or no thread can be started.
    pub fn open(target: Target) -> Result<(Self, Outcomes), OpenError> {
        let Target::File(path) = &target;
        place::check(path)?;
        let file = CommandFile::new(path);
        let (queue, commands) = blocking::sync_channel(WAITING);
        let (sender, outcomes) = mpsc::channel(OUTCOMES);
        let (alive, ended) = blocking::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&waiting);
        thread::Builder::new()
            .name("control".to_owned())
            .spawn(move || {
                // Dropped when the thread ends, by a panic as well.
                let _alive: blocking::Sender<()> = alive;
                send_all(file, &commands, &sender, &left);
            })
            .map_err(OpenError::Thread)?;
        let channel = Self { target, queue, waiting, ended };
        Ok((channel, Outcomes { outcomes, _never: None }))
    }

    /// Where commands go, to be shown before they do.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// How many commands it takes before it is busy.
    #[must_use]
    pub fn room(&self) -> usize {
        WAITING.saturating_sub(self.waiting.load(Ordering::SeqCst))
    }

    /// Queues a command, and returns at once. What becomes of it is told by [`Outcomes`].
    ///
    /// # Errors
    ///
    /// When too many commands wait already, or the sender has died. This one has not been sent then.
    pub fn send(&self, command: Command) -> Result<(), SendError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.queue.try_send(command).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            match error {
                blocking::TrySendError::Full(_) => SendError::Busy,
                blocking::TrySendError::Disconnected(_) => SendError::Dead,
            }
        })
    }

    /// Waits until everything queued has been sent, at the end of the program.
    ///
    /// # Errors
    ///
    /// When that takes longer than `patience`.
    pub fn finish(self, patience: Duration) -> Result<(), Unsent> {
        let Self { queue, waiting, ended, .. } = self;
        drop(queue);
        // It never says anything: either it has ended, or patience has.
        let _ = ended.recv_timeout(patience);
        match waiting.load(Ordering::SeqCst) {
            0 => Ok(()),
            left => Err(Unsent(left)),
        }
    }
}

impl Outcomes {
    /// Waits for the next outcome; none when the sender has died. May be dropped while it waits, and loses none.
    pub async fn recv(&mut self) -> Option<Outcome> {
        self.outcomes.recv().await
    }

    /// Takes an outcome that is there already.
    pub fn try_recv(&mut self) -> Option<Outcome> {
        self.outcomes.try_recv().ok()
    }

    /// The outcomes of somebody who sends nothing: to wait for one is to wait for ever.
    pub(super) fn never() -> Self {
        let (sender, outcomes) = mpsc::channel(1);
        Self { outcomes, _never: Some(sender) }
    }
}

/// Sends what is queued, one by one, until nobody can queue any more.
fn send_all(
    mut file: CommandFile,
    commands: &blocking::Receiver<Command>,
    outcomes: &mpsc::Sender<Outcome>,
    waiting: &AtomicUsize,
) {
    while let Ok(command) = commands.recv() {
        let result = file.append(&command.to_line());
        waiting.fetch_sub(1, Ordering::SeqCst);
        // At the end nobody listens; what was queued is sent all the same.
        let _ = outcomes.blocking_send(Outcome { id: command.id, run: command.run(), result });
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use rustix::fs::{CWD, Mode, OFlags, mkfifoat, open};

    use super::*;
    use crate::control::command::{Kind, Operator};

    fn command() -> Command {
        Command {
            id: CommandId::random(),
            kind: Kind::Cancel { run: RunId::random() },
            reason: None,
            at_ms: 1,
            by: Operator { user: "ada".to_owned(), host: "box".to_owned(), pid: 1 },
            seen: 7,
        }
    }

    fn open_file(path: &Path) -> (Channel, Outcomes) {
        Channel::open(Target::File(path.to_owned())).unwrap()
    }

    /// Sends one command, and waits for what becomes of it.
    fn send(channel: &Channel, outcomes: &mut Outcomes) -> Result<Command, SendError> {
        let command = command();
        channel.send(command.clone())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let limit = Duration::from_secs(20);
        let outcome =
            runtime.block_on(async { tokio::time::timeout(limit, outcomes.recv()).await }).unwrap().unwrap();
        assert_eq!((outcome.id, outcome.run), (command.id, command.run()));
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
    fn what_was_queued_is_sent_before_the_end_although_nobody_listens() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("commands.jsonl");
        let (channel, outcomes) = open_file(&path);
        for _ in 0..3 * OUTCOMES {
            channel.send(command()).unwrap();
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
        // Without a reader each one fails at once, until the outcomes are full.
        let taken = (0..2 * WAITING).take_while(|_| channel.send(command()).is_ok()).count();
        assert!((WAITING..=WAITING + OUTCOMES + 1).contains(&taken), "{taken}");
        assert!(matches!(channel.send(command()), Err(SendError::Busy)));
        assert!(matches!(channel.finish(Duration::ZERO), Err(Unsent(WAITING..))));
    }

    #[test]
    fn a_pipe_takes_commands_while_somebody_reads_it() {
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
        drop(reader);
        assert!(matches!(send(&channel, &mut outcomes), Err(SendError::NoReader { .. })));
    }
}
