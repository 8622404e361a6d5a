//! The terminal on real terminals: what is entered is left, on every way out.
//!
//! Each test starts this very program again on a pseudo-terminal, to play one scenario; see [`scenario`].

#![allow(
    clippy::unwrap_used,
    clippy::exit,
    clippy::print_stdout,
    reason = "helpers of tests, and a program played"
)]

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use ratatui::Frame;
use ratatui::widgets::Paragraph;
use runwatch::fault::Faults;
use runwatch::terminal::keys::Input;
use runwatch::terminal::signals::{ProcessSignal, ProcessSignals};
use runwatch::terminal::{Presence, Suspension, TerminalScreen, panics};

/// Which scenario a child plays.
const SCENARIO: &str = "RUNWATCH_TEST_SCENARIO";

/// The scenario in which no thread gets the signal of a hang-up.
const DEAF: &str = "deaf";

const LIMIT: Duration = Duration::from_secs(20);

/// Not a test of its own: the program that the tests look at, when [`SCENARIO`] is set.
#[test]
fn scenario() {
    let Ok(scenario) = std::env::var(SCENARIO) else { return };
    let gate = panics::install().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let code = runtime.block_on(async {
        let mut signals = ProcessSignals::install().unwrap();
        let (mut screen, mut keys) = match TerminalScreen::enter(Some("xterm"), &gate, Faults::default()) {
            Ok(entered) => entered,
            Err(error) => {
                println!("refused: {error}");
                return 2;
            }
        };
        let mut seen = "waiting".to_owned();
        let mut drawn = String::new();
        loop {
            // As the program does: nothing is drawn when nothing has changed.
            if drawn != seen {
                let paint =
                    |frame: &mut Frame<'_>| frame.render_widget(Paragraph::new(seen.as_str()), frame.area());
                match screen.draw(paint) {
                    Ok(Presence::Foreground) => drawn.clone_from(&seen),
                    Ok(Presence::Busy | Presence::Background) => {}
                    Err(_) => return 3,
                }
            }
            tokio::select! {
                typed = keys.recv() => match typed.ok().map(|typed| typed.input) {
                    None => return 4,
                    Some(Input::Paste(_)) => seen = "a paste".to_owned(),
                    Some(Input::Press { key, .. }) => match key.code.as_char() {
                        Some('q') => break,
                        Some('p') => panic!("quoted \x1b[31m log\nforged line"),
                        Some('t') => {
                            drop(thread::Builder::new().name("feed".into()).spawn(|| panic!("of the feed")));
                            seen = scenario.clone();
                        }
                        Some('z') => {
                            if screen.suspend().unwrap() == Suspension::Refused {
                                seen = "no shell could wake us".to_owned();
                            }
                        }
                        other => seen = format!("key {other:?}"),
                    },
                    Some(other) => seen = format!("{other:?}"),
                },
                signal = signals.recv() => match signal {
                    ProcessSignal::Continue => {
                        // A hang-up sends this as well, to wake who sleeps.
                        if let Ok(Presence::Foreground) = screen.resume() {
                            seen = "back again".to_owned();
                            drawn.clear();
                        }
                    }
                    ProcessSignal::Stop => drop(screen.suspend().unwrap()),
                    ProcessSignal::Resize => seen = format!("{:?}", screen.size().unwrap()),
                    ProcessSignal::HangUp if scenario == DEAF => {}
                    ending => return ending.exit_code().unwrap_or(1),
                },
                () = tokio::time::sleep(Duration::from_millis(50)) => {
                    if !screen.is_shown() && scenario != DEAF {
                        match screen.resume() {
                            Ok(Presence::Foreground) => seen = "back again".to_owned(),
                            Ok(_) => {}
                            Err(_) => return 3,
                        }
                    }
                }
            }
        }
        screen.leave().unwrap();
        0
    });
    std::process::exit(i32::from(code));
}

/// A child on a pseudo-terminal of its own.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    output: mpsc::Receiver<Vec<u8>>,
    reader: Option<thread::JoinHandle<()>>,
    /// Makes the reader drop the line when it has read once more.
    releases: Arc<AtomicBool>,
    raw: Vec<u8>,
    screen: vt100::Parser,
}

impl Session {
    fn start() -> Self {
        Self::play("as usual")
    }

    fn play(scenario: &str) -> Self {
        let program = std::env::current_exe().unwrap();
        Self::run(&[program.to_str().unwrap(), "--exact", "terminal::scenario", "--nocapture"], scenario)
    }

    fn run(argv: &[&str], scenario: &str) -> Self {
        let size = PtySize { rows: 24, cols: 80, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(argv[0]);
        command.args(&argv[1..]);
        command.env(SCENARIO, scenario);
        command.env("TERM", "xterm");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = mpsc::channel();
        let releases = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&releases);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() || told.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let keyboard = Some(pair.master.take_writer().unwrap());
        let screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        Self {
            child,
            master: Some(pair.master),
            keyboard,
            output,
            reader: Some(reader),
            releases,
            raw: Vec::new(),
            screen,
        }
    }

    fn press(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Waits until the screen, as a person would see it, satisfies `seen`.
    fn wait(&mut self, what: &str, seen: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !seen(self.screen.screen()) {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => {
                    self.screen.process(&bytes);
                    self.raw.extend(bytes);
                }
                Err(_) => panic!("no {what}; the screen is\n{}", self.screen.screen().contents()),
            }
        }
    }

    fn wait_for(&mut self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    /// Waits for the end, and checks that nothing of the dashboard is left behind.
    fn end(&mut self, code: u32) -> String {
        let deadline = Instant::now() + LIMIT;
        // The line closes when the last process on it has ended.
        while let Ok(bytes) = self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
        assert!(Instant::now() < deadline, "it does not end");
        let status = self.ended();
        assert_eq!(status.exit_code(), code, "{}", self.screen.screen().contents());
        self.check_restored();
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn check_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        let raw = String::from_utf8_lossy(&self.raw);
        for mode in ["1049", "2004", "25", "1000", "1002", "1003", "1004", "1006", "1015"] {
            let set = raw.rfind(&format!("\x1b[?{mode}{}", if mode == "25" { 'l' } else { 'h' }));
            let unset = raw.rfind(&format!("\x1b[?{mode}{}", if mode == "25" { 'h' } else { 'l' }));
            assert!(set <= unset, "mode {mode} is left on");
        }
        if let Some(master) = &self.master {
            let modes = rustix::termios::tcgetattr(borrow(master.as_ref())).unwrap().local_modes;
            use rustix::termios::LocalModes;
            assert!(modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG), "{modes:?}");
        }
    }
}

/// The master's modes are those of the terminal itself.
fn borrow(master: &dyn MasterPty) -> std::fs::File {
    std::fs::File::options().read(true).write(true).open(master.tty_name().unwrap()).unwrap()
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn pid(session: &Session) -> rustix::process::Pid {
    rustix::process::Pid::from_raw(session.child.process_id().unwrap().try_into().unwrap()).unwrap()
}

#[test]
fn quitting_and_every_signal_give_the_terminal_back() {
    use rustix::process::Signal as Number;
    for (number, code) in [
        (None, 0),
        (Some(Number::TERM), 143),
        (Some(Number::HUP), 129),
        (Some(Number::INT), 130),
        (Some(Number::QUIT), 131),
    ] {
        let mut session = Session::start();
        session.wait_for("waiting");
        assert!(session.screen.screen().alternate_screen() && session.screen.screen().hide_cursor());
        match number {
            None => session.press("q"),
            Some(number) => rustix::process::kill_process(pid(&session), number).unwrap(),
        }
        session.end(code);
    }
}

#[test]
fn a_panic_of_the_loop_is_reported_on_a_sane_terminal_and_without_the_log_s_bytes() {
    let mut session = Session::start();
    session.wait_for("waiting");
    session.press("p");
    let raw = session.end(101);
    let (_, report) = raw.rsplit_once("\x1b[?1049l").unwrap();
    assert!(report.contains(r"runwatch panicked: quoted \x1b[31m log\nforged line"), "{report}");
    assert!(!report.contains('\x1b'), "{report}");
}

#[test]
fn a_panic_of_another_thread_ends_the_loop_and_nothing_is_painted_over_the_report() {
    let mut session = Session::start();
    session.wait_for("waiting");
    session.press("t");
    let raw = session.end(3);
    let (_, report) = raw.rsplit_once("\x1b[?1049l").unwrap();
    assert!(report.contains("runwatch panicked: of the feed"), "{report}");
    assert!(report.contains("in thread feed"), "{report}");
    assert!(!report.contains('\x1b'), "{report}");
}

#[test]
fn a_paste_is_no_row_of_keys_and_the_size_follows() {
    let mut session = Session::start();
    session.wait_for("waiting");
    session.press("\x1b[200~cy\rq\x1b[201~");
    session.wait_for("a paste");
    let size = PtySize { rows: 12, cols: 40, ..PtySize::default() };
    session.master.as_ref().unwrap().resize(size).unwrap();
    session.wait_for("(40, 12)");
    session.press("q");
    session.end(0);
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_even_without_a_signal() {
    // The first of three ends it: the signal, the end of the keys, or a frame that fails on its way. No
    // thread gets the signal in the second one.
    for (scenario, codes) in [("as usual", &[129, 3, 4][..]), (DEAF, &[3, 4])] {
        let mut session = Session::play(scenario);
        session.wait_for("waiting");
        session.releases.store(true, Ordering::SeqCst);
        session.press("x");
        session.reader.take().unwrap().join().unwrap();
        session.keyboard = None;
        session.master = None;
        let code = session.ended().exit_code();
        assert!(codes.contains(&code), "{scenario}: {code}");
    }
}

#[test]
fn without_a_shell_to_wake_it_the_program_does_not_stop() {
    let mut session = Session::start();
    session.wait_for("waiting");
    session.press("z");
    session.wait_for("no shell could wake us");
    session.press("q");
    session.end(0);
}

#[test]
fn a_stopped_program_leaves_a_sane_terminal_and_comes_back() {
    let program = std::env::current_exe().unwrap();
    let mut session = Session::run(&["bash", "--norc", "--noprofile", "-i"], "as usual");
    session.press("PS1='ready> '; bind 'set enable-bracketed-paste off'\n");
    session.wait_for("ready> ");
    session.press(&format!("{} --exact terminal::scenario --nocapture\n", program.display()));
    session
        .wait("the dashboard", |screen| screen.alternate_screen() && screen.contents().contains("waiting"));
    session.press("z");
    session.wait("the shell", |screen| !screen.alternate_screen() && screen.contents().contains("Stopped"));
    assert!(!session.screen.screen().hide_cursor() && !session.screen.screen().bracketed_paste());

    // In the background it lives, and keeps silent.
    session.press("bg\n");
    session.press("sleep 0.5; jobs\n");
    session.wait("a job that runs", |screen| screen.contents().contains("Running"));
    assert!(!session.screen.screen().alternate_screen());

    // A job that runs already is not told that it comes to the foreground.
    session.press("fg\n");
    session.wait("the dashboard", |screen| {
        screen.alternate_screen() && screen.contents().contains("back again")
    });
    session.press("q");
    session.wait("the prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
    });
    session.press("exit\n");
    session.end(0);
}
