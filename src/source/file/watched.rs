//! A path that is followed, with the watcher that shortens the wait: the source that a file is.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::FileFollower;
use super::watch::PathWatcher;
use crate::fault::Fault;
use crate::source::archive::Archive;
use crate::source::delivery::{Delivery, SourceNotice};
use crate::source::options::Options;
use crate::source::reread::Reread;
use crate::source::{Rouse, Source, SourceStep};

/// A path that is followed.
pub(in crate::source) struct Watched {
    follow: FileFollower,
    path: PathBuf,
    options: Options,
    watch: Option<PathWatcher>,
    /// Why there is no watcher, until that is said.
    fell_back: Option<String>,
}

impl Watched {
    pub(in crate::source) fn new(follow: FileFollower, path: &Path, options: Options) -> Self {
        Self { follow, path: path.to_owned(), options, watch: None, fell_back: None }
    }
}

impl Source for Watched {
    fn step(&mut self, now: Instant) -> SourceStep {
        loop {
            if let Some(reason) = self.fell_back.take() {
                return SourceStep::Deliver(Delivery::Notice(SourceNotice::FellBack(reason)));
            }
            let step = self.follow.step(now);
            if !matches!(step, SourceStep::Wait(_)) {
                return step;
            }
            match self.watch.as_mut().map(PathWatcher::renew) {
                Some(Ok(true)) => self.follow.hint(),
                Some(Err(reason)) => (self.watch, self.fell_back) = (None, Some(reason)),
                Some(Ok(false)) | None => return step,
            }
        }
    }

    fn hint(&mut self) {
        self.follow.hint();
    }

    fn watch(&mut self, rouse: Rouse) {
        let faults = self.options.faults;
        if !self.options.watch {
            return;
        }
        let watch = if faults.has(Fault::DeadWatcher) {
            Err("its thread has ended".to_owned())
        } else {
            let name = self.path.file_name().unwrap_or_default().to_owned();
            PathWatcher::new(&self.path, move |event| {
                if event.concerns(&name) {
                    faults.strike(Fault::PanicWatcher);
                    rouse();
                }
            })
        };
        match watch {
            Ok(watch) => self.watch = Some(watch),
            Err(reason) => self.fell_back = Some(reason),
        }
    }

    fn rereader(&self) -> Box<dyn Reread> {
        Box::new(Archive::new(self.options.framing))
    }
}
