//! A program on a pseudo-terminal of its own: what it is typed, what a person would see, and how it leaves.
//!
//! Nothing here sleeps for luck: a test waits for what it wants to see, and fails when that does not come.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};

/// Longer than a question has to be on the screen before an answer counts.
const READ: Duration = Duration::from_millis(400);

/// Longer than anything takes on a loaded machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

const COLUMNS: u16 = 110;
const ROWS: u16 = 32;

/// A program on a pseudo-terminal.
pub(crate) struct Session {
    child: Box<dyn Child + Send + Sync>,
    /// None after a hang-up.
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    output: mpsc::Receiver<Vec<u8>>,
    /// The terminal itself, held open so that its modes can be looked at when everybody has left.
    terminal: File,
    modes_before: Termios,
    raw: Vec<u8>,
    screen: vt100::Parser,
    /// Held while the terminal is not read.
    reading: Arc<Mutex<()>>,
    reader: Option<thread::JoinHandle<()>>,
    /// Makes the reader end when it has read once more.
    is_closed: Arc<AtomicBool>,
}

impl Session {
    /// Starts a program, with little of our own environment.
    pub(crate) fn start(argv: &[&str], environment: &[(&str, &Path)]) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(argv[0]);
        command.args(&argv[1..]);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in
            [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC"), ("USER", "ada")]
        {
            command.env(name, value);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let terminal = pair.master.tty_name().unwrap();
        let terminal = File::options().read(true).write(true).open(terminal).unwrap();
        let modes_before = tcgetattr(&terminal).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = mpsc::channel();
        let reading = Arc::new(Mutex::new(()));
        let may_read = Arc::clone(&reading);
        let is_closed = Arc::new(AtomicBool::new(false));
        let is_to_end = Arc::clone(&is_closed);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                drop(may_read.lock());
                if sender.send(buffer[..length].to_vec()).is_err() || is_to_end.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let keyboard = Some(pair.master.take_writer().unwrap());
        let screen = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
        Self {
            child,
            master: Some(pair.master),
            keyboard,
            output,
            terminal,
            modes_before,
            raw: vec![],
            screen,
            reading,
            reader: Some(reader),
            is_closed,
        }
    }

    /// Returns the text that a person sees.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// The column and the row of the terminal's own cursor, and whether it is seen.
    pub(crate) fn cursor(&self) -> ((u16, u16), bool) {
        let screen = self.screen.screen();
        let (row, column) = screen.cursor_position();
        ((column, row), !screen.hide_cursor())
    }

    /// The rows of the screen, and the cursor's row, of a terminal that has no other screen.
    pub(crate) fn on_one_screen(&self) -> (Vec<String>, u16) {
        let text = String::from_utf8_lossy(&self.raw).replace("\x1b[?1049h", "").replace("\x1b[?1049l", "");
        let mut parser = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
        parser.process(text.as_bytes());
        let rows = parser.screen().rows(0, COLUMNS).collect();
        (rows, parser.screen().cursor_position().0)
    }

    /// Every byte that was written to the terminal.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Waits until these bytes were written, and yields how many there were before them.
    pub(crate) fn wait_for_raw(&mut self, bytes: &[u8]) -> usize {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.raw.windows(bytes.len()).position(|window| window == bytes) {
                return at;
            }
            let what = String::from_utf8_lossy(bytes).escape_debug().to_string();
            assert!(self.take(deadline).is_ok(), "no {what}; the screen is\n{}", self.text());
        }
    }

    /// The terminal is not read as long as this is held.
    pub(crate) fn reading(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.reading)
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.master.as_ref().unwrap().resize(PtySize { rows, cols: columns, ..PtySize::default() }).unwrap();
        let (columns, rows) = (if columns == 0 { 80 } else { columns }, if rows == 0 { 24 } else { rows });
        // The parser is not made for a terminal of a few cells.
        if columns >= 40 && rows >= 10 {
            self.screen.screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        }
    }

    /// Closes the terminal under the program. Until then it was not read, if `held` is what its reader waits
    /// for.
    pub(crate) fn hang_up(&mut self, held: Option<MutexGuard<'_, ()>>) {
        self.is_closed.store(true, Ordering::SeqCst);
        if held.is_none() {
            // The reader waits for something to read. The program has no part in that, and may be at rest.
            self.terminal.write_all(b"x").unwrap();
        }
        drop(held);
        self.reader.take().unwrap().join().unwrap();
        self.keyboard = None;
        self.master = None;
    }

    /// Returns the text of a file of the process in `/proc`.
    pub(crate) fn proc(&self, name: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.child.process_id().unwrap())).unwrap()
    }

    /// Types; what is given at once arrives at once.
    pub(crate) fn press(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Returns true if these bytes have been written to the terminal.
    pub(crate) fn has_written(&self, bytes: &str) -> bool {
        self.raw.windows(bytes.len()).any(|window| window == bytes.as_bytes())
    }

    fn take(&mut self, until: Instant) -> Result<(), mpsc::RecvTimeoutError> {
        let bytes = self.output.recv_timeout(until.saturating_duration_since(Instant::now()))?;
        self.screen.process(&bytes);
        self.raw.extend(bytes);
        Ok(())
    }

    /// Waits until the screen satisfies `seen`.
    pub(crate) fn wait(&mut self, what: &str, seen: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !seen(self.screen.screen()) {
            if self.take(deadline).is_err() {
                panic!("no {what}; the screen is\n{}", self.text());
            }
        }
    }

    pub(crate) fn wait_for(&mut self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    pub(crate) fn wait_until_gone(&mut self, text: &str) {
        self.wait(&format!("screen without {text}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until something beside the screen is so.
    pub(crate) fn until<T>(&mut self, what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(found) = condition() {
                return found;
            }
            assert!(Instant::now() < deadline, "no {what}; the screen is\n{}", self.text());
            let _ = self.take(Instant::now() + Duration::from_millis(10));
        }
    }

    /// Looks at the screen for as long as a person would.
    pub(crate) fn look(&mut self, time: Duration) {
        let deadline = Instant::now() + time;
        while self.take(deadline).is_ok() {}
    }

    /// Answers yes to the question with this title, as a person does who has read it first. The clock of the program starts
    /// with its frame, which on a busy machine may be later than what is seen here: then it says so, and is answered again.
    pub(crate) fn confirm(&mut self, title: &str) {
        while self.text().contains(title) {
            self.look(READ);
            self.press("y");
            self.wait("answer", |screen| {
                let text = screen.contents();
                !text.contains(title) || text.contains("that was fast")
            });
        }
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub(crate) fn signal(&mut self, signal: Signal) {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last may still be on its way.
                while self.take(Instant::now() + Duration::from_millis(50)).is_ok() {}
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end; the screen is\n{}", self.text());
            let _ = self.take(Instant::now() + Duration::from_millis(5));
        }
    }

    /// Waits for the end with this exit code, and checks that the terminal is as it was.
    pub(crate) fn end(&mut self, code: u32) {
        let status = self.ended();
        assert_eq!(status.exit_code(), code, "{}", self.text());
        self.check_restored();
    }

    /// Waits for an end with this exit code before the terminal was touched at all; returns what was said.
    pub(crate) fn end_untouched(&mut self, code: u32) -> String {
        let status = self.ended();
        let said = String::from_utf8_lossy(&self.raw).replace("\r\n", "\n");
        assert_eq!(status.exit_code(), code, "{said}");
        assert!(!said.contains('\x1b'), "{said:?}");
        self.check_modes();
        said
    }

    /// Nothing of the dashboard is left: the normal screen, a cursor, every mode as it was.
    pub(crate) fn check_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        let modes = private_modes(&self.raw);
        assert!(modes.iter().any(|(mode, _)| *mode == 1049), "it was never entered");
        for (mode, is_set) in modes {
            // The cursor and wrapping are the two things that are on by themselves.
            assert_eq!(is_set, matches!(mode, 7 | 25), "mode {mode} is left otherwise than it was found");
        }
        self.check_modes();
    }

    pub(crate) fn check_modes(&self) {
        let (before, after) = (&self.modes_before, tcgetattr(&self.terminal).unwrap());
        assert_eq!(before.input_modes, after.input_modes);
        assert_eq!(before.output_modes, after.output_modes);
        assert_eq!(before.control_modes, after.control_modes);
        assert_eq!(before.local_modes, after.local_modes);
        assert_eq!(format!("{:?}", before.special_codes), format!("{:?}", after.special_codes));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// The modes that were set or reset by `CSI ? n h` and `CSI ? n l`, and what each was in the end.
fn private_modes(raw: &[u8]) -> Vec<(u16, bool)> {
    let mut found: Vec<(u16, bool)> = vec![];
    let text = String::from_utf8_lossy(raw);
    for sequence in text.split("\x1b[?").skip(1) {
        let length = sequence.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        let is_set = match sequence.as_bytes().get(length) {
            Some(b'h') => true,
            Some(b'l') => false,
            _ => continue,
        };
        for mode in sequence[..length].split(';').filter_map(|mode| mode.parse().ok()) {
            found.retain(|(it, _)| *it != mode);
            found.push((mode, is_set));
        }
    }
    found
}
