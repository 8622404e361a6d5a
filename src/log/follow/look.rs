//! A look at the path, and what is concluded from it.
//!
//! The rules of design.md: finish what is held, then what was missed, oldest first, then what is new from its start.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use super::generation::{Bytes, Generation, Look};
use super::siblings::{Sibling, siblings};
use super::{Follow, Late, Outage};
use crate::log::delivery::{Change, Notice};
use crate::log::open::{FileId, OpenError, Opened, open, reason};

/// How long a rotation may be under way: a name has gone and the next one has not come.
const UNDER_WAY: Duration = Duration::from_secs(1);

/// How soon to look again meanwhile.
const SOON: Duration = Duration::from_millis(20);

/// How often a directory is listed again at once because it changed while it was listed.
const LISTINGS: usize = 16;

/// As many missed generations are held open at once, and so as many are read.
const MISSED: usize = 128;

/// As many chunks of one late generation are read at one look.
const LATE_READS: usize = 16;

/// What stands between a generation and what is at the path now.
struct Succession {
    next: Opened,
    /// Has what was read of the generation that is held, which was deleted, and perhaps more.
    copy: Option<Opened>,
    missed: Vec<Opened>,
    lost: Vec<String>,
    is_rotation: bool,
}

/// What a listing says of the time between the generation that is held and the next.
struct Between {
    /// Siblings to be read, oldest first.
    younger: Vec<Sibling>,
    /// The one that is held was renamed, not deleted.
    is_rotation: bool,
    /// The listing does not look like the middle of a rotation.
    is_settled: bool,
}

impl Follow {
    /// Looks at the path.
    pub(super) fn look(&mut self, now: Instant) {
        self.look_at_late(now);
        let held = self.reading.front().map(|generation| generation.id);
        match std::fs::metadata(&self.path) {
            Ok(meta) if held == Some(FileId::of(&meta)) => {
                self.available();
                self.same();
            }
            Ok(_) if self.has_other_content() => {
                // It was cut before it was moved: first things first.
                self.content_changed();
                self.is_hinted = true;
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
        Generation::new(opened, self.options.limits, number)
    }

    fn number(&mut self) -> u32 {
        let number = self.next_generation;
        self.next_generation += 1;
        number
    }

    /// The path leads to what is held: it may have grown, or have other content.
    fn same(&mut self) {
        self.searching = None;
        let Some(generation) = self.reading.front() else { return };
        let found = generation.look().and_then(|look| Ok((look, generation.is_same()?)));
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

    fn has_other_content(&self) -> bool {
        self.reading.front().is_some_and(|generation| {
            let is_cut = generation.look().is_ok_and(|look| look.size < generation.end());
            is_cut || matches!(generation.is_same(), Ok(false))
        })
    }

    /// The file that is held has other content than was read of it.
    pub(super) fn content_changed(&mut self) {
        let has_next = self.reading.len() > 1;
        let Some(generation) = self.reading.front_mut() else { return };
        if has_next {
            generation.is_over = true;
            self.at_end = true;
            return;
        }
        match generation.rewind() {
            Ok(true) if !self.is_refused => {
                self.at_end = false;
                return;
            }
            Ok(_) => (),
            Err(error) => return self.failed(reason(&error)),
        }
        let size = generation.look().map_or(0, |look| look.size);
        let is_cut = size < generation.end();
        let finished = generation.number;
        generation.is_over = true;
        // copytruncate: the copy has what was written between our last read and the cut.
        let all = siblings(&self.path);
        let copy = all.iter().enumerate().find_map(|(at, sibling)| {
            if sibling.is_packed || sibling.id == generation.id {
                return None;
            }
            let copy = open(&sibling.path).ok().filter(|copy| !copy.is_pipe)?;
            generation.goes_on_in(&copy.file).then_some((at, copy))
        });
        self.at_end = copy.is_none();
        // The file itself may have been moved after it was cut: what is younger than it comes later.
        let own_age = all.iter().find(|sibling| sibling.id == generation.id).map_or(0, |own| own.age);
        let (copy, missed) = match copy {
            Some((at, copy)) => {
                let between: Vec<Sibling> =
                    all[at + 1..].iter().filter(|one| one.age > own_age).cloned().collect();
                (Some(copy), open_all(&between, &[generation.id]).0)
            }
            None => (None, Vec::new()),
        };
        let n_missed = missed.len();
        let number = self.next_generation + u32::try_from(n_missed).unwrap_or(0);
        let fresh = generation.afresh(self.options.limits, number);
        let mut kept = None;
        if let Some(copy) = copy {
            generation.move_to(copy);
            kept = generation.handle();
        }
        let change = Change { finished, missed: n_missed, kept };
        self.succession.push(if is_cut { Notice::Truncated(change) } else { Notice::Replaced(change) });
        self.queue_missed(missed);
        self.number();
        self.reading.push_back(fresh);
        self.older = all.iter().map(|sibling| sibling.id).collect();
    }

    fn queue_missed(&mut self, missed: Vec<Opened>) {
        for opened in missed {
            let number = self.number();
            self.reading.push_back(Generation::new(opened, self.options.limits, number));
        }
    }

    /// The path leads to another file than the one that is held.
    fn succeed(&mut self, now: Instant) {
        let next = match open(&self.path) {
            Ok(next) => next,
            Err(error) => return self.unavailable(now, &error),
        };
        let Some(generation) = self.reading.front() else { return };
        let finished = generation.number;
        let patient = now < *self.searching.get_or_insert(now) + UNDER_WAY;
        let Some(found) = self.find_succession(next, patient) else {
            self.next_look = now + SOON;
            self.at_end = false;
            return;
        };
        self.searching = None;
        self.available();
        let n_missed = found.missed.len();
        if let (Some(copy), Some(generation)) = (found.copy, self.reading.front_mut()) {
            generation.move_to(copy);
        }
        self.succession.push(if found.is_rotation {
            Notice::Rotated { finished, missed: n_missed }
        } else {
            Notice::Replaced(Change { finished, missed: n_missed, kept: self.handle() })
        });
        if !found.lost.is_empty() {
            self.succession.push(Notice::MissedGenerations(found.lost));
        }
        self.queue_missed(found.missed);
        // A log that was moved away and back goes on where it was.
        let back = self.late.iter().position(|late| late.generation.id == found.next.id);
        let next = match back.and_then(|at| self.late.remove(at)) {
            Some(late) => late.generation,
            None => self.generation(found.next),
        };
        self.enter(next);
        // What the old one got before the new one was seen comes first.
        self.at_end = false;
    }

    fn handle(&self) -> Option<std::sync::Arc<std::fs::File>> {
        self.reading.front().and_then(Generation::handle)
    }

    /// Finds and opens what is to be read after the generation that is held. `None` when the files are moving and
    /// there is time to look again.
    fn find_succession(&self, mut next: Opened, patient: bool) -> Option<Succession> {
        let generation = self.reading.front()?;
        for _ in 0..LISTINGS {
            let look = generation.look().ok();
            let all = siblings(&self.path);
            let between = self.between(generation, look, &next, &all);
            if !between.is_settled && patient {
                return None;
            }
            let late: Vec<FileId> = self.late.iter().map(|late| late.generation.id).collect();
            let not = [&late[..], &[generation.id, next.id]].concat();
            let (mut missed, lost) = open_all(&between.younger, &not);
            let mut copy = None;
            if !between.is_rotation
                && let Some(at) = missed.iter().position(|one| generation.goes_on_in(&one.file))
            {
                copy = missed.drain(..=at).next_back();
            }
            let succession = |next| Succession { next, copy, missed, lost, is_rotation: between.is_rotation };
            let names = |all: &[Sibling]| all.iter().map(|one| (one.age, one.id)).collect::<Vec<_>>();
            let is_still_next = std::fs::metadata(&self.path)
                .is_ok_and(|meta| FileId::of(&meta) == next.id && meta.nlink() > 0);
            if !patient || (is_still_next && names(&siblings(&self.path)) == names(&all)) {
                return Some(succession(next));
            }
            next = open(&self.path).ok()?;
        }
        None
    }

    /// Which siblings are younger than the generation that is held.
    fn between(
        &self,
        generation: &Generation,
        look: Option<Look>,
        next: &Opened,
        all: &[Sibling],
    ) -> Between {
        if generation.is_pipe() || next.is_pipe {
            return Between { younger: Vec::new(), is_rotation: false, is_settled: true };
        }
        if let Some(at) = all.iter().position(|sibling| sibling.id == generation.id) {
            let own_age = all[at].age;
            let younger: Vec<Sibling> =
                all[at + 1..].iter().filter(|one| one.age < own_age).cloned().collect();
            // A number without a file: the names are being shifted.
            let is_settled = (1..own_age).all(|age| younger.iter().any(|one| one.age == age));
            return Between { younger, is_rotation: true, is_settled };
        }
        let is_elsewhere = std::fs::metadata(&self.real).is_ok_and(|meta| FileId::of(&meta) == generation.id);
        if is_elsewhere || self.late.iter().any(|late| late.generation.id == next.id) {
            // A link was pointed to another file, or an older file came back.
            return Between { younger: Vec::new(), is_rotation: true, is_settled: true };
        }
        match look {
            Some(look) if !look.is_linked => {
                // Deleted: whatever was written since, and was not there before, came between.
                let is_younger =
                    |one: &&Sibling| one.modified >= look.modified && !self.older.contains(&one.id);
                let younger = all.iter().filter(is_younger).cloned().collect();
                Between { younger, is_rotation: false, is_settled: true }
            }
            // It has a name that is not among those of a rotation, or not yet.
            _ => Between { younger: Vec::new(), is_rotation: true, is_settled: false },
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
    fn unavailable(&mut self, now: Instant, error: &OpenError) {
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

    fn available(&mut self) {
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
                    Ok(Bytes::End | Bytes::NoWriter) => break false,
                    Ok(Bytes::Changed | Bytes::NotALog(_)) | Err(_) => break true,
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

/// Opens the missed generations but for those in `not`, and names those that cannot be read.
fn open_all(missed: &[Sibling], not: &[FileId]) -> (Vec<Opened>, Vec<String>) {
    let mut opened: Vec<Opened> = Vec::new();
    let mut lost = Vec::new();
    let from = missed.len().saturating_sub(MISSED);
    for (at, sibling) in missed.iter().enumerate() {
        if not.contains(&sibling.id) || opened.iter().any(|one| one.id == sibling.id) {
            continue;
        }
        let name = || sibling.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if sibling.is_packed {
            // While it is being compressed, both are there.
            if !missed.iter().any(|one| one.age == sibling.age && !one.is_packed) {
                lost.push(name());
            }
            continue;
        }
        match open(&sibling.path) {
            Ok(file) if file.id == sibling.id && at >= from => opened.push(file),
            _ => lost.push(name()),
        }
    }
    (opened, lost)
}
