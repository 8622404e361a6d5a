//! The thread that reads the log, and the channel by which the loop hears of it.
//!
//! The channel holds eight deliveries: at 256 KiB a block that is 2 MiB, enough to keep both threads busy, and few
//! enough that the loop never works off a past that is longer than a frame or two. The one place of the reader that
//! knows a clock and waits. Lines are decoded here, so that the loop has nothing to do but fold.

mod pipe;

use std::any::Any;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc;

use super::batch::{Batch, Decoder};
use crate::fault::{Fault, Faults};
use crate::source::delivery::{Delivery, Notice};
use crate::source::file::watch::Watch;
use crate::source::file::{Follow, Options, Step};
use crate::source::open::OpenError;
use crate::source::origin::Origin;

const IN_FLIGHT: usize = 8;

/// Two looks after hints are this far apart at least: a busy writer hints thousands of times a second.
const CALM: Duration = Duration::from_millis(4);

/// A log that is being read by a thread of its own. Dropping it ends the thread.
#[derive(Debug)]
pub struct Feed {
    deliveries: mpsc::Receiver<Delivery<Batch>>,
    /// Rouses the thread from a wait. One place: that it is to look is all there is to say.
    rouse: SyncSender<()>,
    thread: Option<JoinHandle<Result<(), OpenError>>>,
    fate: Fate,
    /// Whether the log has an end. The reader of any other reads until nobody listens.
    has_end: bool,
}

/// What became of the thread that reads.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It reads.
    Alive,
    /// It has read everything there will ever be.
    Ended,
    /// It has ended, and nobody knows why.
    Died,
    /// It met an error.
    Failed(Arc<OpenError>),
    /// It panicked, with these words.
    Panicked(String),
}

impl Feed {
    /// Opens the log and begins to read it.
    ///
    /// # Errors
    /// When what is there cannot be read or is no log. A missing file is waited for.
    pub fn open(source: &Origin, options: Options) -> Result<Self, OpenError> {
        options.faults.start(Fault::StartReader).map_err(OpenError::NoThread)?;
        let (send, deliveries) = mpsc::channel(IN_FLIGHT);
        let (rouse, roused) = sync_channel(1);
        let thread = match source {
            Origin::Path(path) => {
                let follow = Follow::open(path, options, Instant::now(), SystemTime::now())?;
                let rouse = rouse.clone();
                let path = path.clone();
                spawn(move || {
                    let watch = if options.watch { Some(watch(&path, rouse, options.faults)) } else { None };
                    drive(follow, watch, &roused, &send, options.faults);
                    Ok(())
                })
            }
            Origin::Stdin => spawn(move || pipe::read(&options, &send)),
        };
        let thread = Some(thread.map_err(OpenError::NoThread)?);
        let has_end = matches!(source, Origin::Stdin);
        Ok(Self { deliveries, rouse, thread, fate: Fate::Alive, has_end })
    }

    /// Waits for the next delivery. `None` when there will be no more; [`Feed::fate`] then says why. Nothing is
    /// lost when the wait is given up.
    pub async fn recv(&mut self) -> Option<Delivery<Batch>> {
        self.deliveries.recv().await
    }

    /// Takes a delivery that is there already.
    pub fn try_recv(&mut self) -> Option<Delivery<Batch>> {
        self.deliveries.try_recv().ok()
    }

    /// What became of the thread that reads.
    pub fn fate(&mut self) -> Fate {
        let is_over = self.deliveries.is_closed() && self.deliveries.is_empty();
        if is_over && let Some(thread) = self.thread.take() {
            // It has let go of the channel, so it is about to end.
            self.fate = match thread.join() {
                Ok(Ok(())) if self.has_end => Fate::Ended,
                Ok(Ok(())) => Fate::Died,
                Ok(Err(error)) => Fate::Failed(Arc::new(error)),
                Err(panic) => Fate::Panicked(words(&*panic)),
            };
        }
        self.fate.clone()
    }
}

impl Drop for Feed {
    /// Ends the thread at its next delivery or wait. It is not waited for: it may be inside a read of a pipe that is
    /// silent, or of a file system that does not answer.
    fn drop(&mut self) {
        self.deliveries.close();
        let _ = self.rouse.try_send(());
    }
}

fn spawn<F>(reader: F) -> std::io::Result<JoinHandle<Result<(), OpenError>>>
where
    F: FnOnce() -> Result<(), OpenError> + Send + 'static,
{
    std::thread::Builder::new().name("log reader".to_owned()).spawn(reader)
}

fn watch(path: &Path, rouse: SyncSender<()>, faults: Faults) -> Result<Watch, String> {
    if faults.has(Fault::DeadWatcher) {
        return Err("its thread has ended".to_owned());
    }
    Watch::new(path, move || {
        faults.strike(Fault::PanicWatcher);
        // Full: it is going to look anyway.
        let _ = rouse.try_send(());
    })
}

/// Steps `follow` and waits for it, until nobody listens.
fn drive(
    mut follow: Follow,
    watch: Option<Result<Watch, String>>,
    roused: &Receiver<()>,
    send: &mpsc::Sender<Delivery<Batch>>,
    faults: Faults,
) {
    let mut has_waited = false;
    let mut decoder = Decoder::default();
    let mut watch = match watch {
        Some(Ok(watch)) => Some(watch),
        Some(Err(reason)) => {
            let _ = send.blocking_send(Delivery::Notice(Notice::FellBack(reason)));
            None
        }
        None => None,
    };
    loop {
        match follow.step(Instant::now()) {
            Step::Deliver(delivery) => {
                if has_waited && matches!(delivery, Delivery::Block(_)) {
                    faults.strike(Fault::PanicReader);
                    if faults.has(Fault::DeadReader) {
                        return;
                    }
                }
                if send.blocking_send(decoded(delivery, &mut decoder)).is_err() {
                    return;
                }
            }
            Step::Wait(until) => {
                has_waited = true;
                match watch.as_mut().map(Watch::renew) {
                    Some(Ok(true)) => {
                        follow.hint();
                        continue;
                    }
                    Some(Err(reason)) => {
                        watch = None;
                        let _ = send.blocking_send(Delivery::Notice(Notice::FellBack(reason)));
                    }
                    Some(Ok(false)) | None => (),
                }
                let since = Instant::now();
                match roused.recv_timeout(until.saturating_duration_since(since)) {
                    Ok(()) => {
                        follow.hint();
                        if since.elapsed() < CALM && !send.is_closed() {
                            std::thread::sleep(CALM - since.elapsed().min(CALM));
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => (),
                    // The feed was dropped.
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                if send.is_closed() {
                    return;
                }
            }
        }
    }
}

/// The delivery with its lines decoded.
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

    #[test]
    fn a_thread_that_panics_ends_the_channel_and_says_why() {
        let (send, deliveries) = mpsc::channel(1);
        let (rouse, _roused) = sync_channel(1);
        let thread = spawn(move || {
            drop(send);
            panic!("out of {}", "luck")
        });
        let mut feed =
            Feed { deliveries, rouse, thread: Some(thread.unwrap()), fate: Fate::Alive, has_end: false };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(runtime.block_on(feed.recv()).is_none());
        for _ in 0..2 {
            assert!(matches!(feed.fate(), Fate::Panicked(words) if words == "out of luck"));
        }
    }
}
