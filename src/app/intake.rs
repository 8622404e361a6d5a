//! Reading of a log: its backlog, its throughput, the time left, and the generations that lie beside it.
//!
//! Must not fold.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::backlog::FoldBacklog;
use super::play::rate_then;
use super::remark::Remark;
use super::throughput::Throughput;
use super::travel::Travel;
use super::{Now, Sending, Setup};
use crate::engine::{self, Engine};
use crate::model::text;
use crate::session::Session;
use crate::source::delivery::{SourceNotice, Status};
use crate::view::Severity;
use crate::view::notice::Subject;
use crate::view::summary::{Backlog as Waiting, Flow, Rate, Summary};

/// Minimum time of reading before the time left is estimated.
const MIN_ESTIMATE_TIME: Duration = Duration::from_millis(200);

/// Reading of a log.
#[derive(Debug, Default)]
pub(super) struct Intake {
    /// Lines that wait to be folded.
    pub(super) backlog: FoldBacklog,
    pub(super) throughput: Throughput,
    /// The instant and the offset at which reading of the present content began.
    reading: Option<(Instant, u64)>,
    /// Words for what lies beside a log that does not begin with its first event.
    earlier: Option<String>,
    /// The instant at which the reader was lost.
    lost_at: Option<u64>,
}

/// The log as far as it was read, and the instant of it that is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct IntakeScope<'a> {
    pub(super) session: &'a Session,
    pub(super) travel: &'a Travel,
    pub(super) now: Now,
}

impl IntakeScope<'_> {
    fn ticks_at(&self, time: SystemTime) -> u64 {
        let unit = self.session.store().unit();
        time.duration_since(UNIX_EPOCH).map_or(0, |since| unit.ticks(since))
    }
}

impl Intake {
    /// The sentence about generations that lie beside a log that was joined after a rotation.
    pub(super) fn earlier(&self) -> Option<&str> {
        self.earlier.as_deref()
    }

    /// Is true while new lines wait, until the user goes on.
    pub(super) const fn is_frozen(&self, travel: &Travel) -> bool {
        self.backlog.paused_at().is_some() || travel.is_held()
    }

    /// Is true while blocks wait that may be folded.
    pub(super) fn is_behind(&self, travel: &Travel) -> bool {
        !self.is_frozen(travel) && self.backlog.holds()
    }

    /// Is true while the reader may send more. While runs are evicted, only what waits anyhow comes.
    pub(super) fn wants_more(&self, travel: &Travel, is_thinning: bool) -> bool {
        !self.backlog.is_full() && (self.is_frozen(travel) || !(self.backlog.holds() || is_thinning))
    }

    /// Takes in the progress of the reader.
    pub(super) fn note_status(&mut self, status: Status, now: Instant) {
        // Another file is read from its own beginning.
        let going_on = self.reading.filter(|(_, from)| *from <= status.offset);
        self.reading = (!status.caught_up).then(|| going_on.unwrap_or((now, status.offset)));
    }

    /// Takes in that the reader is gone: the view may be out of date from now on.
    pub(super) const fn lose(&mut self, at: u64) {
        self.lost_at = Some(at);
    }

    /// Forgets what lies beside the log: it is another one.
    pub(super) fn leave_log(&mut self) {
        self.earlier = None;
    }

    /// Returns a warning, once the first event has come, of generations that were rotated away before it and lie beside
    /// the log.
    pub(super) fn note_beside(&mut self, session: &mut Session) -> Option<Remark> {
        let text = text::clean(&session.take_beside("runwatch -")?).into_owned();
        self.earlier = Some(text.clone());
        Some(Remark::warning(text))
    }

    /// Notes whether lines come at the queue's own rate, or at that of reading what was there. `is_reported` is true when
    /// the reader has just said that all was read.
    pub(super) fn note_pace(&mut self, is_reported: bool, at: IntakeScope<'_>) {
        let now = at.now.instant;
        self.throughput.pass(now);
        let is_frozen = self.is_frozen(at.travel);
        match self.flow(at) {
            Flow::Live if !is_frozen => self.throughput.go_live(is_reported, now),
            // A queue that writes more than is read at once is live all the same.
            Flow::Loading { .. } if !is_frozen && !self.backlog.holds() => (),
            _ => self.throughput.hold(),
        }
    }

    fn rate(&self, at: IntakeScope<'_>) -> Rate {
        let (history, now) = (&at.session.history, at.now.instant);
        match self.flow(at) {
            _ if at.travel.looks_back() => Rate::Queue(rate_then(history, at.travel.edge(history))),
            _ if self.is_frozen(at.travel) => Rate::None,
            Flow::Live => self.throughput.rate(now).map_or(Rate::Unknown, Rate::Queue),
            Flow::Loading { .. } => match self.throughput.reading(now) {
                0 => Rate::None,
                rate => Rate::Reading(rate),
            },
            _ => Rate::None,
        }
    }

    /// The words of the header.
    pub(super) fn summary<'a>(&self, at: IntakeScope<'a>, setup: &'a Setup) -> Summary<'a> {
        let store = at.session.store();
        let waiting = Waiting { lines: self.backlog.lines(), is_full: self.backlog.is_full() };
        Summary {
            name: &setup.name,
            states: store.states(),
            flow: self.flow(at),
            paused: self.backlog.paused_at().map(|_| waiting),
            rate: self.rate(at),
            sequence: store.latest_sequence(),
            lag: self.throughput.lag().filter(|_| !at.travel.looks_back()),
            tally: *store.tally(),
            problems: store.problems().total(),
            pending: at.session.log.pending(),
            is_read_only: matches!(setup.sending, Sending::Off(_)),
            is_engine_paused: store.engine().paused,
            progress: engine::progress(store),
            unit: store.unit(),
            engine: Engine::of(store),
            is_foreign: !engine::tells(store).is_empty(),
        }
    }

    /// The state of the log.
    pub(super) fn flow(&self, at: IntakeScope<'_>) -> Flow {
        let IntakeScope { session, travel, now } = at;
        let (history, log) = (&session.history, &session.log);
        if travel.is_held() {
            let behind = history.edge() - history.position() + self.backlog.lines();
            return if travel.is_replay() { Flow::Replay } else { Flow::Past { behind } };
        }
        if travel.is_replay() && log.is_read() {
            return Flow::Replay;
        }
        if let Some(since) = self.lost_at {
            return Flow::Unavailable { since };
        }
        if log.has_ended() && !self.is_behind(travel) {
            return Flow::Ended;
        }
        if log.is_waiting() {
            return Flow::Waiting;
        }
        let Some(status) = log.status() else { return Flow::Opening };
        if let Some(since) = status.unavailable_since {
            return Flow::Unavailable { since: at.ticks_at(since) };
        }
        if status.caught_up && !self.is_behind(travel) {
            return Flow::Live;
        }
        Flow::Loading {
            percent: percent(status.offset, status.size),
            left: self.left(status, now.instant),
            behind: status.size.saturating_sub(status.offset),
        }
    }

    /// Estimated time to read the rest of the log, in seconds, at least 1; none while the estimate is not reliable.
    fn left(&self, status: Status, now: Instant) -> Option<u64> {
        let (since, from) = self.reading?;
        let so_far = now.saturating_duration_since(since);
        let read = status.offset.checked_sub(from).filter(|read| *read > 0 && so_far >= MIN_ESTIMATE_TIME)?;
        let left =
            so_far.as_millis() * u128::from(status.size.saturating_sub(status.offset)) / u128::from(read);
        u64::try_from(left.div_ceil(1000).max(1)).ok()
    }
}

fn percent(part: u64, whole: u64) -> u8 {
    let percent = u128::from(part) * 100 / u128::from(whole.max(1));
    u8::try_from(percent.min(100)).unwrap_or(100)
}

/// Words about what has happened to the log.
pub(super) fn remarks_on(notice: &SourceNotice) -> Option<Remark> {
    let severity = if notice.is_warning() { Severity::Warning } else { Severity::Note };
    match notice {
        // The header shows it.
        SourceNotice::Waiting | SourceNotice::Ended => None,
        // What lies beside is reported with the first event.
        SourceNotice::Opened { generation: 0, .. } | SourceNotice::Beside(_) => None,
        SourceNotice::Opened { .. } | SourceNotice::Moved { .. } => Some(Remark::Over(Subject::Path)),
        SourceNotice::Appeared => Some(Remark::of(severity, "the log has appeared").about(Subject::Path)),
        SourceNotice::Deleted
        | SourceNotice::Nameless
        | SourceNotice::Unreadable(_)
        | SourceNotice::NotALog(_) => {
            Some(Remark::of(severity, text::clean(&notice.to_string())).about(Subject::Path))
        }
        other => Some(Remark::of(severity, text::clean(&other.to_string()))),
    }
}
