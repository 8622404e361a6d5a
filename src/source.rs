//! Sources: where the records of a log come from, in blocks of bytes, and how they are read again.
//!
//! A kind of source is a room here and a row in [`follow`]. Must not know an engine, nor what a record says: files, pipes
//! and positions are known here and nowhere above.

pub mod archive;
pub mod block;
pub mod copy;
pub mod delivery;
pub mod directory;
pub mod earlier;
pub mod fault_injection;
pub mod file;
pub mod frames;
pub mod framing;
pub mod handle;
pub mod holds_frames;
mod inside;
pub mod kept;
pub mod limit;
pub mod line;
pub mod lines;
pub mod open;
pub mod options;
pub mod origin;
pub mod passes;
mod passing;
pub mod read_once;
pub mod reread;
pub mod shape;
pub mod sniff;
pub mod splitter;
mod splitting;
pub mod spool;
pub mod stdin;
mod undecided;

use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use delivery::Delivery;
use directory::DirectorySource;
use directory::arriving::Arriving;
use file::FileFollower;
use file::watched::Watched;
use inside::log_inside;
use open::OpenError;
use options::Options;
use origin::Origin;
use reread::Reread;
use stdin::Stdin;

/// Called by a watcher when there may be more.
pub type Rouse = Arc<dyn Fn() + Send + Sync>;

/// A log that is followed. Stepped with the time it is, by a thread that does nothing else.
pub trait Source: Send {
    /// Does a bounded piece of work. A source that cannot tell when more will come waits for it inside.
    fn step(&mut self, now: Instant) -> SourceStep;

    /// Makes the next step look for more, even if it is not due.
    fn hint(&mut self) {}

    /// Sets up a watcher that calls `rouse` when there may be more, if this source can have one. Before the first step.
    fn watch(&mut self, rouse: Rouse) {
        drop(rouse);
    }

    /// Reader of this source's records again, which is to be told of every notice.
    fn rereader(&self) -> Box<dyn Reread>;
}

/// Result of a step.
#[derive(Debug)]
pub enum SourceStep {
    /// Something to hand on; there may be more.
    Deliver(Delivery),
    /// Nothing to do before this instant, or before a hint.
    Wait(Instant),
    /// Everything has been handed on that there will ever be.
    Ended,
    /// The source cannot be read any more.
    Failed(OpenError),
}

/// Opens a log to follow it.
///
/// # Errors
/// When what is there cannot be read or is no log. A missing file is waited for.
pub fn follow(origin: &Origin, options: Options) -> Result<Box<dyn Source>, OpenError> {
    Ok(match origin {
        Origin::Path(path) if path.is_dir() => match log_inside(path, &options) {
            Some(log) => follow_file(&log, options)?,
            None => {
                let files = DirectorySource::open(path, options, Instant::now(), SystemTime::now())?;
                Box::new(Arriving::new(Box::new(files), path, true, options))
            }
        },
        Origin::Path(path) => {
            let file = follow_file(path, options)?;
            if path.exists() { file } else { Box::new(Arriving::new(file, path, false, options)) }
        }
        Origin::Stdin => Box::new(Stdin::open(options)?),
    })
}

/// Opens a file to follow it.
fn follow_file(path: &Path, options: Options) -> Result<Box<dyn Source>, OpenError> {
    let follow = FileFollower::open(path, options, Instant::now(), SystemTime::now())?;
    Ok(Box::new(Watched::new(follow, path, options)))
}
