//! A look at the path, and what is concluded from it.
//!
//! What is held is read on whatever the path does; what comes after it is found in `succession`.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use super::generation::{Bytes, Generation};
use super::siblings::siblings;
use super::{Follow, Late, Outage};
use crate::log::delivery::Notice;
use crate::log::open::{FileId, OpenError, Opened, open, reason};

/// How long a rotation may be under way: a name has gone and the next one has not come.
pub(super) const UNDER_WAY: Duration = Duration::from_secs(1);

/// As many chunks of one late generation are read at one look.
const LATE_READS: usize = 16;

impl Follow {
    /// Looks at the path.
    pub(super) fn look(&mut self, now: Instant) {
        self.look_at_late(now);
        if self.fault.is_some() {
            self.regain();
        }
        let held = self.reading.front().map(|generation| generation.id);
        match std::fs::metadata(&self.path) {
            Ok(meta) if held == Some(FileId::of(&meta)) => {
                self.available();
                self.same();
            }
            Ok(_) if self.has_other_content() => {
                // It was cut before it was moved: first things first.
                self.content_changed();
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
            self.older = siblings(&self.path).iter().map(|sibling| sibling.id).collect();
        }
        let number = self.number();
        Generation::new(opened, &self.options, number)
    }

    pub(super) fn number(&mut self) -> u32 {
        let number = self.next_generation;
        self.next_generation += 1;
        number
    }

    /// The path leads to what is held: it may have grown, or have other content.
    fn same(&mut self) {
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
                        self.content_changed();
                    }
                } else if look.size < generation.end() || !is_same {
                    self.content_changed();
                } else {
                    self.at_end = false;
                }
            }
            Err(error) => self.failed(reason(&error)),
        }
    }

    /// Opens the file that cannot be read once more, if it is still to be found: a server may have forgotten what we hold of
    /// it.
    pub(super) fn regain(&mut self) {
        let Some(generation) = self.reading.front_mut().filter(|generation| !generation.is_pipe()) else {
            return;
        };
        let again = |path: &Path| open(path).ok().filter(|found| generation.is_again(found));
        let found = again(&self.path)
            .or_else(|| siblings(&self.path).iter().find_map(|sibling| again(&sibling.path)));
        if let Some(found) = found {
            generation.move_to(found);
        }
    }

    fn missing(&mut self, now: Instant) {
        let is_new = self.outage.is_none();
        let outage = self.outage.get_or_insert(Outage { since: now, said: None });
        let Some(generation) = self.reading.front() else {
            if is_new {
                outage.said = Some(String::new());
                self.say(Notice::Waiting);
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
            self.say(Notice::Deleted);
        }
    }

    /// What is at the path cannot be read; what is held can.
    pub(super) fn unavailable(&mut self, now: Instant, error: &OpenError) {
        if let OpenError::Missing(_) = error {
            return self.missing(now);
        }
        self.at_end = self.reading.is_empty();
        let words = match error {
            OpenError::Unreadable { error, .. } => reason(error),
            other => other.to_string(),
        };
        let outage = self.outage.get_or_insert(Outage { since: now, said: None });
        if outage.said.as_ref() != Some(&words) {
            outage.said = Some(words.clone());
            self.say(Notice::Unreadable(words));
        }
    }

    pub(super) fn available(&mut self) {
        if self.outage.take().is_some_and(|outage| outage.said.is_some()) {
            self.say(Notice::Appeared);
        }
    }

    /// Reads what late writers added to finished generations, and lets go of those that got nothing for long.
    fn look_at_late(&mut self, now: Instant) {
        for Late { mut generation, mut until } in std::mem::take(&mut self.late) {
            let mut reads = 0;
            let is_gone = loop {
                match generation.read() {
                    Ok(Bytes::Some | Bytes::NotKept(_)) => {
                        until = now + self.options.linger;
                        reads += 1;
                        if generation.is_full() {
                            let block = generation.take(self.next_line);
                            self.give(block);
                        }
                        if reads == LATE_READS {
                            self.is_hinted = true;
                            break false;
                        }
                    }
                    // One that fails to be read may not at the next look.
                    Ok(Bytes::End | Bytes::NoWriter) | Err(_) => break false,
                    Ok(Bytes::Changed | Bytes::NotALog(_)) => break true,
                }
            };
            let block = generation.take(self.next_line);
            self.give(block);
            if is_gone || now >= until {
                self.bury(&generation);
            } else {
                self.late.push_back(Late { generation, until });
            }
        }
    }
}
