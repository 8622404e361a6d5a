//! Going about in time: steps, leaps and playing, in a replay and in the past of a live log.
//!
//! While somebody stands in the past what comes waits, and nothing is canceled: what is shown is not what is. A way is
//! gone a piece at a time, between frames, so every frame shows an instant that was.

use std::time::Instant;

use super::edge::Edge;
use super::on_change::Change;
use super::play::{Beat, Player};
use super::ways::{Destination, Outset, Turn, Way};
use super::{App, Now, PromptKind, Sending};
use crate::control::Why;
use crate::history::{Goal, History};
use crate::input::Action;
use crate::source::reread::Reread;
use crate::store::{Renumbering, RunKey};
use crate::view::beyond::{Beyond, TIMELESS, TIMELESS_HINT};
use crate::view::instant::{Here, When};
use crate::view::notice::Subject;
use crate::view::timeline::TimelineCourse;
use crate::view::{Severity, Timeline};

/// Going about in time.
#[derive(Debug, Default)]
pub(super) struct Travel {
    /// Somebody stands in the past, or is on the way: what comes waits.
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
    /// What was said of the way last.
    said: Option<String>,
    /// What was true at the edge when it was left.
    edge: Edge,
}

impl Travel {
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

    /// Whether somebody stands in the past, so that what comes waits.
    #[must_use]
    pub const fn is_past(&self) -> bool {
        self.travel.is_held
    }

    /// Whether there is some way to go, by [`App::travel`].
    #[must_use]
    pub const fn is_traveling(&self) -> bool {
        self.travel.goal.is_some()
    }

    /// Where one is in time, and whether it moves.
    #[must_use]
    pub fn course(&self) -> TimelineCourse {
        match self.travel.goal {
            _ if self.travel.player.is_playing() => TimelineCourse::Playing(self.travel.player.speed()),
            Some(_) => TimelineCourse::Going,
            None if self.looks_back() => TimelineCourse::Still,
            None => TimelineCourse::Live,
        }
    }

    /// The store, and the way to any instant of its log.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// The latest instant that was read.
    #[must_use]
    pub fn edge(&self) -> Edge {
        if self.travel.is_held { self.travel.edge } else { Edge::of(self.history.store()) }
    }

    /// The log's time, and where one stands in it.
    #[must_use]
    pub fn timeline(&self) -> Timeline<'_> {
        let (store, edge) = (self.history.store(), self.edge());
        let line = Timeline {
            samples: self.history.samples(),
            here: (self.history.position(), store.latest_at()),
            edge: (self.history.edge(), edge.at),
            by_sequence: edge.is_timeless,
        };
        // A log of one instant has no length in time.
        Timeline { by_sequence: edge.is_timeless || line.begins_at() == edge.at, ..line }
    }

    /// Goes some way to the instant that was asked for, reading lines again where it must.
    pub fn travel(&mut self, log: &dyn Reread, now: Now) {
        self.now = now;
        let Some(goal) = self.travel.goal else { return };
        self.is_dirty = true;
        match self.history.seek(goal, log) {
            Ok(false) => (),
            Ok(true) => self.arrived(),
            Err(gone) => {
                self.travel.goal = None;
                self.travel.player.stop();
                // Whoever got nowhere is still in the present.
                self.travel.is_held &= !self.history.is_at_edge();
                let words =
                    format!("that instant cannot be shown again: {gone}; this is one before or after it");
                self.say(Severity::Warning, words);
            }
        }
        self.on_change(Change::Traveled);
    }

    fn arrived(&mut self) {
        self.travel.goal = None;
        self.tell_beyond();
        self.arrived_at_run();
        self.refresh_changes();
        let position = self.history.position();
        match self.travel.leaving.take() {
            Some((from, Turn::Back)) if position >= from && from > 0 => {
                self.set_out(Goal::Position(from - 1));
            }
            Some((from, Turn::Forward)) if position <= from => self.set_out(Goal::Position(from + 1)),
            _ if self.travel.steps != 0 => {
                let steps = std::mem::take(&mut self.travel.steps);
                self.set_out(Goal::Position(position.saturating_add_signed(steps)));
            }
            _ if self.travel.is_returning && self.history.is_at_edge() => {
                self.travel.is_returning = false;
                self.travel.is_held = false;
            }
            _ => (),
        }
    }

    /// Puts the cursor on the run that the way led to.
    fn arrived_at_run(&mut self) {
        let Some(key) = self.travel.finds.take() else { return };
        if key.index() < self.history.store().len() && self.pages.detail().is_none() {
            let run = self.history.store().run(key).id;
            self.board.runs.to_run(run);
        }
    }

    pub(super) fn set_out(&mut self, goal: Goal) {
        if !self.travel.is_held {
            self.travel.edge = Edge::of(self.history.store());
        }
        self.travel.is_held = true;
        self.travel.is_returning = false;
        self.travel.goal = Some(goal);
    }

    /// Says something of the way, which is over when another one is begun.
    pub(super) fn say(&mut self, severity: Severity, text: impl Into<String>) {
        let text = text.into();
        self.travel.said = Some(text.clone());
        self.notify(severity, text);
    }

    /// Goes to an instant, and stops playing.
    pub(super) fn go_to(&mut self, goal: Goal) {
        if let Some(said) = self.travel.said.take() {
            self.notices.withdraw(&said);
        }
        self.travel.player.stop();
        self.travel.leaving = None;
        self.travel.finds = None;
        self.travel.asked = None;
        self.travel.steps = 0;
        if self.history.edge() == 0 {
            let words = "nothing has been read yet: there is no past";
            self.notify_about(Subject::Emptiness, Severity::Note, words);
        } else if self.history.oldest() == self.history.edge() {
            self.notify(Severity::Note, "the past of this log is not kept");
        } else {
            self.set_out(goal);
        }
    }

    /// Goes where it was said that one begins, once.
    pub(super) fn open_there(&mut self) {
        if let Some(when) = self.setup.opens_at.take() {
            self.go_to_when(&when);
        }
    }

    /// Goes to the edge, to stay there.
    pub(super) fn return_to_edge(&mut self) {
        if self.travel.is_held {
            self.go_to(Goal::Position(self.history.edge()));
            self.travel.is_returning = true;
        }
    }

    /// Does what a key of time means; says whether it was one here.
    pub(super) fn turn(&mut self, action: Action) -> bool {
        match action {
            Action::StepBack => self.step(-1),
            Action::StepForward => self.step(1),
            Action::MinuteBack => self.go_way(Way::Minute(Turn::Back)),
            Action::MinuteForward => self.go_way(Way::Minute(Turn::Forward)),
            Action::PreviousOfRun => self.go_way(Way::OfRun(Turn::Back)),
            Action::NextOfRun => self.go_way(Way::OfRun(Turn::Forward)),
            Action::GoTo => self.typing.begin(PromptKind::Instant, ""),
            Action::Faster => self.set_speed(1),
            Action::Slower => self.set_speed(-1),
            Action::Start if self.looks_back() => self.go_to(Goal::Position(0)),
            Action::End if self.looks_back() => self.return_to_edge(),
            Action::Follow if self.travel.is_held => self.return_to_edge(),
            Action::Pause if self.looks_back() => self.toggle_play(),
            Action::NextProblem if self.looks_back() => self.go_way(Way::Trouble(Turn::Forward)),
            Action::PreviousProblem if self.looks_back() => self.go_way(Way::Trouble(Turn::Back)),
            _ => return false,
        }
        true
    }

    fn set_speed(&mut self, by: isize) {
        let words = self.travel.player.set_speed(by, self.now.instant);
        self.say(Severity::Note, words);
    }

    /// Plays on, or stops. From the end it begins again at the start.
    fn toggle_play(&mut self) {
        if self.travel.player.stop() {
            self.travel.goal = None;
            return;
        }
        if self.history.edge() == 0 {
            return;
        }
        if self.history.is_at_edge() && self.travel.goal.is_none() {
            self.go_to(Goal::Position(0));
        }
        self.travel.player.begin(self.now.instant);
    }

    /// Lets the log go on as far as the time that has passed says.
    pub(super) fn play(&mut self) {
        if self.travel.goal.is_some() {
            return;
        }
        let edge = self.edge();
        match self.travel.player.beat(&self.history, edge, self.now.instant) {
            Some(Beat::Edge) => self.return_to_edge(),
            Some(Beat::To(position)) => self.set_out(Goal::Position(position)),
            None => (),
        }
    }

    fn outset(&self) -> Outset<'_> {
        Outset { goal: self.travel.goal, history: &self.history, edge: self.edge() }
    }

    fn step(&mut self, by: i64) {
        match self.travel.goal {
            // Where that leads is known on arrival.
            Some(Goal::Sequence(_) | Goal::Time(_)) => self.travel.steps += by,
            _ => self.go_to(Goal::Position(self.outset().aim().saturating_add_signed(by))),
        }
    }

    /// Goes the way that a key asks for, or says why there is none.
    fn go_way(&mut self, way: Way) {
        let found = self.outset().destination(way, self.looked_at());
        match found {
            Ok(Destination { goal, leaving, finds }) => {
                self.go_to(goal);
                self.travel.leaving = leaving;
                self.travel.finds = finds;
            }
            Err(words) => self.say(Severity::Note, words),
        }
    }

    pub(super) fn go_to_when(&mut self, when: &When) {
        let goal = when.goal(Here::of(self.history.store()), self.clock());
        if matches!(goal, Goal::Time(_)) && self.edge().at == 0 && self.history.edge() > 0 {
            self.say(Severity::Warning, format!("{TIMELESS}: {TIMELESS_HINT}"));
            return;
        }
        self.go_to(goal);
        self.travel.asked = self.travel.goal;
    }

    /// Says that the log does not reach the instant that was asked for, if so.
    fn tell_beyond(&mut self) {
        let Some(goal) = self.travel.asked.take() else { return };
        let store = self.history.store();
        if let Some(beyond) = Beyond::of(goal, store, self.history.is_at_edge()) {
            let words = beyond.words(Here::of(store), self.clock());
            self.say(Severity::Note, words);
        }
    }

    /// Says why nothing can be sent from where one stands in time, if that is why: a replay has a reason of its own.
    pub(super) fn refuses_to_send(&mut self) -> bool {
        let refuses = self.travel.is_held && !self.is_replay();
        if refuses {
            self.say(Severity::Warning, "this is the past, where nothing can be canceled: f returns to now");
        }
        refuses
    }
}

#[cfg(test)]
mod tests;
