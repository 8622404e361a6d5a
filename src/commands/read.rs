//! A whole log folded, for the reports: by workers in a ring, so that every core has something to do.
//!
//! Two things go round: what reads the log, and the store. Each worker takes the next block, passes the reader on,
//! decodes, waits for the store, folds, and passes the store on. So blocks are decoded side by side and folded in
//! order, each on the core whose cache has its events; nothing is shared, and nothing is locked.

use std::ops::ControlFlow as Flow;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::{io, panic, thread};

use super::Failure;
use super::nothing_read::no_newline;
use crate::engine;
use crate::engine::batch::{Batch, Decoder};
use crate::engine::fold;
use crate::source::open::OpenError;
use crate::source::origin::Origin;
use crate::source::read_once::{LogEnd, Once};
use crate::store::Store;

/// More would only wait: folding takes about as long as all the rest.
const WORKERS: usize = 2;

/// Reader of the log.
struct Reading {
    once: Once,
    decoder: Decoder,
}

/// Folder of the log into a store.
struct Folding<F> {
    store: Store,
    fold: F,
}

/// One place in the ring: where the two come from, and where they go.
struct Worker<F> {
    read: Receiver<Reading>,
    pass_read: Sender<Reading>,
    fold: Receiver<Folding<F>>,
    pass_fold: Sender<Folding<F>>,
}

/// Folds the whole log into an empty store; `after` sees the store after each batch.
///
/// # Errors
/// When the log cannot be read, or `after` fails.
///
/// # Panics
/// When a worker does.
pub fn fold_log<F>(source: &Origin, empty: Store, mut after: F) -> Result<(Store, LogEnd), Failure>
where
    F: FnMut(&mut Store) -> Result<(), Failure> + Send,
{
    let once = Once::open(source, engine::options_like(&empty))?;
    let (store, ending) = fold_until(once, empty, move |store, batch| {
        fold::batch(store, batch);
        after(store).map(Flow::Continue)
    })?;
    let ending = ending.unwrap_or_default();
    if ending.lines == 0 && ending.pending > 0 {
        return Err(no_newline(source, ending.pending));
    }
    Ok((store, ending))
}

/// Folds a log batch after batch by `fold`, to the log's end or until `fold` breaks off, which has not seen how the log
/// ends.
///
/// # Errors
/// When the log cannot be read, or `fold` fails.
///
/// # Panics
/// When a worker does.
pub(super) fn fold_until<F>(once: Once, store: Store, fold: F) -> Result<(Store, Option<LogEnd>), Failure>
where
    F: FnMut(&mut Store, &Batch) -> Result<Flow<()>, Failure> + Send,
{
    let decoder = Decoder::of(&store, 0, None);
    let reading = Reading { once, decoder };
    let folding = Folding { store, fold };
    let workers = ring(reading, folding);
    thread::scope(|scope| {
        let start = |worker: Worker<F>| thread::Builder::new().spawn_scoped(scope, || worker.work());
        // Without one of them the others end: its channels are gone with it.
        let threads = workers.into_iter().map(start).collect::<Result<Vec<_>, _>>().map_err(no_thread)?;
        let ends =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|it| panic::resume_unwind(it)));
        let ends: Vec<_> = ends.collect::<Result<_, Failure>>()?;
        Ok(*ends.into_iter().flatten().next().expect("one worker has the store when none has failed"))
    })
}

/// The reason why nothing is read where the system starts no thread.
fn no_thread(error: io::Error) -> Failure {
    OpenError::NoThread(error).into()
}

/// Makes the workers, and gives both things to the first.
fn ring<F>(reading: Reading, folding: Folding<F>) -> Vec<Worker<F>> {
    let (mut readers, read): (Vec<_>, Vec<_>) = (0..WORKERS).map(|_| channel()).unzip();
    let (mut folders, fold): (Vec<_>, Vec<_>) = (0..WORKERS).map(|_| channel()).unzip();
    readers[0].send(reading).expect("its receiver is here");
    folders[0].send(folding).expect("its receiver is here");
    readers.rotate_left(1);
    folders.rotate_left(1);
    let (readers, folders) = (readers.into_iter(), folders.into_iter());
    let ways = read.into_iter().zip(readers).zip(fold.into_iter().zip(folders));
    ways.map(|((read, pass_read), (fold, pass_fold))| Worker { read, pass_read, fold, pass_fold }).collect()
}

/// A store and how its log ended. In a box, since a store takes tens of kilobytes of a stack that may be small.
type Folded = Box<(Store, Option<LogEnd>)>;

impl<F: FnMut(&mut Store, &Batch) -> Result<Flow<()>, Failure>> Worker<F> {
    /// Goes on until the log ends, or the fold is broken off, for whom that happens to: that one has the store. A worker
    /// that fails or breaks off drops its channels, and so the others end too.
    fn work(self) -> Result<Option<Folded>, Failure> {
        while let Ok(mut reading) = self.read.recv() {
            let block = match reading.once.read() {
                Ok(Some(block)) => block,
                end => {
                    // What was read before is folded, and seen, first.
                    let Ok(folding) = self.fold.recv() else { break };
                    end?;
                    return Ok(Some(Box::new((folding.store, Some(reading.once.ending())))));
                }
            };
            let batch = if reading.decoder.engine().is_some() {
                let mut decoder = reading.decoder.clone();
                let _ = self.pass_read.send(reading);
                decoder.decode(block)
            } else {
                // What the next block means may depend on this one.
                let batch = reading.decoder.decode(block);
                let _ = self.pass_read.send(reading);
                batch
            };
            let Ok(mut folding) = self.fold.recv() else { break };
            if (folding.fold)(&mut folding.store, &batch)?.is_break() {
                return Ok(Some(Box::new((folding.store, None))));
            }
            let _ = self.pass_fold.send(folding);
        }
        Ok(None)
    }
}
