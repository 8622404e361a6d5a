//! A path of which it is not known yet whether a file is its log, the files of a directory are, or one within a directory.
//!
//! Must not read any.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::DirectorySource;
use crate::source::archive::Archive;
use crate::source::delivery::{Delivery, SourceNotice};
use crate::source::inside::log_inside;
use crate::source::options::Options;
use crate::source::reread::Reread;
use crate::source::{Rouse, Source, SourceStep, follow_file};

/// Such a path, with the source that waits at it.
pub(in crate::source) struct Arriving {
    path: PathBuf,
    options: Options,
    rouse: Option<Rouse>,
    source: Box<dyn Source>,
    is_directory: bool,
    /// The source has something of the log.
    is_settled: bool,
}

impl Arriving {
    /// Goes on from a follower that has found nothing yet, of the file or of the files of a directory.
    pub(in crate::source) fn new(
        source: Box<dyn Source>,
        path: &Path,
        is_directory: bool,
        options: Options,
    ) -> Self {
        Self { path: path.to_owned(), options, rouse: None, source, is_directory, is_settled: false }
    }

    /// Follows what has come. Where it is no log, the source before says what is wrong.
    fn look(&mut self, now: Instant) {
        if self.is_settled || !self.path.is_dir() {
            return;
        }
        if let Some(log) = log_inside(&self.path, &self.options)
            && let Ok(file) = follow_file(&log, self.options)
        {
            self.is_settled = true;
            self.go_on_with(file);
        } else if !self.is_directory
            && let Ok(directory) = DirectorySource::open(&self.path, self.options, now, SystemTime::now())
        {
            self.is_directory = true;
            self.go_on_with(Box::new(directory.arrived()));
        }
    }

    fn go_on_with(&mut self, source: Box<dyn Source>) {
        self.source = source;
        if let Some(rouse) = &self.rouse {
            self.source.watch(Rouse::clone(rouse));
        }
    }
}

impl Source for Arriving {
    fn step(&mut self, now: Instant) -> SourceStep {
        self.look(now);
        let step = self.source.step(now);
        self.is_settled |= match &step {
            SourceStep::Deliver(Delivery::Notice(SourceNotice::Opened { .. })) => !self.is_directory,
            SourceStep::Deliver(Delivery::Block(_)) => true,
            _ => false,
        };
        step
    }

    fn hint(&mut self) {
        self.source.hint();
    }

    fn watch(&mut self, rouse: Rouse) {
        self.rouse = Some(Rouse::clone(&rouse));
        self.source.watch(rouse);
    }

    fn rereader(&self) -> Box<dyn Reread> {
        Box::new(Archive::new(self.options.framing))
    }
}
