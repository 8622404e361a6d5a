//! A path at which nothing is yet: what comes there may be a file or a directory.
//!
//! Must not read either.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::DirectorySource;
use crate::source::delivery::{Delivery, SourceNotice};
use crate::source::file::watched::Watched;
use crate::source::options::Options;
use crate::source::reread::Reread;
use crate::source::{Rouse, Source, SourceStep};

/// Such a path. It is followed as that of a file until a directory is there.
pub(in crate::source) struct Arriving {
    path: PathBuf,
    options: Options,
    rouse: Option<Rouse>,
    file: Watched,
    directory: Option<DirectorySource>,
    /// A file was there.
    is_file: bool,
}

impl Arriving {
    /// Goes on from a follower of the file, which has found nothing.
    pub(in crate::source) fn new(file: Watched, path: &Path, options: Options) -> Self {
        Self { path: path.to_owned(), options, rouse: None, file, directory: None, is_file: false }
    }

    /// Follows a directory from now on, if one is there that may be a log. Else the follower of the file says what is wrong.
    fn look(&mut self, now: Instant) {
        if self.is_file || self.directory.is_some() || !self.path.is_dir() {
            return;
        }
        let found = DirectorySource::open(&self.path, self.options, now, SystemTime::now());
        self.directory = found.ok().map(DirectorySource::arrived);
        if let (Some(directory), Some(rouse)) = (&mut self.directory, &self.rouse) {
            directory.watch(Rouse::clone(rouse));
        }
    }
}

impl Source for Arriving {
    fn step(&mut self, now: Instant) -> SourceStep {
        self.look(now);
        if let Some(directory) = &mut self.directory {
            return directory.step(now);
        }
        let step = self.file.step(now);
        self.is_file |= matches!(step, SourceStep::Deliver(Delivery::Notice(SourceNotice::Opened { .. })));
        step
    }

    fn hint(&mut self) {
        self.file.hint();
    }

    fn watch(&mut self, rouse: Rouse) {
        self.rouse = Some(Rouse::clone(&rouse));
        self.file.watch(rouse);
    }

    fn rereader(&self) -> Box<dyn Reread> {
        self.file.rereader()
    }
}
