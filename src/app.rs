//! The dashboard without its screen: the store, what is looked at, and what each key does to it.
//!
//! [`App::update`] takes what a key means, [`App::ingest`] what the log says; both are told the time, for nothing
//! here reads a clock or waits. Lines are read again through what [`App::travel`] and [`App::read_moments`] are handed,
//! some at a time; there is no other I/O. A key changes what is looked at, or becomes a command to be sent: the log
//! alone moves a run. Must not know keys, cells or files.

mod alerts;
mod backlog;
mod board;
mod bulk;
mod cancel;
mod changes;
mod charts;
mod command;
mod copy;
mod edge;
mod evict;
pub mod export;
mod find;
mod ids;
mod ingest;
mod ledger;
mod line;
mod marks;
mod moments;
mod page;
mod play;
mod pointer;
mod preferences;
pub mod prompt;
mod question;
mod scroll;
mod step;
mod throughput;
mod travel;
mod unread;

use std::time::{Duration, Instant};

use alerts::Alarms;
pub use alerts::Told;
pub use backlog::Backlog;
pub use board::Board;
use bulk::Bulk;
pub use bulk::Progress;
use cancel::Wishes;
pub use cancel::{Dialog, DialogKind, Many, READING, Sending};
use changes::Since;
use charts::Charts;
pub use copy::Copy;
pub use edge::Edge;
use find::Finding;
use ids::Naming;
use ingest::Feed;
use line::LinePage;
use marks::Marking;
pub use page::DetailPage;
use pointer::Pointer;
pub use preferences::{CONTROL_RATE, Taste};
use prompt::{Prompt, PromptKind, Recollection};
pub use step::Step;
use throughput::Pulse;
pub use travel::Course;
use travel::Travel;

use crate::history::{Grain, History, Keep};
use crate::input::{Action, Keymap, Mode};
use crate::store::{Excess, Retain, Rules, Store};
use crate::view::instant::When;
use crate::view::notice::Subject;
use crate::view::{Clock, Layout, Notices, Pane, Severity, Shape};

/// The time, as the loop read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since the Unix epoch, by which the log's instants are judged. May lie.
    pub unix_ms: u64,
    /// By which waiting is measured. Never goes back.
    pub instant: Instant,
}

/// What stays the same while the dashboard runs.
#[derive(Debug)]
pub struct Setup {
    /// What the log is called.
    pub name: String,
    /// Tells instants to the reader.
    pub clock: Clock,
    /// Where commands go.
    pub sending: Sending,
    /// How long a sent cancel waits for the log to prove it.
    pub evidence_timeout: Duration,
    /// How much of the past can be gone to.
    pub keep: Keep,
    /// Which runs that have ended are kept.
    pub retain: Retain,
    /// What somebody likes.
    pub taste: Taste,
    /// The instant to begin at, once all that is there has been read.
    pub opens_at: Option<When>,
}

/// The dashboard.
#[derive(Debug)]
pub struct App {
    setup: Setup,
    history: History,
    travel: Travel,
    board: Board,
    finding: Finding,
    marking: Marking,
    /// What takes more memory than is allowed, as it was told last.
    told_excess: Option<Excess>,
    /// Many cancels that are on their way.
    bulk: Option<Bulk>,
    /// What is being typed.
    prompt: Option<Prompt>,
    /// The commands that were typed.
    commands: Recollection,
    detail: Option<DetailPage>,
    /// The line of the problem under the cursor, when it is open.
    line: Option<LinePage>,
    /// How far the help page is scrolled, when it is open.
    help: Option<usize>,
    dialog: Option<Dialog>,
    /// How far the page of what became of cancels is scrolled, when it is open.
    ledger_top: Option<usize>,
    wishes: Wishes,
    feed: Feed,
    backlog: Backlog,
    charts: Charts,
    since: Since,
    pulse: Pulse,
    alarms: Alarms,
    pointer: Pointer,
    notices: Notices,
    naming: Naming,
    size: (u16, u16),
    now: Now,
    is_dirty: bool,
}

impl App {
    /// A dashboard that has seen nothing, on a screen of this size.
    #[must_use]
    pub fn new(setup: Setup, size: (u16, u16), now: Now) -> Self {
        let history = History::new(Rules::Lenient, setup.keep).retaining(setup.retain);
        Self {
            wishes: Wishes::waiting(setup.evidence_timeout),
            setup,
            history,
            travel: Travel::default(),
            board: Board::default(),
            finding: Finding::default(),
            marking: Marking::default(),
            told_excess: None,
            bulk: None,
            prompt: None,
            commands: Recollection::default(),
            detail: None,
            line: None,
            help: None,
            dialog: None,
            ledger_top: None,
            feed: Feed::default(),
            backlog: Backlog::default(),
            charts: Charts::default(),
            since: Since::default(),
            pulse: Pulse::default(),
            alarms: Alarms::default(),
            pointer: Pointer::default(),
            notices: Notices::default(),
            naming: Naming::default(),
            size,
            now,
            is_dirty: true,
        }
    }

    /// The same whose history has another grain. Before the first line.
    #[must_use]
    pub fn with_grain(self, grain: Grain) -> Self {
        Self { history: self.history.with_grain(grain), ..self }
    }

    /// A dashboard of a log that was folded before.
    #[must_use]
    pub fn with_store(setup: Setup, store: Store, size: (u16, u16), now: Now) -> Self {
        let mut app = Self { history: History::of(store, Keep::Nothing), ..Self::new(setup, size, now) };
        app.settle();
        app
    }

    /// Does what a key means.
    pub fn update(&mut self, action: Action, now: Now) -> Step {
        self.now = now;
        self.is_dirty = true;
        self.notices.begin_action(now.instant);
        match action {
            Action::Quit => return Step::Quit,
            Action::Redraw => return Step::Redraw,
            Action::Suspend => return Step::Suspend,
            Action::Mouse => return self.toggle_mouse(),
            Action::CopyId => return self.copy_id(),
            Action::CopyRow => return self.copy_row(),
            Action::Leave => return self.leave(),
            Action::Back => {
                self.back();
            }
            Action::Accept => return self.accept(),
            Action::Find => self.ask_query(),
            Action::Command => self.ask_command(),
            Action::NextSort | Action::PreviousSort => self.sort_by_next(action),
            Action::InvertSort => self.turn_order(),
            Action::NextGrouping => self.group_by(self.grouping().next()),
            Action::Mark => self.mark(),
            Action::Changes => self.toggle_changes(),
            Action::NextEvent | Action::PreviousEvent => self.select_event(action),
            action if self.turn(action) => (),
            Action::MarkRun => self.mark_run(),
            Action::MarkRange => self.mark_range(),
            Action::MarkAll => self.mark_all(),
            Action::Help => self.help = if self.help.is_some() { None } else { Some(0) },
            Action::Pause => self.toggle_pause(),
            Action::NextPane => self.focus(self.board.focus.after(1)),
            Action::PreviousPane => self.focus(self.board.focus.after(Pane::ALL.len() - 1)),
            Action::Pane(number) => Pane::numbered(number).into_iter().for_each(|pane| self.focus(pane)),
            Action::Zoom => self.board.zoomed = !self.board.zoomed,
            Action::Follow => self.toggle_follow(),
            Action::NextProblem => self.go_to_problem(1),
            Action::PreviousProblem => self.go_to_problem(-1),
            Action::Open => self.open(),
            Action::CancelRun => self.ask(),
            Action::Confirm => return self.confirm(),
            Action::Keep => self.keep(),
            Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::Top
            | Action::Bottom
            | Action::NextSection
            | Action::PreviousSection => self.go(action),
            Action::Start => self.go(Action::Top),
            Action::End => self.go(Action::Bottom),
            // What these mean is a matter of time, wherever one is.
            Action::StepBack
            | Action::StepForward
            | Action::PreviousOfRun
            | Action::NextOfRun
            | Action::MinuteBack
            | Action::MinuteForward
            | Action::GoTo
            | Action::Faster
            | Action::Slower => (),
            Action::Type(_)
            | Action::Erase
            | Action::EraseWord
            | Action::ErasePart
            | Action::EraseLine
            | Action::EraseRest
            | Action::Delete
            | Action::DeletePart
            | Action::CaretLeft
            | Action::CaretRight
            | Action::CaretWordLeft
            | Action::CaretWordRight
            | Action::CaretStart
            | Action::CaretEnd
            | Action::Older
            | Action::Newer
            | Action::Complete => self.type_in_prompt(action),
        }
        self.note_pace(false);
        self.settle();
        Step::Stay
    }

    /// Takes the size that the screen has now.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
        self.is_dirty = true;
        self.unsee_dialog();
        self.settle();
        self.show_selected_event();
    }

    /// Notes that what there is has been painted. The screen may have yet to take it: see [`App::shown`].
    pub fn drawn(&mut self, now: Now) {
        self.now = now;
        self.is_dirty = false;
        self.pulse.drawn(now.instant);
        if !self.mode().is_typed() {
            self.notices.seen(now.instant);
        }
        self.dialog_painted();
    }

    /// Lets time pass: ages grow, and waiting has an end.
    pub fn tick(&mut self, now: Now) {
        self.now = now;
        self.is_dirty = true;
        self.note_pace(false);
        // What waits may be the evidence.
        if !self.backlog.holds() && !self.is_past() {
            self.tick_wishes();
        }
        self.play();
        self.tick_found();
        self.tick_alarms();
        self.refresh_changes();
    }

    /// Whether the screen shows less than there is.
    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// When [`App::tick`] is due, if nothing else happens. Nothing when the screen would stay as it is.
    #[must_use]
    pub fn next_wake(&self) -> Option<Instant> {
        let ages =
            !self.history.store().is_empty() && self.backlog.paused_at().is_none() && !self.looks_back();
        let next_second = self.now.instant + Duration::from_millis(1000 - self.now.unix_ms % 1000);
        let second = (ages || self.pulse.is_changing(self.now.instant)).then_some(next_second);
        let deadline =
            self.wishes.ledger.next_deadline().filter(|_| !self.is_past() && !self.backlog.holds());
        let told = self.alarms.next_due(self.now.instant);
        [second, deadline, told, self.next_beat()].into_iter().flatten().min()
    }

    /// What the keys talk to.
    #[must_use]
    pub fn mode(&self) -> Mode {
        if let Some(dialog) = &self.dialog {
            if matches!(dialog.kind, DialogKind::Many(_)) { Mode::Count } else { Mode::Dialog }
        } else if let Some(prompt) = &self.prompt {
            prompt.kind.mode()
        } else if self.help.is_some() {
            Mode::Help
        } else if self.ledger_top.is_some() {
            Mode::Ledger
        } else if self.since.is_open() {
            Mode::Changes
        } else if self.detail.is_some() {
            Mode::Detail
        } else if self.line.is_some() {
            Mode::Line
        } else if matches!(self.board.focus, Pane::Problems) {
            Mode::Problems
        } else if matches!(self.board.focus, Pane::Charts) {
            Mode::Charts
        } else {
            Mode::Board
        }
    }

    /// Where everything stands on the screen.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let page =
            self.help.is_some() || self.ledger_top.is_some() || self.since.is_open() || self.detail.is_some();
        let page = page || self.line.is_some();
        let is_typed = self.prompt.as_ref().is_some_and(|prompt| prompt.kind == PromptKind::Query);
        let shape = Shape {
            focus: self.board.focus,
            zoomed: self.board.zoomed,
            page,
            timeline: self.looks_back(),
            narrowed: is_typed || self.is_narrowed(),
            sending: self.bulk.is_some(),
        };
        Layout::of(self.size.0, self.size.1, shape)
    }

    /// The runs.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.history.store()
    }

    /// The panes.
    #[must_use]
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// Whether a pane has the keys.
    #[must_use]
    pub fn has_keys(&self, pane: Pane) -> bool {
        self.board.focus == pane && matches!(self.mode(), Mode::Board | Mode::Problems | Mode::Charts)
    }

    /// The notices.
    #[must_use]
    pub const fn notices(&self) -> &Notices {
        &self.notices
    }

    /// What somebody likes.
    #[must_use]
    pub const fn taste(&self) -> &Taste {
        &self.setup.taste
    }

    /// The columns and lines of the screen.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        self.size
    }

    /// What the keys mean.
    #[must_use]
    pub const fn keymap(&self) -> &Keymap {
        &self.setup.taste.keymap
    }

    /// What tells instants.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.setup.clock
    }

    /// The time when the app was told it last.
    #[must_use]
    pub const fn now(&self) -> Now {
        self.now
    }

    /// The second at which the view stands: while it is frozen, the one at which it was; in the past, the log's own.
    #[must_use]
    pub fn second(&self) -> u64 {
        let at = self.history.store().latest_at();
        if self.looks_back() && at > 0 {
            return at;
        }
        self.backlog.paused_at().unwrap_or(self.now).unix_ms / 1000
    }

    /// For how long the view has been frozen, in seconds, if it is.
    #[must_use]
    pub fn frozen_for(&self) -> Option<u64> {
        let paused_at = self.backlog.paused_at()?;
        Some(self.now.instant.saturating_duration_since(paused_at.instant).as_secs())
    }

    /// Tells the reader something. The text must be clean.
    pub fn notify(&mut self, severity: Severity, text: impl Into<String>) {
        self.notices.push(severity, text, self.now.instant);
        self.is_dirty = true;
    }

    /// Tells the reader how something is, in the place of what was said of it before. The text must be clean.
    fn notify_about(&mut self, subject: Subject, severity: Severity, text: impl Into<String>) {
        self.notices.push_about(subject, severity, text, self.now.instant);
        self.is_dirty = true;
    }

    /// Looks after the cursors when runs or panes have moved.
    fn settle(&mut self) {
        let layout = self.layout();
        self.board.settle(self.finding.shelves(&self.history), &layout);
        self.tell_ids_apart();
        self.settle_charts();
        self.settle_moments();
        self.settle_line();
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
