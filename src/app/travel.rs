//! Going about in time: steps, leaps and playing, in a replay and in the past of a live log.
//!
//! While the screen shows the past what comes waits, and nothing is canceled: what is shown is not what is. A way is
//! gone a piece at a time, between frames, so every frame shows an instant that was.

use std::time::Instant;

use super::edge::Edge;
use super::on_change::Change;
use super::play::{Beat, Player};
use super::remark::Remark;
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
use crate::view::timeline::TimelineCourse;
use crate::view::{Clock, Timeline};

/// Going about in time: where the way leads, and what is shown meanwhile.
#[derive(Debug, Default)]
pub(super) struct Travel {
    /// The screen shows the past, or is on the way there: what comes waits.
    is_held: bool,
    goal: Option<Goal>,
    /// The way that is gone must lead away from this position.
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
    /// What was true at the edge when it was left.
    edge: Edge,
}

/// The instant at hand, from which a key of time leads on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand<'a> {
    pub(super) history: &'a History,
    /// The run that is looked at.
    pub(super) run: Option<RunKey>,
    /// The log is looked back on, whether or not it was left.
    pub(super) looks_back: bool,
    pub(super) now: Instant,
}

/// Result of a step in time for the notices.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use = "what is said of a way is to be told"]
pub(super) struct TravelRemark {
    /// Another way was begun: what was said of the last one is over.
    pub(super) is_over: bool,
    pub(super) remark: Option<Remark>,
}

/// TravelProgress of a way.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TravelProgress {
    /// There is more of it.
    Going,
    /// It has led to its end, and to this run.
    Arrived(Option<RunKey>),
    /// It cannot be gone to its end.
    Blocked(Remark),
}

impl TravelRemark {
    fn of(remark: Remark) -> Self {
        Self { is_over: false, remark: Some(remark.about(Subject::Way)) }
    }

    /// Nothing is said, but that what was said before is over.
    const fn over() -> Self {
        Self { is_over: true, remark: None }
    }
}

impl Travel {
    /// Whether the screen has left the present, so that what comes waits.
    pub(super) const fn is_held(&self) -> bool {
        self.is_held
    }

    /// Whether there is some way to go.
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

    /// The state of motion, where the log is looked back on or not.
    pub(super) const fn course(&self, looks_back: bool) -> TimelineCourse {
        match self.goal {
            _ if self.player.is_playing() => TimelineCourse::Playing(self.player.speed()),
            Some(_) => TimelineCourse::Going,
            None if looks_back => TimelineCourse::Still,
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
    pub(super) fn go_to(&mut self, goal: Goal, history: &History) -> TravelRemark {
        self.player.stop();
        self.leaving = None;
        self.finds = None;
        self.asked = None;
        self.steps = 0;
        let remark = if history.edge() == 0 {
            Remark::note("nothing has been read yet: there is no past").about(Subject::Emptiness)
        } else if history.oldest() == history.edge() {
            Remark::note("the past of this log is not kept")
        } else {
            self.set_out(goal, history);
            return TravelRemark::over();
        };
        TravelRemark { is_over: true, remark: Some(remark) }
    }

    /// Goes to an instant by its name.
    pub(super) fn go_to_when(&mut self, when: &When, history: &History, clock: &Clock) -> TravelRemark {
        let goal = when.goal(Here::of(history.store()), clock.of(history.store().unit()));
        if matches!(goal, Goal::Time(_)) && self.edge(history).at == 0 && history.edge() > 0 {
            return TravelRemark::of(Remark::warning(format!("{TIMELESS}: {TIMELESS_HINT}")));
        }
        let said = self.go_to(goal, history);
        self.asked = self.goal;
        said
    }

    /// Goes to the edge, to stay there.
    fn return_to_edge(&mut self, history: &History) -> TravelRemark {
        if !self.is_held {
            return TravelRemark::default();
        }
        let said = self.go_to(Goal::Position(history.edge()), history);
        self.is_returning = true;
        said
    }

    /// Does what a key of time means; nothing where it is none, or is none here.
    pub(super) fn turn(&mut self, action: Action, from: Stand<'_>) -> Option<TravelRemark> {
        let Stand { history, looks_back, now, .. } = from;
        Some(match action {
            Action::StepBack => self.step(-1, history),
            Action::StepForward => self.step(1, history),
            Action::MinuteBack => self.go_way(Way::Minute(Turn::Back), from),
            Action::MinuteForward => self.go_way(Way::Minute(Turn::Forward), from),
            Action::PreviousOfRun => self.go_way(Way::OfRun(Turn::Back), from),
            Action::NextOfRun => self.go_way(Way::OfRun(Turn::Forward), from),
            Action::Faster => TravelRemark::of(Remark::note(self.player.set_speed(1, now))),
            Action::Slower => TravelRemark::of(Remark::note(self.player.set_speed(-1, now))),
            Action::Start if looks_back => self.go_to(Goal::Position(0), history),
            Action::End if looks_back => self.return_to_edge(history),
            Action::Follow if self.is_held => self.return_to_edge(history),
            Action::Pause if looks_back => self.toggle_play(history, now),
            Action::NextProblem if looks_back => self.go_way(Way::Trouble(Turn::Forward), from),
            Action::PreviousProblem if looks_back => self.go_way(Way::Trouble(Turn::Back), from),
            _ => return None,
        })
    }

    /// Plays on, or stops. From the end it begins again at the start.
    fn toggle_play(&mut self, history: &History, now: Instant) -> TravelRemark {
        if self.player.stop() {
            self.goal = None;
            return TravelRemark::default();
        }
        if history.edge() == 0 {
            return TravelRemark::default();
        }
        let said = if history.is_at_edge() && self.goal.is_none() {
            self.go_to(Goal::Position(0), history)
        } else {
            TravelRemark::default()
        };
        self.player.begin(now);
        said
    }

    /// Lets the log go on as far as the time that has passed says.
    pub(super) fn play(&mut self, history: &History, now: Instant) -> TravelRemark {
        if self.goal.is_some() {
            return TravelRemark::default();
        }
        let edge = self.edge(history);
        match self.player.beat(history, edge, now) {
            Some(Beat::Edge) => return self.return_to_edge(history),
            Some(Beat::To(position)) => self.set_out(Goal::Position(position), history),
            None => (),
        }
        TravelRemark::default()
    }

    fn outset<'a>(&self, history: &'a History) -> Outset<'a> {
        Outset { goal: self.goal, history, edge: self.edge(history) }
    }

    fn step(&mut self, by: i64, history: &History) -> TravelRemark {
        match self.goal {
            // Where that leads is known on arrival.
            Some(Goal::Sequence(_) | Goal::Time(_)) => {
                self.steps += by;
                TravelRemark::default()
            }
            _ => {
                let aim = self.outset(history).aim();
                self.go_to(Goal::Position(aim.saturating_add_signed(by)), history)
            }
        }
    }

    /// Goes the way that a key asks for, or says why there is none.
    fn go_way(&mut self, way: Way, from: Stand<'_>) -> TravelRemark {
        match self.outset(from.history).destination(way, from.run) {
            Ok(Destination { goal, leaving, finds }) => {
                let said = self.go_to(goal, from.history);
                self.leaving = leaving;
                self.finds = finds;
                said
            }
            Err(words) => TravelRemark::of(Remark::note(words)),
        }
    }
}

impl App {
    /// Whether the screen shows an instant that is looked back on, and not the present.
    #[must_use]
    pub const fn looks_back(&self) -> bool {
        self.is_replay() || self.travel.is_held
    }

    /// Whether the log is looked back on: then nothing can be sent, and "now" is the instant at hand.
    #[must_use]
    pub const fn is_replay(&self) -> bool {
        matches!(self.setup.sending, Sending::Off(Why::Replay))
    }

    /// Whether there is some way to go, by [`App::travel`].
    #[must_use]
    pub const fn is_traveling(&self) -> bool {
        self.travel.is_going()
    }

    /// The store, and the way to any instant of its log.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.session.history
    }

    /// The latest instant that was read.
    #[must_use]
    pub fn edge(&self) -> Edge {
        self.travel.edge(&self.session.history)
    }

    /// Goes some way to the instant that was asked for, reading lines again where it must.
    pub fn travel(&mut self, log: &dyn Reread, now: Now) {
        self.now = now;
        let Some(progress) = self.travel.advance(&mut self.session.history, log) else { return };
        self.is_dirty = true;
        match progress {
            TravelProgress::Going => (),
            TravelProgress::Arrived(run) => self.arrived(run),
            TravelProgress::Blocked(remark) => self.tell(remark),
        }
        self.on_change(Change::Traveled);
    }

    fn arrived(&mut self, run: Option<RunKey>) {
        let beyond = self.travel.beyond(&self.session.history, &self.setup.clock);
        self.tell(beyond);
        let store = self.session.store();
        let there = run.filter(|key| key.index() < store.len() && self.pages.detail().is_none());
        there.into_iter().for_each(|key| self.board.runs.to_run(store.id_of(key)));
        self.refresh_changes();
        self.travel.go_on(&self.session.history);
    }

    /// Goes to an instant, and stops playing.
    pub(super) fn go_to(&mut self, goal: Goal) {
        let said = self.travel.go_to(goal, &self.session.history);
        self.tell_way(said);
    }

    pub(super) fn go_to_when(&mut self, when: &When) {
        let said = self.travel.go_to_when(when, &self.session.history, &self.setup.clock);
        self.tell_way(said);
    }

    /// Goes where the dashboard was asked to begin, once.
    pub(super) fn open_there(&mut self) {
        if let Some(when) = self.setup.opens_at.take() {
            self.go_to_when(&when);
        }
    }

    /// Does what a key of time means; says whether it was one here.
    pub(super) fn turn(&mut self, action: Action) -> bool {
        let from = Stand {
            history: &self.session.history,
            run: self.looked_at(),
            looks_back: self.looks_back(),
            now: self.now.instant,
        };
        let Some(said) = self.travel.turn(action, from) else { return false };
        self.tell_way(said);
        true
    }

    /// Tells what is said of a way.
    pub(super) fn tell_way(&mut self, said: TravelRemark) {
        if said.is_over {
            self.notices.withdraw_about(Subject::Way);
        }
        self.tell(said.remark);
    }

    /// Says why nothing can be sent from the instant at hand, if that is why: a replay has a reason of its own.
    pub(super) fn refuses_to_send(&mut self) -> bool {
        let refuses = self.travel.is_held && !self.is_replay();
        if refuses {
            let words = "this is the past, where nothing can be canceled: f returns to now";
            self.tell(Remark::warning(words).about(Subject::Way));
        }
        refuses
    }
}

#[cfg(test)]
mod tests;
