//! The stage of the screen tests: a log, keys, a fixed time, and what the screen then shows.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use runwatch::app::{App, Now, Sending, Setup, Step};
use runwatch::control::Why;
use runwatch::input::keymap;
use runwatch::log::delivery::{Delivery, Status};
use runwatch::log::lines::{Limits, Lines};
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;

/// Ten seconds after the last event of `live-small-mid`.
pub const SECOND: u64 = 1_795_196_271;

/// A dashboard on a screen of its own.
pub struct Stage {
    pub app: App,
    pub theme: Theme,
    terminal: Terminal<TestBackend>,
    start: Instant,
    passed: Duration,
}

impl Stage {
    pub fn new(width: u16, height: u16) -> Self {
        let start = Instant::now();
        let now = Now { unix_ms: SECOND * 1000, instant: start };
        let setup = Setup {
            name: "orders.jsonl".to_owned(),
            clock: Clock::utc(),
            sending: Sending::Off(Why::NoTarget),
            evidence_timeout: std::time::Duration::from_secs(30),
        };
        Self {
            app: App::new(setup, (width, height), now),
            theme: Theme::default(),
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            start,
            passed: Duration::ZERO,
        }
    }

    pub fn theme(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    pub fn now(&self) -> Now {
        let unix_ms = SECOND * 1000 + u64::try_from(self.passed.as_millis()).unwrap();
        Now { unix_ms, instant: self.start + self.passed }
    }

    pub fn pass(&mut self, time: Duration) {
        self.passed += time;
        let now = self.now();
        self.app.tick(now);
    }

    /// Lets the app read a whole log, and say that there is no more for now.
    pub fn read(mut self, log: &[u8]) -> Self {
        self.append(log);
        let size = log.len() as u64;
        let status = Status { offset: size, size, caught_up: true, ..Status::default() };
        let now = self.now();
        self.app.ingest(Delivery::Status(status), now);
        self
    }

    pub fn append(&mut self, log: &[u8]) {
        let mut lines = Lines::new(Limits::default(), 0);
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
                self.app.ingest(Delivery::Block(block), now);
            }
        }
    }

    /// Presses keys: letters as they are, others by their names in angle brackets.
    pub fn press(mut self, keys: &str) -> Self {
        self.type_keys(keys);
        self
    }

    pub fn type_keys(&mut self, keys: &str) -> Step {
        let mut step = Step::Stay;
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let (code, length) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
                Some((name, _)) => (named(name), name.len() + 2),
                None => (KeyCode::Char(c), c.len_utf8()),
            };
            rest = &rest[length..];
            let event = KeyEvent::new(code, KeyModifiers::NONE);
            if let Some(action) = keymap::action(&event, self.app.mode()) {
                let now = self.now();
                step = self.app.update(action, now);
            }
        }
        step
    }

    pub fn draw(&mut self) -> &Buffer {
        let (app, theme) = (&self.app, self.theme);
        self.terminal.draw(|frame| ui::draw(app, theme, frame)).unwrap();
        let now = self.now();
        self.app.drawn(now);
        self.terminal.backend().buffer()
    }

    /// What the screen shows, line by line.
    pub fn text(&mut self) -> String {
        self.draw();
        self.terminal.backend().to_string()
    }
}

fn named(name: &str) -> KeyCode {
    match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "space" => KeyCode::Char(' '),
        other => panic!("no key is called {other}"),
    }
}

pub fn log(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/logs/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap();
    if !name.ends_with(".gz") {
        return bytes;
    }
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut plain).unwrap();
    plain
}
