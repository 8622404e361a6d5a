//! The stage of the app's tests: a log of numbered runs, keys by name, and a clock that the test advances.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::*;
use crate::control::Why;
use crate::control::command::Operator;
use crate::control::target::Target;
use crate::engine::Given;
use crate::engine::actionqueue::states::RunState;
use crate::engine::batch::Decoder;
use crate::input::key;
use crate::model::id::RunId;
use crate::source::archive::Archive;
use crate::source::delivery::{Delivery, Status};
use crate::source::lines::{Limits, Lines};
use crate::source::splitter::Splitter as _;

/// 2026-11-20, when the runs of the tests are created.
pub(super) const SECOND: u64 = 1_795_196_261;

/// An app with a log.
pub(super) struct Stage {
    pub(super) app: App,
    start: Instant,
    passed: Duration,
    sequence: u64,
    decoder: Decoder,
    line: u64,
    offset: u64,
    file: Arc<File>,
    archive: Archive,
    pub(super) generation: u32,
}

pub(super) fn id(number: u32) -> RunId {
    RunId::from_uuid(Uuid::from_u128(u128::from(number) << 96 | 1))
}

/// The short form of the id, which differs from those of other numbers.
pub(super) fn short(number: u32) -> String {
    crate::view::Ids::default().run(id(number))
}

impl Stage {
    /// With somewhere for commands to go.
    pub(super) fn new() -> Self {
        let by = Operator { user: "ann".to_owned(), host: "desk".to_owned(), pid: 7 };
        Self::sending(Sending::To(Target::File("/q/commands".into()), by))
    }

    pub(super) fn read_only(why: Why) -> Self {
        Self::sending(Sending::Off(why))
    }

    /// Of a log of which nothing has been read.
    pub(super) fn unread() -> Self {
        Self::with(Sending::Off(Why::NoTarget))
    }

    fn sending(sending: Sending) -> Self {
        let mut stage = Self::with(sending);
        stage.status(true);
        stage
    }

    fn with(sending: Sending) -> Self {
        let start = Instant::now();
        let setup = Setup {
            name: "orders.jsonl".to_owned(),
            given: Given::default(),
            clock: Clock::utc(),
            sending,
            evidence_timeout: crate::control::ledger::TIMEOUT,
            keep: Keep::Lines(u64::MAX),
            retain: crate::store::Retain::default(),
            taste: Preferences::default(),
            opens_at: None,
        };
        let now = Now { unix_ms: SECOND * 1000, instant: start };
        let app = App::new(setup, (80, 24), now);
        Self {
            app,
            start,
            passed: Duration::ZERO,
            sequence: 0,
            decoder: Decoder::default(),
            line: 1,
            offset: 0,
            file: Arc::new(tempfile::tempfile().unwrap()),
            archive: Archive::new(crate::engine::options().framing),
            generation: 0,
        }
    }

    pub(super) fn now(&self) -> Now {
        let passed = u64::try_from(self.passed.as_millis()).unwrap();
        Now { unix_ms: SECOND * 1000 + passed, instant: self.start + self.passed }
    }

    pub(super) fn pass(&mut self, milliseconds: u64) {
        self.passed += Duration::from_millis(milliseconds);
    }

    pub(super) fn draw(&mut self) {
        let now = self.now();
        self.app.arrange_changed();
        self.app.drawn(now);
        self.app.shown(now);
    }

    pub(super) fn tick(&mut self) {
        let now = self.now();
        self.app.tick(now);
    }

    pub(super) fn status(&mut self, caught_up: bool) {
        let status = Status { offset: 37, size: 100, caught_up, ..Status::default() };
        let now = self.now();
        self.app.ingest(Delivery::Status(status), now);
    }

    /// The log says these lines.
    pub(super) fn log(&mut self, text: &str) {
        let mut lines =
            Lines::from_offset(crate::engine::RECORDS, Limits::default(), self.generation, self.offset);
        self.file.write_all_at(text.as_bytes(), self.offset).unwrap();
        self.archive.keep(self.generation, &self.file);
        self.offset += text.len() as u64;
        lines.space()[..text.len()].copy_from_slice(text.as_bytes());
        lines.commit(text.len());
        let block = lines.take(self.line).unwrap();
        self.line += block.len_lines() as u64;
        let now = self.now();
        let batch = self.decoder.decode(block);
        self.app.ingest(Delivery::Block(batch), now);
    }

    /// The loop does what it does between frames.
    pub(super) fn finish(&mut self) {
        let now = self.now();
        while self.app.is_traveling() {
            self.app.travel(&self.archive, now);
        }
        let mut pieces = 0;
        while self.app.wants_moments() {
            self.app.read_moments(&self.archive);
            pieces += 1;
            assert!(pieces < 1000, "reading ends");
        }
    }

    fn event(&mut self, event: &str) {
        self.sequence += 1;
        self.log(&format!("{{\"sequence\":{},\"event\":{event}}}\n", self.sequence));
    }

    /// The log creates runs.
    pub(super) fn create(&mut self, numbers: impl IntoIterator<Item = u32>) {
        numbers.into_iter().for_each(|number| self.create_of(9, number));
    }

    /// The log creates a run of a task.
    pub(super) fn create_of(&mut self, task: u32, number: u32) {
        self.event(&format!(
                r#"{{"RunCreated":{{"run_instance":{{"id":"{}","task_id":"{}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,"created_at":{SECOND},"scheduled_at":{SECOND},"effective_priority":0,"last_state_change_at":{SECOND}}}}}}}"#,
                id(number),
                Uuid::from_u128(task.into()),
            ));
    }

    /// The log moves a run from state to state.
    pub(super) fn walk(&mut self, number: u32, states: &[RunState]) {
        for pair in states.windows(2) {
            self.event(&format!(
                r#"{{"RunStateChanged":{{"run_id":"{}","previous_state":"{}","new_state":"{}","timestamp":{SECOND}}}}}"#,
                id(number),
                pair[0].name(),
                pair[1].name(),
            ));
        }
    }

    /// The log begins again, with other content.
    pub(super) fn begin_log(&mut self, sequence: u64) {
        self.generation += 1;
        self.sequence = sequence - 1;
    }

    /// Presses keys: letters as they are, others by their names in angle brackets. Returns the last step.
    pub(super) fn step(&mut self, keys: &str) -> Step {
        let mut step = Step::Stay;
        for key in key::typed(keys) {
            if let Some(action) = self.app.keymap().action(&key, self.app.mode()) {
                let now = self.now();
                step = self.app.update(action, now);
            }
        }
        step
    }

    /// Presses keys that change nothing but the view.
    pub(super) fn press(&mut self, keys: &str) {
        let _ = self.step(keys);
    }

    pub(super) fn notice(&self) -> String {
        let notice = self.app.notices.current();
        notice.map(|notice| notice.text.clone()).unwrap_or_default()
    }
}
