//! A content that is somewhere else now: in a copy that took the place of the log, or behind a descriptor
//! that has gone stale.
//!
//! The same bytes before our offset are the same log, and it is read on there. Must not judge what is other content.

use std::time::{Duration, Instant};

use super::FileFollower;
use super::generation::{Generation, Likeness};
use super::look::UNDER_WAY;
use crate::source::delivery::{Delivery, SourceNotice};
use crate::source::open::{Opened, open, reason};

/// Interval between looks at a copy that is being written.
const SOON: Duration = Duration::from_millis(100);

/// Time without a byte after which a copy that has only a part of the log is taken for complete.
const STALLED: Duration = Duration::from_secs(5);

/// Time after which it is taken for another log that grows by itself, though it begins alike.
const COPY_TIMEOUT: Duration = Duration::from_secs(60);

/// A copy that is being written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rewrite {
    since: Instant,
    size: u64,
    grown: Instant,
}

/// A decision about what is at the path.
pub(super) enum RewriteVerdict {
    /// It is read on.
    GoesOn,
    /// It may become that.
    UnderWay,
    /// It is another content.
    Other(Opened),
}

impl FileFollower {
    /// Reads on in `next`, which is at the path, if it has all that was read of the log.
    pub(super) fn go_on_in(&mut self, next: Opened, now: Instant) -> RewriteVerdict {
        let Some(generation) = self.reading.front_mut().filter(|held| !held.is_pipe() && !next.is_pipe)
        else {
            return RewriteVerdict::Other(next);
        };
        let is_in_place = next.id == generation.id;
        // What was renamed is no copy, and what comes after it begins empty.
        let is_renamed = !is_in_place && generation.look().is_ok_and(|look| look.is_linked);
        let likeness = generation.likeness(&next.file).unwrap_or(Likeness::Other);
        match likeness {
            Likeness::Same => match generation.go_on_in(next) {
                Ok(()) => {
                    self.rewrite = None;
                    self.at_end = false;
                    self.tell_handle();
                    RewriteVerdict::GoesOn
                }
                Err(error) => {
                    self.failed(reason(&error));
                    RewriteVerdict::UnderWay
                }
            },
            Likeness::Begins(size) if (size > 0 || !is_renamed) && self.may_grow(size, now) => {
                // Of a file that is written over, nothing is to be read meanwhile.
                self.at_end = is_in_place;
                self.next_look = now + SOON;
                RewriteVerdict::UnderWay
            }
            Likeness::Begins(_) | Likeness::Other => {
                self.rewrite = None;
                RewriteVerdict::Other(next)
            }
        }
    }

    /// Says by what the lines of the generation are read back now.
    pub(super) fn tell_handle(&mut self) {
        let moved = self.reading.front().and_then(moved);
        self.queue.extend(moved);
    }

    pub(super) fn tell_handle_of(&mut self, generation: &Generation) {
        self.queue.extend(moved(generation));
    }

    fn may_grow(&mut self, size: u64, now: Instant) -> bool {
        let rewrite = self.rewrite.get_or_insert(Rewrite { since: now, size, grown: now });
        if rewrite.size != size {
            (rewrite.size, rewrite.grown) = (size, now);
        }
        let patience = if size == 0 { UNDER_WAY } else { STALLED };
        now < rewrite.grown + patience && now < rewrite.since + COPY_TIMEOUT
    }

    /// Opens the path once more when it should have more than the descriptor gives: on a file system that goes by paths, a
    /// descriptor may stay with what had the name before, or never see what was added.
    pub(super) fn renew(&mut self, now: Instant) {
        let Some(generation) = self.reading.front_mut().filter(|held| !held.is_pipe()) else { return };
        let again = match open(&self.path) {
            Ok(again) if again.id == generation.id && !again.is_pipe => again,
            // The next look finds out.
            _ => return,
        };
        match generation.likeness(&again.file) {
            Ok(Likeness::Same) if generation.has_more_in(&again.file) => {
                if generation.go_on_in(again).is_ok() {
                    self.at_end = false;
                    self.tell_handle();
                }
            }
            Ok(Likeness::Same) => (),
            // Nothing of it was read, so that there is nothing to compare.
            Ok(_) if generation.end() == 0 => {
                if generation.has_more_in(&again.file) {
                    generation.move_to(again);
                    self.at_end = false;
                    self.tell_handle();
                }
            }
            Ok(_) => self.content_changed(now),
            Err(error) => self.failed(reason(&error)),
        }
    }
}

fn moved(held: &Generation) -> Option<Delivery> {
    let handle = held.handle()?;
    Some(Delivery::Notice(SourceNotice::Moved { generation: held.number, handle }))
}
