//! Travel in time: steps, leaps and playback, in a replay and in the past of a live log.
//!
//! While the screen shows the past, new lines wait, and nothing is canceled: the view is not the present. A way is
//! taken a piece at a time, between frames, so every frame shows an instant of the log.

use std::time::Instant;

use super::context::Context;
use super::edge::Edge;
use super::play::{Beat, Player};
use super::remark::Remark;
use super::store_change::StoreChange;
use super::ways::{Destination, Outset, Turn, Way};
use super::{App, Now, Sending};
use crate::control::Why;
use crate::history::{Goal, History};
use crate::input::Action;
use crate::source::reread::Reread;
use crate::store::{Renumbering, RunKey};
use crate::view::beyond::{Beyond, TIMELESS, TIMELESS_HINT};
use crate::view::instant::{Here, When};
use crate::view::notice::Subject;
use crate::view::screen::TimeLine;
use crate::view::timeline::TimelineCourse;
use crate::view::{Clock, Timeline};

/// Travel in time: its destination, and the view meanwhile.
#[derive(Debug, Default)]
pub(super) struct Travel {
    /// The log is a replay: it is looked back on, and nothing can be sent.
    is_replay: bool,
    /// The screen shows the past, or is on the way there: new lines wait.
    is_held: bool,
    goal: Option<Goal>,
    /// The position that the present way must lead away from.
    leaving: Option<(u64, Turn)>,
    /// The way leads to the edge, to stay there.
    is_returning: bool,
    player: Player,
    /// Steps that were asked for on the way to an instant that is not known yet.
    steps: i64,
    /// The instant that was asked for by its name, until it is known whether the log reaches it.
    asked: Option<Goal>,
    /// The run that the way leads to.
    finds: Option<RunKey>,
    /// The edge as it was when it was left.
    edge: Edge,
}

/// The instant at hand, from which a key of time leads on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand<'a> {
    pub(super) history: &'a History,
    /// The run that is looked at.
    pub(super) run: Option<RunKey>,
    pub(super) now: Instant,
}

/// Progress of a way.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TravelProgress {
    /// There is more of it.
    Going,
    /// It has led to its end, and to this run.
    Arrived(Option<RunKey>),
    /// It cannot be taken to its end.
    Blocked(Remark),
}

impl Travel {
    /// No way yet, in a replay or in a log that goes on.
    pub(super) fn of(sending: &Sending) -> Self {
        Self { is_replay: matches!(sending, Sending::Off(Why::Replay)), ..Self::default() }
    }

    /// Is true while the screen shows an instant that is looked back on, and not the present.
    pub(super) const fn looks_back(&self) -> bool {
        self.is_replay || self.is_held
    }

    /// Is true where the log is looked back on: then nothing can be sent, and "now" is the instant at hand.
    pub(super) const fn is_replay(&self) -> bool {
        self.is_replay
    }

    /// The reason why nothing can be sent from the instant at hand, if that is why: a replay has a reason of its own.
    pub(super) fn refusal(&self) -> Option<Remark> {
        let words = "this is the past, where nothing can be canceled: f returns to now";
        (self.is_held && !self.is_replay).then(|| Remark::warning(words).about(Subject::Way))
    }

    /// Is true while the screen has left the present, so that new lines wait.
    pub(super) const fn is_held(&self) -> bool {
        self.is_held
    }

    /// Is true while there is some way to go.
    pub(super) const fn is_going(&self) -> bool {
        self.goal.is_some()
    }

    pub(super) const fn is_playing(&self) -> bool {
        self.player.is_playing()
    }

    /// The instant at which the log is to go on, while it plays.
    pub(super) fn next_beat(&self, now: Instant) -> Option<Instant> {
        self.player.next_beat(now).filter(|_| self.goal.is_none())
    }

    /// Takes in the new keys of runs.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        self.finds = self.finds.and_then(|run| renumbering.now(run));
    }

    /// The state of motion.
    pub(super) const fn course(&self) -> TimelineCourse {
        match self.goal {
            _ if self.player.is_playing() => TimelineCourse::Playing(self.player.speed()),
            Some(_) => TimelineCourse::Going,
            None if self.looks_back() => TimelineCourse::Still,
            None => TimelineCourse::Live,
        }
    }

    /// The latest instant that was read.
    pub(super) fn edge(&self, history: &History) -> Edge {
        if self.is_held { self.edge } else { Edge::of(history.store()) }
    }

    /// The log's time, and the instant at hand in it.
    pub(super) fn timeline<'a>(&self, history: &'a History) -> Timeline<'a> {
        let (store, edge) = (history.store(), self.edge(history));
        let line = Timeline {
            samples: history.samples(),
            here: (history.position(), store.latest_at()),
            edge: (history.edge(), edge.at),
            by_sequence: edge.is_timeless,
        };
        // A log of one instant has no length in time.
        Timeline { by_sequence: edge.is_timeless || line.begins_at() == edge.at, ..line }
    }

    /// The time line as it is drawn; none in the present.
    pub(super) fn time_line<'a>(&self, cx: &Context<'a>) -> Option<TimeLine<'a>> {
        let edge = self.edge(cx.history);
        self.looks_back().then(|| TimeLine {
            line: self.timeline(cx.history),
            course: self.course(),
            sequences: (cx.store().latest_sequence(), edge.sequence),
            is_timeless: edge.is_timeless,
            is_replay: self.is_replay,
            clock: cx.clock(),
            keymap: cx.keymap(),
        })
    }

    /// The instant at a column of a time line of this `width`; none where it has no bar.
    pub(super) fn goal_at(&self, cx: &Context<'_>, column: u16, width: u16) -> Option<Goal> {
        let line = self.timeline(cx.history);
        let bar = line.bar(cx.clock(), usize::from(width));
        (bar.width > 0).then(|| line.goal(usize::from(column).saturating_sub(bar.x), bar.width))
    }

    /// Goes some way to the instant that was asked for, reading lines again where it must; nothing where there is no
    /// way to go.
    pub(super) fn advance(&mut self, history: &mut History, log: &dyn Reread) -> Option<TravelProgress> {
        Some(match history.seek(self.goal?, log) {
            Ok(false) => TravelProgress::Going,
            Ok(true) => {
                self.goal = None;
                TravelProgress::Arrived(self.finds.take())
            }
            Err(gone) => {
                self.goal = None;
                self.player.stop();
                // A way that led nowhere leaves the screen in the present.
                self.is_held &= !history.is_at_edge();
                let words =
                    format!("that instant cannot be shown again: {gone}; this is one before or after it");
                TravelProgress::Blocked(Remark::warning(words).about(Subject::Way))
            }
        })
    }

    /// Says that the log does not reach the instant that was asked for, if so. Once, on arrival.
    pub(super) fn beyond(&mut self, history: &History, clock: &Clock) -> Option<Remark> {
        let (goal, store) = (self.asked.take()?, history.store());
        let beyond = Beyond::of(goal, store, history.is_at_edge())?;
        Some(Remark::note(beyond.words(Here::of(store), clock.of(store.unit()))).about(Subject::Way))
    }

    /// Goes on from where a way has led, if it was only a part of what was asked for.
    pub(super) fn go_on(&mut self, history: &History) {
        let position = history.position();
        match self.leaving.take() {
            Some((from, Turn::Back)) if position >= from && from > 0 => {
                self.set_out(Goal::Position(from - 1), history);
            }
            Some((from, Turn::Forward)) if position <= from => {
                self.set_out(Goal::Position(from + 1), history);
            }
            _ if self.steps != 0 => {
                let steps = std::mem::take(&mut self.steps);
                self.set_out(Goal::Position(position.saturating_add_signed(steps)), history);
            }
            _ if self.is_returning && history.is_at_edge() => {
                self.is_returning = false;
                self.is_held = false;
            }
            _ => (),
        }
    }

    fn set_out(&mut self, goal: Goal, history: &History) {
        if !self.is_held {
            self.edge = Edge::of(history.store());
        }
        self.is_held = true;
        self.is_returning = false;
        self.goal = Some(goal);
    }

    /// Goes to an instant, and stops playing.
    pub(super) fn go_to(&mut self, goal: Goal, history: &History) -> Vec<Remark> {
        self.player.stop();
        self.leaving = None;
        self.finds = None;
        self.asked = None;
        self.steps = 0;
        let over = Remark::Over(Subject::Way);
        if history.edge() == 0 {
            let remark = Remark::note("nothing has been read yet: there is no past");
            return vec![over, remark.about(Subject::Emptiness)];
        }
        if history.oldest() == history.edge() {
            return vec![over, Remark::note("the past of this log is not kept")];
        }
        self.set_out(goal, history);
        vec![over]
    }

    /// Goes to an instant by its name.
    pub(super) fn go_to_when(&mut self, when: &When, history: &History, clock: &Clock) -> Vec<Remark> {
        let goal = when.goal(Here::of(history.store()), clock.of(history.store().unit()));
        if matches!(goal, Goal::Time(_)) && self.edge(history).at == 0 && history.edge() > 0 {
            let remark = Remark::warning(format!("{TIMELESS}: {TIMELESS_HINT}"));
            return vec![remark.about(Subject::Way)];
        }
        let remarks = self.go_to(goal, history);
        self.asked = self.goal;
        remarks
    }

    /// Goes to the edge, to stay there.
    fn return_to_edge(&mut self, history: &History) -> Vec<Remark> {
        if !self.is_held {
            return Vec::new();
        }
        let remarks = self.go_to(Goal::Position(history.edge()), history);
        self.is_returning = true;
        remarks
    }

    /// Does what a key of time means; nothing where it is none, or is none here.
    pub(super) fn turn(&mut self, action: Action, from: Stand<'_>) -> Option<Vec<Remark>> {
        let Stand { history, now, .. } = from;
        let looks_back = self.looks_back();
        Some(match action {
            Action::StepBack => self.step(-1, history),
            Action::StepForward => self.step(1, history),
            Action::MinuteBack => self.go_way(Way::Minute(Turn::Back), from),
            Action::MinuteForward => self.go_way(Way::Minute(Turn::Forward), from),
            Action::PreviousOfRun => self.go_way(Way::OfRun(Turn::Back), from),
            Action::NextOfRun => self.go_way(Way::OfRun(Turn::Forward), from),
            Action::Faster => self.set_speed(1, now),
            Action::Slower => self.set_speed(-1, now),
            Action::Start if looks_back => self.go_to(Goal::Position(0), history),
            Action::End if looks_back => self.return_to_edge(history),
            Action::Follow if self.is_held => self.return_to_edge(history),
            Action::Pause if looks_back => self.toggle_play(history, now),
            Action::NextProblem if looks_back => self.go_way(Way::Trouble(Turn::Forward), from),
            Action::PreviousProblem if looks_back => self.go_way(Way::Trouble(Turn::Back), from),
            _ => return None,
        })
    }

    fn set_speed(&mut self, by: isize, now: Instant) -> Vec<Remark> {
        vec![Remark::note(self.player.set_speed(by, now)).about(Subject::Way)]
    }

    /// Plays on, or stops. From the end it begins again at the start.
    fn toggle_play(&mut self, history: &History, now: Instant) -> Vec<Remark> {
        if self.player.stop() {
            self.goal = None;
            return Vec::new();
        }
        if history.edge() == 0 {
            return Vec::new();
        }
        let is_at_end = history.is_at_edge() && self.goal.is_none();
        let remarks = if is_at_end { self.go_to(Goal::Position(0), history) } else { Vec::new() };
        self.player.begin(now);
        remarks
    }

    /// Goes on by as much of the log as the time that has passed plays.
    pub(super) fn play(&mut self, history: &History, now: Instant) -> Vec<Remark> {
        if self.goal.is_some() {
            return Vec::new();
        }
        let edge = self.edge(history);
        match self.player.beat(history, edge, now) {
            Some(Beat::Edge) => return self.return_to_edge(history),
            Some(Beat::To(position)) => self.set_out(Goal::Position(position), history),
            None => (),
        }
        Vec::new()
    }

    fn outset<'a>(&self, history: &'a History) -> Outset<'a> {
        Outset { goal: self.goal, history, edge: self.edge(history) }
    }

    fn step(&mut self, by: i64, history: &History) -> Vec<Remark> {
        match self.goal {
            // Where that leads is known on arrival.
            Some(Goal::Sequence(_) | Goal::Time(_)) => {
                self.steps += by;
                Vec::new()
            }
            _ => {
                let aim = self.outset(history).aim();
                self.go_to(Goal::Position(aim.saturating_add_signed(by)), history)
            }
        }
    }

    /// Goes the way that a key asks for, or returns why there is none.
    fn go_way(&mut self, way: Way, from: Stand<'_>) -> Vec<Remark> {
        match self.outset(from.history).destination(way, from.run) {
            Ok(Destination { goal, leaving, finds }) => {
                let remarks = self.go_to(goal, from.history);
                self.leaving = leaving;
                self.finds = finds;
                remarks
            }
            Err(words) => vec![Remark::note(words).about(Subject::Way)],
        }
    }
}

impl App {
    /// Is true while there is some way to go, by [`App::travel`].
    #[must_use]
    pub const fn is_traveling(&self) -> bool {
        self.travel.is_going()
    }

    /// Goes some way to the instant that was asked for, reading lines again where it must.
    pub fn travel(&mut self, log: &dyn Reread, now: Now) {
        self.now = now;
        let Some(progress) = self.travel.advance(&mut self.session.history, log) else { return };
        self.is_dirty = true;
        match progress {
            TravelProgress::Going => (),
            TravelProgress::Arrived(run) => {
                let beyond = self.travel.beyond(&self.session.history, &self.setup.clock);
                self.report(beyond);
                self.board.show_found(run, self.session.store());
                self.baselines.refresh(&mut self.board.pages, &self.travel, &self.session.history);
                self.travel.go_on(&self.session.history);
            }
            TravelProgress::Blocked(remark) => self.report(remark),
        }
        self.on_change(StoreChange::Traveled);
    }

    /// Goes where the dashboard was asked to begin, once.
    pub(super) fn open_there(&mut self) {
        if let Some(when) = self.setup.opens_at.take() {
            let remarks = self.travel.go_to_when(&when, &self.session.history, &self.setup.clock);
            self.report(remarks);
        }
    }

    /// Does what a key of time means; says whether it was one here.
    pub(super) fn turn(&mut self, action: Action) -> bool {
        let (history, now) = (&self.session.history, self.now.instant);
        let from = Stand { history, run: self.board.looked_at(history.store()), now };
        let Some(remarks) = self.travel.turn(action, from) else { return false };
        self.report(remarks);
        true
    }
}

#[cfg(test)]
mod tests;
