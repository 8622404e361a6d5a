//! Succession of contents: what to read after the one that is held, once it has changed or the path leads
//! elsewhere.
//!
//! First what is held is finished, through its descriptor or through a copy of it; then the generations that were
//! missed, the oldest first; then what is new, from its start. Must not read.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::FileFollower;
use super::generation::{FileMetadata, Generation};
use super::look::UNDER_WAY;
use super::rewrite::RewriteVerdict;
use super::siblings::Sibling;
use crate::source::delivery::{ContentChange, SourceNotice};
use crate::source::handle::Handle;
use crate::source::open::{FileId, Opened, open, reason};

/// Interval between looks while a rotation is under way.
const SOON: Duration = Duration::from_millis(20);

/// Number of times that a directory is listed again at once because it changed while it was listed.
const LISTINGS: usize = 16;

/// As many missed generations are held open at once. When there are more, the rest is found from the last of these.
const BATCH: usize = 16;

/// Contents between a generation and the path now.
struct Succession {
    /// The file at the path; none when more was missed than is opened at once.
    next: Option<Opened>,
    /// Has what was read of the generation that is held, which was deleted, and perhaps more.
    copy: Option<Opened>,
    missed: Missed,
    is_rotation: bool,
}

/// Generations that came and went between two looks.
#[derive(Default)]
struct Missed {
    /// The oldest first.
    opened: Vec<Opened>,
    /// The names of those that cannot be read.
    lost: Vec<String>,
    /// There are more than were opened.
    has_more: bool,
}

/// Files of a listing between the generation that is held and the next.
struct Between {
    /// Siblings to be read, oldest first.
    younger: Vec<Sibling>,
    /// The one that is held was renamed, not deleted.
    is_rotation: bool,
    /// The listing does not look like the middle of a rotation.
    is_settled: bool,
}

impl FileFollower {
    pub(super) fn has_other_content(&self) -> bool {
        self.reading.front().is_some_and(|generation| {
            let look = generation.look().ok().filter(|look| look.is_own);
            look.is_some_and(|look| look.size < generation.end() || matches!(generation.is_same(), Ok(false)))
        })
    }

    /// The file that is held has other content than was read of it.
    pub(super) fn content_changed(&mut self, now: Instant) {
        let has_next = self.reading.len() > 1;
        let Some(generation) = self.reading.front_mut() else { return };
        if has_next {
            generation.is_over = true;
            self.at_end = true;
            return;
        }
        // On a file system that goes by paths, the descriptor may still give what had the name before.
        let again = open(&self.path).ok().filter(|again| again.id == generation.id && !again.is_pipe);
        let is_at_path = again.is_some();
        if let Some(again) = again.filter(|_| !self.is_refused) {
            match self.go_on_in(again, now) {
                RewriteVerdict::GoesOn | RewriteVerdict::UnderWay => return,
                RewriteVerdict::Other(again) => {
                    if let Some(generation) = self.reading.front_mut() {
                        generation.move_to(again);
                    }
                }
            }
        }
        let all = self.siblings();
        let Some(generation) = self.reading.front_mut() else { return };
        match generation.rewind() {
            Ok(true) if !self.is_refused => {
                self.at_end = false;
                return;
            }
            Ok(_) => (),
            Err(error) => return self.failed(reason(&error)),
        }
        let look = generation.look();
        let is_cut = look.as_ref().is_ok_and(|look| look.size < generation.end());
        let (finished, finished_id) = (generation.number, generation.id);
        generation.is_over = true;
        // copytruncate: the copy has what was written between our last read and the cut.
        let copy = all.iter().enumerate().find_map(|(at, sibling)| {
            if sibling.is_packed || sibling.id == generation.id {
                return None;
            }
            let copy = open(&sibling.path).ok().filter(|copy| !copy.is_pipe)?;
            generation.goes_on_in(&copy.file).then_some((at, copy))
        });
        self.at_end = copy.is_none();
        // The file itself may have been moved or deleted after it was cut: what is younger than it comes later.
        let own = all.iter().find(|sibling| sibling.id == generation.id);
        let is_older = |one: &&Sibling| match (own, &look) {
            _ if is_at_path => true,
            (Some(own), _) if one.is_comparable(own) => own.is_younger(one),
            (Some(own), _) => one.modified < own.modified,
            (None, Ok(look)) => one.modified < look.modified,
            (None, Err(_)) => false,
        };
        self.older = all.iter().filter(is_older).map(|sibling| sibling.id).collect();
        let (copy, missed) = match copy {
            Some((at, copy)) => {
                let after = all[at + 1..].iter().filter(|one| one.is_younger(&all[at]));
                let between: Vec<Sibling> = after.filter(is_older).cloned().collect();
                self.older.insert(copy.id);
                (Some(copy), self.open_all(&between, &[finished_id]))
            }
            None => (None, Missed::default()),
        };
        let n_missed = missed.opened.len();
        let number = self.next_generation + u32::try_from(n_missed).unwrap_or(0);
        let Some(generation) = self.reading.front_mut() else { return };
        let fresh = generation.afresh(&self.options, number);
        let mut kept = None;
        if let Some(copy) = copy {
            generation.move_to(copy);
            kept = generation.handle();
        }
        let change = ContentChange { finished, missed: n_missed, kept };
        self.succession.push(if is_cut {
            SourceNotice::Truncated(change)
        } else {
            SourceNotice::Replaced(change)
        });
        self.queue_missed(missed);
        // Its number was taken from after theirs.
        self.number();
        self.reading.push_back(fresh);
    }

    fn queue_missed(&mut self, missed: Missed) {
        if !missed.lost.is_empty() {
            self.succession.push(SourceNotice::MissedGenerations(missed.lost));
        }
        for opened in missed.opened {
            let number = self.number();
            self.reading.push_back(Generation::new(opened, &self.options, number));
        }
    }

    /// The path leads to another file than the one that is held.
    pub(super) fn succeed(&mut self, now: Instant) {
        let next = match open(&self.path) {
            Ok(next) => next,
            Err(error) => return self.unavailable(now, &error),
        };
        let next = match self.go_on_in(next, now) {
            RewriteVerdict::GoesOn => {
                (self.searching, self.is_refused) = (None, false);
                self.available();
                self.older = self.siblings().iter().map(|sibling| sibling.id).collect();
                return;
            }
            RewriteVerdict::UnderWay => return,
            RewriteVerdict::Other(next) => next,
        };
        if self.reading.front().is_some_and(|held| held.look().is_ok_and(|look| !look.is_own)) {
            self.regain();
        }
        let Some(generation) = self.reading.front() else { return };
        let finished = generation.number;
        // The files that come after it may have been moved together with it.
        let own = generation.path();
        let own = own
            .as_deref()
            .and_then(Path::parent)
            .filter(|_| generation.look().is_ok_and(|look| look.is_linked));
        self.old = own.map(Path::to_owned).or(self.old.take());
        let patient = now < *self.searching.get_or_insert(now) + UNDER_WAY;
        let Some(found) = self.find_succession(next, patient) else {
            self.next_look = now + SOON;
            self.at_end = false;
            return;
        };
        self.searching = None;
        self.available();
        let n_missed = found.missed.opened.len();
        if let (Some(copy), Some(generation)) = (found.copy, self.reading.front_mut()) {
            generation.move_to(copy);
        }
        self.succession.push(if found.is_rotation {
            SourceNotice::Rotated { finished, missed: n_missed }
        } else {
            SourceNotice::Replaced(ContentChange { finished, missed: n_missed, kept: self.handle() })
        });
        self.queue_missed(found.missed);
        if let Some(next) = found.next {
            // A log that was moved away and back goes on where it was.
            let back = self.late.iter().position(|late| late.generation.id == next.id);
            let next = match back.and_then(|at| self.late.remove(at)) {
                Some(late) => late.generation,
                None => self.generation(next),
            };
            self.enter(next);
        } else {
            self.is_hinted = true;
        }
        // What the old one got before the new one was seen comes first.
        self.at_end = false;
    }

    fn handle(&self) -> Option<Handle> {
        self.reading.front().and_then(Generation::handle)
    }

    /// Finds and opens what is to be read after the generation that is held. `None` when the files are moving and
    /// there is time to look again.
    fn find_succession(&self, mut next: Opened, patient: bool) -> Option<Succession> {
        let generation = self.reading.front()?;
        for _ in 0..LISTINGS {
            let look = generation.look().ok();
            let all = self.siblings();
            let between = self.between(generation, look, &next, &all);
            if !between.is_settled && patient {
                return None;
            }
            let late: Vec<FileId> = self.late.iter().map(|late| late.generation.id).collect();
            let not = [&late[..], &[generation.id, next.id]].concat();
            let mut missed = self.open_all(&between.younger, &not);
            let mut copy = None;
            if !between.is_rotation
                && let Some(at) = missed.opened.iter().position(|one| generation.goes_on_in(&one.file))
            {
                copy = missed.opened.drain(..=at).next_back();
            }
            let names =
                |all: &[Sibling]| all.iter().map(|one| (one.path.clone(), one.id)).collect::<Vec<_>>();
            let is_still_next = std::fs::metadata(&self.path)
                .is_ok_and(|meta| FileId::of(&meta) == next.id && meta.nlink() > 0);
            if !patient || (is_still_next && names(&self.siblings()) == names(&all)) {
                let next = (!missed.has_more).then_some(next);
                return Some(Succession { next, copy, missed, is_rotation: between.is_rotation });
            }
            next = open(&self.path).ok()?;
        }
        None
    }

    /// Which siblings are younger than the generation that is held.
    fn between(
        &self,
        generation: &Generation,
        look: Option<FileMetadata>,
        next: &Opened,
        all: &[Sibling],
    ) -> Between {
        if generation.is_pipe() || next.is_pipe {
            return Between { younger: Vec::new(), is_rotation: false, is_settled: true };
        }
        if let Some(own) = all.iter().find(|sibling| sibling.id == generation.id) {
            let younger: Vec<Sibling> = all.iter().filter(|one| one.is_younger(own)).cloned().collect();
            // A number without a file: the names are being shifted.
            let has = |age| younger.iter().any(|one| one.number() == Some(age));
            let is_settled = own.number().is_none_or(|own| (1..own).all(has));
            return Between { younger, is_rotation: true, is_settled };
        }
        let is_elsewhere = std::fs::metadata(&self.real).is_ok_and(|meta| FileId::of(&meta) == generation.id);
        if is_elsewhere || self.late.iter().any(|late| late.generation.id == next.id) {
            // A link was pointed to another file, or an older file came back.
            return Between { younger: Vec::new(), is_rotation: true, is_settled: true };
        }
        match look {
            Some(look) if !look.is_linked => {
                // Deleted: files written since that were not there before came between.
                let is_younger = |one: &&Sibling| {
                    one.is_certain() && one.modified >= look.modified && !self.older.contains(&one.id)
                };
                let younger: Vec<Sibling> = all.iter().filter(is_younger).cloned().collect();
                // Other directories may hold copies of these.
                let is_beside = younger.iter().any(Sibling::is_beside);
                let younger = younger.into_iter().filter(|one| one.is_beside() || !is_beside).collect();
                Between { younger, is_rotation: false, is_settled: true }
            }
            // It has a name that is not among those of a rotation, or not yet.
            _ => Between { younger: Vec::new(), is_rotation: true, is_settled: false },
        }
    }

    /// Opens the missed generations but for those in `not`.
    fn open_all(&self, missed: &[Sibling], not: &[FileId]) -> Missed {
        let mut found = Missed::default();
        for sibling in missed {
            if not.contains(&sibling.id) || found.opened.iter().any(|one| one.id == sibling.id) {
                continue;
            }
            if found.opened.len() == BATCH {
                found.has_more = true;
                break;
            }
            if sibling.is_packed {
                // While it is being compressed, both are there.
                if !missed.iter().any(|one| one.is_same_as(sibling)) && !self.was_read(sibling) {
                    found.lost.push(sibling.name());
                }
                continue;
            }
            match open(&sibling.path) {
                Ok(file) if file.id == sibling.id => found.opened.push(file),
                _ => found.lost.push(sibling.name()),
            }
        }
        found
    }
}
