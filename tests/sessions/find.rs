//! Finding and canceling on a real terminal, with the program's own clock: the object of a question stays
//! what it was while the log goes on.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::read_text;
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");
/// Longer than a question must be shown before a yes counts.
const READ: Duration = Duration::from_millis(400);

/// A log that grows when the test says so, and where commands about it go.
struct Stage {
    _dir: tempfile::TempDir,
    log: PathBuf,
    control: PathBuf,
    sequence: u64,
}

impl Stage {
    fn of(text: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (log, control) = (dir.path().join("orders.jsonl"), dir.path().join("commands.jsonl"));
        fs::write(&log, text).unwrap();
        Self { _dir: dir, log, control, sequence: text.lines().count() as u64 }
    }

    fn recorded() -> Self {
        Self::of(&read_text("tests/logs/live-small-mid.jsonl"))
    }

    fn watch(&self, more: &[&str]) -> Session {
        let target = format!("file:{}", self.control.display());
        let own = [PROGRAM, self.log.to_str().unwrap(), "--control", &target, "--theme", "dark"];
        let argv: Vec<&str> = own.iter().chain(more).copied().collect();
        let mut session = Session::start(&argv, &[]);
        session.wait_for("LIVE");
        session
    }

    fn say(&mut self, event: &Value) {
        self.sequence += 1;
        let mut file = File::options().append(true).open(&self.log).unwrap();
        writeln!(file, "{}", json!({"sequence": self.sequence, "event": event})).unwrap();
    }

    fn moves(&mut self, run: &str, from: &str, to: &str) {
        let at = 1_795_196_262;
        let change = json!({"run_id": run, "previous_state": from, "new_state": to, "timestamp": at});
        self.say(&json!({"RunStateChanged": change}));
    }

    fn creates(&mut self, run: &str) {
        let at = 1_795_196_262;
        let instance = json!({
            "id": run, "task_id": "00000000-0000-4000-8000-000000000009", "state": "Scheduled",
            "current_attempt_id": null, "attempt_count": 0, "created_at": at, "scheduled_at": at,
            "effective_priority": 0, "last_state_change_at": at,
        });
        self.say(&json!({"RunCreated": {"run_instance": instance}}));
    }

    /// The runs that commands were sent about.
    fn sent(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.control).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| line["run_id"].as_str().unwrap().to_owned()).collect()
    }
}

/// The run that a question names.
fn asked_about(session: &mut Session) -> String {
    session.wait_for("Cancel this run?");
    session.text().split_once("run           ").unwrap().1[..36].to_owned()
}

#[test]
fn the_question_keeps_its_run_while_the_list_moves_under_it() {
    let mut stage = Stage::recorded();
    let mut session = stage.watch(&[]);
    session.press("/state:ready\r");
    session.wait_for("of 194 runs");
    session.press("jc");
    let run = asked_about(&mut session);
    for number in 0..30 {
        let new = format!("{number:08x}-0000-4000-8000-000000000001");
        stage.creates(&new);
        stage.moves(&new, "Scheduled", "Ready");
    }
    session.wait_for("119 of 224 runs");
    assert!(session.text().contains(&run), "{}", session.text());
    session.confirm("Cancel this run?");
    session.wait_for(&format!("cancel of {} sent", &run[..8]));
    session.press("q");
    session.press("q");
    session.end(0);
    assert_eq!(stage.sent(), [run]);
}

#[test]
fn a_run_that_ends_under_the_question_is_not_sent() {
    let mut stage = Stage::recorded();
    let mut session = stage.watch(&[]);
    session.press("/state:ready\rjc");
    let run = asked_about(&mut session);
    stage.moves(&run, "Ready", "Canceled");
    session.wait_for("there is nothing left to cancel");
    session.look(READ);
    session.press("y");
    session.wait_for("ended meanwhile");
    session.press("\x1b");
    session.wait_until_gone("/ state:ready");
    session.press("q");
    session.end(0);
    assert_eq!(stage.sent(), [] as [String; 0]);
}

#[test]
fn two_runs_that_look_alike_are_told_apart_by_their_whole_ids() {
    let mut stage = Stage::of("");
    let ids = ["7ef1a2b3-0000-4000-8000-00000000000a", "7ef1a2b3-0000-4000-8000-00000000000b"];
    ids.iter().for_each(|id| stage.creates(id));
    let mut session = stage.watch(&[]);
    session.press("/id:7ef1a2b3\r");
    session.wait_for("2 of 2 runs");
    // The newest is the first row below the header.
    session.press("jjc");
    assert_eq!(asked_about(&mut session), ids[0]);
    session.confirm("Cancel this run?");
    session.wait_for("sent");
    session.press("\x03");
    session.end(0);
    assert_eq!(stage.sent(), [ids[0]]);
}

#[test]
fn many_are_confirmed_by_their_number_and_proved_by_the_log() {
    let mut stage = Stage::recorded();
    let mut session = stage.watch(&["--control-rate", "1000"]);
    let title = "Cancel these runs?";
    session.press("/state:retrywait\r");
    session.wait_for("13 of 194 runs");
    session.press("Mc");
    session.wait_for("type 13 to mean it");
    // A yes without the number, a number that is pasted, and another number are none.
    session.look(READ);
    session.press("y");
    session.wait_for("type the number first");
    session.press("\x1b[200~13\x1b[201~");
    session.press("12y");
    session.look(READ);
    assert!(session.text().contains(title), "{}", session.text());
    session.press("\x7f3");
    session.wait_for("to mean it: 13");
    session.confirm(title);
    session.wait_for("sent 13");
    let runs = stage.sent();
    assert_eq!(runs.len(), 13);
    for run in &runs[1..] {
        stage.moves(run, "RetryWait", "Canceled");
    }
    session.wait_for("proved 12");
    stage.moves(&runs[0], "RetryWait", "Failed");
    session.wait_for("cancels: 12 proved, 1 overtaken");
    session.press("\x03");
    session.end(0);
}

#[test]
fn who_presses_escape_leaves_the_rest_unsent() {
    let stage = Stage::recorded();
    let mut session = stage.watch(&["--control-rate", "2"]);
    session.press("/state:ready\r");
    session.wait_for("89 of 194 runs");
    session.press("Mc");
    session.wait_for("type 89 to mean it");
    session.press("89");
    session.confirm("Cancel these runs?");
    session.wait_for("unsent");
    session.press("\x1b");
    session.wait_for("stopped: ");
    let sent = stage.sent().len();
    assert!((1..20).contains(&sent), "{sent} were sent");
    session.look(Duration::from_millis(1200));
    assert_eq!(stage.sent().len(), sent, "nothing is sent after that");
    session.press("\x03");
    session.end(0);
}

#[test]
fn a_question_that_is_not_on_the_screen_is_not_confirmed() {
    let stage = Stage::recorded();
    for (title, keys) in [
        ("Cancel this run?", "/state:ready\rjc"),
        ("Cancel these runs?", "/state:retrywait\rMc"),
        ("Cancel this task?", "/state:running\rj:cancel-task\r"),
    ] {
        let mut session = stage.watch(&[]);
        session.press(keys);
        session.wait_for(title);
        session.look(READ);
        let text = session.text();
        let number = text.split_once("type ").map_or("", |(_, rest)| rest.split(' ').next().unwrap());
        for (columns, rows) in [(39, 9), (1, 1)] {
            session.resize(columns, rows);
            session.look(READ);
            for _ in 0..2 {
                session.press(&format!("{number}y"));
                session.look(READ);
            }
            assert_eq!(stage.sent(), Vec::<String>::new(), "{title} at {columns}x{rows}");
        }
        session.resize(110, 32);
        session.wait_for(title);
        session.press("\x1b");
        session.wait_until_gone(title);
        assert_eq!(stage.sent(), Vec::<String>::new(), "{title}");
        session.press("\x03");
        session.end(0);
    }
}

#[test]
fn a_wrong_query_stays_to_be_mended_and_its_letters_are_no_keys() {
    let stage = Stage::recorded();
    let mut session = stage.watch(&[]);
    session.press("/cancelable -tag:\"etl\r");
    session.wait_for("this quote is not closed");
    session.press("Mc");
    session.wait_for("Mc");
    session.look(READ);
    let text = session.text();
    assert!(!text.contains("Cancel these runs?") && !text.contains("are marked"), "{text}");
    session.press("\x1b");
    session.wait_until_gone("this quote is not closed");
    session.wait_for("1 Runs 194");
    assert!(!session.text().contains("Esc shows all"), "{}", session.text());
    // The same for a command and for an instant.
    session.press(":sort nope\r");
    session.wait_for("is no column to sort by");
    assert!(session.text().contains(":sort nope"), "{}", session.text());
    session.press("\x1b");
    session.wait_until_gone("is no column to sort by");
    session.press("b1837\r");
    session.wait_for("may be many things");
    assert!(session.text().contains("Go to 1837") && session.text().contains("18:37"), "{}", session.text());
    session.press("\x1b");
    session.wait_until_gone("may be many things");
    session.press("q");
    session.end(0);
}

#[test]
fn enter_on_a_problem_shows_its_line_and_a_tilde_is_the_home_directory() {
    let mut stage = Stage::recorded();
    fs::write(&stage.log, read_text("tests/logs/live-small-mid.jsonl") + "{\"no\": \"event at all\"}\n")
        .unwrap();
    stage.moves("00000000-0000-4000-8000-00000000abcd", "Running", "Completed");
    let home = tempfile::tempdir().unwrap();
    let argv = [PROGRAM, stage.log.to_str().unwrap(), "--theme", "dark"];
    let mut session = Session::start(&argv, &[("HOME", home.path())]);
    session.wait_for("LIVE");
    session.press("4\r");
    session.wait_for("Problem 1");
    session.wait_for("event at all");
    session.press("\x1b");
    session.wait_until_gone("Problem 1");
    session.press(":export ~/x.svg\r");
    session.wait_for("the screen was written to");
    assert!(fs::read_to_string(home.path().join("x.svg")).unwrap().contains("<svg"));
    session.press(":export ~/x.svg\r");
    session.wait_for("is there already; put ! after the command");
    assert!(session.text().contains(":export ~/x.svg"), "{}", session.text());
    session.press("\x1b");
    session.wait_until_gone("is there already");
    session.press(&format!(":export '{}'\r", stage.log.display()));
    session.wait_for("is the log, which is never written to");
    session.press("\x1b");
    session.wait_until_gone("is the log, which");
    session.press(":export ~/none/x.svg\r");
    session.wait_for("no file can be made in");
    assert!(session.text().contains(":export ~/none/x.svg"), "{}", session.text());
    session.press("\x03");
    session.end(0);
}
