//! Reader thread of the log, and the channel from it to the event loop.
//!
//! The channel holds eight deliveries: at 256 KiB a block that is 2 MiB, enough to keep both threads busy, and few
//! enough that the backlog of the loop is a frame or two at most. The one place of the reader that knows a clock and
//! waits. Lines are decoded here, so that the loop only folds. Knows a source and a decoder, and no kind of source.

use std::any::Any;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::Given;
use super::batch::{Batch, Decoder};
use crate::fault::{Fault, Faults};
use crate::source::delivery::Delivery;
use crate::source::open::OpenError;
use crate::source::options::Options;
use crate::source::origin::Origin;
use crate::source::reread::Reread;
use crate::source::{self, Source, SourceStep};

const MAX_DELIVERIES_IN_FLIGHT: usize = 8;

/// Minimum interval between polls triggered by the watcher: a busy writer triggers thousands of hints a second.
const MIN_HINT_INTERVAL: Duration = Duration::from_millis(4);

/// A log being read by a thread of its own. Dropping the feed ends the thread.
#[derive(Debug)]
pub struct Feed {
    deliveries: mpsc::Receiver<Delivery<Batch>>,
    /// Wakes the thread from a wait. Capacity one: a wake carries no data.
    wake: SyncSender<()>,
    thread: Option<JoinHandle<Result<End, OpenError>>>,
    fate: Fate,
    log: Box<dyn Reread>,
    /// True if contents are held open for rereading.
    reads_again: bool,
}

/// Reason why the thread ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The source has ended.
    Source,
    /// The feed was dropped.
    FeedDropped,
}

/// State of the reader thread.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is reading.
    Alive,
    /// It has read the log to its final end.
    Ended,
    /// It ended without a reason.
    Died,
    /// It met an error.
    Failed(Arc<OpenError>),
    /// It panicked, with this message.
    Panicked(String),
}

impl Feed {
    /// Opens the log and begins to read it.
    ///
    /// # Errors
    /// When the path cannot be read or is not a log. A missing file is waited for.
    pub fn open(origin: &Origin, options: Options, given: &Given) -> Result<Self, OpenError> {
        options.faults.start(Fault::StartReader).map_err(OpenError::NoThread)?;
        let (send, deliveries) = mpsc::channel(MAX_DELIVERIES_IN_FLIGHT);
        let (wake, roused) = sync_channel(1);
        let mut source = source::follow(origin, options)?;
        let log = source.rereader();
        let (hint, decoder) = (wake.clone(), Decoder::given(given));
        let thread = spawn(move || {
            source.watch(Arc::new(move || {
                // Full: a wake is already pending.
                let _ = hint.try_send(());
            }));
            drive(&mut *source, (decoder, options.faults), &roused, &send)
        });
        let thread = Some(thread.map_err(OpenError::NoThread)?);
        Ok(Self { deliveries, wake, thread, fate: Fate::Alive, log, reads_again: options.keep_pipes })
    }

    /// Receives the next delivery; `None` after the last one, when [`Feed::fate`] has the reason. Cancel safe.
    pub async fn recv(&mut self) -> Option<Delivery<Batch>> {
        let delivery = self.deliveries.recv().await?;
        self.note(&delivery);
        Some(delivery)
    }

    /// Receives a delivery if one is ready.
    pub fn try_recv(&mut self) -> Option<Delivery<Batch>> {
        let delivery = self.deliveries.try_recv().ok()?;
        self.note(&delivery);
        Some(delivery)
    }

    /// Rereading access to all contents of which a delivery was received.
    #[must_use]
    pub fn reread(&self) -> &dyn Reread {
        &*self.log
    }

    fn note(&mut self, delivery: &Delivery<Batch>) {
        if self.reads_again
            && let Delivery::Notice(notice) = delivery
        {
            self.log.note(notice);
        }
    }

    /// State of the reader thread.
    pub fn fate(&mut self) -> Fate {
        let is_over = self.deliveries.is_closed() && self.deliveries.is_empty();
        if is_over && let Some(thread) = self.thread.take() {
            // It has closed the channel, so it is about to end.
            self.fate = match thread.join() {
                Ok(Ok(End::Source)) => Fate::Ended,
                Ok(Ok(End::FeedDropped)) => Fate::Died,
                Ok(Err(error)) => Fate::Failed(Arc::new(error)),
                Err(panic) => Fate::Panicked(words(&*panic)),
            };
        }
        self.fate.clone()
    }
}

impl Drop for Feed {
    /// Ends the thread at its next delivery or wait. Does not join it: it may be blocked in a read of a silent pipe,
    /// or of a file system that does not answer.
    fn drop(&mut self) {
        self.deliveries.close();
        let _ = self.wake.try_send(());
    }
}

fn spawn<F>(reader: F) -> std::io::Result<JoinHandle<Result<End, OpenError>>>
where
    F: FnOnce() -> Result<End, OpenError> + Send + 'static,
{
    std::thread::Builder::new().name("log reader".to_owned()).spawn(reader)
}

/// Steps a source and waits for it, until it ends or the feed is dropped.
fn drive(
    source: &mut dyn Source,
    (mut decoder, faults): (Decoder, Faults),
    roused: &Receiver<()>,
    send: &mpsc::Sender<Delivery<Batch>>,
) -> Result<End, OpenError> {
    let mut has_waited = false;
    loop {
        match source.step(Instant::now()) {
            SourceStep::Deliver(delivery) => {
                if has_waited && matches!(delivery, Delivery::Block(_)) {
                    faults.strike(Fault::PanicReader);
                    if faults.has(Fault::DeadReader) {
                        return Ok(End::FeedDropped);
                    }
                }
                if send.blocking_send(decoded(delivery, &mut decoder)).is_err() {
                    return Ok(End::FeedDropped);
                }
            }
            SourceStep::Wait(until) => {
                has_waited = true;
                let since = Instant::now();
                match roused.recv_timeout(until.saturating_duration_since(since)) {
                    Ok(()) => {
                        source.hint();
                        let elapsed = since.elapsed();
                        if elapsed < MIN_HINT_INTERVAL && !send.is_closed() {
                            std::thread::sleep(MIN_HINT_INTERVAL - elapsed);
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => (),
                    // The feed was dropped.
                    Err(RecvTimeoutError::Disconnected) => return Ok(End::FeedDropped),
                }
                if send.is_closed() {
                    return Ok(End::FeedDropped);
                }
            }
            SourceStep::Ended => return Ok(End::Source),
            SourceStep::Failed(error) => return Err(error),
        }
    }
}

/// Decodes the lines of a delivery.
fn decoded(delivery: Delivery, decoder: &mut Decoder) -> Delivery<Batch> {
    match delivery {
        Delivery::Block(block) => Delivery::Block(decoder.decode(block)),
        Delivery::Status(status) => Delivery::Status(status),
        Delivery::Notice(notice) => Delivery::Notice(notice),
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::archive::Archive;

    #[test]
    fn a_thread_that_panics_ends_the_channel_and_says_why() {
        let (send, deliveries) = mpsc::channel(1);
        let (wake, _roused) = sync_channel(1);
        let thread = spawn(move || {
            drop(send);
            panic!("out of {}", "luck")
        });
        let (thread, log) = (Some(thread.unwrap()), Box::new(Archive::new(crate::engine::options().framing)));
        let mut feed = Feed { deliveries, wake, thread, fate: Fate::Alive, log, reads_again: true };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(runtime.block_on(feed.recv()).is_none());
        for _ in 0..2 {
            assert!(matches!(feed.fate(), Fate::Panicked(words) if words == "out of luck"));
        }
    }
}
