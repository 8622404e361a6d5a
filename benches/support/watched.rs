//! The dashboard on a pseudo-terminal, with a clock beside it: when each thing was on the screen, and what it took.

use std::fs;
use std::io::{Read as _, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than anything takes.
const LIMIT: Duration = Duration::from_secs(180);

/// A running dashboard.
pub(crate) struct Watched {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    pub(crate) started: Instant,
}

/// Sequences that have been on the screen.
struct Seen {
    parser: vt100::Parser,
    bytes: u64,
    /// The header's sequence number after each piece of output.
    sequences: Vec<(Instant, u64)>,
}

impl Watched {
    pub(crate) fn start(log: &Path, (columns, rows): (u16, u16)) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize { rows, cols: columns, ..PtySize::default() })
            .expect("there are terminals");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_runwatch"));
        command.arg(log);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        let mut reader = pair.master.try_clone_reader().expect("a terminal can be read");
        let keyboard = pair.master.take_writer().expect("a terminal can be typed at");
        let parser = vt100::Parser::new(size(rows), size(columns), 0);
        let seen = Arc::new((Mutex::new(Seen { parser, bytes: 0, sequences: Vec::new() }), Condvar::new()));
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program is built");
        drop(pair.slave);
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                let at = Instant::now();
                let mut seen = shared.0.lock().expect("no thread panics with it");
                seen.bytes += n as u64;
                seen.parser.process(&buffer[..n]);
                if let Some(sequence) = sequence(&seen.parser) {
                    seen.sequences.push((at, sequence));
                }
                shared.1.notify_all();
            }
        });
        Self { child, _master: pair.master, keyboard, seen, started }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().expect("no thread panics with it")
    }

    /// Waits until the screen says `text`, and says when that was.
    pub(crate) fn wait_for(&self, text: &str) -> Instant {
        self.wait(|screen| screen.contents().contains(text), text)
    }

    pub(crate) fn wait_until_gone(&self, text: &str) -> Instant {
        self.wait(|screen| !screen.contents().contains(text), text)
    }

    fn wait(&self, holds: impl Fn(&vt100::Screen) -> bool, text: &str) -> Instant {
        let deadline = Instant::now() + LIMIT;
        let mut seen = self.seen();
        while !holds(seen.parser.screen()) {
            assert!(Instant::now() < deadline, "{text:?}: {}", seen.parser.screen().contents());
            seen = self.seen.1.wait_timeout(seen, Duration::from_secs(1)).expect("no thread panics").0;
        }
        Instant::now()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.seen().parser.screen().contents().contains(text)
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("it listens");
        self.keyboard.flush().expect("it listens");
    }

    /// Bytes that were written to the terminal so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.seen().bytes
    }

    /// Every sequence number that the header said since `since`, and when.
    pub(crate) fn sequences(&self, since: Instant) -> Vec<(Instant, u64)> {
        self.seen().sequences.iter().filter(|(at, _)| *at >= since).copied().collect()
    }

    /// Time on a processor so far, of all threads that are alive.
    pub(crate) fn busy(&self) -> Duration {
        let threads = fs::read_dir(format!("/proc/{}/task", self.pid())).into_iter().flatten().flatten();
        let stats = threads.filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
        let times = stats.filter_map(|stat| stat.split(' ').next()?.parse().ok());
        times.map(Duration::from_nanos).sum()
    }

    /// Memory that is in use, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
    }

    fn pid(&self) -> u32 {
        self.child.process_id().unwrap_or(0)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a terminal has cells")
}

/// The number behind the `#` of the first row.
fn sequence(parser: &vt100::Parser) -> Option<u64> {
    let screen = parser.screen();
    let header = screen.rows(0, screen.size().1.get()).next()?;
    let digits = header.split('#').nth(1)?.split(' ').next()?;
    digits.replace(',', "").parse().ok()
}
