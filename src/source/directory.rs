//! A directory in which an engine keeps each record in a file of its own, followed as the log that its saves would be.
//!
//! Each trigger of the watcher is one read, and each read that shows something new is one line; a directory is read as a
//! whole when it is joined, when triggers were lost, and at each interval where it cannot be watched. It is never written
//! to. Must not know an engine: the shape of its files is handed in.

pub(in crate::source) mod arriving;
mod file_event;
#[cfg(target_os = "linux")]
mod inotify;
mod known;
mod once;
mod read;
mod scan;
pub mod shape;
mod transcript;
mod watch;

use std::fs::DirEntry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use known::{KnownFiles, MIN_SETTLED, is_over_for};
pub(in crate::source) use once::scan_once;
use read::{FileRead, FileReader};
use scan::{Scan, recognize};
use shape::FileContent;
use transcript::Transcript;
use watch::{Heard, Triggers};

use super::archive::Archive;
use super::delivery::{Delivery, SourceNotice, Status};
use super::open::{OpenError, reason};
use super::options::Options;
use super::reread::Reread;
use super::{Rouse, Source, SourceStep};
use crate::fault::Fault;

/// As many answers of the watcher are taken before the lines are handed on.
const ANSWERS_A_STEP: usize = 4096;

/// Interval of polls where a watcher is at work: they find what it does not see, as on a disk that others write to.
const WATCHED_POLL: Duration = Duration::from_secs(5);

/// A poll takes at most one part in this number of the time.
const POLL_SHARE: u32 = 100;

/// A directory that is followed.
pub(super) struct DirectorySource {
    path: PathBuf,
    options: Options,
    /// One instant on both clocks; later ones are told by the steady one.
    began: (Instant, SystemTime),
    reader: FileReader,
    known: KnownFiles,
    log: Transcript,
    triggers: Option<Triggers>,
    /// Every file is to be read.
    is_scan_due: bool,
    /// Answers were left for the next step.
    has_more: bool,
    next_look: Instant,
    /// When the files are to be read that were written to, and of which no trigger told.
    next_poll: Instant,
    /// Since when there is no directory.
    missing_since: Option<Instant>,
    /// That nothing is there yet was said.
    is_waiting: bool,
    n_foreign: usize,
    /// Words for the last failed scan, which are said once.
    fault: Option<String>,
    sent: Option<Status>,
}

impl DirectorySource {
    /// Begins with what is in the directory at `now`, which is `wall` on the wall. Nothing in it is no error.
    ///
    /// # Errors
    /// When it cannot be read, and when it holds files and none of an engine.
    pub(super) fn open(
        path: &Path,
        options: Options,
        now: Instant,
        wall: SystemTime,
    ) -> Result<Self, OpenError> {
        let (reader, _) = recognize(path, &options)?;
        Ok(Self {
            path: path.to_owned(),
            options,
            began: (now, wall),
            reader,
            known: KnownFiles::default(),
            log: Transcript::new(&options),
            triggers: None,
            is_scan_due: true,
            has_more: false,
            next_look: now,
            next_poll: now,
            missing_since: None,
            is_waiting: false,
            n_foreign: 0,
            fault: None,
            sent: None,
        })
    }

    /// The same where nothing was there before, which was said.
    fn arrived(self) -> Self {
        Self { is_waiting: true, ..self }
    }

    /// Does what is due. Lines and notices of it are in the transcript.
    fn work(&mut self, now: Instant) {
        self.has_more = false;
        if now >= self.next_look || self.triggers.as_ref().is_some_and(Triggers::take_change) {
            self.next_look = now + self.options.poll;
            self.look(now);
        }
        self.take_answers(now);
        for name in self.known.due(now) {
            self.read_again(&name, now);
        }
        if self.missing_since.is_none() {
            if self.is_scan_due {
                self.scan(now, false);
            } else if now >= self.next_poll {
                self.scan(now, true);
            }
        }
        self.log.flush();
    }

    /// Looks at the path, and watches what it leads to.
    fn look(&mut self, now: Instant) {
        if !self.path.is_dir() {
            if self.missing_since.is_none() {
                self.missing_since = Some(now);
                self.log.say(SourceNotice::Deleted);
            }
            return;
        }
        if self.missing_since.take().is_some() {
            self.log.say(SourceNotice::Appeared);
            self.is_scan_due = true;
        }
        match self.triggers.as_mut().map(Triggers::renew) {
            // What was written before the watch was there has triggered nothing.
            Some(Ok(true)) => self.is_scan_due = true,
            Some(Ok(false)) | None => (),
            Some(Err(reason)) => {
                (self.triggers, self.is_scan_due) = (None, true);
                self.log.say(SourceNotice::FellBack(reason));
            }
        }
    }

    fn take_answers(&mut self, now: Instant) {
        for _ in 0..ANSWERS_A_STEP {
            match self.triggers.as_ref().and_then(Triggers::take) {
                Some(Heard::Read(read)) => self.take_in(&read, now),
                Some(Heard::Vanished(name)) => self.known.forget(&name),
                Some(Heard::Lost) => self.is_scan_due = true,
                None => return,
            }
        }
        self.has_more = true;
    }

    fn read_again(&mut self, name: &str, now: Instant) {
        match self.reader.read(name) {
            Some(read) => self.take_in(&read, now),
            None => self.known.forget(name),
        }
    }

    /// Adds a line for a file that was read, if it shows something new.
    fn take_in(&mut self, read: &FileRead, now: Instant) {
        match &read.content {
            FileContent::Record { .. } | FileContent::Note { .. } => {
                if self.known.take_in(read) {
                    self.begin();
                    self.log.append(&read.line);
                }
            }
            FileContent::Torn(reason) => {
                if self.known.take_in_torn(read, now) {
                    self.show_engine();
                    self.log.append((self.reader.shape.torn)(&read.name, reason, &read.line).as_bytes());
                }
            }
            FileContent::Beside | FileContent::Foreign => {
                self.known.take_in(read);
            }
        }
    }

    /// Begins the log with an empty scan, which shows whose it is: no line about a torn file does.
    fn show_engine(&mut self) {
        self.begin();
        if !self.log.is_begun() {
            self.reader.shape.scan.iter().for_each(|line| self.log.append(line.as_bytes()));
        }
    }

    /// Says that the first file is there, if that was waited for.
    fn begin(&mut self) {
        if std::mem::take(&mut self.is_waiting) {
            self.log.say(SourceNotice::Appeared);
        }
    }

    /// Reads the directory as a whole, and adds a line for each file that shows something new. A poll reads only the files
    /// that were written to since they were read; those of which a trigger may be under way are left to it.
    fn scan(&mut self, now: Instant, is_poll: bool) {
        let since = Instant::now();
        self.is_scan_due = false;
        let is_watched = self.triggers.is_some();
        let skips = |name: &str, entry: &DirEntry| {
            let modified = || entry.metadata().and_then(|metadata| metadata.modified());
            is_poll
                && modified().is_ok_and(|at| {
                    self.known.is_unchanged(name, at) || (is_watched && !is_over_for(at, MIN_SETTLED))
                })
        };
        let scan = Scan::of(&self.reader, skips);
        let least = if is_watched { WATCHED_POLL } else { self.options.poll };
        self.next_poll = now + least.max(since.elapsed() * POLL_SHARE);
        let mut scan = match scan {
            Ok(scan) => scan,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // The next look tells.
                (self.next_look, self.is_scan_due) = (now, true);
                return;
            }
            Err(error) => {
                let words = reason(&error);
                if self.fault.as_ref() != Some(&words) {
                    self.log.say(SourceNotice::Unreadable(words.clone()));
                    self.fault = Some(words);
                }
                return;
            }
        };
        self.fault = None;
        self.count_foreign(scan.n_foreign);
        let torn = std::mem::take(&mut scan.torn);
        let mut news = scan.in_order();
        news.retain(|read| self.known.take_in(read));
        if !news.is_empty() {
            self.begin();
            let [begin, end] = self.reader.shape.scan;
            self.log.append(begin.as_bytes());
            news.iter().for_each(|read| self.log.append(&read.line));
            self.log.append(end.as_bytes());
        }
        torn.iter().for_each(|read| self.take_in(read, now));
        if !self.log.is_begun() && !std::mem::replace(&mut self.is_waiting, true) {
            self.log.say(SourceNotice::Waiting);
        }
    }

    /// Says how many files are not read, when they have become more.
    fn count_foreign(&mut self, n_foreign: usize) {
        if n_foreign > self.n_foreign {
            self.n_foreign = n_foreign;
            self.log.say(SourceNotice::Foreign(n_foreign));
        }
    }

    fn new_status(&mut self) -> Option<Status> {
        let unavailable_since = self.missing_since.map(|since| self.began.1 + (since - self.began.0));
        let status = Status { unavailable_since, ..self.log.status() };
        (self.sent != Some(status)).then(|| *self.sent.insert(status))
    }
}

impl Source for DirectorySource {
    fn step(&mut self, now: Instant) -> SourceStep {
        if let Some(delivery) = self.log.next() {
            return SourceStep::Deliver(delivery);
        }
        self.work(now);
        if let Some(delivery) = self.log.next() {
            return SourceStep::Deliver(delivery);
        }
        match self.new_status() {
            Some(status) => SourceStep::Deliver(Delivery::Status(status)),
            None if self.has_more => SourceStep::Wait(now),
            None => {
                let poll = self.missing_since.is_none().then_some(self.next_poll);
                let due = [Some(self.next_look), poll, self.known.next_read()];
                SourceStep::Wait(due.into_iter().flatten().min().unwrap_or(now))
            }
        }
    }

    fn watch(&mut self, rouse: Rouse) {
        let faults = self.options.faults;
        if !self.options.watch {
            return;
        }
        let triggers = if faults.has(Fault::DeadWatcher) {
            Err("its thread has ended".to_owned())
        } else {
            Triggers::new(self.reader.clone(), faults, rouse)
        };
        match triggers {
            Ok(triggers) => self.triggers = Some(triggers),
            Err(reason) => self.log.say(SourceNotice::FellBack(reason)),
        }
    }

    fn rereader(&self) -> Box<dyn Reread> {
        Box::new(Archive::new(self.options.framing))
    }
}
