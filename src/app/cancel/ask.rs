//! The way of a cancel through the app: what is asked about, what a yes sends, and what comes back.

use std::time::{Duration, Instant};

use super::{DialogKind, Many, Sending};
use crate::app::bulk::Dispatch;
use crate::app::remark::Remark;
use crate::app::{App, Now, Step};
use crate::control::command::{Command, CommandKind};
use crate::control::ledger::{AlreadyAsked, HISTORY, SLIP};
use crate::control::outcome::Outcome;
use crate::model::id::{RunId, TaskId};
use crate::store::RunSet;
use crate::view::format::{count, sequence};
use crate::view::notice::Subject;
use crate::view::sending::Progress;
use crate::view::{Ids, Pane};

impl App {
    /// Asks whether to cancel the marked runs, or else the one that is pointed out.
    pub(in crate::app) fn ask(&mut self) {
        if self.refuses_to_send() {
            return;
        }
        if !self.marking.runs().is_empty() && self.pages.detail().is_none() {
            let marked = self.marking.runs().clone();
            return self.ask_many(&marked, None);
        }
        let Some(run) = self.pointed_out() else {
            let words = match self.board.focus {
                Pane::Attempts => "this pane has no cursor: choose a run in pane 1 or 3",
                _ => "the cursor is on no run",
            };
            return self.tell(Remark::note(words));
        };
        if let Sending::Off(why) = &self.setup.sending {
            return self.cancels.open(DialogKind::Off(*why));
        }
        if let Some(ended) = self.how_it_ended(run) {
            return self.tell(Remark::note(format!("{} has ended: {ended}", self.ids().run(run))));
        }
        if let Some(ago) = self.cancels.asked_ago(run, self.now.instant) {
            return self.say_already_asked(run, ago);
        }
        self.cancels.open(DialogKind::Cancel { run });
    }

    /// Asks whether to cancel every run of the task under the cursor.
    pub(in crate::app) fn ask_task(&mut self) {
        if self.refuses_to_send() {
            return;
        }
        let store = self.session.store();
        let Some(key) = self.looked_at().filter(|key| store.has(*key)) else {
            return self.tell(Remark::note("the cursor is on no run"));
        };
        let task = store.task(store.run(key).task);
        let mut runs = RunSet::default();
        for run in task.runs {
            runs.set(*run, true);
        }
        let id = task.id;
        self.ask_many(&runs, Some(id));
    }

    /// Asks whether to cancel these runs, of which those that have ended are not sent; or the task whose runs they are.
    fn ask_many(&mut self, runs: &RunSet, task: Option<TaskId>) {
        if let Sending::Off(why) = &self.setup.sending {
            return self.cancels.open(DialogKind::Off(*why));
        }
        if self.cancels.bulk.is_some() {
            let words = "cancels are on their way already: wait until they are sent, or Esc stops them";
            return self.tell(Remark::warning(words));
        }
        let why = match task {
            Some(_) => "every run of the task under the cursor".to_owned(),
            None => self.marking.why(),
        };
        let store = self.session.store();
        let many = Many::of(runs, task, why, store);
        match many.eligible {
            0 => self.tell(Remark::note("every marked run has ended: there is nothing to cancel")),
            1 if task.is_none() => {
                if let Some(run) = many.pinned.iter().next().map(|key| store.id_of(key)) {
                    self.cancels.open(DialogKind::Cancel { run });
                }
            }
            1..=HISTORY => {
                self.session.history.watch_changes(true);
                self.cancels.open(DialogKind::Many(Box::new(many)));
            }
            _ => {
                let most = count(HISTORY);
                self.tell(Remark::warning(format!("at most {most} runs at once: narrow the query")));
            }
        }
    }

    /// Sends what a question asked about, when the yes counts.
    pub(in crate::app) fn confirm(&mut self) -> Step {
        let run = match self.cancels.take_answered(self.now.instant) {
            Some(DialogKind::Cancel { run }) => run,
            Some(DialogKind::Many(many)) => {
                return self.cancel_many(&many);
            }
            Some(DialogKind::Off(_)) | None => return Step::Stay,
        };
        if let Some(ended) = self.how_it_ended(run) {
            let words = format!("{} ended meanwhile: {ended}; nothing was sent", self.ids().run(run));
            self.tell(Remark::warning(words));
            return Step::Stay;
        }
        match self.cancels.ask(run, self.now.instant) {
            Ok(id) => {
                self.watch_changes();
                let words = format!("cancel of {} asked", self.ids().run(run));
                self.tell(Remark::note(words).about(Subject::Cancel(run)));
                self.dispatch().command(id, CommandKind::Cancel { run }).map_or(Step::Stay, Step::Send)
            }
            Err(AlreadyAsked { ago }) => {
                self.say_already_asked(run, ago);
                Step::Stay
            }
        }
    }

    fn say_already_asked(&mut self, run: RunId, ago: Duration) {
        let (clock, now) = (self.clock(), self.wall());
        let at = clock.time(now.saturating_sub(clock.unit().ticks(ago)), now);
        let run = self.ids().run(run);
        self.tell(Remark::warning(format!("{run}: already asked at {at}; again {} s later", SLIP.as_secs())));
    }

    /// Begins to cancel the runs of a question; where it was about a task, by the one command that cancels it.
    fn cancel_many(&mut self, many: &Many) -> Step {
        let dispatch = Dispatch { store: self.session.store(), sending: &self.setup.sending, now: self.now };
        self.cancels.begin_many(&many.pinned, self.setup.taste.control_rate, dispatch);
        self.marking.clear();
        let Some(task) = many.task else { return Step::Stay };
        let command = self.cancels.send_task(task, dispatch);
        self.watch_changes();
        let told = self.cancels.take_done();
        self.tell(told);
        command.map_or(Step::Stay, Step::Send)
    }

    /// Returns the short forms of the ids of the store at hand.
    fn ids(&self) -> Ids<'_> {
        self.naming.ids(self.session.store())
    }

    fn dispatch(&self) -> Dispatch<'_> {
        Dispatch { store: self.session.store(), sending: &self.setup.sending, now: self.now }
    }

    /// How far many cancels have come, while they are on their way.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.cancels.progress(self.is_held_back())
    }

    /// When the next of many commands is due.
    #[must_use]
    pub fn next_send(&self) -> Option<Instant> {
        self.cancels.next_send().filter(|_| !self.is_held_back())
    }

    /// Is true while it is not known what has become of runs meanwhile, so that none is canceled.
    const fn is_held_back(&self) -> bool {
        self.travel.is_held() || self.backlog.paused_at().is_some()
    }

    /// The commands of many whose turn has come, at most `room` of them.
    #[must_use]
    pub fn send_due(&mut self, room: usize, now: Now) -> Vec<Command> {
        self.now = now;
        let dispatch = Dispatch { store: self.session.store(), sending: &self.setup.sending, now };
        let Some(commands) = self.cancels.take_due(room, dispatch) else { return Vec::new() };
        self.is_dirty = true;
        self.watch_changes();
        let told = self.cancels.take_done();
        self.tell(told);
        commands
    }

    /// Stops sending many cancels; says whether any were on their way.
    pub(in crate::app) fn stop_sending(&mut self) -> bool {
        let told = self.cancels.stop_sending();
        let was_sending = told.is_some();
        self.tell(told.into_iter().flatten());
        was_sending
    }

    /// Takes in the outcome of a command on its way.
    pub fn answered(&mut self, outcome: &Outcome, now: Now) {
        self.now = now;
        if self.cancels.record(outcome, now.instant) {
            self.is_dirty = true;
            let told = self.cancels.take_done();
            return self.tell(told);
        }
        let told = self.cancels.told_outcome(outcome, self.naming.ids(self.session.store()));
        self.tell(told);
    }

    /// The end of a run and its time, if it has ended, or if the log does not have it any more.
    fn how_it_ended(&self, run: RunId) -> Option<String> {
        let store = self.session.store();
        let Some(key) = store.find(run) else {
            return Some("the log knows it no more".to_owned());
        };
        let run = store.run(key);
        let state = run.state;
        let at = self.clock().time(store.changed_at(key), self.wall());
        state.is_terminal().then(|| format!("{} at {at}, {}", state.name(), sequence(run.last.sequence)))
    }
}
