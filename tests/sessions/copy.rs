//! Copies, as the bytes that a terminal gets, and exports.

use std::io::Write as _;

use crate::common::program::{Log, runwatch, text};
use crate::common::{self, read_text};
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");
const BEGIN: &str = "\x1b]52;c;";

fn watch(log: &str) -> Session {
    let mut session = Session::start(&[PROGRAM, log], &[]);
    session.wait_for("LIVE");
    session
}

/// The text that the terminal was asked last to keep.
fn copied(session: &Session) -> String {
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    let (_, order) = raw.rsplit_once(BEGIN).unwrap();
    let (payload, _) = order.split_once("\x1b\\").unwrap();
    String::from_utf8(decoded(payload)).unwrap()
}

/// Base64, read by a program that is not ours.
fn decoded(payload: &str) -> Vec<u8> {
    let mut child = std::process::Command::new("base64")
        .arg("-d")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(payload.as_bytes()).unwrap();
    child.wait_with_output().unwrap().stdout
}

#[test]
fn an_id_and_a_row_go_to_the_clipboard_as_they_are_printed() {
    let log = common::file("tests/logs/live-small-mid.jsonl");
    let log = log.to_str().unwrap();
    let mut session = watch(log);
    session.press("y");
    session.wait_for("no run is under the cursor");
    session.press("gj");
    session.press("y");
    session.wait_for("was sent to the terminal's clipboard");
    let id = copied(&session);
    assert_eq!(id.len(), 36);
    assert!(session.text().contains(&format!("{id} was sent")), "{}", session.text());
    // On the run's page as well.
    session.press("\r");
    session.wait_for("state         Scheduled");
    session.press("Y");
    session.wait_for(&format!("the row of {} as JSON was sent", &id[..8]));
    let printed = text(&runwatch(&["runs", log, "--json"]).output().unwrap());
    let row = printed.lines().find(|line| line.contains(&format!("\"run_id\":\"{id}\""))).unwrap();
    assert_eq!(copied(&session), row);
    session.press("q");
    session.wait_until_gone("state         Scheduled");
    session.press("q");
    session.end(0);
}

#[test]
fn what_no_clipboard_takes_is_refused_with_a_way_out() {
    // The life of one run that failed, which says more of it than it did.
    let recorded = read_text("tests/logs/live-small-mid.jsonl");
    let is_failure = |line: &&str| line.contains("AttemptFinished") && line.contains("\"error\":\"");
    let failure = recorded.lines().find(is_failure).unwrap();
    let (_, rest) = failure.split_once("\"run_id\":\"").unwrap();
    let id = &rest[..36];
    let grown = format!("\"error\":\"{}", "x".repeat(80_000));
    let own = recorded.lines().filter(|line| line.contains(id));
    let lines: String = own.map(|line| line.replacen("\"error\":\"", &grown, 1) + "\n").collect();
    let log = Log::new(lines.as_bytes());
    let mut session = watch(log.path());
    session.press("gjY");
    session.wait_for("bytes, and a clipboard takes 74,991: `runwatch runs --json` prints it");
    session.press("y");
    session.wait_for("was sent to the terminal's clipboard");
    assert_eq!(copied(&session), id);
    let asked = String::from_utf8_lossy(session.raw()).matches(BEGIN).count();
    assert_eq!(asked, 1);
    session.press("q");
    session.end(0);
}

#[test]
fn what_is_shown_is_written_to_a_file_and_not_twice() {
    let dir = tempfile::tempdir().unwrap();
    let log = common::file("tests/logs/live-small-mid.jsonl");
    let mut session = watch(log.to_str().unwrap());
    let table = dir.path().join("a.csv");
    let command = format!(":export {}\r", table.display());
    session.press(&command);
    session.wait_for("194 runs were written to");
    let text = std::fs::read_to_string(&table).unwrap();
    assert_eq!(text.lines().count(), 195);
    session.press(&command);
    session.wait_for("is there already; put ! after the command");
    assert!(session.text().contains(&format!(":export {}", table.display())), "{}", session.text());
    // The command is still there, and is mended: Ctrl-A, behind its name, and the mark.
    session.press("\x01");
    session.press(&"\x1b[C".repeat("export".len()));
    session.press("!\r");
    session.wait_for("runs were written to");
    let rows = dir.path().join("a.jsonl");
    session.press("/state:running\r");
    session.wait_for("11");
    session.press(&format!(":export {}\r", rows.display()));
    session.wait_for("11 runs were written to");
    let printed = text_of(&["runs", log.to_str().unwrap(), "--json"]);
    let written = std::fs::read_to_string(&rows).unwrap();
    assert!(written.lines().all(|line| printed.lines().any(|it| it == line)));
    assert_eq!(written.lines().count(), 11);
    let page = dir.path().join("a.html");
    session.press(&format!(":export {}\r", page.display()));
    session.wait_for("the screen was written to");
    assert!(std::fs::read_to_string(&page).unwrap().contains("live-small-mid.jsonl"));
    session.press("\x03");
    session.end(0);
}

fn text_of(args: &[&str]) -> String {
    text(&runwatch(args).output().unwrap())
}
