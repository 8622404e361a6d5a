//! The dashboard without its screen: the store, the view of it, and the effect of each key.
//!
//! [`App::update`] takes the meaning of a key, [`App::ingest`] a delivery of the log; both take the time as well, since
//! nothing here reads a clock or waits. Lines are read again through the argument of [`App::travel`] and
//! [`App::read_moments`], some at a time; there is no other I/O. A key changes the view, or becomes a command to be
//! sent: the log alone moves a run. Must not know keys, cells or files.

mod alerts;
mod backlog;
mod board;
mod bulk;
mod cancel;
mod candidates;
mod changes;
mod changes_page;
mod charts;
mod command;
mod context;
mod copy;
mod detail;
mod edge;
mod evict;
pub mod export;
mod find;
mod ids;
mod ingest;
mod intake;
mod line;
mod marks;
mod moments;
mod on_change;
pub mod outgoing;
mod page;
mod play;
mod pointer;
mod preferences;
pub mod prompt;
mod question;
mod remark;
mod screen;
mod scroll;
mod sending;
mod step;
mod store_change;
mod throughput;
mod travel;
mod typing;
mod unread;
mod update;
mod ways;

use std::time::{Duration, Instant};

pub use alerts::Alert;
use alerts::{Alerts, Sight};
use board::{Board, Surroundings};
use cancel::Cancels;
pub use cancel::{AskedWhole, Dialog, DialogKind, MIN_READING_TIME, Many};
use changes::Baselines;
use charts::ChartsState;
use context::{Context, Outlook};
pub use copy::Copy;
use evict::MemoryReport;
use find::Finding;
use ids::Naming;
use intake::Intake;
use marks::Marking;
use page::Pages;
use pointer::Pointer;
pub use preferences::{DEFAULT_CONTROL_RATE, Preferences};
use prompt::PromptKind;
use remark::Remark;
pub use sending::Sending;
pub use step::Step;
use travel::Travel;
use typing::Typing;

use crate::engine;
use crate::engine::Given;
use crate::engine::waiting::SharedScene;
use crate::history::{Grain, History, Keep};
use crate::input::{Keymap, Mode};
use crate::model::time::Unit;
use crate::query::QueryText;
use crate::session::Session;
use crate::store::{Retain, Rules, Store};
use crate::view::instant::When;
use crate::view::{Clock, Layout, LogClock, Notices, Pane, Severity};

/// The time, as the loop read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since the Unix epoch, by which the log's instants are judged. May lie.
    pub unix_ms: u64,
    /// By which waiting is measured. Never goes back.
    pub instant: Instant,
}

impl Now {
    /// The instant of the wall clock in ticks of a log's unit.
    fn ticks(self, unit: Unit) -> u64 {
        unit.of_unix_ms(self.unix_ms)
    }
}

/// Settings of the dashboard.
#[derive(Debug)]
pub struct Setup {
    /// Name of the log.
    pub name: String,
    /// Facts that the user gave beside the log.
    pub given: Given,
    /// Formats instants for the user.
    pub clock: Clock,
    /// Where commands go.
    pub sending: Sending,
    /// Time limit within which the log is to prove a sent cancel.
    pub evidence_timeout: Duration,
    /// Extent of the past that can be reached.
    pub keep: Keep,
    /// Which runs that have ended are kept.
    pub retain: Retain,
    /// The preferences of the user.
    pub taste: Preferences,
    /// The instant to begin at, once all that is there has been read.
    pub opens_at: Option<When>,
}

impl Setup {
    /// Formats the instants of a log.
    fn log_clock(&self, store: &Store) -> LogClock<'_> {
        self.clock.of(store.unit())
    }
}

/// The dashboard: owners of state, and the ways between them.
#[derive(Debug)]
pub struct App {
    setup: Setup,
    session: Session,
    /// The queue at this version of the store, for why runs wait.
    scene: SharedScene,
    intake: Intake,
    travel: Travel,
    board: Board,
    finding: Finding,
    marking: Marking,
    typing: Typing,
    cancels: Cancels,
    alerts: Alerts,
    charts: ChartsState,
    baselines: Baselines,
    pointer: Pointer,
    notices: Notices,
    naming: Naming,
    memory: MemoryReport,
    size: (u16, u16),
    now: Now,
    is_dirty: bool,
}

impl App {
    /// A dashboard that has seen nothing, on a screen of this size.
    #[must_use]
    pub fn new(setup: Setup, size: (u16, u16), now: Now) -> Self {
        let history = History::of(engine::store_given(Rules::Lenient, &setup.given), setup.keep)
            .retaining(setup.retain);
        Self {
            cancels: Cancels::waiting(setup.evidence_timeout),
            travel: Travel::of(&setup.sending),
            setup,
            session: Session::of(history),
            scene: SharedScene::default(),
            intake: Intake::default(),
            board: Board::default(),
            finding: Finding::default(),
            marking: Marking::default(),
            typing: Typing::default(),
            alerts: Alerts::default(),
            charts: ChartsState::default(),
            baselines: Baselines::default(),
            pointer: Pointer::default(),
            notices: Notices::default(),
            naming: Naming::default(),
            memory: MemoryReport::default(),
            size,
            now,
            is_dirty: true,
        }
    }

    /// The same whose history has another grain. Before the first line.
    #[must_use]
    pub fn with_grain(self, grain: Grain) -> Self {
        let history = self.session.history.with_grain(grain);
        Self { session: Session { history, ..self.session }, ..self }
    }

    /// A dashboard of a log that was folded before.
    #[must_use]
    pub fn with_store(setup: Setup, store: Store, size: (u16, u16), now: Now) -> Self {
        let session = Session::of(History::of(store, Keep::Nothing));
        let mut app = Self { session, ..Self::new(setup, size, now) };
        app.settle();
        app
    }

    /// Takes the size that the screen has now.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
        self.is_dirty = true;
        self.cancels.unsee();
        self.settle();
        let (cx, pages, _) = self.pages();
        pages.detail_mut().into_iter().for_each(|page| page.show_selected_event(&cx));
    }

    /// Notes that a frame has been painted. The screen may have yet to take it: see [`App::shown`].
    pub fn drawn(&mut self, now: Now) {
        self.now = now;
        self.is_dirty = false;
        self.intake.throughput.drawn(now.instant);
        if !self.mode().is_typed() {
            self.notices.seen(now.instant);
        }
        let is_whole = self.question().is_some_and(|question| question.sheet.is_whole);
        self.cancels.painted(is_whole);
    }

    /// Notes that the screen has taken all that was painted: the time to read a question begins.
    pub fn shown(&mut self, now: Now) {
        self.cancels.shown(now.instant);
    }

    /// Is true from the paint of a question until [`App::shown`] confirms that the screen has taken it.
    #[must_use]
    pub fn awaits_screen(&self) -> bool {
        self.cancels.awaits_screen()
    }

    /// Lets time pass: ages grow, and waiting has an end.
    pub fn tick(&mut self, now: Now) {
        self.now = now;
        self.is_dirty = true;
        self.note_pace(false);
        // What waits may be the evidence.
        if !self.intake.backlog.holds() && !self.travel.is_held() {
            let ids = self.naming.ids(self.session.store());
            let remarks = self.cancels.tick(now.instant, &self.setup.sending, ids);
            self.report(remarks);
        }
        let remarks = self.travel.play(&self.session.history, now.instant);
        self.report(remarks);
        let view_at = self.view_at();
        self.finding.tick(view_at);
        self.alerts.tick(Sight::of(&self.session, &self.travel, &self.scene, view_at));
        self.baselines.refresh(&mut self.board.pages, &self.travel, &self.session.history);
    }

    /// Is true while the screen is out of date.
    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// The instant at which [`App::tick`] is due, if nothing else happens. None when the screen would stay as it is.
    #[must_use]
    pub fn next_wake(&self) -> Option<Instant> {
        let backlog = &self.intake.backlog;
        let is_still = self.travel.looks_back() || backlog.paused_at().is_some();
        let ages = !self.session.store().is_empty() && !is_still;
        let next_second = self.now.instant + Duration::from_millis(1000 - self.now.unix_ms % 1000);
        let second = (ages || self.intake.throughput.is_changing(self.now.instant)).then_some(next_second);
        let is_evidence_due = !self.travel.is_held() && !backlog.holds();
        let deadline = self.cancels.ledger.next_deadline().filter(|_| is_evidence_due);
        let alert = self.alerts.next_due(self.now.instant);
        let beat = self.travel.next_beat(self.now.instant);
        [second, deadline, alert, beat].into_iter().flatten().min()
    }

    /// Meaning of the keys at the moment.
    #[must_use]
    pub fn mode(&self) -> Mode {
        if let Some(dialog) = self.cancels.dialog() {
            return if dialog.kind.number().is_some() { Mode::Count } else { Mode::Dialog };
        }
        if let Some(kind) = self.typing.kind() {
            return kind.mode();
        }
        self.board.mode()
    }

    /// Geometry of the screen at the moment.
    fn layout(&self) -> Layout {
        self.board.layout(self.surroundings())
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            size: self.size,
            timeline: self.travel.looks_back(),
            has_filter: self.typing.kind() == Some(PromptKind::Query) || self.finding.is_narrowed(),
            sending: self.cancels.bulk.is_some(),
        }
    }

    /// The runs.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.session.store()
    }

    /// The preferences of the user.
    #[must_use]
    pub const fn taste(&self) -> &Preferences {
        &self.setup.taste
    }

    /// The columns and lines of the screen.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        self.size
    }

    /// The meaning of keys.
    #[must_use]
    pub const fn keymap(&self) -> &Keymap {
        &self.setup.taste.keymap
    }

    /// The time when anything happened last.
    #[must_use]
    pub const fn now(&self) -> Now {
        self.now
    }

    /// The instant of the view, in ticks of the log's unit: while it is frozen, the one at which it was; in the past,
    /// the log's own.
    #[must_use]
    pub fn view_at(&self) -> u64 {
        let store = self.session.store();
        if self.travel.looks_back() && store.latest_at() > 0 {
            return store.latest_at();
        }
        self.intake.backlog.paused_at().unwrap_or(self.now).ticks(store.unit())
    }

    /// Adds a notice for the user. The text must be clean.
    pub fn notify(&mut self, severity: Severity, text: impl Into<String>) {
        self.report(Remark::of(severity, text));
    }

    /// Puts the remarks of the owners among the notices.
    fn report(&mut self, remarks: impl IntoIterator<Item = Remark>) {
        let now = self.now.instant;
        for remark in remarks {
            match remark {
                Remark::Words { severity, subject: Some(subject), text } => {
                    self.notices.push_about(subject, severity, text, now);
                }
                Remark::Words { severity, subject: None, text } => self.notices.push(severity, text, now),
                Remark::Over(subject) => {
                    self.notices.withdraw_about(subject);
                    continue;
                }
            }
            self.is_dirty = true;
        }
    }

    /// Watches for runs that come to match one of these from now on: see [`App::take_alerts`].
    pub fn watch_for(&mut self, queries: Vec<QueryText>) {
        self.alerts.watch_for(queries);
        self.watch_changes();
    }

    /// Takes the watched queries that the engine of the log does not understand, each with the reason.
    pub fn take_refused_queries(&mut self) -> Vec<String> {
        self.alerts.take_refused()
    }

    /// Takes the alerts that are due: runs that have come to match a watched query.
    pub fn take_alerts(&mut self, now: Now) -> Vec<Alert> {
        self.alerts.take_alerts(now.instant)
    }

    fn outlook(&self) -> Outlook {
        Outlook {
            ids: self.naming.forms(),
            problems: self.board.problems,
            view_at: self.view_at(),
            now: self.now.instant,
            area: self.layout().page(),
        }
    }

    /// The instant at hand, as pages read it.
    fn context(&self) -> Context<'_> {
        let (ledger, scene, at) = (&self.cancels.ledger, &self.scene, self.outlook());
        Context { setup: &self.setup, history: &self.session.history, ledger, scene, at }
    }

    /// The same, beside the pages and charts that change by it.
    fn pages(&mut self) -> (Context<'_>, &mut Pages, &mut ChartsState) {
        let at = self.outlook();
        let (ledger, scene) = (&self.cancels.ledger, &self.scene);
        let cx = Context { setup: &self.setup, history: &self.session.history, ledger, scene, at };
        (cx, &mut self.board.pages, &mut self.charts)
    }

    /// Updates the cursors, the ids and the pages when runs or panes have moved.
    fn settle(&mut self) {
        let layout = self.layout();
        let shelves = self.finding.shelves(self.session.store());
        self.board.settle(shelves, &layout);
        self.naming.tell_apart(&self.board, shelves, &self.cancels.ledger, &layout);
        let (edge, is_traveling) = (self.travel.edge(&self.session.history), self.is_traveling());
        let shows_charts = self.board.focus == Pane::Charts;
        let (cx, pages, charts) = self.pages();
        if shows_charts {
            charts.settle(&cx, edge, is_traveling);
        }
        pages.settle(&cx);
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
