//! A look at the path, and what is concluded from it.
//!
//! The held content is read on at every state of the path; what comes after it is found in `succession`.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use super::generation::Generation;
use super::siblings::{Sibling, siblings};
use super::{FileFollower, Outage};
use crate::source::delivery::SourceNotice;
use crate::source::open::{FileId, OpenError, Opened, open, reason};

/// Time that a rotation may be under way: a name has gone and the next one has not come.
pub(super) const UNDER_WAY: Duration = Duration::from_secs(1);

/// Size of the file by its path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    size: u64,
    modified: Option<SystemTime>,
    /// Its time of writing was another at the look before, and it was looked at before.
    is_written: bool,
}

impl Outage {
    pub(super) const fn new(since: Instant) -> Self {
        Self { since, said: None, is_nameless: false }
    }
}

impl FileFollower {
    /// Looks at the path.
    pub(super) fn look(&mut self, now: Instant) {
        self.look_at_late(now);
        if self.fault.is_some() {
            self.regain();
        }
        let held = self.reading.front().map(|generation| generation.id);
        match std::fs::metadata(&self.path) {
            Ok(meta) if held == Some(FileId::of(&meta)) => {
                if meta.nlink() == 0 && meta.is_file() {
                    self.nameless(now);
                } else {
                    self.available();
                }
                self.expect(&meta);
                self.same(now);
            }
            Ok(_) if self.has_other_content() => {
                // It was cut before it was moved: first things first.
                self.content_changed(now);
                // Unless that failed: then not before the next look.
                self.is_hinted = !self.at_end || self.reading.len() > 1;
            }
            Ok(_) if held.is_some() => self.succeed(now),
            Ok(_) => match open(&self.path) {
                Ok(opened) => {
                    self.available();
                    let first = self.generation(opened);
                    self.enter(first);
                }
                Err(error) => self.unavailable(now, &error),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                self.missing(now);
            }
            Err(error) => self.unavailable(now, &OpenError::Unreadable { path: self.path.clone(), error }),
        }
    }

    /// The next generation in the order of reading, from a file that was opened at the path or beside it.
    pub(super) fn generation(&mut self, opened: Opened) -> Generation {
        self.real = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        if !opened.is_pipe {
            self.older = self.siblings().iter().map(|sibling| sibling.id).collect();
        }
        let number = self.number();
        Generation::new(opened, &self.options, number)
    }

    pub(super) fn number(&mut self) -> u32 {
        let number = self.next_generation;
        self.next_generation += 1;
        number
    }

    /// Files that rotations left, oldest first.
    pub(super) fn siblings(&self) -> Vec<Sibling> {
        siblings(&self.path, self.old.as_deref())
    }

    /// Keeps what the path says of its file, which is what is held.
    fn expect(&mut self, meta: &Metadata) {
        let (size, modified) = (meta.len(), meta.modified().ok());
        let is_written = self.expected.is_some_and(|seen| seen.is_written || seen.modified != modified);
        self.expected = Some(Expected { size, modified, is_written });
    }

    /// Returns true if the descriptor, which gives no more, has given less than the path says. That is asked
    /// once a look.
    pub(super) fn is_less_than_expected(&mut self) -> bool {
        let Some((expected, held)) = self.expected.as_mut().zip(self.reading.front()) else { return false };
        let is_behind = expected.size > held.end() || expected.is_written;
        expected.is_written = false;
        is_behind && !self.is_refused
    }

    /// The path leads to what is held: it may have grown, or have other content.
    fn same(&mut self, now: Instant) {
        self.searching = None;
        let Some(generation) = self.reading.front_mut() else { return };
        let found = generation
            .look()
            .and_then(|look| Ok((look, generation.is_same()? && !generation.is_torn_stale(&look)?)));
        match found {
            Ok((look, is_same)) => {
                self.size = look.size;
                if self.is_refused {
                    if generation.has_become_a_log() {
                        self.content_changed(now);
                    }
                } else if look.size < generation.end() || !is_same {
                    self.content_changed(now);
                } else {
                    self.rewrite = None;
                    self.at_end = false;
                }
            }
            Err(error) => self.failed(reason(&error)),
        }
    }

    /// Opens the file that cannot be read once more, if it is still to be found: a server may have forgotten what we hold of
    /// it.
    pub(super) fn regain(&mut self) {
        let Some(generation) = self.reading.front().filter(|generation| !generation.is_pipe()) else {
            return;
        };
        if let Some(found) = self.again(generation)
            && let Some(generation) = self.reading.front_mut()
        {
            generation.move_to(found);
            self.tell_handle();
        }
    }

    /// Finds the file of a generation by a name, also where its descriptor gives nothing.
    pub(super) fn again(&self, generation: &Generation) -> Option<Opened> {
        let again = |path: &Path| open(path).ok().filter(|found| generation.is_again(found));
        again(&self.path).or_else(|| self.siblings().iter().find_map(|sibling| again(&sibling.path)))
    }

    fn missing(&mut self, now: Instant) {
        let is_new = self.outage.is_none();
        let outage = self.outage.get_or_insert(Outage::new(now));
        let Some(generation) = self.reading.front() else {
            if is_new {
                outage.said = Some(String::new());
                self.say(SourceNotice::Waiting);
            }
            return;
        };
        self.at_end = false;
        // It may be the middle of a rotation.
        let is_linked = generation.look().is_ok_and(|look| look.is_linked);
        if is_linked && now < outage.since + UNDER_WAY {
            return;
        }
        if outage.said.is_none() {
            outage.said = Some(String::new());
            self.say(SourceNotice::Deleted);
        }
    }

    /// The path leads to what is held, and that has no name any more: a single file that was bound to another place and
    /// deleted where it came from. What is written now has its name there, and never comes here.
    fn nameless(&mut self, now: Instant) {
        let outage = self.outage.get_or_insert(Outage::new(now));
        if !outage.is_nameless {
            *outage = Outage { is_nameless: true, ..Outage::new(now) };
        }
        if outage.said.is_none() && now >= outage.since + UNDER_WAY {
            outage.said = Some(String::new());
            self.say(SourceNotice::Nameless);
        }
    }

    /// Something came of the log, so it is not silent.
    pub(super) fn has_grown(&mut self, now: Instant) {
        if let Some(outage) =
            self.outage.as_mut().filter(|outage| outage.is_nameless && outage.said.is_none())
        {
            outage.since = now;
        }
    }

    /// The file at the path cannot be read; what is held can.
    pub(super) fn unavailable(&mut self, now: Instant, error: &OpenError) {
        if let OpenError::Missing(_) = error {
            return self.missing(now);
        }
        self.at_end = self.reading.is_empty();
        let words = match error {
            OpenError::Unreadable { error, .. } => reason(error),
            other => other.to_string(),
        };
        let outage = self.outage.get_or_insert(Outage::new(now));
        if outage.said.as_ref() != Some(&words) {
            outage.said = Some(words.clone());
            self.say(SourceNotice::Unreadable(words));
        }
    }

    pub(super) fn available(&mut self) {
        if self.outage.take().is_some_and(|outage| outage.said.is_some()) {
            self.say(SourceNotice::Appeared);
        }
    }
}
