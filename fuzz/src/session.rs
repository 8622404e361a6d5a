//! Holds any session to its rules, with any keys, pastes, clicks and sizes over any log: every frame is
//! painted, and no command is sent but for a question that named its run, was on the screen long enough to be
//! read, and was answered with the one key.

use std::collections::HashSet;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use runwatch::app::{App, DialogKind, MIN_READING_TIME, Now, Preferences, Sending, Setup, Step};
use runwatch::control::Why;
use runwatch::control::command::Operator;
use runwatch::control::target::Target;
use runwatch::engine::batch::Batch;
use runwatch::history::{Grain, Keep};
use runwatch::input::{Action, pointer};
use runwatch::model::id::RunId;
use runwatch::runtime;
use runwatch::source::archive::Archive;
use runwatch::source::delivery::{Delivery, Status};
use runwatch::store::{Retain, RunSet};
use runwatch::ui::{self, Theme};
use runwatch::view::Clock;

use super::sketch;

/// Just behind the samples.
const SECOND: u64 = 1_770_001_000;

/// Keys that mean something somewhere, more often than chance would bring them.
const LETTERS: &[u8] =
    b"jkhlgGcyYnqeEfFwvVxX/:?1234567890 .,<>[]{}()=+-_#@!~tTsSoOrRuUbBpPdDzZmMiIaA*$%&\"'|;\\^`CHJKLNQW";

/// The first byte says whether commands go anywhere, the second how long the log is, which follows; the rest is what
/// the user does, three bytes a deed.
pub fn check(bytes: &[u8]) {
    let [sends, len, bytes @ ..] = bytes else { return };
    let (log, deeds) = bytes.split_at(bytes.len().min(usize::from(*len)));
    let Some(mut session) = Session::new(*sends, &sketch::log(log)) else { return };
    for deed in deeds.chunks_exact(3).take(150) {
        let &[what, first, second] = deed else { break };
        session.does(what, first, second);
    }
    session.draw();
}

struct Session {
    app: App,
    archive: Archive,
    /// Blocks with which the log goes on.
    unread: std::vec::IntoIter<Batch>,
    terminal: Terminal<TestBackend>,
    start: Instant,
    passed: Duration,
    sends: bool,
    /// The question that is on the screen, and since when.
    question: Option<Question>,
    /// The runs of a question about many that was answered, without those whose turn has come.
    answered: HashSet<RunId>,
}

/// A question as the user reads it.
struct Question {
    asked: String,
    since: Instant,
    /// The runs that it was about when it was painted. Keys change while it is there, ids do not.
    runs: HashSet<RunId>,
}

impl Session {
    fn new(sends: u8, log: &[u8]) -> Option<Self> {
        let mut file = tempfile::tempfile().ok()?;
        file.write_all(log).ok()?;
        let mut archive = Archive::new(runwatch::engine::options().framing);
        archive.keep(0, &Arc::new(file));
        let by = Operator { user: "ann".to_owned(), host: "desk".to_owned(), pid: 7 };
        let (sends, evicts) = (sends & 1 == 1, sends & 2 == 2);
        let sending = if sends {
            Sending::To(Target::File("/q/commands".into()), by)
        } else {
            Sending::Off(Why::NoTarget)
        };
        let setup = Setup {
            given: runwatch::engine::Given::default(),
            name: "orders.jsonl".to_owned(),
            clock: Clock::utc(),
            sending,
            evidence_timeout: Duration::from_secs(2),
            keep: Keep::Lines(u64::MAX),
            // Some sessions evict ended runs all the time, and every key gets a new number.
            retain: if evicts { Retain { memory: 64, ..Retain::default() } } else { Retain::default() },
            taste: Preferences::default(),
            opens_at: None,
        };
        // Memory is looked at after each epoch.
        let grain = Grain { epoch_lines: 4, stride: 2, ..Grain::default() };
        let start = Instant::now();
        let now = Now { unix_ms: SECOND * 1000, instant: start };
        let mut session = Self {
            app: App::new(setup, (80, 24), now).with_grain(grain),
            archive,
            unread: sketch::batches(log, 1024).into_iter(),
            terminal: Terminal::new(TestBackend::new(80, 24)).ok()?,
            start,
            passed: Duration::ZERO,
            sends,
            question: None,
            answered: HashSet::new(),
        };
        session.read();
        session.read();
        Some(session)
    }

    fn now(&self) -> Now {
        let passed = u64::try_from(self.passed.as_millis()).unwrap_or(u64::MAX);
        Now { unix_ms: SECOND * 1000 + passed, instant: self.start + self.passed }
    }

    fn does(&mut self, what: u8, first: u8, second: u8) {
        match what {
            0..=149 => {
                let letter = char::from(LETTERS[usize::from(first) % LETTERS.len()]);
                self.press(KeyCode::Char(letter), KeyModifiers::NONE);
            }
            150..=189 => {
                let modifiers = KeyModifiers::from_bits_truncate(second & 7);
                self.press(code(first), modifiers);
            }
            190..=199 => {
                let text = [char::from(first), char::from(second), '\n', 'y', '\u{202e}'];
                self.app.paste(&text.iter().collect::<String>(), self.now());
            }
            200..=209 => self.point(what, first, second),
            210..=219 => {
                let (width, height) = (u16::from(first) % 130, u16::from(second) % 50);
                self.app.resize(width, height);
                self.terminal.backend_mut().resize(width, height);
            }
            220..=234 => self.draw(),
            235..=244 => {
                self.passed += Duration::from_millis(u64::from(first) * 4 + u64::from(second) * 100);
                self.app.tick(self.now());
            }
            245..=249 => self.read(),
            250 => self.app.look_away(self.now()),
            251 => self.app.look_again(self.now()),
            252 => self.finish(),
            253 => self.ask_about_all(first),
            254 => self.answer(first, second),
            _ => {
                self.passed += Duration::from_millis(50);
                self.app.tick(self.now());
            }
        }
        if self.app.is_thinning() {
            let before = self.held();
            drop(self.app.thin(self.now()));
            assert!(self.held().is_subset(&before), "a key became another run's");
        }
        self.send_due();
        self.look();
    }

    /// Asks whether to cancel all, or a few with others between them: where a key becomes another run's, it is no run
    /// that was meant.
    fn ask_about_all(&mut self, how: u8) {
        let few = ["M", "gjmjm", "gjjmm", "gjvjv"][usize::from(how) % 4];
        for letter in few.chars().chain(['c']) {
            self.press(KeyCode::Char(letter), KeyModifiers::NONE);
        }
        self.look();
    }

    /// Answers a question about many as it wants to be answered, but for what `less` leaves out.
    fn answer(&mut self, less: u8, later: u8) {
        let Some(DialogKind::Many(many)) = self.app.dialog().map(|dialog| &dialog.kind) else { return };
        let number = many.number().saturating_sub(usize::from(less & 4 == 4)).to_string();
        if less & 1 == 0 {
            self.draw();
        }
        self.passed += Duration::from_millis(if less & 2 == 0 { 200 } else { u64::from(later) });
        if less & 8 == 8 {
            self.read();
        }
        for letter in number.chars().chain(['y']) {
            self.press(KeyCode::Char(letter), KeyModifiers::NONE);
        }
    }

    /// The runs that are marked or asked about.
    fn held(&self) -> HashSet<RunId> {
        let asked = self.app.dialog().map(|dialog| &dialog.kind);
        let pinned = asked.into_iter().flat_map(|asked| self.pinned(asked));
        self.ids(self.app.marks()).into_iter().chain(pinned).collect()
    }

    fn pinned(&self, kind: &DialogKind) -> HashSet<RunId> {
        match kind {
            DialogKind::Many(many) => self.ids(&many.pinned),
            _ => HashSet::new(),
        }
    }

    fn ids(&self, runs: &RunSet) -> HashSet<RunId> {
        let store = self.app.store();
        runs.iter().filter(|key| store.has(*key)).map(|key| store.id_of(key)).collect()
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        let event = KeyEvent::new_with_kind(code, modifiers, KeyEventKind::Press);
        let Some(action) = self.app.keymap().action(&event, self.app.mode()) else { return };
        let asked = self.app.dialog().map(|dialog| dialog.kind.clone());
        let marked = self.ids(self.app.marks());
        let now = self.now();
        let was_read = self.question.as_ref().is_some_and(|it| now.instant >= it.since + MIN_READING_TIME);
        let is_yes = action == Action::Confirm && was_read && self.sends;
        if let (Some(DialogKind::Many(many)), Some(question)) = (&asked, &self.question)
            && is_yes
            && many.is_counted()
        {
            self.answered.clone_from(&question.runs);
        }
        let step = self.app.update(action, now);
        if let (None, Some(DialogKind::Many(many))) = (&asked, self.app.dialog().map(|dialog| &dialog.kind))
            && many.whole.is_none()
        {
            assert!(self.ids(&many.pinned).is_subset(&marked), "asked about what was not marked");
        }
        let Step::Send(command) = step else { return };
        assert!(is_yes, "{action:?} with {code:?} sent {command:?} when {asked:?} was asked");
        match asked {
            Some(DialogKind::Cancel { run }) => assert_eq!(command.kind.run(), Some(run), "another run"),
            Some(DialogKind::Many(many)) => {
                let Some(whole) = many.whole else { panic!("one command for many") };
                assert!(many.is_counted());
                assert_eq!(command.kind, whole.kind(), "another task");
            }
            _ => panic!("{command:?} was sent when {asked:?} was asked"),
        }
    }

    fn point(&mut self, what: u8, x: u8, y: u8) {
        let kind = match what % 5 {
            0 => MouseEventKind::Down(MouseButton::Left),
            1 => MouseEventKind::Drag(MouseButton::Left),
            2 => MouseEventKind::Up(MouseButton::Left),
            3 => MouseEventKind::ScrollDown,
            _ => MouseEventKind::ScrollUp,
        };
        let (column, row) = (u16::from(x), u16::from(y));
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        if let Some(pointing) = pointer::pointing(&event, 1 + u16::from(y % 7)) {
            self.app.point(pointing, self.now());
        }
    }

    fn read(&mut self) {
        let now = self.now();
        match self.unread.next() {
            Some(batch) => self.app.ingest(Delivery::Block(batch), now),
            None => self.app.ingest(Delivery::Status(Status { caught_up: true, ..Status::default() }), now),
        }
    }

    fn finish(&mut self) {
        while self.app.is_behind() {
            self.app.catch_up(self.now());
        }
        runtime::finish(&mut self.app, &self.archive);
    }

    fn draw(&mut self) {
        self.app.arrange_changed();
        self.app.draw_life();
        let app = &self.app;
        let _ = self.terminal.draw(|frame| ui::draw(app, Theme::default(), frame));
        let now = self.now();
        self.app.drawn(now);
        self.app.shown(now);
        let Some(kind) = self.app.dialog().map(|dialog| &dialog.kind) else { return };
        if self.question.is_none() {
            let question = Question { asked: told(kind), since: now.instant, runs: self.pinned(kind) };
            self.question = Some(question);
        }
    }

    /// Sends as the loop does: when the next command is due.
    fn send_due(&mut self) {
        let now = self.now();
        if self.app.next_send().is_some_and(|at| at <= now.instant) {
            let is_held = self.app.progress().is_some_and(|progress| progress.is_held);
            assert!(!is_held, "nothing is due while it is not known what becomes of runs");
            for command in self.app.send_due(4, now) {
                let was_asked = command.kind.run().is_some_and(|run| self.answered.remove(&run));
                assert!(self.sends && was_asked, "{command:?} of none of {:?}", self.answered);
            }
        }
        if self.app.progress().is_none_or(|progress| progress.unsent == 0) {
            self.answered.clear();
        }
    }

    /// Another question than the one on the screen has yet to be read.
    fn look(&mut self) {
        let asked = self.app.dialog().map(|dialog| told(&dialog.kind));
        if self.question.as_ref().map(|question| &question.asked) != asked.as_ref() {
            self.question = None;
        }
    }
}

/// Returns the object of a question.
fn told(kind: &DialogKind) -> String {
    match kind {
        DialogKind::Cancel { run } => format!("run {run}"),
        DialogKind::Many(many) => format!("{} of {:?}", many.n_marked, many.whole),
        DialogKind::Everything { process, .. } => process.to_string(),
        DialogKind::Off(why) => format!("{why:?}"),
    }
}

fn code(number: u8) -> KeyCode {
    match number {
        0..=20 => KeyCode::Enter,
        21..=40 => KeyCode::Esc,
        41..=50 => KeyCode::Tab,
        51..=60 => KeyCode::BackTab,
        61..=80 => KeyCode::Up,
        81..=100 => KeyCode::Down,
        101..=110 => KeyCode::Left,
        111..=120 => KeyCode::Right,
        121..=130 => KeyCode::PageUp,
        131..=140 => KeyCode::PageDown,
        141..=150 => KeyCode::Home,
        151..=160 => KeyCode::End,
        161..=170 => KeyCode::Backspace,
        171..=180 => KeyCode::Delete,
        181..=200 => KeyCode::F(number - 180),
        _ => KeyCode::Char(char::from(number)),
    }
}
