//! Whole sessions in time: the real program on a terminal, led back and forth through a log as a person would.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::common::{self, read_text};
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");

/// A recording in which payments fail for a while: 3,608 events of three and a half minutes.
const INCIDENT: &str = "assets/incident.jsonl";

fn replay(args: &[&str]) -> Session {
    let log = common::file(INCIDENT);
    let argv: Vec<&str> = [PROGRAM, "replay", log.to_str().unwrap()].iter().chain(args).copied().collect();
    let mut session = Session::start(&argv, &[]);
    session.wait_for("REPLAY");
    session
}

/// Waits until the time line shows this event of the recording, and goes nowhere.
fn wait_for_stand(session: &mut Session, sequence: &str) {
    let words = format!("■ #{sequence} of #3,608");
    session.wait_for(&words);
}

/// Waits until the state bar says that there are `count` runs in one state.
fn wait_for_count(session: &mut Session, state: &str, count: u64) {
    let words = format!("{state} {count}");
    session.wait(&words, |screen| has_count(&screen.contents(), &words));
}

fn has_count(text: &str, words: &str) -> bool {
    let is_whole = |at: usize| !text[at + words.len()..].starts_with(|c: char| c.is_ascii_digit());
    text.match_indices(words).any(|(at, _)| is_whole(at))
}

/// The sequence that the time line tells.
fn stand(text: &str) -> u64 {
    let (before, _) = text.split_once(" of #").unwrap_or_else(|| panic!("no time line:\n{text}"));
    before.rsplit_once('#').unwrap().1.replace(',', "").parse().unwrap()
}

/// A log that grows when the test says so.
struct Log {
    _dir: tempfile::TempDir,
    path: PathBuf,
    lines: Vec<String>,
    written: usize,
}

impl Log {
    /// The first `written` lines of a recording with all nine states, whose sequences count its lines.
    fn new(written: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("orders.jsonl");
        let lines = read_text("tests/logs/live-small-mid.jsonl").lines().map(str::to_owned).collect();
        fs::write(&path, b"").unwrap();
        let mut log = Self { _dir: dir, path, lines, written: 0 };
        log.append(written);
        log
    }

    fn append(&mut self, n: usize) {
        let next: String =
            self.lines[self.written..self.written + n].iter().map(|it| format!("{it}\n")).collect();
        self.written += n;
        let mut file = File::options().append(true).create(true).open(&self.path).unwrap();
        file.write_all(next.as_bytes()).unwrap();
    }

    fn truncate(&self) {
        File::options().write(true).open(&self.path).unwrap().set_len(0).unwrap();
    }

    fn watch(&self) -> Session {
        let mut session = Session::start(&[PROGRAM, self.path.to_str().unwrap()], &[]);
        session.wait_for("LIVE");
        session
    }
}

#[test]
fn a_replay_opens_at_the_end_and_goes_to_any_instant_and_back() {
    let mut session = replay(&[]);
    wait_for_stand(&mut session, "3,608");
    wait_for_count(&mut session, "RetryWait", 0);
    session.press("b#1851\r");
    wait_for_stand(&mut session, "1,851");
    wait_for_count(&mut session, "RetryWait", 32);
    wait_for_count(&mut session, "Failed", 1);
    for (keys, sequence) in [
        // One event back, and one on; pressed in a row they add up.
        (",", "1,850"),
        (".", "1,851"),
        (",,,,", "1,847"),
        ("....", "1,851"),
        // The next attempt that failed, and those before.
        ("e", "1,852"),
        ("E", "1,851"),
        ("E", "1,837"),
        ("e", "1,851"),
        // By the clock: after the last event of that second.
        ("[", "438"),
        ("]", "1,859"),
        ("\x1b[H", "0"),
        (",", "0"),
        (".", "1"),
        ("\x1b[F", "3,608"),
        (".", "3,608"),
        ("b06:47:40\r", "1,859"),
        ("b-1m\r", "438"),
        ("bline:573\r", "573"),
        ("bstart\r", "0"),
        ("bend\r", "3,608"),
    ] {
        session.press(keys);
        wait_for_stand(&mut session, sequence);
    }
    session.press("q");
    session.end(0);
}

#[test]
fn it_opens_where_it_was_told_and_says_what_is_no_instant() {
    let mut session = replay(&["--at", "#573"]);
    wait_for_stand(&mut session, "573");
    wait_for_count(&mut session, "RetryWait", 1);
    session.press("b");
    session.wait_for("Enter go there");
    session.press("nonsense\r");
    session.wait_for("`nonsense` is no instant; write start, end, a sequence as #1234");
    wait_for_stand(&mut session, "573");
    // It stays to be mended.
    session.wait_for("Go to nonsense");
    session.press("\x1b");
    session.wait_until_gone("Go to nonsense");
    session.press("b#12");
    session.wait_for("Go to #12");
    session.press("\x1b");
    session.wait_until_gone("Go to #12");
    session.press(",");
    wait_for_stand(&mut session, "572");
    // The instant of a replay does not matter to why nothing can be sent.
    session.press("jjc");
    session.wait_for("a replay");
    session.press("n");
    session.press("q");
    session.end(0);
}

#[test]
fn it_plays_by_itself_to_the_end_and_stops_when_it_is_told() {
    let mut session = replay(&[]);
    session.press("\x1b[H");
    wait_for_stand(&mut session, "0");
    session.press("+++");
    session.wait_for("plays 10x");
    session.press(" ");
    session.wait_for("▶ 10x");
    session.wait("events that come by themselves", |screen| (100..3000).contains(&stand(&screen.contents())));
    session.press(" ");
    session.wait("stand", |screen| screen.contents().contains("■ #"));
    let stopped = session.text();
    session.look(Duration::from_millis(300));
    assert_eq!(stand(&session.text()), stand(&stopped));
    session.press("++++");
    session.wait_for("plays 200x");
    session.press(" ");
    wait_for_stand(&mut session, "3,608");
    session.press("q");
    session.end(0);
}

#[test]
fn what_is_appended_while_the_user_is_in_the_past_waits_until_they_return() {
    let mut log = Log::new(1000);
    let mut session = log.watch();
    session.wait_for("applied 1,000");
    session.press(",");
    session.wait_for("PAST #999, +1 behind");
    log.append(100);
    session.wait_for("PAST #999, +101 behind");
    session.wait_for("#999 of #1,000");
    assert!(session.text().contains("applied 999"), "{}", session.text());
    session.press("c");
    session.wait_for("this is the past, where nothing can be canceled: f returns to now");
    session.press(".");
    session.wait_for("PAST #1,000, +100 behind");
    session.press("f");
    session.wait_for("LIVE");
    session.wait_for("applied 1,100");
    log.append(1);
    session.wait_for("applied 1,101");
    session.press("q");
    session.end(0);
}

#[test]
fn what_came_through_a_pipe_can_be_gone_through_too() {
    let log = common::file(INCIDENT);
    let script = "cat \"$1\" | \"$2\" replay -";
    let mut session = Session::start(&["sh", "-c", script, "sh", log.to_str().unwrap(), PROGRAM], &[]);
    session.wait_for("REPLAY");
    wait_for_stand(&mut session, "3,608");
    session.press(",");
    wait_for_stand(&mut session, "3,607");
    session.press("b#1851\r");
    wait_for_stand(&mut session, "1,851");
    wait_for_count(&mut session, "RetryWait", 32);
    session.press("q");
    session.end(0);
}

#[test]
fn lines_that_were_cut_off_are_said_to_be_gone_and_the_instant_stays() {
    let mut log = Log::new(1000);
    let mut session = log.watch();
    session.wait_for("applied 1,000");
    log.truncate();
    session.wait_for("the log was truncated");
    for keys in [",", "b#500\r", "[", "bstart\r"] {
        session.press(keys);
        session.wait_for("that instant cannot be shown again");
        // A user who gets nowhere stays in the present.
        session.wait_for("LIVE");
        session.press("D");
        session.wait_for("marked line 1000");
    }
    // The log goes on in the file that was cut, and what is new can be gone back to.
    log.append(20);
    session.wait_for("applied 1,020");
    session.press(",,,");
    session.wait_for("PAST #1,017, +3 behind");
    session.press("f");
    session.wait_for("LIVE");
    session.press("q");
    session.end(0);
}

#[test]
fn a_log_that_is_cut_while_the_user_is_in_its_past_does_not_hold_them_there() {
    let mut log = Log::new(1000);
    let mut session = log.watch();
    session.wait_for("applied 1,000");
    session.press(",,");
    session.wait_for("PAST #998, +2 behind");
    log.truncate();
    session.wait_for("the log was truncated");
    log.append(20);
    session.wait_for("PAST #998, +22 behind");
    // What was read again for the first steps is not read once more.
    session.press(",");
    session.wait_for("PAST #997, +23 behind");
    session.press("f");
    session.wait_for("LIVE");
    session.wait_for("applied 1,020");
    session.press("q");
    session.end(0);
}

#[test]
fn what_was_rotated_away_stays_within_reach() {
    let mut log = Log::new(1000);
    let mut session = log.watch();
    session.wait_for("applied 1,000");
    fs::rename(&log.path, log.path.with_extension("jsonl.1")).unwrap();
    log.append(100);
    session.wait_for("applied 1,100");
    session.press("b#500\r");
    session.wait_for("PAST #500, +600 behind");
    fs::remove_file(log.path.with_extension("jsonl.1")).unwrap();
    session.press(",");
    session.wait_for("PAST #499, +601 behind");
    session.press("f");
    session.wait_for("LIVE");
    session.wait_for("applied 1,100");
    session.press("b#10\r");
    session.wait_for("PAST #10, +1,090 behind");
    session.press("f");
    session.wait_for("LIVE");
    session.press("q");
    session.end(0);
}

#[test]
fn a_copy_of_what_was_cut_keeps_its_past_within_reach() {
    let log = Log::new(1000);
    let mut session = log.watch();
    session.wait_for("applied 1,000");
    fs::copy(&log.path, log.path.with_extension("jsonl.1")).unwrap();
    log.truncate();
    session.wait_for("the log was truncated");
    session.press("b#500\r");
    session.wait_for("PAST #500, +500 behind");
    session.press("f");
    session.wait_for("LIVE");
    session.press("q");
    session.end(0);
}

#[test]
fn the_page_of_a_run_tells_its_life_up_to_the_instant() {
    let mut session = replay(&["--at", "#1851"]);
    wait_for_stand(&mut session, "1,851");
    // The last row is the run that has failed just now.
    session.press("G\r");
    session.wait_for("Run d8015fa9");
    for words in ["Timeline  50s in all", "↻ RetryWait    45s", "Attempts  7 of 7"] {
        session.wait_for(words);
    }
    // Another of its events, whose line is shown whole.
    session.press("p");
    session.wait_for("▌ #1,850  06:47:40  AcceptedAttemptStarted");
    session.wait_for("\"AcceptedAttemptStarted\": {");
    session.wait_for("\"attempt_id\": \"7ad94d54");
    session.press("n");
    session.wait_for("▌ #1,851  06:47:40  AttemptDispositionCommitted");
    session.wait_for("\"AttemptDispositionCommitted\": {");
    // To the instants of its events, over those of other runs between them.
    for (keys, sequence) in [("{", "1,850"), ("{{{{{", "1,360"), ("}", "1,846"), ("}}}}}}}", "1,851")] {
        session.press(keys);
        wait_for_stand(&mut session, sequence);
    }
    session.wait_for("this is the last event of the run");
    session.press("b#566\r");
    wait_for_stand(&mut session, "566");
    session.wait_for("At this instant there is no such run yet");
    session.press("}");
    wait_for_stand(&mut session, "567");
    session.wait_until_gone("At this instant there is no such run yet");
    session.press("q");
    session.wait_until_gone("Run d8015fa9");
    session.press("q");
    session.end(0);
}
