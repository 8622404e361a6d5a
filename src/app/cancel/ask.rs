//! The way of a cancel of the user: the question, and the commands that a yes sends.

use std::time::{Duration, Instant};

use super::{AskedWhole, Cancels, DialogKind, Many};
use crate::app::board::Board;
use crate::app::bulk::Dispatch;
use crate::app::marks::Marking;
use crate::app::outgoing::{command_names, no_way_to_cancel, siblings};
use crate::app::remark::Remark;
use crate::app::sending::Sending;
use crate::app::{App, Now, Setup, Step};
use crate::control::command::{Command, CommandKind};
use crate::control::ledger::{AlreadyAsked, HISTORY, SLIP};
use crate::control::outcome::Outcome;
use crate::control::target::SignalTarget;
use crate::control::template::TemplateValue;
use crate::engine;
use crate::model::id::RunId;
use crate::model::text;
use crate::store::{RunKey, RunSet, Store};
use crate::view::format::{count, sequence};
use crate::view::notice::Subject;
use crate::view::sending::Progress;
use crate::view::{Ids, LogClock, Pane};

/// The remark for a second wish while the first one is carried out.
const UNDER_WAY: &str = "cancels are on their way already: wait until they are sent, or Esc stops them";

/// The instant at which a cancel is asked for: the runs as they are, and where commands go.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct CancelScope<'a> {
    pub(in crate::app) setup: &'a Setup,
    pub(in crate::app) store: &'a Store,
    pub(in crate::app) ids: Ids<'a>,
    pub(in crate::app) now: Now,
}

impl<'a> CancelScope<'a> {
    pub(in crate::app) const fn dispatch(&self) -> Dispatch<'a> {
        Dispatch { store: self.store, sending: &self.setup.sending, now: self.now }
    }

    fn clock(&self) -> LogClock<'a> {
        self.setup.log_clock(self.store)
    }

    /// The instant of the log that the wall clock shows.
    fn wall(&self) -> u64 {
        self.now.ticks(self.store.unit())
    }

    /// The end of a run and its time, if it has ended, or if the log does not have it any more.
    fn how_it_ended(&self, run: RunId) -> Option<String> {
        let store = self.store;
        let Some(key) = store.find(run) else {
            return Some("the log knows it no more".to_owned());
        };
        let run = store.run(key);
        let state = run.state;
        let at = self.clock().time(store.changed_at(key), self.wall());
        state.is_terminal().then(|| format!("{} at {at}, {}", state.name(), sequence(run.last.sequence)))
    }

    /// The reason why the engine does not cancel a run in the state that it is in, if it does not.
    fn why_not(&self, run: RunId) -> Option<String> {
        let state = self.store.state_of(self.store.find(run)?);
        let words =
            || format!("{} is {}, and is not canceled in that state", self.ids.run(run), state.name());
        (!state.is_cancelable()).then(words)
    }

    /// Those that the engine may cancel.
    fn cancelable(&self) -> impl Iterator<Item = RunKey> {
        let store = self.store;
        store.keys().filter(|key| store.standing(*key).0.is_cancelable())
    }

    /// The reason why a command is not sent through the command line of `--control`, where a value of it is unfit.
    fn unfit(&self, kind: CommandKind) -> Option<Remark> {
        let names = command_names(self.store, kind);
        let unfit = self.setup.sending.call()?.arguments(kind, &names).err()?;
        Some(Remark::warning(format!("nothing can be sent: {unfit}")))
    }

    /// The runs of the same parent as a run that the engine may cancel, and the parent; none where it is not known.
    fn siblings(&self, run: RunId) -> Option<(String, RunSet)> {
        let (parent, keys) = siblings(self.store, self.store.find(run)?)?;
        let mut runs = RunSet::default();
        for key in keys {
            runs.set(key, true);
        }
        Some((parent, runs))
    }

    fn already_asked(&self, run: RunId, ago: Duration) -> Remark {
        let (clock, now) = (self.clock(), self.wall());
        let at = clock.time(now.saturating_sub(clock.unit().ticks(ago)), now);
        let run = self.ids.run(run);
        Remark::warning(format!("{run}: already asked at {at}; again {} s later", SLIP.as_secs()))
    }
}

/// The runs that a cancel is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum AskedRuns {
    /// The marked runs, or else the one that is pointed out.
    Marked,
    /// Every run of the task of the one that is pointed out.
    Task,
}

impl Cancels {
    /// Asks whether to cancel runs, or returns why not.
    fn ask_about(
        &mut self,
        target: AskedRuns,
        board: &Board,
        marking: &Marking,
        at: CancelScope<'_>,
    ) -> Option<Remark> {
        if let Some(words) = no_way_to_cancel(at.store) {
            return Some(Remark::note(words));
        }
        if let Some(process) = at.setup.sending.process() {
            return self.ask_everything(process, at);
        }
        match target {
            AskedRuns::Marked if !marking.runs().is_empty() && board.pages.detail().is_none() => {
                self.ask_many(marking.runs(), None, marking.why(), at)
            }
            AskedRuns::Marked => self.ask_run(board.pointed_out(at.store), board.focus, at),
            AskedRuns::Task => self.ask_task(board.looked_at(at.store), at),
        }
    }

    /// Asks whether to cancel the run that is pointed out, from a pane.
    fn ask_run(&mut self, run: Option<RunId>, pane: Pane, at: CancelScope<'_>) -> Option<Remark> {
        let Some(run) = run else {
            return Some(Remark::note(match pane {
                Pane::Attempts => "this pane has no cursor: choose a run in pane 1 or 3",
                _ => "the cursor is on no run",
            }));
        };
        if let Sending::Off(why) = &at.setup.sending {
            self.open(DialogKind::Off(*why));
            return None;
        }
        if let Some(ended) = at.how_it_ended(run) {
            return Some(Remark::note(format!("{} has ended: {ended}", at.ids.run(run))));
        }
        if let Some(words) = at.why_not(run) {
            return Some(Remark::note(words));
        }
        if let Some(ago) = self.asked_ago(run, at.now.instant) {
            return Some(at.already_asked(run, ago));
        }
        self.ask_one(run, at)
    }

    /// Asks whether to cancel a run, or the parent of it where the engine cancels nothing less.
    fn ask_one(&mut self, run: RunId, at: CancelScope<'_>) -> Option<Remark> {
        if at.store.states().cancels_parents() {
            return self.ask_parent(run, at);
        }
        if let Some(remark) = at.unfit(CommandKind::Cancel { run }) {
            return Some(remark);
        }
        self.open(DialogKind::Cancel { run });
        None
    }

    /// Asks whether to cancel the parent of a run, with every run in it.
    fn ask_parent(&mut self, run: RunId, at: CancelScope<'_>) -> Option<Remark> {
        if self.bulk.is_some() {
            return Some(Remark::warning(UNDER_WAY));
        }
        let Some((parent, runs)) = at.siblings(run) else {
            let run = at.ids.run(run);
            let words = format!("the log names no parent of {run}, and its engine cancels no run alone");
            return Some(Remark::warning(words));
        };
        let whole = AskedWhole::ParentOf(run);
        if let Some(remark) = at.unfit(whole.kind()) {
            return Some(remark);
        }
        let why = format!("everything in {} is canceled with it", text::clean(&parent));
        self.open_many(Many::of(&runs, Some(whole), why, at.store))
    }

    /// Asks about runs, or returns why there are too many.
    fn open_many(&mut self, many: Many) -> Option<Remark> {
        if many.eligible > HISTORY {
            let most = count(HISTORY);
            return Some(Remark::warning(format!("at most {most} runs at once: narrow the query")));
        }
        self.open(DialogKind::Many(Box::new(many)));
        None
    }

    /// Asks whether to cancel every run of the task of a run.
    fn ask_task(&mut self, run: Option<RunKey>, at: CancelScope<'_>) -> Option<Remark> {
        let store = at.store;
        let Some(key) = run.filter(|key| store.has(*key)) else {
            return Some(Remark::note("the cursor is on no run"));
        };
        let task = store.task(store.run(key).task);
        let mut runs = RunSet::default();
        for run in task.runs {
            runs.set(*run, true);
        }
        // Where the command line names a run, each is sent by itself.
        let is_by_run = at.setup.sending.call().is_some_and(|call| call.has(TemplateValue::Run));
        let whole = (!is_by_run).then_some(AskedWhole::Task(task.id));
        self.ask_many(&runs, whole, "every run of the task under the cursor".to_owned(), at)
    }

    /// Asks whether to cancel these runs, of which those that have ended are not sent; or the task whose runs they are.
    /// `why` names the reason why these.
    fn ask_many(
        &mut self,
        runs: &RunSet,
        whole: Option<AskedWhole>,
        why: String,
        at: CancelScope<'_>,
    ) -> Option<Remark> {
        if let Sending::Off(why) = &at.setup.sending {
            self.open(DialogKind::Off(*why));
            return None;
        }
        if self.bulk.is_some() {
            return Some(Remark::warning(UNDER_WAY));
        }
        let many = Many::of(runs, whole, why, at.store);
        let Some(first) = many.pinned.iter().next() else {
            return Some(Remark::note("every marked run has ended: there is nothing to cancel"));
        };
        if at.store.states().cancels_parents() {
            let parent = engine::parent(at.store, first);
            if many.pinned.iter().any(|key| engine::parent(at.store, key) != parent) {
                let words = "the engine cancels whole parents: mark runs of one parent alone";
                return Some(Remark::warning(words));
            }
            return self.ask_parent(at.store.id_of(first), at);
        }
        if let Some(remark) = whole.and_then(|whole| at.unfit(whole.kind())) {
            return Some(remark);
        }
        if many.eligible == 1 && whole.is_none() {
            return self.ask_one(at.store.id_of(first), at);
        }
        self.open_many(many)
    }

    /// Asks whether to cancel everything, since a signal can do no less, or returns why not.
    fn ask_everything(&mut self, process: &SignalTarget, at: CancelScope<'_>) -> Option<Remark> {
        let Some(spares) = at.store.states().interrupt_spares() else {
            let words =
                "a host of this engine cancels nothing at a signal: start runwatch with another --control";
            return Some(Remark::warning(words));
        };
        if self.bulk.is_some() {
            return Some(Remark::warning(UNDER_WAY));
        }
        match at.cancelable().take(HISTORY + 1).count() {
            0 => return Some(Remark::note("every run has ended: there is nothing to cancel")),
            1..=HISTORY => {
                let sent_ago = self.interrupted_at.map(|at_last| at.now.instant - at_last);
                let (process, typed) = (process.clone(), String::new());
                self.open(DialogKind::Everything { process, spares, sent_ago, typed });
            }
            _ => {
                let (most, pid) = (count(HISTORY), process.pid());
                let words = format!("more than {most} runs cannot be followed at once: use kill -INT {pid}");
                return Some(Remark::warning(words));
            }
        }
        None
    }

    /// Sends what a question asked about, when the yes counts. The marks of runs that are sent are taken away.
    fn confirm(&mut self, marking: &mut Marking, at: CancelScope<'_>) -> (Step, Vec<Remark>) {
        let now = at.now.instant;
        let run = match self.take_answered(now) {
            Some(DialogKind::Cancel { run }) => run,
            Some(DialogKind::Many(many)) => {
                marking.clear();
                return self.cancel_many(&many, at);
            }
            Some(DialogKind::Everything { .. }) => {
                marking.clear();
                return self.cancel_everything(at);
            }
            Some(DialogKind::Off(_)) | None => return (Step::Stay, Vec::new()),
        };
        let name = at.ids.run(run);
        if let Some(ended) = at.how_it_ended(run) {
            let words = format!("{name} ended meanwhile: {ended}; nothing was sent");
            return (Step::Stay, vec![Remark::warning(words)]);
        }
        if let Some(words) = at.why_not(run) {
            return (Step::Stay, vec![Remark::warning(words)]);
        }
        match self.ask(run, at.dispatch().proof(), now) {
            Ok(id) => {
                let remark = Remark::note(format!("cancel of {name} asked")).about(Subject::Cancel(run));
                let command = at.dispatch().command(id, CommandKind::Cancel { run });
                (command.map_or(Step::Stay, Step::Send), vec![remark])
            }
            Err(AlreadyAsked { ago }) => (Step::Stay, vec![at.already_asked(run, ago)]),
        }
    }

    /// Begins to cancel the runs of a question; where it was about a task or a parent, by the one command that cancels it.
    fn cancel_many(&mut self, many: &Many, at: CancelScope<'_>) -> (Step, Vec<Remark>) {
        // Of a parent, those are canceled as well that it has had since.
        let of_parent = match many.whole {
            Some(AskedWhole::ParentOf(run)) => at.siblings(run).map(|(_, runs)| runs),
            Some(AskedWhole::Task(_)) | None => None,
        };
        let runs = of_parent.as_ref().unwrap_or(&many.pinned);
        self.begin_many(runs, at.setup.taste.control_rate, at.dispatch());
        let Some(whole) = many.whole else { return (Step::Stay, Vec::new()) };
        self.send_at_once(whole.kind(), at)
    }

    /// Cancels everything that has not ended by now, by one command.
    fn cancel_everything(&mut self, at: CancelScope<'_>) -> (Step, Vec<Remark>) {
        let mut runs = RunSet::default();
        for key in at.cancelable() {
            runs.set(key, true);
        }
        if runs.is_empty() {
            let words = "every run ended meanwhile; nothing was sent";
            return (Step::Stay, vec![Remark::warning(words)]);
        }
        self.begin_many(&runs, at.setup.taste.control_rate, at.dispatch());
        self.interrupted_at = Some(at.now.instant);
        self.send_at_once(CommandKind::CancelAll, at)
    }

    fn send_at_once(&mut self, kind: CommandKind, at: CancelScope<'_>) -> (Step, Vec<Remark>) {
        let command = self.send_once(kind, at.dispatch());
        (command.map_or(Step::Stay, Step::Send), self.take_done().into_iter().collect())
    }
}

impl App {
    /// Asks whether to cancel runs.
    pub(in crate::app) fn ask(&mut self, target: AskedRuns) {
        let store = self.session.store();
        let at = CancelScope { setup: &self.setup, store, ids: self.naming.ids(store), now: self.now };
        let remark = match self.travel.refusal() {
            None => self.cancels.ask_about(target, &self.board, &self.marking, at),
            refusal => refusal,
        };
        if self.cancels.is_counting() {
            self.session.history.watch_changes(true);
        }
        self.report(remark);
    }

    /// Sends what a question asked about, when the yes counts.
    pub(in crate::app) fn confirm(&mut self) -> Step {
        let store = self.session.store();
        let at = CancelScope { setup: &self.setup, store, ids: self.naming.ids(store), now: self.now };
        let (step, remarks) = self.cancels.confirm(&mut self.marking, at);
        if !self.cancels.is_counting() {
            self.watch_changes();
        }
        self.report(remarks);
        step
    }

    /// Progress of many cancels, while they are on their way.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.cancels.progress(self.intake.is_frozen(&self.travel))
    }

    /// The instant at which the next of many commands is due. None while the runs that are shown are not those of now.
    #[must_use]
    pub fn next_send(&self) -> Option<Instant> {
        self.cancels.next_send().filter(|_| !self.intake.is_frozen(&self.travel))
    }

    /// The commands of many whose turn has come, at most `room` of them.
    #[must_use]
    pub fn send_due(&mut self, room: usize, now: Now) -> Vec<Command> {
        self.now = now;
        let dispatch = Dispatch { store: self.session.store(), sending: &self.setup.sending, now };
        let Some(commands) = self.cancels.take_due(room, dispatch) else { return Vec::new() };
        self.is_dirty = true;
        self.watch_changes();
        let done = self.cancels.take_done();
        self.report(done);
        commands
    }

    /// Takes in the outcome of a command on its way.
    pub fn answered(&mut self, outcome: &Outcome, now: Now) {
        self.now = now;
        self.is_dirty = true;
        let remark = self.cancels.answered(outcome, now.instant, self.naming.ids(self.session.store()));
        self.report(remark);
    }
}
