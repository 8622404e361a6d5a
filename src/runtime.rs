//! The one loop: each wake goes to the app, and a frame follows when one is due.
//!
//! The order of the `select!` is the whole scheduling policy: signals, keys, a due frame, what became of commands, the
//! passing of time, and then one batch of the log. The only clock of the program is read here. Must not know what a
//! key means to the app, nor what a line says.

mod effects;
mod shutdown;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::time::sleep_until;

use crate::app::{App, Now, Step};
use crate::control::Control;
use crate::control::channel::Outcomes;
use crate::control::outcome::Outcome;
use crate::control::token;
use crate::engine::batch::Batch;
use crate::engine::feed::Feed;
use crate::export::Exporter;
use crate::fault::{Fault, Faults};
use crate::input::{Action, pointer};
use crate::model::text;
use crate::process::hook::Hooks;
use crate::query::QueryText;
use crate::source::delivery::Delivery;
use crate::source::reread::Reread;
use crate::terminal::background;
use crate::terminal::keys::{Input, InputEnd, Keys, TimedInput};
use crate::terminal::modes::Mouse;
use crate::terminal::signals::{ProcessSignal, ProcessSignals};
use crate::terminal::{Presence, Suspension, TerminalError, TerminalScreen};
use crate::ui::theme::{Ground, ThemeChoice};
use crate::ui::{self, Theme};
use crate::view::Severity;

/// Minimum interval between two frames: sixty in a second, while the user types.
const MIN_FRAME_INTERVAL: Duration = Duration::from_millis(16);

/// The same while only the log grows: a reader sees no difference, and the line to a far terminal does.
const FLOW_FRAME_INTERVAL: Duration = Duration::from_millis(25);

/// For so long runs are judged at a time: a fraction of a frame.
const MAX_SLICE: Duration = Duration::from_millis(4);

/// Ratio of rest to this work while the log comes.
const REST_PER_SLICE: u32 = 3;

/// Commands that are sent in one turn of the loop.
const ONE_TURN: usize = 256;

/// Interval between checks that the terminal is ours again, after another program owned it.
const FOREGROUND_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Number of bytes of a raw line that are read back for the detail page.
const RAW_LIMIT: usize = 64 * 1024;

/// Runs that are written to a file in a slice: a few milliseconds.
const ROWS: usize = 500;

/// Events that wake the loop.
#[derive(Debug)]
enum Wake {
    Signal(ProcessSignal),
    Typed(Result<TimedInput, InputEnd>),
    Frame,
    /// The terminal has taken what it was sent.
    Drained,
    Answered(Option<Outcome>),
    /// Ages grow, a notice expires, the terminal may be ours again.
    Second,
    /// A file is being written.
    Export,
    /// The user is on the way to another instant.
    Travel,
    /// Blocks wait to be folded from when the view was frozen.
    CatchUp,
    /// The next of many commands is due.
    Send,
    /// Runs wait to be judged by the query, or to be put in order.
    Arrange,
    /// The page that is open wants lines of its run.
    Read,
    /// The charts want figures that take their time.
    Measure,
    /// Ended runs are evicted, before the log goes on.
    Thin,
    Feed(Option<Delivery<Batch>>),
}

/// Why the loop ended without being asked to.
#[derive(Debug, thiserror::Error)]
pub enum LoopError {
    /// The terminal failed, or a thread panicked.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// Nothing can be typed any more, not even to leave.
    #[error("the keys cannot be read any more: {0}")]
    Keys(String),
}

/// Alerts that the user wants, and their form.
#[derive(Debug, Clone, Default)]
pub struct AlertSettings {
    /// Runs that come to answer one of these are told of.
    pub queries: Vec<QueryText>,
    /// The program of each; none, or one a query.
    pub programs: Vec<Vec<String>>,
    /// Rings the terminal's bell.
    pub bell: bool,
    /// Shows a notice by the terminal.
    pub notify: bool,
}

/// Resources owned by the event loop.
#[derive(Debug)]
pub struct LoopParts {
    /// State of the dashboard.
    pub app: App,
    /// Where it is shown.
    pub screen: TerminalScreen,
    /// Theme in use.
    pub theme: Theme,
    /// Theme asked for, which may depend on the background.
    pub wanted: ThemeChoice,
    /// Is true if the terminal was asked for its background.
    pub is_asked: bool,
    /// The kind of terminal, which tells whether it can be asked.
    pub term: Option<String>,
    /// The background, as far as it is known.
    pub ground: Option<Ground>,
    /// Alerts that the user wants, and their form.
    pub telling: AlertSettings,
    /// The log, where it is a file: nothing is ever written to it.
    pub log: Option<PathBuf>,
    /// The home directory of the user, where there is one.
    pub home: Option<PathBuf>,
    /// Keys typed.
    pub keys: Keys,
    /// Signals sent to the process.
    pub signals: ProcessSignals,
    /// Lines of the log.
    pub feed: Feed,
    /// Where commands go.
    pub control: Control,
    /// Outcomes of commands.
    pub outcomes: Outcomes,
    /// Faults to inject, for tests.
    pub faults: Faults,
}

/// The time.
#[must_use]
pub fn now() -> Now {
    let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Now { unix_ms: u64::try_from(unix_ms).unwrap_or(u64::MAX), instant: Instant::now() }
}

/// Runs the loop until the user leaves; returns the exit code.
///
/// # Errors
/// When the terminal fails, or a part of the program has died.
pub async fn run(parts: LoopParts) -> Result<(ExitCode, Control), LoopError> {
    let start = Instant::now();
    let mut turn = Turn {
        // A theme that changes at once would be seen to.
        next_frame: if parts.is_asked { start + background::ANSWER_TIMEOUT } else { start },
        parts,
        drawn_at: start,
        next_slice: start,
        next_room: start,
        has_come: false,
        reader_is_done: false,
        sender_is_done: false,
        exporter: None,
        hooks: Hooks::hiding(&[token::VARIABLE]),
    };
    if turn.parts.app.taste().mouse && turn.parts.app.update(Action::Mouse, now()) == Step::TakeMouse {
        turn.parts.screen.use_mouse(Mouse::Ours);
    }
    loop {
        let wake = turn.wait().await;
        if let Some(code) = turn.handle(wake)? {
            // The terminal is back before anything else is said. What became of that changes nothing about the end.
            let _ = turn.parts.screen.leave();
            return Ok((code, turn.parts.control));
        }
        turn.tell();
        read_wanted_line(&mut turn.parts.app, turn.parts.feed.reread());
    }
}

/// Waits for an instant, which is there as soon as the clock says so. The runtime's own timers are looked at only
/// when there is nothing else to do, and beside a log that comes without a pause there is always something.
async fn due(at: Instant) {
    if Instant::now() < at {
        sleep_until(at.into()).await;
    }
}

#[derive(Debug)]
struct Turn {
    parts: LoopParts,
    drawn_at: Instant,
    next_frame: Instant,
    /// When runs may be judged again, while the log comes.
    next_slice: Instant,
    /// When it is looked again whether the channel has room.
    next_room: Instant,
    /// The log has said something since runs were judged last.
    has_come: bool,
    /// A pipe has ended, or the reader has: there is nothing to wait for.
    reader_is_done: bool,
    /// No outcome will come any more.
    sender_is_done: bool,
    /// File export under way. Meanwhile the store does not change: no line is taken, and no seek goes on.
    exporter: Option<Exporter>,
    /// Programs that were run because something was told.
    hooks: Hooks,
}

impl Turn {
    async fn wait(&mut self) -> Wake {
        let LoopParts { app, screen, keys, signals, feed, outcomes, .. } = &mut self.parts;
        let shown = screen.is_shown();
        // No frame is made before the terminal has taken the one before; the log goes on meanwhile.
        let is_idle = screen.is_idle();
        if is_idle && app.awaits_screen() {
            app.shown(now());
        }
        let frame_is_due = app.is_dirty() && shown && is_idle;
        let look_again = (!shown).then(|| Instant::now() + FOREGROUND_POLL_INTERVAL);
        let exports = self.exporter.is_some();
        let second = [app.next_wake().filter(|_| shown), look_again].into_iter().flatten().min();
        let send = app.next_send().map(|at| at.max(self.next_room));
        tokio::select! {
            biased;
            signal = signals.recv() => Wake::Signal(signal),
            typed = keys.recv() => Wake::Typed(typed),
            () = due(self.next_frame), if frame_is_due => Wake::Frame,
            () = screen.drained(), if !is_idle => Wake::Drained,
            outcome = outcomes.recv(), if !self.sender_is_done => Wake::Answered(outcome),
            () = due(second.unwrap_or_else(Instant::now)), if second.is_some() => Wake::Second,
            () = due(send.unwrap_or_else(Instant::now)), if send.is_some() => Wake::Send,
            () = std::future::ready(()), if exports => Wake::Export,
            () = std::future::ready(()), if app.is_traveling() => Wake::Travel,
            () = std::future::ready(()), if app.wants_moments() => Wake::Read,
            () = due(self.next_slice), if app.is_arranging() => Wake::Arrange,
            () = std::future::ready(()), if app.is_thinning() && !exports => Wake::Thin,
            () = std::future::ready(()), if app.is_behind() && !app.is_thinning() => Wake::CatchUp,
            () = std::future::ready(()), if app.is_measuring() => Wake::Measure,
            delivery = feed.recv(), if app.wants_more() && !self.reader_is_done => Wake::Feed(delivery),
        }
    }

    fn handle(&mut self, wake: Wake) -> Result<Option<ExitCode>, LoopError> {
        match wake {
            Wake::Signal(signal) => return self.signal(signal),
            Wake::Typed(Ok(typed)) => {
                self.parts.faults.strike(Fault::PanicLoop);
                return self.typed(typed);
            }
            // The terminal is gone, and its user with it: as a hang-up.
            Wake::Typed(Err(InputEnd::Gone)) => {
                return Ok(ProcessSignal::HangUp.exit_code().map(ExitCode::from));
            }
            Wake::Typed(Err(InputEnd::Dead(error))) => return self.keys_are_gone(error.as_ref()),
            Wake::Frame => self.draw()?,
            Wake::Drained => self.parts.screen.check()?,
            Wake::Answered(Some(outcome)) => self.parts.app.answered(&outcome, now()),
            Wake::Answered(None) => self.sender_is_gone()?,
            Wake::Second => self.second()?,
            Wake::Export => self.go_on_exporting(),
            Wake::Travel => self.parts.app.travel(self.parts.feed.reread(), now()),
            Wake::Send => self.send_due(),
            Wake::Arrange => self.arrange(),
            Wake::Read => self.parts.app.read_moments(self.parts.feed.reread()),
            Wake::Measure => self.parts.app.measure(now()),
            Wake::Thin => self.thin(),
            Wake::CatchUp => self.parts.app.catch_up(now()),
            Wake::Feed(Some(delivery)) => {
                self.has_come = true;
                self.parts.app.ingest(delivery, now());
            }
            Wake::Feed(None) => self.reader_is_gone()?,
        }
        Ok(None)
    }

    fn signal(&mut self, signal: ProcessSignal) -> Result<Option<ExitCode>, LoopError> {
        match signal {
            ProcessSignal::Continue => self.resume()?,
            ProcessSignal::Stop => self.suspend()?,
            ProcessSignal::Resize => {
                let (width, height) = self.parts.screen.size()?;
                self.parts.app.resize(width, height);
            }
            ending => return Ok(ending.exit_code().map(ExitCode::from)),
        }
        Ok(None)
    }

    fn typed(&mut self, typed: TimedInput) -> Result<Option<ExitCode>, LoopError> {
        let TimedInput { input, at } = typed;
        // A user who types does not wait for the log's pace.
        self.next_frame = self.next_frame.min(self.drawn_at + MIN_FRAME_INTERVAL);
        // A key counts from when it was read: what was typed ahead of a question does not answer it.
        let now = Now { instant: at, ..now() };
        let LoopParts { app, screen, .. } = &mut self.parts;
        if app.dialog().is_some() {
            // A question is answered on the screen that there is, though no signal of another size has come yet.
            let size = screen.size()?;
            if size != app.size() {
                app.resize(size.0, size.1);
            }
        }
        match input {
            Input::Press { key, .. } => {
                let Some(action) = app.keymap().action(&key, app.mode()) else {
                    if let Some(why) = app.keymap().why_nothing(&key, app.mode()) {
                        app.notify(Severity::Note, text::clean(&why));
                    }
                    return Ok(None);
                };
                match app.update(action, now) {
                    Step::Stay => (),
                    Step::Send(command) => self.send(command),
                    Step::Redraw => self.resume()?,
                    Step::Suspend => self.suspend()?,
                    Step::Export(export) => self.export(export),
                    Step::Copy(copy) => self.copy(&copy),
                    Step::TakeMouse => self.parts.screen.use_mouse(Mouse::Ours),
                    Step::Theme(wanted) => self.choose_theme(wanted),
                    Step::LeaveMouse => self.parts.screen.use_mouse(Mouse::Terminals),
                    Step::Quit => return Ok(Some(ExitCode::SUCCESS)),
                }
            }
            Input::Mouse { event, times } => {
                if let Some(pointing) = pointer::pointing(&event, times) {
                    app.point(pointing, now);
                }
            }
            // Pasted text is an intent only where text is asked for.
            Input::Paste(text) => app.paste(&text, now),
            Input::FocusLost => app.look_away(now),
            Input::FocusGained => app.look_again(now),
            Input::Background { lightness } => self.take_background(lightness),
            // The frame that waits for an answer is due.
            Input::Answered => self.next_frame = Instant::now(),
        }
        Ok(None)
    }

    fn thin(&mut self) {
        if let Some(before) = self.parts.app.thin(now()) {
            // Without a thread the frame waits.
            let _ = std::thread::Builder::new().name("dropping".to_owned()).spawn(move || drop(before));
        }
    }

    /// Judges runs for a few milliseconds; while the log comes, it has most of the time.
    fn arrange(&mut self) {
        let start = Instant::now();
        while start.elapsed() < MAX_SLICE && self.parts.app.is_arranging() {
            self.parts.app.arrange();
        }
        let rest = if std::mem::take(&mut self.has_come) {
            start.elapsed() * REST_PER_SLICE
        } else {
            Duration::ZERO
        };
        self.next_slice = Instant::now() + rest;
    }

    fn draw(&mut self) -> Result<(), LoopError> {
        let LoopParts { app, screen, theme, .. } = &mut self.parts;
        app.arrange_changed();
        app.draw_life();
        let (mut size, mut rest) = (app.size(), None);
        let presence = screen.draw(|frame| {
            size = (frame.area().width, frame.area().height);
            rest = ui::draw_with_cursor(app, *theme, frame);
        })?;
        if presence == Presence::Foreground {
            screen.rest_cursor(rest)?;
            app.drawn(now());
            if size != app.size() {
                // The terminal has another size, of which no signal has come yet.
                app.resize(size.0, size.1);
            }
        }
        self.drawn_at = Instant::now();
        self.next_frame = self.drawn_at + FLOW_FRAME_INTERVAL;
        Ok(())
    }

    fn second(&mut self) -> Result<(), LoopError> {
        if self.parts.screen.is_shown() {
            self.parts.app.tick(now());
        } else {
            self.resume()?;
        }
        Ok(())
    }

    fn suspend(&mut self) -> Result<(), LoopError> {
        match self.parts.screen.suspend()? {
            // What was typed ahead of the shell is not for the dashboard that comes back.
            Suspension::Stopped => self.parts.keys.discard(),
            Suspension::Refused => {
                let words = "no shell could bring runwatch back, so it does not stop";
                self.parts.app.notify(Severity::Warning, words);
            }
        }
        Ok(())
    }

    fn resume(&mut self) -> Result<(), LoopError> {
        if self.parts.screen.resume()? == Presence::Foreground {
            // Who is stopped, or in the background, is not told of another size.
            let (width, height) = self.parts.screen.size()?;
            self.parts.app.resize(width, height);
            self.parts.app.tick(now());
        }
        Ok(())
    }
}

/// Completes at once all work that the loop would do between frames: goes to the instant asked for, reads
/// what a page wants, measures what the charts want.
pub fn finish(app: &mut App, log: &dyn Reread) {
    let now = app.now();
    while app.is_traveling() {
        app.travel(log, now);
    }
    while app.wants_moments() {
        app.read_moments(log);
    }
    while app.is_measuring() {
        app.measure(now);
    }
    while app.is_thinning() {
        drop(app.thin(now));
    }
    while app.is_arranging() {
        app.arrange();
    }
    app.arrange_changed();
    read_wanted_line(app, log);
    app.draw_life();
}

/// Reads the line that the detail page shows from the log itself, and believes it only if it is the right one.
fn read_wanted_line(app: &mut App, log: &dyn Reread) {
    let Some(place) = app.wanted_line() else { return };
    let words = match log.record(place, RAW_LIMIT) {
        Ok(line) => text::clean_bytes(&line).into_owned(),
        Err(gone) => gone.to_string(),
    };
    app.give_line(place, words);
}
