//! The real program on a real terminal, with cancels that go to ActionQueue's own daemon: from the key to the proof.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;

use crate::common::read_text;
use crate::daemons::{Controls, TOKEN, any_port, start_01};
use crate::session::Session;

/// The title of the question.
const QUESTION: &str = "Cancel this run?";

/// Asks about the first running run and says yes, as a person does who has read the question; returns the run's id.
fn cancel(session: &mut Session, target: &str) -> String {
    session.press("gllljc");
    session.wait_for(QUESTION);
    let text = session.text();
    assert!(text.contains(target), "{text}");
    let run = text.split_once("run           ").unwrap().1[..36].to_owned();
    session.confirm(QUESTION);
    run
}

#[test]
fn a_cancel_goes_to_the_daemon_and_is_believed_when_the_log_proves_it() {
    let text = read_text("tests/logs/live-small-mid.jsonl");
    let daemon = start_01(&text, Controls::Enabled, any_port());
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("log.jsonl"), &text).unwrap();
    fs::write(at("token"), TOKEN).unwrap();
    fs::set_permissions(at("token"), fs::Permissions::from_mode(0o600)).unwrap();
    let (log, token, origin) = (at("log.jsonl"), at("token"), daemon.origin());
    let argv = [
        env!("CARGO_BIN_EXE_runwatch"),
        log.to_str().unwrap(),
        "--control",
        &origin,
        "--token-file",
        token.to_str().unwrap(),
    ];
    let mut session = Session::start(&argv, &[("HOME", dir.path())]);
    session.wait_for("LIVE");
    let run = cancel(&mut session, &origin);
    session.wait_for(&format!("cancel of {} sent", &run[..8]));

    // The mirror of the daemon's log brings the proof.
    let written = String::from_utf8(daemon.log()).unwrap();
    let new: Vec<&str> = written.lines().skip(text.lines().count()).collect();
    let [event] = &new[..] else { panic!("{new:?}") };
    assert!(event.contains(&run) && event.contains("Canceled"), "{event}");
    writeln!(File::options().append(true).open(&log).unwrap(), "{event}").unwrap();
    session.wait_for(&format!("cancel of {} proved at #1,231", &run[..8]));

    drop(daemon);
    let other = cancel(&mut session, &origin);
    session.wait_for(&format!("cancel of {} refused: {origin}: it cannot be reached", &other[..8]));
    session.press("q");
    session.end(0);
    let record = fs::read_to_string(at(".local/state/runwatch/commands.jsonl")).unwrap();
    assert_eq!(record.lines().count(), 4, "{record}");
    assert!(record.contains("\"user\":\"ada\"") && !record.contains(TOKEN));
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");

/// A log, a home, and a target for commands.
struct Stage {
    dir: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("log.jsonl"), read_text("tests/logs/live-small-mid.jsonl")).unwrap();
        fs::create_dir(dir.path().join("q")).unwrap();
        Self { dir }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A program, which is in a directory of its own that it starts in.
    fn program(&self, text: &str) -> String {
        let path = self.at("program");
        fs::write(&path, format!("#!/bin/sh\ncd '{}'\n{text}\n", self.at("q").display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        format!("exec:{}", path.display())
    }

    fn file(&self) -> String {
        format!("file:{}", self.at("q/commands.jsonl").display())
    }

    fn watch(&self, more: &[&str], environment: &[(&str, &Path)]) -> Session {
        let log = self.at("log.jsonl");
        let argv: Vec<&str> = [PROGRAM, log.to_str().unwrap()].iter().chain(more).copied().collect();
        let environment: Vec<(&str, &Path)> =
            [("HOME", self.dir.path())].iter().chain(environment).copied().collect();
        let mut session = Session::start(&argv, &environment);
        session.wait_for("LIVE");
        session
    }

    /// The names in a directory.
    fn names(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.at(name)).unwrap();
        let mut names: Vec<String> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn record(&self) -> String {
        fs::read_to_string(self.at(".local/state/runwatch/commands.jsonl")).unwrap_or_default()
    }
}

/// Says that it is a daemon, and then in each answer all that it was sent.
fn echo(listener: TcpListener) {
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer(stream));
        }
    });
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|length| length > 0) {
        if !head.ends_with("\r\n\r\n") {
            continue;
        }
        let (status, body) = match head.starts_with("GET") {
            true => ("200 OK", "{}".to_owned()),
            false => ("401 No", serde_json::json!({"error_code": "denied", "message": head}).to_string()),
        };
        let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        head.clear();
    }
}

/// A server that says again what it was sent must not bring the token to the screen or into a file.
#[test]
fn a_token_is_in_no_output_for_any_answer_of_the_daemon() {
    const CANARY: &str = "canary0123456789abcdef0123456789";
    let stage = Stage::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    echo(listener);
    let mut session = stage.watch(&["--control", &origin], &[("RUNWATCH_TOKEN", CANARY.as_ref())]);
    let run = cancel(&mut session, &origin);
    session.wait_for(&format!("cancel of {} refused: {origin}: it does not know the token", &run[..8]));
    session.press(":ledger\r");
    session.wait_for("1 cancel was asked for");
    let argv = fs::read(format!("/proc/{}/cmdline", session.id())).unwrap();
    session.press("\x03");
    session.end(0);
    assert!(stage.record().contains("Bearer") || stage.record().contains("denied"), "{}", stage.record());
    for (place, bytes) in [("screen", session.raw()), ("record", stage.record().as_bytes()), ("argv", &argv)]
    {
        assert!(!String::from_utf8_lossy(bytes).contains("canary"), "the token is in the {place}");
    }
}

/// Every key that can be typed, and every sink: nothing is opened, made, run or connected to.
#[test]
fn read_only_touches_nothing_for_any_key() {
    let stage = Stage::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let program = stage.program("touch was-run");
    let (file, pipe) = (stage.file(), format!("file:{}", stage.at("pipe").display()));
    rustix::fs::mkfifoat(rustix::fs::CWD, stage.at("pipe"), rustix::fs::Mode::RWXU).unwrap();
    let before = (stage.names(""), stage.names("q"));
    for target in [&file, &pipe, &program, &origin] {
        let mut session = stage.watch(&["--read-only", "--control", target], &[]);
        // Each printable key is followed by a yes and a way back; those that end the program are not among them.
        let keys = (b' '..=b'~').map(char::from).filter(|key| !matches!(key, 'q' | 'Q'));
        // What follows an escape would be pressed with Alt, but for the terminal's own word of who has it.
        keys.for_each(|key| session.press(&format!("{key}y\r\x1b\x1b\x1b[I")));
        for key in ["\x1b[A", "\x1b[15~", "\x1bOP", "\t", "\x7f", "\x01", "\x04", "\x0b", "\x12", "\x19"] {
            session.press(&format!("{key}y\x1b\x1b\x1b[I"));
        }
        session.press("gllljMcy\x1b\x1b\x1b[I:cancel\ry\x1b\x1b\x1b[I:cancel-task\ry\x1b\x1b\x1b[I");
        // All of it has been taken by the time that this is seen.
        session.press("?");
        session.wait_for("half a page down");
        session.press("\x03");
        session.end(0);
        assert_eq!((stage.names(""), stage.names("q")), before, "{target}");
    }
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

/// The texts of a log are never more than text: no line of it is a command, and none says where commands go.
#[test]
fn a_log_that_speaks_of_commands_is_a_log() {
    let stage = Stage::new();
    let (file, program) = (stage.file(), stage.program("touch was-run"));
    let run = "8f8a3b5e-9f3a-411d-8d29-7161d1847f0f";
    let other = stage.at("q/other.jsonl");
    let mut log = File::options().append(true).open(stage.at("log.jsonl")).unwrap();
    for line in [
        format!(r#"{{"v":1,"id":"{run}","command":"cancel","run_id":"{run}","reason":null,"at":1}}"#),
        format!(r#"{{"sequence":1231,"command":"cancel","run_id":"{run}"}}"#),
        format!(r#"{{"sequence":1232,"event":{{"Cancel":{{"run_id":"{run}"}}}},"control":"{program}"}}"#),
        format!(r#"{{"control":{{"target":"file:{}"}},"read_only":false}}"#, other.display()),
        format!("--control {program}"),
        "\u{1b}]52;c;eQ==\u{7}\u{1b}[200~cy\u{1b}[201~cyyyy".to_owned(),
        "cancel_run y c y :cancel-task".to_owned(),
    ] {
        writeln!(log, "{line}").unwrap();
    }
    let mut session = stage.watch(&["--control", &file], &[]);
    session.wait_for("unreadable");
    session.look(Duration::from_millis(300));
    assert_eq!(stage.names("q"), [] as [&str; 0]);
    let run = cancel(&mut session, &file);
    session.wait_for(&format!("cancel of {} sent", &run[..8]));
    session.press("\x03");
    session.end(0);
    assert_eq!(stage.names("q"), ["commands.jsonl"]);
    let text = fs::read_to_string(stage.at("q/commands.jsonl")).unwrap();
    assert!(text.lines().count() == 1 && text.contains(&run), "{text}");
}

/// A user who leaves does not wait for a program that is slow, sees that it was asked, and does not end it.
#[test]
fn a_program_that_still_runs_when_the_user_leaves_goes_on() {
    let stage = Stage::new();
    let target = stage.program("mkfifo go; touch begun; read x < go; echo \"$3\" > done");
    let mut session = stage.watch(&["--control", &target], &[]);
    let run = cancel(&mut session, &target);
    session.until("program", || stage.at("q/begun").exists().then_some(()));
    session.press("q");
    session.end(2);
    session.wait_for("1 command had no answer yet; the log will tell");
    assert!(!stage.at("q/done").exists());
    fs::write(stage.at("q/go"), "on\n").unwrap();
    session.until("end of it", || {
        fs::read_to_string(stage.at("q/done")).ok().filter(|text| *text == format!("{run}\n"))
    });
    // What was asked is on record, and nothing is claimed of how it ended.
    assert!(stage.record().lines().count() == 1 && stage.record().contains(&run), "{}", stage.record());
}

/// Killed between the command and the screen: the next session sends nothing by itself, and claims nothing.
#[test]
fn after_a_kill_nothing_is_sent_again_and_nothing_is_claimed() {
    for delay in [0, 1, 5] {
        let stage = Stage::new();
        let file = stage.file();
        let mut session = stage.watch(&["--control", &file], &[]);
        session.press("gllljc");
        session.wait_for(QUESTION);
        let run = session.text().split_once("run           ").unwrap().1[..36].to_owned();
        let sent =
            || fs::read_to_string(stage.at("q/commands.jsonl")).ok().filter(|text| text.ends_with('\n'));
        session.look(Duration::from_millis(400));
        session.press("y");
        let text = session.until("command", sent);
        session.look(Duration::from_millis(delay));
        session.signal(Signal::KILL);
        drop(session);

        let mut session = stage.watch(&["--control", &file], &[]);
        session.press(":ledger\r");
        session.wait_for("no cancel was asked for");
        session.look(Duration::from_millis(100));
        session.press("q");
        session.end(0);
        assert_eq!(sent().unwrap(), text);
        assert!(text.lines().count() == 1 && text.contains(&run), "{text}");
        assert_eq!(stage.names("q"), ["commands.jsonl"], "no lock is left");
        assert_eq!(stage.names(""), ["log.jsonl", "q"]);
    }
}
