//! The stage of the screen tests: a log, keys, a fixed time, and what the screen then shows.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use runwatch::app::{App, Now, Sending, Setup, Step};
use runwatch::control::Why;
use runwatch::control::command::Operator;
use runwatch::control::target::Target;
use runwatch::engine::batch::Decoder;
use runwatch::history::Keep;
use runwatch::model::text;
use runwatch::source::delivery::{Delivery, Status};
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;
use runwatch::store::Store;
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;

/// Ten seconds after the last event of `live-small-mid.jsonl`.
pub(crate) const MID: u64 = 1_795_196_272;
/// Ten seconds after line 1,100 of `v030-small.jsonl`.
pub(crate) const V030: u64 = 1_795_195_830;

fn setup(sending: Sending) -> Setup {
    Setup {
        given: runwatch::engine::Given::default(),
        name: "orders.jsonl".to_owned(),
        clock: Clock::utc(),
        sending,
        evidence_timeout: Duration::from_secs(30),
        keep: Keep::Lines(u64::MAX),
        retain: runwatch::store::Retain::default(),
        taste: runwatch::app::Preferences::default(),
        opens_at: None,
    }
}

/// A dashboard on a screen of its own.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) theme: Theme,
    terminal: Terminal<TestBackend>,
    second: u64,
    start: Instant,
    passed: Duration,
}

impl Stage {
    /// With nowhere for commands to go, at the given second.
    pub(crate) fn new(width: u16, height: u16, second: u64) -> Self {
        Self::with(width, height, second, Sending::Off(Why::NoTarget))
    }

    /// With a file for commands.
    pub(crate) fn with_control(width: u16, height: u16, second: u64) -> Self {
        Self::with(width, height, second, commands())
    }

    /// Of a log that is looked back on.
    pub(crate) fn replay(width: u16, height: u16) -> Self {
        Self::with(width, height, 0, Sending::Off(Why::Replay))
    }

    /// Of a store that was filled before, with a file for commands.
    pub(crate) fn of_store(width: u16, height: u16, second: u64, store: Store) -> Self {
        Self::of_store_to("file:/run/q/commands.jsonl", (width, height), second, store)
    }

    /// Of a store that was filled before, with this place for commands.
    pub(crate) fn of_store_to(target: &str, (width, height): (u16, u16), second: u64, store: Store) -> Self {
        let stage = Self::with_control(width, height, second);
        let (now, setup) = (stage.now(), setup(to(target)));
        let mut stage = Self { app: App::with_store(setup, store, (width, height), now), ..stage };
        stage.app.ingest(Delivery::Status(Status { caught_up: true, ..Status::default() }), now);
        stage
    }

    fn with(width: u16, height: u16, second: u64, sending: Sending) -> Self {
        let start = Instant::now();
        let now = Now { unix_ms: second * 1000, instant: start };
        Self {
            app: App::new(setup(sending), (width, height), now),
            theme: Theme::default(),
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            second,
            start,
            passed: Duration::ZERO,
        }
    }

    /// The screen is another one from now on.
    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.app.resize(width, height);
        self.terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    }

    pub(crate) fn theme(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    pub(crate) fn now(&self) -> Now {
        let unix_ms = self.second * 1000 + u64::try_from(self.passed.as_millis()).unwrap();
        Now { unix_ms, instant: self.start + self.passed }
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.passed += time;
        let now = self.now();
        self.app.tick(now);
    }

    /// Lets the app read a whole log, and say that there is no more for now.
    pub(crate) fn read(mut self, log: &[u8]) -> Self {
        self.append(log);
        let size = log.len() as u64;
        let status = Status { offset: size, size, caught_up: true, ..Status::default() };
        let now = self.now();
        self.app.ingest(Delivery::Status(status), now);
        self
    }

    pub(crate) fn append(&mut self, log: &[u8]) {
        let mut lines = Lines::new(runwatch::engine::RECORDS, Limits::default(), 0);
        let mut decoder = Decoder::with_engine(0, runwatch::engine::Engine::of(self.app.store()));
        let mut rest = log;
        let mut line = self.app.store().tally().lines + 1;
        while !rest.is_empty() {
            let space = lines.space();
            let n = space.len().min(rest.len());
            space[..n].copy_from_slice(&rest[..n]);
            lines.commit(n);
            rest = &rest[n..];
            while let Some(block) = lines.take(line) {
                line += block.len_lines() as u64;
                let now = self.now();
                self.app.ingest(Delivery::Block(decoder.decode(block)), now);
            }
        }
    }

    /// Presses keys: letters as they are, others by their names in angle brackets.
    pub(crate) fn press(mut self, keys: &str) -> Self {
        let _ = self.type_keys(keys);
        self
    }

    pub(crate) fn type_keys(&mut self, keys: &str) -> Step {
        let mut step = Step::Stay;
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let (code, length) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
                Some((name, _)) => (named(name), name.len() + 2),
                None => (KeyCode::Char(c), c.len_utf8()),
            };
            rest = &rest[length..];
            let event = KeyEvent::new(code, KeyModifiers::NONE);
            if let Some(action) = self.app.keymap().action(&event, self.app.mode()) {
                let now = self.now();
                step = self.app.update(action, now);
            }
        }
        step
    }

    pub(crate) fn draw(&mut self) -> &Buffer {
        self.app.arrange_changed();
        let (app, theme) = (&self.app, self.theme);
        self.terminal.draw(|frame| ui::draw(app, theme, frame)).unwrap();
        let now = self.now();
        self.app.drawn(now);
        self.app.shown(now);
        self.terminal.backend().buffer()
    }

    /// Returns the styles of the screen's cells.
    pub(crate) fn styles(&mut self) -> Vec<ratatui::style::Style> {
        self.draw().content().iter().map(ratatui::buffer::Cell::style).collect()
    }

    /// Returns the text of the screen, line by line, without the blanks at the ends of lines.
    pub(crate) fn text(&mut self) -> String {
        self.draw();
        self.rows().iter().map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// The lines of the screen as they were painted last, each as wide as the screen.
    pub(crate) fn rows(&self) -> Vec<String> {
        let buffer = self.terminal.backend().buffer();
        let row = |y| {
            let mut row = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                row += symbol;
                // A wide character covers the cells after its own.
                x += u16::try_from(text::width(symbol).max(1)).unwrap();
            }
            row
        };
        (0..buffer.area.height).map(row).collect()
    }
}

/// A file for commands.
fn commands() -> Sending {
    to("file:/run/q/commands.jsonl")
}

/// A place for commands.
fn to(target: &str) -> Sending {
    let by = Operator { user: "ann".to_owned(), host: "desk".to_owned(), pid: 7 };
    Sending::To(target.parse::<Target>().unwrap(), by)
}

fn named(name: &str) -> KeyCode {
    match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "home" => KeyCode::Home,
        "tab" => KeyCode::Tab,
        "space" => KeyCode::Char(' '),
        other => panic!("no key is called {other}"),
    }
}
