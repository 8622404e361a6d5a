//! What the log says, taken in: folded at once, or kept while the view is frozen.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::changes::Baselines;
use super::charts::ChartsState;
use super::ids::Naming;
use super::on_change::Change;
use super::play::rate_then;
use super::{App, Board, Now, Sending};
use crate::engine::Engine;
use crate::engine::batch::Batch;
use crate::model::text;
use crate::session::identity::Joint;
use crate::source::delivery::{Delivery, SourceNotice, Status};
use crate::view::Severity;
use crate::view::notice::Subject;
use crate::view::summary::{Backlog as Waiting, Flow, Rate, Summary};

/// A pace that is younger says little.
const PACE: Duration = Duration::from_millis(200);

/// State of reading a log: since when, and what lies beside it.
#[derive(Debug, Default)]
pub(super) struct FeedState {
    /// Since when what is there is being read, and from where on.
    reading: Option<(Instant, u64)>,
    /// Words for what lies beside a log that does not begin with its first event.
    earlier: Option<String>,
    /// The reader is gone since then.
    lost_at: Option<u64>,
}

impl App {
    /// Takes in what the reader sent.
    pub fn ingest(&mut self, delivery: Delivery<Batch>, now: Now) {
        self.now = now;
        self.is_dirty = true;
        self.pulse.tell(now.instant);
        let has_said = matches!(&delivery, Delivery::Status(status) if status.caught_up);
        match delivery {
            Delivery::Block(batch) if self.backlog.holds() || self.travel.is_held() => {
                self.backlog.push(batch);
            }
            Delivery::Block(batch) => self.fold(&batch),
            Delivery::Status(status) => {
                if status.unavailable_since.is_none() && self.session.log.is_unavailable() {
                    self.notices.withdraw_about(Subject::Path);
                }
                self.feed.hear(status, now.instant);
                self.session.log.note(status);
                if status.caught_up {
                    self.rest();
                    self.alerts_go_live();
                    self.open_there();
                }
            }
            Delivery::Notice(notice) => self.hear(&notice),
        }
        self.note_pace(has_said);
    }

    /// Notes whether what comes is the queue's own pace, or that of reading what was there.
    pub(super) fn note_pace(&mut self, has_said: bool) {
        self.pulse.tell(self.now.instant);
        match self.flow() {
            Flow::Live if !self.is_frozen() => self.pulse.go_live(has_said, self.now.instant),
            // A queue that writes more than is read at once is live all the same.
            Flow::Loading { .. } if !self.is_frozen() && !self.backlog.holds() => (),
            _ => self.pulse.hold(),
        }
    }

    fn rate(&self) -> Rate {
        match self.flow() {
            _ if self.looks_back() => Rate::Queue(rate_then(&self.session.history, self.edge())),
            _ if self.is_frozen() => Rate::None,
            Flow::Live => self.pulse.rate(self.now.instant).map_or(Rate::Unknown, Rate::Queue),
            Flow::Loading { .. } => match self.pulse.reading(self.now.instant) {
                0 => Rate::None,
                rate => Rate::Reading(rate),
            },
            _ => Rate::None,
        }
    }

    /// Nothing is heard of the log any more: what is shown is no longer how it is.
    pub fn lose_log(&mut self, now: Now) {
        (self.now, self.is_dirty) = (now, true);
        self.feed.lost_at = Some(self.wall());
    }

    /// Whether the reader may send more. When not, it waits, and the log with it.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        !self.backlog.is_full() && (self.is_frozen() || !(self.backlog.holds() || self.is_thinning()))
    }

    /// Whether blocks wait to be folded by [`App::catch_up`].
    #[must_use]
    pub fn is_behind(&self) -> bool {
        !self.is_frozen() && self.backlog.holds()
    }

    /// Whether what comes waits, until somebody lets it go on.
    const fn is_frozen(&self) -> bool {
        self.backlog.paused_at().is_some() || self.travel.is_held()
    }

    /// Folds one of the blocks that waited while the view was frozen.
    pub fn catch_up(&mut self, now: Now) {
        self.now = now;
        if let Some(batch) = self.backlog.pop() {
            self.is_dirty = true;
            self.fold(&batch);
            if self.session.log.is_read() {
                self.rest();
            }
        }
        self.note_pace(false);
    }

    pub(super) fn toggle_pause(&mut self) {
        if self.backlog.paused_at().is_some() {
            self.backlog.resume();
        } else {
            self.backlog.pause(self.now);
        }
    }

    fn fold(&mut self, batch: &Batch) {
        self.pulse.came(batch.block().len_lines() as u64, self.now.instant);
        match self.session.join(batch) {
            Joint::Another => self.start_afresh(),
            joint => {
                if let Some((_, text)) = joint.notice() {
                    self.notify(Severity::Warning, text);
                }
            }
        }
        self.session.history.fold(batch);
        self.tell_earlier();
        self.tell_excess();
        self.notices.withdraw_about(Subject::Emptiness);
        self.on_change(Change::Folded);
    }

    /// Tells, once the first event has come, which generations were rotated away before it and lie beside the log.
    fn tell_earlier(&mut self) {
        if let Some(text) = self.session.take_beside("runwatch -") {
            let text = text::clean(&text).into_owned();
            self.notify(Severity::Warning, text.clone());
            self.feed.earlier = Some(text);
        }
    }

    /// The sequence goes back: it is another log.
    fn start_afresh(&mut self) {
        self.charts = ChartsState::default();
        self.naming = Naming::default();
        self.baselines = Baselines::default();
        self.board = Board { focus: self.board.focus, zoomed: self.board.zoomed, ..Board::default() };
        self.pages.leave_log();
        self.cancels.leave_log();
        self.feed.earlier = None;
        self.marking.clear();
        self.alerts.forget();
        self.look_through();
        self.notify(
            Severity::Warning,
            "this is another log: its sequence starts again, and so does the view",
        );
    }

    fn hear(&mut self, notice: &SourceNotice) {
        self.session.log.hear(notice);
        let severity = if notice.is_warning() { Severity::Warning } else { Severity::Note };
        match notice {
            // The header says so.
            SourceNotice::Waiting => (),
            SourceNotice::Ended => {
                self.rest();
                self.open_there();
            }
            // What lies beside is told with the first event.
            SourceNotice::Opened { generation: 0, .. } | SourceNotice::Beside(_) => (),
            SourceNotice::Opened { .. } | SourceNotice::Moved { .. } => {
                self.notices.withdraw_about(Subject::Path);
            }
            SourceNotice::Appeared => {
                self.notify_about(Subject::Path, severity, "the log has appeared");
            }
            SourceNotice::Deleted
            | SourceNotice::Nameless
            | SourceNotice::Unreadable(_)
            | SourceNotice::NotALog(_) => {
                let text = text::clean(&notice.to_string()).into_owned();
                self.notify_about(Subject::Path, severity, text);
            }
            other => {
                let text = text::clean(&other.to_string()).into_owned();
                self.notify(severity, text);
            }
        }
    }

    /// What the header says.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        let store = self.session.store();
        let waiting = Waiting { lines: self.backlog.lines(), is_full: self.backlog.is_full() };
        Summary {
            name: &self.setup.name,
            states: store.states(),
            flow: self.flow(),
            paused: self.backlog.paused_at().map(|_| waiting),
            rate: self.rate(),
            sequence: store.latest_sequence(),
            lag: self.pulse.lag().filter(|_| !self.looks_back()),
            tally: *store.tally(),
            problems: store.problems().total(),
            pending: self.session.log.pending(),
            is_read_only: matches!(self.setup.sending, Sending::Off(_)),
            is_engine_paused: store.engine().paused,
            engine: Engine::of(store),
        }
    }

    pub(super) fn flow(&self) -> Flow {
        if self.travel.is_held() {
            let behind = self.session.history.edge() - self.session.history.position() + self.backlog.lines();
            return if self.is_replay() { Flow::Replay } else { Flow::Past { behind } };
        }
        if self.is_replay() && self.session.log.is_read() {
            return Flow::Replay;
        }
        if let Some(since) = self.feed.lost_at {
            return Flow::Unavailable { since };
        }
        if self.session.log.has_ended() && !self.is_behind() {
            return Flow::Ended;
        }
        if self.session.log.is_waiting() {
            return Flow::Waiting;
        }
        let Some(status) = self.session.log.status() else { return Flow::Opening };
        if let Some(since) = status.unavailable_since {
            return Flow::Unavailable { since: self.ticks_at(since) };
        }
        if status.caught_up && !self.is_behind() {
            return Flow::Live;
        }
        Flow::Loading {
            percent: percent(status.offset, status.size),
            left: self.feed.left(status, self.now.instant),
            behind: status.size.saturating_sub(status.offset),
        }
    }
}

impl App {
    fn ticks_at(&self, time: SystemTime) -> u64 {
        let unit = self.session.store().unit();
        time.duration_since(UNIX_EPOCH).map_or(0, |since| unit.ticks(since))
    }
}

impl FeedState {
    /// The sentence about generations that lie beside a log that was joined after a rotation.
    pub(super) fn earlier(&self) -> Option<&str> {
        self.earlier.as_deref()
    }

    fn hear(&mut self, status: Status, now: Instant) {
        // Another file is read from its own beginning.
        let going_on = self.reading.filter(|(_, from)| *from <= status.offset);
        self.reading = (!status.caught_up).then(|| going_on.unwrap_or((now, status.offset)));
    }

    /// How long the rest of what is there will take at the pace so far, in seconds; never none.
    fn left(&self, status: Status, now: Instant) -> Option<u64> {
        let (since, from) = self.reading?;
        let so_far = now.saturating_duration_since(since);
        let read = status.offset.checked_sub(from).filter(|read| *read > 0 && so_far >= PACE)?;
        let left =
            so_far.as_millis() * u128::from(status.size.saturating_sub(status.offset)) / u128::from(read);
        u64::try_from(left.div_ceil(1000).max(1)).ok()
    }
}

fn percent(part: u64, whole: u64) -> u8 {
    let percent = u128::from(part) * 100 / u128::from(whole.max(1));
    u8::try_from(percent.min(100)).unwrap_or(100)
}
