//! Whole sessions: the real program on a terminal, typed at and looked at as a person would.

#[cfg(debug_assertions)]
mod faults;
mod gone;
mod joined;
mod pace;
mod slow;
mod stops;
mod typed;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use runwatch::app::MIN_READING_TIME;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::common::{self, lines_of, read_text};
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");

/// A log that grows when the test says so, and where commands about it go.
struct Stage {
    _dir: tempfile::TempDir,
    log: PathBuf,
    control: PathBuf,
    lines: Vec<String>,
    /// Number of the lines in the log.
    written: usize,
}

impl Stage {
    /// A log of the first `written` lines of a recording with all nine states.
    fn new(written: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (log, control) = (dir.path().join("orders.jsonl"), dir.path().join("commands.jsonl"));
        let lines = read_text("tests/logs/live-small-mid.jsonl").lines().map(str::to_owned).collect();
        fs::write(&log, b"").unwrap();
        let mut stage = Self { _dir: dir, log, control, lines, written: 0 };
        stage.append(written);
        stage
    }

    /// Appends the next `n` lines.
    fn append(&mut self, n: usize) {
        let next: String = self.lines.iter().skip(self.written).take(n).map(|it| format!("{it}\n")).collect();
        self.written = (self.written + n).min(self.lines.len());
        self.append_text(&next);
    }

    fn append_text(&self, text: &str) {
        File::options().append(true).open(&self.log).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn watch(&self) -> Session {
        let mut session = Session::start(&[PROGRAM, self.log.to_str().unwrap()], &[]);
        session.wait_for("LIVE");
        session
    }

    /// With a way to cancel.
    fn control(&self) -> Session {
        let target = format!("file:{}", self.control.display());
        let mut session = Session::start(&[PROGRAM, self.log.to_str().unwrap(), "--control", &target], &[]);
        session.wait_for("LIVE");
        session
    }

    fn commands(&self) -> String {
        fs::read_to_string(&self.control).unwrap_or_default()
    }
}

const WHOLE: usize = usize::MAX;

/// Words of the help page and of no other.
const HELP: &str = "half a page down";

/// The title of the question.
const QUESTION: &str = "Cancel this run?";

/// Waits until the state bar says that there are `count` runs in one state.
fn wait_for_count(session: &mut Session, state: &str, count: u64) {
    let words = format!("{state} {count}");
    session.wait(&words, |screen| {
        let text = screen.contents();
        text.match_indices(&words)
            .any(|(at, _)| !text[at + words.len()..].starts_with(|c: char| c.is_ascii_digit()))
    });
}

/// Goes to the first running run and asks to cancel it; returns the id that the question names.
fn ask(session: &mut Session) -> String {
    session.press("gllljc");
    session.wait_for(QUESTION);
    let text = session.text();
    assert!(text.contains("state         Running for"), "{text}");
    text.split_once("run           ").unwrap().1[..36].to_owned()
}

/// Opens a page, closes it and leaves: each key counts, and none that came before is left over.
fn leave_by_keys(session: &mut Session) {
    session.press("?");
    session.wait_for(HELP);
    session.press("q");
    session.wait_until_gone(HELP);
    session.press("q");
    session.end(0);
}

#[test]
fn a_recording_is_shown_with_its_counts_and_left_with_q() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.watch();
    session.wait("screen of its own, without a cursor, on which a paste is told from keys", |screen| {
        screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste()
    });
    let expected: Value =
        serde_json::from_str(&read_text("tests/logs/live-small-mid.expected.json.gz")).unwrap();
    for (state, count) in expected["runs_by_state"].as_object().unwrap() {
        wait_for_count(&mut session, state, count.as_u64().unwrap());
    }
    session.wait_for("applied 1,230");
    session.wait_for("RO");
    leave_by_keys(&mut session);
}

#[test]
fn what_is_appended_appears_and_a_torn_line_does_not_until_its_newline() {
    let mut stage = Stage::new(500);
    let mut session = stage.watch();
    session.wait_for("applied 500");
    stage.append(100);
    session.wait_for("applied 600");
    stage.append_text(&stage.lines[600]);
    session.wait_for(&format!("pending {} B", stage.lines[600].len()));
    assert!(session.text().contains("applied 600"), "{}", session.text());
    stage.append_text("\n");
    session.wait_for("applied 601");
    session.press("q");
    session.end(0);
}

#[test]
fn a_frozen_view_counts_what_it_does_not_show_and_catches_up() {
    let mut stage = Stage::new(800);
    let mut session = stage.watch();
    session.wait_for("applied 800");
    session.press(" ");
    session.wait_for("PAUSED +0");
    stage.append(250);
    session.wait_for("PAUSED +250");
    assert!(session.text().contains("applied 800"));
    session.press(" ");
    session.wait_for("applied 1,050");
    session.wait_for("LIVE");
    stage.append(1);
    session.wait_for("applied 1,051");
    session.press("q");
    session.end(0);
}

#[test]
fn every_signal_ends_it_with_its_own_code_also_while_it_asks() {
    let stage = Stage::new(WHOLE);
    for is_asking in [false, true] {
        for (signal, code) in
            [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)]
        {
            let mut session = stage.control();
            if is_asking {
                ask(&mut session);
            }
            session.signal(signal);
            session.end(code);
        }
    }
    assert_eq!(stage.commands(), "");
}

#[test]
fn a_cancel_is_sent_by_y_and_believed_when_the_log_proves_it() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.control();
    let run = ask(&mut session);
    session.confirm(QUESTION);
    session.wait_for(&format!("cancel of {} sent", &run[..8]));
    let line = session.until("command", || Some(stage.commands()).filter(|text| text.ends_with('\n')));
    let command: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&command["v"], &command["command"]), (&json!(1), &json!("cancel")));
    assert_eq!((&command["run_id"], &command["seen"]["sequence"]), (&json!(run), &json!(1230)));
    assert_eq!(command["by"]["user"], "ada");
    // The run is still what the log says.
    wait_for_count(&mut session, "Running", 11);
    wait_for_count(&mut session, "Canceled", 1);

    // Now the host obeys, as the engine of 0.1 writes it.
    let change = json!({
        "run_id": run, "previous_state": "Running", "new_state": "Canceled", "timestamp": 1_795_196_262,
    });
    let event = json!({"sequence": 1231, "event": {"RunStateChanged": change}});
    stage.append_text(&format!("{event}\n"));
    session.wait_for(&format!("cancel of {} proved at #1,231", &run[..8]));
    wait_for_count(&mut session, "Running", 10);
    wait_for_count(&mut session, "Canceled", 2);
    session.press("q");
    session.end(0);
    assert_eq!(stage.commands().lines().count(), 1);
}

#[test]
fn a_run_that_ends_otherwise_first_overtakes_its_cancel() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.control();
    let run = ask(&mut session);
    session.confirm(QUESTION);
    session.wait_for("sent");
    let attempt = stage.lines.iter().rev().find_map(|line| {
        let event: Value = serde_json::from_str(line).unwrap();
        let start = event["event"].get("AttemptStarted")?;
        (start["run_id"] == run).then(|| start["attempt_id"].clone())
    });
    let finished = stage.lines.iter().find(|line| line.contains("\"AttemptFinished\"")).unwrap();
    let mut finished: Value = serde_json::from_str(finished).unwrap();
    finished["sequence"] = json!(1231);
    finished["event"]["AttemptFinished"]["run_id"] = json!(run);
    finished["event"]["AttemptFinished"]["attempt_id"] = attempt.unwrap();
    let change = json!({
        "run_id": run, "previous_state": "Running", "new_state": "Completed", "timestamp": 1_795_196_262,
    });
    let event = json!({"sequence": 1232, "event": {"RunStateChanged": change}});
    stage.append_text(&format!("{finished}\n{event}\n"));
    session.wait_for("overtaken: Completed at #1,232");
    session.press("q");
    session.end(0);
}

#[test]
fn nothing_but_a_y_that_comes_after_the_question_was_read_confirms_it() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.control();
    let keep = |session: &mut Session| {
        session.press("n");
        session.wait_until_gone(QUESTION);
    };
    // Enter keeps the run.
    ask(&mut session);
    session.look(MIN_READING_TIME * 2);
    session.press("\r");
    session.wait_until_gone(QUESTION);
    // Space and a second `c` are no answers, nor are capital letters and a pasted text. The question is still there
    // when it is read off the screen after them: only then does `n` take it away.
    for keys in [" ", "c", "Y", "\x1b[200~y\x1b[201~", "\x1b[200~yes\ry\r\x1b[201~", "\x19", "\x1by"] {
        ask(&mut session);
        session.look(MIN_READING_TIME * 2);
        session.press(keys);
        session.look(MIN_READING_TIME);
        assert!(session.text().contains(QUESTION), "{keys:?}\n{}", session.text());
        keep(&mut session);
    }
    // Typed ahead of the question, in one piece with what opens it.
    for keys in ["gllljcy", "gllljcyyy", "gllljcyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"] {
        session.press(keys);
        session.wait_for("that was fast: press y again");
        keep(&mut session);
    }
    session.press("q");
    session.end(0);
    assert_eq!(stage.commands(), "", "what was queued is written before the end");
}

#[test]
fn read_only_wins_and_says_so_instead_of_asking() {
    let stage = Stage::new(WHOLE);
    let target = format!("file:{}", stage.control.display());
    let args = [PROGRAM, stage.log.to_str().unwrap(), "--control", &target, "--read-only"];
    let mut session = Session::start(&args, &[]);
    session.wait_for("LIVE");
    session.press("gllljc");
    session.wait_for("it was started with --read-only");
    session.look(MIN_READING_TIME * 2);
    session.press("y");
    session.press("n");
    session.wait_until_gone("it was started with --read-only");
    session.press("q");
    session.end(0);
    assert!(!stage.control.exists());
}

#[test]
fn a_log_from_a_pipe_leaves_the_keys_to_the_terminal() {
    let log = common::file("tests/logs/live-small-mid.jsonl");
    let script = "cat \"$1\" | \"$2\" -";
    let mut session = Session::start(&["sh", "-c", script, "sh", log.to_str().unwrap(), PROGRAM], &[]);
    session.wait_for("ENDED");
    session.wait_for("applied 1,230");
    session.press("?");
    session.wait_for(HELP);
    session.press("\x03");
    session.end(0);
}

#[test]
fn a_stopped_dashboard_leaves_a_sane_shell_and_comes_back_whole() {
    let stage = Stage::new(WHOLE);
    let mut session = Session::start(&["bash", "--norc", "--noprofile", "-i"], &[]);
    session.press("PS1='ready> '; bind 'set enable-bracketed-paste off'\n");
    session.wait_for("ready> ");
    session.press(&format!("{PROGRAM} {}\n", stage.log.display()));
    session.wait_for("LIVE");
    session.press("\x1a");
    session.wait("shell", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && screen.contents().contains("Stopped")
    });
    session
        .press("clear; stty -a | grep -o ' [-]*icanon\\| [-]*echo ' | tr -d '\\n'; echo sane-$((40 + 2))\n");
    session.wait_for("sane-42");
    let text = session.text();
    assert!(text.contains("icanon") && !text.contains("-icanon") && !text.contains("-echo"), "{text}");
    // A stopped program is not told of another size, and what was on the screen is not there any more.
    let written = session.raw().len();
    session.resize(90, 26);
    session.press("fg\n");
    session.wait("dashboard", |screen| screen.alternate_screen() && screen.contents().contains("LIVE"));
    session
        .wait("last row of 26", |screen| screen.rows(0, 90).nth(25).is_some_and(|row| row.contains("help")));
    assert!(session.raw()[written..].windows(4).any(|bytes| bytes == b"\x1b[2J"));
    wait_for_count(&mut session, "Running", 11);
    session.press("q");
    session.wait("prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
    });
    session.press("exit 7\n");
    session.end(7);
}

/// Writes a log of about `bytes` bytes: valid lines with rising sequences, all as long, so that a block of them needs
/// only its leading digits changed to become the next one.
fn write_big(path: &Path, bytes: u64) {
    const LINES: usize = 10_000;
    let pad = "x".repeat(150);
    let line = |number: usize| {
        format!(
            "{{\"sequence\":{number:09},\"note\":\"{pad}\",\"event\":{{\"BudgetConsumed\":{{\"task_id\":\
             \"00000000-0000-4000-8000-000000000001\",\"dimension\":\"Token\",\"amount\":1,\"timestamp\":1}}}}}}\n"
        )
    };
    let mut block: Vec<u8> = (0..LINES).flat_map(|number| line(100_000_000 + number).into_bytes()).collect();
    let length = block.len() / LINES;
    let digits = "{\"sequence\":".len();
    let mut out = BufWriter::new(File::create(path).unwrap());
    for n in 0..bytes / block.len() as u64 {
        let leading = format!("{}", 10_000 + n);
        for at in (0..LINES).map(|number| number * length + digits) {
            block[at..at + leading.len()].copy_from_slice(leading.as_bytes());
        }
        out.write_all(&block).unwrap();
    }
    out.flush().unwrap();
}

#[test]
fn a_great_log_that_is_still_read_does_not_keep_a_user_who_wants_to_leave() {
    let dir = tempfile::tempdir().unwrap();
    let disk = rustix::fs::statvfs(dir.path()).unwrap();
    if disk.f_bavail * disk.f_frsize < 2 << 30 {
        return; // Not here.
    }
    let log = dir.path().join("great.jsonl");
    write_big(&log, 500_000_000);
    for key in ["q", "\x03"] {
        let mut session = Session::start(&[PROGRAM, log.to_str().unwrap()], &[]);
        session.wait_for("READING");
        session.wait_for("applied ");
        let pressed_at = Instant::now();
        session.press(key);
        session.end(0);
        let took = pressed_at.elapsed();
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
}

#[test]
fn a_log_that_is_not_there_yet_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("later.jsonl");
    let mut session = Session::start(&[PROGRAM, log.to_str().unwrap()], &[]);
    session.wait_for("WAITING");
    fs::write(&log, lines_of("tests/logs/cron.jsonl")).unwrap();
    session.wait_for("LIVE");
    session.press("q");
    session.end(0);
}
